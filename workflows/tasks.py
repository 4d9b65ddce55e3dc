"""Celery entry points; everything they do can be done twice."""

from __future__ import annotations

from celery import shared_task

from workflows import seals
from workflows.engine import outbox, timers
from workflows.engine.clock import database_now


@shared_task(name=outbox.DELIVER)
def deliver_job(*, job_id: str, **_extra: object) -> bool:
    """Do one job of the outbox."""
    return outbox.deliver(job_id)


@shared_task(name="workflows.sweep")
def sweep(**_extra: object) -> int:
    """Do what no worker was told of, or did not finish."""
    return outbox.sweep()


@shared_task(name="workflows.fire_timers")
def fire_timers(**_extra: object) -> int:
    """Let due timers act."""
    return timers.fire_due(now=database_now())


@shared_task(name="workflows.seal_journals")
def seal_journals(**_extra: object) -> str:
    """Seal all the journals and write the seal out of the database."""
    return seals.seal(now=database_now()).root
