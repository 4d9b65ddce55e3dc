"""B6: the worklist taken away as a workbook, beside COPY of the same table by one statement by hand."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection, connections
from django.test import Client
from psycopg import ClientCursor

from accounts.actors import actor_for
from accounts.models import College, User
from calls.columns import whole_columns
from calls.models import Call
from calls.queries import visible_to
from calls.reference import BUDGET_LINES, EXPENSES
from tests.load.ground import Ground
from tests.load.measure import Result, compare, resident, result, timed
from workflows.dates import PARIS, local_date
from workflows.engine import database_now

MEMORY_MOST = 300 * 2**20
FIRST_BYTE_MOST = 1.0

_fork = multiprocessing.get_context("fork")


#: The same table by hand: the dossiers first, then each part of them gathered once.
BY_HAND = """
WITH top AS MATERIALIZED (
    SELECT d.*, c.reference, c.region_id, c.id AS case_key FROM calls_dossier d JOIN workflows_case c ON c.id = d.case_id
     WHERE d.submitted_at IS NOT NULL AND c.region_id = %(region)s AND (%(call)s::uuid IS NULL OR d.call_id = %(call)s)
       AND NOT EXISTS (SELECT FROM workflows_recusal r WHERE r.case_id = c.id AND r.user_id = %(user)s)
), partners AS (
    SELECT dossier_id, count(*), string_agg(name, ', ' ORDER BY name) FROM calls_partner
     WHERE dossier_id IN (SELECT id FROM top) GROUP BY 1
), budget AS (
    SELECT dossier_id, {sums} FROM calls_budgetline WHERE dossier_id IN (SELECT id FROM top) GROUP BY 1
), indicators AS (
    SELECT dossier_id, string_agg(label || ' : ' || target, ' ; ' ORDER BY code) FROM calls_dossierindicator
     WHERE dossier_id IN (SELECT id FROM top) GROUP BY 1
), opinions AS (
    SELECT dossier_id, {opinions} FROM reviews_collegeopinion
     WHERE state = 'given' AND dossier_id IN (SELECT id FROM top) GROUP BY 1
), judged AS (
    SELECT dossier_id, max(decided_at) FILTER (WHERE subject = 'admissibility'),
           max(decided_at) FILTER (WHERE subject = 'eligibility')
      FROM reviews_admissibility WHERE dossier_id IN (SELECT id FROM top) GROUP BY 1
)
SELECT d.reference, d.title, d.state, o.name, o.siret, o.legal_form, o.rna, o.postcode, o.city, o.email, cc.reference,
       l.title, a.code, a.label, d.summary, d.publics, d.territories, d.starts_on, d.ends_on, d.requested_amount,
       d.total_cost, d.eligible_cost, d.budget_basis, d.awarded_amount, d.submitted_at, d.implicit_rejection_on,
       d.decision_released_at, u.first_name || ' ' || u.last_name,
       (SELECT min(due_at) FROM workflows_workitem w WHERE w.case_id = d.case_key AND w.state = 'open'),
       partners.*, budget.*, indicators.*, judged.*, d.score, opinions.*, s.value,
       (SELECT max(requested_on) FROM reviews_piecerequest q WHERE q.dossier_id = d.id),
       g.list, g.rank, v.number, v.voted_on, e.grounds,
       k.number, k.state, k.amount, k.signed_on, k.starts_on, k.ends_on, k.paid, k.settled_amount, k.closed_on,
       (SELECT max(paid_on) FROM contracts_instalment t WHERE t.contract_id = k.id),
       (SELECT count(*) FROM contracts_report r WHERE r.contract_id = k.id AND r.state = 'accepted'), y.decided_amount
  FROM top d JOIN accounts_organisation o ON o.id = d.organisation_id JOIN calls_call l ON l.id = d.call_id
  JOIN workflows_case cc ON cc.id = l.case_id LEFT JOIN calls_axis a ON a.id = d.axis_id
  LEFT JOIN accounts_user u ON u.id = d.officer_id LEFT JOIN partners ON partners.dossier_id = d.id
  LEFT JOIN budget ON budget.dossier_id = d.id LEFT JOIN indicators ON indicators.dossier_id = d.id
  LEFT JOIN opinions ON opinions.dossier_id = d.id LEFT JOIN judged ON judged.dossier_id = d.id
  LEFT JOIN reviews_synthesis s ON s.dossier_id = d.id LEFT JOIN reviews_rankingline g ON g.dossier_id = d.id
  LEFT JOIN reviews_decision e ON e.dossier_id = d.id LEFT JOIN reviews_deliberation v ON v.id = e.deliberation_id
  LEFT JOIN contracts_contract k ON k.dossier_id = d.id LEFT JOIN contracts_recovery y ON y.contract_id = k.id
 ORDER BY d.submitted_at DESC, d.reference, d.id
"""


def by_hand(region: UUID, user: UUID, call: UUID | None) -> str:
    """The statement that COPY takes, its values written out."""
    groups = [[line.code] for line in EXPENSES] + [
        [d.code for d in BUDGET_LINES if d.public],
        [d.code for d in BUDGET_LINES if d not in EXPENSES and not d.public and not d.in_kind],
        [d.code for d in BUDGET_LINES if d not in EXPENSES and d.in_kind],
    ]
    sums = ", ".join(f"sum(amount) FILTER (WHERE code = ANY ('{{{','.join(codes)}}}'))" for codes in groups)
    given = ", ".join(f"max(value) FILTER (WHERE college = '{college}')" for college in College)
    text = BY_HAND.format(sums=sums, opinions=given)
    connection.ensure_connection()
    return ClientCursor(connection.connection).mogrify(text, {"region": region, "user": user, "call": call})


def b6(ground: Ground) -> Iterator[Result]:
    """A tenth of the dossiers (those of one call), then all of them."""
    user = ground.world.officer
    actor = actor_for(user, local_date(database_now(), PARIS))
    columns = len(whole_columns(actor))
    call = Call.objects.order_by("sequence")[0]
    peaks: list[int] = []
    for _step in _export(str(user.pk), f"/dossiers/?export=xlsx&call={call.pk}&tab=pieces"):
        pass  # pages and their addresses are read once here, and not again by each child
    for letter, address, rows in (
        ("a", {"call": str(call.pk)}, visible_to(actor).filter(call=call)),
        ("b", {}, visible_to(actor)),
    ):
        text = by_hand(ground.world.region.pk, user.pk, call.pk if address else None)
        path = f"/dossiers/?{urlencode({**address, 'export': 'xlsx'})}"
        first: list[float] = []

        def ours(path: str = path, first: list[float] = first) -> list[float]:
            took, begun, peak = in_a_child(partial(_export, str(user.pk), path))
            first.append(begun)
            peaks.append(peak)
            return [took]

        found = compare(partial(_copied, ground, text), ours, rounds=max(2, ground.sizes.rounds // 2))
        peak, begun = max(peaks), sorted(first)[len(first) // 2]
        yield result(
            f"B6{letter}",
            f"export of {rows.count()} dossiers × {columns} columns to XLSX",
            found,
            8,
            more=f"first byte after {begun:.2f} s (< {FIRST_BYTE_MOST:g} s), peak {peak / 2**20:.0f} MiB (< 300)",
            also=peak < MEMORY_MOST and begun < FIRST_BYTE_MOST,
        )


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
    client.force_login(User.objects.get(pk=user))
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
