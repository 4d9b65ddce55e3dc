"""The account of what was played: counts, and the faults that there must not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Sum

from calls.models import Dossier, Envelope
from contracts.models import Contract, Instalment, InstalmentState, Report, ReportState
from reviews.models import CollegeOpinion, OpinionState
from workflows.engine import database_now
from workflows.engine.journal import verify
from workflows.models import Entry, OutboxJob, OutboxState, Timer, TimerState
from workflows.queries import stranded


def account(seconds: float) -> dict[str, Any]:
    """What is in the database, as the one line that ``make play`` ends with."""
    states = Dossier.objects.values_list("state").annotate(n=Count("pk")).order_by("state")
    return {
        "dossiers": dict(states),
        "opinions": CollegeOpinion.objects.filter(state=OpinionState.GIVEN).count(),
        "contracts": Contract.objects.count(),
        "payments": Instalment.objects.filter(state=InstalmentState.PAID).count(),
        "reports": Report.objects.filter(state=ReportState.ACCEPTED).count(),
        "journal_entries": Entry.objects.count(),
        "journal_verified": not any(verify()),
        "seconds": seconds,
    }


def summary(told: dict[str, Any]) -> Iterator[str]:
    """The same for people."""
    yield ""
    for state, count in told["dossiers"].items():
        yield f"  {count:3} dossier(s) {state}"
    yield (
        f"  {told['opinions']} opinions, {told['contracts']} contracts, {told['payments']} payments,"
        f" {told['reports']} reports accepted, {told['journal_entries']} journal entries"
    )
    yield f"  journal {'verified' if told['journal_verified'] else 'BROKEN'}, in {told['seconds']} s"


def faults() -> list[str]:
    """What must not be: broken journals, dossiers without a next step, money beyond its bounds, work given up."""
    found = [f"{fault.case.reference}: entry {fault.seq}: {fault.problem}" for fault in verify()]
    found += [f"{case.reference} has no next step." for case in stranded(database_now())]
    for envelope in Envelope.objects.filter(committed__gt=F("amount")):
        found.append(f"{envelope.call}: more is committed than the envelope.")
    for contract in Contract.objects.all():
        paid = contract.instalments.filter(state=InstalmentState.PAID).aggregate(s=Sum("amount", default=0))[
            "s"
        ]
        if paid != contract.paid or paid > contract.amount:
            found.append(f"{contract}: {paid} paid of {contract.amount}, {contract.paid} counted.")
    found += [
        f"{job} on {job.case}: {job.last_error}"
        for job in OutboxJob.objects.filter(state=OutboxState.INCIDENT)
    ]
    refused = Timer.objects.filter(state=TimerState.PENDING, failures__gt=0)
    return found + [f"{timer} on {timer.case}: {timer.last_error}" for timer in refused]
