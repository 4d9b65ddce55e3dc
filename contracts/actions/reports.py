"""Reports: filled by the beneficiary, returned or accepted by the Region; the final one settles the contract."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import PostRole
from contracts import documents, money
from contracts.actions.common import beneficiary_audience, morning, said, staff_audience
from contracts.calendar import next_reminder
from contracts.indicators import faults, ratio, shape_of
from contracts.models import (
    Contract,
    IndicatorValue,
    Instalment,
    InstalmentKind,
    InstalmentState,
    Report,
    ReportExpense,
    ReportKind,
    ReportState,
)
from contracts.narrative import narrative_faults
from contracts.queries import IN_PROGRESS, expenses_of, planned_expenses, report_name
from workflows import dates
from workflows.engine import Act, Conflict, Reason, StoredFile, action
from workflows.engine.journal import canonical, plain
from workflows.models import DocumentVersion

OPEN = frozenset({ReportState.EXPECTED, ReportState.RETURNED})
#: Days to correct a report that was returned, and to answer a reminder.
CORRECTION_DAYS = 15
#: How many reminders before the report is due; the ones after it are letters.
EARLY_REMINDERS = 2
#: What whoever hands a report in certifies (order of 11 October 2006).
STATEMENT = (
    "Je certifie exactes les informations de ce bilan : les dépenses déclarées ont été acquittées pour le projet "
    "et pour la période indiquée."
)
PARTS = ("number", "numerator", "denominator", "text", "breakdown")


@action(
    "contracts.save_report",
    label=gettext_lazy("Save the report"),
    done=gettext_lazy("Draft of the report saved"),
    when=OPEN,
)
def save_report(
    act: Act,
    report: Report,
    *,
    version: int,
    values: Mapping[UUID | str, Mapping[str, Any]] | None = None,
    narrative: Mapping[str, str] | None = None,
    expenses: Mapping[str, Decimal] | None = None,
) -> Report:
    """Keep what is typed so far; what is not given stays as it is. A ratio's value is computed from its two numbers.

    ``values``: indicator id → number, numerator, denominator, text, breakdown. ``expenses``: account → euros.
    Raises Conflict when the draft was saved elsewhere since ``version`` (P08).
    """
    if version != report.version:
        raise Conflict(act.case.entries.filter(object_id=str(report.pk)).order_by("-seq").first())
    planned = planned_expenses(report.contract.dossier)
    unknown = set(expenses or {}) - set(planned)
    if unknown:
        act.refuse_if(Reason(_("The budget has no account %(code)s.") % {"code": ", ".join(sorted(unknown))}))
    _save_values(act, report, values or {})
    if narrative is not None:
        report.narrative = {**report.narrative, **{k: v.strip() for k, v in narrative.items()}}
    known = expenses_of(report)
    for code, (label, amount) in planned.items():
        spent = (expenses or {}).get(code)
        row = known.get(code)
        if row is None:
            ReportExpense.objects.create(
                case=act.case,
                report=report,
                code=code,
                label=label,
                planned=amount,
                amount=spent if spent is not None else Decimal(0),
            )
        elif spent is not None and spent != row.amount:
            row.amount = spent
            row.save(update_fields=["amount"])
    report.version += 1
    report.saved_by, report.saved_at = act.person.user, act.now
    report.save()
    given = {"values": values, "narrative": narrative, "expenses": expenses}
    act.record(report, snapshot={"version": report.version, "sha256": digest(given)})
    return report


def digest(given: Mapping[str, Any]) -> str:
    """SHA-256 of what a save was given: the same save sent twice is told from one made elsewhere."""
    return hashlib.sha256(canonical(plain(given))).hexdigest()


def _save_values(act: Act, report: Report, values: Mapping[UUID | str, Mapping[str, Any]]) -> None:
    indicators = {str(i.pk): i for i in report.contract.dossier.indicators.all()}
    known = {str(v.indicator_id): v for v in report.values.all()}
    for ident, parts in values.items():
        indicator = indicators.get(str(ident))
        if indicator is None:
            act.refuse_if(Reason(_("This indicator is not one of the project's.")))
            continue
        row = known.get(str(ident)) or IndicatorValue(case=act.case, report=report, indicator=indicator)
        for part in PARTS:
            if part in parts:
                setattr(row, part, parts[part])
        shape = shape_of(indicator)
        if shape.ratio:
            row.number = ratio(shape, row.numerator, row.denominator)
        row.save()


@action(
    "contracts.attach_evidence",
    label=gettext_lazy("Attach the file"),
    done=gettext_lazy("Evidence attached to the report"),
    when=OPEN,
)
def attach_evidence(act: Act, report: Report, *, file: StoredFile) -> DocumentVersion:
    """Attach a file to the report: attendance sheets, statement of expenses, survey."""
    held = act.case.documents.filter(code__startswith=f"report-{report.number}-").count()
    version = act.add_file(f"report-{report.number}-{held + 1:02}", file.name[:200], file, audience="parties")
    act.record(version, snapshot={"report": report.number, "name": file.name})
    return version


@action(
    "contracts.submit_report",
    label=gettext_lazy("Hand in the report"),
    done=gettext_lazy("Report handed in"),
    moves="submit",
)
def submit_report(act: Act, report: Report) -> Report:
    """Hand the report in. Refused, with all that is missing beside its field, until it is complete (domain §5.2).

    Reports are handed in in their order.
    """
    earlier = report.contract.reports.filter(number__lt=report.number, state=ReportState.EXPECTED)
    act.refuse_if(
        Reason(_("The %(report)s comes first.") % {"report": report_name(other)}) for other in earlier
    )
    act.refuse_if(shortcomings(report))
    act.move(report, "submit")
    report.submitted_by, report.submitted_at, report.return_reasons = act.person.user, act.now, ""
    report.save()
    act.cancel_timers("contracts.remind_report", object_id=report.pk)
    act.record(report, snapshot={**_snapshot(report), "statement": STATEMENT})
    return report


def shortcomings(report: Report) -> list[Reason]:
    """What the report still lacks before it can be handed in."""
    final = report.kind == ReportKind.FINAL
    values = {v.indicator_id: v for v in report.values.all()}
    found: list[Reason] = []
    for indicator in report.contract.dossier.indicators.all():
        value = values.get(indicator.pk) or IndicatorValue(indicator=indicator)
        found.extend(faults(indicator, value, final=final))
    expenses = list(report.expenses.all())
    wide = final and any(money.is_wide(e.planned, e.amount) for e in expenses)
    found.extend(narrative_faults(report.kind, report.narrative, wide_gap=wide))
    if not any(e.amount for e in expenses):
        found.append(Reason(_("Give the expenditure of the period by account."), "expenses"))
    return found


def _snapshot(report: Report) -> dict[str, Any]:
    return {
        "version": report.version,
        "values": [
            {
                "code": v.indicator.code,
                "number": v.number,
                "numerator": v.numerator,
                "denominator": v.denominator,
                "breakdown": v.breakdown,
                "text": v.text,
            }
            for v in report.values.select_related("indicator")
        ],
        "narrative": report.narrative,
        "expenses": {e.code: e.amount for e in report.expenses.all()},
    }


@action(
    "contracts.return_report",
    label=gettext_lazy("Return the report"),
    done=gettext_lazy("Report returned for correction"),
    moves="send_back",
)
def return_report(act: Act, report: Report, *, reasons: str) -> Report:
    """Ask for corrections, within 15 days if its due date is past. Refused without reasons."""
    report.return_reasons = said(act, reasons, "reasons", _("Say what to correct."))
    act.move(report, "send_back")
    report.due_on = max(report.due_on, dates.days_after(act.today, CORRECTION_DAYS))
    report.save()
    _set_reminder(act, report)
    act.record(report, reasons=report.return_reasons, snapshot={"due_on": report.due_on})
    return report


@action(
    "contracts.accept_report",
    label=gettext_lazy("Accept the report"),
    done=gettext_lazy("Report accepted"),
    moves="accept",
)
def accept_report(
    act: Act,
    report: Report,
    *,
    accepted: Mapping[str, Decimal] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Report:
    """Accept a report. ``accepted`` (account → euros) sets a part of the expenditure aside, for ``reasons`` by account.

    The final one settles the contract: ``min(amount, rate × eligible cost accepted)``; what was not claimed
    until then goes into the balance, which is due, nil, or to be recovered. Refused while an earlier report is not
    accepted or a payment is under way.
    """
    contract = report.contract
    earlier = contract.reports.filter(number__lt=report.number).exclude(state=ReportState.ACCEPTED)
    act.refuse_if(
        Reason(_("The %(report)s is to be accepted first.") % {"report": report_name(other)})
        for other in earlier
    )
    expenses = list(report.expenses.all())
    for expense in expenses:
        _accept_expense(
            act, expense, (accepted or {}).get(expense.code), (reasons or {}).get(expense.code, "")
        )
    act.move(report, "accept")
    report.accepted_by, report.accepted_at = act.person.user, act.now
    report.save()
    settled = _settle(act, contract, expenses) if report.kind == ReportKind.FINAL else {}
    act.record(
        report,
        snapshot={
            "expenses": {
                e.code: {"declared": e.amount, "accepted": e.accepted, "reason": e.reason} for e in expenses
            },
            **settled,
        },
    )
    with override("fr"):
        act.notify(
            [beneficiary_audience(act)],
            "report",
            _("Report accepted"),
            _("The Region has accepted the %(report)s.") % {"report": report_name(report)},
            f"/reports/{report.pk}/",
        )
    return report


def _accept_expense(act: Act, expense: ReportExpense, accepted: Decimal | None, reason: str) -> None:
    amount = expense.amount if accepted is None else accepted
    reason = reason.strip()
    if not 0 <= amount <= expense.amount:
        act.refuse_if(
            Reason(
                _("%(label)s: the amount accepted is between 0 and what is declared.")
                % {"label": expense.label},
                f"accepted_{expense.code}",
            )
        )
    if amount < expense.amount and not reason:
        act.refuse_if(
            Reason(
                _("%(label)s: say why a part is set aside.") % {"label": expense.label},
                f"reason_{expense.code}",
            )
        )
    expense.accepted, expense.reason = amount, reason if amount < expense.amount else ""
    expense.save(update_fields=["accepted", "reason"])


def _settle(act: Act, contract: Contract, expenses: list[ReportExpense]) -> dict[str, Any]:
    """Compute the subsidy finally due and what becomes of the instalments; returns what the journal keeps of it."""
    instalments: list[Instalment] = list(contract.instalments.all())
    if any(i.state in IN_PROGRESS for i in instalments):
        act.refuse_if(
            Reason(
                _("A payment is under way: record it or send it back before the final report is accepted.")
            )
        )
    cost = money.eligible_cost({e.code: e.accepted or Decimal(0) for e in expenses})
    contract.settled_cost = cost
    contract.settled_amount = money.final_grant(contract.amount, contract.rate, cost)
    contract.save(update_fields=["settled_cost", "settled_amount"])
    balance = contract.settled_amount - contract.paid
    for instalment in instalments:
        unpaid = instalment.state in (InstalmentState.PLANNED, InstalmentState.CLAIMED)
        if unpaid and (instalment.kind != InstalmentKind.BALANCE or balance <= 0):
            instalment.cancel()
            instalment.save(update_fields=["state"])
            act.touch(instalment)
    return {
        "eligible_cost": cost,
        "subsidy_due": contract.settled_amount,
        "paid": contract.paid,
        "balance": balance,
    }


@action(
    "contracts.remind_report",
    label=gettext_lazy("Remind the beneficiary of the report"),
    done=gettext_lazy("Reminder of the report"),
    when=OPEN,
    system=True,
)
def remind_report(act: Act, report: Report) -> Report:
    """Remind of a report before it is due; once it is late, write a letter and tell the service. Sets the next reminder."""
    late = report.is_overdue(act.today)
    report.reminded_at = act.now
    report.reminders += 1
    report.save(update_fields=["reminded_at", "reminders"])
    _set_reminder(act, report)
    act.record(report, snapshot={"due_on": report.due_on, "late": late, "reminders": report.reminders})
    name = report_name(report)
    day = f"{report.due_on:%d/%m/%Y}"
    with override("fr"):
        if late:
            text = _("The %(report)s was due on %(day)s. Until it is handed in, no payment can be made.")
        else:
            text = _("The %(report)s is due on %(day)s.")
        act.notify(
            [beneficiary_audience(act)],
            "report",
            _("Report overdue") if late else _("Report to be handed in"),
            text % {"report": report_name(report), "day": day},
            f"/reports/{report.pk}/",
        )
        if late:
            act.notify(
                [staff_audience(act, PostRole.CASE_OFFICER)],
                "report",
                _("Report overdue"),
                _("The %(report)s was due on %(day)s.") % {"report": name, "day": day},
                f"/reports/{report.pk}/",
            )
    if late:
        rank = 1 if act.today <= dates.days_after(report.due_on, CORRECTION_DAYS) else 2
        act.enqueue(
            "letter",
            template="report_reminder",
            audience="parties",
            code=f"report-{report.number}-reminder-{rank}",
            title=f"Relance – {documents.report_label(report.kind, report.number)}",
            data=documents.reminder_data(
                report,
                rank=rank,
                due_on=dates.days_after(act.today, CORRECTION_DAYS),
                url=f"{settings.BASE_URL}/reports/{report.pk}/",
                now=act.now,
            ),
        )
    return report


def _set_reminder(act: Act, report: Report) -> None:
    following = next_reminder(report.due_on, act.today)
    if following is not None:
        act.set_timer("contracts.remind_report", report, morning(act, following))


__all__ = [
    "STATEMENT",
    "accept_report",
    "attach_evidence",
    "digest",
    "remind_report",
    "return_report",
    "save_report",
    "shortcomings",
    "submit_report",
]
