"""The deploy gate (guarantee P23): refuse a version that would strand a task already under way."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflows.inflight import stranded_by_this_version
from workflows.models import WorkItem, WorkItemState


class Command(BaseCommand):
    """Every open work item has its step, every timer its verb, every waiting job its handler."""

    help = "Fail if an open task, timer or job refers to something that the code no longer has."

    def handle(self, *args: Any, **options: Any) -> None:
        problems = list(stranded_by_this_version())
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError("This version would strand work under way.")
        count = WorkItem.objects.filter(state=WorkItemState.OPEN).count()
        self.stdout.write(f"{count} open tasks: all have their step.")
