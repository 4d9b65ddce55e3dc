"""Who may read which judgment: others' are hidden until one's own is in, and from the applicant until the decision is notified.

Opinions on the compared merits of several requests are not communicable before the decision that they prepare, and are after
it (CRPA L311-2, domain §4.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from calls.models import Criterion, Dossier
from reviews.models import (
    Assessment,
    Assignment,
    AssignmentState,
    BodyOpinion,
    CollegeOpinion,
    Letter,
    LetterState,
    OpinionState,
    Score,
)
from reviews.rules.grid import mean
from workflows.models import Recusal

PENDING = frozenset({AssignmentState.ASSIGNED, AssignmentState.OPEN})


def is_released(dossier: Dossier) -> bool:
    """Whether a decision on the dossier was notified, which ends the embargo."""
    return (
        dossier.decision_released_at is not None
        or Letter.objects.filter(dossier=dossier, state=LetterState.RELEASED).exists()
    )


def assessments_visible_to(actor: Actor, dossier: Dossier) -> QuerySet[Assessment]:
    """The assessments of a dossier that ``actor`` may read.

    One's own always; others' once submitted, to staff, auditors and the judges of the dossier who have no assessment of
    their own left to give; never to the applicant, who reads the mean scores after the decision.
    """
    rows = (
        Assessment.objects.filter(assignment__dossier=dossier)
        .select_related("assignment__reviewer")
        .prefetch_related("scores__criterion")
    )
    if _recused(actor, dossier):
        return rows.none()
    own = Q(assignment__reviewer=actor.user)
    mine = Assignment.objects.filter(dossier=dossier, reviewer=actor.user).values_list("state", flat=True)
    if any(state in PENDING for state in mine):
        return rows.filter(own)
    if _inside(actor, dossier) or AssignmentState.DONE in mine or _judges(actor, dossier):
        return rows.filter(own | Q(submitted_at__isnull=False))
    return rows.filter(own)


def opinions_visible_to(actor: Actor, dossier: Dossier) -> QuerySet[CollegeOpinion]:
    """The opinions of the colleges that ``actor`` may read.

    Staff and auditors: all. A seat holder: their college's, and the others' once theirs is given or its time is over. The
    applicant: all of them once the decision is notified. Nobody else.
    """
    rows = CollegeOpinion.objects.filter(dossier=dossier).select_related("given_by", "body")
    rows = rows.prefetch_related("reservations").order_by("college")
    if _recused(actor, dossier):
        return rows.none()
    if _inside(actor, dossier):
        return rows
    if actor.may_edit(dossier.organisation_id):
        return rows if is_released(dossier) else rows.none()
    own = [row for row in rows if actor.sits(row.body_id, row.college)]
    if not own:
        return rows.none()
    if all(row.state != OpinionState.AWAITED for row in own):
        return rows
    return rows.filter(pk__in=[row.pk for row in own])


def body_opinions_visible_to(actor: Actor, dossier: Dossier) -> QuerySet[BodyOpinion]:
    """The COPAREF's opinions, on the call's shortlist and on the dossier, that ``actor`` may read."""
    rows = BodyOpinion.objects.filter(
        Q(dossier=dossier) | Q(call=dossier.call_id, dossier__isnull=True)
    ).select_related("body", "given_by")
    if _recused(actor, dossier):
        return rows.none()
    if _inside(actor, dossier) or any(s.body_id in {r.body_id for r in rows} for s in actor.seats):
        return rows
    if actor.may_edit(dossier.organisation_id) and is_released(dossier):
        return rows
    return rows.none()


def mean_scores(dossiers: list[UUID]) -> dict[UUID, dict[UUID, Decimal]]:
    """For each dossier, the mean of its submitted assessments on each criterion (one query)."""
    values: dict[UUID, dict[UUID, list[int]]] = {}
    rows = Score.objects.filter(
        assessment__assignment__dossier__in=dossiers,
        assessment__submitted_at__isnull=False,
        value__isnull=False,
    ).values_list("assessment__assignment__dossier_id", "criterion_id", "value")
    for dossier_id, criterion_id, value in rows:
        values.setdefault(dossier_id, {}).setdefault(criterion_id, []).append(value or 0)
    return {d: {c: mean(v) for c, v in by_criterion.items()} for d, by_criterion in values.items()}


def scale(criteria: list[Criterion], means: Mapping[UUID, Decimal]) -> list[tuple[Criterion, Decimal | None]]:
    """The grid with the mean on each criterion, in its order."""
    return [(criterion, means.get(criterion.pk)) for criterion in criteria]


def _inside(actor: Actor, dossier: Dossier) -> bool:
    return actor.is_staff_of(dossier.case.region_id) or actor.audits(dossier.case.region_id)


def _judges(actor: Actor, dossier: Dossier) -> bool:
    opinions = CollegeOpinion.objects.filter(dossier=dossier).values_list("body_id", "college")
    return any(actor.sits(body_id, college) for body_id, college in opinions)


def _recused(actor: Actor, dossier: Dossier) -> bool:
    return Recusal.objects.filter(case=dossier.case_id, user=actor.user).exists()
