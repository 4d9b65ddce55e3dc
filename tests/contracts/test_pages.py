"""The pages of contracts, payments, reports and closure: who may open them, what they do, what they say on error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms import FileField
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from contracts import actions
from contracts.models import Contract, Instalment, Recovery, Report, Signature
from tests.contracts.story import (
    accepted_report,
    active_contract,
    awarded_dossier,
    fresh,
    instalment,
    paid,
    prepared_contract,
    report,
    sent_contract,
    submitted_report,
)
from tests.contracts.test_contracts import suspensive
from tests.world import PASSWORD, World, opened
from workflows.dates import PARIS, local_date
from workflows.engine import database_now
from workflows.engine.timers import fire_due
from workflows.models import AccessLog, Case, Document

Browse = Callable[[User], Client]
PDF = b"%PDF-1.7\n%test\n"


@pytest.fixture
def browse() -> Browse:
    """A browser signed in as somebody."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def today() -> date:
    return local_date(database_now(), PARIS)


def dates() -> dict[str, Any]:
    """Pages live on the database's clock: so do the contracts that they show."""
    return {"now": database_now(), "starts_on": today(), "ends_on": today() + timedelta(days=364)}


def live(world: World) -> Contract:
    return active_contract(world, **dates())


def url(name: str, row: Any) -> str:
    return reverse(f"contracts:{name}", args=[row.pk])


def fields(form: Any, **values: Any) -> dict[str, Any]:
    """What a browser would send of a form, with ``values`` typed in."""
    sent = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if value is not None and not isinstance(field, FileField):
            sent[form.add_prefix(name)] = value
    return {**sent, **{form.add_prefix(name): value for name, value in values.items()}}


def offer(page: HttpResponse, prefix: str) -> Any:
    """The form that a page offers for a verb."""
    return next(s.form for s in page.context["offers"] if s.offer.prefix == prefix)


def offered(page: HttpResponse) -> set[str]:
    return {s.offer.prefix for s in page.context["offers"]}


def late(contract: Contract) -> None:
    """Make the first report overdue."""
    with opened():
        Report.objects.filter(contract=contract, number=1).update(due_on=today() - timedelta(days=3))


STAFF = ("officer", "manager", "signatory", "payer", "pilot", "auditor")
OUT = ("other", "expert", "state", "employers")


def test_who_may_open_what(world: World, browse: Browse) -> None:
    contract = live(world)
    pages = [
        url("contract", contract),
        url("payments", contract),
        url("closure", contract),
        url("signed", contract),
        url("instalment", instalment(contract, "advance")),
        url("report", report(contract, 1)),
    ]
    for name in (*STAFF, "applicant", "applicant_editor"):
        client = browse(world.people[name])
        assert [client.get(page).status_code for page in pages] == [200] * len(pages), name
    for name in OUT:
        client = browse(world.people[name])
        assert [client.get(page).status_code for page in pages] == [404] * len(pages), name
    anonymous = Client()
    assert {anonymous.get(page).status_code for page in pages} == {302}
    with opened():
        contract.case.recusals.create(user=world.officer, reason="Parent", at=database_now())
    client = browse(world.officer)
    assert {client.get(page).status_code for page in pages} == {404}


def test_a_draft_is_the_region_s_own(world: World, browse: Browse) -> None:
    contract = prepared_contract(world, **dates())
    assert browse(world.officer).get(url("contract", contract)).status_code == 200
    applicant = browse(world.applicant)
    assert applicant.get(url("contract", contract)).status_code == 404
    file = reverse("workflows:download", args=[contract.version_id])

    def downloaded() -> int:
        answer = applicant.get(file)
        if answer.streaming:
            assert b"".join(answer.streaming_content).startswith(b"%PDF-")
        return answer.status_code

    assert downloaded() == 404
    actions.send_for_signature(contract, by=world.officer, now=database_now())
    assert applicant.get(url("contract", contract)).status_code == 200
    assert downloaded() == 200
    actions.recall_contract(fresh(contract), by=world.officer, now=database_now(), reasons="Une erreur.")
    assert downloaded() == 404


