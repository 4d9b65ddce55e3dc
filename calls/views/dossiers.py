"""The applicant's dossiers: home, beginning, submission, receipt, withdrawal, printed application."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Membership, MembershipRole
from accounts.models.base import valid_on
from accounts.rules import may
from calls import actions
from calls.forms.dossiers import StartForm, SubmitForm, WithdrawForm
from calls.models import Call, CallState, Dossier, DossierState, Receipt
from calls.queries import (
    ExpectedPiece,
    document_frame,
    dossier_lines,
    dossiers_of,
    expected_pieces,
    get_call,
    missing,
    open_calls,
    plan_of,
    printed_dossier,
    produced,
    remedies,
)
from calls.reference import ATTESTATIONS, EXPENSES, INCOMES
from calls.views.drafts import draft_of, place_url
from calls.words import dossier_word
from workflows.access import note_access
from workflows.components import Empty, Header, Link, Recap
from workflows.engine import allowed
from workflows.middleware import CaseRequest
from workflows.models import Access, WorkItem, WorkItemState
from workflows.pdf import render_pdf
from workflows.queries import get_visible
from workflows.story import task_title, task_url
from workflows.templatetags.ui import day, money, short_day


@require_GET
def my_dossiers(request: CaseRequest) -> HttpResponse:
    """The applicant's home: what to do next, drafts by deadline, what is under way, what is over."""
    actor = request.actor
    dossiers = list(dossiers_of(actor))
    tasks: dict[Any, list[WorkItem]] = {}
    waiting = WorkItem.objects.filter(
        case__in=[d.case_id for d in dossiers], state=WorkItemState.OPEN, audience__in=actor.audiences
    ).select_related("case__region")
    for item in waiting.order_by("due_at", "opened_at"):
        tasks.setdefault(item.case_id, []).append(item)
    drafts = [d for d in dossiers if d.state == DossierState.DRAFT]
    over = [d for d in dossiers if d.told_state() in _OVER or d.state == DossierState.LAPSED]
    live = [d for d in dossiers if d not in drafts and d not in over]
    requests = Membership.objects.filter(
        organisation__in=[m.organisation_id for m in actor.memberships if m.role == MembershipRole.SIGNATORY],
        approved_at__isnull=True,
        valid_to__isnull=True,
    ).count()
    context = {
        "header": Header(
            _("My dossiers"), actions=[Link(_("Open calls"), reverse("calls:open_calls"), "calendar")]
        ),
        "drafts": [(d, dossier_word(d)) for d in drafts],
        "live": [
            (d, dossier_word(d), [(task_title(i), task_url(i), i.due_at) for i in tasks.get(d.case_id, [])])
            for d in live
        ],
        "over": [(d, dossier_word(d)) for d in over],
        "memberships": actor.memberships,
        "waiting_memberships": list(
            Membership.objects.filter(
                user=actor.user, approved_at__isnull=True, valid_to__isnull=True
            ).select_related("organisation")
        ),
        "requests": requests,
        "open_calls": list(open_calls(request.now)[:3]),
        "empty": Empty(
            _("No dossier yet"),
            _("Choose an open call, then begin your dossier: it saves itself as you type."),
            Link(_("See the open calls"), reverse("calls:open_calls"), "calendar"),
            icon="folder",
        ),
    }
    return render(request, "calls/dossiers/mine.html", context)


_OVER = frozenset(
    {
        DossierState.INADMISSIBLE,
        DossierState.INELIGIBLE,
        DossierState.REFUSED,
        DossierState.WITHDRAWN,
        DossierState.CLOSED,
    }
)


