"""Compare the document store with the database: rows without their file, and files that no row points to (guarantee P48)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.storage import Storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from workflows.models import DocumentVersion
from workflows.store import digest, document_store

AT_ONCE = 1000


class Command(BaseCommand):
    """``manage.py check_documents [--bytes]``: exit status 1 when a file is missing or is not what was received.

    A file that nothing points to is only named: it was left by a refused verb, or belongs to one that is under way.
    """

    help = "Check that every document has its file, and name the files that no document points to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bytes", action="store_true", help="Read every file and compare its SHA-256.")

    def handle(self, *args: Any, bytes: bool, **options: Any) -> None:
        store, faults, count = document_store(), 0, 0
        versions = DocumentVersion.objects.select_related("document__case").order_by("path")
        rows = versions.iterator(chunk_size=AT_ONCE)
        for version in tqdm(rows, total=versions.count(), unit="file", disable=not self.stderr.isatty()):
            count += 1
            problem = _problem(store, version, read=bytes)
            if problem:
                faults += 1
                self.stderr.write(f"{version.document.case.reference}: {version.path}: {problem}")
        orphans = 0
        for path in _unknown(store):
            orphans += 1
            self.stdout.write(f"No document points to {path}")
        if faults:
            raise CommandError(f"{faults} fault(s) in {count} files.")
        self.stdout.write(f"{count} files checked, no fault; {orphans} that no document points to.")


def _problem(store: Storage, version: DocumentVersion, *, read: bool) -> str:
    try:
        if store.size(version.path) != version.size:
            return "is not as long as what was received"
        if read and digest(version) != version.sha256:
            return "is not what was received"
    except FileNotFoundError:
        return "is missing"
    return ""


def _unknown(store: Storage) -> Iterator[str]:
    """The files that no row points to, asked of the database by the thousand."""
    waiting: list[str] = []
    for path in _files(store, ""):
        waiting.append(path)
        if len(waiting) == AT_ONCE:
            yield from _without_row(waiting)
            waiting = []
    yield from _without_row(waiting)


def _without_row(paths: list[str]) -> list[str]:
    known = set(DocumentVersion.objects.filter(path__in=paths).values_list("path", flat=True))
    return [path for path in paths if path not in known]


def _files(store: Storage, folder: str) -> Iterator[str]:
    folders, names = store.listdir(folder)
    for name in sorted(names):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        yield from _files(store, f"{folder}/{name}" if folder else name)
