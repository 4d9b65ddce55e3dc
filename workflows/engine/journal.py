"""Writing and checking the journal: one SHA-256 chain per case (guarantee P46).

``hash = SHA-256(previous hash ‖ canonical JSON of the entry)``. The canonical form is UTF-8 JSON with sorted keys,
no spaces, and instants in UTC with microseconds, so that anybody can verify it without this code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows.models import Case, Entry

GENESIS = "0" * 64


def plain(value: Any) -> Any:
    """Turn a snapshot into JSON that PostgreSQL gives back unchanged: money and dates become text.

    Raises TypeError for a float (money is Decimal) and for anything without an exact text form.
    """
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value).replace("\x00", "")
        case Decimal():
            return format(value, "f")
        case datetime():
            return stamp(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(v) for v in value]
        case float():
            raise TypeError("A snapshot holds no float: amounts are Decimal.")
    if hasattr(value, "__proxy__") or type(value).__name__ == "__proxy__":
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a snapshot.")


def stamp(instant: datetime) -> str:
    """An instant as canonical text: UTC, microseconds, e.g. ``2026-11-23T16:43:34.000000Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def content(entry: Entry) -> dict[str, Any]:
    """The part of an entry that its hash covers."""
    return {
        "case": str(entry.case_id),
        "seq": entry.seq,
        "at": stamp(entry.at),
        "recorded_at": stamp(entry.recorded_at),
        "actor": str(entry.actor_id) if entry.actor_id else None,
        "actor_name": entry.actor_name,
        "capacity": entry.capacity,
        "verb": entry.verb,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "reasons": entry.reasons,
        "snapshot": entry.snapshot,
        "files": entry.files,
        "idempotency_key": entry.idempotency_key,
    }


def canonical(data: Mapping[str, Any]) -> bytes:
    """Canonical JSON bytes of ``data``."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entry_hash(previous: str, entry: Entry) -> str:
    """The hash that chains ``entry`` to the one before it."""
    return hashlib.sha256(previous.encode() + canonical(content(entry))).hexdigest()


def append(case: Case, entry: Entry) -> Entry:
    """Write ``entry`` at the head of the locked ``case``: an insert and an update of the head."""
    entry.case = case
    entry.seq = case.head_seq + 1
    entry.previous_hash = case.head_hash
    entry.hash = entry_hash(case.head_hash, entry)
    entry.save(force_insert=True)
    case.head_seq, case.head_hash = entry.seq, entry.hash
    case.save(update_fields=["head_seq", "head_hash", "title", "closed_at", "organisation"])
    return entry


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong in a case's journal."""

    case: Case
    seq: int
    problem: str


def verify_case(case: Case, entries: Iterable[Entry]) -> Fault | None:
    """Check one chain: sequence without gap, each hash, and the head kept on the case. ``None`` when sound."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.seq != expected:
            return Fault(case, expected, "missing or out of order")
        if entry.previous_hash != previous:
            return Fault(case, entry.seq, "does not follow the entry before it")
        if entry.hash != entry_hash(previous, entry):
            return Fault(case, entry.seq, "content changed")
        previous, expected = entry.hash, expected + 1
    if case.head_seq != expected - 1 or case.head_hash != previous:
        return Fault(case, expected, "the end of the journal is missing")
    return None


def verify(cases: Iterable[Case] | None = None) -> Iterator[Fault]:
    """Check the journals of ``cases`` (all by default) in constant memory, yielding the first fault of each."""
    for case in cases if cases is not None else Case.objects.order_by("pk").iterator(chunk_size=500):
        fault = verify_case(case, Entry.objects.filter(case=case).order_by("seq").iterator(chunk_size=2000))
        if fault:
            yield fault


def merkle_root(heads: Iterable[tuple[str, int, str]]) -> tuple[str, int]:
    """The Merkle root over ``(case id, sequence, head hash)`` sorted by case id, and the number of leaves."""
    level = [hashlib.sha256(f"{case}:{seq}:{head}".encode()).digest() for case, seq, head in sorted(heads)]
    count = len(level)
    if not level:
        return GENESIS, 0
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [
            hashlib.sha256(left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)
        ]
    return level[0].hex(), count
