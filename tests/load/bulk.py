"""Many dossiers at once, by COPY: organisations, cases and dossiers in every state with budgets, partners and indicators, and journals that verify.

Nothing here is random: the same call gives the same rows, but for their identifiers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from accounts.models import Organisation
from calls.models import BudgetLine, Call, Dossier, DossierIndicator, DossierState, Partner
from calls.reference import LINE_BY_CODE
from tests.world import World
from workflows.engine import journal
from workflows.models import Case, CaseKind, Entry
from workflows.references import make_reference

#: How often each state occurs, out of a hundred.
STATES = {
    DossierState.DRAFT: 5, DossierState.LAPSED: 3, DossierState.SUBMITTED: 12, DossierState.PIECES_REQUESTED: 5,
    DossierState.COMPLETE: 6, DossierState.ADMISSIBLE: 6, DossierState.INADMISSIBLE: 3, DossierState.IN_REVIEW: 10,
    DossierState.INELIGIBLE: 3, DossierState.REVIEWED: 6, DossierState.RESERVE: 4, DossierState.AWARDED: 7,
    DossierState.REFUSED: 10, DossierState.WITHDRAWN: 2, DossierState.UNDER_CONTRACT: 8, DossierState.CLOSED: 10,
}  # fmt: skip
WORDS = ("Passerelles", "Tremplin", "Parcours", "Ateliers", "Compétences", "Avenir", "Élan", "Relais")
PLACES = ("Alphaville", "Bourg-Neuf", "Les Prés", "Val-d'Or", "Saint-Écrin", "La Côte")
TEXT = "Le projet s'adresse aux demandeurs d'emploi les moins qualifiés du bassin, par étapes et en situation de travail. "
AWARDED = {DossierState.AWARDED, DossierState.UNDER_CONTRACT, DossierState.CLOSED}
ASKED = [field.name for field in Dossier._meta.local_concrete_fields].index("requested_amount")
UNSUBMITTED = {DossierState.DRAFT, DossierState.LAPSED}


def opened_to(who: str) -> None:
    """Open the database to writes for this transaction, as a verb does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('quadrige.verb', %s, true)", [who])


def copy(model: type[models.Model], rows: Iterable[Sequence[Any]], *, without: Sequence[str] = ()) -> None:
    """COPY rows into the model's table, in the order of its columns (those of ``without`` left to their default)."""
    columns = [f.column for f in model._meta.local_concrete_fields if f.column not in without]
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), names)
        with cursor.copy(command) as out:
            for row in rows:
                out.write_row(row)


def load(
    world: World, calls: Sequence[Call], *, dossiers: int, entries: int, organisations: int = 2000
) -> None:
    """Load so many dossiers into ``calls``, with so many journal entries in all, in one transaction."""
    each, rest = divmod(entries, dossiers)
    with transaction.atomic():
        opened_to("bench")
        owners = list(_organisations(organisations))
        copy(Organisation, owners)
        batches = _Batches(world, calls, [row[0] for row in owners])
        todo = iter(range(dossiers))
        while numbers := list(islice(todo, 5000)):
            made = [batches.make(n, each + (n < rest)) for n in numbers]
            copy(Case, (case for case, _dossier, _entries in made))
            copy(Dossier, (dossier for _case, dossier, _entries in made))
            copy(Entry, (row for *_others, rows in made for row in rows), without=["id"])
            kept = [(case, dossier) for case, dossier, _entries in made]
            copy(Partner, (_partner(case, dossier) for case, dossier in kept))
            copy(BudgetLine, (row for case, dossier in kept for row in _budget(case, dossier)))
            copy(DossierIndicator, (row for case, dossier in kept for row in _indicators(case, dossier)))
        opened_to("")


def _partner(case: tuple[Any, ...], dossier: tuple[Any, ...]) -> tuple[Any, ...]:
    return (
        uuid4(),
        case[0],
        dossier[0],
        f"Groupement {PLACES[dossier[5] % 6]}",
        "55210055400013",
        "Accueil en stage",
    )


