"""What the reviews add to the whole dossier taken away: judgments, opinions, the ranking and the vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import College
from calls.columns import adds_columns, among
from calls.models import Dossier
from reviews.models import (
    Admissibility,
    Assignment,
    CollegeOpinion,
    Decision,
    OpinionState,
    OpinionValue,
    PieceRequest,
    RankingLine,
    RankingList,
    Synthesis,
    SynthesisValue,
)
from reviews.queries.judgments import PENDING

COLLEGES = tuple(College)


@adds_columns(
    (_("Pieces last requested on"), "date"),
    (_("Admissibility decided on"), "datetime"),
    (_("Eligibility decided on"), "datetime"),
)
def _completeness(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    asked = PieceRequest.objects.filter(dossier__in=among(dossiers)).order_by().values_list("dossier")
    last = dict(asked.annotate(Max("requested_on")))
    judged = {
        (pk, subject): at
        for pk, subject, at in Admissibility.objects.filter(dossier__in=among(dossiers))
        .order_by()
        .values_list("dossier", "subject", "decided_at")
    }
    return {
        pk: (last.get(pk), judged.get((pk, "admissibility")), judged.get((pk, "eligibility")))
        for pk in dossiers
    }


@adds_columns((_("Score out of 100"), "number"))
def _score(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    """Not for who has still to assess the dossier: others' judgment is hidden until one's own is in."""
    mine = Assignment.objects.filter(reviewer=actor.user, state__in=PENDING).values("dossier")
    scored = (
        Dossier.objects.filter(pk__in=among(dossiers), score__isnull=False).exclude(pk__in=mine).order_by()
    )
    return {pk: (score,) for pk, score in scored.values_list("pk", "score")}


@adds_columns(
    *((format_lazy("{} · {}", _("Opinion"), c.label), "text") for c in COLLEGES), (_("Synthesis"), "text")
)
def _opinions(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    words = {code: str(label) for code, label in (*OpinionValue.choices, *SynthesisValue.choices)}
    given: dict[UUID, list[Any]] = {}
    opinions = CollegeOpinion.objects.filter(dossier__in=among(dossiers), state=OpinionState.GIVEN).order_by()
    for pk, college, value in opinions.values_list("dossier", "college", "value"):
        given.setdefault(pk, [None] * 5)[COLLEGES.index(College(college))] = words[value]
    for pk, value in Synthesis.objects.filter(dossier__in=among(dossiers)).values_list("dossier", "value"):
        given.setdefault(pk, [None] * 5)[4] = words[value]
    return given


@adds_columns(
    (_("Proposed list"), "text"),
    (_("Rank"), "integer"),
    (_("Deliberation number"), "text"),
    (_("Voted on"), "date"),
    (_("Grounds"), "text"),
)
def _selection(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    lists = {code: str(label) for code, label in RankingList.choices}
    found: dict[UUID, list[Any]] = {}
    # in order of their numbers, so that the last ranking and the last decision stay
    lines = RankingLine.objects.filter(dossier__in=among(dossiers)).order_by("ranking__number")
    for pk, name, rank in lines.values_list("dossier", "list", "rank"):
        found[pk] = [lists[name], rank, None, None, None]
    decisions = Decision.objects.filter(dossier__in=among(dossiers)).order_by(
        "decided_on", "deliberation__recorded_at"
    )
    for pk, *vote in decisions.values_list(
        "dossier", "deliberation__number", "deliberation__voted_on", "grounds"
    ):
        found.setdefault(pk, [None] * 5)[2:] = vote
    return found
