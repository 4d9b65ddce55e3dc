"""Writing and checking the journal: one SHA-256 chain per case (guarantee P46).

``hash = SHA-256(previous hash ‖ canonical JSON of the entry)``. The canonical form is UTF-8 JSON with sorted keys,
no spaces, and instants in UTC with microseconds, so that anybody can verify it without this code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

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
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def content(entry: Entry) -> dict[str, Any]:
    """The part of an entry that its hash covers."""
    return _covered(*(getattr(entry, name) for name in COVERED))


#: The fields of an entry that its hash covers, in the order in which ``_covered`` takes them.
COVERED = (
    "case_id",
    "seq",
    "at",
    "recorded_at",
    "actor_id",
    "actor_name",
    "capacity",
    "verb",
    "object_type",
    "object_id",
    "from_state",
    "to_state",
    "reasons",
    "snapshot",
    "files",
    "idempotency_key",
)


def _covered(
    case: UUID, seq: int, at: datetime, recorded_at: datetime, actor: UUID | None, *others: Any
) -> dict[str, Any]:
    return {
        "case": str(case),
        "seq": seq,
        "at": stamp(at),
        "recorded_at": stamp(recorded_at),
        "actor": str(actor) if actor else None,
        **dict(zip(COVERED[5:], others, strict=True)),
    }


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_decode = json.JSONDecoder().raw_decode


def canonical(data: Mapping[str, Any]) -> bytes:
    """Canonical JSON bytes of ``data``."""
    return _encode(data).encode()


def _hash(previous: str, covered: Mapping[str, Any]) -> str:
    return sha256(previous.encode() + canonical(covered)).hexdigest()


def entry_hash(previous: str, entry: Entry) -> str:
    """The hash that chains ``entry`` to the one before it."""
    return _hash(previous, content(entry))


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


@dataclass(frozen=True)
class Checked:
    """One journal that was checked: of which case, how many entries it holds, and its first fault if it has one."""

    case_id: UUID
    entries: int
    fault: Fault | None


def check(cases: QuerySet[Case] | None = None) -> Iterator[Checked]:
    """Check the journals of ``cases`` (all by default), in the order of their ids, in constant memory.

    One statement reads the cases' heads and their entries, hence one snapshot: an act that takes place meanwhile is no fault.
    """
    for pk, journal in groupby(_read(cases if cases is not None else Case.objects.all()), key=itemgetter(0)):
        found, length = _first_fault(journal)
        yield Checked(UUID(pk), length, found and Fault(Case.objects.get(pk=pk), *found))


#: Entries fetched at a time.
FETCHED = 2000

#: The entries as texts of PostgreSQL's own making. Bringing them into Python's types would take three times as long as hashing.
_ENTRIES = """
    SELECT c.id::text, c.head_seq, c.head_hash, e.seq, e.previous_hash, e.hash,
           e.actor_id::text, e.actor_name, (e.at AT TIME ZONE 'UTC')::text, e.capacity::text, e.files::text,
           e.from_state, e.idempotency_key, e.object_id, e.object_type, e.reasons,
           (e.recorded_at AT TIME ZONE 'UTC')::text, e.snapshot::text, e.to_state, e.verb
      FROM ({cases}) AS c LEFT JOIN workflows_entry AS e ON e.case_id = c.id
     ORDER BY c.id, e.seq
"""


def _read(cases: QuerySet[Case]) -> Iterator[tuple[Any, ...]]:
    """The rows of ``_ENTRIES``: the next ones are fetched by a thread while those before them are being hashed."""
    try:
        wanted, values = cases.order_by().values_list("id", "head_seq", "head_hash").query.sql_with_params()
    except EmptyResultSet:  # cases that are known to be none
        return
    # inside a transaction the cursor reads as it goes; outside, PostgreSQL would first write all of it to a file
    with transaction.atomic(), ThreadPoolExecutor(1) as fetcher, connection.chunked_cursor() as cursor:
        cursor.execute(_ENTRIES.format(cases=wanted), values)
        coming = fetcher.submit(cursor.fetchmany, FETCHED)
        while rows := coming.result():
            coming = fetcher.submit(cursor.fetchmany, FETCHED)
            yield from rows


def _first_fault(journal: Iterable[tuple[Any, ...]]) -> tuple[tuple[int, str] | None, int]:
    """What is wrong first in one chain (sequence without gap, each hash, the head kept on the case), and its length."""
    previous, length = GENESIS, 0
    head: tuple[int, str] = (0, GENESIS)
    for pk, head_seq, head_hash, seq, previous_hash, own_hash, *covered in journal:
        head = (head_seq, head_hash)
        if seq is None:  # a case without any entry
            break
        if seq != length + 1:
            return (length + 1, "missing or out of order"), length
        if previous_hash != previous:
            return (seq, "does not follow the entry before it"), length
        if own_hash != sha256((previous + _written(pk, seq, *covered)).encode()).hexdigest():
            return (seq, "content changed"), length
        previous, length = own_hash, seq
    if head != (length, previous):
        return (length + 1, "the end of the journal is missing"), length
    return None, length


def _written(
    case: str, seq: int, actor: str | None, name: str, at: str, capacity: str, files: str, before: str, key: str,
    subject: str, kind: str, reasons: str, recorded: str, snapshot: str, after: str, verb: str,
) -> str:  # fmt: skip
    """``canonical(content(entry))`` as text, put together from what PostgreSQL gives: the keys stand in their order."""
    return (
        f'{{"actor":{quoted(actor) if actor else "null"},"actor_name":{quoted(name)},"at":"{_stamped(at)}"'
        f',"capacity":{_short(capacity)},"case":"{case}","files":{_short(files)},"from_state":{quoted(before)}'
        f',"idempotency_key":{quoted(key)},"object_id":{quoted(subject)},"object_type":{quoted(kind)}'
        f',"reasons":{quoted(reasons)},"recorded_at":"{_stamped(recorded)}","seq":{seq}'
        f',"snapshot":{_reordered(snapshot)},"to_state":{quoted(after)},"verb":{quoted(verb)}}}'
    )


def _stamped(text: str) -> str:
    """PostgreSQL's ``2026-11-23 16:43:34.5`` in the form of ``stamp``."""
    return f"{text[:10]}T{text[11:19]}.{text[20:]:0<6}Z"


def _reordered(text: str) -> str:
    """The canonical form of PostgreSQL's own JSON, which orders keys by their length."""
    return _encode(_decode(text)[0])


#: Capacities, and lists of files (mostly empty), occur again and again.
_short = lru_cache(maxsize=1024)(_reordered)


def verify(cases: QuerySet[Case] | None = None) -> Iterator[Fault]:
    """The first fault of each of the journals of ``cases`` (all by default) that has one."""
    return (checked.fault for checked in check(cases) if checked.fault)


def merkle_root(heads: Iterable[tuple[str, int, str]]) -> tuple[str, int]:
    """The Merkle root over ``(case id, sequence, head hash)`` sorted by case id, and the number of leaves."""
    level = [sha256(f"{case}:{seq}:{head}".encode()).digest() for case, seq, head in sorted(heads)]
    count = len(level)
    if not level:
        return GENESIS, 0
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [sha256(left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0].hex(), count
