"""The deploy gate (guarantee P23): refuse a version that would strand a task already under way."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from workflows.engine import verbs
from workflows.engine.flow import step_of
from workflows.engine.outbox import kinds
from workflows.models import OutboxJob, OutboxState, Timer, TimerState, WorkItem, WorkItemState


class Command(BaseCommand):
    """Every open work item has its step, every timer its verb, every waiting job its handler."""

    help = "Fail if an open task, timer or job refers to something that the code no longer has."

    def handle(self, *args: Any, **options: Any) -> None:
        problems: list[str] = []
        items = WorkItem.objects.filter(state=WorkItemState.OPEN)
        for step, count in items.values_list("step").annotate(n=Count("pk")).order_by("step"):
            node = step_of(WorkItem(step=step))
            if node is None:
                problems.append(f"{count} open task(s) wait in {step}, which the code no longer has.")
                continue
            gone = {v for row in items.filter(step=step).values_list("verbs", flat=True) for v in row}
            for name in sorted(gone - set(node.on)):
                problems.append(f"Tasks in {step} wait for {name}, which the step no longer accepts.")
        timers = (
            Timer.objects.filter(state=TimerState.PENDING).values_list("verb", flat=True).order_by("verb")
        )
        problems += [f"Timers wait for the unknown verb {v}." for v in timers.distinct() if v not in verbs()]
        jobs = (
            OutboxJob.objects.filter(state=OutboxState.PENDING)
            .values_list("kind", flat=True)
            .order_by("kind")
        )
        problems += [
            f"Jobs of the unknown kind {k} are waiting." for k in jobs.distinct() if k not in kinds()
        ]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError("This version would strand work under way.")
        self.stdout.write(f"{items.count()} open tasks: all have their step.")
