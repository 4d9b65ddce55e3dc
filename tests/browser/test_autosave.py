"""Whatever happens, what was typed is either saved or still there (guarantee P08)."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import PHONE, Open, assert_accessible, screenshot

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = "/style/draft/"


@pytest.fixture(autouse=True)
def _empty_draft() -> None:
    cache.clear()


def stored() -> dict[str, object]:
    return cache.get("style-draft", {"version": 1, "summary": ""})


def state(page: Page) -> Locator:
    return page.locator("[data-save-state]")


def test_what_is_typed_is_saved_by_itself(open_page: Open) -> None:
    page = open_page(DRAFT, size=PHONE)
    page.get_by_label("Résumé du projet").fill("Un parcours passerelle.")
    expect(state(page)).to_have_class("save-state tone-success")
    assert stored() == {"version": 2, "summary": "Un parcours passerelle."}
    expect(page.locator("[name=version]")).to_have_value("2")
    assert page.evaluate("localStorage.length") == 0
    assert_accessible(page)
    screenshot(page, "draft-saved")


def test_p08_a_second_tab_never_overwrites_the_first(open_page: Open) -> None:
    first, second = open_page(DRAFT), open_page(DRAFT)
    first.get_by_label("Résumé du projet").fill("Le premier onglet.")
    expect(state(first)).to_have_class("save-state tone-success")
    second.get_by_label("Résumé du projet").fill("Le second onglet.")
    expect(state(second)).to_have_class("save-state tone-danger")
    expect(state(second)).to_contain_text("Claire Dumas")
    assert stored()["summary"] == "Le premier onglet."
    expect(second.get_by_label("Résumé du projet")).to_have_value("Le second onglet.")
    screenshot(second, "draft-conflict")


def test_a_lost_network_loses_nothing(open_page: Open) -> None:
    page = open_page(DRAFT)
    page.context.set_offline(True)
    page.get_by_label("Résumé du projet").fill("Dans un tunnel.")
    expect(state(page)).to_have_class("save-state tone-warning")
    assert "Dans un tunnel." in page.evaluate("localStorage.getItem('draft:style')")
    page.context.set_offline(False)
    expect(state(page)).to_have_class("save-state tone-success")
    assert stored()["summary"] == "Dans un tunnel."


def test_what_this_device_has_kept_is_offered_and_taken_up(open_page: Open, live_server: LiveServer) -> None:
    page = open_page(DRAFT)
    page.route(
        "**/style/draft/",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_label("Résumé du projet").fill("Avant la panne.")
    expect(state(page)).to_have_class("save-state tone-warning")
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(live_server.url + DRAFT)
    offer = page.locator("[data-restore]")
    expect(offer).to_be_visible()
    screenshot(page, "draft-offer")
    offer.locator("[data-restore-take]").click()
    expect(state(page)).to_have_class("save-state tone-success")
    assert stored()["summary"] == "Avant la panne."


def test_an_expired_session_says_so_and_keeps_the_text(open_page: Open) -> None:
    page = open_page(DRAFT)
    login = {"status": 302, "headers": {"location": "/accounts/login/?next=/style/draft/"}}
    page.route(
        "**/style/draft/",
        lambda route: route.fulfill(**login) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_label("Résumé du projet").fill("Après la pause.")
    expect(state(page)).to_have_class("save-state tone-danger")
    link = state(page).get_by_role("link")
    expect(link).to_have_attribute("href", "/accounts/login/?next=/style/draft/")
    assert "Après la pause." in page.evaluate("localStorage.getItem('draft:style')")
