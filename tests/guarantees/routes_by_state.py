"""The same expectation state by state: who comes to the pages of a dossier, a call and a contract as they go through their life (P26).

The forms of a page are named in :mod:`tests.guarantees.routes`, once; here they are those of the page's line there.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.guarantees.routes import CASE, INSIDE, LINES, NOBODY, OWN, PREPARES, Line

OWN_ALONE = ("draft", "lapsed")
BEFORE_REVIEW = ("submitted", "asked", "complete", "admissible", "ineligible", "withdrawn")
JUDGED = (
    "in review",
    "reviewed",
    "untold",
    "reserve",
    "refused",
    "awarded",
    "drafted",
    "sent",
    "under contract",
    "closed",
)
RECEIVED = BEFORE_REVIEW + JUDGED
EVERY = OWN_ALONE + RECEIVED
#: Who declared no interest in a dossier under review; the others of the table do not judge it.
JUDGES = {"assigned", "seat"}
#: Whoever examines a dossier may no longer be changed once it is over.
OVER = {"lapsed", "ineligible", "refused", "withdrawn", "closed"}
#: Nothing is left to give up once it is signed or over.
BOUND = OVER | {"under contract"}
#: The beneficiary learns of a contract when it is sent.
TOLD = ("sent", "under contract", "closed")
SIGNED = ("under contract", "closed")

_FORMS = {line.route: line.forms for line in LINES if line.forms}


def through(
    route: str, states: tuple[str, ...], who: set[str], about: str = "dossier", **also: str
) -> Iterator[Line]:
    """A line for each of these states."""
    for state in states:
        tab = f"{about} {state}" + "".join(f" / {part}" for part in also.values())
        yield Line(route, tab, frozenset(who), forms=_FORMS.get(route, ()))


def received(route: str, who: set[str]) -> Iterator[Line]:
    """A page of the Region's work: once a dossier is received, and nobody's before."""
    yield from through(route, OWN_ALONE, NOBODY)
    yield from through(route, RECEIVED, who)


def read(route: str, about: str = "dossier", **also: str) -> Iterator[Line]:
    """A page of whoever reads the dossier: its own organisation, then the Region, then who judges it."""
    yield from through(route, OWN_ALONE, OWN, about, **also)
    yield from through(route, BEFORE_REVIEW, CASE, about, **also)
    yield from through(route, JUDGED, CASE | JUDGES, about, **also)


def tabs() -> Iterator[Line]:
    """The tabs of a dossier's page."""
    for code in ("overview", "application", "pieces", "files"):
        yield from read("workflows:case_tab", "case", code=code)
    for code, own, early, judged in (
        ("review", NOBODY, CASE, CASE | JUDGES),
        ("decision", NOBODY, CASE, CASE),
        ("messages", OWN, CASE, CASE),
        ("acts", OWN, OWN, OWN),
        ("journal", NOBODY, INSIDE, INSIDE),
        ("accesses", NOBODY, {"auditor", "manager"}, {"auditor", "manager"}),
        ("machinery", NOBODY, INSIDE, INSIDE),
    ):
        for states, who in ((OWN_ALONE, own), (BEFORE_REVIEW, early), (JUDGED, judged)):
            yield from through("workflows:case_tab", states, who, "case", code=code)
    for code in ("contract", "money", "reports"):
        unsigned = tuple(state for state in EVERY if state not in ("drafted", *TOLD))
        yield from through("workflows:case_tab", unsigned, NOBODY, "case", code=code)
        yield from through("workflows:case_tab", ("drafted",), INSIDE, "case", code=code)
        yield from through("workflows:case_tab", TOLD, CASE, "case", code=code)
    # bank details are asked for once the award is told, and shown to the Region once they are given
    yield from through("workflows:case_tab", ("awarded",), OWN, "case", code="bank")
    yield from through("workflows:case_tab", ("drafted", *TOLD), CASE, "case", code="bank")
    unasked = tuple(state for state in EVERY if state not in ("awarded", "drafted", *TOLD))
    yield from through("workflows:case_tab", unasked, NOBODY, "case", code="bank")
    yield from through("workflows:case_tab", EVERY, NOBODY, "case", code="selection")  # a call's
    yield from through("workflows:case_tab", EVERY, NOBODY, "case", code="nothing")


def dossiers() -> Iterator[Line]:
    """The pages of a dossier."""
    yield from read("workflows:case", "case")
    yield from tabs()
    for route in ("calls:draft", "calls:pieces", "calls:submit"):
        yield from through(route, EVERY, OWN)
    yield from read("calls:application")
    yield from through("calls:receipt", OWN_ALONE, NOBODY)
    yield from through("calls:receipt", BEFORE_REVIEW, CASE)
    yield from through("calls:receipt", JUDGED, CASE | JUDGES)
    yield from through("calls:withdraw", ("draft",), OWN)
    yield from through("calls:withdraw", tuple(s for s in RECEIVED if s not in BOUND), {"owner"})
    yield from through("calls:withdraw", tuple(s for s in EVERY if s in BOUND), NOBODY)
    yield from through("calls:take_one", tuple(s for s in RECEIVED if s not in OVER), PREPARES)
    yield from through("calls:take_one", ("draft", *(s for s in EVERY if s in OVER)), NOBODY)
    for route in (
        "reviews:completeness",
        "reviews:admissibility",
        "reviews:eligibility",
        "reviews:assignments",
        "reviews:review",
        "reviews:promote",
    ):
        yield from received(route, INSIDE)
    yield from received("contracts:prepare", PREPARES)


def contracts() -> Iterator[Line]:
    """The pages of a contract."""
    for route in ("contracts:contract", "contracts:sign", "contracts:payments", "contracts:closure"):
        yield from through(route, ("drafted",), INSIDE, "contract")
        yield from through(route, TOLD, CASE, "contract")
    yield from through("contracts:signed", ("drafted", "sent"), NOBODY, "contract")
    yield from through("contracts:signed", SIGNED, CASE, "contract")
    for route in ("report", "instalment"):
        yield from through(f"contracts:{route}", SIGNED, CASE, route)


def calls() -> Iterator[Line]:
    """The pages of a call: open to all once it is published, the Region's before."""
    private, public = ("in validation", "cancelled"), ("published", "lapsing", "decided")
    everybody = CASE | JUDGES | {"other", "foreign", "expert", "coparef"}
    yield from through("calls:call", private, INSIDE, "call")
    yield from through("calls:call", public, everybody, "call")
    for route in ("calls:call_admin", "reviews:selection"):
        yield from through(route, private + public, INSIDE, "call")
    yield from through("calls:edit_call", private + public, PREPARES, "call", section="about")
    yield from through("calls:submit_call", private + public, PREPARES, "call")
    for route in ("calls:publish_call", "calls:send_back_call", "calls:extend_call", "calls:cancel_call"):
        yield from through(route, private + public, {"manager"}, "call")
    yield from through("workflows:case", private + public, INSIDE, "call case")
    for code in ("overview", "call", "selection", "journal", "files"):
        yield from through("workflows:case_tab", private + public, INSIDE, "call case", code=code)
    yield from through("contracts:pilot_dossiers", private, NOBODY, "call")  # nothing was received
    yield from through("contracts:pilot_dossiers", public, INSIDE, "call")


BY_STATE = (*dossiers(), *contracts(), *calls())
