"""Every act of a story, watched: tried first without its journal line, then counted against what PostgreSQL saw it change (P47)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from random import Random
from typing import Any

from django.db import connection, transaction

from accounts.actors import Actor, actor_for
from accounts.models import User
from tests.guarantees.arguments import Arguments
from tests.guarantees.mutants import without_journal_line
from tests.world import World
from workflows.dates import local_date
from workflows.engine.action import Verb, allowed, verbs
from workflows.engine.errors import VerbError

engine = import_module("workflows.engine.action")  # the package has a function of that name

#: PostgreSQL's own account of the changes, row by row: in which table, by which verb, for which case.
COUNTER = """
CREATE TABLE seen_change (n bigserial, tab text, verb text, entry_verb text, case_id uuid);
CREATE FUNCTION see_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE new_row jsonb := to_jsonb(coalesce(NEW, OLD));
BEGIN
    INSERT INTO seen_change (tab, verb, entry_verb, case_id)
    VALUES (TG_TABLE_NAME, current_setting('quadrige.verb', true), new_row->>'verb',
        CASE WHEN TG_TABLE_NAME = 'workflows_case' THEN new_row->>'id' ELSE new_row->>'case_id' END::uuid);
    RETURN NULL;
END $$;
"""


def guards() -> dict[str, set[str]]:
    """The guards that PostgreSQL has on each table, by the name of their trigger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgenabled = 'O'"
        )
        found: dict[str, set[str]] = {}
        for table, name in cursor.fetchall():
            found.setdefault(table, set()).add(name)
        return found


class Watch:
    """What was seen so far: the verbs that cannot do without their journal line, those that can, and changes without an event."""

    def __init__(self, world: World, refused: set[str]) -> None:
        self.world, self.refused = world, refused
        self.survivors: set[str] = set()
        self.unaccounted: list[str] = []
        self.acts = self.changes = 0
        self._perform = engine._perform
        self._seen = 0
        self._tried: set[Any] = set()
        self._actors: dict[Any, Actor] = {}
        self._busy = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch all that is done meanwhile, inside a transaction that is undone."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(COUNTER)
            for table, names in guards().items():
                if names & {"needs_verb", "append_only"}:
                    cursor.execute(
                        f"CREATE TRIGGER seen AFTER INSERT OR UPDATE OR DELETE ON {table}"
                        " FOR EACH ROW EXECUTE FUNCTION see_change()"
                    )
        engine._perform = self.perform  # type: ignore[assignment]
        try:
            yield
        finally:
            engine._perform = self._perform

    def perform(
        self, found: Verb, function: Callable[..., Any], given: Any, by: Any, now: datetime, *rest: Any
    ) -> Any:
        """Perform a verb as the engine does, after it was tried without its journal line."""
        if self._busy:
            return self._perform(found, function, given, by, now, *rest)
        if found.name not in self.refused:
            self.try_without_line(found, given, by, now, *rest)
        self.look_around(given, now)
        self._seen = self.last_change()
        result = self._perform(found, function, given, by, now, *rest)
        self.account(found.name)
        return result

    def try_without_line(self, found: Verb, given: Any, *rest: Any) -> None:
        """Run the verb without its line and undo it: the engine must find it out."""
        mutant = without_journal_line(found.run.__wrapped__)  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                self._perform(found, mutant, given, *rest)
                self.survivors.add(found.name)
                transaction.set_rollback(True)
        except VerbError:
            return  # it says no, with or without the line
        except (AttributeError, KeyError):
            if not self._busy:
                raise
            return  # a guess that made no sense
        except AssertionError as error:
            if found.name not in str(error):  # not the engine's own word on this verb
                raise
            self.refused.add(found.name)

    def look_around(self, row: Any, now: datetime) -> None:
        """Try, without their line, the verbs not seen yet that somebody may perform on ``row`` just now."""
        self._busy = True
        row = type(row)._base_manager.select_related(*getattr(row, "related", ())).get(pk=row.pk)
        try:
            for name, found in verbs().items():
                key = (name, row.pk, getattr(row, "state", ""))
                if name in self.refused or key in self._tried or not isinstance(row, found.subject):
                    continue
                self._tried.add(key)
                if not found.possible(row):
                    continue
                self.try_by_anybody(found, row, now)
        finally:
            self._busy = False

    def try_by_anybody(self, found: Verb, row: Any, now: datetime) -> None:
        """By the clock, and by the first person who may."""
        may = (p for p in self.world.people.values() if allowed(found.name, self.actor(p, now), row))
        people: list[User | None] = [None] if found.system else []
        if (person := next(may, None)) is not None:
            people.append(person)
        for person in people:
            for seed in range(3):
                try:
                    values = Arguments(self.world, row, now, Random(seed)).of(found.name)
                except (IndexError, AttributeError):
                    return
                self.try_without_line(found, row, person, now, "", None, None, values)
                if found.name in self.refused:
                    return

    def actor(self, person: User, now: datetime) -> Actor:
        key = (person.pk, local_date(now, self.world.region.zone))
        if key not in self._actors:
            self._actors[key] = actor_for(person, key[1])
        return self._actors[key]

    def last_change(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(n), 0) FROM seen_change")
            return int(cursor.fetchone()[0])

    def account(self, name: str) -> None:
        """All rows that changed since belong to this act, which wrote one event."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tab, verb, entry_verb, case_id FROM seen_change WHERE n > %s", [self._seen]
            )
            rows = cursor.fetchall()
        self.acts += 1
        self.changes += len(rows)
        events = [(entry_verb, case) for tab, _verb, entry_verb, case in rows if tab == "workflows_entry"]
        if [verb for verb, _case in events] != [name]:
            self.unaccounted.append(f"{name}: {len(rows)} rows, events {events}")
            return
        for tab, verb, _entry_verb, case in rows:
            if verb != name:
                self.unaccounted.append(f"{name}: {tab} changed by {verb}")
            if case not in (None, events[0][1]):
                self.unaccounted.append(f"{name}: {tab} of another case")
