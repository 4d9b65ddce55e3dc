"""Who may come to each address: the expectation behind P26. Adding a page is adding a line.

A line says: the address, what it is about (a name of :func:`tests.guarantees.matrix.tell`), and who is answered; everybody else gets 404, and
who did not sign in is sent to the sign-in page. ``act``: the address only takes a POST, and ``who`` may send it. A page names its forms, each
with those who may send it: ``complete={"officer"}`` for the form of that prefix, ``form={"officer"}`` for one without a prefix. Who reads a
page and may not send one of its forms gets 404 for it, and nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass

OWN = {"owner", "editor"}
STAFF = {"officer", "manager", "signatory", "payer", "pilot"}
INSIDE = STAFF | {"auditor"}
CASE = INSIDE | OWN
#: Pages that span cases show each reader their own Region's.
ANY_REGION = INSIDE | {"foreign"}
SIGNED_IN = ANY_REGION | OWN | {"other", "newcomer", "assigned", "expert", "seat", "coparef"}
EVERYBODY = SIGNED_IN | {"anonymous"}
PREPARES = {"officer", "manager"}
NOBODY: set[str] = set()


@dataclass(frozen=True)
class Line:
    """One address about one object: who is answered."""

    route: str
    about: str
    who: frozenset[str]
    post: bool = False
    forms: tuple[tuple[str, frozenset[str]], ...] = ()
    exports: frozenset[str] = frozenset()


def page(route: str, about: str, who: set[str], **forms: set[str]) -> Line:
    sent = tuple(("" if name == "form" else name, frozenset(senders)) for name, senders in forms.items())
    return Line(route, about, frozenset(who), forms=sent)


def listing(route: str, about: str, who: set[str], exports: set[str]) -> Line:
    """A page with a list, and those who may take it away as a spreadsheet."""
    return Line(route, about, frozenset(who), exports=frozenset(exports))


def act(route: str, about: str, who: set[str]) -> Line:
    return Line(route, about, frozenset(who), post=True)


LINES = (
    # what watches the house, and the components for those who build pages (not in production)
    page("health_live", "", EVERYBODY),
    page("health_ready", "", EVERYBODY),
    page("metrics", "", EVERYBODY),  # behind a token where one is set: see tests/test_health.py
    page("style", "", EVERYBODY),
    page("style_draft", "", EVERYBODY),
    page("style_progress", "", EVERYBODY),
    # one's own account
    page("accounts:profile", "", SIGNED_IN),
    page("accounts:join", "", SIGNED_IN),
    page("accounts:organisation", "organisation", {"owner"}),
    act("accounts:approve", "joining", {"owner"}),
    act("accounts:decline", "joining", {"owner"}),
    # work
    page("workflows:home", "", SIGNED_IN),
    listing("workflows:inbox", "", SIGNED_IN, SIGNED_IN),
    page("workflows:next", "", SIGNED_IN),
    act("workflows:claim_selected", "", SIGNED_IN),
    page("workflows:task", "task", INSIDE),
    page("workflows:hand_over", "task", PREPARES, form=PREPARES),
    act("workflows:claim", "task", {"officer"}),
    act("workflows:give_back", "task", PREPARES),
    page("workflows:notifications", "", SIGNED_IN),
    act("workflows:mark_read", "", SIGNED_IN),
    act("workflows:open_notice", "notice", {"owner"}),
    page("workflows:search", "", SIGNED_IN),
    # a case
    page("workflows:case", "case", CASE),
    page("workflows:case", "case of draft", OWN),
    page("workflows:case", "case under review", CASE | {"assigned", "seat", "coparef"}),
    page("workflows:case", "elsewhere", {"foreign"}),
    page("workflows:case_tab", "case tab", CASE),
    page("workflows:journal", "case", INSIDE),
    page("workflows:journal", "case under review", INSIDE),
    act("workflows:evidence", "case", {"manager", "auditor"}),
    page("workflows:download", "file", CASE),
    page("workflows:download", "file of draft", OWN),
    # watch
    listing("workflows:audit", "", {"auditor"}, {"auditor"}),
    page("workflows:verification", "", {"auditor"}),
    page("workflows:incidents", "", ANY_REGION),
    act("workflows:retry_job", "job", NOBODY),
    act("workflows:retry_timer", "timer", NOBODY),  # neither has failed
    # the public's and the applicant's
    page("calls:home", "", EVERYBODY),
    page("calls:open_calls", "", EVERYBODY),
    page("calls:past_calls", "", EVERYBODY),
    page("calls:call", "open call", EVERYBODY),
    page("calls:call", "draft call", INSIDE),
    page("calls:call_text", "open call", EVERYBODY),
    page("calls:my_dossiers", "", SIGNED_IN),
    page("calls:start", "open call", OWN | {"other", "newcomer"}, form=OWN | {"other", "newcomer"}),
    page("calls:draft", "draft", OWN),
    page("calls:draft", "section", OWN),
    act("calls:autosave", "section", OWN),
    act("calls:remove_partner", "draft", OWN),
    page("calls:pieces", "draft", OWN),
    act("calls:remove_piece", "piece of draft", OWN),
    page("calls:submit", "draft", OWN, form={"owner"}),
    page("calls:receipt", "submitted", CASE),
    page("calls:withdraw", "submitted", {"owner"}, form={"owner"}),
    page("calls:withdraw", "draft", OWN, form=OWN),
    page("calls:application", "submitted", CASE),
    page("calls:application", "draft", OWN),
    page("calls:application_pdf", "submitted", CASE),
    # the Region's calls and dossiers
    listing("calls:dossiers", "", SIGNED_IN, ANY_REGION | {"assigned", "expert", "seat", "coparef"}),
    act("calls:take_charge", "", PREPARES | {"foreign"}),
    page("calls:take_one", "submitted", PREPARES, form=PREPARES),
    listing("calls:calls", "", SIGNED_IN, ANY_REGION),
    page("calls:create_call", "", PREPARES | {"foreign"}, form=PREPARES | {"foreign"}),
    page("calls:call_admin", "draft call", INSIDE),
    page("calls:edit_call", "section of draft call", PREPARES, form=PREPARES),
    page("calls:submit_call", "draft call", PREPARES, form=PREPARES),
    page("calls:publish_call", "draft call", {"manager"}, form={"manager"}),
    page("calls:send_back_call", "draft call", {"manager"}, form={"manager"}),
    page("calls:extend_call", "open call", {"manager"}, form={"manager"}),
    page("calls:cancel_call", "draft call", {"manager"}, form={"manager"}),
    listing("calls:pacts", "", ANY_REGION, ANY_REGION),
    page("calls:create_pact", "", {"manager", "pilot"}, form={"manager", "pilot"}),
    page("calls:pact", "pact", INSIDE),
    page("calls:adopt_pact", "pact", {"manager"}, form={"manager"}),
    # examination
    page("reviews:completeness", "submitted", INSIDE, ask={"officer"}, complete={"officer"}),
    act("reviews:verdict", "piece", {"officer"}),
    page("reviews:production", "request", CASE, send=OWN),
    page("reviews:admissibility", "complete", INSIDE, yes={"officer"}, no={"officer"}),
    page("reviews:eligibility", "admissible", INSIDE, yes={"manager"}, no={"manager"}),
    page("reviews:assignments", "in review", INSIDE, assign=PREPARES, close=PREPARES),
    page("reviews:review", "in review", INSIDE),
    act("reviews:conclude", "in review", PREPARES),
    page("reviews:interests", "assignment", {"assigned"}, form={"assigned"}),
    page("reviews:assess", "assignment", {"assigned"}, form={"assigned"}),
    act("reviews:autosave", "assignment", {"assigned"}),
    page("reviews:seat_interests", "opinion", {"seat"}, form={"seat"}),
    page("reviews:opinion", "opinion", {"seat"}, form={"seat"}),
    page("reviews:body_interests", "body opinion", {"coparef"}, form={"coparef"}),
    page("reviews:body_opinion", "body opinion", INSIDE | {"coparef"}, form={"coparef"}),
    page("reviews:body_opinion_pdf", "body opinion", NOBODY),  # not given yet
    page("reviews:body_opinion_pdf", "given opinion", INSIDE | {"coparef"}),
    # selection and decision
    page("reviews:selection", "decided call", INSIDE, ask=PREPARES, rank=PREPARES),
    page("reviews:opinions_pdf", "decided call", INSIDE),
    page("reviews:applying", "decided call", INSIDE),
    page("reviews:ranking", "ranking", INSIDE, propose=PREPARES, validate={"manager"}, back={"manager"}),
    page("reviews:adjust", "line", PREPARES, form=PREPARES),
    page("reviews:vote", "ranking", INSIDE, form={"manager"}),
    page("reviews:ranking_pdf", "ranking", INSIDE),
    page("reviews:ranking_xlsx", "ranking", INSIDE),
    page("reviews:annex_pdf", "ranking", INSIDE),
    page("reviews:promote", "under contract", INSIDE, form={"manager"}),
    listing("reviews:letters", "", ANY_REGION, ANY_REGION),
    act("reviews:release_letters", "", {"manager", "signatory"}),
    page("reviews:letters_progress", "", ANY_REGION),
    page("reviews:letter", "letter", CASE),
    page(
        "reviews:letter",
        "letter not released",
        INSIDE,
        note={"manager", "signatory"},
        send={"manager", "signatory"},
    ),
    act("reviews:open_letter", "letter", OWN),
    page("reviews:letter_preview", "letter not released", INSIDE),
    # contracts and money
    listing("contracts:contracts", "", ANY_REGION | OWN | {"other"}, ANY_REGION),
    page("contracts:mine", "", SIGNED_IN),
    listing("contracts:worklist", "", ANY_REGION, ANY_REGION),
    listing("contracts:reports", "", ANY_REGION, ANY_REGION),
    page("contracts:prepare", "under contract", PREPARES, form=PREPARES),
    act("contracts:preview", "under contract", PREPARES),
    page("contracts:bank", "under contract", CASE),
    page("contracts:bank_check", "bank account", CASE),
    page("contracts:lift", "reservation", {"manager"}, lift_reservation={"manager"}),
    page(
        "contracts:contract",
        "contract",
        CASE,
        send_for_signature=PREPARES,
        recall_contract=PREPARES | {"signatory"},
    ),
    page("contracts:sign", "contract", CASE, form={"owner", "signatory"}),
    page("contracts:signed", "contract", CASE),
    page("contracts:payments", "contract", CASE),
    page("contracts:closure", "contract", CASE, close_dossier={"manager"}),
    page(
        "contracts:instalment",
        "instalment",
        CASE,
        claim_instalment={"owner"},
        propose_payment=PREPARES,
        certify_service={"manager"},  # the officer has proposed it
        send_back_payment=PREPARES | {"payer"},
        record_payment={"payer"},
    ),
    page("contracts:report", "report", CASE, accept_report=PREPARES, return_report=PREPARES),
    act("contracts:report_autosave", "report", OWN),
    act("contracts:evidence", "report", OWN),
    page(
        "contracts:recovery",
        "recovery",
        CASE,
        send_observations={"owner"},
        decide_recovery={"manager"},
        record_recovery={"payer"},
    ),
    listing("contracts:pilot", "", ANY_REGION | {"seat", "coparef"}, ANY_REGION | {"seat", "coparef"}),
    page("contracts:pilot_all", "", ANY_REGION),
    page("contracts:call_pilot", "decided call", INSIDE | {"seat", "coparef"}),
    listing("contracts:pilot_dossiers", "decided call", INSIDE, INSIDE),
)

#: The pages of signing in that are mounted: their arguments, and what they answer to a stranger and to a person signed in.
SIGN_IN: dict[str, tuple[list[str], object, object]] = {
    "set_language": ([], 302, 302),
    "account_login": ([], 200, 302),
    "account_logout": ([], 302, 200),
    "account_inactive": ([], 200, 200),
    "account_signup": ([], 200, 302),
    "account_reauthenticate": ([], "sign in", 200),
    "account_email": ([], "sign in", 200),
    "account_email_verification_sent": ([], 200, 200),
    "account_confirm_email": (["unknown"], 200, 200),
    "account_change_password": ([], "sign in", 200),
    "account_set_password": ([], "sign in", 302),
    "account_reset_password": ([], 200, 200),
    "account_reset_password_done": ([], 200, 200),
    "account_reset_password_from_key": (["0", "unknown"], 200, 200),
    "account_reset_password_from_key_done": ([], 200, 200),
    "mfa_index": ([], "sign in", 200),
    "mfa_authenticate": ([], "sign in", 302),
    "mfa_reauthenticate": ([], "sign in", 302),
    "mfa_activate_totp": ([], "sign in", 302),
    "mfa_deactivate_totp": ([], "sign in", 404),
    "mfa_view_recovery_codes": ([], "sign in", 404),
    "mfa_generate_recovery_codes": ([], "sign in", 302),
    "mfa_download_recovery_codes": ([], "sign in", 404),
    "socialaccount_login_cancelled": ([], 200, 200),
    "socialaccount_login_error": ([], 401, 401),
    "socialaccount_signup": ([], "sign in", "sign in"),
    "socialaccount_connections": ([], "sign in", 200),
    "openid_connect_login": (["proconnect"], 404, 404),
    "openid_connect_callback": (["proconnect"], 404, 404),
}
