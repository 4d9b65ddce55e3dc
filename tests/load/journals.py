"""B7: every journal verified, beside SHA-256 of the same canonical bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tests.load.exports import in_a_child
from tests.load.ground import Ground
from tests.load.measure import Comparison, Result, compare, result, timed
from workflows.engine import journal
from workflows.models import Case, Entry

#: Entries whose bytes the floor holds in memory; the rest of them are hashed from the same bytes again.
KEPT = 100_000


def b7(ground: Ground) -> Iterator[Result]:
    """All the journals as `verify_journal` reads them, and the memory that it takes."""
    entries = Entry.objects.count()
    kept = list(_canonical())
    turns, rest = divmod(entries, len(kept))

    def floor() -> list[float]:
        def work() -> None:
            for turn in range(turns + 1):
                for previous, data in kept if turn < turns else kept[:rest]:
                    hashlib.sha256(previous + data).hexdigest()

        return [timed(work)]

    peaks: list[int] = []

    def ours() -> list[float]:
        took, _first, peak = in_a_child(_verify)
        peaks.append(peak)
        return [took]

    found: Comparison = compare(floor, ours, rounds=max(2, ground.sizes.rounds // 2))
    size = sum(len(data) for _previous, data in kept) // len(kept)
    yield result(
        "B7",
        f"verify the journals: {Case.objects.count()} cases, {entries} entries of {size} bytes",
        found,
        5,
        more=f"{max(found.ours) / entries * 1e6:.1f} µs an entry at most, peak {max(peaks) / 2**20:.0f} MiB",
    )


def _canonical() -> Iterator[tuple[bytes, bytes]]:
    for entry in Entry.objects.order_by("case", "seq")[:KEPT].iterator(chunk_size=2000):
        yield entry.previous_hash.encode(), journal.canonical(journal.content(entry))


def _verify() -> Iterator[None]:
    """The whole verification; it yields once, when the first journal is verified."""
    checked = journal.check()
    assert next(checked).fault is None
    yield
    assert all(one.fault is None for one in checked)
