"""The engine's pages in a real browser: readable by everybody, on a screen and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import assert_accessible_at_each_width
from tests.calls.story import open_call, submitted_dossier
from tests.workflows.test_pages import version
from tests.world import NOW, World, make_world
from workflows import actions, seals
from workflows.models import Case, OutboxJob, OutboxState, ScanState, WorkItem
from workflows.queries import open_items

pytestmark = pytest.mark.django_db(transaction=True)


def scene() -> tuple[World, Case, dict[str, Any]]:
    """A submitted dossier with a thread, files of each kind, an incident and a seal."""
    world = make_world()
    call = open_call(world)
    case = submitted_dossier(world, call).case
    later = NOW + timedelta(days=1)
    actions.send_message(
        case, by=world.officer, now=later, body="Bonjour,\nvotre budget est-il toutes taxes comprises ?"
    )
    actions.send_message(case, by=world.applicant, now=later, body="Oui, toutes taxes comprises.")
    pending = version(
        case, scan=ScanState.PENDING, name="attestation très longue de régularité fiscale et sociale 2026.pdf"
    )
    job = OutboxJob.objects.filter(case=case).first()
    assert job is not None
    OutboxJob.objects.filter(pk=job.pk).update(
        state=OutboxState.INCIDENT,
        attempts=5,
        last_error="SMTPServerDisconnected: Connection unexpectedly closed",
    )
    seals.seal(now=later)
    done = WorkItem.objects.filter(case=case, state="done").first()
    item = open_items(case).first()
    assert done is not None
    assert item is not None
    return world, case, {"pending": pending, "done": done, "item": item}


def test_every_page_of_the_engine_is_accessible(open_page: Callable[..., Page]) -> None:
    world, case, rows = scene()
    tab = [case.pk]
    pages = [
        ("inbox", reverse("workflows:inbox"), world.officer),
        ("inbox-others", reverse("workflows:inbox") + "?tab=others", world.manager),
        ("inbox-empty", reverse("workflows:inbox"), world.payer),
        ("hand-over", reverse("workflows:hand_over", args=[rows["item"].pk]), world.manager),
        ("task-done", reverse("workflows:task", args=[rows["done"].pk]), world.officer),
        ("case-officer", reverse("workflows:case", args=tab), world.officer),
        ("case-applicant", reverse("workflows:case", args=tab), world.applicant),
        ("files", reverse("workflows:case_tab", args=[*tab, "files"]), world.officer),
        ("messages", reverse("workflows:case_tab", args=[*tab, "messages"]), world.officer),
        ("acts", reverse("workflows:case_tab", args=[*tab, "acts"]), world.applicant),
        ("journal", reverse("workflows:journal", args=tab) + "?verify=1", world.auditor),
        ("accesses", reverse("workflows:case_tab", args=[*tab, "accesses"]), world.auditor),
        ("machinery", reverse("workflows:case_tab", args=[*tab, "machinery"]), world.officer),
        ("file-pending", reverse("workflows:download", args=[rows["pending"].pk]), world.applicant),
        ("notifications", reverse("workflows:notifications"), world.applicant),
        ("search", reverse("workflows:search") + "?q=projet", world.officer),
        ("audit", reverse("workflows:audit"), world.auditor),
        ("verification", reverse("workflows:verification"), world.auditor),
        ("incidents", reverse("workflows:incidents"), world.officer),
    ]
    faults = []
    for name, path, user in pages:
        page = open_page(path, as_user=user)
        try:
            assert_accessible_at_each_width(page, name)
        except AssertionError as fault:
            faults.append(str(fault))
        page.context.close()
    assert not faults, "\n".join(faults)


def test_a_message_is_written_and_read_from_the_keyboard(open_page: Callable[..., Page]) -> None:
    world, case, _rows = scene()
    page = open_page(reverse("workflows:case_tab", args=[case.pk, "messages"]), as_user=world.applicant)
    page.get_by_role("textbox", name="message").fill("Une précision <script>alert(1)</script>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("ol.thread")).to_contain_text("Une précision <script>alert(1)</script>")
