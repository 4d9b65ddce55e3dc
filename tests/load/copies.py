"""Copies of a dossier, row by row with new identifiers, and the bare statement that writes what a verb wrote.

A dossier made once by the verbs is copied as often as a bench needs. The rows that one verb writes are found by comparing
the dossier's rows before and after it; the floor writes the same rows for another copy, in one statement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from psycopg import sql
from viewflow.workflow.models import Process, Task

from calls.models import BudgetLine, Dossier, DossierIndicator, Partner, Piece, Receipt
from tests.load.bulk import copy, opened_to
from workflows.engine import journal
from workflows.models import (
    Case,
    CaseProcess,
    Document,
    DocumentVersion,
    Entry,
    Notification,
    OutboxJob,
    Timer,
    WorkItem,
)
from workflows.references import make_reference

_OF_CASE = "case_id = %(case)s"
_PROCESSES = "(SELECT process_ptr_id FROM workflows_caseprocess WHERE case_id = %(case)s)"
#: The tables of a dossier, each after those it points to, with what picks its rows.
TABLES: list[tuple[type[models.Model], str]] = [
    (Case, "id = %(case)s"),
    (Dossier, _OF_CASE),
    (Partner, _OF_CASE),
    (BudgetLine, _OF_CASE),
    (DossierIndicator, _OF_CASE),
    (Document, _OF_CASE),
    (DocumentVersion, "document_id IN (SELECT id FROM workflows_document WHERE case_id = %(case)s)"),
    (Piece, _OF_CASE),
    (Receipt, _OF_CASE),
    (Timer, _OF_CASE),
    (Process, f"id IN {_PROCESSES}"),
    (CaseProcess, _OF_CASE),
    (Task, f"process_id IN {_PROCESSES}"),
    (
        Task.previous.through,
        f"from_task_id IN (SELECT id FROM viewflow_task WHERE process_id IN {_PROCESSES})",
    ),
    (WorkItem, _OF_CASE),
    (Entry, f"{_OF_CASE} ORDER BY seq"),
    (Notification, _OF_CASE),
    (OutboxJob, _OF_CASE),
]
#: What a copy leaves out: the original's mails are not owed again.
OWED = (Notification, OutboxJob)

Row = dict[str, Any]
Rows = dict[type[models.Model], list[Row]]
#: Old identifiers to new ones: UUIDs as such, numbers with the model that they number.
Names = dict[Any, Any]


@dataclass
class Copy:
    """One copy: its dossier, its case, and what became of each identifier of the original."""

    dossier: UUID
    case: UUID
    names: Names = field(repr=False)


def rows_of(case: UUID) -> Rows:
    """All the rows of a dossier's case, as the database holds them (JSON as text)."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model, where in TABLES:
            columns = _columns(model)
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}" WHERE {where}', {"case": case})
            found[model] = [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()]
    return found


def make(dossier: Dossier, number: int) -> list[Copy]:
    """So many copies of the dossier, each with a reference, a rank and a journal of its own."""
    originals = rows_of(dossier.case_id)
    call = dossier.call
    last = Dossier.objects.filter(call=call).order_by("-rank").values_list("rank", flat=True)[0]
    region = dossier.case.region.code
    made: list[Copy] = []
    with transaction.atomic():
        opened_to("bench")
        new: Rows = {model: [] for model, _where in TABLES}
        for rank in range(last + 1, last + 1 + number):
            names: Names = {}
            reference = make_reference(region, call.year, call.sequence, rank)
            copied = renamed({m: rows for m, rows in originals.items() if m not in OWED}, names)
            copied[Case][0]["reference"] = reference
            copied[Dossier][0]["rank"] = rank
            _chain(copied[Entry], copied[Case][0], journal.GENESIS)
            for model, rows in copied.items():
                new[model] += rows
            made.append(Copy(copied[Dossier][0]["id"], copied[Case][0]["id"], names))
        for model, rows in new.items():
            copy(model, (list(row.values()) for row in rows))
        opened_to("")
    return made


def renamed(rows: Rows, names: Names) -> Rows:
    """The same rows under new identifiers; ``names`` knows those given already, and learns the others."""
    for model, each in rows.items():
        key = model._meta.pk
        assert key is not None
        if key.remote_field is None:
            for row in each:
                _rename(model, row[key.column], names)
    return {model: [_row(model, row, names) for row in each] for model, each in rows.items()}


def _rename(model: type[models.Model], old: Any, names: Names) -> None:
    if isinstance(old, UUID):
        names.setdefault(old, uuid4())
    elif (model, old) not in names:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
            names[(model, old)] = cursor.fetchone()[0]


