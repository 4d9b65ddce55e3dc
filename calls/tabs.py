"""What the case page says of pacts, calls and dossiers: head, stages, application and pieces."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.rules import may
from calls.models import Call, Dossier, DossierState, Pact
from calls.queries import expected_pieces, visible_to
from calls.queries.application import dossier_lines
from calls.queries.budget import euros, plan_of, printed_plan
from calls.words import call_word, dossier_word, pact_word
from workflows.case_page import Shown, Summary, header, tab
from workflows.components import Link, Step, StepState
from workflows.engine import allowed
from workflows.middleware import CaseRequest
from workflows.models import Case, CaseKind
from workflows.queries import TAKE_BACK
from workflows.templatetags.ui import short_day

TAKE_BACK.add("calls.remove_piece")
#: The public stages of a dossier, the same words for everybody.
STAGES = (
    gettext_lazy("Application"),
    gettext_lazy("Check of the dossier"),
    gettext_lazy("Examination"),
    gettext_lazy("Decision"),
    gettext_lazy("Contract"),
    gettext_lazy("Follow-up and payments"),
    gettext_lazy("Closure"),
)
#: The stage under way in each state.
STAGE_OF = {
    DossierState.DRAFT: 0,
    DossierState.LAPSED: 0,
    DossierState.SUBMITTED: 1,
    DossierState.PIECES_REQUESTED: 1,
    DossierState.COMPLETE: 1,
    DossierState.ADMISSIBLE: 1,
    DossierState.INADMISSIBLE: 1,
    DossierState.INELIGIBLE: 1,
    DossierState.IN_REVIEW: 2,
    DossierState.REVIEWED: 2,
    DossierState.RESERVE: 3,
    DossierState.REFUSED: 3,
    DossierState.AWARDED: 4,
    DossierState.UNDER_CONTRACT: 5,
    DossierState.CLOSED: 7,
}
ENDED_BADLY = frozenset(
    {DossierState.LAPSED, DossierState.INADMISSIBLE, DossierState.INELIGIBLE, DossierState.REFUSED}
)
WAITING = {
    DossierState.SUBMITTED: gettext_lazy("The Region checks that your dossier is complete."),
    DossierState.COMPLETE: gettext_lazy("The Region checks that your dossier may be examined."),
    DossierState.ADMISSIBLE: gettext_lazy("The Region checks that your dossier may be examined."),
    DossierState.IN_REVIEW: gettext_lazy("The dossier is being examined; the decision will be notified."),
    DossierState.REVIEWED: gettext_lazy("The dossier is being examined; the decision will be notified."),
    DossierState.RESERVE: gettext_lazy(
        "The dossier is on the reserve list: its applicant is told if it can be funded."
    ),
    DossierState.AWARDED: gettext_lazy("The Region prepares the contract."),
    DossierState.UNDER_CONTRACT: gettext_lazy("The project is under way."),
}


def dossier_of(case: Case) -> Dossier:
    """The dossier of a case."""
    return Dossier.objects.select_related(*Dossier.related).get(case=case)


def _inside(actor: Actor, case: Case) -> bool:
    return actor.is_staff_of(case.region_id) or actor.audits(case.region_id)


def stages_of(state: DossierState, *, submitted: bool) -> list[Step]:
    """The stages of a dossier in ``state``; those that it will not reach are not needed."""
    if state == DossierState.WITHDRAWN:
        return [
            Step(label, "done" if submitted and not rank else "skipped") for rank, label in enumerate(STAGES)
        ]
    at = STAGE_OF[state]

    def told(rank: int) -> StepState:
        if rank < at:
            return "done"
        if state in ENDED_BADLY:
            return "problem" if rank == at else "skipped"
        return "current" if rank == at else "todo"

    return [Step(label, told(rank), active=rank == at) for rank, label in enumerate(STAGES)]


@header(CaseKind.DOSSIER)
def dossier_head(actor: Actor, case: Case) -> Summary:
    """State in the reader's words, amounts, legal date, public stages. What is not notified is told to the Region only."""
    dossier = dossier_of(case)
    inside = _inside(actor, case)
    state = DossierState(dossier.state) if inside else dossier.told_state()
    facts = [str(dossier.call.title)]
    if dossier.requested_amount:
        facts.append(_("Requested: %(amount)s") % {"amount": euros(dossier.requested_amount)})
    if dossier.awarded_amount is not None and (inside or dossier.decision_released_at):
        facts.append(_("Awarded: %(amount)s") % {"amount": euros(dossier.awarded_amount)})
    if dossier.implicit_rejection_on and dossier.decision_released_at is None and state not in ENDED_BADLY:
        facts.append(
            _("Without an answer by %(day)s, rejected by silence")
            % {"day": short_day(dossier.implicit_rejection_on)}
        )
    return Summary(
        badges=[dossier_word(dossier, actor)],
        facts=facts,
        stages=stages_of(state, submitted=dossier.submitted_at is not None),
        waiting=WAITING.get(state, ""),
        actions=_dossier_links(actor, dossier),
    )


