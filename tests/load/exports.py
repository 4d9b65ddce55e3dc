"""B6: the worklist taken away as a workbook, beside COPY of the same statement."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlencode

from django.db import connection, connections
from django.test import Client

from accounts.actors import actor_for
from accounts.models import User
from calls.models import Call
from calls.queries import visible_to
from calls.views.staff import DossierList
from tests.guarantees.drill import BACKEND
from tests.load.ground import Ground
from tests.load.measure import Result, compare, resident, result, timed
from workflows.dates import PARIS, local_date
from workflows.engine import database_now

MEMORY_MOST = 300 * 2**20
FIRST_BYTE_MOST = 1.0

_fork = multiprocessing.get_context("fork")


def b6(ground: Ground) -> Iterator[Result]:
    """A tenth of the dossiers (those of one call), then all of them."""
    user = ground.world.officer
    columns = len(DossierList.columns) + 1  # the state is put among them for each reader
    call = Call.objects.order_by("sequence")[0]
    peaks: list[int] = []
    for letter, address in (("a", {"call": str(call.pk)}), ("b", {})):
        rows = visible_to(actor_for(user, local_date(database_now(), PARIS)))
        if address:
            rows = rows.filter(call=call)
        text = _text(rows)
        path = f"/dossiers/?{urlencode({**address, 'export': 'xlsx'})}"
        first: list[float] = []

        def ours(path: str = path, first: list[float] = first) -> list[float]:
            took, begun, peak = in_a_child(partial(_export, str(user.pk), path))
            first.append(begun)
            peaks.append(peak)
            return [took]

        found = compare(partial(_copied, ground, text), ours, rounds=max(2, ground.sizes.rounds // 2))
        peak, begun = max(peaks), sorted(first)[len(first) // 2]
        number = rows.count()
        yield result(
            f"B6{letter}",
            f"export of {number} dossiers × {columns} columns to XLSX (all that the list has)",
            found,
            8,
            more=f"first byte after {begun:.2f} s (< {FIRST_BYTE_MOST:g} s), peak {peak / 2**20:.0f} MiB (< 300)",
            also=peak < MEMORY_MOST and begun < FIRST_BYTE_MOST,
        )


def _text(rows: Any) -> str:
    sql, values = rows.order_by("-submitted_at", "case__reference", "pk").query.sql_with_params()
    with connection.cursor() as cursor:
        return str(cursor.mogrify(sql, values))


def _copied(ground: Ground, text: str) -> list[float]:
    def work() -> None:
        with raw.cursor().copy(f"COPY ({text}) TO STDOUT") as out:  # type: ignore[arg-type]
            for _block in out:
                pass

    with ground.raw() as raw:
        return [timed(work)]


def _export(user: str, path: str) -> Iterator[None]:
    """The export as a browser gets it; it yields once, at the first byte."""
    client = Client()
    client.force_login(User.objects.get(pk=user), backend=BACKEND)
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    blocks = iter(answer.streaming_content)
    size = len(next(blocks))
    yield
    assert size + sum(map(len, blocks)) > 1000


def in_a_child(work: Callable[[], Iterator[None]]) -> tuple[float, float, int]:
    """Do the work in a process of its own: seconds in all, seconds to its first yield, the most memory it held."""
    here, there = _fork.Pipe(duplex=False)
    connections.close_all()
    process = _fork.Process(target=_child, args=(there, work))
    process.start()
    there.close()
    told = here.recv()
    process.join()
    if isinstance(told, str):
        raise RuntimeError(told)
    took, first, peak = told
    return took, first, peak


def _child(there: Connection, work: Callable[[], Iterator[None]]) -> None:
    try:
        with _Peak() as peak:
            start = time.perf_counter()
            steps = work()
            next(steps)
            first = time.perf_counter() - start
            for _step in steps:
                pass
            took = time.perf_counter() - start
        there.send((took, first, peak.most))
    except BaseException as error:
        there.send(f"{type(error).__name__}: {error}")
    finally:
        connections.close_all()


class _Peak:
    """The most memory that this process holds while the block runs."""

    def __enter__(self) -> _Peak:
        self.most, self._over = resident(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.most = max(self.most, resident())

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
