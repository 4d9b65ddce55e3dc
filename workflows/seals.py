"""Sealing the journals: a Merkle root over all case heads, time-stamped by a third party, and copied elsewhere.

The seal shows what the chains alone cannot: that a whole chain was rewritten, or an old database restored (P46).
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    decode_timestamp_response(token)
    return token


@dataclass(frozen=True)
class SealFault:
    """A case whose journal is not the continuation of what was sealed."""

    case_id: str
    seq: int
    problem: str


def verify_seal(seal: Seal) -> Iterator[SealFault]:
    """Check the external copy of a seal against the journals of today: each sealed head must still be in its chain."""
    with storages["seals"].open(seal.stored_as) as stream:
        content: dict[str, Any] = json.loads(stream.read())
    leaves = [(str(case), int(seq), str(head)) for case, seq, head in content["heads"]]
    if merkle_root(leaves)[0] != content["root"] or content["root"] != seal.root:
        yield SealFault("", 0, "the seal does not match its own root")
        return
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
                yield SealFault(case, seq, problem)