@require_http_methods(["GET", "POST"])
def start(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Begin a dossier: an organisation and a title are enough."""
    call = get_call(request.actor, pk)
    if not may(request.actor, "calls.create_dossier", call):
        if request.actor.posts or request.actor.seats:
            raise Http404
        messages.info(request, _("First join or create your organisation: it is the one that applies."))
        return redirect(f"{reverse('accounts:join')}?next={request.path}")
    form = StartForm(request.POST or None, actor=request.actor, cancel_url=reverse("calls:call", args=[pk]))
    if request.method == "POST":
        dossier = form.perform(actions.create_dossier, call, by=request.user, now=request.now)
        if dossier:
            messages.success(request, _("Your dossier is begun. It is saved as you type."))
            return redirect("calls:draft", dossier.pk)
    is_open = call.state == CallState.PUBLISHED and call.opens_at <= request.now < call.closes_at
    context = {
        "header": Header(_("Start a dossier"), lead=call.title, reference=call.case.reference),
        "call": call,
        "zone": call.case.region.time_zone,
        "form": form,
        "is_open": is_open,
        "own": list(
            call.dossiers.filter(
                organisation__in=request.actor.organisations, state=DossierState.DRAFT
            ).select_related("case", "organisation")
        ),
    }
    return render(request, "calls/dossiers/start.html", context)


@require_http_methods(["GET", "POST"])
def submit(request: CaseRequest, pk: UUID) -> HttpResponse:
    """What is about to be submitted, what follows, and the attestation."""
    dossier = draft_of(request, pk)
    may_sign = may(request.actor, "calls.submit", dossier)
    if request.method == "POST" and not may_sign:
        raise Http404
    if dossier.state != DossierState.DRAFT and request.method == "GET":
        return redirect("calls:receipt", pk) if dossier.submitted_at else redirect("calls:draft", pk)
    form = SubmitForm(
        request.POST or None,
        initial={"attested_capacity": _own_capacity(request, dossier)},
        cancel_url=reverse("calls:draft", args=[pk]),
    )
    if request.method == "POST" and form.perform(actions.submit, dossier, by=request.user, now=request.now):
        messages.success(request, _("Your dossier is submitted."))
        return redirect("calls:receipt", pk)
    expected = expected_pieces(dossier)
    reasons = missing(dossier, expected=expected)
    context = {
        "header": Header(
            _("Submit the dossier"),
            lead=dossier.title,
            reference=dossier.case.reference,
            badges=[dossier_word(dossier)],
        ),
        "crumbs": [
            Link(_("My dossiers"), reverse("calls:my_dossiers")),
            Link(dossier.case.reference, reverse("calls:draft", args=[pk])),
        ],
        "dossier": dossier,
        "zone": dossier.call.case.region.time_zone,
        "reasons": [(reason, place_url(dossier, reason)) for reason in reasons],
        "recap": _submission_recap(dossier, expected, may_sign),
        "attestations": ATTESTATIONS,
        "form": form if may_sign and not reasons else None,
        "may_sign": may_sign,
        "signatories": [] if may_sign else _signatories(dossier, request),
        "closed": request.now >= dossier.call.closes_at,
    }
    return render(request, "calls/dossiers/submit.html", context, status=422 if form.is_bound else 200)


@require_GET
def receipt(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The acknowledgement of receipt, with the mentions of CRPA R112-11-1, at once; its PDF follows."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "calls.view_receipt")
    found = Receipt.objects.filter(dossier=dossier).first()
    if found is None:
        raise Http404
    region = dossier.case.region
    version = produced(dossier.case_id, "receipt")
    context = {
        "header": Header(
            _("Acknowledgement of receipt"), lead=dossier.title, reference=dossier.case.reference
        ),
        "dossier": dossier,
        "receipt": found,
        "region": region,
        "remedies": remedies(region),
        "version": version,
        "url": reverse("workflows:download", args=[version.pk]) if version else "",
        "pieces": [item for item in expected_pieces(dossier) if item.version],
        "attestation": found.attestation.splitlines(),
        "own": request.actor.may_edit(dossier.organisation_id),
    }
    return render(request, "calls/dossiers/receipt.html", context)


@require_http_methods(["GET", "POST"])
def withdraw(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Give the application up, knowing what that means."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "calls.withdraw")
    if not allowed("calls.withdraw", request.actor, dossier) and request.method == "GET":
        raise Http404
    submitted = dossier.submitted_at is not None
    back = (
        reverse("workflows:case", args=[dossier.case_id]) if submitted else reverse("calls:draft", args=[pk])
    )
    form = WithdrawForm(request.POST or None, submitted=submitted, case=dossier.case, cancel_url=back)
    if request.method == "POST" and form.perform(actions.withdraw, dossier, by=request.user, now=request.now):
        messages.success(request, _("The dossier is withdrawn."))
        return redirect("calls:my_dossiers")
    consequences = [_("Nobody will work on it any more, and it cannot be taken up again.")]
    if not submitted:
        consequences.append(
            _("You may begin another dossier as long as the call is open: until %(day)s.")
            % {"day": day(dossier.call.closes_at)}
        )
    else:
        consequences.append(_("The Region is told at once."))
    if dossier.told_state() == DossierState.AWARDED:
        consequences.append(
            _("You give up the subsidy of %(amount)s.") % {"amount": money(dossier.awarded_amount)}
        )
    context = {
        "header": Header(_("Withdraw the dossier"), lead=dossier.title, reference=dossier.case.reference),
        "form": form,
        "recap": Recap(
            [
                (_("Dossier"), f"{dossier.case.reference} · {dossier.title}"),
                (_("Organisation"), dossier.organisation.name),
            ],
            consequences=consequences,
            irreversible=True,
        ),
    }
    return render(request, "calls/decision.html", context, status=422 if form.is_bound else 200)


@require_GET
def application_page(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The whole application as one readable document, made to be printed."""
    dossier = _readable(request, pk)
    context = {
        "header": Header(
            dossier.title,
            lead=f"{dossier.organisation} · {dossier.call.title}",
            reference=dossier.case.reference,
            badges=[dossier_word(dossier, request.actor)],
            actions=[Link(_("As a PDF"), reverse("calls:application_pdf", args=[pk]), "download")],
        ),
        "dossier": dossier,
        **whole_application(dossier),
    }
    return render(request, "calls/dossiers/print.html", context)


@require_GET
def application_pdf(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The whole application as a PDF, made on the spot from what is stored."""
    dossier = _readable(request, pk)
    note_access(request.actor, dossier.case, Access.DOWNLOAD, now=request.now, detail="application.pdf")
    found = Receipt.objects.filter(dossier=dossier).first()
    label = (
        dossier.applicant_label()
        if request.actor.may_edit(dossier.organisation_id)
        else dossier.get_state_display()
    )
    at = dossier.submitted_at or request.now
    data = document_frame(dossier.case, at) | printed_dossier(
        dossier, state=str(label), now=at, submitted_by=found.attested_by if found else ""
    )
    response = HttpResponse(render_pdf("dossier_print", data, produced_at=at), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{dossier.case.reference}.pdf"'
    response["Cache-Control"] = "no-store, private"
    return response


def whole_application(dossier: Dossier) -> dict[str, Any]:
    """What the readable application shows: words, partners, budget, indicators, pieces."""
    plan = plan_of(dossier)
    years = plan.all_years
    sides = [
        (
            title,
            [
                (f"{d.code} {d.label}", [plan.cell(y, d.code) for y in years], plan.line(d.code))
                for d in definitions
                if plan.line(d.code)
            ],
            totals,
            whole,
        )
        for title, definitions, totals, whole in (
            (_("Expenses"), EXPENSES, [t.expenses for t in plan.totals], plan.expenses),
            (_("Incomes"), INCOMES, [t.incomes for t in plan.totals], plan.incomes),
        )
    ]
    return {
        "sections": dossier_lines(dossier),
        "partners": list(dossier.partners.all()),
        "plan": plan,
        "years": years,
        "sides": sides,
        "indicators": list(dossier.indicators.all()),
        "pieces": expected_pieces(dossier),
    }


def _readable(request: CaseRequest, pk: UUID) -> Dossier:
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "calls.view_application")
    if request.actor is not None and not request.actor.may_edit(dossier.organisation_id):
        note_access(request.actor, dossier.case, Access.VIEW, now=request.now, detail="application")
    return dossier


def _own_capacity(request: CaseRequest, dossier: Dossier) -> str:
    return next(
        (m.capacity for m in request.actor.memberships if m.organisation_id == dossier.organisation_id), ""
    )


def _signatories(dossier: Dossier, request: CaseRequest) -> list[str]:
    rows = valid_on(
        Membership.objects.filter(
            organisation=dossier.organisation, role=MembershipRole.SIGNATORY, approved_at__isnull=False
        ).select_related("user"),
        request.actor.day,
    )
    return [str(row.user) for row in rows]


def _submission_recap(dossier: Dossier, expected: list[ExpectedPiece], may_sign: bool) -> Recap:
    call: Call = dossier.call
    given = sum(1 for item in expected if item.version)
    period = (
        f"{short_day(dossier.starts_on)} – {short_day(dossier.ends_on)}"
        if dossier.starts_on and dossier.ends_on
        else "—"
    )
    return Recap(
        [
            (_("Call"), f"{call.case.reference} · {call.title}"),
            (_("Organisation"), f"{dossier.organisation} · SIRET {dossier.organisation.siret}"),
            (_("Project"), dossier.title),
            (_("Period"), period),
            (_("Total cost"), money(dossier.total_cost)),
            (_("Subsidy requested"), money(dossier.requested_amount)),
            (_("Pieces given"), given),
        ],
        consequences=[
            _("The dossier can no longer be changed; the Region may ask for missing pieces."),
            _("You receive the acknowledgement of receipt at once, on the next page and by mail."),
            _(
                "Without an answer within two months, a complete request is deemed rejected; the exact day is on the receipt."
            ),
        ],
        others=[] if may_sign else [_("A signatory of your organisation submits the dossier.")],
        irreversible=True,
    )
