"""A walk: random verbs by random people on random objects, the clock going on, and what must hold after each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Max
from django_fsm import FSMField

from accounts.actors import Actor, actor_for
from accounts.models import User
from accounts.queries import audience_members
from contracts.invariants import faults
from tests.guarantees.arguments import ARGUMENTS, RARE, Arguments
from tests.world import World
from workflows.engine import timers
from workflows.engine.action import Verb, allowed, verb, verbs, verbs_for
from workflows.engine.errors import VerbError
from workflows.engine.journal import verify
from workflows.engine.outbox import deliver
from workflows.models import Case, Entry, OutboxJob, OutboxState, Timer, TimerState, WorkItem
from workflows.queries import stranded

#: The packages whose tables a refused verb leaves alone.
OURS = ("accounts", "workflows", "calls", "reviews", "contracts", "viewflow")
#: Jobs that cost more than they could break: a PDF is made now and then only, mails never.
DEAR = {"letter": 0.05, "mail": 0.0}


@cache
def tables() -> dict[type[models.Model], frozenset[tuple[str, str]]]:
    """The specification: each model that has a state, with the moves that its table allows."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, FSMField):
                moves = field.get_all_transitions(model)
                found[model] = frozenset((move.source, move.target) for move in moves)
    return found


@cache
def places(but: frozenset[str] = frozenset()) -> str:
    """The query that tells what each of our tables (``but`` some) holds: two equal answers, and nothing was written.

    Its rows come in any order (PostgreSQL may read the tables in parallel): put them in a dict.
    """
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]
    named = sorted({model._meta.db_table for model in ours} - but)
    each = "SELECT '{0}', md5(string_agg(r::text, '' ORDER BY r::text)) FROM {0} r"
    return " UNION ALL ".join(each.format(name) for name in named)


@cache
def subjects() -> tuple[type[models.Model], ...]:
    """The models that verbs act on, in the order in which they were declared."""
    return tuple(dict.fromkeys(found.subject for found in verbs().values()))


