"""Steering in a real browser: figures, charts and tables readable by everybody, on a screen and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import assert_accessible_at_each_width
from tests.calls.story import open_call
from tests.reviews.story import competitors, validated_ranking, vote
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_figures_are_accessible(open_page: Callable[..., Page]) -> None:
    world = make_world()
    call = open_call(world, envelope=Decimal("60000.00"), max_amount=Decimal("50000.00"), coparef="none")
    competitors(world, call, scores=(5, 4, 1))
    vote(world, validated_ranking(world, call))
    pages = [
        ("pilot", reverse("contracts:pilot")),
        ("pilot-call", reverse("contracts:call_pilot", args=[call.pk])),
        ("pilot-dossiers", reverse("contracts:pilot_dossiers", args=[call.pk]) + "?figure=reviewed"),
    ]
    for name, path in pages:
        assert_accessible_at_each_width(open_page(path, as_user=world.pilot), name)
