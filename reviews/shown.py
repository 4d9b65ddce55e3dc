"""What several pages and tabs of the reviews share: fetching, heads, the dossier as one document, its review, the way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from calls.models import Criterion, Dossier
from calls.queries import dossier_lines, plan_of, printed_indicators, printed_plan
from calls.words import dossier_word
from reviews.models import Assignment, InterestDeclaration, RankingLine, Synthesis
from reviews.queries import assessments_visible_to, body_opinions_visible_to, mean_scores, opinions_visible_to
from reviews.queries.completeness import ClockState, LegalClock, PieceLine, legal_clock, piece_lines
from reviews.queries.judgments import scale
from reviews.words import assignment_word, body_opinion_word, opinion_word, synthesis_word
from workflows.access import note_access
from workflows.components import Header, Link, StateWord
from workflows.dates import local_date
from workflows.middleware import CaseRequest
from workflows.models import Access, Case
from workflows.queries import get_visible
from workflows.templatetags.ui import money

#: States of the legal clock that want attention.
CLOCK_TONES = {
    ClockState.RUNNING: ("info", "clock"),
    ClockState.SUSPENDED: ("warning", "pause"),
    ClockState.BORN: ("danger", "alert"),
    ClockState.ANSWERED: ("success", "check"),
}


def dossier_of(request: CaseRequest, pk: UUID, right: str = "reviews.see_review") -> Dossier:
    """The dossier for a reader who holds ``right``, or 404; reading it is written in the access log."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, right)
    note_access(request.actor, dossier.case, Access.VIEW, now=request.now)
    return dossier


def today_of(request: CaseRequest, case: Case) -> Any:
    """The Region's present day."""
    return local_date(request.now, case.region.zone)


def head(title: Any, dossier: Dossier, reader: Actor, *, actions: list[Link] | None = None) -> Header:
    """The head of a page about a dossier: what is done here, on which dossier, with a way back to it."""
    return Header(
        title,
        lead=dossier.title,
        reference=dossier.case.reference,
        badges=[dossier_word(dossier, reader)],
        facts=[
            dossier.organisation.name,
            _("Asked: %(amount)s") % {"amount": money(dossier.requested_amount)},
        ],
        actions=[
            *(actions or []),
            Link(_("The whole dossier"), reverse("workflows:case", args=[dossier.case_id]), "folder"),
        ],
    )


def clock_of(request: CaseRequest, dossier: Dossier) -> dict[str, Any]:
    """The legal clock as shown: its state in words, its dates."""
    region = dossier.case.region_id
    inside = request.actor.is_staff_of(region) or request.actor.audits(region)
    clock: LegalClock | None = legal_clock(dossier, today_of(request, dossier.case), told=inside)
    if clock is None:
        return {"clock": None, "clock_word": None}
    tone, icon = CLOCK_TONES[clock.state]
    return {"clock": clock, "clock_word": StateWord(clock.label, tone, icon)}  # type: ignore[arg-type]


def application_of(dossier: Dossier, pieces: list[PieceLine] | None = None) -> dict[str, Any]:
    """The dossier as one readable document (``reviews/parts/application.html``); ``pieces`` when they are read already."""
    return {
        "sections": dossier_lines(dossier),
        "partners": list(dossier.partners.all()),
        "plan": printed_plan(plan_of(dossier), dossier.budget_basis),
        "indicators": printed_indicators(dossier),
        "pieces": piece_lines(dossier) if pieces is None else pieces,
    }


def onward(request: CaseRequest, case: Case, message: Any) -> HttpResponse:
    """Say what was done, and go to the next task: of this case first, else the most urgent one."""
    messages.success(request, message)
    return redirect(f"{reverse('workflows:next')}?after={case.pk}")


def posted(request: CaseRequest, prefix: str) -> Mapping[str, Any] | None:
    """The data posted for the form of that prefix, when it is the one that was sent."""
    return request.POST if request.method == "POST" and f"{prefix}-key" in request.POST else None


def status_of(request: CaseRequest) -> int:
    """422 when a form comes back with its errors."""
    return 422 if request.method == "POST" else 200


def told(person: User | None) -> str:
    """A person's name, or a dash."""
    return person.get_full_name() if person else "—"


def review_of(request: CaseRequest, dossier: Dossier) -> dict[str, Any]:
    """What this reader may read of the review: page and tab share it."""
    actor = request.actor
    inside = actor.is_staff_of(dossier.case.region_id) or actor.audits(dossier.case.region_id)
    opinions = list(opinions_visible_to(actor, dossier))
    assessments = list(assessments_visible_to(actor, dossier))
    criteria = list(Criterion.objects.filter(call=dossier.call_id).order_by("number"))
    synthesis = Synthesis.objects.filter(dossier=dossier).first()
    tells = inside or len(opinions) == len(dossier.call.colleges)
    return {
        "dossier": dossier,
        "inside": inside,
        "assignments": [
            (a, assignment_word(a))
            for a in Assignment.objects.filter(dossier=dossier).select_related("reviewer", "assessment")
        ]
        if inside
        else [],
        "assessments": assessments if inside or not actor.may_edit(dossier.organisation_id) else [],
        "grid": scale(criteria, mean_scores([dossier.pk]).get(dossier.pk, {}))
        if dossier.score is not None and tells
        else [],
        "opinions": [(o, opinion_word(o)) for o in opinions],
        "body_opinions": [(o, body_opinion_word(o)) for o in body_opinions_visible_to(actor, dossier)],
        "synthesis": synthesis if tells else None,
        "synthesis_word": synthesis_word(synthesis.value) if synthesis and tells else None,
        "score": dossier.score if tells else None,
        "lines": RankingLine.objects.filter(dossier=dossier).select_related("ranking") if inside else [],
        "declarations": InterestDeclaration.objects.filter(dossier=dossier).select_related("user")
        if inside
        else [],
        "recusals": dossier.case.recusals.select_related("user") if inside else [],
    }
