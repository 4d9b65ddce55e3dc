"""Reports: saved, handed in complete, returned or accepted; reminders; the settlement."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from calls.models import DossierIndicator
from contracts import actions
from contracts.indicators import shown
from contracts.models import Contract, Instalment, Report
from tests.contracts.story import (
    SIGNED,
    accepted_report,
    active_contract,
    at,
    deliver_all,
    filled_report,
    fresh,
    instalment,
    paid,
    report,
    submitted_report,
)
from tests.contracts.test_contracts import reason, waiting
from tests.world import World, opened
from workflows.engine import Conflict, NotAllowed, Refused
from workflows.engine.timers import fire_due
from workflows.models import Document, Entry, Notification, Timer
from workflows.store import store_bytes

DUE = date(2027, 3, 1)


@pytest.fixture
def contract(world: World) -> Contract:
    return active_contract(world)


def indicator(contract: Contract, code: str) -> DossierIndicator:
    return contract.dossier.indicators.get(code=code)


def test_a_draft_keeps_what_is_typed(world: World, contract: Contract) -> None:
    row = report(contract, 1)
    entries, exits = indicator(contract, "S-ENT"), indicator(contract, "I-POS")
    row = actions.save_report(
        row, by=world.applicant_editor, now=SIGNED, version=0,
        values={entries.pk: {"number": D(12)}, str(exits.pk): {"numerator": D(1), "denominator": D(3)}},
        narrative={"done": " Une session. "}, expenses={"64": D("120.50")},
    )  # fmt: skip
    assert (row.version, row.narrative, row.saved_by) == (1, {"done": "Une session."}, world.applicant_editor)
    assert {e.code: (e.planned, e.amount) for e in row.expenses.all()} == {
        "64": (D("60000.00"), D("120.50")),
        "86": (D("1500.00"), D("0.00")),
    }
    assert {v.indicator.code: v.number for v in row.values.all()} == {"S-ENT": D(12), "I-POS": D("33.33")}
    row = actions.save_report(row, by=world.applicant, now=SIGNED, version=1, narrative={"gaps": "Aucun."})
    assert row.narrative == {"done": "Une session.", "gaps": "Aucun."}
    assert row.expenses.get(code="64").amount == D("120.50")


def test_two_tabs_do_not_overwrite_each_other(world: World, contract: Contract) -> None:
    row = report(contract, 1)
    actions.save_report(row, by=world.applicant_editor, now=SIGNED, version=0, narrative={"done": "Un"})
    with pytest.raises(Conflict) as conflict:
        actions.save_report(row, by=world.applicant, now=SIGNED, version=0, narrative={"done": "Deux"})
    assert conflict.value.entry.actor == world.applicant_editor
    assert report(contract, 1).narrative == {"done": "Un"}


def test_a_draft_refuses_what_is_not_the_project_s(world: World, contract: Contract) -> None:
    row = report(contract, 1)
    with pytest.raises(Refused, match="account"):
        actions.save_report(row, by=world.applicant, now=SIGNED, version=0, expenses={"99": D(1)})
    with pytest.raises(Refused, match="indicator"):
        actions.save_report(row, by=world.applicant, now=SIGNED, version=0, values={row.pk: {"number": D(1)}})


def test_an_empty_report_says_all_that_it_lacks(world: World, contract: Contract) -> None:
    with pytest.raises(Refused) as refusal:
        actions.submit_report(report(contract, 1), by=world.applicant, now=SIGNED)
    assert [r.field for r in refusal.value.reasons] == [
        "S-ENT.text", "I-POS.text", "done", "gaps", "next", "expenses",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "field"),
    [
        ("I-POS", {"numerator": D(51), "denominator": D(50)}, "I-POS.numerator"),
        ("I-POS", {"numerator": D(5), "denominator": None}, "I-POS.denominator"),
        ("S-ENT", {"number": D(60), "breakdown": {"SEXE": {"Femmes": 35, "Hommes": 24}}}, "S-ENT.SEXE"),
        ("S-ENT", {"number": D(60), "breakdown": {"QPV": 61}}, "S-ENT.QPV"),
        ("S-ENT", {"number": None, "text": ""}, "S-ENT.text"),
    ],
)
def test_values_must_hold_together(
    world: World, contract: Contract, code: str, value: dict, field: str
) -> None:
    row = filled_report(report(contract, 1), by=world.applicant, now=SIGNED)
    row = actions.save_report(
        row, by=world.applicant, now=SIGNED, version=row.version, values={indicator(contract, code).pk: value}
    )
    with pytest.raises(Refused) as refusal:
        actions.submit_report(fresh(row), by=world.applicant, now=SIGNED)
    assert [r.field for r in refusal.value.reasons] == [field]


def test_a_qualitative_indicator_has_its_level_and_its_words(world: World, contract: Contract) -> None:
    with opened():
        DossierIndicator.objects.filter(code="I-POS").update(code="Q-ESS", nature="qualitative")
    row = filled_report(report(contract, 1), by=world.applicant, now=SIGNED)
    ess = indicator(contract, "Q-ESS")
    for value, field in (
        ({"number": D(5), "text": "Vu."}, "Q-ESS.number"),
        ({"number": D(3), "text": " "}, "Q-ESS.text"),
    ):
        row = actions.save_report(
            row, by=world.applicant, now=SIGNED, version=row.version, values={ess.pk: value}
        )
        with pytest.raises(Refused) as refusal:
            actions.submit_report(fresh(row), by=world.applicant, now=SIGNED)
        assert [r.field for r in refusal.value.reasons] == [field]


def test_small_counts_stay_unsaid() -> None:
    assert [shown("SEXE", n) for n in (None, 0, 1, 4, 5)] == ["", "0", "–", "–", "5"]
    assert [shown("RQTH", n) for n in (0, 10, 11)] == ["0", "–", "11"]


def test_handed_in_returned_and_accepted(world: World, contract: Contract) -> None:
    row = submitted_report(world, report(contract, 1), now=SIGNED)
    assert "review:case_officer" in waiting(contract.dossier)
    assert not Timer.objects.filter(object_id=row.pk, state="pending").exists()
    entry = Entry.objects.get(verb="contracts.submit_report")
    assert entry.snapshot["expenses"]["64"] == "60000.00"
    with pytest.raises(Refused):
        actions.save_report(row, by=world.applicant, now=SIGNED, version=row.version)
    with pytest.raises(Refused) as refusal:
        actions.return_report(row, by=world.officer, now=SIGNED, reasons="")
    assert refusal.value.reasons[0].field == "reasons"
    late = at(DUE + timedelta(days=10))
    row = actions.return_report(row, by=world.officer, now=late, reasons="Précisez le nombre d'abandons.")
    assert (row.state, row.due_on) == ("returned", late.date() + timedelta(days=15))
    assert "correct:editor" in waiting(contract.dossier)
    row = actions.save_report(
        row, by=world.applicant, now=late, version=row.version, narrative={"gaps": "Deux."}
    )
    row = actions.submit_report(row, by=world.applicant, now=late)
    assert row.return_reasons == ""
    row = actions.accept_report(row, by=world.officer, now=late)
    assert row.expenses.get(code="64").accepted == D("60000.00")
    assert not [w for w in waiting(contract.dossier) if w.startswith(("review", "correct"))]
    assert Notification.objects.filter(subject__contains="accepted").count() == 2


@pytest.mark.parametrize(
    ("verb", "who"),
    [
        ("submit_report", "applicant_editor"),
        ("submit_report", "officer"),
        ("save_report", "officer"),
        ("save_report", "other"),
        ("accept_report", "applicant"),
        ("accept_report", "auditor"),
        ("return_report", "payer"),
        ("remind_report", "officer"),
    ],
)
def test_who_may_not(world: World, contract: Contract, verb: str, who: str) -> None:
    values = {"save_report": {"version": 0}, "return_report": {"reasons": "x"}}.get(verb, {})
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(report(contract, 1), by=world.people[who], now=SIGNED, **values)


def test_reports_come_in_their_order(world: World, contract: Contract) -> None:
    row = filled_report(report(contract, 2), by=world.applicant, now=SIGNED)
    with pytest.raises(Refused, match="report no"):
        actions.submit_report(row, by=world.applicant, now=SIGNED)
    submitted_report(world, report(contract, 1), now=SIGNED)
    actions.submit_report(fresh(row), by=world.applicant, now=SIGNED)
    with pytest.raises(Refused, match="accepted first"):
        actions.accept_report(fresh(row), by=world.officer, now=SIGNED)


def test_a_part_of_the_expenditure_is_set_aside_with_its_reason(world: World, contract: Contract) -> None:
    row = submitted_report(world, report(contract, 1), now=SIGNED)
    for accepted, reasons, field in (
        ({"64": D("60000.01")}, {}, "accepted_64"),
        ({"64": D("50000")}, {}, "reason_64"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.accept_report(row, by=world.officer, now=SIGNED, accepted=accepted, reasons=reasons)
        assert refusal.value.reasons[0].field == field
    actions.accept_report(
        row, by=world.officer, now=SIGNED, accepted={"64": D("50000")}, reasons={"64": "Hors période."}
    )
    expense = row.expenses.get(code="64")
    assert (expense.accepted, expense.reason) == (D("50000.00"), "Hors période.")


def test_evidence_is_attached(world: World, contract: Contract) -> None:
    row = report(contract, 1)
    for name in ("emargement.pdf", "enquete.pdf"):
        file = store_bytes(contract.case, "report-1", name, b"%PDF-1.7", "application/pdf")
        actions.attach_evidence(row, by=world.applicant_editor, now=SIGNED, file=file)
    codes = Document.objects.filter(code__startswith="report-1-").values_list("code", flat=True)
    assert list(codes) == ["report-1-01", "report-1-02"]


def test_reminders_before_and_after_the_day(world: World, contract: Contract) -> None:
    row = report(contract, 1)
    assert row.due_on == DUE
    fire_due(now=at(DUE - timedelta(days=15), 8))
    assert fresh(row).reminders == 1
    assert Notification.objects.filter(subject__contains="handed in", user=world.applicant).count() == 1
    fire_due(now=at(DUE - timedelta(days=3), 8))
    fire_due(now=at(DUE, 23))
    assert fresh(row).reminders == 2
    late = at(DUE + timedelta(days=1), 8)
    fire_due(now=late)
    assert Notification.objects.filter(subject__contains="overdue", user=world.officer).count() == 1
    fire_due(now=late)
    assert fresh(row).reminders == 3
    fire_due(now=at(DUE + timedelta(days=31), 8))
    deliver_all("letter")
    letters = Document.objects.filter(code__contains="reminder").values_list("code", flat=True)
    assert list(letters) == ["report-1-reminder-1", "report-1-reminder-2"]
    assert not Timer.objects.filter(object_id=row.pk, state="pending").exists()


def test_no_reminder_of_what_was_handed_in(world: World, contract: Contract) -> None:
    submitted_report(world, report(contract, 1), now=SIGNED)
    fire_due(now=at(DUE + timedelta(days=1), 8))
    assert not Notification.objects.filter(subject__contains="overdue").exists()


def test_the_final_report_settles_the_contract(world: World, contract: Contract) -> None:
    paid(world, instalment(contract, "advance"), now=SIGNED)
    accepted_report(world, report(contract, 1), now=at(DUE))
    interim = actions.claim_instalment(instalment(contract, "interim"), by=world.applicant, now=at(DUE))
    end = at(date(2027, 10, 31))
    row = submitted_report(world, report(contract, 2), now=end, spent="54000.00")
    actions.accept_report(row, by=world.officer, now=end)
    contract = fresh(contract)
    assert (contract.settled_cost, contract.settled_amount) == (D("54000.00"), D("36000.02"))
    assert fresh(interim).state == "cancelled"
    balance = instalment(contract, "balance")
    assert waiting(contract.dossier) == ["claim:signatory"]
    balance = paid(world, balance, now=end)
    assert balance.amount == D("20000.02")
    assert fresh(contract).paid == contract.settled_amount
    assert waiting(contract.dossier) == ["close:manager"]


def test_the_final_report_waits_for_a_payment_under_way(world: World, contract: Contract) -> None:
    actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=SIGNED)
    accepted_report(world, report(contract, 1), now=SIGNED)
    row = submitted_report(world, report(contract, 2), now=SIGNED)
    with pytest.raises(Refused, match="under way"):
        actions.accept_report(row, by=world.officer, now=SIGNED)


def test_a_wide_overrun_is_explained(world: World, contract: Contract) -> None:
    accepted_report(world, report(contract, 1), now=SIGNED)
    row = filled_report(report(contract, 2), by=world.applicant, now=SIGNED, spent="72000.01")
    with pytest.raises(Refused) as refusal:
        actions.submit_report(row, by=world.applicant, now=SIGNED)
    assert [r.field for r in refusal.value.reasons] == ["overruns"]
    assert "20%" in reason(refusal)
    row = actions.save_report(
        fresh(row),
        by=world.applicant,
        now=SIGNED,
        version=row.version,
        narrative={"overruns": "Deux postes."},
    )
    row = fresh(actions.submit_report(row, by=world.applicant, now=SIGNED))
    actions.accept_report(row, by=world.officer, now=SIGNED)
    assert fresh(contract).settled_amount == D("40000.00")
    assert Report.objects.filter(state="accepted").count() == 2
    assert Instalment.objects.get(kind="balance").state == "planned"
