"""Several clients at once: processes, as the product's own workers are."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")

#: What a client does with one piece of work; it may return a word on how it ended.
Work = Callable[[T], object]

_fork = multiprocessing.get_context("fork")


def apart(number: int, items: Sequence[T], begin: Callable[[], Work[T]]) -> tuple[float, list[float]]:
    """Share the items between so many clients; seconds from the first start to the last end, and those of each item."""
    shares = [items[n::number] for n in range(number)]
    told = _run(shares, begin, together=False)
    start, end = min(t[0][1] for t in told if t), max(t[-1][1] + t[-1][2] for t in told if t)
    return end - start, [took for told_by_one in told for _word, _start, took in told_by_one]


def together(number: int, items: Sequence[T], begin: Callable[[], Work[T]]) -> list[list[tuple[str, float]]]:
    """Every client does every item at the same moment; for each item, how it ended for each client and after how long."""
    told = _run([items] * number, begin, together=True)
    return [[(client[n][0], client[n][2]) for client in told] for n in range(len(items))]


def _run(
    shares: Sequence[Sequence[T]], begin: Callable[[], Work[T]], *, together: bool
) -> list[list[tuple[str, float, float]]]:
    connections.close_all()  # a connection is no use to two processes
    barrier = _fork.Barrier(len(shares))
    started = []
    for share in shares:
        here, there = _fork.Pipe(duplex=False)
        process = _fork.Process(target=_client, args=(there, barrier, share, begin, together))
        process.start()
        there.close()
        started.append((process, here))
    try:
        told: list[Any] = [here.recv() for _process, here in started]
    finally:
        for process, _here in started:
            process.join(timeout=60)
    faults = [one for one in told if isinstance(one, str)]
    if faults:
        raise RuntimeError(faults[0])
    return told


def _client(
    there: Connection, barrier: Barrier, share: Sequence[T], begin: Callable[[], Work[T]], together: bool
) -> None:
    try:
        work = begin()
        told: list[tuple[str, float, float]] = []
        barrier.wait(60)
        for item in share:
            if together:
                barrier.wait(60)
            start = time.perf_counter()
            word = work(item)
            told.append((str(word), start, time.perf_counter() - start))
        there.send(told)
    except BaseException as error:
        barrier.abort()
        there.send(f"A client failed: {type(error).__name__}: {error}")
    finally:
        connections.close_all()
        there.close()
