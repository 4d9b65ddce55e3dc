"""Firing what is due: each timer once, whatever the number of schedulers, late ones in order (guarantee P19)."""

from __future__ import annotations

import logging
from datetime import datetime

from django.apps import apps
from django.db.models import F

from workflows.engine.action import verb
from workflows.engine.errors import Conflict, VerbError
from workflows.models import Timer, TimerState

log = logging.getLogger(__name__)

MAX_FAILURES = 5


def fire(timer: Timer, *, now: datetime) -> bool:
    """Perform the timer's verb as the system; returns whether it took place. A refusal is kept on the timer."""
    row = apps.get_model(timer.object_type)._base_manager.get(pk=timer.object_id)
    try:
        verb(timer.verb).run(row, by=None, now=now, timer=timer)
    except Conflict:
        return False  # the case is busy: the next sweep tries again; or the timer is no longer due
    except VerbError as error:
        log.warning("Timer %s (%s) was refused: %s", timer.pk, timer.verb, error)
        Timer.objects.filter(pk=timer.pk).update(failures=F("failures") + 1, last_error=str(error)[:2000])
        return False
    return True


def fire_due(*, now: datetime, limit: int = 500) -> int:
    """Fire the timers due at ``now``, oldest first; returns how many fired."""
    due = Timer.objects.filter(state=TimerState.PENDING, due_at__lte=now, failures__lt=MAX_FAILURES).order_by(
        "due_at", "id"
    )[:limit]
    return sum(fire(timer, now=now) for timer in list(due))
