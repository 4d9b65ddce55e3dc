"""What anybody may read without signing in: open calls, one call, past calls and their results."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.models import LegalForm
from calls.models import Call, CallState, CoparefScope, Dossier, DossierState, PieceCondition, RequiredPiece
from calls.queries import (
    extension_reasons,
    get_call,
    open_calls,
    past_calls,
    produced,
    public_label,
    received,
    results,
    territory_label,
)
from calls.reference import read_sections
from calls.words import call_word
from workflows.components import Header, Link
from workflows.middleware import CaseRequest
from workflows.models import ScanState
from workflows.store import open_version
from workflows.templatetags.ui import money


@login_not_required
@require_GET
def home(request: CaseRequest) -> HttpResponse:
    """The front door: open calls for a visitor, their own place for whoever is signed in."""
    if getattr(request, "actor", None) is not None:
        return redirect("workflows:home")
    return open_list(request)


@login_not_required
@require_GET
def open_list(request: CaseRequest) -> HttpResponse:
    """The calls that receive dossiers, the first to close first, and those announced."""
    found = list(open_calls(request.now).prefetch_related("axes"))
    context = {
        "header": Header(
            _("Open calls"),
            lead=_("What each one funds, for whom, how much, and until when. No account is needed to read."),
            actions=[Link(_("Past calls and results"), reverse("calls:past_calls"), "history")],
        ),
        "open": [call for call in found if call.opens_at <= request.now],
        "announced": [call for call in found if call.opens_at > request.now],
    }
    return render(request, "calls/public/open_calls.html", context)


@login_not_required
@require_GET
def past_list(request: CaseRequest) -> HttpResponse:
    """The calls whose window is over, the last to close first, with their results once notified."""
    page = Paginator(past_calls(request.now), 20).get_page(request.GET.get("page"))
    rows = [
        (call, call_word(call, request.now), call.state in (CallState.DECIDED, CallState.COMPLETED))
        for call in page
    ]
    header = Header(_("Past calls and results"))
    return render(request, "calls/public/past_calls.html", {"header": header, "rows": rows, "page": page})


@login_not_required
@require_GET
def call(request: CaseRequest, pk: UUID) -> HttpResponse:
    """One call: what, for whom, how much, until when, what to prepare."""
    found = get_call(request.actor, pk)
    zone = found.case.region.time_zone
    awards = list(results(found)) if found.state in (CallState.DECIDED, CallState.COMPLETED) else []
    is_open = found.state == CallState.PUBLISHED and found.opens_at <= request.now < found.closes_at
    context = {
        "call": found,
        "zone": zone,
        "header": Header(
            found.title,
            lead=f"{found.get_kind_display()} · {found.case.region}",
            reference=found.case.reference,
            badges=[call_word(found, request.now)],
            facts=_facts(found),
        ),
        "crumbs": [Link(_("Open calls"), reverse("calls:open_calls"))],
        "is_open": is_open,
        "own": _own_dossiers(request, found),
        "may_apply": is_open and (request.actor is None or not request.actor.staff_regions),
        "axes": list(found.axes.all()),
        "publics": [public_label(code) for code in found.publics],
        "territories": [territory_label(code) for code in found.territories],
        "criteria": list(found.criteria.all()),
        "pieces": [(piece, _who_gives(piece)) for piece in found.required_pieces.all()],
        "sections": read_sections(found.text),
        "calendar": _calendar(found),
        "extension": extension_reasons(found),
        "text": _text_of(found),
        "awards": awards,
        "awarded": sum((dossier.awarded_amount or Decimal(0) for dossier in awards), Decimal(0)),
        "received": received(found) if found.state in (CallState.DECIDED, CallState.COMPLETED) else None,
        "preview": found.state in (CallState.DRAFT, CallState.IN_VALIDATION),
    }
    return render(request, "calls/public/call.html", context)


@login_not_required
@require_GET
def call_text(request: CaseRequest, pk: UUID) -> HttpResponseBase:
    """The text of the call as it was published, as a PDF."""
    found = get_call(request.actor, pk)
    version = _text_of(found)
    if version is None:
        raise Http404
    response = FileResponse(
        open_version(version), as_attachment=True, filename=version.name, content_type="application/pdf"
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _text_of(found: Call) -> Any:
    if found.published_at is None:
        return None
    version = produced(found.case_id, "call_text")
    return version if version is not None and version.scan == ScanState.CLEAN else None


def _facts(found: Call) -> list[str]:
    return [
        _("Envelope: %(amount)s") % {"amount": money(found.envelope.amount)},
        _("Up to %(rate)s%% of the eligible expenses") % {"rate": f"{found.max_rate.normalize():f}"},
        _("From %(least)s to %(most)s per project")
        % {"least": money(found.min_amount), "most": money(found.max_amount)}
        if found.min_amount
        else _("%(most)s at most per project") % {"most": money(found.max_amount)},
    ]


def _who_gives(piece: RequiredPiece) -> str:
    """Whom a piece is asked of, and when."""
    labels = dict(LegalForm.choices)
    who = ", ".join(str(labels[form]) for form in piece.legal_forms if form in labels) or _("All applicants")
    return who if piece.condition == PieceCondition.ALWAYS else f"{who} · {piece.get_condition_display()}"


def _calendar(found: Call) -> list[str]:
    """Who is consulted and for how long, in order."""
    steps = [_("Check of the pieces, then of the admissibility and eligibility.")]
    reviewers = found.assessors_per_dossier
    steps.append(
        ngettext(
            "Assessment by %(n)s reviewer, within %(days)s days.",
            "Assessment by %(n)s reviewers, within %(days)s days.",
            reviewers,
        )
        % {"n": reviewers, "days": found.assessment_days}
    )
    if found.colleges:
        steps.append(
            _("Opinions of the colleges consulted, within %(days)s days.") % {"days": found.opinion_days}
        )
    if found.coparef != CoparefScope.NONE:
        steps.append(_("Opinion of the COPAREF, within %(days)s days.") % {"days": found.coparef_days})
    steps.append(_("Selection, then vote of the commission permanente."))
    steps.append(_("Contract, payments and reports."))
    return steps


def _own_dossiers(request: CaseRequest, found: Call) -> list[Dossier]:
    """What the reader's organisations have begun or filed in this call."""
    if request.actor is None or not request.actor.organisations:
        return []
    rows = found.dossiers.filter(organisation__in=request.actor.organisations)
    return list(rows.exclude(state=DossierState.WITHDRAWN).select_related("case", "organisation"))
