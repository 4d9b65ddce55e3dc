"""Questions that every verb asks, made into SQL once.

Django makes the SQL of a queryset anew each time: for what a verb asks, that takes longer than PostgreSQL takes to
answer (docs/decisions/0020).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, TypeVar, cast
from uuid import UUID, uuid4

from django.db import connections, models
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)

#: What stands in for a value of each kind while the SQL is made: nothing that a query would name by itself.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    UUID: lambda place: uuid4(),
    date: lambda place: date.min + timedelta(days=1 + place),
    int: lambda place: -(2**31) + place,
    str: lambda place: f"{place}: {uuid4()}",
}


class Compiled(Generic[M]):
    """The rows of a queryset whose SQL is made once: ``Compiled(ask, UUID, date)(pk, day)`` is ``list(ask(pk, day))``.

    ``ask`` takes values of the kinds that are named (UUID, date, int, str) and only puts them into filters: which rows it asks
    for, and how they are read, may not depend on them. Raises ``AssertionError`` when one of them is in no filter.
    """

    def __init__(self, ask: Callable[..., models.QuerySet[M]], *kinds: type) -> None:
        self._ask, self._kinds = ask, kinds
        self._made: _Made | None = None  # two threads may both make it: they make the same

    def __call__(self, *values: Any) -> list[M]:
        """The rows for these values, in the order of the queryset."""
        made = self._made = self._made or self._make()
        if len(values) != len(self._kinds):
            raise TypeError(f"{len(self._kinds)} values are asked by, not {len(values)}.")
        return list(ModelIterable(cast("models.QuerySet[M]", _Asked(made, values))))

    def first(self, *values: Any) -> M | None:
        """The first row for these values, if there is one."""
        return next(iter(self(*values)), None)

    def one(self, *values: Any) -> M:
        """The row that there must be for these values; raises the model's ``DoesNotExist``."""
        row = self.first(*values)
        if row is None:
            assert self._made is not None
            raise self._made.model.DoesNotExist  # type: ignore[attr-defined]
        return row

    def _make(self) -> _Made:
        stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(self._kinds)]
        queryset = self._ask(*stand_ins)
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        places = [next((n for n, s in enumerate(stand_ins) if s == param), None) for param in params]
        if missing := set(range(len(stand_ins))) - set(places):
            raise AssertionError(f"Values {sorted(missing)} are in no filter of: {sql}")
        return _Made(queryset.model, queryset.db, compiler, sql, tuple(params), places)


_by_key: dict[tuple[Any, ...], Any] = {}


def by_key(model: type[M], kind: type, *related: str) -> Compiled[M]:
    """How a row of ``model`` is read by its key, which is of that kind, with the rows that ``related`` names."""
    wanted = (model, kind, related)
    if wanted not in _by_key:
        _by_key[wanted] = Compiled(
            lambda pk: model._base_manager.select_related(*related).filter(pk=pk).order_by(), kind
        )
    found: Compiled[M] = _by_key[wanted]
    return found


@dataclass(frozen=True)
class _Made:
    """The SQL, the compiler that knows how to read its rows, and which value belongs at which of its parameters."""

    model: type[models.Model]
    db: str
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    places: list[int | None]


@dataclass
class _Asked:
    """As much of a queryset, and of its query, as reading its rows takes."""

    made: _Made
    values: tuple[Any, ...]
    _known_related_objects: dict[Any, Any] = field(default_factory=dict)

    @property
    def db(self) -> str:
        """The database it is read from."""
        return self.made.db

    @property
    def query(self) -> _Asked:
        """What gives the compiler."""
        return self

    def get_compiler(self, using: str) -> SQLCompiler:
        """A copy of the compiler, on the thread's own connection, whose SQL is there already."""
        made = self.made
        params = tuple(
            param if place is None else self.values[place]
            for param, place in zip(made.params, made.places, strict=True)
        )
        compiler = copy(made.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *args, **kwargs: (made.sql, params)  # type: ignore[method-assign]
        return compiler


__all__ = ["Compiled", "by_key"]
