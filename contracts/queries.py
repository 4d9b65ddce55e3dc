"""Reads of contracts: who sees which, what is due, what blocks it and why, and the figures of a contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Membership, MembershipRole
from accounts.models.base import valid_on
from calls.models import BudgetLine, BudgetSide, Dossier, IndicatorKind
from contracts import documents, money
from contracts.calendar import report_calendar
from contracts.models import (
    BankAccount,
    BankAccountState,
    Contract,
    ContractState,
    IndicatorValue,
    Instalment,
    InstalmentKind,
    InstalmentState,
    Recovery,
    Report,
    ReportExpense,
    ReportKind,
    ReportState,
)
from reviews.models import Decision, Outcome, Reservation, ReservationKind
from workflows.dates import local_date
from workflows.engine import Reason
from workflows.models import Recusal

ZERO = Decimal(0)
#: Marks the reasons that are a fault, among those for which an instalment has to wait.
LATE = "late"
#: An instalment that money may still leave by.
IN_PROGRESS = (InstalmentState.PROPOSED, InstalmentState.CERTIFIED)


# Who sees what


def _reach(actor: Actor) -> Q:
    """The cases that the actor sees contracts of: the Region's staff and auditors, and the beneficiary."""
    if None in actor.audited_regions:
        return Q()
    regions = actor.staff_regions | {region for region in actor.audited_regions if region}
    return Q(case__region__in=regions) | Q(case__organisation__in=actor.organisations)


def contracts_visible_to(actor: Actor) -> QuerySet[Contract]:
    """The contracts that ``actor`` may know of; the beneficiary learns of a contract when it is sent for signature."""
    unsent = Q(sent_at__isnull=True) & Q(case__organisation__in=actor.organisations)
    return (
        Contract.objects.filter(_reach(actor))
        .exclude(unsent & ~Q(case__region__in=actor.staff_regions | actor.audited_regions))
        .exclude(case__in=Recusal.objects.filter(user=actor.user).values("case"))
        .select_related("case__region", "dossier__call", "dossier__organisation")
    )


def instalments_visible_to(actor: Actor) -> QuerySet[Instalment]:
    """The instalments that ``actor`` may know of, with what tells why one is blocked."""
    return (
        Instalment.objects.filter(_reach(actor))
        .exclude(case__in=Recusal.objects.filter(user=actor.user).values("case"))
        .select_related("case__region", "contract__dossier__call", "contract__dossier__organisation")
        .prefetch_related("contract__reports")
    )


def reports_visible_to(actor: Actor) -> QuerySet[Report]:
    """The reports that ``actor`` may know of."""
    return (
        Report.objects.filter(_reach(actor))
        .exclude(case__in=Recusal.objects.filter(user=actor.user).values("case"))
        .select_related("case__region", "contract__dossier__call", "contract__dossier__organisation")
    )


# Before the contract


def awarding_decision(dossier: Dossier) -> Decision | None:
    """The decision by which the dossier was awarded."""
    return (
        Decision.objects.filter(dossier=dossier, outcome=Outcome.AWARDED)
        .select_related("deliberation")
        .order_by("-decided_on", "-id")
        .first()
    )


def reservations(dossier: Dossier) -> QuerySet[Reservation]:
    """The reservations of the colleges' opinions on the dossier."""
    return (
        Reservation.objects.filter(opinion__dossier=dossier)
        .select_related("opinion", "lifted_by")
        .order_by("kind", "opinion__college", "id")
    )


def unlifted(dossier: Dossier) -> list[Reservation]:
    """The suspensive reservations that still stand between the award and the contract."""
    return list(reservations(dossier).filter(kind=ReservationKind.SUSPENSIVE, lifted_at__isnull=True))