def test_reading_a_contract_is_written_down_but_for_its_beneficiary(world: World, browse: Browse) -> None:
    contract = live(world)
    before = AccessLog.objects.count()
    browse(world.applicant).get(url("contract", contract))
    assert AccessLog.objects.count() == before
    browse(world.auditor).get(url("contract", contract))
    assert AccessLog.objects.filter(user=world.auditor).count() == 1


def test_prepare_with_a_preview_then_send(world: World, browse: Browse) -> None:
    dossier = awarded_dossier(world)
    client = browse(world.officer)
    page = client.get(url("prepare", dossier))
    form = page.context["form"]
    seen = client.post(url("preview", dossier), fields(form, ends_on="2020-01-01"))
    assert seen.status_code == 422
    assert seen.context["form"].errors["ends_on"]
    clause = {"title_0": "Comité", "text_0": "Il se réunit deux fois par an."}
    seen = client.post(url("preview", dossier), fields(form, **clause))
    assert seen.content.startswith(b"%PDF-")
    assert seen["Content-Disposition"].startswith("attachment")
    assert not Contract.objects.exists()
    answer = client.post(url("prepare", dossier), fields(form, title_1="Sans texte"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["text_1"]
    answer = client.post(url("prepare", dossier), fields(form, **clause))
    contract = Contract.objects.get()
    assert answer.url == url("contract", contract)
    page = client.get(answer.url)
    assert "est en cours de production" in page.content.decode() or "being produced" in page.content.decode()
    form = offer(page, "send_for_signature")
    answer = client.post(answer.url, fields(form))
    assert answer.status_code == 422  # its text is not there yet
    assert contract.clauses[0]["title"] == "Comité"


def test_nobody_else_prepares(world: World, browse: Browse) -> None:
    dossier = awarded_dossier(world)
    for name in ("applicant", "auditor", "payer", "expert", "other"):
        client = browse(world.people[name])
        assert client.get(url("prepare", dossier)).status_code == 404
        assert client.post(url("preview", dossier)).status_code == 404


def test_a_contract_sent_back_is_corrected_on_the_same_page(world: World, browse: Browse) -> None:
    contract = sent_contract(world, **dates())
    client = browse(world.signatory)
    page = client.get(url("contract", contract))
    form = offer(page, "recall_contract")
    answer = client.post(url("contract", contract), fields(form))
    assert answer.status_code == 422
    assert offer(answer, "recall_contract").errors["reasons"]
    client.post(url("contract", contract), fields(form, reasons="La date de fin."))
    page = browse(world.officer).get(url("prepare", contract.dossier))
    assert "La date de fin." in page.content.decode()
    form = page.context["form"]
    browse(world.officer).post(url("prepare", contract.dossier), fields(form))
    assert fresh(contract).revision == 2


def test_a_reservation_is_lifted_on_its_page(world: World, browse: Browse) -> None:
    dossier = awarded_dossier(world)
    with opened():
        row = suspensive(dossier)
    contract = prepared_contract(world, dossier, **dates())
    assert url("lift", row) in browse(world.manager).get(url("contract", contract)).content.decode()
    assert browse(world.officer).get(url("lift", row)).status_code == 404
    client = browse(world.manager)
    form = offer(client.get(url("lift", row)), "lift_reservation")
    assert client.post(url("lift", row), fields(form)).status_code == 422
    answer = client.post(url("lift", row), fields(form, reasons="Plan reçu."))
    assert answer.url == url("contract", contract)


def reauthenticated(client: Client, answer: HttpResponse) -> HttpResponse:
    """Give the password that the page asks for; the act goes on by itself."""
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))
    return client.post(answer.url, {"password": PASSWORD})


