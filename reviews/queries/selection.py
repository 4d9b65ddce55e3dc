"""Reads of the selection: who may be ranked, how lines add up, who is next on the reserve list."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from calls.models import UNDER_EXAMINATION, Call, CoparefScope, Criterion, Dossier, DossierState, Envelope
from reviews.models import (
    BodyOpinion,
    BodyOpinionState,
    Decision,
    Outcome,
    Ranking,
    RankingLine,
    RankingList,
    RankingState,
    Synthesis,
)
from reviews.queries.interests import coparef_of
from reviews.queries.judgments import mean_scores
from reviews.rules.grid import CENT, eliminated
from reviews.rules.selection import Candidate, Line, Place, Reckoning, places, what_if
from workflows.models import Recusal


def most(dossier: Dossier, call: Call) -> Decimal:
    """The most that a dossier may be given: what it asks, within the call's ceiling and rate, cents rounded down."""
    by_rate = (call.max_rate * dossier.eligible_cost / 100).quantize(CENT, ROUND_DOWN)
    return min(dossier.requested_amount, call.max_amount, by_rate)


def still_examined(call: Call) -> QuerySet[Dossier]:
    """The dossiers of a call whose review is not over yet: no ranking is fair before."""
    return Dossier.objects.filter(call=call, state__in=UNDER_EXAMINATION - {DossierState.REVIEWED})


def candidates(call: Call) -> list[Candidate]:
    """The reviewed dossiers of a call, with what the ranking rule looks at (three queries)."""
    dossiers = list(Dossier.objects.filter(call=call, state=DossierState.REVIEWED).order_by("submitted_at"))
    criteria = list(Criterion.objects.filter(call=call).order_by("number"))
    means = mean_scores([d.pk for d in dossiers])
    starred = [c.pk for c in criteria if c.eliminatory]
    labels = {c.pk: c.label for c in criteria}
    found = []
    for dossier in dossiers:
        of = means[dossier.pk]
        assert dossier.score is not None
        assert dossier.submitted_at is not None
        found.append(
            Candidate(
                key=dossier.pk,
                score=dossier.score,
                first=of[criteria[0].pk],
                second=of[criteria[1].pk] if len(criteria) > 1 else Decimal(0),
                received_at=dossier.submitted_at,
                amount=most(dossier, call),
                eliminated=tuple(labels[pk] for pk in eliminated(of, starred)),
            )
        )
    return found


def by_the_rule(call: Call) -> list[Place]:
    """Where the published rule puts each reviewed dossier, within what the envelope still holds."""
    envelope = Envelope.objects.get(call=call)
    return places(candidates(call), envelope=envelope.amount - envelope.committed, threshold=call.threshold)


def syntheses(call: Call) -> dict[UUID, str]:
    """The synthesis of the opinions, by dossier."""
    return dict(Synthesis.objects.filter(dossier__call=call).values_list("dossier_id", "value"))


def coparef_to_come(call: Call, day: Any) -> bool:
    """Whether the COPAREF must still be asked, or still has time to answer, on the shortlist."""
    if call.coparef == CoparefScope.NONE:
        return False
    answers = BodyOpinion.objects.filter(call=call, dossier__isnull=True).values_list("state", flat=True)
    if not answers:
        return coparef_of(call.case.region, day) is not None
    return BodyOpinionState.REQUESTED in answers


def current_ranking(call: Call) -> Ranking | None:
    """The ranking at work: the last version."""
    return Ranking.objects.filter(call=call).order_by("-number").first()


def lines_visible_to(actor: Actor, ranking: Ranking) -> QuerySet[RankingLine]:
    """The lines of a ranking without those of the dossiers that the person was kept out of."""
    return (
        RankingLine.objects.filter(ranking=ranking)
        .exclude(dossier__case__in=Recusal.objects.filter(user=actor.user).values("case"))
        .select_related("dossier__case", "dossier__organisation")
        .order_by("rank")
    )


def recusals_in(ranking: Ranking, actor: Actor) -> int:
    """How many dossiers of a ranking the person was kept out of: then they neither propose nor validate it (R133-12)."""
    return RankingLine.objects.filter(
        ranking=ranking, dossier__case__in=Recusal.objects.filter(user=actor.user).values("case")
    ).count()


def reckon(
    ranking: Ranking,
    *,
    amounts: Mapping[UUID, Decimal] | None = None,
    lists: Mapping[UUID, str] | None = None,
) -> Reckoning:
    """What a ranking comes to, with other amounts or lists for some dossiers: the what-if. Nothing is written."""
    amounts, lists = amounts or {}, lists or {}
    envelope = Envelope.objects.get(call=ranking.call_id)
    committed = envelope.committed if ranking.state != RankingState.VOTED else Decimal(0)
    lines = []
    for line in RankingLine.objects.filter(ranking=ranking).order_by("rank"):
        place = lists.get(line.dossier_id, line.list)
        amount = amounts.get(line.dossier_id, line.amount)
        lines.append(
            Line(line.dossier_id, place, Decimal(0) if place == RankingList.NOT_RETAINED else amount)
        )
    return what_if(lines, envelope=envelope.amount - committed)


def next_on_reserve(call: Call) -> Decision | None:
    """The decision that put the next dossier on the reserve list, by rank; ``None`` when the list is exhausted."""
    waiting = Decision.objects.filter(
        outcome=Outcome.RESERVE, dossier__call=call, dossier__state=DossierState.RESERVE
    ).select_related("dossier", "deliberation__ranking")
    ranks = dict(
        RankingLine.objects.filter(ranking__call=call, dossier__state=DossierState.RESERVE).values_list(
            "dossier_id", "rank"
        )
    )
    return min(waiting, key=lambda d: (d.decided_on, ranks[d.dossier_id]), default=None)
