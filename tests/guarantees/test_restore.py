"""P48: a base backup and the archive of the log, restored elsewhere to the second before the disaster, the files included.

`make drill` does it with more dossiers, and prints what a Region asks of a backup: what is lost at most (RPO), and how long it
takes until the doors open again (RTO).
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from calls.models import Dossier
from config import embedded
from config.embedded import ADMIN, DURABLE, EmbeddedServer
from config.storages import storage_from_url
from tests.calls import story
from tests.guarantees.drill import LONG, Site, wait_for
from tests.guarantees.walk import places
from tests.world import World, make_world
from workflows import actions, seals
from workflows.engine.clock import database_now
from workflows.models import DocumentVersion, Entry

BEFORE, AFTER = (10, 10) if LONG else (1, 1)  # dossiers received before the base backup, and after it
READ = 20  # dossiers opened after the restore
CHECKS: dict[str, dict[str, Any]] = {
    "verify_journal": {},
    "check_documents": {"bytes": True},
    "check_invariants": {},
}


@dataclass
class Installation:
    """A database that archives its log, a store of documents and one of seals; their backup lies beside them."""

    folder: Path
    site: Site = field(init=False)

    def __post_init__(self) -> None:
        for name in ("archive", "backup", "documents", "seals"):
            (self.folder / name).mkdir()
            self.own(self.folder / name)
        copy = f"test ! -f {self.folder}/archive/%f && cp %p {self.folder}/archive/%f"
        self.site = Site(self.folder, archive_mode="on", archive_command=copy, archive_timeout="60")

    def own(self, path: Path) -> None:
        """Let the server's user write there, when we are root."""
        user = embedded._system_user()
        if user is not None:
            embedded._make_reachable(path)
            embedded._give(path, user)

    def back_up(self) -> None:
        """What runs every night: a base backup."""
        base = self.folder / "backup" / "base"
        source = self.site.server.url("postgres", ADMIN)
        self.site.server._run(
            *("pg_basebackup", f"--pgdata={base}", f"--dbname={source}"),
            *("--checkpoint=fast", "--wal-method=none", "--no-sync"),
        )

    def copy_files(self) -> None:
        """What runs after it, and as often as one likes: new files are copied, they never change."""
        shutil.copytree(self.folder / "documents", self.folder / "backup" / "documents", dirs_exist_ok=True)

    def archived(self) -> None:
        """Wait until all that was written so far is in the archive."""
        with self.site.server.connect() as admin:
            row = admin.execute("select pg_walfile_name(pg_switch_wal())").fetchone()
            assert row is not None
            wait_for((self.folder / "archive" / str(row[0])).exists, 60)

    def restore(self, place: Path, target: datetime) -> EmbeddedServer:
        """Another server, from the backup and the archive alone, as everything was at ``target``; the files with it."""
        server = EmbeddedServer(
            place / "postgres",
            {
                **DURABLE,
                "restore_command": f"cp {self.folder}/archive/%f %p",
                "recovery_target_time": target.isoformat(),
                "recovery_target_action": "promote",
                "archive_mode": "off",
            },
        )
        server.root.mkdir(parents=True)
        shutil.copy(self.site.server.root / "password", server.root)
        subprocess.run(["cp", "-a", self.folder / "backup" / "base", server.data], check=True)
        (server.data / "recovery.signal").touch()
        self.own(server.data)
        shutil.copytree(self.folder / "backup" / "documents", place / "documents")
        return server


