"""The Region's calls: list, preparation in sections, validation and publication, extension, cancellation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.rules import may
from calls import actions
from calls.actions.calls import publication_faults
from calls.forms.calls import PLACES, SECTIONS, CallSectionForm, CreateCallForm, ExtendForm, ReasonsForm
from calls.models import Call, CallState, Pact
from calls.queries import calls_visible_to, pacts_visible_to, received
from calls.words import call_word
from workflows.components import Empty, Figure, Header, Link, Recap, Step
from workflows.engine import Reason, allowed
from workflows.forms import VerbForm
from workflows.listing import Column, Filter, ListPage
from workflows.middleware import CaseRequest
from workflows.queries import get_visible
from workflows.templatetags.ui import instant, money

View = Callable[..., HttpResponseBase]


def in_region_time(view: View) -> View:
    """Instants are typed and read in the time of the reader's Region."""

    @wraps(view)
    def shown(request: CaseRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        zones = [post.region.time_zone for post in request.actor.posts if post.region]
        with timezone.override(ZoneInfo(zones[0]) if zones else None):
            return view(request, *args, **kwargs)

    return shown


class CallList(ListPage):
    """The calls of the reader's Regions."""

    name = "calls"
    caption = gettext_lazy("Calls")
    columns = [
        Column(
            gettext_lazy("Reference"),
            "case.reference",
            sort="case__reference",
            link=lambda c: reverse("calls:call_admin", args=[c.pk]),
            heading=True,
        ),
        Column(gettext_lazy("Title"), "title", sort="title"),
        Column(gettext_lazy("Kind"), "get_kind_display", sort="kind"),
        Column(gettext_lazy("Opens"), "opens_at", kind="day", sort="opens_at"),
        Column(gettext_lazy("Closes"), "closes_at", kind="day", sort="closes_at"),
        Column(gettext_lazy("Envelope"), "envelope.amount", kind="money", sort="envelope__amount"),
        Column(gettext_lazy("Dossiers received"), "received_count", kind="number", sort="received_count"),
    ]
    tabs = [
        Filter("all", gettext_lazy("All")),
        Filter(
            "preparing",
            gettext_lazy("In preparation"),
            Q(state__in=[CallState.DRAFT, CallState.IN_VALIDATION]),
        ),
        Filter("published", gettext_lazy("Published"), Q(state=CallState.PUBLISHED)),
        Filter("examination", gettext_lazy("Under examination"), Q(state=CallState.CLOSED)),
        Filter("decided", gettext_lazy("Decided"), Q(state__in=[CallState.DECIDED, CallState.COMPLETED])),
        Filter("cancelled", gettext_lazy("Cancelled"), Q(state=CallState.CANCELLED)),
    ]
    search = ["case__reference", "title", "summary"]
    order = ["-closes_at"]
    empty = Empty(
        gettext_lazy("No call yet"),
        gettext_lazy("A call is prepared under an adopted pact, then published by somebody else."),
        icon="flag",
    )

    def __init__(self, request: CaseRequest, rows: QuerySet[Call]) -> None:
        super().__init__(request, rows)
        word = Column(
            gettext_lazy("State"), lambda call: call_word(call, request.now), kind="state", sort="state"
        )
        self.columns = [*self.columns, word]  # type: ignore[misc]  # open or closed at this hour


@require_GET
def calls(request: CaseRequest) -> HttpResponseBase:
    """The list of calls."""
    actor = request.actor
    if not (actor.staff_regions or actor.audited_regions):
        return redirect("calls:open_calls")
    rows = calls_visible_to(actor)
    if None not in actor.audited_regions:
        rows = rows.filter(case__region__in=actor.staff_regions | actor.audited_regions)
    rows = rows.annotate(received_count=Count("dossiers", filter=Q(dossiers__submitted_at__isnull=False)))
    links = [Link(_("Pacts"), reverse("calls:pacts"), "flag")]
    if any(may(actor, "calls.create_call", pact) for pact in pacts_visible_to(actor)[:20]):
        links.append(Link(_("Create a call"), reverse("calls:create_call"), "plus", primary=True))
    header = Header(_("Calls"), actions=links)
    return CallList(request, rows).render("calls/staff/calls.html", {"header": header})


@require_http_methods(["GET", "POST"])
@in_region_time
def create(request: CaseRequest) -> HttpResponse:
    """A new call: the few things that the rest depends on."""
    pacts = pacts_visible_to(request.actor)
    if not any(may(request.actor, "calls.create_call", pact) for pact in pacts):
        raise Http404
    form = CreateCallForm(
        request.POST or None,
        pacts=pacts,
        cancel_url=reverse("calls:calls"),
        initial={"year": timezone.localdate(request.now).year},
    )
    if request.method == "POST" and form.is_valid():
        pact: Pact = form.cleaned_data["pact"]
        call = form.perform(actions.create_call, pact, by=request.user, now=request.now)
        if call:
            messages.success(
                request, _("The call is created. Prepare its sections, then submit it for validation.")
            )
            return redirect("calls:call_admin", call.pk)
    context = {"header": Header(_("Create a call")), "form": form}
    return render(request, "calls/staff/form.html", context, status=422 if form.is_bound else 200)


@require_GET
def call_admin(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Where a call stands, what it lacks, and what can be done with it."""
    call = _call(request, pk)
    faults = publication_faults(call, request.now) if call.state in _PREPARED else []
    mine = [name for name in _ACTS if allowed(name, request.actor, call)]
    counted = received(call)
    context = {
        **_frame(request, call, faults),
        "faults": [(reason, _place(call, reason)) for reason in faults],
        "acts": [(_ACTS[name][0], reverse(_ACTS[name][1], args=[pk]), _ACTS[name][2]) for name in mine],
        "waits_for_other": call.state == CallState.IN_VALIDATION and call.prepared_by_id == request.user.pk,
        "figures": [
            Figure(_("Dossiers received"), counted["n"], url=f"{reverse('calls:dossiers')}?call={pk}"),
            Figure(_("Amount requested"), money(counted["asked"])),  # type: ignore[arg-type]
            Figure(
                _("Envelope"),
                money(call.envelope.amount),
                note=_("committed: %(sum)s") % {"sum": money(call.envelope.committed)},
            ),
        ],
        "facts": _facts(call),
        "criteria": list(call.criteria.all()),
        "weights": sum(c.weight for c in call.criteria.all()),
        "drafting": call.state == CallState.DRAFT and may(request.actor, "calls.update_call", call),
    }
    return render(request, "calls/staff/call.html", context)


@require_http_methods(["GET", "POST"])
@in_region_time
def edit(request: CaseRequest, pk: UUID, section: str) -> HttpResponse:
    """One section of the preparation."""
    call = _call(request, pk, "calls.update_call")
    if section not in SECTIONS:
        raise Http404
    if call.state != CallState.DRAFT and request.method == "GET":
        return redirect("calls:call_admin", pk)
    title, form_class = SECTIONS[section]
    form: CallSectionForm = form_class(
        request.POST or None, call=call, cancel_url=reverse("calls:call_admin", args=[pk])
    )
    if request.method == "POST" and form.perform(actions.update_call, call, by=request.user, now=request.now):
        messages.success(request, _("Saved."))
        codes = list(SECTIONS)
        rank = codes.index(section) + 1
        if rank < len(codes):
            return redirect("calls:edit_call", pk, codes[rank])
        return redirect("calls:call_admin", pk)
    context = {
        **_frame(request, call, publication_faults(call, request.now), section),
        "form": form,
        "title": title,
        "section": section,
    }
    template = (
        f"calls/staff/edit_{section}.html"
        if section in ("grid", "pieces", "form")
        else "calls/staff/edit.html"
    )
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def submit(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Say that the preparation is finished."""
    call = _call(request, pk, "calls.submit_for_validation")
    form = VerbForm(
        request.POST or None,
        verb_name="calls.submit_for_validation",
        case=call.case,
        cancel_url=reverse("calls:call_admin", args=[pk]),
    )
    done = request.method == "POST" and form.perform(
        actions.submit_for_validation, call, by=request.user, now=request.now
    )
    if done:
        messages.success(request, _("The call waits for the validation of somebody else."))
        return redirect("calls:call_admin", pk)
    recap = Recap(
        [
            (_("Call"), f"{call.case.reference} · {call.title}"),
            (_("Closes"), instant(call.closes_at, _zone(call))),
        ],
        consequences=[_("It can no longer be edited, unless it is sent back.")],
        others=[_("A manager who did not take part in the preparation validates and publishes it.")],
    )
    return _decide(request, call, _("Submit the call for validation"), form, recap)


@require_http_methods(["GET", "POST"])
@in_region_time
def publish(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Everything that is about to be frozen, and the button that does it for good."""
    call = _call(request, pk, "calls.publish_call")
    if not allowed("calls.publish_call", request.actor, call) and request.method == "GET":
        return redirect("calls:call_admin", pk)
    form = VerbForm(
        request.POST or None,
        verb_name="calls.publish_call",
        case=call.case,
        cancel_url=reverse("calls:call_admin", args=[pk]),
    )
    form.submit_tone = "danger"
    if request.method == "POST" and form.perform(
        actions.publish_call, call, by=request.user, now=request.now
    ):
        messages.success(request, _("The call is published."))
        return redirect("calls:call_admin", pk)
    recap = Recap(
        [
            *_facts(call),
            (_("Criteria"), ", ".join(f"{c.label} ({c.weight})" for c in call.criteria.all())),
            (_("Pieces"), call.required_pieces.count()),
        ],
        consequences=[
            _("Text, grid, pieces and form are frozen, with their SHA-256; they can no longer be changed."),
            _(
                "The call is public at once, and receives dossiers from its opening to its closing, to the second."
            ),
            _("The clock will close it by itself; only an extension decided before can put that off."),
        ],
        irreversible=True,
    )
    return _decide(request, call, _("Validate and publish the call"), form, recap)


@require_http_methods(["GET", "POST"])
def send_back(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Ask for corrections."""
    call = _call(request, pk, "calls.send_back_call")
    form = ReasonsForm(
        request.POST or None,
        verb_name="calls.send_back_call",
        case=call.case,
        cancel_url=reverse("calls:call_admin", args=[pk]),
    )
    if request.method == "POST" and form.perform(
        actions.send_back_call, call, by=request.user, now=request.now
    ):
        messages.success(request, _("The call is sent back."))
        return redirect("calls:call_admin", pk)
    recap = Recap(
        [(_("Prepared by"), str(call.prepared_by))],
        consequences=[_("Who prepared it reads your reasons and corrects it.")],
    )
    return _decide(request, call, _("Send the call back for correction"), form, recap)


@require_http_methods(["GET", "POST"])
@in_region_time
def extend(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Put the closing off."""
    call = _call(request, pk, "calls.extend_call")
    if not allowed("calls.extend_call", request.actor, call) and request.method == "GET":
        return redirect("calls:call_admin", pk)
    form = ExtendForm(
        request.POST or None,
        case=call.case,
        cancel_url=reverse("calls:call_admin", args=[pk]),
        initial={"closes_at": call.closes_at},
    )
    if request.method == "POST" and form.perform(actions.extend_call, call, by=request.user, now=request.now):
        messages.success(request, _("The deadline is extended. Every applicant who has a draft is told."))
        return redirect("calls:call_admin", pk)
    drafts = call.dossiers.filter(state="draft").count()
    recap = Recap(
        [(_("Closes now"), instant(call.closes_at, _zone(call))), (_("Drafts under way"), drafts)],
        consequences=[
            _("The new closing and its reasons are public."),
            _("Applicants who have a draft are told by mail."),
        ],
        irreversible=True,
    )
    return _decide(request, call, _("Extend the deadline"), form, recap)


@require_http_methods(["GET", "POST"])
def cancel(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Give the call up."""
    call = _call(request, pk, "calls.cancel_call")
    if not allowed("calls.cancel_call", request.actor, call) and request.method == "GET":
        return redirect("calls:call_admin", pk)
    form = ReasonsForm(
        request.POST or None,
        verb_name="calls.cancel_call",
        case=call.case,
        cancel_url=reverse("calls:call_admin", args=[pk]),
    )
    form.submit_tone = "danger"
    if request.method == "POST" and form.perform(actions.cancel_call, call, by=request.user, now=request.now):
        messages.success(request, _("The call is cancelled."))
        return redirect("calls:call_admin", pk)
    drafts = call.dossiers.filter(state="draft").count()
    recap = Recap(
        [(_("Call"), f"{call.case.reference} · {call.title}"), (_("Drafts under way"), drafts)],
        consequences=[
            _("The drafts lapse and their applicants are told."),
            _("It cannot be cancelled once a dossier was received."),
        ],
        irreversible=True,
    )
    return _decide(request, call, _("Cancel the call"), form, recap)


# -- what the views share ---------------------------------------------------------------------------------------------

_PREPARED = (CallState.DRAFT, CallState.IN_VALIDATION)
_ACTS: dict[str, tuple[Any, str, bool]] = {
    "calls.submit_for_validation": (gettext_lazy("Submit for validation"), "calls:submit_call", True),
    "calls.publish_call": (gettext_lazy("Validate and publish"), "calls:publish_call", True),
    "calls.send_back_call": (gettext_lazy("Send back for correction"), "calls:send_back_call", False),
    "calls.extend_call": (gettext_lazy("Extend the deadline"), "calls:extend_call", False),
    "calls.cancel_call": (gettext_lazy("Cancel the call"), "calls:cancel_call", False),
}


def _call(request: CaseRequest, pk: UUID, right: str = "calls.view_calls") -> Call:
    call: Call = get_visible(request.actor, Call, pk, right)
    timezone.activate(call.case.region.zone)  # instants are typed and read in the Region's time
    return call


def _zone(call: Call) -> str:
    return call.case.region.time_zone


def _place(call: Call, reason: Reason) -> str:
    if reason.field == "pact":
        return reverse("calls:pact", args=[call.pact_id])
    return reverse("calls:edit_call", args=[call.pk, PLACES.get(reason.field, "about")])


def _frame(request: CaseRequest, call: Call, faults: list[Reason], active: str = "") -> dict[str, Any]:
    lacking = {PLACES.get(reason.field, "about") for reason in faults}
    return {
        "call": call,
        "zone": _zone(call),
        "header": Header(
            call.title,
            lead=f"{call.get_kind_display()} · {call.pact}",
            reference=call.case.reference,
            badges=[call_word(call, request.now)],
            actions=[
                Link(_("As applicants see it"), reverse("calls:call", args=[call.pk]), "eye"),
                Link(_("The case"), reverse("workflows:case", args=[call.case_id]), "folder"),
            ],
        ),
        "crumbs": [
            Link(_("Calls"), reverse("calls:calls")),
            Link(call.case.reference, reverse("calls:call_admin", args=[call.pk])),
        ],
        "steps": [
            Step(
                title,
                "problem" if code in lacking else "done",
                _("to be completed") if code in lacking else "",
                reverse("calls:edit_call", args=[call.pk, code]) if call.state == CallState.DRAFT else "",
                active=code == active,
            )
            for code, (title, _form) in SECTIONS.items()
        ],
    }


def _facts(call: Call) -> list[tuple[Any, Any]]:
    zone = _zone(call)
    facts: list[tuple[Any, Any]] = [
        (_("Opens"), instant(call.opens_at, zone)),
        (_("Closes"), instant(call.closes_at, zone)),
        (_("Envelope"), money(call.envelope.amount)),
        (_("Maximum rate"), f"{call.max_rate.normalize():f} %"),
        (_("Subsidy"), f"{money(call.min_amount)} – {money(call.max_amount)}"),
        (_("State-aid basis"), call.get_aid_basis_display()),
        (_("Axes"), ", ".join(axis.code for axis in call.axes.all())),
        (_("COPAREF opinion"), call.get_coparef_display()),
        (_("Prepared by"), str(call.prepared_by)),
    ]
    if call.first_closes_at:
        facts.insert(2, (_("Closing before its extension"), instant(call.first_closes_at, zone)))
    if call.validated_by:
        facts.append((_("Validated by"), str(call.validated_by)))
        facts.append((_("SHA-256 of the frozen text"), call.text_sha256))
    return facts


def _decide(request: CaseRequest, call: Call, title: str, form: VerbForm, recap: Recap) -> HttpResponse:
    context = {
        "header": Header(title, lead=call.title, reference=call.case.reference),
        "crumbs": [
            Link(_("Calls"), reverse("calls:calls")),
            Link(call.case.reference, reverse("calls:call_admin", args=[call.pk])),
        ],
        "form": form,
        "recap": recap,
    }
    return render(request, "calls/decision.html", context, status=422 if form.is_bound else 200)
