"""P01, P02: the database is killed while eight clients submit over HTTP. What was acknowledged is there; who asks again
with the same key gets the one receipt there is. `make drill` kills more often, and counts.

Both modes run on the same server, whose log writer is slow on purpose: only a commit that flushes its own record is safe.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from calls.models import Dossier, Receipt
from tests.guarantees.drill import (
    LONG,
    Answers,
    Sending,
    Site,
    Web,
    is_receipt,
    plain_call,
    send_all,
    sendings,
)
from tests.world import World, make_world
from workflows.engine.clock import database_now
from workflows.engine.journal import verify
from workflows.models import Entry, OutboxJob

pytestmark = pytest.mark.xdist_group("kills")  # one server of its own for both

KILLS = int(os.environ.get("KILLS", "20" if LONG else "1"))
EACH = 24 if LONG else 14  # submissions prepared for each kill
SAFE, UNSAFE = "on", "off"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with django_db_blocker.unblock(), Site(tmp_path_factory.mktemp("drill")).open() as site:
        yield site


@pytest.fixture(scope="module")
def alpha(site: Site) -> World:
    return make_world()


def kill_amid(site: Site, web: Web, todo: list[Sending]) -> Answers:
    """Kill the server once a third is acknowledged, at any point of what the others are doing, and start it again."""

    def kill() -> None:
        time.sleep(random.uniform(0, 0.15))
        site.kill()
        site.restart()

    return send_all(web, todo, after=EACH // 3, then=kill)


def submitted() -> set[object]:
    """The dossiers that the database knows as submitted, wholly: state, receipt, journal entry and what is owed."""
    dossiers = set(Dossier.objects.filter(state="submitted").values_list("pk", flat=True))
    assert dossiers == set(Receipt.objects.values_list("dossier", flat=True))
    entries = Entry.objects.filter(verb="calls.submit")
    assert sorted(map(str, dossiers)) == sorted(entries.values_list("object_id", flat=True))
    letters = OutboxJob.objects.filter(kind="letter", payload__code="receipt")
    assert letters.values("entry").distinct().count() == len(letters) == len(dossiers)
    return dossiers


def run(site: Site, world: World, mode: str, kills: int) -> list[tuple[list[Sending], Answers, set[object]]]:
    """Kill so often in this mode; returns for each round what was sent, what was told, and what was lost."""
    call = plain_call(world, now=database_now())
    rounds = []
    options = {"DATABASE_OPTIONS": f"-c synchronous_commit={mode}"}
    with Web(site.folder / f"web-{mode}.log", environment=options) as web:
        for _ in range(kills):
            todo = sendings(world, call, EACH, now=database_now())
            answers = kill_amid(site, web, todo)
            lost = {s.dossier for s in answers.acknowledged} - submitted()
            rounds.append((todo, answers, lost))
            if mode == SAFE:
                ask_again(web, todo)
    return rounds


def ask_again(web: Web, todo: list[Sending]) -> None:
    """Everybody presses the button again, with the key of the form they still have in front of them."""
    before = {r.dossier_id: (r.pk, r.received_at) for r in Receipt.objects.all()}
    for sending in todo:
        response = sending.to(web)
        assert is_receipt(response, sending), (response.status_code, web.log.read_text()[-3000:])
    after = {r.dossier_id: (r.pk, r.received_at) for r in Receipt.objects.all()}
    assert {s.dossier for s in todo} <= submitted()
    assert {pk: after[pk] for pk in before} == before
    keys = Entry.objects.filter(verb="calls.submit").values_list("idempotency_key", flat=True)
    assert {s.key for s in todo} <= set(keys)
    references = Dossier.objects.values_list("case__reference", flat=True)
    assert len(set(references)) == len(references)


def test_p01_p02_a_killed_database_keeps_what_it_acknowledged(site: Site, alpha: World) -> None:
    rounds = run(site, alpha, SAFE, KILLS)
    assert [lost for _todo, _answers, lost in rounds] == [set()] * KILLS
    assert all(answers.unknown for _todo, answers, _lost in rounds), "the kill came after the last request"
    assert list(verify()) == []
    report(SAFE, rounds)


def test_p01_witness_without_synchronous_commit_the_acknowledged_is_lost(site: Site, alpha: World) -> None:
    rounds = run(site, alpha, UNSAFE, max(1, KILLS // 4))
    assert any(lost for _todo, _answers, lost in rounds)
    report(UNSAFE, rounds)


def report(mode: str, rounds: list[tuple[list[Sending], Answers, set[object]]]) -> None:
    told = sum(len(answers.acknowledged) for _todo, answers, _lost in rounds)
    lost = sum(len(lost) for _todo, _answers, lost in rounds)
    print(f"\nsynchronous_commit={mode}: {len(rounds)} kills, {told} acknowledged, {lost} lost")  # noqa: T201 (what a drill is for)
