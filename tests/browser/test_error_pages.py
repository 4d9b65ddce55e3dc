"""The pages that say no, in a real browser: readable by everybody, on a phone as well, each with a way on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from playwright.sync_api import Page, expect

from config import errors
from config.urls import handler400, handler403, handler404, handler500
from tests.browser.conftest import assert_accessible_at_each_width
from tests.calls.story import submitted_dossier
from tests.world import make_world
from workflows.engine import Conflict, Reason, Refused
from workflows.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def _out_of_service(request: HttpRequest) -> HttpResponse:
    try:
        raise OperationalError("gone")
    except OperationalError:
        return errors.server_error(request)


def _refused(request: HttpRequest) -> HttpResponse | None:
    reasons = [
        Reason(f"Il manque la pièce n° {n} : attestation_de_régularité_fiscale_et_sociale.pdf")
        for n in (1, 2)
    ]
    return errors.VerbErrors(lambda r: HttpResponse()).process_exception(request, Refused(reasons))


def _expired(request: HttpRequest) -> HttpResponse:
    request.POST = request.POST.copy()  # type: ignore[misc,assignment]
    request.POST.setlist("résumé", ["Un texte long, " * 40, "unMotTrèsLong" * 20])  # type: ignore[attr-defined]
    return errors.csrf_failure(request)


PAGES: dict[str, Callable[[HttpRequest], HttpResponse | None]] = {
    "400": errors.bad_request,
    "403": errors.permission_denied,
    "403-expired": _expired,
    "404": errors.page_not_found,
    "409": lambda request: errors.conflict(request, Conflict(Entry.objects.latest("id"))),
    "409-busy": lambda request: errors.conflict(request, Conflict(None)),
    "422": _refused,
    "429": errors.too_many_requests,
    "500": errors.server_error,
    "503": _out_of_service,
}


def _page(name: str) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        answer = PAGES[name](request)
        assert answer is not None
        assert str(answer.status_code) == name[:3]
        # a browser says each failed page in its console, where the fixture looks for real faults
        answer.status_code = 200
        return answer

    return view


urlpatterns = [
    *(path(f"no/{name}/", _page(name)) for name in PAGES),
    path("", include("config.urls")),
]


def test_every_page_that_says_no_is_accessible_and_leads_on(open_page: Callable[..., Page]) -> None:
    world = make_world()
    submitted_dossier(world)
    for name in PAGES:
        page = open_page(f"/no/{name}/", as_user=world.officer)
        assert_accessible_at_each_width(page, f"error-{name}")
        expect(page.locator("h1")).to_have_count(1)
        way = page.locator("main a.btn-primary")
        expect(way).to_be_visible()
        expect(way).to_have_attribute("href", re.compile("."))
        page.context.close()
