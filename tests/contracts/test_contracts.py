"""From the award to the contract in force, by the verbs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError

from accounts import actions as accounts
from accounts.actors import actor_for
from accounts.models import Organisation, PostRole
from calls import actions as calls
from calls.models import Dossier, DossierIndicator
from calls.reference import CLAUSE_BY_CODE, required_clauses
from contracts import actions
from contracts.models import Contract, Instalment, Report, Signature
from contracts.queries import contracts_visible_to
from reviews.models import CollegeOpinion, Reservation
from tests.contracts.story import (
    ENDS,
    SIGNED,
    STARTS,
    active_contract,
    awarded_dossier,
    deliver_all,
    fresh,
    prepared_contract,
    sent_contract,
)
from tests.world import NOW, SINCE, World, opened, person
from workflows.engine import NotAllowed, Refused
from workflows.engine.journal import verify
from workflows.engine.timers import fire_due
from workflows.models import Entry, Notification, OutboxJob, Timer, WorkItem
from workflows.store import document_store


def waiting(dossier: Dossier) -> list[str]:
    """The steps of this app that wait in the case, with their audience's end."""
    items = WorkItem.objects.filter(case=dossier.case, state="open", step__startswith="contracts.")
    return sorted(f"{i.step.rsplit('.', 1)[1]}:{i.audience.rsplit(':', 1)[1]}" for i in items)


