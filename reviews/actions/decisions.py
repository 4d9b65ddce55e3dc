"""Verbs of the decision: the vote recorded, applied to each dossier, undone by a withdrawal, promoted from the reserve list.

Money is committed in one place, the envelope's row, locked after the case (P11, P13): by the vote for the whole main list,
freed by a withdrawal, committed again by a promotion. Its CHECK in the database has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actors import post_audience
from accounts.models import PostRole
from calls.models import CallState, Dossier, DossierState, Envelope
from calls.queries.budget import euros
from calls.reference import GROUND_BY_CODE
from reviews.actions.shared import answer, cancel_letters, draft_letter, required, until
from reviews.models import (
    Decision,
    Deliberation,
    LetterKind,
    Outcome,
    Ranking,
    RankingLine,
    RankingList,
)
from reviews.queries.letters import award_facts, refusal_facts, reserve_facts
from reviews.queries.selection import most, next_on_reserve, recusals_in
from reviews.rules.grid import CENT
from reviews.rules.selection import reserve_valid_until
from workflows.dates import local_date
from workflows.engine import Act, Reason, action
from workflows.formats import format_date


@action(
    "reviews.record_vote",
    label=gettext_lazy("Record the vote"),
    done=gettext_lazy("Vote of the commission permanente recorded"),
    moves="vote",
)
def record_vote(
    act: Act,
    ranking: Ranking,
    *,
    voted_on: date,
    number: str,
    amounts: Mapping[Any, Decimal] | None = None,
    minutes: str = "",
) -> Deliberation:
    """Record what the commission permanente voted: date, deliberation number, amount by dossier id where it differs.

    Only a dossier of the main list is awarded; an amount of zero refuses it. Never beyond the envelope: its row is locked, and
    the money is committed here for all of them (CGCT L4311-2; P11). Each dossier then gets its decision by itself.
    """
    number = number.strip()
    act.refuse_if(
        required(number, _("Give the number of the deliberation."), "number"),
        _date_fault(act, ranking, voted_on),
    )
    if Deliberation.objects.filter(call=ranking.call_id, number=number).exists():
        act.refuse_if(Reason(_("This deliberation is already recorded."), "number"))
    if recusals_in(ranking, act.person):
        act.refuse_if(
            Reason(_("You were recused from a dossier of this ranking: somebody else decides on it."))
        )
    lines = list(RankingLine.objects.filter(ranking=ranking).select_related("dossier").order_by("rank"))
    act.refuse_if(_vote(lines, ranking, {str(k): v for k, v in (amounts or {}).items()}))
    total = sum(
        (line.voted_amount or Decimal(0) for line in lines if line.list == RankingList.MAIN), Decimal(0)
    )
    commit(act, ranking.call_id, total)
    RankingLine.objects.bulk_update(lines, ["voted_amount"])
    act.move(ranking, "vote")
    ranking.save(update_fields=["state"])
    call = ranking.call
    if call.state == CallState.CLOSED:
        act.move(call, "decide")
        call.save(update_fields=["state"])
    deliberation = Deliberation.objects.create(
        case=act.case,
        call=call,
        ranking=ranking,
        voted_on=voted_on,
        number=number,
        minutes=minutes.strip(),
        recorded_by=act.person.user,
        recorded_at=act.now,
    )
    for line in lines:
        act.enqueue("apply_decision", dossier=line.dossier_id, deliberation=deliberation.pk)
    act.record(
        deliberation,
        snapshot={
            "number": number,
            "voted_on": voted_on,
            "total": total,
            "lines": [
                {
                    "dossier": str(line.dossier_id),
                    "list": line.list,
                    "proposed": line.amount,
                    "voted": line.voted_amount,
                }
                for line in lines
            ],
        },
    )
    return deliberation


def _date_fault(act: Act, ranking: Ranking, voted_on: date) -> Reason | None:
    assert ranking.validated_at is not None
    if voted_on > act.today:
        return Reason(_("The vote cannot be later than today."), "voted_on")
    if voted_on < local_date(ranking.validated_at, act.case.region.zone):
        return Reason(_("The vote comes after the validation of the selection."), "voted_on")
    return None


def _vote(lines: list[RankingLine], ranking: Ranking, amounts: Mapping[str, Decimal]) -> list[Reason]:
    """Write the amounts voted on the lines (unsaved); returns what is wrong with them, field ``amount-<dossier id>``."""
    faults = []
    unknown = set(amounts) - {str(line.dossier_id) for line in lines}
    if unknown:
        faults.append(Reason(_("A dossier voted on is not in the ranking."), "amounts"))
    for line in lines:
        key = str(line.dossier_id)
        voted = amounts.get(key, line.amount)
        field = f"amount-{key}"
        if line.list == RankingList.NOT_RETAINED and voted:
            faults.append(Reason(_("This dossier was not retained: it cannot be awarded."), field))
        elif line.list == RankingList.RESERVE and voted != line.amount:
            faults.append(
                Reason(_("The amount of a dossier on the reserve list is the one validated."), field)
            )
        elif voted != voted.quantize(CENT) or not Decimal(0) <= voted <= most(line.dossier, ranking.call):
            faults.append(Reason(_("The amount is beyond what the dossier may be given."), field))
        line.voted_amount = voted
    return faults


def commit(act: Act, call_id: UUID, amount: Decimal) -> Envelope:
    """Take ``amount`` (free it, when negative) from the call's envelope, under its lock; refused beyond it."""
    envelope = act.lock(Envelope, Envelope.objects.values_list("pk", flat=True).get(call=call_id))
    left = envelope.amount - envelope.committed
    if amount > left:
        act.refuse_if(
            Reason(
                _("This goes beyond the envelope: %(amount)s for %(left)s left.")
                % {"amount": euros(amount), "left": euros(left)},
                "amounts",
            )
        )
    envelope.committed += amount
    envelope.save(update_fields=["committed"])
    return envelope