def test_both_sign_with_their_password(world: World, browse: Browse) -> None:
    contract = sent_contract(world, **dates())
    client = browse(world.applicant)
    page = client.get(url("sign", contract))
    form = page.context["form"]
    assert contract.version is not None
    assert contract.version.sha256 in page.content.decode()
    wrong = client.post(url("sign", contract), fields(form, capacity="Présidente", read="on"))
    refused = client.post(wrong.url, {"password": "not-the-password"})
    assert refused.status_code == 200
    assert not Signature.objects.exists()
    answer = client.post(url("sign", contract), fields(form, capacity="Présidente"))
    answer = reauthenticated(client, answer)
    assert answer.status_code == 422  # not said that it was read
    answer = client.post(url("sign", contract), fields(form, capacity="Présidente", read="on"))
    assert answer.url == url("signed", contract)  # the password was just given
    assert contract.version.sha256 in client.get(answer.url).content.decode()
    assert client.get(url("sign", contract)).url == url("contract", contract)
    region = browse(world.signatory)
    form = region.get(url("sign", contract)).context["form"]
    answer = region.post(url("sign", contract), fields(form, capacity="Directeur", read="on"))
    answer = reauthenticated(region, answer)
    assert answer.url == url("signed", contract)
    assert fresh(contract).state == "active"


def test_who_may_not_sign_is_led_back_or_stopped(world: World, browse: Browse) -> None:
    contract = sent_contract(world, **dates())
    for name in ("applicant_editor", "officer", "signatory"):
        client = browse(world.people[name])
        assert client.get(url("sign", contract)).url == url("contract", contract)
        answer = client.post(
            url("sign", contract),
            {"key": "5c2b6d1e-0f7e-4a52-9a5e-0c1f9a3f0b11", "capacity": "X", "read": "on"},
        )
        assert answer.status_code == 404
    assert not Signature.objects.exists()


def test_the_money_of_an_instalment_through_three_people(world: World, browse: Browse) -> None:
    contract = live(world)
    page_url = url("instalment", instalment(contract, "advance"))
    officer, manager, payer = (browse(u) for u in (world.officer, world.manager, world.payer))
    assert offered(officer.get(page_url)) == {"propose_payment"}
    assert offered(payer.get(page_url)) == offered(browse(world.applicant).get(page_url)) == set()
    form = offer(officer.get(page_url), "propose_payment")
    answer = officer.post(page_url, fields(form, amount="16 000,01"))
    assert answer.status_code == 422
    assert offer(answer, "propose_payment").errors["amount"]
    assert "16 000,01" in answer.content.decode()
    officer.post(page_url, fields(form, amount="15 000,00"))
    page = officer.get(page_url)
    assert offered(page) == {"send_back_payment"}
    assert page.context["who"]
    form = offer(manager.get(page_url), "certify_service")
    manager.post(page_url, fields(form))
    assert offered(manager.get(page_url)) == {"send_back_payment"}
    form = offer(payer.get(page_url), "record_payment")
    tomorrow = (today() + timedelta(days=1)).isoformat()
    answer = payer.post(page_url, fields(form, paid_on=tomorrow, payment_reference="M-1"))
    assert offer(answer, "record_payment").errors["paid_on"]
    payer.post(page_url, fields(form, paid_on=today().isoformat(), payment_reference="M-1"))
    assert fresh(contract).paid == D("15000.00")
    assert offered(payer.get(page_url)) == set()


def test_a_blocked_payment_says_why_and_offers_nothing(world: World, browse: Browse) -> None:
    contract = live(world)
    late(contract)
    page_url = url("instalment", instalment(contract, "advance"))
    page = browse(world.officer).get(page_url)
    assert page.context["blocks"]
    assert offered(page) == set()
    for name in ("payments", "contract"):
        assert (
            str(page.context["blocks"][0].message)
            in browse(world.applicant).get(url(name, contract)).content.decode()
        )


