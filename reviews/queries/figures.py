"""The colleges' opinions counted: by college and value, for those who may read each of them."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from calls.models import Call, Dossier
from reviews.models import CollegeOpinion, OpinionState


def opinions_by_college(actor: Actor, call: Call, dossiers: QuerySet[Dossier]) -> dict[str, dict[str, int]]:
    """How many opinions of each college have each value, or state when they have none (one query).

    Staff and auditors count all of them. A seat holder counts their college's, and another college's on the dossiers where
    their own is in, as they read them one by one (:func:`reviews.queries.judgments.opinions_visible_to`).
    """
    rows = CollegeOpinion.objects.filter(dossier__in=dossiers)
    region = call.case.region_id
    if not (actor.is_staff_of(region) or actor.audits(region)):
        own = Q(pk__in=[])
        for seat in actor.seats:
            own |= Q(body=seat.body_id, college=seat.college)
        mine = CollegeOpinion.objects.filter(own, dossier=OuterRef("dossier"))
        settled = mine.exclude(state=OpinionState.AWAITED)
        rows = rows.filter(own | Exists(settled))
    found: dict[str, dict[str, int]] = {}
    for college, value, state, n in (
        rows.order_by("college").values_list("college", "value", "state").annotate(n=Count("pk"))
    ):
        counts = found.setdefault(college, {})
        counts[value or state] = counts.get(value or state, 0) + n
    return found


__all__ = ["opinions_by_college"]
