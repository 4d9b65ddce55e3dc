"""The outbox: jobs written in the verb's transaction, done by workers, never lost (guarantees P04, P05, P07, P12).

A job is leased, performed, then marked done: a worker that dies in between leaves a lease that runs out, and the
sweeper gives the job to another. Handlers are idempotent. After ``MAX_ATTEMPTS``, failures or deaths of the worker, a job is
an incident that a person sees.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from queue import Full, Queue
from threading import Lock, Thread
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.db.models import F

from workflows.engine.clock import database_now
from workflows.models import OutboxJob, OutboxState

log = logging.getLogger(__name__)

DELIVER = "workflows.deliver_job"  # the task's name: the engine does not know the workers' code
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 5

Handler = Callable[[OutboxJob], None]
_HANDLERS: dict[str, Handler] = {}

#: What the workers of this process are still to be told; what does not fit in is left to the sweeper.
_untold: Queue[UUID] = Queue(maxsize=1000)
_starting = Lock()
_teller: Thread | None = None


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of ``kind``. It may be called more than once for the same job."""

    def register(function: Handler) -> Handler:
        if kind in _HANDLERS:
            raise AssertionError(f"Two handlers for {kind}.")
        _HANDLERS[kind] = function
        return function

    return register


def kinds() -> frozenset[str]:
    """The kinds of jobs that somebody can do."""
    return frozenset(_HANDLERS)


def announce(ids: Iterable[UUID]) -> None:
    """Have the workers told that jobs are waiting, without waiting for the broker oneself.

    A broker that is down, or that does not answer, costs only time: the sweeper finds the jobs (P05).
    """
    global _teller
    for job in ids:
        try:
            _untold.put_nowait(job)
        except Full:
            log.warning("The broker is too slow; the sweeper will deliver.")
            break
    with _starting:
        if _teller is None or not _teller.is_alive():  # a forked process has none of its own
            _teller = Thread(target=_tell, name="outbox", daemon=True)
            _teller.start()


def _tell() -> None:
    """Pass on to the broker what was announced, for the life of the process."""
    while True:
        job = _untold.get()
        try:
            current_app.send_task(DELIVER, kwargs={"job_id": str(job)}, retry=False)
        except Exception:  # the broker's own errors have no common base
            log.warning("The broker is unreachable; the sweeper will deliver.", exc_info=True)


def deliver(job_id: UUID | str, *, now: datetime | None = None) -> bool:
    """Do one job if it is due and nobody else holds it; returns whether it was done. Failures are recorded."""
    now = now or database_now()
    with transaction.atomic():
        job = (
            OutboxJob.objects.select_for_update(skip_locked=True)
            .filter(pk=job_id, state=OutboxState.PENDING, due_at__lte=now)
            .first()
        )
        if job is None:
            return False
        if job.attempts >= MAX_ATTEMPTS:  # each attempt took its lease and none came back to say how it ended
            job.state, job.last_error = OutboxState.INCIDENT, "Every worker that tried it died."
            job.save(update_fields=["state", "last_error"])
            return False
        job.attempts += 1
        job.due_at = now + LEASE
        job.save(update_fields=["attempts", "due_at"])
    try:
        _HANDLERS[job.kind](job)
    except Exception as error:
        _failed(job, error, now)
        return False
    OutboxJob.objects.filter(pk=job.pk).update(state=OutboxState.DONE, done_at=database_now(), last_error="")
    return True


def _failed(job: OutboxJob, error: Exception, now: datetime) -> None:
    log.exception("Job %s (%s) failed, attempt %s", job.pk, job.kind, job.attempts)
    given_up = job.attempts >= MAX_ATTEMPTS
    OutboxJob.objects.filter(pk=job.pk).update(
        state=OutboxState.INCIDENT if given_up else OutboxState.PENDING,
        due_at=now + timedelta(seconds=30 * 2**job.attempts),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def sweep(*, now: datetime | None = None, limit: int = 500) -> int:
    """Do what is due, oldest first; returns how many jobs were done."""
    now = now or database_now()
    due = (
        OutboxJob.objects.filter(state=OutboxState.PENDING, due_at__lte=now)
        .order_by(F("due_at"), "id")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(deliver(job, now=now) for job in list(due))
