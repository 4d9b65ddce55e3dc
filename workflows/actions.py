"""The verbs of any case: claim, hand over, write, attach a letter, record what the antivirus found."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import organisation_audience, post_audience
from accounts.models import User
from workflows.engine import Act, Reason, StoredFile, action
from workflows.models import (
    Case,
    Document,
    DocumentVersion,
    Message,
    Notification,
    ScanState,
    WorkItem,
    WorkItemState,
)
from workflows.queries import has_document, may_take


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


def read_notices(notices: QuerySet[Notification], *, now: datetime) -> int:
    """Mark a person's own notices as read; returns how many. No act on a case, so neither a verb nor in its journal."""
    return notices.filter(read_at__isnull=True).update(read_at=now)
