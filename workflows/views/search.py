"""Search across cases: by reference, title or organisation, among those that the reader may know of."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from workflows import queries
from workflows.components import Empty, Header, StateWord
from workflows.listing import Column, Filter, ListPage
from workflows.middleware import CaseRequest
from workflows.models import Case, CaseKind
from workflows.story import case_url


def _open_or_closed(case: Case) -> StateWord:
    return (
        StateWord(_("Closed"), "neutral", "lock")
        if case.closed_at
        else StateWord(_("Open"), "info", "circle-dot")
    )


class CaseList(ListPage):
    """Cases, whatever their kind."""

    name = "cases"
    caption = gettext_lazy("Results")
    columns = [
        Column(gettext_lazy("Reference"), "reference", sort="reference", link=case_url, heading=True),
        Column(gettext_lazy("Title"), "title", sort="title"),
        Column(gettext_lazy("Kind"), "get_kind_display", sort="kind"),
        Column(gettext_lazy("Organisation"), "organisation.name", sort="organisation__name"),
        Column(gettext_lazy("Opened"), "opened_at", kind="day", sort="opened_at"),
        Column(gettext_lazy("Life"), _open_or_closed, kind="state", sort="closed_at"),
    ]
    tabs = [
        Filter("all", gettext_lazy("All")),
        *(Filter(value, label, Q(kind=value)) for value, label in CaseKind.choices),
    ]
    search = ["reference", "title", "organisation__name", "organisation__siret"]
    search_label = gettext_lazy("Reference, title or organisation")
    order = ["-opened_at"]
    exports = False
    empty = Empty(
        gettext_lazy("No case here"), gettext_lazy("Cases appear here as soon as you may read them.")
    )


@require_GET
def search(request: CaseRequest) -> HttpResponseBase:
    """What the search box of the header finds; a full reference leads straight to its case."""
    rows = queries.cases_visible_to(request.actor)
    words = request.GET.get("q", "").strip()
    if words and "tab" not in request.GET:
        exact = (
            rows.filter(reference__iexact=words[:40].replace("\x00", "")).values_list("pk", flat=True).first()
        )
        if exact is not None:
            return redirect("workflows:case", exact)
    listing = CaseList(request, rows.select_related("organisation"))
    return listing.render("workflows/search.html", {"header": Header(_("Search"))})
