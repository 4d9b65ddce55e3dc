"""The figures by which a call is steered: how far its dossiers went, how long it took, what money it binds.

Everything comes from the journal, the work items and the rows themselves, in a number of queries that does not depend on how
many dossiers there are. A reader's recusals are respected: those dossiers are in none of the figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from calls.models import Call, DossierState
from calls.queries.access import AWARDED_STATES
from calls.queries.figures import ZERO, AxisAmounts, amounts_by_axis, received_dossiers
from contracts.models import Contract, ContractState, Instalment, InstalmentState, Report, ReportState
from reviews.queries.figures import opinions_by_college
from workflows.dates import local_date
from workflows.engine.flow import step_of
from workflows.models import Entry, WorkItem, WorkItemState

#: An instalment that still may be paid, and a report that still must be handed in.
UNPAID = (
    InstalmentState.PLANNED,
    InstalmentState.CLAIMED,
    InstalmentState.PROPOSED,
    InstalmentState.CERTIFIED,
)
AWAITED = (ReportState.EXPECTED, ReportState.RETURNED)
#: How a dossier ends before a contract.
OUT = (
    DossierState.WITHDRAWN,
    DossierState.INADMISSIBLE,
    DossierState.INELIGIBLE,
    DossierState.REFUSED,
)


@dataclass(frozen=True)
class Stage:
    """A stage of a dossier: reached at the first of these verbs (that left it in ``state``, where the verb has several ends)."""

    code: str
    label: Any
    verbs: tuple[str, ...]
    state: str = ""

    def reached(self, prefix: str = "") -> Q:
        """The journal entries by which a dossier reaches it."""
        found = Q(**{f"{prefix}verb__in": self.verbs})
        return found & Q(**{f"{prefix}to_state": self.state}) if self.state else found

    def holds(self) -> Q:
        """The dossiers that have reached it."""
        return Q(Exists(Entry.objects.filter(self.reached(), case=OuterRef("case"))))


RECEIVED = Stage("received", pgettext_lazy("a dossier", "Received"), ("calls.submit",))
DECIDED = Stage("decided", _("Decided"), ("reviews.apply_decision",))
STAGES: tuple[Stage, ...] = (
    RECEIVED,
    Stage("complete", _("Complete"), ("reviews.declare_complete",)),
    Stage("admissible", _("Admissible"), ("reviews.declare_admissible",)),
    Stage("eligible", _("Eligible"), ("reviews.declare_eligible",)),
    Stage("reviewed", _("Reviewed"), ("reviews.conclude_review",)),
    Stage("awarded", _("Awarded"), ("reviews.apply_decision", "reviews.promote"), DossierState.AWARDED),
    Stage("contract", _("Under contract"), ("contracts.sign_as_region",)),
    Stage("closed", _("Closed"), ("contracts.close_dossier",)),
)
#: Where time is measured: the decision beside the award, which not every dossier gets.
TIMED = (*STAGES[1:5], DECIDED, *STAGES[6:])


@dataclass(frozen=True)
class Delay:
    """Days from the submission to a stage, over the dossiers that reached it; ``worst_case`` is the slowest one's case."""

    stage: Stage
    dossiers: int
    median: Decimal
    worst: int
    worst_case: UUID


@dataclass(frozen=True)
class Overdue:
    """The open tasks of one step whose due date is past, and the oldest of these dates."""

    step: str
    title: Any
    tasks: int
    since: datetime


@dataclass(frozen=True)
class Money:
    """The money of the contracts, in euros; ``late`` counts the payments that should have been made."""

    contracts: int
    contracted: Decimal
    paid: Decimal
    due: Decimal
    late: int


@dataclass(frozen=True)
class CallFigures:
    """All the figures of a call."""

    call: Call
    reached: Mapping[str, int]
    out: Mapping[str, int]
    axes: Sequence[AxisAmounts]
    delays: Sequence[Delay]
    implicit_rejections: int
    overdue: Sequence[Overdue]
    opinions: Mapping[str, Mapping[str, int]]
    money: Money
    late_reports: int

    @property
    def asked(self) -> Decimal:
        """What the dossiers ask for, in euros."""
        return sum((axis.asked for axis in self.axes), ZERO)

    @property
    def granted(self) -> Decimal:
        """What was granted and still is, in euros."""
        return sum((axis.granted for axis in self.axes), ZERO)


def figures_of(actor: Actor, call: Call, now: datetime) -> CallFigures:
    """The figures of a call as ``actor`` may read them at ``now`` (nine queries)."""
    dossiers = received_dossiers(actor).filter(call=call)
    cases = dossiers.values("case")
    today = local_date(now, call.case.region.zone)
    firsts = _first_entries(cases)
    out = dict(dossiers.filter(state__in=OUT).order_by("state").values_list("state").annotate(Count("pk")))
    return CallFigures(
        call=call,
        reached={stage.code: len(firsts[stage.code]) for stage in STAGES},
        out=out,
        axes=amounts_by_axis(dossiers),
        delays=_delays(firsts, call.case.region.zone),
        implicit_rejections=Entry.objects.filter(case__in=cases, verb="calls.note_implicit_rejection")
        .values("case")
        .distinct()
        .count(),
        overdue=_overdue(call, cases, now),
        opinions=opinions_by_college(actor, call, dossiers),
        money=_money(cases, today),
        late_reports=late_reports(today).filter(case__in=cases).count(),
    )


def late_payments(today: date) -> QuerySet[Instalment]:
    """The payments whose day is past and that were not made."""
    return Instalment.objects.filter(state__in=UNPAID, due_on__lt=today)


