"""Check what must hold in the whole database; exit status 1 when something does not (guarantees P14, P15, P33, P48)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contracts.invariants import faults
from workflows.engine.clock import database_now
from workflows.inflight import stranded_by_this_version
from workflows.models import Case


class Command(BaseCommand):
    """``manage.py check_invariants``: money, signatures, receipts, next steps; it reads, and takes no lock.

    The journals have their own command, ``verify_journal``, and the files theirs, ``check_documents``.
    """

    help = (
        "Check money bounds, receipts, the two people of each decision, and that every open dossier goes on."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for fault in (*faults(database_now()), *stranded_by_this_version()):
            count += 1
            self.stderr.write(fault)
        if count:
            raise CommandError(f"{count} fault(s) in {Case.objects.count()} cases.")
        self.stdout.write(f"{Case.objects.count()} cases checked, no fault.")