def _budget(case: tuple[Any, ...], dossier: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Four expenses, and what the Region and the organisation bring."""
    asked = dossier[ASKED]
    for side, code, parts in (
        ("expense", "60", 10), ("expense", "62", 20), ("expense", "64", 60), ("expense", "CI", 10),
        ("income", "74-REGION", 50), ("income", "75", 50),
    ):  # fmt: skip
        yield (uuid4(), case[0], dossier[0], 2026, side, code, LINE_BY_CODE[code].label, asked * parts / 50)


def _indicators(case: tuple[Any, ...], dossier: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for code, kind, label in (("S-ENT", "follow_up", "Entrées"), ("I-POS", "impact", "Sorties positives")):
        yield (
            uuid4(), case[0], dossier[0], code, label, kind, "quantitative", "personnes", "0", "60", "Émargements"
        )  # fmt: skip


def _organisations(number: int) -> Iterator[tuple[Any, ...]]:
    for n in range(number):
        siren = 100_000_000 + n
        yield (
            uuid4(), f"{WORDS[n % 8]} {PLACES[n % 6]} {n}", "association", f"{siren}00019", "", f"{n} rue des Essais",
            f"{1000 + n % 95000:05}", PLACES[n % 6], f"contact@organisation-{n}.example", "", "", date(2001, 1, 1),
        )  # fmt: skip


class _Batches:
    """Makes the rows of one dossier after the other."""

    def __init__(self, world: World, calls: Sequence[Call], owners: Sequence[UUID]) -> None:
        self.world, self.calls, self.owners = world, calls, owners
        self.states = [state for state, share in STATES.items() for _ in range(share)]
        self.axes = [list(call.axes.all()) for call in calls]
        self.revisions = [call.revisions.latest("number").pk for call in calls]
        self.officers = [world.officer.pk, world.officer2.pk, None]
        self.editor = world.applicant_editor.pk
        self.answers = Jsonb({f"q{n}": TEXT for n in range(6)})

    def make(self, n: int, entries: int) -> tuple[tuple[Any, ...], tuple[Any, ...], list[tuple[Any, ...]]]:
        """The case, the dossier and the journal entries of dossier ``n``."""
        which = n % len(self.calls)
        call, rank = self.calls[which], 1 + n // len(self.calls)
        # Knuth's multiplicative hash spreads states, organisations and amounts without any pattern along the rank
        mixed = n * 2_654_435_761 % 2**32
        state = self.states[mixed % 100]
        sent = state not in UNSUBMITTED
        owner = self.owners[mixed // 100 % len(self.owners)]
        begun = call.opens_at + timedelta(seconds=mixed % (20 * 86400))
        received = begun + timedelta(days=1 + mixed % 7) if sent else None
        asked = Decimal(500_000 + mixed % 9_500_000) / 100
        title = f"{WORDS[mixed % 8]} vers {WORDS[mixed // 8 % 8].lower()} · {PLACES[mixed // 64 % 6]}"
        case, dossier = uuid4(), uuid4()
        axes = self.axes[which]
        rows = list(self._journal(case, dossier, begun, entries))
        head = rows[-1][-1] if rows else journal.GENESIS
        reference = make_reference(self.world.region.code, call.year, call.sequence, rank)
        over = state in (DossierState.WITHDRAWN, DossierState.CLOSED)
        return (
            (
                case, self.world.region.pk, CaseKind.DOSSIER, reference, title, owner, call.case_id, begun,
                begun + timedelta(days=400) if over else None, len(rows), head,
            ),
            (
                dossier, case, call.pk, owner, self.revisions[which], rank, title, TEXT,
                axes[mixed % len(axes)].pk, Jsonb(["JEUNES", "QPV"]), Jsonb(["18" if mixed % 2 else "28"]),
                date(2026, 9, 1), date(2027, 8, 31), self.answers, Jsonb({"project": 3, "budget": 2}), asked,
                asked * 2, asked * 2, "ttc", asked if state in AWARDED else None,
                Decimal(mixed % 10000) / 100 if state in AWARDED else None, self.editor,
                self.officers[mixed % 3] if sent else None, self.editor if sent else None, received,
                (received + timedelta(days=122)).date() if received else None,
                begun + timedelta(days=90) if state in AWARDED else None, state,
            ),
            rows,
        )  # fmt: skip

    def _journal(self, case: UUID, dossier: UUID, begun: datetime, number: int) -> Iterator[tuple[Any, ...]]:
        """A chain of ``number`` entries as a draft's life leaves them, hashed by the engine's own functions."""
        previous = journal.GENESIS
        name = self.world.applicant_editor.get_full_name()
        for seq in range(1, number + 1):
            at = begun + timedelta(minutes=7 * seq, microseconds=seq * 1001)
            snapshot: dict[str, Any] = {
                "section": f"section-{seq}", "version": seq, "fields": ["context", "needs", "nature", "objectives"],
                "sha256": previous, "note": TEXT,
            }  # fmt: skip
            if seq == 1:
                verb, before, after, snapshot = "calls.create_dossier", "", "draft", {"title": TEXT[:90]}
            else:
                verb, before, after = "calls.save_section", "", "draft"
            covered = (
                case, seq, at, at + timedelta(milliseconds=3), self.editor, name,
                {"memberships": ["editor"], "organisation": "73282932000074"}, verb, "calls.dossier", str(dossier),
                before, after, "", snapshot, [], "",
            )  # fmt: skip
            own = journal._hash(previous, journal._covered(*covered))
            yield (*(Jsonb(v, _dumps) if isinstance(v, dict | list) else v for v in covered), previous, own)
            previous = own


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