def late_reports(today: date) -> QuerySet[Report]:
    """The reports whose day is past and that were not handed in."""
    return Report.objects.filter(state__in=AWAITED, due_on__lt=today)


def late_work(now: datetime) -> QuerySet[WorkItem]:
    """The open tasks whose due date is past."""
    return WorkItem.objects.filter(state=WorkItemState.OPEN, due_at__lt=now)


def _first_entries(cases: Any) -> dict[str, dict[UUID, datetime]]:
    """For each stage, the cases that reached it, and when first."""
    verbs = {name for stage in (*STAGES, DECIDED) for name in stage.verbs}
    rows = (
        Entry.objects.filter(case__in=cases, verb__in=verbs)
        .order_by()
        .values_list("case", "verb", "to_state")
        .annotate(first=Min("at"))
    )
    found: dict[str, dict[UUID, datetime]] = defaultdict(dict)
    for case, name, state, first in rows:
        for stage in (*STAGES, DECIDED):
            if name in stage.verbs and stage.state in ("", state):
                found[stage.code][case] = min(first, found[stage.code].get(case, first))
    return found


def _delays(firsts: Mapping[str, Mapping[UUID, datetime]], zone: ZoneInfo) -> list[Delay]:
    received = {case: at.astimezone(zone).date() for case, at in firsts[RECEIVED.code].items()}
    found = []
    for stage in TIMED:
        days = {
            case: (at.astimezone(zone).date() - received[case]).days
            for case, at in firsts[stage.code].items()
        }
        if days:
            worst = max(days, key=lambda case: (days[case], str(case)))
            found.append(Delay(stage, len(days), Decimal(str(median(days.values()))), days[worst], worst))
    return found


def _overdue(call: Call, cases: Any, now: datetime) -> list[Overdue]:
    rows = (
        late_work(now)
        .filter(Q(case__in=cases) | Q(case=call.case_id))
        .order_by()
        .values_list("step")
        .annotate(n=Count("pk"), since=Min("due_at"))
    )
    found = []
    for name, n, since in rows:
        step = step_of(WorkItem(step=name))
        found.append(Overdue(name, step.task_title if step else name, n, since))
    return sorted(found, key=lambda overdue: (-overdue.tasks, overdue.step))


def _money(cases: Any, today: date) -> Money:
    contracts = Contract.objects.filter(
        case__in=cases, state__in=[ContractState.ACTIVE, ContractState.CLOSED]
    ).aggregate(n=Count("pk"), contracted=Sum("amount"), paid=Sum("paid"))
    claimed = Q(state__in=UNPAID, due_on__isnull=False)
    instalments = Instalment.objects.filter(case__in=cases).aggregate(
        due=Sum("planned_amount", filter=claimed & Q(amount__isnull=True)),
        proposed=Sum("amount", filter=claimed),
        late=Count("pk", filter=Q(state__in=UNPAID, due_on__lt=today)),
    )
    return Money(
        contracts["n"],
        contracts["contracted"] or ZERO,
        contracts["paid"] or ZERO,
        (instalments["due"] or ZERO) + (instalments["proposed"] or ZERO),
        instalments["late"],
    )


# The lists behind the figures


def _with(rows: Callable[[Any], QuerySet[Any]]) -> Callable[[datetime, date], Q]:
    return lambda now, today: Q(Exists(rows((now, today)).filter(case=OuterRef("case"))))


def _always(condition: Q) -> Callable[[datetime, date], Q]:
    return lambda now, today: condition


#: Each figure that is a list of dossiers: its name in the address → its label and the dossiers that it counts at an instant.
LISTS: dict[str, tuple[Any, Callable[[datetime, date], Q]]] = {
    **{stage.code: (stage.label, _always(stage.holds())) for stage in (*STAGES, DECIDED)},
    **{state.value: (state.label, _always(Q(state=state))) for state in OUT},
    "granted": (_("Granted, and still so"), lambda now, today: Q(state__in=AWARDED_STATES)),
    "implicit": (
        _("Implicit rejection born"),
        _with(lambda _when: Entry.objects.filter(verb="calls.note_implicit_rejection")),
    ),
    "overdue": (_("With an overdue task"), _with(lambda when: late_work(when[0]))),
    "paid": (
        _("With a payment made"),
        _with(lambda _when: Instalment.objects.filter(state=InstalmentState.PAID)),
    ),
    "due": (
        _("With a payment due"),
        _with(lambda _when: Instalment.objects.filter(state__in=UNPAID, due_on__isnull=False)),
    ),
    "late_payment": (_("With a late payment"), _with(lambda when: late_payments(when[1]))),
    "late_report": (_("With a late report"), _with(lambda when: late_reports(when[1]))),
}


# The overview


def with_totals(actor: Actor, calls: QuerySet[Call]) -> QuerySet[Call]:
    """``calls``, each with its ``received`` dossiers, and in euros what is ``asked``, ``committed`` and ``paid``."""
    mine = received_dossiers(actor).filter(call=OuterRef("pk")).order_by().values("call")
    contracts = (
        Contract.objects.filter(
            dossier__in=received_dossiers(actor).values("pk"),
            dossier__call=OuterRef("pk"),
            state__in=[ContractState.ACTIVE, ContractState.CLOSED],
        )
        .order_by()
        .values("dossier__call")
    )
    return calls.annotate(
        received=mine.annotate(n=Count("pk")).values("n"),
        asked=mine.annotate(sum=Sum("requested_amount")).values("sum"),
        contracted=contracts.annotate(n=Count("pk")).values("n"),
        paid=contracts.annotate(sum=Sum("paid")).values("sum"),
        committed=F("envelope__committed"),
        amount=F("envelope__amount"),
    )
