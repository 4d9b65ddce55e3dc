"""What is typed is shown and never run, in a real browser: no dialog and no refusal of the policy (P37; ``open_page`` fails on both)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.calls import story
from tests.guarantees.hostile import MARK, hostile_world, poisoning
from workflows import actions
from workflows.engine import database_now

pytestmark = pytest.mark.django_db(transaction=True)

#: What a browser would run by itself, in a page, in an attribute, and in the address of a link.
BODY = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>' onfocus=alert(4) autofocus='"


def test_p37_hostile_words_are_only_words(open_page: Open) -> None:
    now = database_now()
    world = hostile_world()
    with poisoning():
        window = {"opens_at": now - timedelta(days=2), "closes_at": now + timedelta(days=20), "now": now}
        call = story.open_call(world, **window)
        dossier = story.submitted_dossier(world, call, now=now, title="Projet <img src=x onerror=alert(5)>")
        draft = story.filled_draft(world, call, now=now, title="Brouillon <img src=x onerror=alert(6)>")
        actions.send_message(dossier.case, by=world.officer, now=now, body=BODY)
    pages = [
        (reverse("calls:call", args=[dossier.call_id]), None),
        (reverse("calls:draft", args=[draft.pk, "project"]), world.applicant),
        (reverse("workflows:notifications"), world.applicant),
        (reverse("workflows:case_tab", args=[dossier.case_id, "messages"]), world.applicant),
        (reverse("workflows:inbox"), world.officer),
        (reverse("workflows:case", args=[dossier.case_id]), world.officer),
        (reverse("calls:dossiers"), world.officer),
    ]
    for path, user in pages:
        page = open_page(path, as_user=user)
        expect(page.locator("main")).to_contain_text(MARK)
        expect(page.locator(f"{MARK}, [on{MARK}], [onerror], [onload], [onfocus]")).to_have_count(0)
        page.context.close()