def legal_signatory(dossier: Dossier, day: date) -> Membership | None:
    """Who signs for the beneficiary: its signatory of longest standing."""
    return (
        valid_on(Membership.objects.all(), day)
        .filter(
            organisation=dossier.organisation_id, role=MembershipRole.SIGNATORY, approved_at__isnull=False
        )
        .select_related("user")
        .order_by("valid_from", "id")
        .first()
    )


def account_in_use(dossier: Dossier) -> BankAccount | None:
    """The account that the subsidy is paid to."""
    return BankAccount.objects.filter(dossier=dossier, state=BankAccountState.IN_USE).first()


def account_proposed(dossier: Dossier) -> BankAccount | None:
    """The account that the beneficiary asks to be paid to instead, as long as the Region has not checked it."""
    return BankAccount.objects.filter(dossier=dossier, state=BankAccountState.PROPOSED).first()


def planned_expenses(dossier: Dossier) -> dict[str, tuple[str, Decimal]]:
    """The dossier's budget by account over all its years: code → label and amount."""
    lines = (
        BudgetLine.objects.filter(dossier=dossier, side=BudgetSide.EXPENSE)
        .values_list("code", "label")
        .annotate(total=Sum("amount"))
        .order_by("code", "label")
    )
    planned: dict[str, tuple[str, Decimal]] = {}
    for code, label, total in lines:
        known = planned.get(code)
        planned[code] = (known[0], known[1] + total) if known else (label, total)
    return planned


def obstacles(dossier: Dossier, day: date) -> list[Reason]:
    """Why no contract can be made for the dossier yet."""
    found = indicator_faults(dossier)
    if awarding_decision(dossier) is None:
        found.append(Reason(_("No deliberation awards this dossier a subsidy.")))
    if legal_signatory(dossier, day) is None:
        found.append(Reason(_("Nobody can sign for the beneficiary: it has no approved signatory.")))
    if dossier.eligible_cost <= 0:
        found.append(Reason(_("The budget of the project has no eligible expenditure.")))
    if account_in_use(dossier) is None:
        found.append(Reason(_("The beneficiary has not given its bank details.")))
    return found


def indicator_faults(dossier: Dossier) -> list[Reason]:
    """What a project that is to be contracted lacks to be measured by (S51): indicators of both kinds."""
    kinds = set(dossier.indicators.values_list("kind", flat=True))
    found = []
    if IndicatorKind.FOLLOW_UP not in kinds:
        found.append(Reason(_("The project has no follow-up indicator: a contract needs at least one.")))
    if IndicatorKind.IMPACT not in kinds:
        found.append(Reason(_("The project has no impact indicator: a contract needs at least one.")))
    return found


def text_faults(contract: Contract) -> list[Reason]:
    """What the frozen text of a contract lacks of what it must say (law 2000-321 art. 10; the Region's own mandatory clauses)."""
    return [
        *(
            Reason(_("The contract lacks the mandatory clause “%(title)s”.") % {"title": title})
            for title in documents.missing_clauses(contract.data)
        ),
        *(
            Reason(_("The contract lacks the annex “%(title)s”.") % {"title": title})
            for title in documents.missing_annexes(contract.data)
        ),
    ]


def frozen_text(contract: Contract, now: datetime) -> dict[str, Any]:
    """All that the text of ``contract`` says if it is made ``now``: what is frozen, and what a preview shows."""
    dossier, call = contract.dossier, contract.dossier.call
    decision = awarding_decision(dossier)
    signatory = legal_signatory(dossier, local_date(now, contract.case.region.zone))
    assert decision is not None
    account = account_in_use(dossier)
    assert signatory is not None
    assert account is not None
    return documents.contract_data(
        contract,
        decision=decision,
        signatory=signatory,
        account=account,
        instalments=money.schedule(contract.amount, call.advance_rate, call.interim_rate),
        reports=report_calendar(contract.starts_on, contract.ends_on, call.reporting),
        reservations=list(reservations(dossier)),
        now=now,
    )


def standing_signatures(contract: Contract) -> QuerySet[Any]:
    """The signatures that count: those of the contract's present text."""
    return (
        contract.signatures.filter(version=contract.version_id).select_related("user").order_by("signed_at")
    )


