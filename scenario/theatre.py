"""Time in the scenario: stories take turns on one clock, timers fire when they are due, jobs are done at once.

A story is a generator: it yields the next instant at which it wants to act, and acts when it is resumed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count

from workflows.engine import outbox, timers
from workflows.models import OutboxJob, OutboxState, Timer, TimerState

Story = Iterator[datetime]


class Unplayed(Exception):
    """A timer was refused or a job failed: the scenario has a hole."""


class Theatre:
    """Runs stories in the order of time, up to ``until``; what would come later does not happen."""

    def __init__(self, *, until: datetime, tell: Callable[[datetime], None] = lambda now: None) -> None:
        self.until, self.tell = until, tell
        self._turns: list[tuple[datetime, int, Story]] = []
        self._order = count()
        self.now: datetime | None = None

    def add(self, story: Story) -> None:
        """Let a story begin; it may be added while others run."""
        self._next(story)

    def run(self) -> None:
        """Play to the end."""
        while self._turns:
            now, _, story = heapq.heappop(self._turns)
            self._pass_time(now)
            self.tell(now)
            self._next(story)
            self.settle()
        self._pass_time(self.until)
        self.settle()

    def _next(self, story: Story) -> None:
        at = next(story, None)
        if at is not None and at <= self.until:
            heapq.heappush(self._turns, (max(at, self.now or at), next(self._order), story))

    def _pass_time(self, now: datetime) -> None:
        """Fire what falls due on the way, each timer at its own instant."""
        while True:
            timer = (
                Timer.objects.filter(state=TimerState.PENDING, due_at__lte=now)
                .order_by("due_at", "id")
                .first()
            )
            if timer is None:
                break
            at = max(timer.due_at, self.now or timer.due_at)
            if not timers.fire(timer, now=at):
                timer.refresh_from_db()
                raise Unplayed(f"{timer.verb} on {timer.case.reference}: {timer.last_error}")
            self.now = at
            self.settle()
        self.now = max(now, self.now or now)

    def settle(self) -> None:
        """Do the jobs that are owed: letters, scans, effects of a vote, and mails (which leave nothing behind here)."""
        while True:
            owed = OutboxJob.objects.filter(state=OutboxState.PENDING).order_by("due_at", "id")
            jobs = list(owed.values_list("pk", flat=True)[:200])
            if not jobs:
                return
            for job in jobs:
                if not outbox.deliver(job):
                    failed = OutboxJob.objects.get(pk=job)
                    raise Unplayed(f"{failed.kind} on {failed.case}: {failed.last_error or failed.due_at}")
