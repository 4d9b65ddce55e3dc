"""The evidence bundle: everything that proves a case, checkable by anybody with Python alone.

``manifest.json`` names every file with its SHA-256; ``journal.json`` holds the chain in canonical form; ``seals.json`` the
seals that cover it; ``files/`` the documents; ``verify.py`` checks all of it and needs neither us nor Django.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import storages

from workflows.engine.journal import content, stamp
from workflows.models import Case, DocumentVersion, Entry, ScanState, Seal
from workflows.store import open_version

VERIFIER = Path(__file__).with_name("evidence_verify.py")


def journal_of(case: Case) -> list[dict[str, Any]]:
    """The case's entries with their hashes, first one first."""
    return [
        {**content(entry), "previous_hash": entry.previous_hash, "hash": entry.hash}
        for entry in Entry.objects.filter(case=case).order_by("seq")
    ]


def seals_of(case: Case) -> Iterator[dict[str, Any]]:
    """The external copies of the seals that cover the case."""
    for seal in Seal.objects.exclude(stored_as="").order_by("at"):
        with storages["seals"].open(seal.stored_as) as stream:
            kept = json.loads(stream.read())
        if any(head[0] == str(case.pk) for head in kept["heads"]):
            yield kept


def write_bundle(stream: Any, case: Case, *, now: datetime, by: str, readable: Collection[str]) -> None:
    """Write the bundle of ``case`` as a ZIP into a binary ``stream``, file by file.

    ``readable`` says which documents, by their readers (:class:`Readers`), are for whoever takes it; the manifest names the
    others with their SHA-256, and their content stays out.
    """
    manifest: dict[str, Any] = {
        "reference": case.reference,
        "case": str(case.pk),
        "title": case.title,
        "region": case.region.name,
        "taken_at": stamp(now),
        "taken_by": by,
        "head": {"seq": case.head_seq, "hash": case.head_hash},
        "files": [],
    }
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        versions = DocumentVersion.objects.filter(document__case=case).select_related("document")
        for version in versions.order_by("document__code", "document_id", "number"):
            line: dict[str, Any] = {
                "path": f"files/{version.document.code}/{version.document_id}-v{version.number}{Path(version.name).suffix}",
                "name": version.name,
                "label": version.document.label,
                "version": version.number,
                "sha256": version.sha256,
                "size": version.size,
                "received_at": stamp(version.uploaded_at),
                "included": version.scan != ScanState.INFECTED and version.document.audience in readable,
            }
            manifest["files"].append(line)
            if line["included"]:
                with open_version(version) as source, archive.open(line["path"], "w") as target:
                    for chunk in iter(lambda: source.read(1 << 20), b""):
                        target.write(chunk)
        for name, data in (
            ("manifest.json", manifest),
            ("journal.json", journal_of(case)),
            ("seals.json", list(seals_of(case))),
        ):
            archive.writestr(name, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True))
        archive.write(VERIFIER, "verify.py")
