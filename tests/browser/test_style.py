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
    expect(summary).to_be_focused()
    assert_accessible(page)
    screenshot(page, "style-errors")
    summary.get_by_role("link", name="Montant demandé").click()
    amount = page.get_by_label("Montant demandé")
    expect(amount).to_be_focused()
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_amount_error")).not_to_be_empty()
    expect(amount).to_have_attribute("aria-describedby", re.compile("id_amount_error"))


def test_the_language_can_be_changed(open_page: Open) -> None:
    page = open_page("/style/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert_accessible(page)


def test_a_list_sorts_searches_and_turns_pages_in_the_address(open_page: Open) -> None:
    page = open_page("/style/")
    page.get_by_role("link", name="Intitulé").click()
    page.wait_for_url("**sort=name**")
    expect(page.get_by_role("columnheader", name="Intitulé")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("searchbox").fill("zzz")
    page.get_by_role("button", name="Show").or_(page.get_by_role("button", name="Afficher")).click()
    page.wait_for_url("**q=zzz**")
    expect(page.locator("#example .empty")).to_be_visible()
    page.go_back()
    expect(page.locator("#example tbody tr")).to_have_count(25)
    expect(page).to_have_url(re.compile(r"\?sort=name$"))


def test_a_list_works_without_javascript(open_page: Open) -> None:
    page = open_page("/style/?q=user", javascript=False)
    found = page.locator("#example tbody tr").count()
    assert found > 0
    page.get_by_role("link", name="Intitulé").click()
    expect(page).to_have_url(re.compile("sort=name"))
    expect(page).to_have_url(re.compile("q=user"))
    expect(page.locator("#example tbody tr")).to_have_count(found)


def test_bulk_buttons_wait_for_a_selection(open_page: Open) -> None:
    page = open_page("/style/")
    button = page.get_by_role("button", name="Affecter les dossiers choisis")
    expect(button).to_be_disabled()
    page.locator("#example thead input[type=checkbox]").check()
    expect(button).to_be_enabled()
    expect(page.locator("#example tbody input:checked")).to_have_count(25)


def test_an_instant_says_the_readers_own_time_where_it_differs(open_page: Open) -> None:
    own = "time.instant + .instant-own"
    expect(open_page("/style/", zone="Europe/Paris").locator(own)).to_have_count(1)
    expect(open_page("/style/", zone="America/Cayenne").locator(own).nth(1)).to_be_attached()


def test_the_page_is_usable_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/style/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("button", name="Ouvrir une boîte de dialogue").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
