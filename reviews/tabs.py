"""What the case page of a dossier tells of its examination: checks, assessments, opinions, decision and letters.

Everything goes through the queries that keep the embargo: the applicant reads opinions once the decision is notified.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.queries import Actor
from calls.models import Dossier
from reviews.models import Admissibility, Decision, Letter, LetterState, PieceRequest, Synthesis
from reviews.queries.completeness import legal_clock
from reviews.queries.judgments import (
    assessments_visible_to,
    body_opinions_visible_to,
    is_released,
    opinions_visible_to,
)
from workflows.case_page import Shown, tab
from workflows.engine import local_day
from workflows.middleware import CaseRequest
from workflows.models import Case, CaseKind, ScanState


def _dossier(case: Case) -> Dossier:
    return Dossier.objects.select_related(*Dossier.related).get(case=case)


def _inside(actor: Actor, case: Case) -> bool:
    return actor.is_staff_of(case.region_id) or actor.audits(case.region_id)


def _received(actor: Actor, case: Case) -> bool:
    return Dossier.objects.filter(case=case, submitted_at__isnull=False).exists()


@tab(CaseKind.DOSSIER, "review", gettext_lazy("Examination"), order=30, when=_received)
def review(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """Checks, requests for pieces, assessments and opinions, each as far as the reader may know."""
    dossier = _dossier(case)
    inside = _inside(actor, case)
    own = actor.may_edit(dossier.organisation_id)
    told = inside or (own and is_released(dossier))
    today = local_day(request.now, case.region.time_zone)
    context: dict[str, Any] = {
        "dossier": dossier,
        "inside": inside,
        "clock": legal_clock(dossier, today) if inside or own else None,
        "requests": PieceRequest.objects.filter(dossier=dossier).order_by("requested_on")
        if inside or own
        else [],
        "checks": Admissibility.objects.filter(dossier=dossier)
        .select_related("decided_by")
        .order_by("decided_at")
        if told
        else [],
        "assessments": assessments_visible_to(actor, dossier),
        "opinions": opinions_visible_to(actor, dossier),
        "body_opinions": body_opinions_visible_to(actor, dossier),
        "synthesis": Synthesis.objects.filter(dossier=dossier).first() if told else None,
        "score": dossier.score if told else None,
        "embargo": own and not told,
    }
    return "reviews/tabs/review.html", context


@tab(CaseKind.DOSSIER, "decision", gettext_lazy("Decision and letters"), order=40, when=_received)
def decision(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The decision once it may be known, and the letters: those being written for the Region only."""
    dossier = _dossier(case)
    inside = _inside(actor, case)
    own = actor.may_edit(dossier.organisation_id)
    if not (inside or own):
        return None
    told = inside or is_released(dossier)
    letters = (
        Letter.objects.filter(dossier=dossier)
        .select_related("document", "released_by")
        .order_by("drafted_at")
    )
    if not inside:
        letters = letters.filter(state=LetterState.RELEASED)
    lines = []
    for letter in letters.prefetch_related("document__versions"):
        versions = list(letter.document.versions.all()) if letter.document else []
        lines.append((letter, versions[0] if versions and versions[0].scan == ScanState.CLEAN else None))
    return "reviews/tabs/decision.html", {
        "inside": inside,
        "decisions": Decision.objects.filter(dossier=dossier)
        .select_related("deliberation")
        .order_by("decided_on", "id")
        if told
        else [],
        "letters": lines,
    }
