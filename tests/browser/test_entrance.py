"""The ways in, and the pages that say no: accessible, in our look, usable without JavaScript."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import PHONE, SCREEN, Open, assert_accessible, screenshot
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db(transaction=True)

SIGNED_OUT = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
SIGNED_IN = [
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "account_reauthenticate",
]


@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
@pytest.mark.parametrize("name", SIGNED_OUT)
def test_pages_before_signing_in(open_page: Open, world: World, name: str, size: ViewportSize) -> None:
    page = open_page(reverse(name), size=size)
    expect(page.locator("h1")).to_have_count(1)
    screenshot(page, f"{name}-{size['width']}")
    assert_accessible(page)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_pages_of_ones_own_account(open_page: Open, world: World, name: str) -> None:
    page = open_page(reverse(name), size=PHONE, dark=True, as_user=world.officer)
    expect(page.locator("h1")).to_have_count(1)
    screenshot(page, f"{name}-360-dark")
    assert_accessible(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_signing_in_and_out(open_page: Open, world: World, javascript: bool) -> None:
    page = open_page(reverse("account_login"), javascript=javascript)
    page.locator("[name=login]").fill(world.officer.email)
    page.locator("[name=password]").fill("not-this-one-surely")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#error-summary")).to_be_visible()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("[name=password]")).to_have_count(0)
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    expect(menu).to_contain_text(world.officer.email)
    screenshot(page, "signed-in")
    menu.locator(f"form[action='{reverse('account_logout')}'] button").click()
    expect(menu).to_have_count(0)  # signed out, wherever that leads
    page.goto(page.url.split("/accounts")[0] + reverse("account_login"))
    expect(page.locator("[name=login]")).to_be_visible()


def test_an_unknown_address_answers_with_a_way_on(open_page: Open, world: World) -> None:
    page = open_page("/no/such/page/", size=PHONE, as_user=world.officer)
    expect(page.locator("main a.btn-primary")).to_have_attribute("href", "/")
    screenshot(page, "404")
    assert_accessible(page)


def test_a_form_from_before_signing_in_gives_back_what_was_typed(open_page: Open) -> None:
    page = open_page("/style/")
    page.context.clear_cookies()
    page.get_by_label("Intitulé du projet").fill("Un parcours passerelle")
    page.get_by_role("button", name="Demander les pièces manquantes").click()
    expect(page.locator("main")).to_contain_text("Un parcours passerelle")
    screenshot(page, "403-form")
    assert_accessible(page)
