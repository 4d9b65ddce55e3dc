"""The notices that hang on no case (somebody asks to join an organisation): shown and mailed as those of a case are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.notices import Notice
from workflows.engine import database_now, outbox
from workflows.models import Notification, OutboxJob


def leave(notices: Iterable[Notice], *, now: datetime) -> None:
    """Write each notice and the mail that it owes, in the transaction under way; workers are told after the commit."""
    rows = [
        Notification(
            user=n.user, kind=n.kind, subject=n.subject[:250], body=n.body, link=n.link, created_at=now
        )
        for n in notices
    ]
    Notification.objects.bulk_create(rows)
    due_at = database_now()
    jobs = [OutboxJob(kind="mail", payload={"notification": str(row.pk)}, due_at=due_at) for row in rows]
    OutboxJob.objects.bulk_create(jobs)
    transaction.on_commit(lambda: outbox.announce([job.pk for job in jobs]))
