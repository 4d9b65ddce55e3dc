"""B5: one decision with its lock, rights, journal, flow and outbox: on different dossiers, and eight clients on one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import psycopg
from django.db import connection

from calls.actions import submit
from calls.models import Dossier
from reviews import actions
from tests.load import clients, copies
from tests.load.ground import Ground
from tests.load.measure import Result, compare, percentile, result, timed
from tests.load.submitting import CLIENTS, filled
from tests.reviews import story
from workflows.engine import Conflict, database_now
from workflows.models import Case, Entry, OutboxJob

SLOWEST = 0.2
CONTESTED = 40

#: The floor's four statements, in one transaction.
Floor = tuple[str, ...]


class Decisions:
    """Dossiers whose pieces are all accepted, to be declared complete; copies of one."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.by = ground, ground.world.officer
        draft = filled(ground)
        dossier = submit(draft, by=ground.world.applicant, now=database_now(), attestation=True)
        story.accept_pieces(ground.world, dossier, now=database_now())
        self.original = story.again(dossier)
        (first,) = copies.make(self.original, 1)
        self.written = copies.written_by(first, partial(self.decide, story.again(self.read(first))))

    def read(self, copied: copies.Copy) -> Dossier:
        """The dossier as a view has it in its hands."""
        return Dossier.objects.select_related(*Dossier.related).get(pk=copied.dossier)

    def decide(self, dossier: Dossier) -> str:
        """The verb; says whether it was done or somebody else came first."""
        try:
            actions.declare_complete(dossier, by=self.by, now=database_now())
        except Conflict:
            return "conflict"
        return "done"

    def take(self, number: int) -> list[Dossier]:
        """So many dossiers to decide on."""
        return [self.read(copied) for copied in copies.make(self.original, number)]

    def floors(self, number: int) -> list[Floor]:
        """SELECT … FOR NO KEY UPDATE of the case, UPDATE of the dossier, INSERT of an entry and of a job."""
        found = []
        with self.ground.raw() as raw:
            for copied in copies.make(self.original, number):
                added, changed = self.written.of(copied, only=(Dossier, Entry, OutboxJob))
                lock = f"SELECT * FROM {Case._meta.db_table} WHERE id = '{copied.case}' FOR NO KEY UPDATE"
                parts = [*((rows, {}) for rows in _each(added)), *(({}, rows) for rows in _each(changed))]
                found.append((lock, *(copies.statement(*both).as_string(raw) for both in parts)))
        return found

    def verb_side(self, number: int, crowd: int) -> list[float]:
        """Seconds of so many decisions: alone, or the seconds for each with so many clients."""
        dossiers = self.take(number)
        if crowd == 1:
            return [timed(partial(self.decide, dossier)) for dossier in dossiers]

        def begin() -> Callable[[Dossier], object]:
            connection.ensure_connection()
            return self.decide

        return [clients.apart(crowd, dossiers, begin)[0] / number]

    def floor_side(self, number: int, crowd: int) -> list[float]:
        """The same for the floor."""
        floors = self.floors(number)
        if crowd == 1:
            with self.ground.raw() as raw:
                return [timed(partial(_perform, raw, one)) for one in floors]

        def begin() -> Callable[[Floor], object]:
            return partial(_perform, self.ground.raw())

        return [clients.apart(crowd, floors, begin)[0] / number]


def b5(ground: Ground) -> Iterator[Result]:
    """One decision: alone, eight clients on different dossiers, eight clients on the same one."""
    decisions, rounds = Decisions(ground), ground.sizes.rounds
    decisions.verb_side(3, 1)
    for name, crowd, number in (("B5a", 1, 10), ("B5b", CLIENTS, 80)):
        found = compare(
            partial(decisions.floor_side, number, crowd),
            partial(decisions.verb_side, number, crowd),
            rounds=rounds,
        )
        what = "one client" if crowd == 1 else f"{crowd} clients, time for each decision"
        yield result(
            name, f"declare complete, different dossiers, {what} ({decisions.written.count} rows)", found, 4
        )
    contested = decisions.take(CONTESTED)

    def begin() -> Callable[[Dossier], object]:
        connection.ensure_connection()
        return decisions.decide

    ends = clients.together(CLIENTS, contested, begin)
    took = [seconds for one in ends for _word, seconds in one]
    fair = all(Counter(word for word, _s in one) == {"done": 1, "conflict": CLIENTS - 1} for one in ends)
    slowest = percentile(took, 0.99)
    yield Result(
        "B5c",
        f"{CLIENTS} clients on the same dossier, {CONTESTED} times: one wins, the others are told so",
        "",
        f"{'one winner and only conflicts' if fair else '**not** one winner'}; p99 {slowest * 1000:.0f} ms",
        None,
        f"only conflicts beside the winner, p99 < {SLOWEST * 1000:.0f} ms",
        fair and slowest < SLOWEST,
    )


def _each(rows: copies.Rows) -> list[copies.Rows]:
    return [{model: each} for model, each in rows.items() if each]


def _perform(raw: psycopg.Connection[object], floor: Floor) -> None:
    with raw.transaction():
        for text in floor:
            raw.execute(text)  # type: ignore[call-overload]
