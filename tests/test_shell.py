"""The frame of every page: who sees which entries, in which Region's name, at which price."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, path, resolve, reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts import actions as accounts
from accounts.actors import actor_for
from accounts.models import PostRole
from config.navigation import ENTRIES
from tests.calls.story import submitted_dossier
from tests.workflows.test_pages import Browse, browse
from tests.world import NOW, SINCE, World, person
from workflows import actions
from workflows.context_processors import Shell
from workflows.models import Case, CaseKind

__all__ = ["browse"]


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def everything(app: str) -> list[URLPattern]:
    names = [entry.url_name.split(":") for entry in ENTRIES]
    return [path(f"{app}/{name}/", view, name=name) for ns, name in names if ns == app]


urlpatterns = [
    path("", (everything(app), app, app))
    for app in sorted({entry.url_name.split(":")[0] for entry in ENTRIES})
]


def shell_of(world: World, name: str, address: str = "/") -> Shell:
    request = RequestFactory().get(address)
    request.actor = actor_for(getattr(world, name), NOW.date()) if name else None  # type: ignore[attr-defined]
    return Shell(request)


@pytest.mark.urls("tests.test_shell")
@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("", ["open_calls"]),
        ("applicant", ["inbox", "my_dossiers", "mine", "open_calls"]),
        ("officer", ["inbox", "dossiers", "calls", "contracts", "pilot", "open_calls"]),
        ("expert", ["inbox", "dossiers", "open_calls"]),
        ("auditor", ["inbox", "dossiers", "pilot", "audit", "open_calls"]),
    ],
)
def test_everybody_sees_the_way_to_what_they_do(world: World, name: str, seen: list[str]) -> None:
    assert [link.url.strip("/").split("/")[1] for link in shell_of(world, name).navigation] == seen


@pytest.mark.urls("tests.test_shell")
def test_the_entry_of_the_page_is_marked(world: World) -> None:
    links = shell_of(world, "officer", "/calls/dossiers/some/page/").navigation
    assert [link.url for link in links if link.current] == ["/calls/dossiers/"]


@pytest.mark.parametrize(
    ("name", "page", "wanted"),
    [
        ("officer", "contracts:call_pilot", "contracts:pilot"),
        ("auditor", "contracts:pilot_dossiers", "contracts:pilot"),
        ("officer", "calls:call", "calls:open_calls"),
        ("officer", "calls:application", "calls:dossiers"),
        ("applicant", "calls:application", "calls:my_dossiers"),
        ("applicant", "calls:start", "calls:my_dossiers"),
        ("officer", "calls:pact", "calls:calls"),
        ("officer", "contracts:report", "contracts:contracts"),
        ("applicant", "contracts:report", "contracts:mine"),
        ("applicant", "workflows:task", "workflows:inbox"),
        ("expert", "reviews:assess", "calls:dossiers"),
        ("officer", "accounts:profile", ""),
    ],
)
def test_a_page_outside_the_address_of_its_entry_is_placed(
    world: World, name: str, page: str, wanted: str
) -> None:
    address = reverse(page, args=[UUID(int=1)] if page != "accounts:profile" else [])
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address)
    request.actor = actor_for(getattr(world, name), NOW.date())  # type: ignore[attr-defined]
    links = Shell(request).navigation
    assert [link.url for link in links if link.current] == ([reverse(wanted)] if wanted else [])


def test_every_page_named_by_the_navigation_exists() -> None:
    named = {page for entry in ENTRIES for page in entry.pages}
    kinds = {f"case:{kind}" for kind in CaseKind.values}
    known = {
        f"{app}:{pattern.name}"
        for app in ("workflows", "calls", "reviews", "contracts")
        for pattern in import_module(f"{app}.urls").urlpatterns
    }
    assert named <= known | kinds


def test_the_page_of_a_case_is_placed_by_its_kind(world: World, browse: Browse) -> None:
    dossier = submitted_dossier(world)
    for user, case, wanted in (
        (world.officer, dossier.case, "calls:dossiers"),
        (world.applicant, dossier.case, "calls:my_dossiers"),
        (world.officer, dossier.call.case, "calls:calls"),
    ):
        page = browse(user).get(reverse("workflows:case", args=[case.pk]))
        links = page.context["shell"].navigation
        assert [link.url for link in links if link.current] == [reverse(wanted)]


def test_the_bell_counts_what_is_unread(world: World, case: Case) -> None:
    actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
    assert shell_of(world, "applicant").unread == 1
    assert shell_of(world, "officer").unread == 0


def test_the_readers_region_gives_its_name_and_its_colour(world: World) -> None:
    assert shell_of(world, "officer").region == world.region


def test_overseas_the_clock_is_that_of_the_region(client: Client, world: World) -> None:
    overseas = accounts.create_region(
        by=None,
        now=NOW,
        **{
            **model_to_dict(world.region, exclude=["id"]),
            "code": "04",
            "slug": "overseas",
            "siret": "23974001200012",
            "time_zone": "Indian/Reunion",
        },
    )
    officer = person("Officer", "Overseas", domain="overseas.example")
    accounts.give_post(overseas, officer, PostRole.CASE_OFFICER, by=None, now=NOW, valid_from=SINCE)
    for user, elsewhere in ((officer, True), (world.officer, False)):
        client.force_login(user)
        assert ("heure de Paris" not in client.get("/style/").content.decode()) is elsewhere


def test_a_partial_page_costs_nothing(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = SimpleNamespace(
        COOKIES={"theme": "nonsense"}, actor=None, method="GET", path="/", get_full_path=lambda: "/"
    )
    with django_assert_num_queries(0):
        shell = Shell(request)  # type: ignore[arg-type]
        assert shell.theme == ""
        assert shell.address == "/"


def test_colours_are_a_choice_that_the_server_remembers(client: Client, world: World) -> None:
    client.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in client.get("/style/").content.decode()
