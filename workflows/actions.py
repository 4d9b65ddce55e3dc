"""The verbs of any case: claim, hand over, write, attach a letter, record what the antivirus found."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import recorded
from accounts.actors import actor_for, organisation_audience, post_audience
from accounts.models import User
from accounts.rules import may
from workflows.dates import PARIS, local_date
from workflows.engine import Act, NotAllowed, Reason, StoredFile, action, database_now, outbox
from workflows.models import (
    Case,
    Document,
    DocumentVersion,
    Message,
    Notification,
    OutboxJob,
    OutboxState,
    ScanState,
    Timer,
    TimerState,
    WorkItem,
    WorkItemState,
)
from workflows.queries import has_document, may_take

#: How much of the cause of a failure the journal keeps.
CAUSE = 500


@action(
    "workflows.claim",
    label=gettext_lazy("Take this task"),
    done=gettext_lazy("Task taken"),
    when={WorkItemState.OPEN},
)
def claim(act: Act, item: WorkItem) -> WorkItem:
    """Take a task for oneself; raises Refused when somebody else has it."""
    if item.claimed_by_id not in (None, act.person.user.pk):
        act.refuse_if(Reason(_("%(person)s already has this task.") % {"person": item.claimed_by}))
    item.claimed_by = act.person.user
    item.save(update_fields=["claimed_by"])
    act.record(item, snapshot={"step": item.step})
    return item


@action(
    "workflows.hand_over",
    label=gettext_lazy("Hand this task over"),
    done=gettext_lazy("Task handed over"),
    when={WorkItemState.OPEN},
)
def hand_over(act: Act, item: WorkItem, *, to: User | None) -> WorkItem:
    """Give a task to ``to``, who must be of its audience and not recused, or back to everybody (``None``)."""
    if to is not None and not may_take(item, act.today).filter(pk=to.pk).exists():
        act.refuse_if(Reason(_("%(person)s cannot do this task.") % {"person": to}, "to"))
    before, item.claimed_by = item.claimed_by, to
    item.save(update_fields=["claimed_by"])
    act.record(item, snapshot={"step": item.step, "from": str(before or ""), "to": str(to or "")})
    return item


@action("workflows.send_message", label=gettext_lazy("Send the message"), done=gettext_lazy("Message sent"))
def send_message(act: Act, case: Case, *, body: str) -> Message:
    """Write in the case's thread; the other side is notified."""
    body = body.strip()
    if not body:
        act.refuse_if(Reason(_("Write your message."), "body"))
    from_applicant = act.person.may_edit(case.organisation_id)
    message = Message.objects.create(
        case=case, author=act.person.user, from_applicant=from_applicant, body=body, sent_at=act.now
    )
    if from_applicant:
        to = [post_audience(case.region_id, "case_officer")]
    else:
        to = [organisation_audience(case.organisation_id)] if case.organisation_id else []
    act.notify(to, "message", _("New message"), body, f"/cases/{case.pk}/messages/")
    act.record(message, snapshot={"body": body})
    return message


@action(
    "workflows.attach_letter",
    label=gettext_lazy("Attach the document"),
    done=gettext_lazy("Document produced"),
    system=True,
)
def attach_letter(
    act: Act, case: Case, *, code: str, title: str, file: StoredFile, audience: str = "case"
) -> DocumentVersion:
    """Attach a document that the system produced. Refused for one that is there already: made twice, it is told once (P12)."""
    if has_document(case, code, file.sha256):
        act.refuse_if(Reason(_("This document is already attached.")))
    version = act.add_file(code, title, file, audience=audience)
    act.record(version, snapshot={"code": code, "title": title})
    return version


@action(
    "workflows.record_scan",
    label=gettext_lazy("Record the antivirus verdict"),
    done=gettext_lazy("File checked"),
    system=True,
)
def record_scan(
    act: Act, document: Document, *, version: DocumentVersion, clean: bool, detail: str
) -> DocumentVersion:
    """Keep the antivirus verdict of a version, once; a quarantined file can never be downloaded (P34). Raises Refused."""
    version = DocumentVersion.objects.get(pk=version.pk, document=document)
    if version.scan != ScanState.PENDING:
        act.refuse_if(Reason(_("This file was already checked.")))
    version.scan = ScanState.CLEAN if clean else ScanState.INFECTED
    version.scan_detail = detail[:200]
    version.save(update_fields=["scan", "scan_detail"])
    act.record(version, snapshot={"sha256": version.sha256, "clean": clean, "detail": detail})
    return version


@action(
    "workflows.retry_job",
    label=gettext_lazy("Try the job again"),
    done=gettext_lazy("Job tried again"),
    when={OutboxState.INCIDENT},
    owed=True,
)
def retry_job(act: Act, job: OutboxJob) -> OutboxJob:
    """Give an incident another series of attempts, at once; its cause stays in the journal."""
    snapshot = {"kind": job.kind, "attempts": job.attempts, "cause": job.last_error[:CAUSE]}
    job.state, job.due_at, job.attempts = OutboxState.PENDING, act.recorded_at, 0
    job.save(update_fields=["state", "due_at", "attempts"])
    act.record(job, snapshot=snapshot)
    transaction.on_commit(lambda: outbox.announce([job.pk]))
    return job


@action(
    "workflows.retry_timer",
    label=gettext_lazy("Let the timer try again"),
    done=gettext_lazy("Timer tried again"),
    when={TimerState.PENDING},
    owed=True,
)
def retry_timer(act: Act, timer: Timer) -> Timer:
    """Let a timer that was refused too often try again at the next sweep. One that was never refused needs nobody."""
    if not timer.failures:
        act.refuse_if(Reason(_("This timer was not refused.")))
    snapshot = {
        "verb": timer.verb,
        "due_at": timer.due_at,
        "failures": timer.failures,
        "cause": timer.last_error[:CAUSE],
    }
    timer.failures = 0
    timer.save(update_fields=["failures"])
    act.record(timer, snapshot=snapshot)
    return timer


def retry_job_of_nobody(job: OutboxJob, *, by: User, now: datetime) -> None:
    """The same for a job that hangs on no case, as a notice about a membership: the account log keeps who did it."""
    if not may(actor_for(by, local_date(now, PARIS)), "workflows.retry_job", job):
        raise NotAllowed("workflows.retry_job")
    with recorded("workflows.retry_job", by=by, now=now) as touched:
        waiting = OutboxJob.objects.filter(pk=job.pk, case__isnull=True, state=OutboxState.INCIDENT)
        if waiting.update(state=OutboxState.PENDING, due_at=database_now(), attempts=0):
            touched.append(
                (job, {"kind": job.kind, "attempts": job.attempts, "cause": job.last_error[:CAUSE]})
            )
            transaction.on_commit(lambda: outbox.announce([job.pk]))


def read_notices(notices: QuerySet[Notification], *, now: datetime) -> int:
    """Mark a person's own notices as read; returns how many. No act on a case, so neither a verb nor in its journal."""
    return notices.filter(read_at__isnull=True).update(read_at=now)
