"""What a call owes to its drafts, one job each: every draft has its own lock and its own journal."""

from __future__ import annotations

from calls import actions
from calls.models import Dossier, DossierState
from workflows.engine import handler
from workflows.models import OutboxJob


def _draft(job: OutboxJob) -> Dossier | None:
    """The dossier of a job if it is still a draft; it may have been submitted or withdrawn meanwhile."""
    dossier = Dossier.objects.select_related(*Dossier.related).get(pk=job.payload["dossier"])
    return dossier if dossier.state == DossierState.DRAFT else None


@handler("calls.reschedule")
def reschedule_draft(job: OutboxJob) -> None:
    """Tell a draft of the call's new closing, once."""
    assert job.entry is not None
    draft = _draft(job)
    told = draft is not None and draft.case.entries.filter(
        verb="calls.reschedule", snapshot__closes_at=job.entry.snapshot["closes_at"]
    )
    if draft is not None and not (told and told.exists()):
        actions.reschedule(draft, by=None, now=job.entry.at)


@handler("calls.lapse")
def lapse_draft(job: OutboxJob) -> None:
    """Let a draft lapse with its cancelled call."""
    assert job.entry is not None
    draft = _draft(job)
    if draft is not None:
        actions.lapse(draft, by=None, now=job.entry.at)