@action(
    "reviews.apply_decision",
    label=gettext_lazy("Apply the vote"),
    done=gettext_lazy("Decision taken"),
    system=True,
)
def apply_decision(act: Act, dossier: Dossier, *, deliberation: Deliberation) -> Dossier:
    """Give a dossier the decision that was voted, and draft its letter; nothing is sent.

    A dossier withdrawn since the ranking gets no decision, and the money voted for it is free again.
    """
    line = RankingLine.objects.get(ranking=deliberation.ranking_id, dossier=dossier)
    voted = line.voted_amount or Decimal(0)
    if dossier.state == DossierState.WITHDRAWN and not _is_decided(dossier, deliberation):
        if line.list == RankingList.MAIN and voted:
            commit(act, dossier.call_id, -voted)
            act.enqueue("promote_next", call=dossier.call_id)
            line.voted_amount = Decimal(0)
            line.save(update_fields=["voted_amount"])
        act.record(
            dossier, snapshot={"deliberation": deliberation.number, "without_object": True, "freed": voted}
        )
        return dossier
    if dossier.state != DossierState.REVIEWED:
        raise act.stale_or_refused(dossier)
    if line.list == RankingList.MAIN and voted:
        _award(act, dossier, deliberation, voted, promoted=False)
    elif line.list == RankingList.RESERVE:
        _reserve(act, dossier, deliberation, line)
    else:
        _refuse(act, dossier, deliberation, _reasons(line))
    answer(act, dossier)
    dossier.save()
    act.record(
        dossier,
        snapshot={
            "deliberation": deliberation.number,
            "voted_on": deliberation.voted_on,
            "list": line.list,
            "rank": line.rank,
            "amount": voted,
        },
    )
    return dossier


def _is_decided(dossier: Dossier, deliberation: Deliberation) -> bool:
    return Decision.objects.filter(dossier=dossier, deliberation=deliberation).exists()


def _award(
    act: Act, dossier: Dossier, deliberation: Deliberation, amount: Decimal, *, promoted: bool
) -> None:
    act.move(dossier, "award")
    dossier.awarded_amount = amount
    _decide(act, dossier, deliberation, Outcome.AWARDED, amount, promoted=promoted)
    draft_letter(act, dossier, LetterKind.AWARD, award_facts(dossier, deliberation, amount, act.today))


def _reserve(act: Act, dossier: Dossier, deliberation: Deliberation, line: RankingLine) -> None:
    act.move(dossier, "put_on_reserve")
    _decide(act, dossier, deliberation, Outcome.RESERVE, line.amount)
    draft_letter(act, dossier, LetterKind.RESERVE, reserve_facts(dossier, deliberation, line))
    act.set_timer("reviews.lapse_reserve", dossier, until(act, reserve_valid_until(deliberation.voted_on)))


