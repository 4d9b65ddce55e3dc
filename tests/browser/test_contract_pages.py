"""Contracts in a real browser: nothing that axe refuses, nothing wider than a phone, figures that follow the keys."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contracts import actions
from tests.browser.conftest import (
    Open,
    assert_accessible_at_each_width,
)
from tests.contracts.story import (
    awarded_dossier,
    fresh,
    instalment,
    paid,
    prepared_contract,
    report,
    submitted_report,
)
from tests.contracts.test_pages import dates, late, url
from tests.world import make_world
from workflows.engine import database_now

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_family_is_accessible_and_fits_a_phone(open_page: Open) -> None:
    world = make_world()

    def look(name: str, path: str, user: object) -> None:
        page = open_page(path, as_user=user)
        assert_accessible_at_each_width(page, name)
        page.context.close()

    dossier = awarded_dossier(world)
    look("prepare", url("prepare", dossier), world.officer)
    contract = prepared_contract(world, dossier, **dates())
    now = database_now()
    contract = fresh(actions.send_for_signature(contract, by=world.officer, now=now))
    look("sign", url("sign", contract), world.applicant)
    actions.sign_as_beneficiary(contract, by=world.applicant, now=now, capacity="Présidente")
    contract = fresh(actions.sign_as_region(fresh(contract), by=world.signatory, now=now, capacity="DGA"))
    look("report-form", url("report", report(contract, 1)), world.applicant)
    look("instalment", url("instalment", instalment(contract, "advance")), world.officer)
    paid(world, instalment(contract, "advance"), now=now)
    submitted_report(world, report(contract, 1), now=now)
    look("report", url("report", report(contract, 1)), world.officer)
    late(contract)
    look("contract", url("contract", contract), world.auditor)
    look("worklist", reverse("contracts:worklist") + "?tab=all", world.payer)
    look("closure", url("closure", contract), world.manager)
    look("mine", reverse("contracts:mine"), world.applicant)


def test_a_report_is_saved_as_it_is_typed_and_its_differences_follow(open_page: Open) -> None:
    world = make_world()
    contract = prepared_contract(world, **dates())
    now = database_now()
    contract = fresh(actions.send_for_signature(contract, by=world.officer, now=now))
    actions.sign_as_beneficiary(contract, by=world.applicant, now=now, capacity="Présidente")
    contract = fresh(actions.sign_as_region(fresh(contract), by=world.signatory, now=now, capacity="DGA"))
    page = open_page(url("report", report(contract, 1)), as_user=world.applicant_editor)
    field = page.locator("[name='expense.64']")
    field.fill("70 000,50")
    row = page.locator("tr", has=field)
    expect(row.locator("[data-difference]")).to_have_text(re.compile(r"10\s000,50"))
    expect(row.locator("[data-share]")).to_have_text(re.compile(r"^\s*16,7"))
    page.locator("[name='done']").fill("Trois sessions.")
    page.locator("[name='done']").blur()
    page.wait_for_selector(".save-state.tone-success")
    saved = report(contract, 1)
    assert saved.narrative["done"] == "Trois sessions."
    assert str(saved.expenses.get(code="64").amount) == "70000.50"
