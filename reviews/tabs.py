"""What the case page says of the reviews: a dossier's examination and decision, a call's selection."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from calls.models import Call, Dossier, Envelope
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


def _received(actor: Actor, case: Case) -> bool:
    return Dossier.objects.filter(case=case, submitted_at__isnull=False).exists()


@tab(CaseKind.DOSSIER, "review", gettext_lazy("Examination"), order=30, when=_received)
def review(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """Checks, requests for pieces, assessments, opinions and synthesis, each as far as the reader may know."""
    dossier = _dossier(case)
    inside, own = _inside(actor, case), actor.may_edit(case.organisation_id)
    told = inside or (own and is_released(dossier))
    judgments = (
        Admissibility.objects.filter(dossier=dossier).select_related("decided_by").order_by("decided_at")
    )
    requests = PieceRequest.objects.filter(dossier=dossier).order_by("requested_on")
    return "reviews/tabs/review.html", {
        **review_of(request, dossier),
        "judgments": judgments if told else [],
        "requests": requests if inside or own else [],
        "embargo": own and not told,
        **(clock_of(request, dossier) if inside or own else {"clock": None, "clock_word": None}),
    }


def _may_know_the_decision(actor: Actor, case: Case) -> bool:
    return (_inside(actor, case) or actor.may_edit(case.organisation_id)) and _received(actor, case)


@tab(
    CaseKind.DOSSIER, "decision", gettext_lazy("Decision and letters"), order=40, when=_may_know_the_decision
)
def decision(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The decision once it may be known, and the letters: those being written for the Region only."""
    inside = _inside(actor, case)
    dossier = _dossier(case)
    letters = Letter.objects.filter(case=case).order_by("-drafted_at")
    if not inside:
        letters = letters.filter(state=LetterState.RELEASED)
    decisions = (
        Decision.objects.filter(case=case).select_related("deliberation").order_by("-decided_on", "-id")
    )
    told = inside or dossier.decision_released_at is not None
    return "reviews/tabs/decision.html", {
        "dossier": dossier,
        "letters": [(letter, letter_word(letter)) for letter in letters],
        "decisions": decisions if told else [],
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