class Walk:
    """A world under way. ``trace`` tells what was done, for whoever reads a failure."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now: datetime = Entry.objects.aggregate(last=Max("at"))["last"]
        self.trace: list[str] = []
        self.done: Counter[str] = Counter()
        self.states = self.read_states()
        self.kept: list[Any] = []
        self.actors: dict[Any, Actor] = {}

    # -- steps ----------------------------------------------------------------------------------------------

    def step(self, random: Random) -> None:
        """One thing happens; then everything that must hold is looked at."""
        ways: list[tuple[float, Callable[[Random], None]]] = [
            (0.35, self.do_work),
            (0.20, self.do_allowed),
            (0.25, self.try_anything),
            (0.10, self.let_time_pass),
            (0.10, self.deliver_jobs),
        ]
        (way,) = random.choices([way for _, way in ways], [weight for weight, _ in ways])
        before = dict(Case.objects.values_list("pk", "head_seq"))
        self.now += timedelta(minutes=random.randrange(1, 180))
        way(random)
        self.check(before)

    def do_work(self, random: Random) -> None:
        """Somebody does what their inbox asks for, or what must be done before it."""
        items = self.sorted(WorkItem.objects.filter(state="open").select_related("case__region"))
        if not items:
            return
        item = random.choice(items)
        members = audience_members(item.audience, self.now.date()).order_by("email")
        people = list(members.exclude(recusals__case=item.case_id))
        if not people:
            return
        person = random.choice(people)
        row = self.fresh(apps.get_model(item.object_type), item.object_id)
        if row is None:
            return
        names = [found.name for found in verbs_for(self.actor(person), row)]
        asked = [name for name in names if name in item.verbs]
        if asked and random.random() < 0.7:
            names = asked
        self.perform(self.choose(names, random), row, person, random)

    def do_allowed(self, random: Random) -> None:
        """Somebody does something that they may do to something."""
        row = self.random_row(random)
        people = list(self.world.people.values())
        for person in random.sample(people, min(6, len(people))):
            names = [found.name for found in verbs_for(self.actor(person), row)]
            if names:
                self.perform(self.choose(names, random), row, person, random)
                return

    def try_anything(self, random: Random) -> None:
        """Anybody tries any verb on any of its objects, now and then on a page read long ago, or as nobody at all."""
        found = verb(random.choice(sorted(verbs())))
        row = self.random_row(random, found.subject)
        if row is None:
            return
        if self.kept and random.random() < 0.2:
            old = [kept for kept in self.kept if isinstance(kept, found.subject)]
            row = random.choice(old) if old else row
        nobody = not found.system and random.random() < 0.05
        person = None if nobody else random.choice(list(self.world.people.values()))
        self.perform(found.name, row, person, random)
        self.kept = [*self.kept[-20:], row]

    def let_time_pass(self, random: Random) -> None:
        """The clock fires what is due, after a jump to the next timer at times; or some days pass unattended."""
        jump = random.random()
        if jump < 0.2:
            self.now += timedelta(days=random.randrange(1, 12))
            self.tell("some days pass and nothing is fired")
            return
        pending = Timer.objects.filter(state=TimerState.PENDING, failures=0).order_by("due_at", "verb")
        first = pending.first()
        if jump < 0.5 and first is not None:
            self.now = max(self.now, first.due_at)
        due = pending.filter(due_at__lte=self.now)
        for timer in due[:1]:
            fired = timers.fire(timer, now=self.now)
            self.done[timer.verb] += fired
            self.tell(f"timer {timer.verb}: {fired} {Timer.objects.get(pk=timer.pk).last_error}")

    def deliver_jobs(self, random: Random) -> None:
        """A worker does the oldest jobs. One that cannot be done is a fault: nobody would ever see its effect."""
        jobs = OutboxJob.objects.filter(state=OutboxState.PENDING).order_by("entry_id", "kind")
        light = [job for job in jobs if random.random() < DEAR.get(job.kind, 1)]
        for job in light[:1]:
            self.tell(f"job {job.kind}")
            deliver(job.pk, now=job.due_at)
            job.refresh_from_db()
            assert job.state == OutboxState.DONE, f"{job.kind}: {job.last_error}"

    def perform(self, name: str, row: Any, person: User | None, random: Random) -> None:
        """Perform a verb: it succeeds and writes one entry, or says no and leaves nothing."""
        if not name:
            return
        found, before, entries = verb(name), self.traces(), Entry.objects.count()
        now_row = self.fresh(type(row), row.pk)
        try:
            values = Arguments(self.world, now_row, self.now, random).of(name)
        except (IndexError, AttributeError):  # there is nothing to choose among
            return
        seen = 1 if random.random() < 0.05 else None  # a page read long ago
        may = person is not None and (
            allowed(name, self.actor(person), now_row) or self.opens(found, person, row)
        )
        closed = getattr(getattr(now_row, "case", None), "closed_at", None) is not None
        who = next((key for key, user in self.world.people.items() if user == person), "nobody")
        try:
            found.run(row, by=person, now=self.now, seen=seen, **values)
        except VerbError as refusal:
            self.tell(f"{who} {name} {row}: {type(refusal).__name__} {refusal}")
            left = sorted(dict(self.traces().items() - before.items()))
            assert not left, f"{name} was refused and left something behind in {left}"
            return
        self.tell(f"{who} {name} {row}: done")
        self.done[name] += 1
        assert may, f"{who} may not {name}, and did"
        assert not closed or found.opens, f"{name} was done in a closed case"
        assert Entry.objects.count() == entries + 1, f"{name} is not one entry in the journal"

    def opens(self, found: Verb, person: User, row: Any) -> bool:
        """Whether the person may open a case from ``row``: the table alone says it."""
        from accounts.rules import may

        return found.opens and may(self.actor(person), found.name, row)

    # -- picks ----------------------------------------------------------------------------------------------

    def choose(self, names: list[str], random: Random) -> str:
        """One of these verbs, rarely one that ends or delays things."""
        weights = [0.2 if name in RARE else 1.0 for name in names]
        return random.choices(names, weights)[0] if names else ""

    def random_row(self, random: Random, model: type[models.Model] | None = None) -> Any:
        """Any row of a model (of any that has some)."""
        for chosen in [model] if model else random.sample(subjects(), len(subjects())):
            rows = self.sorted(chosen._base_manager.select_related(*getattr(chosen, "related", ())))
            if rows:
                return random.choice(rows)
        return None

    def sorted(self, rows: Any) -> list[Any]:
        """Rows in an order that does not hang on their random identifiers."""

        def key(row: Any) -> tuple[str, ...]:
            case = row if isinstance(row, Case) else getattr(row, "case", None)
            names = (
                "step",
                "number",
                "rank",
                "kind",
                "college",
                "code",
                "opened_at",
                "drafted_at",
                "assigned_at",
            )
            return (
                case.reference if case else "",
                *(str(getattr(row, name, "")) for name in names),
                str(row),
            )

        return sorted(rows, key=key)

    def fresh(self, model: type[models.Model], pk: Any) -> Any:
        return model._base_manager.select_related(*getattr(model, "related", ())).filter(pk=pk).first()

    def actor(self, person: User) -> Actor:
        key = (person.pk, self.now.date())
        if key not in self.actors:
            self.actors[key] = actor_for(person, self.now.date())
        return self.actors[key]

    def tell(self, what: str) -> None:
        self.trace.append(f"{len(self.trace):3} {self.now:%Y-%m-%d %H:%M} {what}")

    # -- what must hold -------------------------------------------------------------------------------------

    def traces(self) -> dict[str, str]:
        """What every table holds: whatever is written, in any of them, changes it."""
        with connection.cursor() as cursor:
            cursor.execute(places())
            return dict(cursor.fetchall())

    def read_states(self) -> dict[tuple[str, Any], str]:
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{model._meta.label}', id, state FROM {model._meta.db_table}"
                    for model in tables()
                )
            )
            return {(label, pk): state for label, pk, state in cursor.fetchall()}

    def check(self, before: dict[Any, int]) -> None:
        """All that must hold, whatever happened."""
        self.check_states()
        moved = [case for case in Case.objects.all() if before.get(case.pk) != case.head_seq]
        if moved:
            assert not list(verify(Case.objects.filter(pk__in=[c.pk for c in moved]))), "a journal is broken"
        assert not (list(faults(self.now)) if moved else list(stranded(self.now)))

    def check_states(self) -> None:
        """Each row's state is the one before, or one that the table allows to go to from there (P14)."""
        now = self.read_states()
        for key, state in now.items():
            was = self.states.get(key)
            if was is not None and was != state:
                spec = next(moves for model, moves in tables().items() if model._meta.label == key[0])
                assert (was, state) in spec, f"{key[0]} went from {was} to {state}"
        assert not self.states.keys() - now.keys(), "a row that had a state is gone"
        self.states = now


def missing_arguments() -> set[str]:
    """The verbs that the walk could not try."""
    return set(verbs()) ^ set(ARGUMENTS)