def _row(model: type[models.Model], row: Row, names: Names) -> Row:
    new: Row = {}
    for column in model._meta.local_concrete_fields:
        value = row[column.column]
        target = column.related_model if column.remote_field else model if column.primary_key else None
        if isinstance(value, UUID):
            value = names.get(value, value)
        elif target is not None:
            value = names.get((target, value), value)
        elif column.column == "object_id":  # the journal knows objects by the text of their identifier
            value = str(names.get(UUID(value), value))
        elif model is DocumentVersion and column.column == "path":
            value = f"{value}~{new['id']}"
        new[column.column] = value
    return new


def _chain(entries: Iterable[Row], case: Row, previous: str) -> None:
    """Hash the entries anew, in their order, and put the head on the case."""
    for entry in entries:
        values = [entry[name] for name in journal.COVERED]
        values = [
            json.loads(v) if name in ("capacity", "snapshot", "files") else v
            for name, v in zip(journal.COVERED, values, strict=True)
        ]
        entry["previous_hash"], entry["hash"] = previous, journal._hash(previous, journal._covered(*values))
        previous = entry["hash"]
        case["head_seq"], case["head_hash"] = entry["seq"], previous


@dataclass
class Written:
    """What a verb wrote: the rows it added and those it changed, in the words of the original's identifiers."""

    added: Rows
    changed: Rows

    @property
    def count(self) -> int:
        """How many rows."""
        return sum(map(len, self.added.values())) + sum(map(len, self.changed.values()))

    def of(self, target: Copy, *, only: Sequence[type[models.Model]] = ()) -> tuple[Rows, Rows]:
        """The same rows for another copy (of ``only`` these tables, the first of each)."""
        names = dict(target.names)
        added, changed = (
            {m: (each[:1] if only else each) for m, each in rows.items() if not only or m in only}
            for rows in (self.added, self.changed)
        )
        new, moved = renamed(added, names), renamed(changed, names)
        with connection.cursor() as cursor:
            cursor.execute("SELECT reference, head_hash FROM workflows_case WHERE id = %s", [target.case])
            reference, head = cursor.fetchone()
            cursor.execute("SELECT rank FROM calls_dossier WHERE id = %s", [target.dossier])
            (rank,) = cursor.fetchone()
        for row in moved.get(Dossier, []):
            row["rank"] = rank
        for entry in new[Entry]:
            entry["idempotency_key"] = str(uuid4()) if entry["idempotency_key"] else ""
        scratch: Row = {}
        _chain(new[Entry], moved[Case][0] if moved.get(Case) else scratch, head)
        for row in moved.get(Case, []):
            row["reference"] = reference
        return new, moved


def written_by(copied: Copy, act: Callable[[], object]) -> Written:
    """Perform ``act`` on a copy and see what it wrote."""
    before = rows_of(copied.case)
    act()
    after = rows_of(copied.case)
    back: Names = {}
    for old, new in copied.names.items():
        back[(old[0], new) if isinstance(old, tuple) else new] = old[1] if isinstance(old, tuple) else old
    added: Rows = {}
    changed: Rows = {}
    for model, _where in TABLES:
        key = model._meta.pk
        assert key is not None
        known = {row[key.column]: row for row in before[model]}
        added[model] = [_row(model, row, back) for row in after[model] if row[key.column] not in known]
        changed[model] = [
            _row(model, row, back) for row in after[model] if known.get(row[key.column], row) != row
        ]
    return Written(added, changed)


def statement(added: Rows, changed: Rows) -> sql.Composed:
    """One statement that writes all these rows: what PostgreSQL needs at the very least."""
    parts: list[sql.Composable] = []
    for model, rows in changed.items():
        key = model._meta.pk
        assert key is not None
        parts += [_update(model, row, key.column) for row in rows]
    parts += [_insert(model, rows) for model, rows in added.items() if rows]
    named = [sql.SQL("w{} AS ({} RETURNING 1)").format(sql.SQL(str(n)), part) for n, part in enumerate(parts)]
    return sql.SQL("WITH {} SELECT 1").format(sql.SQL(", ").join(named))


def _update(model: type[models.Model], row: Row, key: str) -> sql.Composed:
    values = [
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(value))
        for column, value in row.items()
        if column != key
    ]
    return sql.SQL("UPDATE {} SET {} WHERE {} = {}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(values),
        sql.Identifier(key),
        sql.Literal(row[key]),
    )


def _insert(model: type[models.Model], rows: Sequence[Row]) -> sql.Composed:
    lines = [
        sql.SQL("({})").format(sql.SQL(", ").join(sql.Literal(value) for value in row.values()))
        for row in rows
    ]
    return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, rows[0])),
        sql.SQL(", ").join(lines),
    )


def _columns(model: type[models.Model]) -> list[str]:
    return [f.column for f in model._meta.local_concrete_fields]