@contextmanager
def stores(documents: Path, kept_seals: Path, settings: Any) -> Iterator[None]:
    """Django's stores are these."""
    before = settings.STORAGES
    settings.STORAGES = {
        **before,
        "documents": storage_from_url(f"file://{documents}"),
        "seals": storage_from_url(f"file://{kept_seals}"),
    }
    yield
    settings.STORAGES = before


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not under pytest's own, which it closes to all other users, the server's among them, whenever it starts."""
    with TemporaryDirectory(prefix="quadrige-restore-", ignore_cleanup_errors=True) as made:
        yield Path(made)


def hashes() -> dict[str, str]:
    """A hash of the rows of each of our tables."""
    with connection.cursor() as cursor:
        cursor.execute(places())
        return dict(cursor.fetchall())


def complaints() -> dict[str, str]:
    """What each of the checks has to say; nothing when all is well."""
    said = {}
    for name, options in CHECKS.items():
        errors = StringIO()
        try:
            call_command(name, stdout=StringIO(), stderr=errors, **options)
        except CommandError:
            said[name] = errors.getvalue()
    return said


def receive(world: World, call: Any, number: int) -> list[Dossier]:
    """So many dossiers, each with its files."""
    return [story.submitted_dossier(world, call, now=database_now()) for _ in range(number)]


def disaster(documents: Path) -> None:
    """What no verb does: somebody with all the rights, and no triggers, spoils rows and files."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE calls_receipt DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM calls_receipt")
        cursor.execute("ALTER TABLE workflows_entry DISABLE TRIGGER USER")
        cursor.execute("GRANT UPDATE ON workflows_entry TO CURRENT_USER")
        cursor.execute("UPDATE workflows_entry SET reasons = 'autre' WHERE seq = 1")
    shutil.rmtree(documents)
    documents.mkdir()


def open_pages(world: World, dossiers: list[Dossier]) -> None:
    """The officer opens the dossiers, the applicant a receipt."""
    officer, applicant = Client(), Client()
    officer.force_login(world.officer)
    applicant.force_login(world.applicant)
    for dossier in dossiers[:READ]:
        page = officer.get(f"/cases/{dossier.case_id}/")
        assert page.status_code in (200, 302)
        assert (
            dossier.case.reference in officer.get(f"/cases/{dossier.case_id}/", follow=True).content.decode()
        )
    assert applicant.get(f"/dossiers/{dossiers[-1].pk}/receipt/").status_code == 200


def test_p48_the_second_before_the_disaster_is_restored_elsewhere_files_included(
    folder: Path, django_db_blocker: DjangoDbBlocker, settings: Any
) -> None:
    place = Installation(folder)
    with django_db_blocker.unblock():
        with place.site.open(), stores(folder / "documents", folder / "seals", settings):
            world = make_world()
            call = story.open_call(world, now=database_now(), closes_at=database_now() + timedelta(days=30))
            dossiers = receive(world, call, BEFORE)
            place.back_up()
            dossiers += receive(world, call, AFTER)
            seals.seal(now=database_now())
            place.copy_files()
            assert complaints() == {}
            kept, written = hashes(), database_now()
            # The disaster strikes more than a second after the last write, at an instant that the database tells.
            wait_for(lambda: database_now() > written + timedelta(seconds=1.1), 30)
            struck = database_now()
            disaster(folder / "documents")
            assert complaints().keys() == CHECKS.keys(), "the checks see what there is to see"
            place.archived()
        started = time.monotonic()
        elsewhere = place.restore(folder / "elsewhere", struck - timedelta(seconds=1))
        restored = Site.on(elsewhere)
        with restored.open(), stores(folder / "elsewhere" / "documents", folder / "seals", settings):
            wait_for(promoted, 120, elsewhere.data / "server.log")
            assert hashes() == kept
            assert complaints() == {}
            open_pages(world, dossiers)
            open_again = time.monotonic() - started
            versions = DocumentVersion.objects.count()
            assert versions >= len(dossiers)
            # and it is a database to go on with
            actions.send_message(dossiers[0].case, by=world.officer, now=database_now(), body="Nous revoilà.")
            lost = struck - Entry.objects.exclude(recorded_at__gt=struck).latest("recorded_at").recorded_at
    said = f"RPO 1 s by choice (last act kept: {lost.total_seconds():.1f} s before); RTO {open_again:.1f} s"
    print(f"\n{said}, {len(dossiers)} dossiers, {versions} files")  # noqa: T201 (what a drill is for)


def promoted() -> bool:
    """Whether the recovery has come to its end, and the server takes writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT pg_is_in_recovery()")
        return bool(cursor.fetchone()[0])
