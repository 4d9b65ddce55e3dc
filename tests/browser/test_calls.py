"""The pages of calls and drafts in a real browser: axe at both widths, autosave, two tabs, live totals, uploads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import APIResponse, Page, Route, ViewportSize, expect

from accounts import actions as accounts
from accounts.models import User
from calls.models import Call, Dossier
from tests.browser.conftest import (
    PHONE,
    SCREEN,
    assert_accessible,
    assert_accessible_at_each_width,
    screenshot,
)
from tests.calls.story import PDF, adopted_pact, draft, draft_call, filled_draft, open_call, submitted_dossier
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


@pytest.fixture
def call(world: World) -> Call:
    """A call open now."""
    return open_call(world, now=NOW, opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=20))


def shown(open_page: Callable[..., Page], path: str, name: str, user: User | None = None) -> None:
    """The page is accessible at both widths; pictures are kept."""
    page = open_page(path, as_user=user)
    # a bar that stays in sight always covers half of something while one scrolls
    page.evaluate("document.querySelectorAll('.save-bar').forEach(bar => { bar.style.position = 'static'; })")
    assert_accessible_at_each_width(page, f"calls-{name}")
    page.context.close()


def test_the_public_pages(open_page: Callable[..., Page], call: Call, world: World) -> None:
    shown(open_page, reverse("calls:open_calls"), "open")
    shown(open_page, reverse("calls:call", args=[call.pk]), "call")
    shown(open_page, reverse("calls:past_calls"), "past")


def test_the_applicants_pages(open_page: Callable[..., Page], call: Call, world: World) -> None:
    dossier = draft(world, call, now=NOW)
    sent = submitted_dossier(world, call, now=NOW, title="Formation en situation de travail")
    user = world.applicant
    shown(open_page, reverse("calls:my_dossiers"), "mine", user)
    shown(open_page, reverse("calls:draft", args=[dossier.pk]), "missing", user)
    for section in ("project", "action", "partners", "budget", "indicators"):
        shown(open_page, reverse("calls:draft", args=[dossier.pk, section]), f"section-{section}", user)
    shown(open_page, reverse("calls:pieces", args=[dossier.pk]), "pieces", user)
    shown(open_page, reverse("calls:submit", args=[dossier.pk]), "submit-missing", user)
    shown(open_page, reverse("calls:receipt", args=[sent.pk]), "receipt", user)
    shown(open_page, reverse("calls:application", args=[sent.pk]), "application", user)
    shown(open_page, reverse("calls:withdraw", args=[sent.pk]), "withdraw", user)
    full = filled_draft(world, call, now=NOW)
    shown(open_page, reverse("calls:submit", args=[full.pk]), "submit", user)
    shown(open_page, reverse("calls:start", args=[call.pk]), "start", user)


def test_the_pages_about_oneself(open_page: Callable[..., Page], world: World) -> None:
    person = User.objects.create_user("nouvelle@example.org", first_name="Nouvelle", last_name="Venue")
    accounts.ask_to_join(world.organisations["applicant"], by=person, now=NOW)
    shown(open_page, reverse("accounts:profile"), "profile", world.applicant)
    shown(open_page, reverse("accounts:join"), "join", person)
    shown(open_page, reverse("accounts:join") + "?siret=80295478400004", "create", person)
    organisation = world.organisations["applicant"]
    shown(
        open_page, reverse("accounts:organisation", args=[organisation.pk]), "organisation", world.applicant
    )
    shown(open_page, reverse("account_signup"), "signup")


def test_the_regions_pages(open_page: Callable[..., Page], call: Call, world: World) -> None:
    submitted_dossier(world, call, now=NOW)
    preparing = draft_call(world, call.pact, now=NOW)
    officer, manager = world.officer, world.manager
    shown(open_page, reverse("calls:dossiers"), "dossiers", officer)
    shown(open_page, reverse("calls:calls"), "calls", officer)
    shown(open_page, reverse("calls:call_admin", args=[preparing.pk]), "admin", officer)
    for section in ("about", "text", "window", "money", "grid", "pieces", "form", "review"):
        shown(open_page, reverse("calls:edit_call", args=[preparing.pk, section]), f"edit-{section}", officer)
    shown(open_page, reverse("calls:extend_call", args=[call.pk]), "extend", manager)
    shown(open_page, reverse("calls:create_call"), "create-call", officer)
    shown(open_page, reverse("calls:pact", args=[call.pact_id]), "pact", world.pilot)
    shown(open_page, reverse("calls:create_pact"), "create-pact", world.pilot)


def test_what_is_typed_is_saved_and_two_tabs_do_not_fight(
    open_page: Callable[..., Page], call: Call, world: World
) -> None:
    dossier = draft(world, call, now=NOW)
    path = reverse("calls:draft", args=[dossier.pk, "need"])
    first = open_page(path, as_user=world.applicant)
    second = open_page(path, as_user=world.applicant_editor)
    first.locator("#id_context").fill("Ce que dit le premier onglet")
    expect(first.locator("[data-save-state].tone-success")).to_be_visible()
    assert Dossier.objects.get().answers["context"] == "Ce que dit le premier onglet"
    second.locator("#id_context").fill("Ce que dit le second")
    expect(second.locator("[data-save-state].tone-danger")).to_contain_text("Applicant Signatory")
    screenshot(second, "calls-conflict-autosave")
    expect(second.locator("#id_context")).to_have_value("Ce que dit le second")
    assert Dossier.objects.get().answers["context"] == "Ce que dit le premier onglet"
    second.locator(".save-bar button").click()
    expect(second.locator("[role=alert]")).to_contain_text("Applicant Signatory")
    screenshot(second, "calls-conflict-form")
    expect(second.locator("#id_context")).to_have_value("Ce que dit le second")


def test_saving_while_the_page_saves_by_itself_is_no_conflict_with_oneself(
    open_page: Callable[..., Page], call: Call, world: World
) -> None:
    dossier = draft(world, call, now=NOW)
    page = open_page(reverse("calls:draft", args=[dossier.pk, "need"]), as_user=world.applicant_editor)
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))  # saved, but the page does not know it yet

    page.route(f"**{reverse('calls:autosave', args=[dossier.pk, 'need'])}", hold)
    page.locator("#id_context").fill("Écrit juste avant de cliquer")
    page.locator("#id_context").blur()  # the page begins to save
    while not held:
        page.wait_for_timeout(20)
    page.locator("#id_context").fill("Écrit juste avant de cliquer, et encore")
    page.locator(".save-bar button").click()
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page).to_have_url(re.compile("/draft/action/"))
    assert Dossier.objects.get().answers["context"] == "Écrit juste avant de cliquer, et encore"


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_the_budget_adds_up_while_it_is_typed(
    open_page: Callable[..., Page], call: Call, world: World, size: ViewportSize
) -> None:
    dossier = draft(world, call, now=NOW)
    year = call.closes_at.year
    page = open_page(reverse("calls:draft", args=[dossier.pk, "budget"]), as_user=world.applicant, size=size)
    page.locator("#id_basis").select_option("ttc")
    page.locator(f"[id='id_64-{year}']").fill("1 000,50")
    page.locator(f"[id='id_74-REGION-{year}']").fill("1000")
    expect(page.locator("[data-gap]")).to_contain_text("0,50")
    expect(page.locator("[data-rate]")).to_contain_text("99,95")
    expect(page.locator("[data-rate]")).to_have_class("tone-danger tone-text")
    page.locator(f"[id='id_75-{year}']").fill("0,50")
    expect(page.locator("[data-gap][data-bad]")).to_have_count(0)
    expect(page.locator("[data-save-state].tone-success")).to_be_visible()
    screenshot(page, f"calls-budget-typed-{size['width']}")
    assert Dossier.objects.get().total_cost == Decimal("1000.50")


def test_a_piece_is_uploaded_and_its_scan_is_told(
    open_page: Callable[..., Page], call: Call, world: World
) -> None:
    dossier = draft(world, call, now=NOW)
    page = open_page(reverse("calls:pieces", args=[dossier.pk]), as_user=world.applicant)
    card = page.locator("#piece-RIB")
    card.locator("input[type=file]").set_input_files(
        {"name": "rib.pdf", "mimeType": "application/pdf", "buffer": b"no"}
    )
    card.locator("button[type=submit]").click()
    expect(page.locator("#piece-RIB .field-error")).to_be_visible()
    screenshot(page, "calls-piece-refused")
    card = page.locator("#piece-RIB")
    card.locator("input[type=file]").set_input_files(
        {"name": "rib.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    card.locator("button[type=submit]").click()
    expect(page.locator("#piece-RIB .file-name")).to_have_text("rib.pdf")
    screenshot(page, "calls-piece-given")
    assert_accessible(page)


def test_a_draft_is_filled_without_javascript(
    open_page: Callable[..., Page], call: Call, world: World
) -> None:
    adopted_pact(world, now=NOW)
    dossier = draft(world, call, now=NOW)
    page = open_page(
        reverse("calls:draft", args=[dossier.pk, "need"]), as_user=world.applicant, javascript=False
    )
    page.locator("#id_context").fill("Sans script")
    page.locator(".save-bar button").click()
    expect(page).to_have_url(re.compile("/draft/action/$"))
    assert Dossier.objects.get().answers["context"] == "Sans script"
