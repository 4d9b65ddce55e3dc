"""Who may come to each address: the expectation behind P26. Adding a page is adding a line.

A line says: the address, what it is about (a name of :func:`tests.guarantees.matrix.tell`), and who is answered; everybody else gets 404, and
who did not sign in is sent to the sign-in page. ``post=True``: the address only takes a POST, and ``who`` may send it.
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


def page(route: str, about: str, who: set[str]) -> Line:
    return Line(route, about, frozenset(who))


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
    page("workflows:inbox", "", SIGNED_IN),
    page("workflows:next", "", SIGNED_IN),
    act("workflows:claim_selected", "", SIGNED_IN),
    page("workflows:task", "task", INSIDE),
    page("workflows:hand_over", "task", PREPARES),
    act("workflows:claim", "task", {"officer"}),
    act("workflows:give_back", "task", PREPARES),
    page("workflows:notifications", "", SIGNED_IN),
    act("workflows:mark_read", "", SIGNED_IN),
    act("workflows:open_notice", "notice", {"owner"}),
    page("workflows:search", "", SIGNED_IN),
    # a case
    page("workflows:case", "case", CASE),
    page("workflows:case", "case of draft", OWN),
    page("workflows:case", "case in review", CASE | {"assigned", "seat", "coparef"}),
    page("workflows:case", "elsewhere", {"foreign"}),
    page("workflows:case_tab", "case tab", CASE),
    page("workflows:journal", "case", INSIDE),
    page("workflows:journal", "case in review", INSIDE),
    act("workflows:evidence", "case", {"manager", "auditor"}),
    page("workflows:download", "file", CASE),
    page("workflows:download", "file of draft", OWN),
    # watch
    page("workflows:audit", "", {"auditor"}),
    page("workflows:verification", "", {"auditor"}),
    page("workflows:incidents", "", ANY_REGION),
    act("workflows:retry_job", "job", PREPARES),
    act("workflows:retry_timer", "timer", PREPARES),
    # the public's and the applicant's
    page("calls:home", "", EVERYBODY),
    page("calls:open_calls", "", EVERYBODY),
    page("calls:past_calls", "", EVERYBODY),
    page("calls:call", "open call", EVERYBODY),
    page("calls:call", "draft call", INSIDE),
    page("calls:call_text", "open call", EVERYBODY),
    page("calls:my_dossiers", "", SIGNED_IN),
    page("calls:start", "open call", OWN | {"other", "newcomer"}),
    page("calls:draft", "draft", OWN),
    page("calls:draft", "section", OWN),
    act("calls:autosave", "section", OWN),
    act("calls:remove_partner", "draft", OWN),
    page("calls:pieces", "draft", OWN),
    act("calls:remove_piece", "piece of draft", OWN),
    page("calls:submit", "draft", OWN),
    page("calls:receipt", "submitted", CASE),
    page("calls:withdraw", "submitted", {"owner"}),
    page("calls:withdraw", "draft", OWN),
    page("calls:application", "submitted", CASE),
    page("calls:application", "draft", OWN),
    page("calls:application_pdf", "submitted", CASE),
    # the Region's calls and dossiers
    page("calls:dossiers", "", SIGNED_IN),
    act("calls:take_charge", "", SIGNED_IN),
    page("calls:take_one", "submitted", PREPARES),
    page("calls:calls", "", SIGNED_IN),
    page("calls:create_call", "", PREPARES | {"foreign"}),
    page("calls:call_admin", "draft call", INSIDE),
    page("calls:edit_call", "section of draft call", PREPARES),
    page("calls:submit_call", "draft call", PREPARES),
    page("calls:publish_call", "draft call", {"manager"}),
    page("calls:send_back_call", "draft call", {"manager"}),
    page("calls:extend_call", "open call", {"manager"}),
    page("calls:cancel_call", "draft call", {"manager"}),
    page("calls:pacts", "", ANY_REGION),
    page("calls:create_pact", "", {"manager", "pilot"}),
    page("calls:pact", "pact", INSIDE),
    page("calls:adopt_pact", "pact", {"manager"}),
    # examination
    page("reviews:completeness", "submitted", INSIDE),
    act(
        "reviews:verdict", "piece", INSIDE
    ),  # an empty form is read first; the verb then refuses all but the officer
    page("reviews:production", "request", CASE),
    page("reviews:admissibility", "complete", INSIDE),
    page("reviews:eligibility", "admissible", INSIDE),
    page("reviews:assignments", "in review", INSIDE),
    page("reviews:review", "in review", INSIDE),
    act("reviews:conclude", "in review", INSIDE),
    page("reviews:interests", "assignment", {"assigned"}),
    page("reviews:assess", "assignment", {"assigned"}),
    act("reviews:autosave", "assignment", {"assigned"}),
    page("reviews:seat_interests", "opinion", {"seat"}),
    page("reviews:opinion", "opinion", {"seat"}),
    page("reviews:body_interests", "body opinion", {"coparef"}),
    page("reviews:body_opinion", "body opinion", INSIDE | {"coparef"}),
    page("reviews:body_opinion_pdf", "body opinion", NOBODY),  # not given yet
    page("reviews:body_opinion_pdf", "given opinion", INSIDE | {"coparef"}),
    # selection and decision
    page("reviews:selection", "decided call", INSIDE),
    page("reviews:opinions_pdf", "decided call", INSIDE),
    page("reviews:applying", "decided call", INSIDE),
    page("reviews:ranking", "ranking", INSIDE),
    page("reviews:adjust", "line", PREPARES),
    page("reviews:vote", "ranking", INSIDE),
    page("reviews:ranking_pdf", "ranking", INSIDE),
    page("reviews:ranking_xlsx", "ranking", INSIDE),
    page("reviews:annex_pdf", "ranking", INSIDE),
    page("reviews:promote", "under contract", INSIDE),
    page("reviews:letters", "", ANY_REGION),
    act("reviews:release_letters", "", SIGNED_IN),
    page("reviews:letters_progress", "", SIGNED_IN),
    page("reviews:letter", "letter", CASE),
    page("reviews:letter", "letter not released", INSIDE),
    act("reviews:open_letter", "letter", OWN),
    page("reviews:letter_preview", "letter not released", INSIDE),
    # contracts and money
    page("contracts:contracts", "", SIGNED_IN),
    page("contracts:mine", "", SIGNED_IN),
    page("contracts:worklist", "", SIGNED_IN),
    page("contracts:reports", "", SIGNED_IN),
    page("contracts:prepare", "under contract", PREPARES),
    act("contracts:preview", "under contract", PREPARES),
    page("contracts:bank", "under contract", CASE),
    page("contracts:bank_check", "bank account", CASE),
    page("contracts:lift", "reservation", {"manager"}),
    page("contracts:contract", "contract", CASE),
    page("contracts:sign", "contract", CASE),
    page("contracts:signed", "contract", CASE),
    page("contracts:payments", "contract", CASE),
    page("contracts:closure", "contract", CASE),
    page("contracts:instalment", "instalment", CASE),
    page("contracts:report", "report", CASE),
    act("contracts:report_autosave", "report", OWN),
    act("contracts:evidence", "report", OWN),
    page("contracts:recovery", "recovery", CASE),
    page("contracts:pilot", "", ANY_REGION | {"seat", "coparef"}),
    page("contracts:pilot_all", "", ANY_REGION),
    page("contracts:call_pilot", "decided call", INSIDE | {"seat", "coparef"}),
    page("contracts:pilot_dossiers", "decided call", INSIDE),
)
