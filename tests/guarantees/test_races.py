"""P07, P09, P10, P13: people and machines who act at the same instant. Each race has its witness: without the
protection, the fault does happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.actors import post_audience
from tests.world import NOW, World, make_world, opened
from workflows import actions
from workflows.engine import Conflict, NotAllowed, Refused, outbox
from workflows.engine.journal import verify
from workflows.models import Case, CaseKind, Entry, Message, OutboxJob, OutboxState, WorkItem

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


@pytest.fixture
def alpha() -> World:
    return make_world()


@pytest.fixture
def opened_case(alpha: World) -> Case:
    with opened():
        return Case.objects.create(
            region=alpha.region,
            kind=CaseKind.DOSSIER,
            reference="PRIC-RACE",
            title="Un projet",
            organisation=alpha.organisations["applicant"],
            opened_at=NOW,
        )


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start the calls at the same instant, each on its own connection; returns results or exceptions, in order."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except (Conflict, Refused, NotAllowed) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def items(alpha: World, opened_case: Case) -> list[WorkItem]:
    with opened():
        return [
            WorkItem.objects.create(
                case=opened_case,
                step="x.Y.z",
                audience=post_audience(alpha.region.pk, "case_officer"),
                object_type="workflows.case",
                object_id=opened_case.pk,
                opened_at=NOW,
            )
            for _ in range(ROUNDS)
        ]


def test_p09_identical_requests_at_once_have_one_outcome(alpha: World, opened_case: Case) -> None:
    def send() -> Message:
        return actions.send_message(opened_case, by=alpha.officer, now=NOW, body="Bonjour", key="same")

    results = at_once(*[send] * 8)
    assert len({message.pk for message in results}) == 1
    assert (Message.objects.count(), Entry.objects.count(), OutboxJob.objects.count()) == (1, 1, 2)


def test_p09_witness_without_a_key_every_click_counts(alpha: World, opened_case: Case) -> None:
    at_once(*[lambda: actions.send_message(opened_case, by=alpha.officer, now=NOW, body="Bonjour")] * 8)
    assert Message.objects.count() == 8
    assert list(verify()) == []


def test_p10_two_officers_take_the_same_task_and_one_gets_it(alpha: World, items: list[WorkItem]) -> None:
    for item in items:
        results = at_once(
            lambda item=item: actions.claim(item, by=alpha.officer, now=NOW),
            lambda item=item: actions.claim(item, by=alpha.officer2, now=NOW),
        )
        assert Counter(type(r) for r in results) == {WorkItem: 1, Refused: 1}
    assert Entry.objects.filter(verb="workflows.claim").count() == ROUNDS
    assert list(verify()) == []


def test_p10_witness_checking_without_the_lock_lets_both_win(alpha: World, items: list[WorkItem]) -> None:
    def naive(item: WorkItem, user: Any, barrier: Barrier) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('quadrige.verb', 'witness', true)")
            fresh = WorkItem.objects.get(pk=item.pk)
            if fresh.claimed_by_id is not None:
                return False
            barrier.wait(timeout=10)
            fresh.claimed_by = user
            fresh.save(update_fields=["claimed_by"])
        return True

    both = 0
    for item in items:
        inside = Barrier(2)
        both += all(
            at_once(
                lambda item=item, b=inside: naive(item, alpha.officer, b),
                lambda item=item, b=inside: naive(item, alpha.officer2, b),
            )
        )
    assert both == ROUNDS


def test_p13_a_case_held_by_somebody_answers_conflict_instead_of_waiting(
    alpha: World, opened_case: Case
) -> None:
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=opened_case.pk)
        (result,) = at_once(
            lambda: actions.send_message(opened_case, by=alpha.officer, now=NOW, body="Bonjour")
        )
    assert isinstance(result, Conflict)
    assert result.entry is None
    assert not Entry.objects.exists()


def test_p07_four_relays_share_the_outbox(alpha: World, opened_case: Case, mailoutbox: list[Any]) -> None:
    for number in range(10):
        actions.send_message(opened_case, by=alpha.officer, now=NOW, body=f"Message {number}")
    jobs = list(OutboxJob.objects.values_list("pk", flat=True))
    done = at_once(*[lambda: sum(outbox.deliver(job) for job in jobs)] * 4)
    assert sum(done) == len(jobs) == 20
    assert len(mailoutbox) == 20
    assert not OutboxJob.objects.exclude(state=OutboxState.DONE).exists()
