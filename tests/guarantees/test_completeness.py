"""P47: nothing changes without its line in the journal. The database refuses what is no verb; a verb without its line is refused.

`make test` reads the source of every verb and runs two thirds of them without their line; `make drill` runs them all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from reviews import actions as reviews
from reviews.models import PieceRequest
from tests.calls import test_dossiers
from tests.contracts import test_bank, test_closure, test_contracts
from tests.guarantees import test_walk
from tests.guarantees.conftest import undone
from tests.guarantees.drill import LONG
from tests.guarantees.mutants import Function, lines, silent_ways
from tests.guarantees.walk import Walk, subjects
from tests.guarantees.watched import Watch, guards
from tests.reviews import story, test_completeness, test_decisions
from tests.world import NOW, World, make_world
from workflows.engine import timers
from workflows.engine.action import verbs
from workflows.models import Case, OutboxJob, OutboxState, Timer

OURS = ("accounts", "workflows", "calls", "reviews", "contracts")

#: The tables of ours that something else than a verb may write, and why.
OPEN_TABLES = {
    "accounts_user": "a person's own account, whose changes are in the append-only accounts_accountevent",
    "workflows_notification": "a copy of what the journal says, which its reader marks as read",
    "workflows_outboxjob": "what must still happen: a worker writes down its attempts",
    "workflows_timer": "what must still happen: the clock writes down its attempts",
}
#: Tables that never change once written, and that others than verbs add to: reads, sign-ins, the hourly seal.
LOGS = {"accounts_accountevent", "workflows_accesslog", "workflows_seal"}


def functions() -> dict[str, Function]:
    """The function of each verb, as its author wrote it."""
    return {name: found.run.__wrapped__ for name, found in verbs().items()}  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_p47_the_database_refuses_any_write_outside_a_verb() -> None:
    """Every table that a model of ours has, without a list of them: a new one is refused until it is guarded."""
    ours = [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    tables = {model._meta.db_table for model in ours if model._meta.managed}
    assert OPEN_TABLES.keys() | LOGS < tables
    accepted = set()
    for table in sorted(tables - OPEN_TABLES.keys()):
        pk = key(table)
        for statement in (
            f"INSERT INTO {table} SELECT * FROM {table} WHERE false",
            f"UPDATE {table} SET {pk} = {pk} WHERE false",
            f"DELETE FROM {table} WHERE false",
            f"TRUNCATE {table} CASCADE",
        ):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                accepted.add((table, statement.split()[0]))
            except DatabaseError as error:
                if not any(said in str(error) for said in REFUSALS):
                    raise
    assert accepted == {(table, "INSERT") for table in LOGS}
    unguarded = {table for table in tables if not guards().get(table, set()) & {"needs_verb", "append_only"}}
    assert unguarded == OPEN_TABLES.keys(), "an exception that is none any more"


REFUSALS = ("outside a verb", "is never allowed", "permission denied")


def key(table: str) -> str:
    """The column of a table's primary key."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_primary_key_column(cursor, table)
    assert found
    return found


def test_p47_every_way_through_a_verb_writes_one_line() -> None:
    """Read in the source: each way that returns has met exactly one ``act.record``; without it, the reading finds it out."""
    assert {name: ways for name, function in functions().items() if (ways := silent_ways(function))} == {}
    assert [name for name, function in functions().items() if not lines(function)] == []
    assert [name for name, function in functions().items() if not silent_ways(function, removed=True)] == []


def pieces_asked_for(world: World) -> None:
    """A request for pieces to which nothing came, and one that is answered."""
    dossier = story.again(story.calls.submitted_dossier(world))
    request = test_completeness.ask(world, dossier)
    timers.fire_due(now=NOW + timedelta(days=90))
    assert PieceRequest.objects.get(pk=request.pk).state != "pending"
    other = story.calls.submitted_dossier(world, by=world.other, editor=world.other_editor)
    again = test_completeness.ask(world, other)
    story.calls.give_pieces(other, by=world.other_editor, now=test_completeness.CHECKED)
    reviews.produce_pieces(again, by=world.other_editor, now=test_completeness.CHECKED)