# What is due, what blocks it


def reports_of(contract: Contract) -> list[Report]:
    """The reports of a contract in their order: those read with it in a list, else one query."""
    known = "reports" in getattr(contract, "_prefetched_objects_cache", {})
    rows = contract.reports.all() if known else Report.objects.filter(contract=contract)
    return sorted(rows, key=lambda row: row.number)


def blocks(instalment: Instalment, today: date) -> list[Reason]:
    """Why an instalment cannot be claimed, proposed, certified or paid; nothing when nothing stands in its way."""
    reports = reports_of(instalment.contract)
    found = [
        Reason(
            _("The %(report)s was due on %(day)s: it must be handed in first.")
            % {"report": report_name(report), "day": date_format(report.due_on, "DATE_FORMAT")},
            LATE,
        )
        for report in reports
        if report.is_overdue(today)
    ]
    accepted = {r.kind for r in reports if r.state == ReportState.ACCEPTED}
    interim = [r for r in reports if r.kind == ReportKind.INTERIM]
    if instalment.kind == InstalmentKind.INTERIM and interim and ReportKind.INTERIM not in accepted:
        found.append(Reason(_("An interim report must be accepted by the Region first.")))
    if instalment.kind == InstalmentKind.BALANCE and ReportKind.FINAL not in accepted:
        found.append(Reason(_("The final report must be accepted by the Region first.")))
    return found


def is_late(reasons: Iterable[Reason]) -> bool:
    """Whether an overdue report is among the reasons: the instalment is blocked, and not only waiting for its time."""
    return any(reason.field == LATE for reason in reasons)


def report_name(report: Report) -> str:
    """The name of a report in a sentence: « bilan intermédiaire n° 1 », « bilan final »."""
    if report.kind == ReportKind.FINAL:
        return _("final report")
    return _("interim report no. %(number)s") % {"number": report.number}


def payable(instalment: Instalment) -> Decimal:
    """The most that may be paid on an instalment, in euros: what was planned, or what settles the contract."""
    contract = instalment.contract
    if instalment.kind == InstalmentKind.BALANCE and contract.settled_amount is not None:
        return max(contract.settled_amount - contract.paid, ZERO)
    return instalment.planned_amount


def awaits_claim(instalment: Instalment) -> bool:
    """Whether the beneficiary has to ask for it: all but the advance, which comes with the contract."""
    return instalment.state == InstalmentState.PLANNED and instalment.kind != InstalmentKind.ADVANCE


def started_by(row: Any) -> list[Instalment]:
    """The instalments that become payable by what just happened: the signature, or the acceptance of a report.

    An interim payment waits for the first interim report accepted, the balance for the final one.
    """
    if isinstance(row, Contract):
        kinds = {InstalmentKind.ADVANCE}
        if not row.reports.filter(kind=ReportKind.INTERIM).exists():
            kinds.add(InstalmentKind.INTERIM)
        found = row.instalments.filter(kind__in=kinds)
    elif row.kind == ReportKind.FINAL:
        found = Instalment.objects.filter(contract=row.contract_id, kind=InstalmentKind.BALANCE)
    else:
        others = Report.objects.filter(
            contract=row.contract_id, kind=ReportKind.INTERIM, state=ReportState.ACCEPTED
        ).exclude(pk=row.pk)
        if others.exists():
            return []
        found = Instalment.objects.filter(contract=row.contract_id, kind=InstalmentKind.INTERIM)
    return list(found.filter(state=InstalmentState.PLANNED).select_related(*Instalment.related))


# Figures


