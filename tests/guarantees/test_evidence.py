"""P46: whoever changes the past is found, by us and without us."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.storages import storage_from_url
from tests import servers
from tests.world import NOW, World, opened
from workflows import actions, seals
from workflows.engine import Refused, outbox
from workflows.engine.journal import append, merkle_root, verify
from workflows.evidence import write_bundle
from workflows.models import Case, DocumentVersion, Entry, Readers, Seal
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
        for table in ("workflows_entry", "workflows_seal"):
            cursor.execute(f"GRANT ALL ON {table} TO CURRENT_USER")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute("SELECT set_config('quadrige.verb', 'tamper', true)")
        for statement in statements:
            cursor.execute(statement)


#: What an entry holds, but for its place in the journal.
COLUMNS = ", ".join(f.column for f in Entry._meta.concrete_fields if f.name not in ("id", "seq"))

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
    "insert": (
        [
            "UPDATE workflows_entry SET seq = seq + 100 WHERE seq > 2",
            "UPDATE workflows_entry SET seq = seq - 99 WHERE seq > 100",
            f"INSERT INTO workflows_entry (seq, {COLUMNS}) SELECT 3, {COLUMNS} FROM workflows_entry WHERE seq = 2",
        ],
        3,
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


def test_p46_entries_swapped_between_dossiers_are_named(world: World, told: Case) -> None:
    with opened():
        other = Case.objects.create(
            region=world.region, kind=told.kind, reference="PRIC-AUTRE", title="Autre", opened_at=NOW
        )
    for number in range(3):
        actions.send_message(other, by=world.officer, now=NOW, body=f"Autre {number}")
    tamper(
        f"UPDATE workflows_entry SET seq = 99 WHERE seq = 2 AND case_id = '{told.pk}'",
        f"UPDATE workflows_entry SET case_id = '{told.pk}' WHERE seq = 2 AND case_id = '{other.pk}'",
        f"UPDATE workflows_entry SET case_id = '{other.pk}', seq = 2 WHERE seq = 99",
    )
    assert {(fault.case.reference, fault.seq) for fault in verify()} == {("PRIC-TEST", 2), ("PRIC-AUTRE", 2)}


def rewrite_everything(case: Case) -> None:
    """Another past, hash by hash, as who has all the rights and our code could write it."""
    entries = list(Entry.objects.filter(case=case).order_by("seq"))
    tamper("DELETE FROM workflows_outboxjob", "DELETE FROM workflows_entry")
    case.head_seq, case.head_hash = 0, "0" * 64
    for entry in entries:
        entry.pk = None
        entry.reasons = "réécrit"
        append(case, entry)


def restore_an_old_backup(case: Case) -> None:
    """The database as it was at its third act: what came after is not there, nor the seal that covered it."""
    third = Entry.objects.get(case=case, seq=3)
    tamper(
        "DELETE FROM workflows_outboxjob",
        "DELETE FROM workflows_entry WHERE seq > 3",
        "DELETE FROM workflows_seal",
        f"UPDATE workflows_case SET head_seq = 3, head_hash = '{third.hash}'",
    )


def complaint() -> str:
    """What `verify_journal` has to say; nothing when it finds no fault."""
    said = io.StringIO()
    try:
        call_command("verify_journal", stdout=io.StringIO(), stderr=said)
    except CommandError:
        return said.getvalue()
    return ""


@pytest.mark.parametrize(
    ("tampering", "problem"),
    [
        (rewrite_everything, "journal was rewritten"),
        (restore_an_old_backup, "sealed entry is missing"),
    ],
)
def test_p46_what_the_chains_cannot_tell_the_external_seal_does(
    told: Case, kept_elsewhere: Path, tampering: Callable[[Case], None], problem: str
) -> None:
    seals.seal(now=NOW + timedelta(days=1))
    assert complaint() == ""
    tampering(told)
    assert list(verify()) == []  # the chain alone cannot tell: it is consistent again
    assert complaint().startswith(f"PRIC-TEST: entry 5: {problem} (seal 2026/03/03/")
    rmtree(kept_elsewhere)
    rows = Seal.objects.count()  # the witness: without what is kept elsewhere, nobody would know what it said
    assert complaint().count("the external copy of this seal is missing") == rows
    tamper("DELETE FROM workflows_seal")
    assert complaint() == ""


@pytest.mark.parametrize("stamped", [False, True])
def test_p46_a_seal_rewritten_with_the_journal_bears_the_stamp_of_another_root(
    told: Case, kept_elsewhere: Path, tmp_path: Path, settings: Any, stamped: bool
) -> None:
    """Even who could write to the external store as well could not have the authority stamp it for yesterday."""
    with servers.timestamps(tmp_path) as address:
        settings.TIMESTAMP_URL = address if stamped else ""
        seal = seals.seal(now=NOW + timedelta(days=1))
    rewrite_everything(told)
    path = kept_elsewhere / seal.stored_as
    forged = json.loads(path.read_text()) | {"heads": seals.heads(), "root": merkle_root(seals.heads())[0]}
    path.write_text(json.dumps(forged))
    assert complaint() == f"the seal does not match its own root (seal {seal.stored_as})\n"
    tamper(f"UPDATE workflows_seal SET root = '{forged['root']}'")
    assert ("the time stamp is over something else" in complaint()) is stamped
    path.write_text("{}")
    assert complaint() == f"cannot be read as a seal (seal {seal.stored_as})\n"


def stamped_by(authority: Path, folder: Path, data: str = "seal-1.txt") -> subprocess.CompletedProcess[str]:
    """What openssl, which knows nothing of us, says of the stamp in an evidence bundle."""
    command = ["openssl", "ts", "-verify", "-in", "seal-1.tsr", "-data", data, "-CAfile", str(authority)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_p46_the_seal_of_a_bundle_is_checked_by_openssl_alone(
    told: Case, tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "authority").mkdir()
    with servers.timestamps(tmp_path / "authority") as settings.TIMESTAMP_URL:
        seal = seals.seal(now=NOW + timedelta(days=1))
    bundle, authority = tmp_path / "bundle", tmp_path / "authority" / "ca.pem"
    unpack(told, bundle)
    assert check(bundle).returncode == 0
    assert (bundle / "seal-1.txt").read_text() == seal.root
    assert "Verification: OK" in stamped_by(authority, bundle).stdout
    (bundle / "other.txt").write_text(seal.root[::-1])
    assert stamped_by(authority, bundle, "other.txt").returncode != 0
    (tmp_path / "impostor").mkdir()
    with servers.timestamps(tmp_path / "impostor"):
        assert stamped_by(tmp_path / "impostor" / "ca.pem", bundle).returncode != 0


def test_a_stamp_covers_its_own_root_only(tmp_path: Path, settings: Any) -> None:
    with servers.timestamps(tmp_path) as settings.TIMESTAMP_URL:
        token = seals.timestamp("a" * 64)
        assert (seals.covers(token, "a" * 64), seals.covers(token, "b" * 64)) == (True, False)
    assert not seals.covers(b"no stamp", "a" * 64)


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
