"""The whole life of a dossier, from its submission to its closure: every verb of it, its statements and its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any

from django.db import connection

from calls.actions import submit
from calls.models import Call, Pact
from contracts import actions as contracts
from tests.calls import story as calls
from tests.contracts import story
from tests.load.ground import Ground
from tests.load.measure import Result
from tests.reviews import story as reviews
from tests.world import World
from workflows.engine.action import Verb

#: By its name: in the package, `action` is the decorator.
engine: Any = import_module("workflows.engine.action")
MOST = 1.0
REPEATS = 5


class Counted:
    """The verbs performed: their names, statements and seconds. What lies between them (the reading of pages) is not counted."""

    def __init__(self) -> None:
        self.verbs: list[tuple[str, int, float]] = []
        self._statements = 0

    @contextmanager
    def running(self) -> Iterator[Counted]:
        """Count as long as the block runs."""
        perform, leave = engine._perform, engine._leave
        begun: list[Any] = []

        def performing(found: Verb, *args: Any, **kwargs: Any) -> Any:
            begun[:] = [found.name, self._statements, time.perf_counter()]
            return perform(found, *args, **kwargs)

        def leaving() -> None:
            leave()  # comes after the commit
            name, before, start = begun
            self.verbs.append((name, self._statements - before, time.perf_counter() - start))

        engine._perform, engine._leave = performing, leaving
        try:
            with connection.execute_wrapper(self._count):
                yield self
        finally:
            engine._perform, engine._leave = perform, leave

    def _count(self, execute: Callable[..., Any], *args: Any) -> Any:
        self._statements += 1
        return execute(*args)


def life(ground: Ground) -> Iterator[Result]:
    """A dossier awarded, paid and closed, several times; the median of the sums of its verbs, commits included."""
    runs: list[list[tuple[str, int, float]]] = []
    for _turn in range(REPEATS + 1):
        call = calls.open_call(ground.world, Pact.objects.get(), coparef="none")
        counted = Counted()
        _live(ground.world, call, counted)
        runs.append(counted.verbs)
    sums = sorted(sum(took for _name, _n, took in verbs) for verbs in runs[1:])  # the first one warms up
    middle = sums[len(sums) // 2]
    verbs = runs[-1]
    slowest = sorted(verbs, key=lambda verb: -verb[2])[:3]
    words = ", ".join(f"{name} {took * 1000:.0f} ms ({n} queries)" for name, n, took in slowest)
    yield Result(
        "LIFE",
        f"a dossier's life from submission to closure: {len(verbs)} verbs, {sum(n for _v, n, _t in verbs)} queries",
        "",
        f"{middle * 1000:.0f} ms for the verbs in all; the longest: {words}",
        None,
        f"< {MOST:g} s",
        middle < MOST,
    )


def _live(world: World, call: Call, counted: Counted) -> None:
    draft = calls.filled_draft(world, call)
    with counted.running():
        dossier = submit(draft, by=world.applicant, now=calls.NOW, attestation=True)
        dossier = reviews.reviewed_dossier(world, dossier)
        reviews.vote(world, reviews.validated_ranking(world, call))
        reviews.release(world, dossier)
        dossier = reviews.again(dossier)
        signed = story.SIGNED
        story.banked(world, dossier, now=signed)
        contract = contracts.prepare_contract(
            dossier, by=world.officer, now=signed, starts_on=dossier.starts_on, ends_on=dossier.ends_on
        )
    story.deliver_all("contract_text")  # the typesetter is no verb
    with counted.running():
        contract = contracts.send_for_signature(story.fresh(contract), by=world.officer, now=signed)
        contract = contracts.sign_as_beneficiary(
            contract, by=world.applicant, now=signed, capacity="Présidente"
        )
        contract = contracts.sign_as_region(contract, by=world.signatory, now=signed, capacity="Directeur")
        contract = story.fresh(contract)
        now = _carry_out(world, contract, str(dossier.eligible_cost))
        contracts.close_dossier(story.fresh(contract), by=world.manager, now=now)


def _carry_out(world: World, contract: Any, spent: str) -> datetime:
    """Advance, reports, interim payment, balance; the instant of the last."""
    now = story.SIGNED
    story.paid(world, story.instalment(contract, "advance"), now=now)
    for row in contract.reports.order_by("number"):
        now = story.at(row.due_on)
        story.accepted_report(world, story.report(contract, row.number), now=now, spent=spent)
        interim = story.instalment(contract, "interim")
        if row.number == 1 and interim.state == "planned":
            story.paid(world, interim, now=now)
    for row in contract.instalments.all():
        row = story.fresh(row)
        if row.state not in ("paid", "cancelled"):
            story.paid(world, row, now=now)
    return now
