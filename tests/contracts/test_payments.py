"""Claim, proposal, certification by another, payment by a third; what blocks a payment, and what bounds it."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, close_old_connections, connection, transaction

from accounts import actions as accounts
from accounts.models import PostRole
from contracts import actions
from contracts.models import Contract, Instalment, Report
from contracts.queries import ahead, blocks
from tests.contracts.story import (
    SIGNED,
    accepted_report,
    active_contract,
    at,
    deliver_all,
    fresh,
    instalment,
    paid,
    report,
    submitted_report,
)
from tests.contracts.test_contracts import reason, waiting
from tests.world import NOW, SINCE, World, opened
from workflows.engine import NotAllowed, Refused
from workflows.models import Document, Entry, Notification

#: The first interim report is due on this day, and the balance of the story's calendar after it.
DUE = date(2027, 3, 1)


@pytest.fixture
def contract(world: World) -> Contract:
    return active_contract(world)


def test_the_advance_is_paid_without_a_claim(world: World, contract: Contract) -> None:
    row = instalment(contract, "advance")
    with pytest.raises(Refused, match="without a claim"):
        actions.claim_instalment(row, by=world.applicant, now=SIGNED)
    row = actions.propose_payment(row, by=world.officer, now=SIGNED)
    assert row.amount == D("16000.00")
    assert "certify:manager" in waiting(contract.dossier)
    row = actions.certify_service(row, by=world.manager, now=SIGNED)
    assert "pay:payments" in waiting(contract.dossier)
    row = actions.record_payment(
        row, by=world.payer, now=SIGNED, paid_on=SIGNED.date(), payment_reference=" M-12 "
    )
    assert (row.state, row.payment_reference) == ("paid", "M-12")
    assert fresh(contract).paid == D("16000.00")
    deliver_all("letter")
    assert Document.objects.get(code="service-done-1").audience == "staff"
    told = Notification.objects.filter(subject__contains="Payment made")
    assert told.count() == 2
    assert "16\u202f000,00\xa0€" in told.first().body


def test_p33_three_people_pay(world: World, contract: Contract) -> None:
    for who in (world.officer, world.manager):
        accounts.give_post(world.region, who, PostRole.PAYMENTS, by=None, now=NOW, valid_from=SINCE)
    row = actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=SIGNED)
    with pytest.raises(NotAllowed):
        actions.certify_service(row, by=world.officer, now=SIGNED)
    row = actions.certify_service(row, by=world.manager, now=SIGNED)
    for who in (world.officer, world.manager, world.officer2):
        with pytest.raises(NotAllowed):
            actions.record_payment(row, by=who, now=SIGNED, paid_on=SIGNED.date(), payment_reference="M-1")
    with pytest.raises(DatabaseError), transaction.atomic(), opened():
        Instalment.objects.filter(pk=row.pk).update(paid_by=world.manager)
    with pytest.raises(DatabaseError), transaction.atomic(), opened():
        Instalment.objects.filter(pk=row.pk).update(certified_by=world.officer)


@pytest.mark.parametrize(
    ("verb", "who"),
    [
        ("claim_instalment", "applicant_editor"),
        ("claim_instalment", "officer"),
        ("propose_payment", "applicant"),
        ("propose_payment", "payer"),
        ("certify_service", "payer"),
        ("certify_service", "signatory"),
        ("propose_payment", "auditor"),
    ],
)
def test_who_may_not(world: World, contract: Contract, verb: str, who: str) -> None:
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(instalment(contract, "advance"), by=world.people[who], now=SIGNED)


def test_an_interim_payment_waits_for_a_report_then_for_a_claim(world: World, contract: Contract) -> None:
    row = instalment(contract, "interim")
    with pytest.raises(Refused, match="interim report"):
        actions.claim_instalment(row, by=world.applicant, now=SIGNED)
    accepted_report(world, report(contract, 1), now=at(DUE))
    assert "claim:signatory" in waiting(contract.dossier)
    with pytest.raises(Refused, match="not claimed"):
        actions.propose_payment(row, by=world.officer, now=at(DUE))
    row = actions.claim_instalment(row, by=world.applicant, now=at(DUE), comment="Voir le bilan.")
    assert (row.due_on, row.claim_comment) == (DUE + timedelta(days=60), "Voir le bilan.")
    with pytest.raises(Refused) as refusal:
        actions.reject_claim(row, by=world.officer, now=at(DUE), reasons=" ")
    assert refusal.value.reasons[0].field == "reasons"
    row = actions.reject_claim(row, by=world.officer, now=at(DUE), reasons="Joignez un RIB à jour.")
    assert (row.state, row.due_on, row.return_reasons) == ("planned", None, "Joignez un RIB à jour.")
    assert "claim:signatory" in waiting(contract.dossier)
    row = paid(world, row, now=at(DUE))
    assert row.state == "paid"
    assert fresh(contract).paid == D("16000.00")


def test_an_overdue_report_blocks_every_step(world: World, contract: Contract) -> None:
    late = at(DUE + timedelta(days=1))
    advance = instalment(contract, "advance")
    for verb, by, values in (
        ("propose_payment", world.officer, {}),
        ("certify_service", world.manager, {}),
        ("record_payment", world.payer, {"paid_on": late.date(), "payment_reference": "M-1"}),
    ):
        with pytest.raises(Refused) as refusal:
            getattr(actions, verb)(advance, by=by, now=late, **values)
        assert "interim report no. 1" in reason(refusal)
        assert "1 mars 2027" in reason(refusal) or "March 1, 2027" in reason(refusal)
        advance = fresh(
            getattr(actions, verb)(
                advance, by=by, now=at(DUE), **{**values, **({"paid_on": DUE} if values else {})}
            )
        )
    assert advance.state == "paid"


def test_a_report_that_the_region_reads_blocks_nothing(world: World, contract: Contract) -> None:
    late = at(DUE + timedelta(days=9))
    advance = instalment(contract, "advance")
    assert len(blocks(advance, late.date())) == 1
    row = submitted_report(world, report(contract, 1), now=late)
    assert blocks(instalment(contract, "advance"), late.date()) == []
    actions.return_report(row, by=world.officer, now=late, reasons="Les dépenses manquent.")
    assert blocks(instalment(contract, "advance"), late.date()) == []
    assert len(blocks(instalment(contract, "advance"), (late + timedelta(days=16)).date())) == 1


def test_no_more_than_planned_and_no_fraction_of_a_cent(world: World, contract: Contract) -> None:
    row = instalment(contract, "advance")
    for amount in ("16000.01", "0", "-5", "0.001"):
        with pytest.raises(Refused) as refusal:
            actions.propose_payment(row, by=world.officer, now=SIGNED, amount=D(amount))
        assert refusal.value.reasons[0].field == "amount"
    row = actions.propose_payment(row, by=world.officer, now=SIGNED, amount=D("12345.67"))
    assert row.amount == D("12345.67")


def test_a_proposal_is_sent_back(world: World, contract: Contract) -> None:
    row = actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=SIGNED)
    row = actions.certify_service(row, by=world.manager, now=SIGNED)
    with pytest.raises(Refused):
        actions.send_back_payment(row, by=world.payer, now=SIGNED, reasons="")
    row = actions.send_back_payment(row, by=world.payer, now=SIGNED, reasons="RIB périmé.")
    assert (row.state, row.amount, row.proposed_by, row.certified_by) == ("claimed", None, None, None)
    assert "propose:case_officer" in waiting(contract.dossier)
    with pytest.raises(Refused, match="without a claim"):
        actions.reject_claim(row, by=world.officer, now=SIGNED, reasons="Non.")
    assert paid(world, row, now=SIGNED).state == "paid"


def test_a_payment_has_its_day_and_its_order(world: World, contract: Contract) -> None:
    row = actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=SIGNED)
    row = actions.certify_service(row, by=world.manager, now=SIGNED)
    for values, field in (
        ({"paid_on": SIGNED.date() + timedelta(days=1), "payment_reference": "M"}, "paid_on"),
        ({"paid_on": SIGNED.date() - timedelta(days=1), "payment_reference": "M"}, "paid_on"),
        ({"paid_on": SIGNED.date(), "payment_reference": "  "}, "payment_reference"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.record_payment(row, by=world.payer, now=SIGNED, **values)
        assert refusal.value.reasons[0].field == field


def test_nothing_is_paid_on_a_contract_that_is_not_in_force(world: World, contract: Contract) -> None:
    with opened():
        Contract.objects.filter(pk=contract.pk).update(state="closed")
    with pytest.raises(Refused, match="in force"):
        actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=SIGNED)


def test_a_payment_is_recorded_once(world: World, contract: Contract) -> None:
    row = actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=SIGNED)
    row = actions.certify_service(row, by=world.manager, now=SIGNED)
    for _ in range(2):
        actions.record_payment(
            row, by=world.payer, now=SIGNED, paid_on=SIGNED.date(), payment_reference="M-1", key="k"
        )
    assert fresh(contract).paid == D("16000.00")
    assert Entry.objects.filter(verb="contracts.record_payment").count() == 1


@pytest.mark.django_db(transaction=True)
def test_p11_two_payments_at_once_never_pay_more_than_contracted() -> None:
    from tests.world import make_world

    world = make_world()
    contract = active_contract(world)
    with opened():  # two certified payments that together go beyond the contract
        Instalment.objects.filter(contract=contract, kind__in=["advance", "interim"]).update(
            state="certified", amount=D("25000.00"), proposed_by=world.officer, certified_by=world.manager,
            certified_at=SIGNED,
        )  # fmt: skip
    rows = [instalment(contract, "advance"), instalment(contract, "interim")]
    with opened():
        Report.objects.filter(contract=contract, number=1).update(
            state="accepted", accepted_by=world.officer, accepted_at=SIGNED
        )
    barrier, outcomes = threading.Barrier(2), []

    def pay(row: Instalment) -> None:
        try:
            barrier.wait()
            actions.record_payment(
                row, by=world.payer, now=SIGNED, paid_on=SIGNED.date(), payment_reference="M-1"
            )
            outcomes.append("paid")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()
            close_old_connections()

    threads = [threading.Thread(target=pay, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["paid", "refused"]
    assert fresh(contract).paid == D("25000.00")
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        opened(),
    ):  # the witness: the table itself refuses
        Contract.objects.filter(pk=contract.pk).update(paid=D("40000.01"))


def test_what_comes_next_for_the_beneficiary(world: World, contract: Contract) -> None:
    coming = ahead(contract, SIGNED.date())
    assert (coming.report.number, coming.instalment.kind, coming.blocks) == (1, "advance", [])
    coming = ahead(fresh(contract), DUE + timedelta(days=1))
    assert len(coming.blocks) == 1