def test_a_stale_page_is_a_conflict_that_names_who_came_first(world: World, browse: Browse) -> None:
    contract = live(world)
    page_url = url("instalment", instalment(contract, "advance"))
    client = browse(world.officer)
    form = offer(client.get(page_url), "propose_payment")
    actions.propose_payment(instalment(contract, "advance"), by=world.officer2, now=database_now())
    answer = client.post(page_url, fields(form))
    assert answer.status_code == 409
    assert "Officer2" in answer.content.decode()


def test_the_claim_of_the_beneficiary(world: World, browse: Browse) -> None:
    contract = live(world)
    accepted_report(world, report(contract, 1), now=database_now())
    page_url = url("instalment", instalment(contract, "interim"))
    assert offered(browse(world.applicant_editor).get(page_url)) == set()
    client = browse(world.applicant)
    form = offer(client.get(page_url), "claim_instalment")
    client.post(page_url, fields(form, comment="Voir le bilan."))
    row = Instalment.objects.get(contract=contract, kind="interim")
    assert (row.state, row.claim_comment) == ("claimed", "Voir le bilan.")
    staff = browse(world.officer)
    form = offer(staff.get(page_url), "reject_claim")
    assert staff.post(page_url, fields(form)).status_code == 422
    staff.post(page_url, fields(form, reasons="Joignez le RIB."))
    assert "Joignez le RIB." in client.get(page_url).content.decode()


def report_fields(page: HttpResponse, **values: Any) -> dict[str, Any]:
    sent = fields(page.context["form"])
    return {**{k: ("" if v is None else v) for k, v in sent.items()}, **values}


GOOD = {
    "S-ENT.number": "60",
    "S-ENT.SEXE.0": "35",
    "S-ENT.SEXE.1": "25",
    "I-POS.numerator": "30",
    "I-POS.denominator": "50",
    "done": "Trois sessions.",
    "gaps": "Aucun.",
    "next": "Une session.",
    "expense.64": "12 000,50",
}


def test_a_report_is_filled_saved_and_handed_in(world: World, browse: Browse) -> None:
    contract = live(world)
    page_url = url("report", report(contract, 1))
    client = browse(world.applicant)
    page = client.get(page_url)
    answer = client.post(page_url, report_fields(page, **{"expense.64": "beaucoup", "done": "Une session."}))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors.keys() == {"expense.64"}
    assert "beaucoup" in answer.content.decode()  # nothing typed is lost
    assert report(contract, 1).narrative["done"] == "Une session."  # and what could be read is kept
    page = client.get(page_url)
    answer = client.post(page_url, report_fields(page, submit="1"))
    errors = answer.context["form"].errors
    assert {"S-ENT.text", "I-POS.text", "gaps", "next", "expense.64"} <= errors.keys()
    page = client.get(page_url)
    answer = client.post(page_url, report_fields(page, **{**GOOD, "S-ENT.SEXE.1": "24"}, submit="1"))
    assert answer.context["form"].errors.keys() == {"S-ENT.SEXE.0"}
    page = client.get(page_url)
    sent = report_fields(page, **GOOD, submit="1")
    assert client.post(page_url, sent).status_code == 302
    assert client.post(page_url, sent).status_code == 302  # a double click
    row = report(contract, 1)
    assert (row.state, row.expenses.get(code="64").amount) == ("submitted", D("12000.50"))
    page = client.get(page_url)
    assert "60 % (30 / 50)" in page.content.decode()


def test_the_final_report_starts_from_what_was_declared(world: World, browse: Browse) -> None:
    contract = live(world)
    submitted_report(world, report(contract, 1), now=database_now(), spent="22000.00")
    page = browse(world.applicant).get(url("report", report(contract, 2)))
    assert page.context["form"].fields["expense.64"].initial == D("22000.00")


