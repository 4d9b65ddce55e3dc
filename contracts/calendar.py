"""When reports are due: the call's calendar applied to a contract's dates. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.models import ReportKind
from workflows.dates import add_months, days_after

#: The final report is due this long after the end of the project.
FINAL_MONTHS = 2
#: Nobody is asked for a report sooner than this after the contract was signed, however late that was.
NOTICE_DAYS = 30
#: When the beneficiary is reminded: days before (−) or after the day it is due.
REMINDERS = (-15, -3, 1, 31)


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """A report to be created."""

    number: int
    kind: ReportKind
    period_start: date
    period_end: date
    due_on: date


def report_calendar(
    starts_on: date, ends_on: date, months: Iterable[int], *, signed_on: date | None = None
) -> list[PlannedReport]:
    """The reports of a contract: interim ones so many ``months`` after the start, a final one two months after the end.

    An interim report covers the period since the one before; the final one covers the whole project. A month that
    falls on the end or after it is left out: the final report tells it. With ``signed_on``, none is due sooner than 30
    days after the signature.
    """
    earliest = days_after(signed_on, NOTICE_DAYS) if signed_on else date.min
    planned = []
    period_start = starts_on
    for due in sorted({add_months(starts_on, n) for n in months if n > 0}):
        if due > ends_on:
            break
        planned.append((ReportKind.INTERIM, period_start, due - timedelta(days=1), due))
        period_start = due
    planned.append((ReportKind.FINAL, starts_on, ends_on, add_months(ends_on, FINAL_MONTHS)))
    return [
        PlannedReport(number, kind, start, end, max(due, earliest))
        for number, (kind, start, end, due) in enumerate(planned, start=1)
    ]


def next_reminder(due_on: date, after: date) -> date | None:
    """The first reminder later than the day ``after``; ``None`` when the last one is past."""
    days = (due_on + timedelta(days=n) for n in REMINDERS)
    return next((day for day in days if day > after), None)