def _dossier_links(actor: Actor, dossier: Dossier) -> list[Link]:
    """What the reader may do or take away from the head of the page, beside the task that waits."""
    links = []
    if dossier.state == DossierState.DRAFT and may(actor, "calls.view_draft", dossier):
        links.append(
            Link(_("Open the draft"), reverse("calls:draft", args=[dossier.pk]), "pen", primary=True)
        )
    if may(actor, "calls.view_application", dossier):
        links.append(Link(_("Print"), reverse("calls:application", args=[dossier.pk]), "print"))
    if may(actor, "calls.view_receipt", dossier):
        links.append(Link(_("Receipt"), reverse("calls:receipt", args=[dossier.pk]), "stamp"))
    if allowed("calls.take_charge", actor, dossier):
        links.append(Link(_("Case officer"), reverse("calls:take_one", args=[dossier.pk]), "user"))
    if allowed("calls.withdraw", actor, dossier):
        links.append(Link(_("Withdraw"), reverse("calls:withdraw", args=[dossier.pk]), "x"))
    return links


@header(CaseKind.CALL)
def call_head(actor: Actor, case: Case) -> Summary:
    """State, window and envelope of a call."""
    call = Call.objects.select_related(*Call.related).get(case=case)
    facts = [
        call.get_kind_display(),
        _("From %(start)s to %(end)s")
        % {"start": short_day(call.opens_at), "end": short_day(call.closes_at)},
    ]
    links = [Link(_("Open the call"), reverse("calls:call_admin", args=[call.pk]), "flag")]
    return Summary(
        badges=[call_word(call)],
        facts=[*facts, str(call.pact)],
        actions=links if may(actor, "calls.view_calls", call) else (),
    )


@header(CaseKind.PACT)
def pact_head(actor: Actor, case: Case) -> Summary:
    """State and years of a pact."""
    pact = Pact.objects.get(case=case)
    links = [Link(_("Open the pact"), reverse("calls:pact", args=[pact.pk]), "flag")]
    return Summary(
        badges=[pact_word(pact)],
        facts=[f"{pact.first_year}–{pact.last_year}"],
        actions=links if may(actor, "calls.view_pacts", pact) else (),
    )


@tab(CaseKind.DOSSIER, "application", gettext_lazy("Application"), order=10)
def application(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The whole application as one readable document."""
    dossier = dossier_of(case)
    return "calls/tabs/application.html", {
        "dossier": dossier,
        "sections": dossier_lines(dossier),
        "partners": dossier.partners.all(),
        "budget": printed_plan(plan_of(dossier), dossier.budget_basis),
        "indicators": dossier.indicators.all(),
    }


@tab(CaseKind.DOSSIER, "pieces", gettext_lazy("Pieces"), order=20)
def pieces(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The pieces asked for, what was given, and to the Region what was found in it."""
    dossier = dossier_of(case)
    return "calls/tabs/pieces.html", {
        "pieces": expected_pieces(dossier),
        "inside": _inside(actor, case),
    }


@tab(CaseKind.CALL, "call", gettext_lazy("Call"), order=10)
def call(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The call: its rules, its criteria, its pieces, and the dossiers that the reader may see."""
    found = Call.objects.select_related(*Call.related).get(case=case)
    dossiers = [(d, dossier_word(d, actor)) for d in visible_to(actor).filter(call=found).order_by("rank")]
    return "calls/tabs/call.html", {
        "call": found,
        "facts": [
            (_("Opens on"), short_day(found.opens_at)),
            (_("Closes on"), short_day(found.closes_at)),
            (_("Envelope"), euros(found.envelope.amount)),
            (_("Highest rate"), f"{found.max_rate} %"),
        ],
        "criteria": found.criteria.all(),
        "dossiers": dossiers,
    }


@tab(CaseKind.PACT, "pact", gettext_lazy("Pact"), order=10)
def pact(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The pact: its stakes, axes, objectives and indicators."""
    found = Pact.objects.prefetch_related("axes__objectives", "indicators").get(case=case)
    return "calls/tabs/pact.html", {
        "pact": found,
        "axes": found.axes.all(),
        "indicators": found.indicators.all(),
    }