def test_an_editor_fills_and_a_signatory_hands_in(world: World, browse: Browse) -> None:
    contract = live(world)
    page_url = url("report", report(contract, 1))
    client = browse(world.applicant_editor)
    page = client.get(page_url)
    assert not page.context["may_submit"]
    assert client.post(page_url, report_fields(page, **GOOD)).status_code == 302
    page = client.get(page_url)
    assert client.post(page_url, report_fields(page, submit="1")).status_code == 404
    assert report(contract, 1).state == "expected"


def test_autosave_keeps_and_two_tabs_are_told(world: World, browse: Browse) -> None:
    contract = live(world)
    row = report(contract, 1)
    client, other = browse(world.applicant), browse(world.applicant_editor)
    page = client.get(url("report", row))
    save = url("report_autosave", row)
    sent = report_fields(page, done="Un début.", **{"expense.64": "douze"})
    answer = client.post(save, sent).json()
    assert (answer["version"], answer["partial"]) == (1, True)
    assert client.post(save, sent).json()["version"] == 1  # the answer was lost: the same save is no conflict
    stale = other.post(save, {**sent, "done": "Autre chose."})
    assert stale.status_code == 409
    assert "Applicant" in stale.json()["message"]
    clash = other.post(url("report", row), {**sent, "done": "Autre chose."})
    assert clash.status_code == 409
    assert "Autre chose." in clash.content.decode()
    assert report(contract, 1).narrative["done"] == "Un début."
    assert browse(world.officer).post(save, sent).status_code == 404


def test_evidence(world: World, browse: Browse) -> None:
    contract = live(world)
    row = report(contract, 1)
    client = browse(world.applicant_editor)
    form = client.get(url("report", row)).context["evidence"]
    bad = SimpleUploadedFile("emargement.pdf", b"<html>", content_type="application/pdf")
    answer = client.post(url("evidence", row), {**fields(form), "file": bad})
    assert answer.status_code == 422
    good = SimpleUploadedFile("emargement.pdf", PDF, content_type="application/pdf")
    assert client.post(url("evidence", row), {**fields(form), "file": good}).status_code == 302
    assert Document.objects.get(code="report-1-01").versions.get().name == "emargement.pdf"
    assert "emargement.pdf" in client.get(url("report", row)).content.decode()
    assert browse(world.officer).post(url("evidence", row), fields(form)).status_code == 404


def test_the_region_reads_returns_and_accepts(world: World, browse: Browse) -> None:
    contract = live(world)
    row = report(contract, 1)
    client = browse(world.officer)
    assert "Trois sessions" not in client.get(url("report", row)).content.decode()
    actions.save_report(
        row, by=world.applicant, now=database_now(), version=0, narrative={"done": "Trois sessions"}
    )
    page = client.get(url("report", row))
    assert "Trois sessions" not in page.content.decode()  # a draft is not the Region's to read
    assert offered(page) == set()
    submitted_report(world, report(contract, 1), now=database_now())
    page = client.get(url("report", row))
    assert offered(page) == {"accept_report", "return_report"}
    assert offered(browse(world.auditor).get(url("report", row))) == set()
    form = offer(page, "return_report")
    assert client.post(url("report", row), fields(form)).status_code == 422
    client.post(url("report", row), fields(form, reasons="Précisez."))
    assert "Précisez." in browse(world.applicant).get(url("report", row)).content.decode()
    actions.submit_report(fresh(row), by=world.applicant, now=database_now())
    form = offer(client.get(url("report", row)), "accept_report")
    answer = client.post(url("report", row), fields(form, accepted_64="50 000,00"))
    assert offer(answer, "accept_report").errors["reason_64"]
    client.post(url("report", row), fields(form, accepted_64="50 000,00", reason_64="Hors période."))
    assert report(contract, 1).state == "accepted"
    assert "Hors période." in client.get(url("report", row)).content.decode()


