"""Where the subsidy is paid to: given by its owner, changed only after somebody else checked it, masked for most."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts import actions as accounts
from accounts.models import PostRole
from calls.models import Dossier
from contracts import actions
from contracts.models import BankAccount, Contract
from tests.contracts.story import (
    IBAN,
    OTHER_IBAN,
    SIGNED,
    active_contract,
    awarded_dossier,
    banked,
    deliver_all,
    fresh,
    instalment,
    prepared_contract,
)
from tests.contracts.test_contracts import waiting
from tests.contracts.test_pages import Browse, browse, fields, live, offer, offered, url
from tests.world import NOW, SINCE, World, opened
from workflows.engine import NotAllowed, Refused, database_now
from workflows.models import Document, DocumentVersion, Entry, Notification
from workflows.store import open_version

__all__ = ["browse"]

HOLDER = "Association Passerelles"
WHOLE = "FR76\xa03000\xa06000\xa00112\xa03456\xa07890\xa0189"
MASKED = "FR••\xa0••••\xa00189"


def give(
    world: World, dossier: Dossier, *, iban: str = OTHER_IBAN, now: Any = SIGNED, **values: Any
) -> BankAccount:
    values = {"by": world.applicant, "holder": HOLDER, **values}
    return actions.give_bank_account(dossier, iban=iban, now=now, **values)


def certified(world: World, contract: Contract) -> Any:
    row = actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=SIGNED)
    return fresh(actions.certify_service(row, by=world.manager, now=SIGNED))


def pay(world: World, row: Any) -> Any:
    return actions.record_payment(
        fresh(row), by=world.payer, now=SIGNED, paid_on=SIGNED.date(), payment_reference="M-1"
    )


def send(client: Client, address: str, prefix: str, **typed: Any) -> Any:
    """Send the form that the page offers for a verb."""
    return client.post(address, fields(offer(client.get(address), prefix), **typed))


def test_the_award_asks_for_the_bank_details(world: World) -> None:
    dossier = awarded_dossier(world, account=False)
    assert waiting(dossier) == ["give:signatory", "prepare:case_officer"]
    with pytest.raises(Refused, match="bank details"):
        actions.prepare_contract(dossier, by=world.officer, now=SIGNED)
    account = give(world, dossier, iban=" fr76 3000 6000 0112 3456 7890 189 ")
    assert (account.iban, account.state, account.needs_check) == (IBAN, "in_use", False)
    assert waiting(dossier) == ["prepare:case_officer"]


def test_the_journal_and_the_contract_name_the_account_without_giving_it_away(world: World) -> None:
    contract = prepared_contract(world, awarded_dossier(world))
    entry = Entry.objects.get(case=contract.case, verb="contracts.give_bank_account")
    assert entry.snapshot == {"holder": HOLDER, "account": MASKED, "checked": False}
    articles = {article["code"]: article["text"] for article in contract.data["articles"]}
    assert f"compte ouvert au nom de {HOLDER}, IBAN {MASKED}." in articles["VERSEMENT"]
    assert "6000" not in "".join(articles.values()).replace("\xa0", "")


def test_before_the_contract_a_mistake_is_corrected_at_once(world: World) -> None:
    dossier = awarded_dossier(world)
    account = give(world, dossier)
    assert account.state == "in_use"
    assert list(dossier.bank_accounts.values_list("iban", "state")) == [
        (OTHER_IBAN, "in_use"),
        (IBAN, "replaced"),
    ]
    with pytest.raises(Refused, match="already the one"):
        give(world, dossier)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"holder": "  "}, "holder"),
        ({"holder": "x" * 201}, "holder"),
        ({"iban": "FR7630006000011234567890188"}, "iban"),
        ({"iban": "TN5910006035183598478831"}, "iban"),
    ],
)
def test_a_wrong_account_is_refused_beside_its_field(
    world: World, values: dict[str, str], field: str
) -> None:
    dossier = awarded_dossier(world, account=False)
    with pytest.raises(Refused) as refusal:
        give(world, dossier, **values)
    assert refusal.value.reasons[0].field == field
    assert not BankAccount.objects.exists()


@pytest.mark.parametrize("who", ["applicant_editor", "other", "officer", "payer", "auditor", "expert"])
def test_only_who_signs_for_the_organisation_gives_an_account(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        give(world, awarded_dossier(world, account=False), by=world.people[who])


def test_a_refusal_that_is_not_told_yet_cannot_be_guessed(world: World) -> None:
    dossier = awarded_dossier(world, account=False, released=False)
    with opened():
        Dossier.objects.filter(pk=dossier.pk).update(state="refused")
    give(world, fresh(dossier))
    with opened():
        Dossier.objects.filter(pk=dossier.pk).update(decision_released_at=NOW)
    with pytest.raises(Refused, match="no subsidy"):
        give(world, fresh(dossier), iban=IBAN)


def test_a_change_under_contract_is_checked_before_anything_is_paid_to_it(world: World) -> None:
    contract = active_contract(world)
    row = certified(world, contract)
    asked = give(world, fresh(contract.dossier))
    assert (asked.state, asked.needs_check) == ("proposed", True)
    assert "check:payments" in waiting(contract.dossier)
    told = Notification.objects.filter(case=contract.case, kind="bank")
    assert [n.user for n in told] == [world.applicant]  # who asked is told as well: it may not have been them
    with pytest.raises(Refused, match="being checked"):
        pay(world, row)
    with pytest.raises(Refused, match="Another change"):
        give(world, fresh(contract.dossier), holder="Un autre nom")
    with pytest.raises(Refused, match="how the account was checked"):
        actions.confirm_bank_account(fresh(asked), by=world.payer, now=SIGNED, reasons=" ")
    done = actions.confirm_bank_account(
        fresh(asked), by=world.payer, now=SIGNED, reasons="Appel au numéro du dossier ; nouveau RIB."
    )
    assert (done.state, done.checked_by) == ("in_use", world.payer)
    entry = Entry.objects.get(case=contract.case, verb="contracts.confirm_bank_account")
    assert entry.snapshot["instead_of"] == MASKED
    assert "check:payments" not in waiting(contract.dossier)
    assert pay(world, row).account == done


def test_a_change_that_is_refused_leaves_the_account_as_it_was(world: World) -> None:
    contract = active_contract(world)
    row = certified(world, contract)
    asked = give(world, fresh(contract.dossier))
    actions.refuse_bank_account(
        fresh(asked), by=world.payer, now=SIGNED, reasons="Le bénéficiaire n’a rien demandé."
    )
    assert pay(world, row).account.iban == IBAN
    assert give(world, fresh(contract.dossier)).state == "proposed"  # it may be asked for again


@pytest.mark.parametrize("who", ["applicant", "officer", "manager", "signatory", "auditor"])
def test_who_may_not_check_a_change(world: World, who: str) -> None:
    asked = give(world, fresh(active_contract(world).dossier))
    for verb in (actions.confirm_bank_account, actions.refuse_bank_account):
        with pytest.raises(NotAllowed):
            verb(asked, by=world.people[who], now=SIGNED, reasons="Vérifié.")


def test_nobody_both_proposes_a_payment_and_says_where_it_goes(world: World) -> None:
    contract = active_contract(world)
    accounts.give_post(world.region, world.officer, PostRole.PAYMENTS, by=None, now=NOW, valid_from=SINCE)
    row = actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=SIGNED)
    asked = give(world, fresh(contract.dossier))
    with pytest.raises(NotAllowed):
        actions.confirm_bank_account(asked, by=world.officer, now=SIGNED, reasons="Vérifié.")
    actions.send_back_payment(fresh(row), by=world.manager, now=SIGNED, reasons="À revoir.")
    actions.confirm_bank_account(fresh(asked), by=world.officer, now=SIGNED, reasons="Vérifié.")
    with pytest.raises(NotAllowed):
        actions.propose_payment(fresh(row), by=world.officer, now=SIGNED)
    assert actions.propose_payment(fresh(row), by=world.officer2, now=SIGNED).state == "proposed"


def test_the_database_uses_no_change_that_nobody_checked(world: World) -> None:
    asked = give(world, fresh(active_contract(world).dossier))
    with pytest.raises(IntegrityError, match="contracts_bankaccount_checked"), opened():
        BankAccount.objects.filter(pk=asked.pk).update(state="replaced")
    with pytest.raises(IntegrityError, match="two_people"), opened():
        BankAccount.objects.filter(pk=asked.pk).update(checked_by=world.applicant)
    with pytest.raises(IntegrityError, match="one_in_use"), opened():
        BankAccount.objects.filter(pk=asked.pk).update(checked_by=world.payer, state="in_use")


def test_the_payment_owes_its_statement_to_those_who_pay(world: World, browse: Browse) -> None:
    contract = active_contract(world)
    paid = pay(world, certified(world, contract))
    deliver_all("letter")
    version = DocumentVersion.objects.get(
        document__case=contract.case, document__code=f"payment-statement-{paid.number}"
    )
    with open_version(version) as stream:
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(stream.read())).pages)
    text = " ".join(text.split())
    for said in (
        WHOLE,
        HOLDER,
        "M-1",
        "seize mille euros",
        "convention n° CONV-84-2026-00001",
        "Manager Staff",
    ):
        assert " ".join(said.split()) in text, said
    assert version.document.audience == "payments"
    answers = {}
    for who in ("payer", "auditor", "officer", "manager", "applicant", "expert"):
        answer = browse(world.people[who]).get(reverse("workflows:download", args=[version.pk]))
        answer.getvalue()  # a file stays open until it is read
        answers[who] = answer.status_code
    assert answers == {
        "payer": 200,
        "auditor": 200,
        "officer": 404,
        "manager": 404,
        "applicant": 404,
        "expert": 404,
    }
    codes = {d.code for d in Document.objects.filter(case=contract.case)}
    page = (
        browse(world.officer)
        .get(reverse("workflows:case_tab", args=[contract.case_id, "files"]))
        .content.decode()
    )
    assert f"payment-statement-{paid.number}" in codes
    assert "État liquidatif" not in page


def test_the_page_shows_the_number_to_its_owner_and_to_those_who_pay_or_audit(
    world: World, browse: Browse
) -> None:
    dossier = live(world).dossier
    seen = {}
    for who in ("applicant", "applicant_editor", "payer", "auditor", "officer", "manager"):
        answer = browse(world.people[who]).get(url("bank", dossier))
        assert answer.status_code == 200, who
        seen[who] = WHOLE in answer.content.decode()
        assert seen[who] or MASKED in answer.content.decode()
    assert seen == {
        "applicant": True,
        "applicant_editor": True,
        "payer": True,
        "auditor": True,
        "officer": False,
        "manager": False,
    }
    for who in ("other", "expert"):
        assert browse(world.people[who]).get(url("bank", dossier)).status_code == 404


def test_the_details_are_given_and_a_change_is_checked_on_their_pages(world: World, browse: Browse) -> None:
    contract = live(world)
    mine, theirs = browse(world.applicant), browse(world.payer)
    address = url("bank", contract.dossier)
    wrong = send(mine, address, "give_bank_account", holder=HOLDER, iban="FR00")
    assert wrong.status_code == 422
    assert "An IBAN is two letters" in wrong.content.decode()
    assert send(mine, address, "give_bank_account", holder=HOLDER, iban=OTHER_IBAN).status_code == 302
    asked = BankAccount.objects.get(state="proposed")
    assert "give_bank_account-iban" not in mine.get(address).content.decode()  # one change at a time
    check = url("bank_check", asked)
    assert not offered(browse(world.officer).get(check))
    page = theirs.get(check).content.decode()
    assert asked.spelled in page
    assert WHOLE in page
    assert send(theirs, check, "confirm_bank_account", reasons="Appel au numéro connu.").status_code == 302
    assert fresh(asked).state == "in_use"
    assert browse(world.other).get(check).status_code == 404


def test_the_page_of_a_payment_says_where_the_money_goes(world: World, browse: Browse) -> None:
    contract = live(world)
    now = database_now()
    row = actions.propose_payment(instalment(contract, "advance"), by=world.officer, now=now)
    actions.certify_service(fresh(row), by=world.manager, now=now)
    page = browse(world.payer).get(url("instalment", row)).content.decode()
    assert WHOLE in page
    assert "record_payment-paid_on" in page
    assert MASKED in browse(world.officer).get(url("instalment", row)).content.decode()
    give(world, fresh(contract.dossier), now=now + timedelta(seconds=1))
    page = browse(world.payer).get(url("instalment", row)).content.decode()
    assert "A change of bank account is being checked" in page
    assert "record_payment-paid_on" not in page


def test_the_case_leads_to_the_bank_details(world: World, browse: Browse) -> None:
    dossier = awarded_dossier(world, account=False)
    tab = reverse("workflows:case_tab", args=[dossier.case_id, "bank"])
    assert browse(world.applicant).get(tab).headers["Location"] == url("bank", dossier)
    assert browse(world.officer).get(tab).status_code == 404  # nothing to see yet
    banked(world, dossier)
    assert browse(world.officer).get(tab).status_code == 302
    assert browse(world.other).get(tab).status_code == 404
