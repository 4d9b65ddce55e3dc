"""The only door: ``@action`` gives every verb the same fixed order in one durable transaction.

lock the case → re-check state and rights on the locked rows → the transition and the other writes
→ one journal entry → outbox rows → let the flows move on → commit
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast, get_type_hints
from uuid import UUID

import rules
from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from accounts.actors import Actor, actor_for
from accounts.compiled import Compiled, by_key
from accounts.models import Region, User
from workflows.dates import PARIS, local_date
from workflows.engine import flow, outbox
from workflows.engine.act import Act, label
from workflows.engine.clock import database_now
from workflows.engine.errors import Conflict, NotAllowed, Refused
from workflows.engine.journal import append
from workflows.models import Case, Entry, Notification, OutboxJob, Timer, TimerState

R = TypeVar("R", bound=models.Model)

#: Longest wait for a case that somebody else is acting on (guarantee P13).
LOCK_TIMEOUT = "3s"

#: True while a GET is served: a read never writes (see ``workflows.middleware``).
read_only: ContextVar[bool] = ContextVar("read_only", default=False)


@dataclass(frozen=True)
class Verb:
    """A verb as the registry knows it.

    ``subject`` is the model it acts on; ``label`` names it on a button, ``done`` in the journal; ``moves`` is the
    django-fsm transition it makes, ``when`` the states it is possible in when it moves nothing.
    """

    name: str
    subject: type[models.Model]
    label: Any
    done: Any
    moves: str
    when: frozenset[str]
    system: bool
    opens: bool
    owed: bool
    run: Callable[..., models.Model]

    def possible(self, row: Any) -> bool:
        """Whether the row's state allows the verb."""
        if self.moves:
            return can_proceed(getattr(row, self.moves), check_conditions=False)
        return not self.when or row.state in self.when


_VERBS: dict[str, Verb] = {}


def verb(name: str) -> Verb:
    """The verb of that name; raises KeyError."""
    return _VERBS[name]


def verbs() -> dict[str, Verb]:
    """All verbs by name."""
    return dict(_VERBS)


def verbs_for(actor: Actor, row: models.Model) -> list[Verb]:
    """The verbs that ``actor`` may perform on ``row`` in its present state, in the order they were declared."""
    return [v for v in _VERBS.values() if isinstance(row, v.subject) and allowed(v.name, actor, row)]


def allowed(name: str, actor: Actor | None, row: Any) -> bool:
    """Whether ``actor`` may perform the verb on ``row`` now: the rights table and the state."""
    found = _VERBS[name]
    if actor is None:
        return found.system and found.possible(row)
    if not found.owed and _is_closed(row if isinstance(row, Case) else getattr(row, "case", None)):
        return False
    return bool(rules.test_rule(name, actor, row)) and found.possible(row)


def require_right(run: Callable[..., Any], by: User | Actor, now: datetime, subject: Any) -> None:
    """Raise NotAllowed for who has no right to the verb ``run`` on ``subject``, before anything that they sent is judged.

    The verb asks again under the lock; this is for a form that never gets there because it cannot be read.
    """
    name: str = run.verb_name  # type: ignore[attr-defined]
    actor = by if isinstance(by, Actor) else _actor(by, now, subject, getattr(subject, "case", None))
    if actor is None or not rules.test_rule(name, actor, subject):
        raise NotAllowed(name)


