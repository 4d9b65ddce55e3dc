"""P14, P15: whatever anybody does, in whatever order, states, money, journal and next steps stay right.

A walk is a list of numbers, one per step. ``WALKS=200 STEPS=200`` in the environment walks longer, and along new ways each time;
``SHRINK=1`` then takes away, which lasts minutes, the steps that a failure can do without.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.calls import story as calls
from tests.contracts import story as contracts
from tests.guarantees.walk import Walk, missing_arguments, tables
from tests.reviews import story
from tests.world import NOW, World
from workflows.engine.journal import verify
from workflows.models import Entry
from workflows.terms import unnamed

WALKS = int(os.environ.get("WALKS", "1"))
STEPS = int(os.environ.get("STEPS", "60"))


def on_the_way(world: World) -> None:
    """An open call: a draft just begun, one that lacks nothing, and one submitted."""
    call = calls.open_call(world, envelope=Decimal("60000.00"), max_amount=Decimal("50000.00"))
    calls.draft(world, call, by=world.other_editor)
    calls.filled_draft(world, call)
    calls.submitted_dossier(world, call, by=world.other, editor=world.other_editor)


def under_review(world: World) -> None:
    """A call whose dossiers are with the reviewers and the colleges."""
    call = calls.open_call(
        world,
        envelope=Decimal("60000.00"),
        max_amount=Decimal("50000.00"),
        coparef="dossier",
        assessors_per_dossier=1,
    )
    first = story.eligible_dossier(world, call=call)
    second = story.admissible_dossier(world, call=call, by=world.other, editor=world.other_editor)
    story.open_assignment(world, first, world.expert)
    assert second.state == "admissible"


def to_be_decided(world: World) -> None:
    """A closed call with three reviewed dossiers, more than its envelope can fund."""
    call = calls.open_call(
        world, envelope=Decimal("60000.00"), max_amount=Decimal("50000.00"), coparef="none"
    )
    story.competitors(world, call, scores=(5, 4, 4))
    story.closed(world, call)


def voted(world: World) -> None:
    """One dossier awarded, one on the reserve list, one not retained: letters and contract to come."""
    call = calls.open_call(
        world, envelope=Decimal("60000.00"), max_amount=Decimal("50000.00"), coparef="none"
    )
    story.competitors(world, call, scores=(5, 4, 1))
    story.vote(world, story.validated_ranking(world, call))


def under_contract(world: World) -> None:
    """A contract in force, its advance and its first report to come."""
    dossier = story.awarded_dossier(world)
    contracts.active_contract(world, dossier, now=NOW + timedelta(days=60))


def settled(world: World) -> None:
    """A contract whose final report was accepted for less than what was paid: something is to be recovered."""
    signed = NOW + timedelta(days=60)
    contract = contracts.active_contract(world, story.awarded_dossier(world), now=signed)
    contracts.paid(world, contracts.instalment(contract, "advance"), now=signed)
    for row in contract.reports.order_by("number"):
        contracts.accepted_report(world, row, now=contracts.at(row.due_on), spent="15000.00")


STARTS = [on_the_way, under_review, to_be_decided, voted, under_contract, settled]


class Steps(list[int]):
    """The numbers of a walk; a failure shows what was done instead."""

    def __repr__(self) -> str:
        return f"<{len(self)} steps>"


profile = settings(
    max_examples=WALKS,
    deadline=None,
    database=None,
    derandomize="WALKS" not in os.environ,
    phases=[Phase.generate, Phase.shrink] if "SHRINK" in os.environ else [Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.__name__)
def test_p14_p15_no_path_leads_astray(world: World, start: Callable[[World], None]) -> None:
    start(world)

    @profile
    @given(st.lists(st.integers(0, 2**32), min_size=STEPS, max_size=STEPS).filter(any).map(Steps))
    def walk(seeds: list[int]) -> None:
        rollback = transaction.atomic()
        rollback._from_testcase = (
            True  # a verb's own transaction is durable: this one is no more than a frame
        )
        with rollback:
            under_way = Walk(world)
            try:
                for number, seed in enumerate(seeds):
                    if seed:  # 0 is a step that hypothesis took away
                        under_way.step(Random(f"{number}:{seed}"))
                assert not list(verify())
                assert {key for entry in Entry.objects.all() for key in unnamed(entry.snapshot)} == set()
            finally:
                note("\n".join(under_way.trace))
                transaction.set_rollback(True)

    walk()


def test_the_walk_knows_every_verb() -> None:
    assert missing_arguments() == set()
    assert len(tables()) >= 13
