"""Seal the journals now: before a maintenance, or after an interruption of the hourly seal (guarantee P46)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from workflows.engine.clock import database_now
from workflows.seals import seal


class Command(BaseCommand):
    """``manage.py seal_journals``: what the clockwork does every hour, done at once."""

    help = "Seal all the journals, and write the seal out of the database."

    def handle(self, *args: Any, **options: Any) -> None:
        made = seal(now=database_now())
        self.stdout.write(f"{made.heads} journals sealed: {made.root}")
