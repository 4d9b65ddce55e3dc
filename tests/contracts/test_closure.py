"""Closure and recovery, and the whole life of a contract by its verbs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from calls.models import Dossier
from contracts import actions
from contracts.models import Contract, Recovery
from tests.contracts.story import (
    SIGNED,
    active_contract,
    at,
    deliver_all,
    fresh,
    instalment,
    paid,
    settled_contract,
)
from tests.contracts.test_contracts import reason, waiting
from tests.world import World
from workflows import actions as engine
from workflows.engine import NotAllowed, Refused
from workflows.engine.journal import verify
from workflows.engine.timers import fire_due
from workflows.models import Case, Document, Timer, WorkItem
from workflows.queries import stranded

END = at(date(2027, 10, 31))


def test_a_dossier_is_closed_for_good(world: World) -> None:
    contract = settled_contract(world)
    with pytest.raises(Refused, match="Balance"):
        actions.close_dossier(contract, by=world.manager, now=END)
    paid(world, instalment(contract, "balance"), now=END)
    contract = fresh(contract)
    assert contract.paid == contract.amount == D("40000.00")
    for who in (world.officer, world.applicant, world.auditor):
        with pytest.raises(NotAllowed):
            actions.close_dossier(contract, by=who, now=END)
    contract = actions.close_dossier(contract, by=world.manager, now=END, key="k")
    assert actions.close_dossier(contract, by=world.manager, now=END, key="k") == contract
    dossier = Dossier.objects.get(pk=contract.dossier_id)
    case = Case.objects.get(pk=contract.case_id)
    assert (contract.state, dossier.state, case.closed_at) == ("closed", "closed", END)
    assert not WorkItem.objects.filter(case=case, state="open").exists()
    assert not Timer.objects.filter(case=case, state="pending").exists()
    deliver_all("letter")
    assert Document.objects.get(case=case, code="closure").versions.get().scan == "clean"
    for call in (
        lambda: engine.send_message(case, by=world.officer, now=END, body="Encore un mot."),
        lambda: actions.open_recovery(contract, by=world.officer, now=END, grounds="Erreur."),
        lambda: actions.accept_report(contract.reports.first(), by=world.officer, now=END),
    ):
        with pytest.raises((Refused, NotAllowed)):
            call()
    assert list(verify()) == []


def test_every_instant_of_a_contract_has_a_next_step(world: World) -> None:
    contract = active_contract(world)
    assert contract.case not in stranded(SIGNED)
    contract = settled_contract_of(world, contract)
    assert contract.case not in stranded(END)


def settled_contract_of(world: World, contract: Contract) -> Contract:
    paid(world, instalment(contract, "advance"), now=SIGNED)
    return fresh(contract)


def overpaid(world: World) -> Contract:
    contract = settled_contract(world, spent="30000.00")
    assert (contract.settled_amount, contract.paid) == (D("20000.01"), D("32000.00"))
    assert instalment(contract, "balance").state == "cancelled"
    assert waiting(contract.dossier) == ["recover:case_officer"]
    return contract


def test_what_was_not_earned_is_recovered_after_a_hearing(world: World) -> None:
    contract = overpaid(world)
    with pytest.raises(Refused, match="recovery first"):
        actions.close_dossier(contract, by=world.manager, now=END)
    for values, field in (
        ({"grounds": " "}, "grounds"),
        ({"grounds": "Dépenses moindres.", "days": 14}, "days"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.open_recovery(contract, by=world.officer, now=END, **values)
        assert refusal.value.reasons[0].field == field
    recovery = actions.open_recovery(contract, by=world.officer, now=END, grounds="Dépenses moindres.")
    assert (recovery.amount, recovery.heard_before) == (D("11999.99"), date(2027, 11, 15))
    assert waiting(contract.dossier) == ["hear:signatory"]
    with pytest.raises(Refused, match="still send observations"):
        actions.decide_recovery(fresh(recovery), by=world.manager, now=END, upheld=True, grounds="Oui.")
    recovery = actions.send_observations(
        fresh(recovery), by=world.applicant, now=END, observations="Une facture manquait."
    )
    with pytest.raises(Refused, match="already"):
        actions.send_observations(recovery, by=world.applicant, now=END, observations="Et une autre.")
    assert waiting(contract.dossier) == ["decide:manager"]
    for values, field in (
        ({"upheld": True, "grounds": ""}, "grounds"),
        ({"upheld": True, "grounds": "Oui.", "amount": D("12000.00")}, "amount"),
        ({"upheld": True, "grounds": "Oui.", "amount": D(0)}, "amount"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.decide_recovery(fresh(recovery), by=world.manager, now=END, **values)
        assert refusal.value.reasons[0].field == field
    recovery = actions.decide_recovery(
        fresh(recovery),
        by=world.manager,
        now=END,
        upheld=True,
        grounds="Facture admise.",
        amount=D("10000.00"),
    )
    assert (recovery.state, recovery.pay_before) == ("decided", date(2027, 11, 30))
    assert waiting(contract.dossier) == ["collect:payments"]
    with pytest.raises(Refused, match="not settled"):
        actions.close_dossier(fresh(contract), by=world.manager, now=END)
    with pytest.raises(Refused):
        actions.record_recovery(
            recovery, by=world.payer, now=END, recovered_on=END.date() + timedelta(days=1)
        )
    actions.record_recovery(recovery, by=world.payer, now=END, recovered_on=END.date())
    assert waiting(contract.dossier) == ["close:manager"]
    contract = actions.close_dossier(fresh(contract), by=world.manager, now=END)
    deliver_all("letter")
    codes = set(Document.objects.filter(case=contract.case).values_list("code", flat=True))
    assert {"recovery-notice", "recovery-decision", "closure"} <= codes


def test_silence_ends_the_hearing_and_a_recovery_may_be_dropped(world: World) -> None:
    contract = overpaid(world)
    recovery = actions.open_recovery(contract, by=world.officer, now=END, grounds="Dépenses moindres.")
    fire_due(now=END + timedelta(days=15))
    assert fresh(recovery).hearing_ended_at is None
    later = at(date(2027, 11, 16))
    fire_due(now=later)
    assert fresh(recovery).hearing_ended_at == later
    assert waiting(contract.dossier) == ["decide:manager"]
    recovery = actions.decide_recovery(
        fresh(recovery), by=world.manager, now=later, upheld=False, grounds="Erreur de saisie du bilan."
    )
    assert (recovery.state, recovery.decided_amount) == ("dropped", None)
    assert waiting(contract.dossier) == ["close:manager"]
    actions.close_dossier(fresh(contract), by=world.manager, now=later)


@pytest.mark.parametrize(
    ("verb", "who", "values"),
    [
        ("send_observations", "applicant_editor", {"observations": "x"}),
        ("send_observations", "officer", {"observations": "x"}),
        ("decide_recovery", "officer", {"upheld": True, "grounds": "x"}),
        ("decide_recovery", "manager2", {"upheld": True, "grounds": "x"}),
        ("record_recovery", "manager", {"recovered_on": END.date()}),
        ("end_hearing", "manager", {}),
    ],
)
def test_who_may_not(world: World, verb: str, who: str, values: dict) -> None:
    recovery = actions.open_recovery(
        overpaid(world), by=world.manager2, now=END, grounds="Dépenses moindres."
    )
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(recovery, by=world.people[who], now=END, **values)


def test_nothing_to_recover(world: World) -> None:
    contract = settled_contract(world)
    with pytest.raises(Refused, match="Nothing was paid"):
        actions.open_recovery(contract, by=world.officer, now=END, grounds="Dépenses moindres.")
    assert not Recovery.objects.exists()


def test_the_closure_says_all_that_is_missing(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        actions.close_dossier(active_contract(world), by=world.manager, now=SIGNED)
    assert "final report" in reason(refusal)
    assert "interim report no. 1" in reason(refusal)
    assert len(refusal.value.reasons) == 5
