"""The Region's worklist of dossiers: search, filters, tabs by state, bulk charge, export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import F, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import Actor
from accounts.rules import may
from calls import actions
from calls.columns import TOGETHER, among, whole_columns, whole_rows
from calls.forms.dossiers import TakeChargeForm
from calls.models import Call, Dossier, DossierState
from calls.queries import calls_visible_to, officers, territory_label, visible_to
from calls.words import dossier_word
from workflows import spreadsheets
from workflows.access import note_exports
from workflows.components import Empty, Header, Recap
from workflows.engine import Conflict, NotAllowed, Refused, allowed
from workflows.listing import Bulk, Column, Filter, FilterForm, ListPage, selected
from workflows.middleware import CaseRequest
from workflows.queries import get_visible, require, work_known_to

NOBODY = "nobody"


class DossierFilters(FilterForm):
    """By call, axis, officer, territory and amount."""

    lookups = {"call": "call", "axis": "axis__code"}
    call = forms.ModelChoiceField(Call.objects.none(), label=gettext_lazy("Call"), required=False)
    axis = forms.ChoiceField(label=gettext_lazy("Axis"), required=False)
    officer = forms.ChoiceField(label=gettext_lazy("Case officer"), required=False)
    territory = forms.ChoiceField(label=gettext_lazy("Territory"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calls = calls_visible_to(actor).exclude(published_at=None)
        found = list(
            calls.values_list("pk", "case__reference", "title", "territories").order_by("-closes_at")
        )
        field = self.fields["call"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = calls
        field.choices = [("", _("All calls")), *((pk, f"{ref} · {title}") for pk, ref, title, _t in found)]
        axes = calls.order_by().values_list("axes__code", "axes__label").distinct()
        self._choose(
            "axis", _("All axes"), sorted((code, f"{code} – {label}") for code, label in axes if code)
        )
        self._choose(
            "officer",
            _("All"),
            [(NOBODY, _("Nobody yet")), *((str(person.pk), str(person)) for person in officers(actor))],
        )
        codes = sorted({code for *_rest, territories in found for code in territories})
        self._choose("territory", _("All territories"), [(code, territory_label(code)) for code in codes])

    def _choose(self, name: str, every: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", every), *choices]

    def narrow(self, rows: Any) -> Any:
        """Two filters need more than a lookup."""
        rows = super().narrow(rows)
        officer, territory = self.cleaned_data.get("officer"), self.cleaned_data.get("territory")
        if officer:
            rows = rows.filter(officer=None) if officer == NOBODY else rows.filter(officer=officer)
        return rows.filter(territories__contains=[territory]) if territory else rows


def _case_url(dossier: Dossier) -> str:
    return reverse("workflows:case", args=[dossier.case_id])


class DossierList(ListPage):
    """The dossiers that the reader may know of."""

    name = "dossiers"
    caption = gettext_lazy("Dossiers")
    columns = [
        Column(
            gettext_lazy("Reference"),
            "case.reference",
            kind="reference",
            sort="case__reference",
            link=_case_url,
            heading=True,
        ),
        Column(gettext_lazy("Project"), "title", sort="title", template="calls/staff/project.html"),
        Column(gettext_lazy("Requested"), "requested_amount", kind="money", sort="requested_amount"),
        Column(
            gettext_lazy("Case officer"),
            lambda d: str(d.officer) if d.officer else "",
            sort=["officer__last_name", "officer__first_name"],
        ),
        Column(
            gettext_lazy("Next due date"),
            "next_due",
            kind="due",
            sort="next_due",
            template="calls/staff/due.html",
        ),
    ]
    tabs = [
        Filter("all", gettext_lazy("All")),
        Filter("check", gettext_lazy("To check"), Q(state=DossierState.SUBMITTED)),
        Filter("pieces", gettext_lazy("Pieces requested"), Q(state=DossierState.PIECES_REQUESTED)),
        Filter(
            "admissibility",
            gettext_lazy("Admissibility"),
            Q(state__in=[DossierState.COMPLETE, DossierState.ADMISSIBLE]),
        ),
        Filter("review", gettext_lazy("Under review"), Q(state=DossierState.IN_REVIEW)),
        Filter(
            "selection",
            gettext_lazy("In selection"),
            Q(state__in=[DossierState.REVIEWED, DossierState.RESERVE]),
        ),
        Filter(
            "awarded",
            gettext_lazy("Awarded"),
            Q(state__in=[DossierState.AWARDED, DossierState.UNDER_CONTRACT]),
        ),
        Filter(
            "over",
            gettext_lazy("Over"),
            Q(
                state__in=[
                    DossierState.INADMISSIBLE,
                    DossierState.INELIGIBLE,
                    DossierState.REFUSED,
                    DossierState.WITHDRAWN,
                    DossierState.CLOSED,
                ]
            ),
        ),
    ]
    filters = DossierFilters
    search = ["case__reference", "title", "organisation__name", "organisation__siret"]
    search_label = gettext_lazy("Reference, project, organisation or SIRET")
    order = ["-submitted_at", "case__reference"]
    empty = Empty(
        gettext_lazy("No dossier here"),
        gettext_lazy("Dossiers appear as soon as they are submitted; drafts belong to their applicants."),
    )

    def __init__(self, request: CaseRequest) -> None:
        due = (
            work_known_to(request.actor)
            .filter(case=OuterRef("case"))
            .order_by(F("due_at").asc(nulls_last=True))
            .values("due_at")[:1]
        )
        rows = visible_to(request.actor).annotate(next_due=Subquery(due))
        super().__init__(request, rows, filter_kwargs={"actor": request.actor})
        word = Column(
            gettext_lazy("State"), lambda d: dossier_word(d, request.actor), kind="state", sort="state"
        )
        self.columns = [*self.columns[:2], word, *self.columns[2:]]  # type: ignore[misc]  # in the reader's words
        if may(request.actor, "calls.take_several"):
            self.bulk = [Bulk(_("Take charge of the selected dossiers"), reverse("calls:take_charge"))]

    def export(self, kind: spreadsheets.Format) -> HttpResponseBase:
        """The whole of each dossier. What leaves is written to the access log before it does."""
        actor: Actor = self.request.actor  # type: ignore[attr-defined]
        return spreadsheets.export_response(
            kind,
            self.name,
            whole_columns(actor),
            self._whole(actor, f"dossiers.{kind}"),
            title=str(self.caption),
        )

    def _whole(self, actor: Actor, detail: str) -> Iterator[Sequence[Any]]:
        keys = list(self.rows.values_list("pk", flat=True))
        now: datetime = self.request.now  # type: ignore[attr-defined]
        # few at first, so that the first byte does not wait for many
        for start, end in pairwise([0, *range(TOGETHER // 2, len(keys), TOGETHER), len(keys)]):
            some = keys[start:end]
            cases = Dossier.objects.filter(pk__in=among(some)).exclude(organisation__in=actor.organisations)
            note_exports(actor, cases.values("case"), now=now, detail=detail)
            yield from whole_rows(actor, self._all, some)


@require_GET
def dossiers(request: CaseRequest) -> HttpResponseBase:
    """The worklist."""
    if not (request.actor.posts or request.actor.seats):
        return redirect("calls:my_dossiers")
    listing = DossierList(request)
    return listing.render("calls/staff/dossiers.html", {"header": Header(_("Dossiers"))})


@require_POST
def take_charge(request: CaseRequest) -> HttpResponse:
    """Entrust the selected dossiers to a case officer: a recap first, then one act for each."""
    require(request.actor, "calls.take_several")
    rows = visible_to(request.actor)
    chosen: list[Any] = [d for d in selected(request, rows) if allowed("calls.take_charge", request.actor, d)]
    if not chosen:
        messages.warning(request, _("None of the selected dossiers can be taken in charge."))
        return redirect("calls:dossiers")
    confirmed = "officer" in request.POST
    form = TakeChargeForm(
        request.POST if confirmed else None, actor=request.actor, cancel_url=reverse("calls:dossiers")
    )
    if confirmed and form.is_valid():
        done = sum(_take_one(request, dossier, form.cleaned_data["officer"]) for dossier in chosen)
        messages.success(
            request,
            ngettext("%(n)s dossier entrusted to %(who)s.", "%(n)s dossiers entrusted to %(who)s.", done)
            % {"n": done, "who": form.cleaned_data["officer"]},
        )
        return redirect("calls:dossiers")
    context = {
        "header": Header(_("Take charge of the selected dossiers")),
        "form": form,
        "chosen": chosen,
        "recap": Recap(
            [(d.case.reference, f"{d.title} · {d.organisation}") for d in chosen],
            consequences=[_("The case officer is told, and is named to nobody outside the Region.")],
        ),
    }
    return render(request, "calls/staff/take_charge.html", context, status=422 if form.is_bound else 200)


def _take_one(request: CaseRequest, dossier: Dossier, officer: Any) -> bool:
    try:
        actions.take_charge(dossier, by=request.user, now=request.now, officer=officer)
    except (Refused, Conflict) as error:
        messages.warning(request, f"{dossier.case.reference} : {error}")
    except NotAllowed:
        return False
    else:
        return True
    return False


@require_http_methods(["GET", "POST"])
def take_one(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Entrust one dossier, from its own page."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "calls.take_charge")
    if not allowed("calls.take_charge", request.actor, dossier):
        raise Http404
    form = TakeChargeForm(
        request.POST or None, actor=request.actor, case=dossier.case, cancel_url=_case_url(dossier)
    )
    if request.method == "POST" and form.perform(
        actions.take_charge, dossier, by=request.user, now=request.now
    ):
        messages.success(
            request, _("The dossier is entrusted to %(who)s.") % {"who": form.cleaned_data["officer"]}
        )
        return redirect(_case_url(dossier))
    context = {
        "header": Header(
            _("Take charge of the dossier"), lead=dossier.title, reference=dossier.case.reference
        ),
        "form": form,
        "recap": Recap([(_("Now in charge"), str(dossier.officer or _("nobody")))]),
    }
    return render(request, "calls/decision.html", context, status=422 if form.is_bound else 200)
