"""What the case page says of the reviews: a dossier's examination and decision, a call's selection."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from accounts.queries import Actor
from calls.models import Call, Dossier, DossierState, Envelope
from reviews.models import Admissibility, Decision, Deliberation, Letter, LetterState, PieceRequest, Ranking
from reviews.queries import is_released
from reviews.shown import clock_of, review_of
from reviews.words import letter_word, ranking_word
from workflows.case_page import Shown, tab
from workflows.middleware import CaseRequest
from workflows.models import Case, CaseKind


def _dossier(case: Case) -> Dossier:
    return Dossier.objects.select_related(*Dossier.related).get(case=case)


def _inside(actor: Actor, case: Case) -> bool:
    return actor.is_staff_of(case.region_id) or actor.audits(case.region_id)


def _has_review(actor: Actor, case: Case) -> bool:
    """The examination is shown to those inside; to the applicant once the decision is notified; to judges, their part."""
    dossier = _dossier(case)
    if dossier.submitted_at is None:
        return False
    if actor.may_edit(case.organisation_id) and not _inside(actor, case):
        return is_released(dossier)
    return True


@tab(CaseKind.DOSSIER, "review", gettext_lazy("Examination"), order=30, when=_has_review)
def review(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """Checks, assessments, opinions and synthesis, as far as the reader may read them."""
    dossier = _dossier(case)
    inside = _inside(actor, case)
    return "reviews/tabs/review.html", {
        **review_of(request, dossier),
        "judgments": Admissibility.objects.filter(dossier=dossier).select_related("decided_by")
        if inside
        else [],
        "requests": PieceRequest.objects.filter(dossier=dossier).order_by("requested_on") if inside else [],
        **(clock_of(request, dossier) if inside else {"clock": None, "clock_word": None}),
    }


def _has_decision(actor: Actor, case: Case) -> bool:
    if _inside(actor, case):
        return Letter.objects.filter(case=case).exists()
    return (
        actor.may_edit(case.organisation_id)
        and Letter.objects.filter(case=case, state=LetterState.RELEASED).exists()
    )


@tab(CaseKind.DOSSIER, "decision", gettext_lazy("Decision"), order=35, when=_has_decision)
def decision(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """What was decided, by which deliberation, and the letters; the applicant sees what was notified."""
    inside = _inside(actor, case)
    letters = Letter.objects.filter(case=case).order_by("-drafted_at")
    decisions = (
        Decision.objects.filter(case=case).select_related("deliberation").order_by("-decided_on", "-id")
    )
    dossier = _dossier(case)
    if not inside:
        letters = letters.filter(state=LetterState.RELEASED)
        if dossier.decision_released_at is None or dossier.state == DossierState.WITHDRAWN:
            decisions = decisions.none()
    return "reviews/tabs/decision.html", {
        "dossier": dossier,
        "letters": [(letter, letter_word(letter)) for letter in letters],
        "decisions": decisions,
        "inside": inside,
    }


@tab(CaseKind.CALL, "selection", gettext_lazy("Selection"), order=30, right="reviews.see_selection")
def selection(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The rankings of the call, the votes, and what the envelope still holds."""
    call = Call.objects.select_related(*Call.related).get(case=case)
    rankings = (
        Ranking.objects.filter(call=call).select_related("proposed_by", "validated_by").order_by("-number")
    )
    return "reviews/tabs/selection.html", {
        "call": call,
        "envelope": Envelope.objects.get(call=call),
        "rankings": [(ranking, ranking_word(ranking)) for ranking in rankings],
        "deliberations": Deliberation.objects.filter(call=call).order_by("-voted_on"),
    }