def test_small_counts_stay_unsaid_to_the_region(world: World, browse: Browse) -> None:
    contract = live(world)
    row = submitted_report(world, report(contract, 1), now=database_now())
    with opened():
        row.values.filter(indicator__code="S-ENT").update(breakdown={"SEXE": {"Femmes": 57, "Hommes": 3}})
    for user, word in ((world.applicant, "Hommes : 3<"), (world.officer, "Hommes : –<")):
        assert word in browse(user).get(url("report", row)).content.decode()


def settled(world: World, spent: str = "60000.00") -> Contract:
    contract = live(world)
    now = database_now()
    paid(world, instalment(contract, "advance"), now=now)
    accepted_report(world, report(contract, 1), now=now)
    accepted_report(world, report(contract, 2), now=now, spent=spent)
    return fresh(contract)


def test_the_closure_says_what_is_left_then_closes(world: World, browse: Browse) -> None:
    contract = settled(world)
    client = browse(world.manager)
    page = client.get(url("closure", contract))
    assert page.context["obstacles"]
    assert offered(page) == set()
    paid(world, instalment(contract, "balance"), now=database_now())
    page = client.get(url("closure", contract))
    assert page.context["recap"].irreversible
    assert offered(browse(world.officer).get(url("closure", contract))) == set()
    client.post(url("closure", contract), fields(offer(page, "close_dossier")))
    assert Case.objects.get(pk=contract.case_id).closed_at is not None
    page = client.get(url("closure", contract))
    assert page.context["closed"]
    assert offered(page) == set()


def test_a_recovery_seen_from_both_sides(world: World, browse: Browse) -> None:
    contract = settled(world, spent="15000.00")
    assert (contract.settled_amount, contract.paid) == (D("10000.01"), D("16000.00"))
    officer, applicant, manager = (browse(u) for u in (world.officer, world.applicant, world.manager))
    page = officer.get(url("closure", contract))
    form = offer(page, "open_recovery")
    assert officer.post(url("closure", contract), fields(form, grounds="x", days="3")).status_code == 422
    officer.post(url("closure", contract), fields(form, grounds="Dépenses moindres que prévu."))
    row = Recovery.objects.get()
    assert browse(world.other).get(url("recovery", row)).status_code == 404
    assert offered(manager.get(url("recovery", row))) == set()  # the beneficiary is heard first
    page = applicant.get(url("recovery", row))
    assert "Dépenses moindres que prévu." in page.content.decode()
    applicant.post(
        url("recovery", row), fields(offer(page, "send_observations"), observations="Une facture manquait.")
    )
    page = manager.get(url("recovery", row))
    assert "Une facture manquait." in page.content.decode()
    form = offer(page, "decide_recovery")
    answer = manager.post(url("recovery", row), fields(form, upheld="yes", grounds="Oui.", amount="6 000,00"))
    assert offer(answer, "decide_recovery").errors["amount"]
    manager.post(url("recovery", row), fields(form, upheld="yes", grounds="Oui.", amount="5 000,00"))
    assert fresh(row).decided_amount == D("5000.00")
    payer = browse(world.payer)
    form = offer(payer.get(url("recovery", row)), "record_recovery")
    payer.post(url("recovery", row), fields(form, recovered_on=today().isoformat()))
    assert fresh(row).state == "recovered"
    assert "close_dossier" in offered(manager.get(url("closure", contract)))


def test_what_a_beneficiary_has_ahead(world: World, browse: Browse) -> None:
    mine = reverse("contracts:mine")
    client = browse(world.applicant)
    assert not client.get(mine).context["cards"]
    contract = sent_contract(world, **dates())
    (card,) = client.get(mine).context["cards"]
    assert card["to_sign"]
    now = database_now()
    actions.sign_as_beneficiary(contract, by=world.applicant, now=now, capacity="Présidente")
    actions.sign_as_region(fresh(contract), by=world.signatory, now=now, capacity="Directeur")
    late(contract)
    (card,) = client.get(mine).context["cards"]
    assert (card["report"].number, card["instalment"].kind, len(card["blocks"])) == (1, "advance", 1)
    assert not browse(world.other).get(mine).context["cards"]
    assert client.get(reverse("contracts:contracts")).url == mine