@dataclass(frozen=True, slots=True)
class Figures:
    """The money of one contract, in euros. ``balance`` is negative when something is to be given back."""

    amount: Decimal
    paid: Decimal
    in_progress: Decimal
    settled_cost: Decimal | None
    settled_amount: Decimal | None
    balance: Decimal | None

    @property
    def left(self) -> Decimal:
        """What may still be paid, at most."""
        return (self.amount if self.settled_amount is None else self.settled_amount) - self.paid

    @property
    def to_recover(self) -> Decimal:
        """What was paid and not earned."""
        return max(-(self.balance or ZERO), ZERO)


def figures(contract: Contract) -> Figures:
    """The figures of a contract as they stand."""
    under_way = sum((i.amount or ZERO for i in contract.instalments.all() if i.state in IN_PROGRESS), ZERO)
    settled = contract.settled_amount
    return Figures(
        contract.amount,
        contract.paid,
        under_way,
        contract.settled_cost,
        settled,
        None if settled is None else settled - contract.paid,
    )


def closing_obstacles(contract: Contract) -> list[Reason]:
    """Why the dossier cannot be closed yet."""
    found = [
        Reason(_("The %(report)s is not accepted yet.") % {"report": report_name(report)})
        for report in reports_of(contract)
        if report.state != ReportState.ACCEPTED
    ]
    pending = [
        i
        for i in contract.instalments.all()
        if i.state not in (InstalmentState.PAID, InstalmentState.CANCELLED)
    ]
    found.extend(
        Reason(
            _("The instalment “%(instalment)s” is neither paid nor cancelled.")
            % {"instalment": i.get_kind_display()}
        )
        for i in pending
    )
    recovery = Recovery.objects.filter(contract=contract).first()
    if recovery is None and figures(contract).to_recover > 0:
        found.append(Reason(_("More was paid than was earned: open the recovery first.")))
    if recovery is not None and recovery.state not in ("recovered", "dropped"):
        found.append(Reason(_("The recovery is not settled yet.")))
    return found


def expenses_of(report: Report) -> dict[str, ReportExpense]:
    """The expenditure of a report by account."""
    return {expense.code: expense for expense in report.expenses.all()}


def spent_before(report: Report) -> dict[str, Decimal]:
    """What the reports before this one declared, by account."""
    rows = (
        ReportExpense.objects.filter(report__contract=report.contract_id, report__number__lt=report.number)
        .values_list("code")
        .annotate(total=Sum("amount"))
    )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes next for a beneficiary: the next report and the next payment of a contract."""

    contract: Contract
    report: Report | None
    instalment: Instalment | None
    blocks: list[Reason]


def ahead(contract: Contract, today: date) -> Ahead:
    """What comes next for the beneficiary of ``contract``; reads its reports and instalments, which may be prefetched."""
    reports = [r for r in contract.reports.all() if r.state in (ReportState.EXPECTED, ReportState.RETURNED)]
    waiting = [
        i
        for i in contract.instalments.all()
        if i.state not in (InstalmentState.PAID, InstalmentState.CANCELLED)
    ]
    report = min(reports, key=lambda r: (r.due_on, r.number), default=None)
    instalment = min(waiting, key=lambda i: i.number, default=None)
    if instalment is not None:
        instalment.contract = contract  # spares a query, and shares the prefetched reports
    return Ahead(contract, report, instalment, blocks(instalment, today) if instalment else [])


def active_contracts(actor: Actor) -> QuerySet[Contract]:
    """The contracts in force that the actor's own organisations benefit from, with what comes next."""
    return (
        contracts_visible_to(actor)
        .filter(case__organisation__in=actor.organisations)
        .exclude(state__in=[ContractState.CANCELLED])
        .prefetch_related("reports", "instalments")
    )


def latest_values(dossier: Dossier) -> dict[UUID, IndicatorValue]:
    """The last accepted value of each indicator of the dossier: indicator id → IndicatorValue."""
    rows = (
        IndicatorValue.objects.filter(indicator__dossier=dossier, report__state=ReportState.ACCEPTED)
        .select_related("indicator", "report")
        .order_by("report__number")
    )
    return {row.indicator_id: row for row in rows}
