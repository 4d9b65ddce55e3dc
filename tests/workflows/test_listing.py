"""Lists: what the address asks for is what is shown, at the same price for any number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import cast
from zipfile import ZipFile

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import DjangoAssertNumQueries

from workflows.alphabet import in_alphabet, sort_key
from workflows.components import StateWord
from workflows.listing import Column, Filter, FilterForm, ListPage, selected

pytestmark = pytest.mark.django_db


class Filters(FilterForm):
    lookups = {"kind": "content_type__model"}
    kind = forms.CharField(required=False)


class Rows(ListPage):
    name = "rows"
    caption = "Lignes"
    columns = [
        Column("Code", "codename", sort="codename", heading=True),
        Column("Nom", "name", sort=["content_type__model", "name"], link=lambda row: f"/rows/{row.pk}/"),
        Column("Type", "content_type.model"),
        Column("Montant", "pk", kind="number"),
        Column("État", lambda row: StateWord("Prêt", "success"), kind="state"),
    ]
    tabs = [Filter("all", "Toutes"), Filter("odd", "Impaires", Q(codename__endswith="1"))]
    filters = Filters
    search = ["codename", "name"]
    order = ["codename"]


class Named(Rows):
    columns = [Column("Nom", "name", sort="name", heading=True)]


@pytest.fixture
def rows(db: None) -> QuerySet[Permission]:
    kind = ContentType.objects.create(app_label="tests", model="row")
    Permission.objects.bulk_create(
        Permission(
            content_type=kind,
            codename=f"row_{n:03}",
            name=f"Ligne {'paire' if n % 2 == 0 else 'impaire'} {n}",
        )
        for n in range(60)
    )
    return Permission.objects.filter(content_type=kind).select_related("content_type")


def listed(rows: QuerySet[Permission], address: str = "/", page: type[Rows] = Rows) -> Rows:
    request = RequestFactory().get(address)
    for name, value in (("user", AnonymousUser()), ("actor", None), ("htmx", False)):
        setattr(request, name, value)
    return page(request, rows)


def html(page: Rows) -> str:
    response = page.render("components/list.html")
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def exported(client: Client, address: str) -> bytes:
    response = cast(StreamingHttpResponse, client.get(address))
    return b"".join(cast(Iterable[bytes], response.streaming_content))


def codes(page: Rows) -> list[str]:
    return [row.codename for row in page.shown]


def test_the_first_page_in_the_lists_own_order(rows: QuerySet[Permission]) -> None:
    page = listed(rows)
    assert codes(page) == [f"row_{n:03}" for n in range(25)]
    assert (page.total, page.pages, page.first, page.last) == (60, 3, 1, 25)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_p28_three_queries_for_any_number_of_rows(
    rows: QuerySet[Permission], django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    some = rows.filter(codename__lt=f"row_{number:03}")
    page = listed(some, "/?size=50&q=ligne&sort=name&tab=all")
    with django_assert_num_queries(3):
        content = html(page)
    assert content.count('<tr role="row">') == number + 1


def test_every_word_of_a_search_must_be_found_somewhere(rows: QuerySet[Permission]) -> None:
    page = listed(rows, "/?q=impaire+row_01")
    assert codes(page) == ["row_011", "row_013", "row_015", "row_017", "row_019"]
    assert page.filtered


def test_tabs_count_what_the_search_leaves(rows: QuerySet[Permission]) -> None:
    page = listed(rows, "/?tab=odd&q=row_0")
    assert page.counts == {"all": 60, "odd": 6}
    assert codes(page) == [f"row_0{n}1" for n in range(6)]


def test_sorting_both_ways(rows: QuerySet[Permission]) -> None:
    assert codes(listed(rows, "/?sort=-codename&size=50"))[0] == "row_059"
    head = listed(rows, "/?sort=codename").heads[0]
    assert (head.sort, head.direction) == ("-codename", "ascending")


@pytest.mark.parametrize(
    "address",
    [
        "/?page=9999",
        "/?page=-1&size=7",
        "/?page=x&size=x",
        "/?sort=password",
        "/?tab=nothing",
        "/?page=²",
        "/?q=%00",
    ],
)
def test_an_address_that_asks_for_nonsense_shows_a_page(rows: QuerySet[Permission], address: str) -> None:
    page = listed(rows, address)
    assert 0 < len(page.shown) <= 25


def test_a_filter_narrows_and_a_wrong_one_does_not(rows: QuerySet[Permission]) -> None:
    assert listed(rows, "/?kind=row").total == 60
    assert listed(rows, "/?kind=other").total == 0


def test_p37_what_is_typed_is_shown_as_text(rows: QuerySet[Permission]) -> None:
    Permission.objects.filter(codename="row_000").update(name="<script>alert(1)</script>")
    content = html(listed(rows, '/?q=row_000"><script>'))
    assert "<script>" not in content
    content = html(listed(rows, "/?q=row_000"))
    assert "&lt;script&gt;alert(1)" in content


def test_htmx_gets_only_the_list(rows: QuerySet[Permission]) -> None:
    page = listed(rows)
    setattr(page.request, "htmx", type("Htmx", (), {"target": "rows", "history_restore_request": False})())  # noqa: B010
    response = page.render("a page that is not even looked for.html")
    assert isinstance(response, HttpResponse)
    assert response.content.lstrip().startswith(b'<div id="rows"')
    assert response["Vary"] == "HX-Request, HX-Target"


def test_an_export_holds_all_the_rows_with_their_values(rows: QuerySet[Permission], client: Client) -> None:
    content = exported(client, "/style/?export=xlsx&q=row_0")
    sheet = ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 61
    lines = exported(client, "/style/?export=csv&q=row_001").decode("utf-8-sig").splitlines()
    assert lines[0] == "Référence;Intitulé;Montant;Échéance;État"
    assert lines[1].startswith("row_001;Ligne impaire 1;")


def test_p28_a_selection_never_reaches_beyond_the_rows_given(rows: QuerySet[Permission]) -> None:
    request = RequestFactory().post("/", {"selected": ["nonsense", "00000000-0000-0000-0000-000000000000"]})
    assert list(selected(request, ContentType.objects.filter(pk=0))) == []


def test_names_are_in_the_order_of_a_dictionary(rows: QuerySet[Permission]) -> None:
    """Whatever the database was built with: without ICU, its own order puts every accent after z."""
    names = ["Zèbre", "Élan", "eau", "Œuvre", "Eau", "À venir", "obole", "Être", "NATION", "œil", "Ça ira"]
    kind = ContentType.objects.create(app_label="tests", model="name")
    Permission.objects.bulk_create(
        Permission(content_type=kind, codename=f"{n}", name=name) for n, name in enumerate(names)
    )
    named = Permission.objects.filter(content_type=kind)
    wanted = ["À venir", "Ça ira", "Eau", "eau", "Élan", "Être", "NATION", "obole", "œil", "Œuvre", "Zèbre"]
    up = [row.name for row in listed(named, "/?sort=name", Named).shown]
    assert [name.lower() for name in up] == [name.lower() for name in wanted]
    assert [row.name for row in in_alphabet(named, "name")] == up
    down = [row.name.lower() for row in listed(named, "/?sort=-name", Named).shown]
    assert down == [name.lower() for name in reversed(wanted)]
    assert sorted(names, key=sort_key) == wanted


def test_equal_names_are_paged_without_loss(rows: QuerySet[Permission]) -> None:
    rows.update(name="Élan")
    pages = [codes(listed(rows, f"/?sort=name&size=25&page={n}", Named)) for n in (1, 2, 3)]
    assert sorted(code for page in pages for code in page) == [f"row_{n:03}" for n in range(60)]
