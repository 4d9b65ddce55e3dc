"""What this version of the code would strand: tasks, timers and jobs that are under way and that it no longer knows (P23)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from workflows.engine import verbs
from workflows.engine.flow import step_of
from workflows.engine.outbox import kinds
from workflows.models import OutboxJob, OutboxState, Timer, TimerState, WorkItem, WorkItemState


def stranded_by_this_version() -> Iterator[str]:
    """Each open task without its step, timer without its verb and waiting job without its handler, in words."""
    items = WorkItem.objects.filter(state=WorkItemState.OPEN)
    for step, count in items.values_list("step").annotate(n=Count("pk")).order_by("step"):
        node = step_of(WorkItem(step=step))
        if node is None:
            yield f"{count} open task(s) wait in {step}, which the code no longer has."
            continue
        gone = {v for row in items.filter(step=step).values_list("verbs", flat=True) for v in row}
        for name in sorted(gone - set(node.on)):
            yield f"Tasks in {step} wait for {name}, which the step no longer accepts."
    timers = Timer.objects.filter(state=TimerState.PENDING).values_list("verb", flat=True).order_by("verb")
    for verb in timers.distinct():
        if verb not in verbs():
            yield f"Timers wait for the unknown verb {verb}."
    jobs = OutboxJob.objects.filter(state=OutboxState.PENDING).values_list("kind", flat=True).order_by("kind")
    for kind in jobs.distinct():
        if kind not in kinds():
            yield f"Jobs of the unknown kind {kind} are waiting."