def failures(world: World) -> None:
    """A job and a timer that failed too often, which somebody lets try again."""
    from workflows import actions

    case = Case.objects.get(pk=story.calls.submitted_dossier(world).case_id)
    job = OutboxJob.objects.filter(case=case).latest("id")
    OutboxJob.objects.filter(pk=job.pk).update(state=OutboxState.INCIDENT, attempts=5)
    job.refresh_from_db()
    actions.retry_job(job, by=world.officer, now=NOW)
    which = {"object_type": "workflows.case", "object_id": case.pk, "due_at": NOW}
    timer = Timer.objects.create(case=case, verb="workflows.send_message", **which)
    for _ in range(timers.MAX_FAILURES + 1):
        timers.fire_due(now=NOW)
    timer.refresh_from_db()
    actions.retry_timer(timer, by=world.officer, now=NOW)


#: Two thirds of the verbs, in a few seconds.
SHORT: list[Callable[[World], None]] = [test_walk.settled]
#: What together does every verb there is: paths, and the tests of those that lie beside them.
PATHS: list[Callable[[World], None]] = [*test_walk.STARTS, pieces_asked_for, failures]
BESIDE: list[Callable[[World], None]] = [
    test_dossiers.test_a_piece_is_given_replaced_quarantined_and_taken_back,
    test_contracts.test_a_suspensive_reservation_is_lifted_first,
    test_contracts.test_a_withdrawal_cancels_the_contract,
    test_bank.test_a_change_under_contract_is_checked_before_anything_is_paid_to_it,
    test_bank.test_a_change_that_is_refused_leaves_the_account_as_it_was,
    test_closure.test_what_was_not_earned_is_recovered_after_a_hearing,
    test_closure.test_silence_ends_the_hearing_and_a_recovery_may_be_dropped,
    test_decisions.test_the_list_is_called_in_order_and_within_the_money,
    test_decisions.test_a_withdrawal_promotes_the_next,
]


def wander(world: World, watch: Watch) -> None:
    """Look at every row there is, then do for a while what there is to do."""
    walk = Walk(world)
    for model in subjects():
        for row in model._base_manager.all()[:40]:
            watch.look_around(row, walk.now)
    for number in range(120):
        walk.now += timedelta(minutes=50)
        random = Random(number)
        random.choice([walk.do_work, walk.do_work, walk.do_allowed, walk.let_time_pass])(random)


@pytest.mark.django_db
def test_p47_a_verb_without_its_line_is_refused_and_each_row_that_changes_has_its_event() -> None:
    """Each verb of a story is first run without its line, made anew from its source: the engine refuses it.

    Then it is run as it is: all the rows that PostgreSQL saw change belong to the verb and its case, and to one event.
    """
    refused: set[str] = set()
    acts = changes = 0
    for tell in [*PATHS, *BESIDE] if LONG else SHORT:
        with undone():
            watch = Watch(make_world(), refused)
            with watch.watching():
                tell(watch.world)
                if LONG and tell in PATHS:
                    wander(watch.world, watch)
        assert watch.survivors == set(), "these verbs did without a journal line"
        assert watch.unaccounted == []
        acts, changes = acts + watch.acts, changes + watch.changes
        assert watch.acts
    said = f"{len(refused)} of {len(verbs())} verbs refused without their line; {changes} rows in {acts} acts"
    print(f"\n{said}")  # noqa: T201 (what a drill is for)
    assert changes > 3 * acts
    assert len(refused) > len(verbs()) // 2
    if LONG:
        assert verbs().keys() - refused == set(), "no story here does these verbs"


def test_p47_witness_a_change_that_no_event_tells_is_seen(world: World) -> None:
    """The counter is not blind: a row that a verb changes beside its own case, or an act without its event, is named."""
    watch: Any = Watch(world, set())
    with watch.watching(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('quadrige.verb', 'calls.submit', true)")
        cursor.execute("UPDATE accounts_organisation SET name = 'Autre'")
        watch.account("calls.submit")
        assert watch.unaccounted == ["calls.submit: 2 rows, events []"]
        cursor.execute("SELECT set_config('quadrige.verb', '', true)")
