"""P46: whoever changes the past is found, by us and without us."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.storages import storage_from_url
from tests.world import NOW, World
from workflows import actions, seals
from workflows.engine import Refused, outbox
from workflows.engine.journal import append, verify
from workflows.evidence import write_bundle
from workflows.models import Case, DocumentVersion, Entry, Readers
from workflows.store import store_bytes


@pytest.fixture(autouse=True)
def kept_elsewhere(tmp_path: Path, settings: Any) -> Path:
    """The external store of the seals, for one test."""
    folder = tmp_path / "seals"
    settings.STORAGES = {**settings.STORAGES, "seals": storage_from_url(f"file://{folder}")}
    return folder


@pytest.fixture
def told(world: World, case: Case) -> Case:
    """A case with five entries, one of them a file."""
    for number in range(4):
        actions.send_message(
            case, by=world.officer, now=NOW + timedelta(hours=number), body=f"Message {number}"
        )
    stored = store_bytes(case, "note", "note.pdf", b"%PDF-1.7 a note", "application/pdf")
    actions.attach_letter(case, by=None, now=NOW, code="note", title="Note", file=stored)
    case.refresh_from_db()
    return case


def tamper(*statements: str) -> None:
    """Change the journal as somebody who owns the table and switched its triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("GRANT ALL ON workflows_entry TO CURRENT_USER")
        cursor.execute("ALTER TABLE workflows_entry DISABLE TRIGGER append_only")
        cursor.execute("SELECT set_config('quadrige.verb', 'tamper', true)")
        for statement in statements:
            cursor.execute(statement)


TAMPERINGS = {
    "edit": (["UPDATE workflows_entry SET reasons = 'autre' WHERE seq = 3"], 3),
    "edit what was decided on": (
        ["UPDATE workflows_entry SET snapshot = jsonb_set(snapshot, '{body}', '\"autre\"') WHERE seq = 2"],
        2,
    ),
    "change who": (["UPDATE workflows_entry SET actor_name = 'Personne' WHERE seq = 1"], 1),
    "delete the middle": (
        ["DELETE FROM workflows_outboxjob", "DELETE FROM workflows_entry WHERE seq = 3"],
        3,
    ),
    "delete the last": (
        ["DELETE FROM workflows_outboxjob", "DELETE FROM workflows_entry WHERE seq = 5"],
        5,
    ),
    "reorder": (
        [
            "UPDATE workflows_entry SET seq = 99 WHERE seq = 2",
            "UPDATE workflows_entry SET seq = 2 WHERE seq = 3",
            "UPDATE workflows_entry SET seq = 3 WHERE seq = 99",
        ],
        2,
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_p46_each_tampering_is_named(told: Case, name: str) -> None:
    assert list(verify()) == []
    statements, first_bad = TAMPERINGS[name]
    tamper(*statements)
    (fault,) = verify()
    assert (fault.case.reference, fault.seq) == (told.reference, first_bad)


def test_p46_a_rewritten_chain_needs_the_external_seal(told: Case) -> None:
    seals.seal(now=NOW + timedelta(days=1))
    assert list(seals.verify_seals()) == []
    entries = list(Entry.objects.filter(case=told).order_by("seq"))
    tamper("DELETE FROM workflows_outboxjob", "DELETE FROM workflows_entry")
    told.head_seq, told.head_hash = 0, "0" * 64
    for entry in entries:
        entry.pk = None
        entry.reasons = "réécrit"
        append(told, entry)
    assert list(verify()) == []  # the chain alone cannot tell: it is consistent again
    (fault,) = seals.verify_seals()
    assert (fault.case_id, fault.seq, fault.problem) == (str(told.pk), 5, "journal was rewritten")
    with pytest.raises(CommandError):
        call_command("verify_journal")


def unpack(case: Case, folder: Path, readable: Collection[str] = Readers.values) -> None:
    stream = io.BytesIO()
    write_bundle(stream, case, now=NOW, by="Une auditrice", readable=readable)
    with zipfile.ZipFile(stream) as archive:
        archive.extractall(folder)


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the bundle's own verifier, with nothing of ours on its path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")], capture_output=True, text=True, check=False
    )


def test_the_bundle_leaves_out_what_its_taker_may_not_read_and_verifies_all_the_same(
    told: Case, tmp_path: Path
) -> None:
    unpack(told, tmp_path, readable=[Readers.STAFF])
    (line,) = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert not line["included"]
    assert not (tmp_path / line["path"]).exists()
    assert check(tmp_path).returncode == 0


def test_the_bundle_verifies_without_us(told: Case, tmp_path: Path) -> None:
    seals.seal(now=NOW + timedelta(days=1))
    unpack(told, tmp_path)
    done = check(tmp_path)
    assert (done.returncode, done.stdout) == (
        0,
        f"Conforme : {told.reference}, 5 lignes de journal, 1 fichiers, 1 sceaux.\n",
    )


def test_the_bundle_shows_a_changed_file_and_a_changed_line(told: Case, tmp_path: Path) -> None:
    unpack(told, tmp_path)
    path = next((tmp_path / "files").rglob("*.pdf"))
    path.write_bytes(b"%PDF-1.7 another note")
    journal = json.loads((tmp_path / "journal.json").read_text())
    journal[2]["reasons"] = "autre"
    (tmp_path / "journal.json").write_text(json.dumps(journal))
    done = check(tmp_path)
    assert done.returncode == 1
    assert "contenu modifié" in done.stdout
    assert "journal, ligne 3" in done.stdout


def test_a_produced_document_is_attached_once(world: World, case: Case) -> None:
    stored = store_bytes(case, "note", "note.pdf", b"%PDF-1.7 a note", "application/pdf")
    actions.attach_letter(case, by=None, now=NOW, code="note", title="Note", file=stored)
    with pytest.raises(Refused):
        actions.attach_letter(case, by=None, now=NOW, code="note", title="Note", file=stored)
    assert (DocumentVersion.objects.count(), Entry.objects.count()) == (1, 1)


def test_mail_leaves_once_with_its_identity(world: World, case: Case, mailoutbox: list) -> None:
    actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
    assert outbox.sweep() == 2
    assert outbox.sweep() == 0
    assert sorted(m.to[0] for m in mailoutbox) == sorted(
        [world.applicant.email, world.applicant_editor.email]
    )
    assert all(m.subject.startswith("[PRIC-TEST]") for m in mailoutbox)