def reason(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return " ".join(str(r.message) for r in refusal.value.reasons)


def test_an_award_waits_for_its_contract(world: World) -> None:
    dossier = awarded_dossier(world)
    assert waiting(dossier) == ["prepare:case_officer"]


def test_the_contract_is_prepared_from_the_award(world: World) -> None:
    dossier = awarded_dossier(world)
    contract = prepared_contract(world, dossier)
    assert (contract.number, contract.amount, contract.eligible_cost) == (
        "CONV-84-2026-00001",
        D("40000.00"),
        D("60000.00"),
    )
    assert contract.rate == D("66.6667")
    assert contract.version is not None
    assert contract.version.document.code == "contract"
    with document_store().open(contract.version.path) as file:
        assert file.read(5) == b"%PDF-"
    assert waiting(dossier) == ["send:case_officer"]
    titles = [a["title"] for a in contract.data["articles"]]
    assert {"Modalités de versement", "Contrôle", "Reversement", "Indicateurs, bilans et évaluation"} <= set(
        titles
    )
    assert "Part de la subvention non dépensée" in titles  # an association
    assert "Réserves levées par la convention" not in titles
    text = next(a["text"] for a in contract.data["articles"] if a["title"] == "Montant de la subvention")
    assert "quarante mille euros" in text
    assert [i["amount"] for i in contract.data["instalments"]] == [
        "16\u202f000,00\xa0€",
        "16\u202f000,00\xa0€",
        "8\u202f000,00\xa0€",
    ]
    assert list(verify()) == []


def test_numbers_go_on_in_the_region(world: World) -> None:
    numbers = [prepared_contract(world, awarded_dossier(world, rank=rank)).number for rank in (1, 2)]
    assert numbers == ["CONV-84-2026-00001", "CONV-84-2026-00002"]


@pytest.mark.parametrize(("kind", "word"), [("follow_up", "follow-up"), ("impact", "impact")])
def test_no_contract_without_both_kinds_of_indicators(world: World, kind: str, word: str) -> None:
    dossier = awarded_dossier(world)
    with opened():
        DossierIndicator.objects.filter(dossier=dossier, kind=kind).delete()
    with pytest.raises(Refused) as refusal:
        actions.prepare_contract(dossier, by=world.officer, now=SIGNED)
    assert word in reason(refusal)


def test_dates_must_be_in_order(world: World) -> None:
    dossier = awarded_dossier(world)
    with pytest.raises(Refused) as refusal:
        actions.prepare_contract(dossier, by=world.officer, now=SIGNED, starts_on=ENDS, ends_on=STARTS)
    assert refusal.value.reasons[0].field == "ends_on"
    with pytest.raises(Refused) as refusal:
        actions.prepare_contract(
            dossier, by=world.officer, now=SIGNED, clauses=[{"title": "Seul", "text": " "}]
        )
    assert refusal.value.reasons[0].field == "clauses"


def test_one_contract_only(world: World) -> None:
    dossier = awarded_dossier(world)
    prepared_contract(world, dossier)
    with pytest.raises(Refused, match="already"):
        actions.prepare_contract(dossier, by=world.officer, now=SIGNED)


def test_only_an_awarded_dossier_has_a_contract(world: World) -> None:
    dossier = awarded_dossier(world)
    with opened():
        Dossier.objects.filter(pk=dossier.pk).update(state="refused")
    with pytest.raises(Refused):
        actions.prepare_contract(fresh(dossier), by=world.officer, now=SIGNED)


@pytest.mark.parametrize("who", ["applicant", "payer", "auditor", "expert", "signatory"])
def test_who_may_not_prepare(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.prepare_contract(awarded_dossier(world), by=world.people[who], now=SIGNED)


def test_particular_clauses_come_before_how_to_change_them(world: World) -> None:
    clause = {"title": "Comité de suivi", "text": "Un comité se réunit deux fois par an."}
    contract = prepared_contract(world, clauses=[clause])
    titles = [a["title"] for a in contract.data["articles"]]
    assert titles.index("Comité de suivi") == titles.index("Avenant") - 1


def test_a_correction_makes_the_text_anew(world: World) -> None:
    contract = prepared_contract(world)
    first = contract.version
    contract = actions.revise_contract(
        contract, by=world.officer2, now=SIGNED, starts_on=STARTS, ends_on=ENDS + timedelta(days=30)
    )
    assert contract.version is None
    with pytest.raises(Refused, match="produced"):
        actions.send_for_signature(contract, by=world.officer, now=SIGNED)
    deliver_all("contract_text")
    contract = fresh(contract)
    assert contract.version.number == 2
    assert contract.version.sha256 != first.sha256
    assert contract.prepared_by == world.officer2


def test_the_text_is_produced_once(world: World) -> None:
    dossier = awarded_dossier(world)
    contract = actions.prepare_contract(dossier, by=world.officer, now=SIGNED, starts_on=STARTS, ends_on=ENDS)
    contract = actions.revise_contract(contract, by=world.officer, now=SIGNED, starts_on=STARTS, ends_on=ENDS)
    deliver_all("contract_text")
    with opened():
        OutboxJob.objects.filter(kind="contract_text").update(state="pending")
    deliver_all("contract_text")
    contract = fresh(contract)
    assert contract.version.document.versions.count() == 1
    assert Entry.objects.filter(verb="contracts.attach_contract_text").count() == 1


def suspensive(
    dossier: Dossier, kind: str = "suspensive", text: str = "Fournir le plan de salles."
) -> Reservation:
    body = next(iter(dossier.case.region.bodies.all()))
    opinion, _new = CollegeOpinion.objects.get_or_create(
        dossier=dossier,
        college="state",
        defaults={"case": dossier.case, "body": body, "due_at": NOW},
    )
    return Reservation.objects.create(case=dossier.case, opinion=opinion, kind=kind, text=text)


def test_a_suspensive_reservation_is_lifted_first(world: World) -> None:
    dossier = awarded_dossier(world)
    with opened():
        reservation = suspensive(dossier)
        other = suspensive(dossier, "recommendation", "Essaimer.")
        suspensive(dossier, "in_contract", "Préciser le suivi après la sortie.")
    contract = prepared_contract(world, dossier)
    article = next(a for a in contract.data["articles"] if a["title"].startswith("Réserves"))
    assert "Préciser le suivi" in article["text"]
    with pytest.raises(Refused, match="plan de salles"):
        actions.send_for_signature(contract, by=world.officer, now=SIGNED)
    with pytest.raises(NotAllowed):
        actions.lift_reservation(reservation, by=world.officer, now=SIGNED, reasons="Reçu.")
    with pytest.raises(Refused):
        actions.lift_reservation(reservation, by=world.manager, now=SIGNED, reasons=" ")
    with pytest.raises(Refused, match="suspensive"):
        actions.lift_reservation(other, by=world.manager, now=SIGNED, reasons="Reçu.")
    actions.lift_reservation(reservation, by=world.manager, now=SIGNED, reasons="Plan reçu.")
    with pytest.raises(Refused, match="already"):
        actions.lift_reservation(reservation, by=world.manager, now=SIGNED, reasons="Plan reçu.")
    contract = actions.send_for_signature(contract, by=world.officer, now=SIGNED)
    assert contract.state == "to_sign_beneficiary"


def test_the_award_is_notified_first(world: World) -> None:
    dossier = awarded_dossier(world, released=False)
    contract = prepared_contract(world, dossier)
    with pytest.raises(Refused, match="release its letter"):
        actions.send_for_signature(contract, by=world.officer, now=SIGNED)


def test_both_sign_the_same_bytes(world: World) -> None:
    contract = sent_contract(world)
    dossier = contract.dossier
    assert waiting(dossier) == ["sign_beneficiary:signatory"]
    with pytest.raises(Refused) as refusal:
        actions.sign_as_beneficiary(contract, by=world.applicant, now=SIGNED, capacity=" ")
    assert refusal.value.reasons[0].field == "capacity"
    with pytest.raises(NotAllowed):
        actions.sign_as_beneficiary(contract, by=world.applicant_editor, now=SIGNED, capacity="Présidente")
    with pytest.raises(NotAllowed):
        actions.sign_as_beneficiary(contract, by=world.other, now=SIGNED, capacity="Présidente")
    with pytest.raises(Refused):
        actions.sign_as_region(contract, by=world.signatory, now=SIGNED, capacity="Directeur")
    contract = actions.sign_as_beneficiary(contract, by=world.applicant, now=SIGNED, capacity="Présidente")
    assert waiting(dossier) == ["sign_region:signatory"]
    contract = actions.sign_as_region(contract, by=world.signatory, now=SIGNED, capacity="Directeur")
    assert {(s.party, s.user, s.sha256) for s in Signature.objects.all()} == {
        ("beneficiary", world.applicant, contract.version.sha256),
        ("region", world.signatory, contract.version.sha256),
    }
    for verb in ("contracts.sign_as_beneficiary", "contracts.sign_as_region"):
        entry = Entry.objects.get(verb=verb)
        assert entry.files[0]["sha256"] == contract.version.sha256 == entry.snapshot["sha256"]


def test_bytes_that_changed_are_not_signed(world: World) -> None:
    contract = sent_contract(world)
    path = document_store().path(contract.version.path)
    with open(path, "ab") as file:
        file.write(b" ")
    with pytest.raises(Refused, match="no longer"):
        actions.sign_as_beneficiary(contract, by=world.applicant, now=SIGNED, capacity="Présidente")
    document_store().delete(contract.version.path)
    with pytest.raises(Refused, match="no longer"):
        actions.sign_as_beneficiary(contract, by=world.applicant, now=SIGNED, capacity="Présidente")
    assert not Signature.objects.exists()


def test_p33_who_prepared_or_is_of_the_beneficiary_does_not_sign_for_the_region(world: World) -> None:
    accounts.give_post(world.region, world.officer, PostRole.SIGNATORY, by=None, now=NOW, valid_from=SINCE)
    accounts.give_post(world.region, world.applicant, PostRole.SIGNATORY, by=None, now=NOW, valid_from=SINCE)
    contract = sent_contract(world)
    actions.sign_as_beneficiary(contract, by=world.applicant, now=SIGNED, capacity="Présidente")
    for who in (world.officer, world.applicant, world.manager):
        with pytest.raises(NotAllowed):
            actions.sign_as_region(fresh(contract), by=who, now=SIGNED, capacity="Directrice")
    actions.sign_as_region(fresh(contract), by=world.signatory, now=SIGNED, capacity="Directeur")


def test_the_second_signature_brings_it_into_force(world: World) -> None:
    contract = active_contract(world)
    dossier = Dossier.objects.get(pk=contract.dossier_id)
    assert (contract.state, dossier.state) == ("active", "under_contract")
    assert contract.signed_on == SIGNED.date() == date(2026, 8, 29)
    assert contract.open_data_due_on == date(2026, 11, 29)
    parts = list(Instalment.objects.order_by("number").values_list("kind", "planned_amount", "due_on"))
    assert parts == [
        ("advance", D("16000.00"), date(2026, 10, 28)),
        ("interim", D("16000.00"), None),
        ("balance", D("8000.00"), None),
    ]
    assert [(r.kind, r.due_on) for r in Report.objects.order_by("number")][-1] == (
        "final",
        date(2027, 10, 31),
    )
    expected = ["fill:editor"] * Report.objects.count() + ["propose:case_officer"]
    assert waiting(dossier) == expected
    assert (
        Timer.objects.filter(verb="contracts.remind_report", state="pending").count()
        == Report.objects.count()
    )
    told = Notification.objects.filter(kind="contract").values_list("user", flat=True)
    assert set(told) == {world.applicant.pk, world.applicant_editor.pk}


def test_a_signature_is_made_once(world: World) -> None:
    contract = sent_contract(world)
    for _ in range(2):
        actions.sign_as_beneficiary(
            contract, by=world.applicant, now=SIGNED, capacity="Présidente", key="one"
        )
    assert Signature.objects.count() == 1


def test_a_contract_taken_back_is_signed_anew(world: World) -> None:
    contract = sent_contract(world)
    dossier = contract.dossier
    actions.sign_as_beneficiary(contract, by=world.applicant, now=SIGNED, capacity="Présidente")
    with pytest.raises(Refused) as refusal:
        actions.recall_contract(fresh(contract), by=world.signatory, now=SIGNED, reasons="")
    assert refusal.value.reasons[0].field == "reasons"
    contract = actions.recall_contract(
        fresh(contract), by=world.signatory, now=SIGNED, reasons="La date de fin est fausse."
    )
    assert contract.state == "draft"
    assert waiting(dossier) == ["send:case_officer"]
    contract = actions.revise_contract(
        contract, by=world.officer, now=SIGNED, starts_on=STARTS, ends_on=ENDS + timedelta(days=61)
    )
    deliver_all("contract_text")
    contract = actions.send_for_signature(fresh(contract), by=world.officer, now=SIGNED)
    contract = actions.sign_as_beneficiary(contract, by=world.applicant, now=SIGNED, capacity="Présidente")
    contract = actions.sign_as_region(contract, by=world.signatory, now=SIGNED, capacity="Directeur")
    assert contract.state == "active"
    assert Signature.objects.count() == 3


def test_a_withdrawal_cancels_the_contract(world: World) -> None:
    contract = sent_contract(world)
    dossier = Dossier.objects.get(pk=contract.dossier_id)
    calls.withdraw(fresh(dossier), by=world.applicant, now=SIGNED, reasons="Le projet est abandonné.")
    with pytest.raises(Refused):
        actions.sign_as_beneficiary(fresh(contract), by=world.applicant, now=SIGNED, capacity="Présidente")
    fire_due(now=SIGNED)
    assert fresh(contract).state == "cancelled"
    assert waiting(dossier) == []
    assert Entry.objects.get(verb="contracts.cancel_contract").actor is None


def test_a_contract_is_not_cancelled_otherwise(world: World) -> None:
    with pytest.raises(Refused, match="withdrawn"):
        actions.cancel_contract(sent_contract(world), by=world.officer, now=SIGNED)


def test_who_sees_a_contract(world: World) -> None:
    def seen(name: str) -> int:
        return contracts_visible_to(actor_for(world.people[name], SIGNED.date())).count()

    stranger = world.people["stranger"] = person("Une", "Inconnue")
    contract = prepared_contract(world)
    staff = ["officer", "manager", "signatory", "payer", "pilot", "auditor"]
    assert [seen(n) for n in staff] == [1] * 6
    assert [seen(n) for n in ("applicant", "other", "stranger", "expert", "state")] == [0] * 5
    actions.send_for_signature(contract, by=world.officer, now=SIGNED)
    assert [seen(n) for n in ("applicant", "applicant_editor", "other", "expert")] == [1, 1, 0, 0]
    with opened():
        contract.case.recusals.create(user=world.officer, reason="Parent", at=NOW)
    assert (seen("officer"), seen("officer2")) == (0, 1)
    assert stranger.pk
    assert Contract.objects.count() == 1


def amputated(contract: Contract, **changes: Any) -> Contract:
    """The contract, with other frozen data: as if it had been prepared by an older version of the programme."""
    with opened():
        Contract.objects.filter(pk=contract.pk).update(data={**contract.data, **changes})
    return fresh(contract)


def without(contract: Contract, code: str) -> list[dict[str, str]]:
    return [article for article in contract.data["articles"] if article["code"] != code]


@pytest.mark.parametrize("code", required_clauses(non_profit=True))
def test_a_contract_without_a_mandatory_clause_is_not_sent(world: World, code: str) -> None:
    contract = prepared_contract(world)
    cut = amputated(contract, articles=without(contract, code))
    with pytest.raises(Refused) as refusal:
        actions.send_for_signature(cut, by=world.officer, now=SIGNED)
    assert reason(refusal) == f"The contract lacks the mandatory clause “{CLAUSE_BY_CODE[code].label}”."
    assert fresh(cut).state == "draft"


def test_a_clause_without_a_word_is_no_clause(world: World) -> None:
    contract = prepared_contract(world)
    empty = {"code": "CADUCITE", "title": "Caducité", "text": "  "}
    cut = amputated(contract, articles=[*without(contract, "CADUCITE"), empty])
    with pytest.raises(Refused, match="Caducité"):
        actions.send_for_signature(cut, by=world.officer, now=SIGNED)


@pytest.mark.parametrize(
    ("part", "title"),
    [
        ("project", "Fiche du projet"),
        ("budget", "Plan de financement"),
        ("reports", "Calendrier des bilans"),
        ("instalments", "Échéancier de versement"),
        ("commitments", "Contrat d’engagement républicain"),
    ],
)
def test_a_contract_without_an_annex_is_not_sent(world: World, part: str, title: str) -> None:
    cut = amputated(prepared_contract(world), **{part: []})
    with pytest.raises(Refused, match=title):
        actions.send_for_signature(cut, by=world.officer, now=SIGNED)


def test_a_company_has_neither_excess_nor_commitments_in_its_contract(world: World) -> None:
    with opened():
        Organisation.objects.filter(pk=world.organisations["applicant"].pk).update(legal_form="company")
    contract = sent_contract(world)
    codes = {article["code"] for article in contract.data["articles"]}
    assert codes == set(required_clauses(non_profit=False))
    assert contract.data["commitments"] == []


@pytest.mark.parametrize("kind", ["follow_up", "impact"])
def test_a_contract_that_lost_its_indicators_is_not_sent(world: World, kind: str) -> None:
    contract = prepared_contract(world)
    with opened():
        DossierIndicator.objects.filter(dossier=contract.dossier, kind=kind).delete()
    with pytest.raises(Refused, match="indicator"):
        actions.send_for_signature(contract, by=world.officer, now=SIGNED)


def test_the_database_keeps_what_the_law_wants_in_a_contract(world: World) -> None:
    contract = sent_contract(world)
    kept = [i for i in contract.data["indicators"] if i["kind"] == "suivi"]
    for broken in (
        {"articles": without(contract, "CONTROLE")},
        {"articles": without(contract, "EXCEDENT")},
        {"indicators": kept},
    ):
        with pytest.raises(IntegrityError, match="contracts_contract_says_all"):
            amputated(contract, **broken)
    # what only the Region wants is the verb's to ask for, so that its model may change under contracts in force
    amputated(contract, articles=without(contract, "CAPITALISATION"))


def test_the_text_says_the_tax_the_lapse_and_the_account(world: World) -> None:
    contract = prepared_contract(world)
    said = {article["code"]: " ".join(article["text"].split()) for article in contract.data["articles"]}
    assert "toutes taxes comprises" in said["TVA"]
    assert "au plus tard le 31 août 2028" in said["CADUCITE"]  # twelve months after the end of the project
    assert "pendant dix ans" in said["COMPTABILITE"]
    assert "prestataires" in said["CESSION"]
    with opened():
        Dossier.objects.filter(pk=contract.dossier_id).update(budget_basis="ht")
    dates = {"starts_on": STARTS, "ends_on": ENDS}
    again = actions.revise_contract(fresh(contract), by=world.officer, now=SIGNED, **dates)
    assert "hors taxes" in next(a["text"] for a in again.data["articles"] if a["code"] == "TVA")
