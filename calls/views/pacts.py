"""Pacts: list, creation, reading, adoption."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Region
from accounts.rules import may
from calls import actions
from calls.forms.pacts import PactForm
from calls.models import Pact, PactState
from calls.queries import pacts_visible_to
from calls.words import call_word, pact_word
from workflows.components import Empty, Header, Link, Recap
from workflows.engine import allowed
from workflows.forms import VerbForm
from workflows.listing import Column, ListPage
from workflows.middleware import CaseRequest
from workflows.queries import get_visible
from workflows.templatetags.ui import money


class PactList(ListPage):
    """The pacts of the reader's Regions."""

    name = "pacts"
    caption = gettext_lazy("Pacts")
    columns = [
        Column(
            gettext_lazy("Reference"),
            "case.reference",
            sort="case__reference",
            link=lambda p: reverse("calls:pact", args=[p.pk]),
            heading=True,
        ),
        Column(gettext_lazy("Title"), "title", sort="title"),
        Column(gettext_lazy("First year"), "first_year", sort="first_year"),
        Column(gettext_lazy("Last year"), "last_year", sort="last_year"),
        Column(gettext_lazy("State"), lambda pact: pact_word(pact), kind="state", sort="state"),
    ]
    search = ["case__reference", "title"]
    order = ["-first_year"]
    empty = Empty(
        gettext_lazy("No pact yet"),
        gettext_lazy("A pact is the frame that calls refer to. Its pilot creates it."),
        icon="flag",
    )


@require_GET
def pacts(request: CaseRequest) -> HttpResponseBase:
    """The list of pacts."""
    if not (request.actor.staff_regions or request.actor.audited_regions):
        raise Http404
    links = (
        [Link(_("Create a pact"), reverse("calls:create_pact"), "plus", primary=True)]
        if _region(request)
        else []
    )
    header = Header(_("Pacts"), actions=links)
    return PactList(request, pacts_visible_to(request.actor)).render(
        "calls/staff/pacts.html", {"header": header}
    )


@require_http_methods(["GET", "POST"])
def create(request: CaseRequest) -> HttpResponse:
    """A new pact, filled beforehand with the recommendations' axes, indicators and questions."""
    region = _region(request)
    if region is None:
        raise Http404
    year = timezone.localdate(request.now).year
    form = PactForm(
        request.POST or None,
        cancel_url=reverse("calls:pacts"),
        initial={"first_year": year, "last_year": year + 3},
    )
    if request.method == "POST":
        pact = form.perform(actions.create_pact, region, by=request.user, now=request.now)
        if pact:
            messages.success(request, _("The pact is created. Another manager adopts it."))
            return redirect("calls:pact", pact.pk)
    context = {"header": Header(_("Create a pact"), lead=str(region)), "form": form}
    return render(request, "calls/staff/pact_form.html", context, status=422 if form.is_bound else 200)


@require_GET
def pact(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The pact: stakes, money by year, axes and objectives, indicators, evaluation, links, its calls."""
    found: Pact = get_visible(request.actor, Pact, pk, "calls.view_pacts")
    links = [Link(_("The case"), reverse("workflows:case", args=[found.case_id]), "folder")]
    if allowed("calls.adopt_pact", request.actor, found):
        links.append(Link(_("Adopt the pact"), reverse("calls:adopt_pact", args=[pk]), "check", primary=True))
    if found.state == PactState.ADOPTED and may(request.actor, "calls.create_call", found):
        links.append(Link(_("Create a call"), reverse("calls:create_call"), "plus", primary=True))
    calls = found.calls.select_related("case", "envelope").order_by("-closes_at")
    context = {
        "header": Header(
            found.title,
            lead=f"{found.first_year}–{found.last_year} · {found.case.region}",
            reference=found.case.reference,
            badges=[pact_word(found)],
            actions=links,
        ),
        "crumbs": [Link(_("Pacts"), reverse("calls:pacts"))],
        "pact": found,
        "budget": _budget(found),
        "axes": list(found.axes.prefetch_related("objectives")),
        "indicators": list(found.indicators.select_related("axis")),
        "questions": list(found.questions.all()),
        "links": list(found.links.all()),
        "calls": [(call, call_word(call, request.now)) for call in calls],
        "waits_for_other": found.state == PactState.DRAFT and found.prepared_by_id == request.user.pk,
    }
    return render(request, "calls/staff/pact.html", context)


@require_http_methods(["GET", "POST"])
def adopt(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Make the pact one that calls refer to."""
    found: Pact = get_visible(request.actor, Pact, pk, "calls.adopt_pact")
    if not allowed("calls.adopt_pact", request.actor, found) and request.method == "GET":
        return redirect("calls:pact", pk)
    form = VerbForm(
        request.POST or None,
        verb_name="calls.adopt_pact",
        case=found.case,
        cancel_url=reverse("calls:pact", args=[pk]),
    )
    if request.method == "POST" and form.perform(actions.adopt_pact, found, by=request.user, now=request.now):
        messages.success(request, _("The pact is adopted: calls can refer to it."))
        return redirect("calls:pact", pk)
    context = {
        "header": Header(_("Adopt the pact"), lead=found.title, reference=found.case.reference),
        "form": form,
        "recap": Recap(
            [
                (_("Pact"), found.title),
                (_("Years"), f"{found.first_year}–{found.last_year}"),
                *[(year, amount) for year, amount in _budget(found)[0]],
                (_("Axes"), ", ".join(axis.code for axis in found.axes.all())),
                (_("Prepared by"), str(found.prepared_by)),
            ],
            consequences=[
                _("Its axes, indicators and questions no longer change; calls can be created under it.")
            ],
            irreversible=True,
        ),
    }
    return render(request, "calls/decision.html", context, status=422 if form.is_bound else 200)


def _region(request: CaseRequest) -> Region | None:
    """The Region in which the reader may create a pact."""
    regions = (post.region for post in request.actor.posts if post.region)
    return next((region for region in regions if may(request.actor, "calls.create_pact", region)), None)


def _budget(found: Pact) -> tuple[list[tuple[str, str]], str]:
    """The amounts by year and their sum, as they are read."""
    amounts = [(year, Decimal(text)) for year, text in sorted(found.budget_by_year.items())]
    return [(year, money(amount)) for year, amount in amounts], money(
        sum((a for _y, a in amounts), Decimal(0))
    )
