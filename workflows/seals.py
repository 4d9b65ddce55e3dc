"""Sealing the journals: a Merkle root over all case heads, time-stamped by a third party, and copied elsewhere.

The seal shows what the chains alone cannot: that a whole chain was rewritten, or an old database restored (P46).
"""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

from workflows.engine.journal import merkle_root, stamp
from workflows.models import Case, Entry, Seal

TIMEOUT = 20


def heads() -> list[tuple[str, int, str]]:
    """(case id, number of entries, hash of the last) for every case that has a journal."""
    rows = Case.objects.filter(head_seq__gt=0).values_list("pk", "head_seq", "head_hash")
    return [(str(pk), seq, head) for pk, seq, head in rows]


def seal(*, now: datetime) -> Seal:
    """Seal all the journals as they stand, write the heads out of the database, and keep the time stamp.

    Raises OSError when the authority or the external store cannot be reached: nothing is kept then, and the next hour
    tries again.
    """
    leaves = heads()
    root, count = merkle_root(leaves)
    token = timestamp(root) if settings.TIMESTAMP_URL else None
    content = {
        "at": stamp(now),
        "root": root,
        "heads": sorted(leaves),
        "token": token.hex() if token else None,
    }
    data = json.dumps(content, sort_keys=True, indent=0).encode()
    name = f"{now:%Y/%m/%d}/{now:%H%M%S}-{root[:16]}.json"
    stored = storages["seals"].save(name, ContentFile(data))
    return Seal.objects.create(at=now, root=root, heads=count, token=token, stored_as=stored)


def timestamp(root: str) -> bytes:
    """An RFC 3161 time stamp over the root, from the configured authority (DER of the response)."""
    request = TimestampRequestBuilder().data(root.encode()).build()
    post = urllib.request.Request(  # noqa: S310 - the address is the installation's own setting
        settings.TIMESTAMP_URL,
        data=request.as_bytes(),
        headers={"Content-Type": "application/timestamp-query"},
    )
    with urllib.request.urlopen(post, timeout=TIMEOUT) as answer:  # noqa: S310
        token: bytes = answer.read()
    if not covers(token, root):
        raise OSError("The authority's time stamp is not over the root that it was asked for.")
    return token


def covers(token: bytes, root: str) -> bool:
    """Whether a time stamp is over this root. Who signed it, `openssl ts -verify` says, with the authority's certificate."""
    try:
        imprint = decode_timestamp_response(token).tst_info.message_imprint
    except ValueError:
        return False
    name = imprint.hash_algorithm._name
    return (
        name in hashlib.algorithms_guaranteed and hashlib.new(name, root.encode()).digest() == imprint.message
    )


@dataclass(frozen=True)
class SealFault:
    """A case whose journal is not the continuation of what was sealed; without a case, a seal that is not right itself."""

    case_id: str
    seq: int
    problem: str
    sealed: str = ""


def verify_seals() -> Iterator[SealFault]:
    """Check every seal of the external store against the journals of today, those included that the database does not know.

    An old backup put back has forgotten its last seals: the external store has not.
    """
    rows = {seal.stored_as: seal for seal in Seal.objects.exclude(stored_as="")}
    kept = sorted(_kept(""))
    for name in sorted(rows.keys() - set(kept)):
        yield SealFault("", 0, "the external copy of this seal is missing", name)
    for name in kept:
        yield from _verify(name, rows.get(name))


def _kept(folder: str) -> Iterator[str]:
    """The names of all seals in the external store."""
    try:
        folders, names = storages["seals"].listdir(folder)
    except FileNotFoundError:  # nothing was sealed yet
        return
    for name in names:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from _kept(f"{folder}/{name}" if folder else name)


def _verify(name: str, seal: Seal | None) -> Iterator[SealFault]:
    try:
        with storages["seals"].open(name) as stream:
            content: dict[str, Any] = json.loads(stream.read())
        leaves = [(str(UUID(case)), int(seq), str(head)) for case, seq, head in content["heads"]]
        root, token = str(content["root"]), bytes.fromhex(content["token"] or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        yield SealFault("", 0, "cannot be read as a seal", name)
        return
    if merkle_root(leaves)[0] != root or (seal and root != seal.root):
        yield SealFault("", 0, "the seal does not match its own root", name)
        return
    if token and not covers(token, root):
        yield SealFault("", 0, "the time stamp is over something else", name)
    for start in range(0, len(leaves), 1000):
        part = leaves[start : start + 1000]
        found = {
            (str(case), seq): head
            for case, seq, head in Entry.objects.filter(
                case__in=[case for case, _, _ in part], seq__in={seq for _, seq, _ in part}
            ).values_list("case", "seq", "hash")
        }
        for case, seq, head in part:
            now_there = found.get((case, seq))
            if now_there != head:
                problem = "sealed entry is missing" if now_there is None else "journal was rewritten"
                yield SealFault(case, seq, problem, name)
