"""`make play`: every way in which a dossier can end, from nothing, by the verbs alone."""

from __future__ import annotations

import pytest

from reviews.models import Decision
from scenario import account
from scenario.programme import play
from tests.world import NOW
from workflows.models import Entry, Notification
from workflows.terms import unnamed

pytestmark = pytest.mark.django_db


def test_the_whole_path_is_played() -> None:
    play(NOW)
    told = account.account(0)
    assert told["dossiers"] == {
        "awarded": 2,
        "closed": 2,
        "inadmissible": 1,
        "ineligible": 1,
        "lapsed": 1,
        "refused": 2,
        "withdrawn": 2,
    }
    assert Decision.objects.filter(promoted=True).count() == 1
    assert told["journal_verified"]
    assert (told["contracts"], told["payments"], told["reports"]) == (2, 5, 4)
    assert Notification.objects.exists()
    assert account.faults() == []
    # an auditor reads what was recorded in words, not in the programme's own keys
    assert {key for entry in Entry.objects.all() for key in unnamed(entry.snapshot)} == set()
