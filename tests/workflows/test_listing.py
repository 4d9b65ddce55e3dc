"""Lists: what the address asks for is what is shown, at the same price for any number of rows."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.test import RequestFactory

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


@pytest.fixture
def rows():
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


def listed(rows, address: str = "/") -> Rows:
    request = RequestFactory().get(address)
    request.user, request.actor, request.htmx = AnonymousUser(), None, False
    return Rows(request, rows)


def codes(page: Rows) -> list[str]:
    return [row.codename for row in page.shown]


def test_the_first_page_in_the_lists_own_order(rows):
    page = listed(rows)
    assert codes(page) == [f"row_{n:03}" for n in range(25)]
    assert (page.total, page.pages, page.first, page.last) == (60, 3, 1, 25)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_p28_two_queries_for_any_number_of_rows(rows, django_assert_num_queries, number):
    some = rows.filter(codename__lt=f"row_{number:03}")
    page = listed(some, "/?size=50&q=ligne&sort=name&tab=all")
    with django_assert_num_queries(2):
        content = page.render("components/list.html").content.decode()
    assert content.count('<tr role="row">') == number + 1


def test_every_word_of_a_search_must_be_found_somewhere(rows):
    page = listed(rows, "/?q=impaire+row_01")
    assert codes(page) == ["row_011", "row_013", "row_015", "row_017", "row_019"]
    assert page.filtered


def test_tabs_count_what_the_search_leaves(rows):
    page = listed(rows, "/?tab=odd&q=row_0")
    assert page.counts == {"all": 60, "odd": 6}
    assert codes(page) == [f"row_0{n}1" for n in range(6)]


def test_sorting_both_ways(rows):
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
def test_an_address_that_asks_for_nonsense_shows_a_page(rows, address):
    page = listed(rows, address)
    assert 0 < len(page.shown) <= 25


def test_a_filter_narrows_and_a_wrong_one_does_not(rows):
    assert listed(rows, "/?kind=row").total == 60
    assert listed(rows, "/?kind=other").total == 0


def test_p37_what_is_typed_is_shown_as_text(rows):
    Permission.objects.filter(codename="row_000").update(name="<script>alert(1)</script>")
    content = listed(rows, '/?q=row_000"><script>').render("components/list.html").content.decode()
    assert "<script>" not in content
    content = listed(rows, "/?q=row_000").render("components/list.html").content.decode()
    assert "&lt;script&gt;alert(1)" in content


def test_htmx_gets_only_the_list(rows):
    page = listed(rows)
    page.request.htmx = type("Htmx", (), {"target": "rows", "history_restore_request": False})()
    response = page.render("a page that is not even looked for.html")
    assert response.content.lstrip().startswith(b'<div id="rows"')
    assert response["Vary"] == "HX-Request, HX-Target"


def test_an_export_holds_all_the_rows_with_their_values(rows, client):
    content = b"".join(client.get("/style/?export=xlsx&q=row_0").streaming_content)
    sheet = ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 61
    lines = (
        b"".join(client.get("/style/?export=csv&q=row_001").streaming_content)
        .decode("utf-8-sig")
        .splitlines()
    )
    assert lines[0] == "Référence;Intitulé;Montant;Échéance;État"
    assert lines[1].startswith("row_001;Ligne impaire 1;")


def test_p28_a_selection_never_reaches_beyond_the_rows_given(rows):
    request = RequestFactory().post("/", {"selected": ["nonsense", "00000000-0000-0000-0000-000000000000"]})
    assert list(selected(request, ContentType.objects.filter(pk=0))) == []
