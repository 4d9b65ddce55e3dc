"""What our scripts add to pages that work without them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from playwright.sync_api import FilePayload, Locator, Page, Route, expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, Open, screenshot
from tests.world import World

SMALL: FilePayload = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def submit(page: Page) -> Locator:
    return page.get_by_role("button", name="Demander les pièces manquantes")


def test_p09_a_second_press_sends_nothing(open_page: Open) -> None:
    page = open_page("/style/")
    posts: list[str] = []

    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            posts.append(route.request.url)
            return  # never answered: the first press is still under way
        route.continue_()

    page.route("**/style/", slowly)
    page.get_by_label("Intitulé du projet").fill("Une fois")
    thrice = """async button => {
        const pause = () => new Promise((resume) => { setTimeout(resume, 200); });
        for (const press of [1, 2, 3]) { button.click(); await pause(); }
        return [button.ariaDisabled, button.disabled];
    }"""
    assert submit(page).evaluate(thrice) == ["true", False]  # still there for whoever has the focus on it
    assert len(posts) == 1


def test_what_was_sent_after_the_session_expired_is_put_back(open_page: Open) -> None:
    page = open_page("/style/")
    login = {"status": 302, "headers": {"location": "/accounts/login/?next=/style/"}}
    page.route(
        "**/style/",
        lambda route: route.fulfill(**login) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_label("Intitulé du projet").fill("Un parcours passerelle")
    page.get_by_label("Favorable", exact=True).check()
    submit(page).click()
    page.wait_for_url("**/accounts/login/**")
    page.goto(page.url.split("/accounts")[0] + "/style/")
    expect(page.get_by_label("Intitulé du projet")).to_have_value("Un parcours passerelle")
    expect(page.get_by_label("Favorable", exact=True)).to_be_checked()
    expect(page.locator("[data-put-back]")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Intitulé du projet")).to_have_value("")


def test_what_was_sent_and_recorded_is_not_put_back(open_page: Open) -> None:
    page = open_page("/style/")
    done = {"status": 302, "headers": {"location": "/style/"}}
    page.route(
        "**/style/",
        lambda route: route.fulfill(**done) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_label("Intitulé du projet").fill("Enregistré")
    submit(page).click()
    expect(page.get_by_label("Intitulé du projet")).to_have_value("")
    expect(page.locator("[data-put-back]")).not_to_be_visible()


def test_a_file_is_sent_with_its_progress_and_errors_come_back(open_page: Open) -> None:
    page = open_page("/style/")
    piece: FilePayload = {
        "name": "statuts.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF-1.7 " + b"x" * 300_000,
    }
    page.get_by_label("Pièce jointe").set_input_files(piece)
    submit(page).click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_url(re.compile("/style/$"))


def test_a_file_that_cannot_be_sent_says_so_and_can_be_sent_again(open_page: Open) -> None:
    page = open_page("/style/")
    page.get_by_label("Pièce jointe").set_input_files(SMALL)
    page.route(
        "**/style/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    submit(page).click()
    line = page.locator("[data-upload-progress]")
    expect(line.locator("[role=status]")).not_to_be_empty()
    screenshot(page, "upload-failed")
    page.unroute("**/style/")
    submit(page).click()
    expect(page.locator("#error-summary")).to_be_focused()


def test_long_work_is_followed_until_it_is_finished(open_page: Open) -> None:
    page = open_page("/style/")
    bar = page.locator("progress[id^=progress-]")
    expect(bar).to_have_attribute("value", "37")
    expect(bar).to_have_attribute("value", "120", timeout=15_000)
    page.wait_for_timeout(2500)
    expect(bar).to_have_attribute("value", "120")


def test_the_time_left_follows_the_servers_clock(open_page: Open) -> None:
    page = open_page("/style/")
    left = page.locator("[data-countdown]")
    expect(left).to_contain_text("5 heures")
    left.evaluate("element => { element.dataset.countdown = element.dataset.now; }")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('htmx:load', {bubbles: true}))")
    expect(left).to_have_text(left.get_attribute("data-closed") or "")


def test_a_menu_closes_on_escape_and_elsewhere(open_page: Open, world: World) -> None:
    page = open_page("/style/", as_user=world.officer, size=PHONE)
    menu = page.locator("details.menu")
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_dark_colours_can_be_chosen_and_given_back_to_the_system(open_page: Open, world: World) -> None:
    page = open_page("/style/", as_user=world.officer)
    page.locator("details.menu summary").click()
    page.locator("[data-theme-choice=dark]").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("details.menu summary").click()
    page.locator("[data-theme-choice=dark]").click()
    page.reload()
    expect(page.locator("html[data-bs-theme]")).to_have_count(0)


def test_leaving_typed_work_is_warned_of(open_page: Open) -> None:
    page = open_page("/style/")
    warned: list[str] = []
    page.on("dialog", lambda dialog: warned.append(dialog.type))
    page.get_by_label("Intitulé du projet").fill("À ne pas perdre")
    page.get_by_role("link", name="Accueil").first.click(no_wait_after=True)
    page.wait_for_url(lambda url: not url.endswith("/style/"))
    assert warned == ["beforeunload"]


def test_paper_bears_the_reference_the_date_and_page_numbers(open_page: Open) -> None:
    page = open_page("/style/")
    sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]
    assert all("ALPHA-2026-0042" in sheet for sheet in sheets)
    assert f"{len(sheets)} / {len(sheets)}" in sheets[-1]
    everything = "".join(sheets)
    assert "Se déconnecter" not in everything
    assert "Ouvrir une boîte de dialogue" not in everything
    assert "Axe 2" in everything
