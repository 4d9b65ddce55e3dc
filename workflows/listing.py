"""Lists: search, filters, tabs with counts, sorting, pages, selection and export, declared once per list.

A list is a subclass of :class:`ListPage` and one line of a view. Everything chosen stands in the address, so
a list can be shared, printed and gone back to; it works without JavaScript, and htmx only makes it quicker.
Whatever the number of rows, it costs three queries: all the counts, the keys of the page, and its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar, Literal

from django import forms
from django.db.models import Count, Model, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from workflows import spreadsheets
from workflows.alphabet import ordering
from workflows.components import Empty, StateWord
from workflows.templatetags.ui import due as due_tag
from workflows.templatetags.ui import instant, money, short_day, state_badge

PAGE_SIZES = (25, 50, 100, 200)
Kind = Literal["text", "reference", "number", "money", "day", "instant", "due", "state"]
NUMERIC = {"number", "money"}


@dataclass(frozen=True)
class Column:
    """One column.

    ``value`` reads it from a row: a dotted attribute path or a function. ``kind`` says how it is drawn and
    exported. ``sort`` lists the ORM fields of its order. ``link`` gives the address behind the cell.
    ``template`` draws the cell itself (context: ``row``, ``value``). ``heading`` marks the column that names
    the row; ``on_screen=False`` keeps a column for the export.
    """

    label: Any
    value: str | Callable[[Any], Any]
    kind: Kind = "text"
    sort: str | Sequence[str] = ""
    link: Callable[[Any], str] | None = None
    template: str = ""
    heading: bool = False
    export: Callable[[Any], Any] | None = None
    on_screen: bool = True

    @property
    def numeric(self) -> bool:
        """Whether the cells are aligned to the right."""
        return self.kind in NUMERIC

    @property
    def sort_name(self) -> str:
        """What the order by this column is called in the address, e.g. ``organisation.name``."""
        first = self.sort if isinstance(self.sort, str) else self.sort[0]
        return first.replace("__", ".")

    def read(self, row: Any) -> Any:
        """The value of this column for a row; an absent relation reads as ``None``."""
        if callable(self.value):
            return self.value(row)
        found: Any = row
        for name in self.value.split("."):
            found = getattr(found, name, None)
            if found is None:
                return None
        return found() if callable(found) else found

    def draw(self, row: Any) -> Any:
        """The cell as shown."""
        value = self.read(row)
        if self.template:
            return render_to_string(self.template, {"row": row, "value": value})
        text = DRAWN[self.kind](value)
        url = self.link(row) if self.link else ""
        return format_html('<a href="{}">{}</a>', url, text) if url else text

    def take_away(self, row: Any) -> Any:
        """The cell as exported: numbers stay numbers, dates stay dates, a state is its word."""
        value = self.export(row) if self.export else self.read(row)
        if isinstance(value, StateWord):
            return str(value.label)
        return value


def _plain(value: Any) -> Any:
    return "—" if value is None or value == "" else value


DRAWN: dict[Kind, Callable[[Any], Any]] = {
    "text": _plain,
    "reference": lambda value: format_html('<span class="reference">{}</span>', _plain(value)),
    "number": _plain,
    "money": money,
    "day": short_day,
    "instant": instant,
    "due": lambda value: due_tag({}, value),  # type: ignore[arg-type]
    "state": lambda value: state_badge(value) if isinstance(value, StateWord) else _plain(value),
}


@dataclass(frozen=True)
class Filter:
    """A tab: what it is called in the address and on the page, and which rows it keeps."""

    name: str
    label: Any
    keeps: Q = field(default_factory=Q)


@dataclass(frozen=True)
class Bulk:
    """A verb on the selected rows: its button posts ``selected`` (identifiers) to ``url``."""

    label: Any
    url: str
    tone: str = "secondary"


class FilterForm(forms.Form):
    """The filters of a list, bound to the address. ``lookups`` maps a field to the ORM lookup it means."""

    lookups: ClassVar[dict[str, str]] = {}

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that the filled fields ask for; a field with an error keeps all of them."""
        for name, value in self.cleaned_data.items():
            if name in self.lookups and value not in (None, "", []):
                rows = rows.filter(**{self.lookups[name]: value})
        return rows


@dataclass(frozen=True)
class Head:
    """The head of a column as drawn."""

    column: Column
    sort: str
    direction: str


