"""What a vote owes to each dossier, and freed money to the reserve list. Each job may run twice."""

from __future__ import annotations

from calls.models import Call, Dossier, DossierState, Envelope
from reviews import actions
from reviews.models import Decision, Deliberation
from reviews.queries.selection import next_on_reserve
from workflows.engine import handler
from workflows.models import Entry, OutboxJob


@handler("apply_decision")
def apply_voted_decision(job: OutboxJob) -> None:
    """Give one dossier what was voted for it, at the instant of the vote's record. Payload: dossier, deliberation."""
    assert job.entry is not None
    deliberation = Deliberation.objects.select_related("ranking").get(pk=job.payload["deliberation"])
    dossier = Dossier.objects.get(pk=job.payload["dossier"])
    if Decision.objects.filter(dossier=dossier, deliberation=deliberation).exists():
        return
    if dossier.state == DossierState.WITHDRAWN and _was_told(dossier, deliberation):
        return
    actions.apply_decision(dossier, by=None, now=job.entry.at, deliberation=deliberation)


def _was_told(dossier: Dossier, deliberation: Deliberation) -> bool:
    return Entry.objects.filter(
        case=dossier.case_id,
        verb="reviews.apply_decision",
        snapshot__deliberation=deliberation.number,
    ).exists()


@handler("promote_next")
def promote_next(job: OutboxJob) -> None:
    """Promote from the reserve list, strictly in order, as long as the envelope holds the next amount. Payload: call."""
    assert job.entry is not None
    call = Call.objects.get(pk=job.payload["call"])
    while (decision := next_on_reserve(call)) is not None:
        envelope = Envelope.objects.get(call=call)
        if decision.amount > envelope.amount - envelope.committed:
            return
        actions.promote(decision.dossier, by=None, now=job.entry.at)