def _refuse(act: Act, dossier: Dossier, deliberation: Deliberation, reasons: list[str]) -> None:
    act.move(dossier, "refuse")
    _decide(act, dossier, deliberation, Outcome.REFUSED, Decimal(0), grounds="\n".join(reasons))
    draft_letter(act, dossier, LetterKind.REFUSAL, refusal_facts(dossier, deliberation, reasons))


def _decide(
    act: Act,
    dossier: Dossier,
    deliberation: Deliberation,
    outcome: Outcome,
    amount: Decimal,
    *,
    promoted: bool = False,
    grounds: str = "",
) -> None:
    Decision.objects.create(
        case=act.case,
        dossier=dossier,
        deliberation=deliberation,
        outcome=outcome,
        amount=amount,
        promoted=promoted,
        grounds=grounds,
        decided_on=act.today if promoted else deliberation.voted_on,
    )


def _reasons(line: RankingLine) -> list[str]:
    """Why a dossier is refused, in sentences that are true of it (CRPA L211-2): the rule's ground, else its rank."""
    return [GROUND_BY_CODE[line.basis["ground"] or "REF-CLASSEMENT"].sentence]


@action(
    "reviews.promote",
    label=gettext_lazy("Promote from the reserve list"),
    done=gettext_lazy("Promoted from the reserve list"),
    when={DossierState.RESERVE},
    system=True,
)
def promote(act: Act, dossier: Dossier, *, reasons: str = "") -> Dossier:
    """Award the dossier of the reserve list that comes next, for the amount voted, if the envelope still holds it.

    Its letter is drafted; the applicant learns it when the letter is released. Refused out of turn.
    """
    first = next_on_reserve(dossier.call)
    if first is None or first.dossier_id != dossier.pk:
        act.refuse_if(Reason(_("Another dossier comes before this one on the reserve list.")))
    assert first is not None
    commit(act, dossier.call_id, first.amount)
    act.cancel_timers("reviews.lapse_reserve", object_id=dossier.pk)
    _award(act, dossier, first.deliberation, first.amount, promoted=True)
    dossier.decision_released_at = None
    dossier.save()
    act.record(
        dossier,
        reasons=reasons.strip(),
        snapshot={"deliberation": first.deliberation.number, "amount": first.amount},
    )
    return dossier


@action(
    "reviews.settle_withdrawal",
    label=gettext_lazy("Draw the consequences of the withdrawal"),
    done=gettext_lazy("Consequences of the withdrawal drawn"),
    when={DossierState.WITHDRAWN},
    system=True,
)
def settle_withdrawal(act: Act, dossier: Dossier) -> Dossier:
    """After a withdrawal: letters not sent are cancelled, and the money that it freed calls the next on the reserve list.

    The withdrawal itself gave the money back to the envelope, in its own transaction.
    """
    cancelled = cancel_letters(dossier)
    if dossier.awarded_amount:
        act.enqueue("promote_next", call=dossier.call_id)
    act.record(dossier, snapshot={"freed": dossier.awarded_amount, "letters_cancelled": cancelled})
    return dossier


@action(
    "reviews.lapse_reserve",
    label=gettext_lazy("Let the reserve list lapse"),
    done=gettext_lazy("Reserve list lapsed"),
    when={DossierState.RESERVE},
    system=True,
)
def lapse_reserve(act: Act, dossier: Dossier) -> Dossier:
    """The last day of the reserve list has passed: the dossier is not retained, and its letter is drafted."""
    decision = (
        Decision.objects.filter(dossier=dossier, outcome=Outcome.RESERVE)
        .select_related("deliberation")
        .latest("decided_on")
    )
    last = format_date(reserve_valid_until(decision.deliberation.voted_on), weekday=False)
    reason = f"La liste complémentaire, valable jusqu’au {last}, est devenue caduque sans que des crédits se libèrent."
    _refuse(act, dossier, decision.deliberation, [reason])
    dossier.decision_released_at = None
    dossier.save()
    with override("fr"):
        act.notify(
            [post_audience(act.case.region_id, PostRole.MANAGER)],
            "reserve_lapsed",
            _("A dossier of the reserve list has lapsed"),
            _("Its letter is drafted and waits for you to release it."),
            f"/dossiers/{dossier.pk}/review/",
        )
    act.record(dossier, reasons=reason, snapshot={"deliberation": decision.deliberation.number})
    return dossier


__all__ = ["apply_decision", "commit", "lapse_reserve", "promote", "record_vote", "settle_withdrawal"]