class ListPage:
    """One list. Subclasses declare; views give the request and the rows that the reader may see."""

    name: ClassVar[str] = "list"
    caption: ClassVar[Any] = ""
    columns: ClassVar[Sequence[Column]] = ()
    tabs: ClassVar[Sequence[Filter]] = ()
    filters: ClassVar[type[FilterForm] | None] = None
    search: ClassVar[Sequence[str]] = ()
    search_label: ClassVar[Any] = _("Search")
    order: ClassVar[Sequence[str]] = ()
    bulk: Sequence[Bulk] = ()
    exports: ClassVar[bool] = True
    empty: ClassVar[Empty] = Empty(_("Nothing here yet."))

    def __init__(
        self, request: HttpRequest, rows: QuerySet[Any], *, filter_kwargs: dict[str, Any] | None = None
    ) -> None:
        self.request = request
        self._all = rows
        self._filter_kwargs = filter_kwargs or {}

    # -- what the address asks for ---------------------------------------------------------------------------

    @cached_property
    def query(self) -> str:
        """The words searched for."""
        return self.request.GET.get("q", "").strip().replace("\x00", "")[:200]

    @cached_property
    def tab(self) -> Filter | None:
        """The open tab."""
        wanted = self.request.GET.get("tab", "")
        return next((t for t in self.tabs if t.name == wanted), self.tabs[0] if self.tabs else None)

    @cached_property
    def size(self) -> int:
        """Rows per page."""
        return _number(self.request.GET.get("size"), PAGE_SIZES[0], PAGE_SIZES)

    @cached_property
    def sort(self) -> str:
        """The column of the order, with a ``-`` when it goes down; nothing for the list's own order."""
        wanted = self.request.GET.get("sort", "")
        return wanted if wanted.lstrip("-") in self._sortable else ""

    @cached_property
    def form(self) -> FilterForm | None:
        """The filter form, bound to the address."""
        if self.filters is None:
            return None
        return self.filters(self.request.GET, **self._filter_kwargs)

    @property
    def filtered(self) -> bool:
        """Whether a search or a filter hides rows."""
        if self.query:
            return True
        return (
            self.form is not None
            and self.form.is_valid()
            and any(value not in (None, "", []) for value in self.form.cleaned_data.values())
        )

    # -- the rows --------------------------------------------------------------------------------------------

    @cached_property
    def _found(self) -> QuerySet[Any]:
        rows = self._all
        if self.form is not None:
            self.form.is_valid()
            rows = self.form.narrow(rows)
        for word in self.query.split() if self.search else ():
            rows = rows.filter(reduce(or_, (Q(**{f"{path}__icontains": word}) for path in self.search)))
        return rows

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows behind each tab, after search and filters: one query for all of them."""
        wanted = {t.name: t.keeps for t in self.tabs} or {"": Q()}
        rows = self._found.order_by()
        # to count distinct rows, PostgreSQL sorts them once for each tab: only where a join may give a row twice
        joins = rows.filter(reduce(or_, wanted.values())).query.alias_map.values()
        twice = any(_gives_rows_twice(join) for join in joins)
        counted = rows.aggregate(
            **{
                f"n{i}": Count("pk" if twice else Value(1), filter=keeps or None, distinct=twice)
                for i, keeps in enumerate(wanted.values())
            }
        )
        return {name: counted[f"n{i}"] for i, name in enumerate(wanted)}

    @property
    def total(self) -> int:
        """Rows of the open tab."""
        return self.counts[self.tab.name if self.tab else ""]

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def page(self) -> int:
        """The page shown, from 1; a page too far is the last one."""
        return min(_number(self.request.GET.get("page"), 1), self.pages)

    @property
    def rows(self) -> QuerySet[Any]:
        """All the rows of the open tab, in order."""
        rows = self._found.filter(self.tab.keeps) if self.tab else self._found
        return rows.order_by(*self._ordering())

    @cached_property
    def shown(self) -> list[Any]:
        """The rows of the page."""
        start = (self.page - 1) * self.size
        # the page is found first, by its keys: joined to all that a line shows, every row would be read to be sorted
        page = list(self.rows.values_list("pk", flat=True)[start : start + self.size])
        rows = self._all.in_bulk(page) if page else {}
        return [rows[key] for key in page if key in rows]

    # -- as drawn --------------------------------------------------------------------------------------------

    @property
    def heads(self) -> list[Head]:
        """Column heads, with the sort that a click asks for and the direction in force."""
        heads = []
        for column in self.columns:
            if not column.on_screen:
                continue
            name, direction = column.sort_name, ""
            if name and self.sort.lstrip("-") == name:
                direction = "descending" if self.sort.startswith("-") else "ascending"
            heads.append(Head(column, f"-{name}" if direction == "ascending" else name, direction))
        return heads

    @property
    def lines(self) -> Iterator[tuple[Any, Any, list[tuple[Column, Any]]]]:
        """The rows of the page: the row, what names it, and its drawn cells."""
        columns = [c for c in self.columns if c.on_screen]
        naming = next((c for c in columns if c.heading), None)
        for row in self.shown:
            name = naming.read(row) if naming else row
            yield row, name, [(column, column.draw(row)) for column in columns]

    @property
    def tab_links(self) -> list[tuple[Filter, int, bool]]:
        """Tabs with their counts."""
        return [(t, self.counts[t.name], t == self.tab) for t in self.tabs]

    @property
    def page_links(self) -> list[int | None]:
        """Pages around the one shown, ``None`` where some are left out."""
        kept = sorted({1, self.pages, *range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)})
        links: list[int | None] = []
        for number in kept:
            if links and links[-1] is not None and number - links[-1] > 1:
                links.append(None)
            links.append(number)
        return links

    @property
    def first(self) -> int:
        """Rank of the first row shown, from 1."""
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Rank of the last row shown."""
        return min(self.page * self.size, self.total)

    @property
    def page_sizes(self) -> Sequence[int]:
        """The page sizes on offer."""
        return PAGE_SIZES

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        """What the filter form carries along: the open tab, the order and the page size."""
        return [(n, self.request.GET[n]) for n in ("tab", "sort", "size") if self.request.GET.get(n)]

    def render(self, template: str, context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The response: the page, only the list when htmx asks for it, or the file of an export.

        ``template`` extends ``base.html`` and says ``{% include "components/list.html" with list=list %}``.
        """
        wanted = self.request.GET.get("export")
        if self.exports and wanted in ("xlsx", "csv"):
            return self.export("xlsx" if wanted == "xlsx" else "csv")
        htmx = self.request.htmx  # type: ignore[attr-defined]
        if htmx and htmx.target == self.name and not htmx.history_restore_request:
            template = "components/list.html"
        response = render(self.request, template, {"list": self, **(context or {})})
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def export(self, kind: spreadsheets.Format) -> HttpResponseBase:
        """What is shown, all pages of it, as a spreadsheet. Override to write to the access log first."""
        columns = [
            spreadsheets.Column(c.take_away, str(c.label), "money" if c.kind == "money" else "auto")
            for c in self.columns
        ]
        rows = self.rows.iterator(chunk_size=500)
        return spreadsheets.export_response(kind, self.name, columns, rows, title=str(self.caption))

    # -- helpers ---------------------------------------------------------------------------------------------

    @cached_property
    def _sortable(self) -> dict[str, Sequence[str]]:
        return {c.sort_name: [c.sort] if isinstance(c.sort, str) else c.sort for c in self.columns if c.sort}

    def _ordering(self) -> list[Any]:
        if not self.sort:
            return [*self.order, "pk"]
        paths = self._sortable[self.sort.lstrip("-")]
        return [*ordering(paths, down=self.sort.startswith("-")), "pk"]


def _gives_rows_twice(join: Any) -> bool:
    field = getattr(join, "join_field", None)
    return field is not None and bool(field.one_to_many or field.many_to_many)


def _number(text: str | None, default: int, choices: Sequence[int] = ()) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return default
    number = int(text)
    if choices:
        return number if number in choices else default
    return max(1, number)


def selected(request: HttpRequest, rows: QuerySet[Model]) -> QuerySet[Model]:
    """Among ``rows`` (those the reader may act on), the ones ticked in a list. Unknown ones are ignored."""
    identifier = forms.UUIDField()
    wanted = []
    for text in request.POST.getlist("selected"):
        try:
            wanted.append(identifier.clean(text))
        except forms.ValidationError:
            continue
    return rows.filter(pk__in=wanted)


__all__ = ["Bulk", "Column", "Filter", "FilterForm", "ListPage", "selected"]