LISTS = ("contracts:contracts", "contracts:worklist", "contracts:reports")


def test_worklists_are_the_region_s(world: World, browse: Browse) -> None:
    live(world)
    for name in ("contracts:worklist", "contracts:reports"):
        for who in STAFF:
            assert browse(world.people[who]).get(reverse(name), {"tab": "all"}).context["list"].total
        for who in OUT:
            assert browse(world.people[who]).get(reverse(name), {"tab": "all"}).status_code == 404


def test_the_tabs_of_the_worklists(world: World, browse: Browse) -> None:
    contract = live(world)
    client = browse(world.payer)

    def counts(name: str) -> dict[str, int]:
        return client.get(reverse(name)).context["list"].counts

    found = counts("contracts:worklist")
    assert (found["propose"], found["waiting"], found["blocked"], found["all"]) == (1, 2, 0, 3)
    late(contract)
    found = counts("contracts:worklist")
    assert (found["propose"], found["blocked"]) == (0, 1)
    page = client.get(reverse("contracts:worklist"), {"tab": "blocked"})
    assert "bilan" in page.content.decode() or "report" in page.content.decode()
    found = counts("contracts:reports")
    assert (found["read"], found["late"], found["coming"]) == (0, 1, 1)
    for name in LISTS:
        for kind in ("xlsx", "csv"):
            answer = client.get(reverse(name), {"export": kind, "tab": "all"})
            assert answer.status_code == 200
            assert "attachment" in answer["Content-Disposition"]
            assert b"".join(answer.streaming_content)


def test_lists_cost_the_same_for_one_and_for_many(world: World, browse: Browse) -> None:
    client = browse(world.payer)
    contract = live(world)
    lists = (*LISTS, "contracts:pilot_all")
    costs: dict[str, set[int]] = {name: set() for name in lists}

    def measure() -> None:
        for name in lists:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(reverse(name), {"tab": "all", "size": "100"}).status_code == 200
            costs[name].add(len(queries))

    measure()
    for total in (3, 50):
        multiply(contract, total)
        measure()
    assert all(len(found) == 1 for found in costs.values()), costs


def multiply(contract: Contract, total: int) -> None:
    """Copies of a contract with its reports and instalments, up to ``total``."""
    from calls.models import Dossier

    with opened():
        for rank in range(Contract.objects.count() + 1, total + 1):
            case = Case.objects.get(pk=contract.case_id)
            case.pk, case.reference, case.head_seq = None, f"PRIC-84-2026-01-{rank:05}", 0
            case.id = None
            case._state.adding = True
            from uuid import uuid4

            case.id = case.pk = uuid4()
            case.save(force_insert=True)
            copies: list[Any] = [Dossier.objects.get(pk=contract.dossier_id)]
            copies[0].pk, copies[0].case, copies[0].rank = uuid4(), case, rank
            copies[0].save(force_insert=True)
            twin = Contract.objects.get(pk=contract.pk)
            twin.pk, twin.case, twin.dossier, twin.number = (
                uuid4(),
                case,
                copies[0],
                f"CONV-84-2026-{rank:05}",
            )
            twin.save(force_insert=True)
            for row in [*contract.reports.all(), *contract.instalments.all()]:
                row.pk, row.case, row.contract = uuid4(), case, twin
                row.save(force_insert=True)


def test_a_cancelled_contract_stays_readable(world: World, browse: Browse) -> None:
    from calls import actions as calls

    contract = sent_contract(world, **dates())
    calls.withdraw(fresh(contract.dossier), by=world.applicant, now=database_now(), reasons="Abandon.")
    fire_due(now=database_now())
    assert fresh(contract).state == "cancelled"
    assert browse(world.officer).get(url("contract", contract)).status_code == 200
    assert browse(world.applicant).get(url("contract", contract)).status_code == 200
