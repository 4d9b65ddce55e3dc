"""P08, P11: two tabs save one section, eight people take a number at once. Envelope, promotion and the last place of a reviewer
race in tests/reviews/test_decisions.py.
"""

from __future__ import annotations

import json
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from calls import actions
from calls.models import Call, Dossier
from tests.calls.story import adopted_pact, draft, draft_call, open_call
from tests.guarantees.test_races import at_once
from tests.world import NOW, World, make_world, opened
from workflows.engine import Conflict, database_now
from workflows.engine.journal import verify
from workflows.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alpha() -> World:
    return make_world()


def test_p11_numbers_given_at_once_follow_each_other(alpha: World) -> None:
    call = open_call(alpha, pieces=[])
    people = [alpha.applicant, alpha.applicant_editor, alpha.other, alpha.other_editor] * 2
    made = at_once(*[lambda person=person: draft(alpha, call, by=person) for person in people])
    assert [type(row) for row in made] == [Dossier] * 8, made
    assert sorted(row.rank for row in made) == list(range(1, 9))
    assert len({row.case.reference for row in made}) == 8
    assert list(verify()) == []


def test_p11_numbers_of_calls_follow_each_other(alpha: World) -> None:
    pact = adopted_pact(alpha)
    made = at_once(*[lambda: draft_call(alpha, pact)] * 4)
    assert sorted(row.sequence for row in made) == [1, 2, 3, 4]


def test_p11_witness_without_the_lock_everybody_takes_the_same_number(alpha: World) -> None:
    call, inside = open_call(alpha, pieces=[]), Barrier(8)

    def naive() -> int:
        with transaction.atomic():
            rank = 1 + (Dossier.objects.filter(call=call).aggregate(last=Max("rank"))["last"] or 0)
            inside.wait(10)
            return rank

    assert at_once(*[naive] * 8) == [1] * 8


def test_p08_two_tabs_save_at_once_and_one_is_told(alpha: World) -> None:
    dossier = draft(alpha, open_call(alpha, pieces=[]))

    def save(words: str) -> Any:
        values = {"context": words}
        return lambda: actions.save_section(
            Dossier.objects.get(pk=dossier.pk),
            by=alpha.applicant_editor,
            now=NOW,
            section="need",
            values=values,
            version=0,
        )

    results = at_once(*[save(f"Onglet {n}") for n in range(6)])
    (kept,) = [n for n, result in enumerate(results) if isinstance(result, Dossier)]
    assert all(isinstance(result, Conflict) for n, result in enumerate(results) if n != kept)
    assert Dossier.objects.get(pk=dossier.pk).answers["context"] == f"Onglet {kept}"
    assert Entry.objects.filter(case=dossier.case, verb="calls.save_section").count() == 1


def test_p08_witness_without_a_version_the_last_one_overwrites(alpha: World) -> None:
    dossier = draft(alpha, open_call(alpha, pieces=[]))
    inside = Barrier(2)

    def naive(words: str) -> Any:
        def save() -> None:
            with opened():
                row = Dossier.objects.get(pk=dossier.pk)
                inside.wait(10)
                row.answers = {**row.answers, "context": words}
                row.save(update_fields=["answers"])

        return save

    at_once(naive("un"), naive("deux"))
    assert Dossier.objects.get(pk=dossier.pk).answers["context"] in (
        "un",
        "deux",
    )  # and the other one is gone, untold


def test_p08_what_was_acknowledged_is_what_the_page_shows(alpha: World) -> None:
    """Two tabs in turn, over HTTP: the second is told who saved and when, and what the first saved is still there."""
    now = database_now()
    call = open_call(alpha, now=now, pieces=[], opens_at=now, closes_at=now.replace(year=now.year + 1))
    dossier = draft(alpha, call, now=now)
    page = reverse("calls:draft", args=[dossier.pk, "need"])
    save = reverse("calls:autosave", args=[dossier.pk, "need"])
    first, second = Client(), Client()
    first.force_login(alpha.applicant_editor)
    second.force_login(alpha.applicant)
    saved = first.post(save, {"context": "Le premier onglet.", "version": 0})
    assert (saved.status_code, json.loads(saved.content)["version"]) == (200, 1)
    refused = second.post(save, {"context": "Le second onglet.", "version": 0})
    assert refused.status_code == 409
    assert alpha.applicant_editor.get_full_name() in refused.content.decode()
    for client in (first, second):
        shown = client.get(page).content.decode()
        assert "Le premier onglet." in shown
        assert "Le second onglet." not in shown
    assert Call.objects.get().dossiers.get().versions["need"] == 1
