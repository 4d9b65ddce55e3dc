"""Verbs of the selection: draft, adjust, propose, send back, validate (domain §3.7, 7; guarantee P33)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from calls.models import Call, CallState, Criterion, Dossier
from calls.queries.budget import euros
from reviews.actions.coparef import under_review
from reviews.actions.shared import required
from reviews.models import Ranking, RankingLine, RankingList, RankingState
from reviews.queries.judgments import mean_scores
from reviews.queries.selection import by_the_rule, coparef_to_come, most, reckon, recusals_in, syntheses
from reviews.rules.grid import CENT
from reviews.rules.selection import VERSION
from workflows.engine import Act, Reason, action


@action(
    "reviews.draft_ranking",
    label=gettext_lazy("Rank the dossiers"),
    done=gettext_lazy("Dossiers ranked"),
    when={CallState.CLOSED},
)
def draft_ranking(act: Act, call: Call) -> Ranking:
    """Rank the reviewed dossiers by the published rule within the envelope; a draft not yet proposed is made anew.

    Refused as long as a dossier of the call is under review, the COPAREF may still answer, or another ranking waits for its
    validation or its vote.
    """
    act.refuse_if(under_review(call))
    if coparef_to_come(call, act.today):
        act.refuse_if(Reason(_("The COPAREF's opinion on the shortlist is still to come.")))
    last = Ranking.objects.filter(call=call).order_by("-number").first()
    if last is not None and last.state in (RankingState.PROPOSED, RankingState.VALIDATED):
        act.refuse_if(Reason(_("A ranking of this call already waits for its validation or its vote.")))
    found = by_the_rule(call)
    if not found:
        act.refuse_if(Reason(_("No dossier of this call is left to rank.")))
    if last is not None and last.state == RankingState.DRAFT:
        ranking = last
        RankingLine.objects.filter(ranking=ranking).delete()
    else:
        number = last.number + 1 if last else 1
        ranking = Ranking.objects.create(case=act.case, call=call, number=number, threshold=call.threshold)
    means, opinions = mean_scores([p.candidate.key for p in found]), syntheses(call)
    numbers = dict(Criterion.objects.filter(call=call).values_list("pk", "number"))
    lines = [
        RankingLine(
            case=act.case,
            ranking=ranking,
            dossier_id=p.candidate.key,
            rank=p.rank,
            score=p.candidate.score,
            list=p.list,
            amount=p.amount,
            basis={
                "list": p.list.value,
                "amount": str(p.amount),
                "ground": p.ground,
                "eliminated": list(p.candidate.eliminated),
                "criteria": {str(numbers[c]): str(v) for c, v in means[p.candidate.key].items()},
                "synthesis": opinions.get(p.candidate.key, ""),
            },
        )
        for p in found
    ]
    RankingLine.objects.bulk_create(lines)
    act.record(ranking, snapshot={"rule": VERSION, "lines": _lines(ranking), **_totals(ranking)})
    return ranking


@action(
    "reviews.adjust_line",
    label=gettext_lazy("Propose an amount"),
    done=gettext_lazy("Line of the ranking changed"),
    when={RankingState.DRAFT},
)
def adjust_line(
    act: Act, ranking: Ranking, *, dossier: Dossier, list: str, amount: Decimal, reason: str
) -> Ranking:
    """Depart from the rule for one dossier, with a reason: another list, another amount.

    An amount is within what the dossier asks and what the call allows; a dossier under the threshold or eliminated cannot be
    listed. The envelope may be exceeded while one tries; not when the ranking is proposed.
    """
    line = RankingLine.objects.select_related("dossier").filter(ranking=ranking, dossier=dossier).first()
    if line is None:
        act.refuse_if(Reason(_("This dossier is not in the ranking."), "dossier"))
    assert line is not None
    listed = list != RankingList.NOT_RETAINED
    act.refuse_if(_line_faults(ranking, line, list, amount, reason))
    before = {"list": line.list, "amount": line.amount}
    line.list, line.amount, line.reason = list, amount if listed else Decimal(0), reason.strip()
    line.save(update_fields=["list", "amount", "reason"])
    act.record(
        ranking,
        reasons=line.reason,
        snapshot={
            "dossier": str(line.dossier_id),
            "before": before,
            "after": {"list": line.list, "amount": line.amount},
            **_totals(ranking),
        },
    )
    return ranking


def _line_faults(ranking: Ranking, line: RankingLine, list: str, amount: Decimal, reason: str) -> list[Any]:
    call, faults = ranking.call, [required(reason, _("Say why: the reason is kept."), "reason")]
    if list not in RankingList.values:
        return [Reason(_("Choose a list."), "list")]
    if list != RankingList.NOT_RETAINED:
        if line.basis["ground"]:
            faults.append(
                Reason(_("This dossier is under the threshold or eliminated: it cannot be selected."), "list")
            )
        if amount != amount.quantize(CENT):
            faults.append(Reason(_("An amount has at most two decimals."), "amount"))
        highest, lowest = most(line.dossier, call), min(call.min_amount, line.dossier.requested_amount)
        if not Decimal(0) < amount <= highest:
            faults.append(Reason(_("The amount is at most %(most)s.") % {"most": euros(highest)}, "amount"))
        elif amount < lowest:
            faults.append(Reason(_("The amount is at least %(least)s.") % {"least": euros(lowest)}, "amount"))
    return [fault for fault in faults if fault is not None]


@action(
    "reviews.propose_ranking",
    label=gettext_lazy("Propose the selection"),
    done=gettext_lazy("Selection proposed"),
    moves="propose",
)
def propose_ranking(act: Act, ranking: Ranking) -> Ranking:
    """Put the ranking before somebody else; refused beyond the envelope, or by who was recused from one of its dossiers."""
    act.refuse_if(_no_part(act, ranking), _beyond(ranking))
    act.move(ranking, "propose")
    ranking.proposed_by, ranking.proposed_at = act.person.user, act.now
    ranking.save()
    act.record(ranking, snapshot={"lines": _lines(ranking), **_totals(ranking)})
    return ranking


@action(
    "reviews.send_back_ranking",
    label=gettext_lazy("Return the selection"),
    done=gettext_lazy("Selection returned"),
    moves="send_back",
)
def send_back_ranking(act: Act, ranking: Ranking, *, reasons: str) -> Ranking:
    """Ask for changes; who proposed is told why."""
    act.refuse_if(required(reasons, _("Say what is to be changed."), "reasons"))
    proposed_by = ranking.proposed_by
    act.move(ranking, "send_back")
    ranking.proposed_by = ranking.proposed_at = None
    ranking.save()
    assert isinstance(proposed_by, User)
    act.record(ranking, reasons=reasons.strip(), snapshot={"proposed_by": proposed_by.email})
    return ranking


@action(
    "reviews.validate_ranking",
    label=gettext_lazy("Validate the selection"),
    done=gettext_lazy("Selection validated"),
    moves="validate",
)
def validate_ranking(act: Act, ranking: Ranking) -> Ranking:
    """Let the ranking go to the vote; by somebody other than who proposed it (P33)."""
    if ranking.proposed_by_id == act.person.user.pk:
        act.refuse_if(Reason(_("You proposed this selection: somebody else validates it.")))
    act.refuse_if(_no_part(act, ranking), _beyond(ranking))
    act.move(ranking, "validate")
    ranking.validated_by, ranking.validated_at = act.person.user, act.now
    ranking.save()
    act.record(ranking, snapshot={"lines": _lines(ranking), **_totals(ranking)})
    return ranking


def _no_part(act: Act, ranking: Ranking) -> Reason | None:
    if recusals_in(ranking, act.person):
        return Reason(_("You were recused from a dossier of this ranking: somebody else decides on it."))
    return None


def _beyond(ranking: Ranking) -> Reason | None:
    reckoning = reckon(ranking)
    if reckoning.exceeded:
        return Reason(
            _("The main list exceeds the envelope by %(amount)s.") % {"amount": euros(-reckoning.left)}
        )
    return None


def _lines(ranking: Ranking) -> list[dict[str, Any]]:
    return [
        {
            "dossier": str(line.dossier_id),
            "rank": line.rank,
            "score": line.score,
            "list": line.list,
            "amount": line.amount,
            "reason": line.reason,
        }
        for line in RankingLine.objects.filter(ranking=ranking).order_by("rank")
    ]


def _totals(ranking: Ranking) -> dict[str, Decimal]:
    reckoning = reckon(ranking)
    return {"main": reckoning.main, "reserve": reckoning.reserve, "envelope": reckoning.envelope}


__all__ = [
    "adjust_line",
    "draft_ranking",
    "propose_ranking",
    "send_back_ranking",
    "validate_ranking",
]
