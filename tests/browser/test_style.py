"""Every component at both widths, in both themes and both languages: axe finds nothing, nothing overflows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import PHONE, SCREEN, ZOOMED, Open, assert_accessible, screenshot
from tests.harness import ROOT

ACCENTS = ["blue", *re.findall(r'data-accent="(\w+)"', (ROOT / "static/css/quadrige.css").read_text())]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, ZOOMED, SCREEN], ids=["phone", "zoomed", "screen"])
def test_every_component_is_accessible(open_page: Open, size: ViewportSize, dark: bool) -> None:
    page = open_page("/style/", size=size, dark=dark)
    screenshot(page, f"style-{size['width']}-{'dark' if dark else 'light'}")
    assert_accessible(page)


def test_every_regions_colour_is_readable_in_both_themes(open_page: Open) -> None:
    page = open_page("/style/")
    for accent in ACCENTS:
        for theme in ("light", "dark"):
            page.evaluate(
                "([a, t]) => Object.assign(document.documentElement.dataset, {accent: a, bsTheme: t})",
                [accent, theme],
            )
            assert_accessible(page)


def test_a_form_with_errors_is_accessible_and_leads_to_its_fields(open_page: Open) -> None:
    page = open_page("/style/")
    page.get_by_role("button", name="Demander les pièces manquantes").click()
    summary = page.locator("#error-summary")
    assert summary.evaluate("element => element === document.activeElement")
    assert_accessible(page)
    screenshot(page, "style-errors")
    summary.get_by_role("link", name="Montant demandé").click()
    assert page.evaluate("document.activeElement.name") == "amount"
    amount = page.get_by_label("Montant demandé")
    assert amount.get_attribute("aria-invalid") == "true"
    assert page.locator("#id_amount_error").inner_text().strip() != ""
    assert "id_amount_error" in (amount.get_attribute("aria-describedby") or "")


def test_the_language_can_be_changed(open_page: Open) -> None:
    page = open_page("/style/")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert_accessible(page)


def test_a_list_sorts_searches_and_turns_pages_in_the_address(open_page: Open) -> None:
    page = open_page("/style/")
    page.get_by_role("link", name="Intitulé").click()
    page.wait_for_url("**sort=name**")
    assert page.get_by_role("columnheader", name="Intitulé").get_attribute("aria-sort") == "ascending"
    page.get_by_role("searchbox").fill("zzz")
    page.get_by_role("button", name="Show").or_(page.get_by_role("button", name="Afficher")).click()
    page.wait_for_url("**q=zzz**")
    assert page.locator("#example .empty").is_visible()
    page.go_back()
    expect(page.locator("#example tbody tr")).to_have_count(25)
    assert page.url.endswith("?sort=name")


def test_a_list_works_without_javascript(open_page: Open) -> None:
    page = open_page("/style/?q=user", javascript=False)
    found = page.locator("#example tbody tr").count()
    assert found > 0
    page.get_by_role("link", name="Intitulé").click()
    assert "sort=name" in page.url
    assert "q=user" in page.url
    assert page.locator("#example tbody tr").count() == found


def test_bulk_buttons_wait_for_a_selection(open_page: Open) -> None:
    page = open_page("/style/")
    button = page.get_by_role("button", name="Affecter les dossiers choisis")
    assert button.is_disabled()
    page.locator("#example thead input[type=checkbox]").check()
    assert button.is_enabled()
    assert page.locator("#example tbody input:checked").count() == 25


def test_an_instant_says_the_readers_own_time_where_it_differs(open_page: Open) -> None:
    assert open_page("/style/", zone="Europe/Paris").locator("time.instant + .instant-own").count() == 1
    page = open_page("/style/", zone="America/Cayenne")
    assert page.locator("time.instant + .instant-own").count() > 1


def test_the_page_is_usable_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/style/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("button", name="Ouvrir une boîte de dialogue").press("Enter")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