def action(
    name: str,
    *,
    label: Any,
    done: Any,
    moves: str = "",
    when: Collection[str] = frozenset(),
    system: bool = False,
    opens: bool = False,
    owed: bool = False,
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Make a function ``(act, subject, **values) -> row`` a verb called ``(subject, *, by, now, key="", seen=None, **values)``.

    ``name`` is also the name of the rule that grants it. ``system`` lets timers perform it (``by=None``).
    ``opens`` says that the verb opens a new case with :func:`open_case` instead of locking the subject's.
    ``owed`` says that it only sees to what the case is still owed (a letter that failed): it is possible after the closure.
    ``key`` makes a repetition return the first outcome (P09); ``seen`` is the number of the last journal entry that
    the person had in front of them: a decision on a stale page becomes a Conflict.
    The verb returns the row that it recorded. It raises NotAllowed, Refused or Conflict, and then nothing is written.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        hints = get_type_hints(function)
        subject_name = list(hints)[1]
        subject_model = hints[subject_name]

        @functools.wraps(function)
        def run(
            subject: models.Model,
            *,
            by: User | Actor | None,
            now: datetime,
            key: str = "",
            seen: int | None = None,
            timer: Timer | None = None,
            **values: Any,
        ) -> R:
            if read_only.get():
                raise AssertionError(f"{name} was called while serving a read.")
            if now.tzinfo is None:
                raise ValueError("`now` must bear its time zone.")
            try:
                with transaction.atomic(durable=True):
                    return _perform(_VERBS[name], function, subject, by, now, key, seen, timer, values)
            except OperationalError as error:
                if _is_lock_timeout(error):
                    raise Conflict(None) from error
                raise
            except IntegrityError as error:
                if "workflows_entry_idempotency" in str(error) and key and by is not None:
                    return _replay(_user(by), key, name)  # the same request won the race
                raise
            finally:
                _leave()

        if name in _VERBS:
            raise AssertionError(f"Two verbs are called {name}.")
        run.verb_name = name  # type: ignore[attr-defined]  # what a form asks the right by
        _VERBS[name] = Verb(
            name, subject_model, label, done, moves, frozenset(when), system, opens, owed, run
        )
        return run

    return decorate


def open_case(act: Act, **fields: Any) -> Case:
    """Open the case that an ``opens`` verb makes, and act on it from then on."""
    act.case = Case.objects.create(opened_at=act.now, **fields)
    return act.case


def _perform(
    found: Verb,
    function: Callable[..., R],
    given: Any,
    by: User | Actor | None,
    now: datetime,
    key: str,
    seen: int | None,
    timer: Timer | None,
    values: dict[str, Any],
) -> R:
    _enter(found.name)
    if found.opens:
        case = given if isinstance(given, Case) else getattr(given, "case", None)
    else:
        case = _locked.one(given.pk if isinstance(given, Case) else given.case_id)
    recorded_at = database_now()  # under the lock: in a case's journal, time never goes back (P18)
    if key and by is not None:
        for first in _recorded(_user(by).pk, key):  # at most one
            return _load(first, found.name)
    if case is not None and seen is not None and seen != case.head_seq:
        raise Conflict(case.entries.order_by("-seq").first())
    if timer is not None and not Timer.objects.filter(
        pk=timer.pk, state=TimerState.PENDING, due_at__lte=now
    ).update(state=TimerState.FIRED, fired_at=now):
        raise Conflict(None)  # it has fired, was cancelled or put off since it was read (P19)
    subject = _fresh(given, case)
    actor = _actor(by, now, subject, case)
    if actor is None and not found.system:
        raise NotAllowed(found.name)
    if actor is not None and not rules.test_rule(found.name, actor, subject):
        raise NotAllowed(found.name)
    if actor is not None and not (found.opens or found.owed) and _is_closed(case):
        raise Refused(_("This dossier is closed: it can only be read."))
    act = Act(
        verb=found.name,
        by=actor,
        now=now,
        recorded_at=recorded_at,
        case=cast(Case, case),  # a verb that opens one sets it in open_case
        key=key,
        known_state=getattr(given, "state", None),
        subject=subject,
    )
    if not found.possible(subject):
        raise act.stale_or_refused(subject)
    result = function(act, subject, **values)
    if act.recorded is None or act.recorded.pk != result.pk:
        raise AssertionError(f"{found.name} must return the row that it recorded.")
    entry = append(act.case, act.entry)
    flow.advance(act, entry)
    _leave_behind(act, entry)
    return result


def _enter(name: str) -> None:
    """Open the database to writes for this transaction, and bound the waits: one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), set_config('quadrige.verb', %s, true)",
            [LOCK_TIMEOUT, name],
        )


def _leave() -> None:
    """Close the door again where a test's own transaction goes on around the verb's."""
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('quadrige.verb', '', true)")


_locked = Compiled(
    lambda pk: (
        Case.objects.select_for_update(no_key=True, of=("self",))
        .select_related("region", "organisation")
        .filter(pk=pk)
        .order_by()
    ),
    UUID,
)


#: Unordered: for "the first in the journal's order", a prepared plan would walk the whole journal in that order.
_recorded = Compiled(
    lambda actor, key: Entry.objects.filter(actor=actor, idempotency_key=key).order_by(), UUID, str
)


def _fresh(given: Any, case: Case | None) -> Any:
    """The subject as it is now, under the lock; never the copy that the caller read before."""
    if isinstance(given, Case):
        return case or given
    related = getattr(given, "related", ())
    if case is not None:  # it is there already, with its Region and organisation
        related = [path for path in related if path.partition("__")[0] != "case"]
    row: Any = by_key(type(given), type(given.pk), *related).one(given.pk)
    if case is not None and getattr(row, "case_id", None) == case.pk:
        row.case = case
    return row


def _is_closed(case: Case | None) -> bool:
    """Whether the case is read-only. What the system still owes it (a letter, a verdict) is attached all the same."""
    return case is not None and case.closed_at is not None


def _user(by: User | Actor) -> User:
    return by.user if isinstance(by, Actor) else by


def _actor(by: User | Actor | None, now: datetime, subject: Any, case: Case | None) -> Actor | None:
    """Who acts, with the capacities of the day of the act: rights are always read again (P29)."""
    if by is None:
        return None
    region = case.region if case is not None else subject if isinstance(subject, Region) else None
    return actor_for(_user(by), local_date(now, region.zone if region else PARIS))


def _leave_behind(act: Act, entry: Entry) -> None:
    for job in act._jobs:
        job.entry = entry
    if act._notices:
        Notification.objects.bulk_create(act._notices)
        for notice in act._notices:
            act._jobs.append(
                OutboxJob(
                    case=act.case,
                    entry=entry,
                    kind="mail",
                    payload={"notification": str(notice.pk)},
                    due_at=act.recorded_at,
                )
            )
    if act._jobs:
        OutboxJob.objects.bulk_create(act._jobs)
        ids = [job.pk for job in act._jobs if job.due_at <= act.recorded_at]
        transaction.on_commit(lambda: outbox.announce(ids))


def _load(entry: Entry, name: str) -> Any:
    if entry.verb != name:
        raise Refused(_("This form was already used for something else."))
    return apps.get_model(entry.object_type)._base_manager.get(pk=entry.object_id)


def _replay(user: User, key: str, name: str) -> Any:
    return _load(_recorded.one(user.pk, key), name)


def _is_lock_timeout(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") in {"55P03", "40P01"}


__all__ = [
    "Verb",
    "action",
    "allowed",
    "label",
    "open_case",
    "read_only",
    "require_right",
    "verb",
    "verbs",
    "verbs_for",
]
