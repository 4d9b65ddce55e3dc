"""Verify the journals: names each dossier with a fault and its first bad entry; exit status 1 when there is one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from workflows.engine.journal import check
from workflows.models import Case
from workflows.seals import verify_seals


class Command(BaseCommand):
    """``manage.py verify_journal [REFERENCE …]``: chains of the named cases (all by default), then the seals."""

    help = "Verify the hash chain of every case, and the seals kept outside the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("references", nargs="*", help="References of cases; all of them by default.")
        parser.add_argument("--no-seals", action="store_true", help="Check the chains only.")

    def handle(self, *args: Any, references: list[str], no_seals: bool, **options: Any) -> None:
        cases = Case.objects.all()
        if references:
            cases = cases.filter(reference__in=references)
        total, faults = cases.count(), 0
        for checked in tqdm(check(cases), total=total, unit="case", disable=not self.stderr.isatty()):
            if fault := checked.fault:
                faults += 1
                self.stderr.write(f"{fault.case.reference}: entry {fault.seq}: {fault.problem}")
        if not no_seals and not references:
            for broken in verify_seals():
                faults += 1
                where = f"{_reference(broken.case_id)}: entry {broken.seq}: " if broken.case_id else ""
                self.stderr.write(f"{where}{broken.problem} (seal {broken.sealed})")
        if faults:
            raise CommandError(f"{faults} fault(s) in {total} journals.")
        self.stdout.write(f"{total} journals verified, no fault.")


def _reference(case_id: str) -> str:
    """The reference of a case; its identifier when the case itself is gone."""
    return Case.objects.filter(pk=case_id).values_list("reference", flat=True).first() or case_id
