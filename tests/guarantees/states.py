"""One dossier, one call and one contract in each state that counts, all of the same applicant, for the matrix of rights."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from calls import actions as calls_actions
from calls.models import Call, Dossier, Pact
from contracts import actions as contracts_actions
from contracts.models import Contract
from reviews import actions as reviews_actions
from reviews.models import Letter
from tests.calls import story as calls
from tests.contracts import story as contracts
from tests.reviews import story
from tests.world import NOW, World

#: What happens after the vote happens on these days.
PREPARED = story.RELEASED + timedelta(days=10)


def dossiers(world: World, pact: Pact) -> tuple[dict[str, Dossier], dict[str, Contract]]:
    """A dossier by the name of its state, and the contracts of those that have one."""
    found = examined(world, pact)
    voted, signed = decided(world, pact)
    return {name: story.again(row) for name, row in (found | voted).items()}, signed


def examined(world: World, pact: Pact) -> dict[str, Dossier]:
    """Up to the review; and those that end before it."""
    call = calls.open_call(world, pact, coparef="none", assessors_per_dossier=1)
    lapsing = calls.open_call(world, pact)

    def received() -> Dossier:
        return calls.submitted_dossier(world, call)

    asked, withdrawn = received(), received()
    reviews_actions.request_pieces(
        asked,
        by=world.officer,
        now=NOW,
        codes_and_reasons={"RIB": "Illisible."},
        due_on=NOW.date() + timedelta(days=10),
    )
    calls_actions.withdraw(withdrawn, by=world.applicant, now=NOW, reasons="Projet abandonné.")
    lapsed = calls.draft(world, lapsing)
    calls_actions.lapse(lapsed, by=None, now=calls.closed_call(world, lapsing).closes_at)
    ineligible = story.admissible_dossier(world, received())
    reviews_actions.declare_ineligible(
        ineligible, by=world.manager, now=NOW, grounds=["INE-TERRITOIRE"], explanation="Hors de la région."
    )
    in_review = story.eligible_dossier(world, received())
    story.open_assignment(world, in_review, world.expert)
    seat = story.opinion_of(in_review, "state")
    reviews_actions.declare_seat_interests(seat, by=world.people["state"], now=NOW, has_interest=False)
    return {
        "draft": calls.filled_draft(world, call),
        "lapsed": lapsed,
        "submitted": received(),
        "asked": asked,
        "complete": story.complete_dossier(world, received()),
        "admissible": story.admissible_dossier(world, received()),
        "ineligible": ineligible,
        "in review": in_review,
        "reviewed": story.reviewed_dossier(world, received()),
        "withdrawn": withdrawn,
    }


def decided(world: World, pact: Pact) -> tuple[dict[str, Dossier], dict[str, Contract]]:
    """One call voted: awards told or not, a reserve list, a refusal, and contracts as far as their closure."""
    call = calls.open_call(
        world, pact, coparef="none", assessors_per_dossier=1, envelope=Decimal(240000), text="Un autre appel."
    )
    names = ("untold", "awarded", "drafted", "sent", "under contract", "closed", "reserve", "refused")
    rows = {
        name: story.reviewed_dossier(
            world,
            calls.submitted_dossier(world, call, now=NOW + timedelta(minutes=n), title=name),
            values=1 if name == "refused" else 4,
        )
        for n, name in enumerate(names)
    }
    story.vote(world, story.validated_ranking(world, call))
    for name in ("awarded", "drafted", "sent", "under contract", "closed", "refused"):
        story.release(world, rows[name])
    assert Letter.objects.filter(dossier__in=[rows["untold"], rows["reserve"]], released_at=None).count() == 2
    made = {}
    for name, step in (
        ("drafted", contracts.prepared_contract),
        ("sent", contracts.sent_contract),
        ("under contract", contracts.active_contract),
        ("closed", contracts.active_contract),
    ):
        made[name] = step(world, contracts.banked(world, story.again(rows[name]), now=PREPARED), now=PREPARED)
    made["closed"] = settle(world, made["closed"])
    return rows, made


def settle(world: World, contract: Contract) -> Contract:
    """Everything reported, accepted and paid, then closed."""
    contracts.paid(world, contracts.instalment(contract, "advance"), now=PREPARED)
    for row in contract.reports.order_by("number"):
        now = contracts.at(row.due_on)
        contracts.accepted_report(world, contracts.report(contract, row.number), now=now)
        if row.number == 1:
            contracts.paid(world, contracts.instalment(contract, "interim"), now=now)
    contracts.paid(world, contracts.instalment(contract, "balance"), now=now)
    return contracts_actions.close_dossier(contracts.fresh(contract), by=world.manager, now=now)


def prepared_calls(world: World, pact: Pact) -> dict[str, Call]:
    """The states of a call that its dossiers do not bring about."""
    waiting, cancelled = calls.draft_call(world, pact), calls.draft_call(world, pact)
    calls_actions.submit_for_validation(waiting, by=world.officer, now=NOW)
    calls_actions.cancel_call(cancelled, by=world.manager, now=NOW, reasons="Crédits rendus.")
    return {"in validation": waiting, "cancelled": cancelled}


def by_name(world: World, pact: Pact) -> dict[str, tuple[Any, ...]]:
    """The arguments of the addresses: ``dossier draft``, ``case draft``, ``contract sent``, ``call closed``…"""
    found, signed = dossiers(world, pact)
    objects: dict[str, tuple[Any, ...]] = {}
    for name, row in found.items():
        objects[f"dossier {name}"], objects[f"case {name}"] = (row.pk,), (row.case_id,)
    for name, contract in signed.items():
        objects[f"contract {name}"] = (contract.pk,)
        if report := contract.reports.order_by("number").first():
            objects[f"report {name}"] = (report.pk,)
            objects[f"instalment {name}"] = (contract.instalments.order_by("number").first().pk,)
    calls_found = prepared_calls(world, pact)
    calls_found |= {"published": found["submitted"].call, "lapsing": found["lapsed"].call}
    calls_found |= {"decided": found["untold"].call}
    for name, call in calls_found.items():
        objects[f"call {name}"], objects[f"call case {name}"] = (call.pk,), (call.case_id,)
    return objects
