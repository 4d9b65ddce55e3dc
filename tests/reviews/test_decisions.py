"""Ranking, proposal, validation, vote, decisions, letters, reserve list; money never beyond the envelope."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import actions as accounts
from accounts.actors import actor_for
from accounts.models import PostRole
from calls import actions as calls
from calls.models import Call, Dossier, Envelope
from reviews import actions
from reviews.models import Decision, Deliberation, Letter, Ranking, RankingLine
from reviews.queries import is_released, lines_visible_to, next_on_reserve, opinions_visible_to, reckon
from tests.calls.story import open_call
from tests.reviews.story import (
    CONCLUDED,
    DAY,
    RANKED,
    RELEASED,
    VALIDATED,
    VOTED,
    again,
    awarded_dossier,
    closed,
    competitors,
    coparef_opinion,
    drafted_ranking,
    eligible_dossier,
    release,
    reviewed_dossier,
    run_jobs,
    validated_ranking,
    vote,
)
from tests.world import World, make_world, opened
from workflows.engine import Conflict, NotAllowed, Refused, outbox, timers
from workflows.engine.journal import verify
from workflows.formats import format_money
from workflows.models import (
    Case,
    Entry,
    OutboxJob,
    OutboxState,
    Recusal,
    Timer,
    TimerState,
    WorkItem,
    WorkItemState,
)
from workflows.queries import stranded

FORTY = Decimal("40000.00")


def envelope(call: Call) -> Envelope:
    return Envelope.objects.get(call=call)


def small_call(world: World, amount: str = "80000.00") -> Call:
    """A call that pays for two dossiers out of three."""
    return open_call(world, envelope=Decimal(amount), max_amount=FORTY, assessors_per_dossier=1)


def three(world: World, scores: Any = (5, 4, 3), amount: str = "80000.00") -> list[Dossier]:
    return competitors(world, small_call(world, amount), scores=scores)


def waiting(case: Case) -> set[str]:
    return {
        item.step.rsplit(".", 1)[1] for item in WorkItem.objects.filter(case=case, state=WorkItemState.OPEN)
    }


def lines(ranking: Ranking) -> dict[str, tuple[str, Decimal]]:
    return {
        line.dossier.title: (line.list, line.amount)
        for line in RankingLine.objects.filter(ranking=ranking).select_related("dossier")
    }


# ranking


def test_the_ranking_by_the_rule(world: World) -> None:
    found = three(world, scores=(3, 5, 4))
    ranking = drafted_ranking(world, found[0].call)
    assert lines(ranking) == {
        "Projet 2": ("main", FORTY),
        "Projet 3": ("main", FORTY),
        "Projet 1": ("reserve", FORTY),
    }
    first = RankingLine.objects.get(ranking=ranking, rank=1)
    assert first.basis["criteria"]["1"] == "5.00"
    assert first.basis["synthesis"] == "consensus_favourable"
    assert waiting(ranking.case) == {"proposal"}


def test_a_ranking_waits_for_every_review(world: World) -> None:
    done = reviewed_dossier(world, call=small_call(world))
    late = eligible_dossier(world, call=done.call, by=world.other, editor=world.other_editor)
    call = closed(world, done.call)
    with pytest.raises(Refused) as refusal:
        actions.request_body_opinion(call, by=world.officer, now=RANKED, question="?")
    assert "1 " in str(refusal.value)
    calls.withdraw(again(late), by=world.other, now=RANKED - DAY, reasons="Abandon")
    coparef_opinion(world, call)
    assert actions.draft_ranking(call, by=world.officer, now=RANKED).lines.count() == 1


def test_a_draft_is_made_anew_and_adjusted(world: World) -> None:
    found = three(world)
    ranking = drafted_ranking(world, found[0].call)
    third = found[2]

    def refused(**values: Any) -> set[str]:
        with pytest.raises(Refused) as refusal:
            actions.adjust_line(
                ranking,
                by=world.officer,
                now=RANKED,
                **{"dossier": third, "list": "main", "amount": FORTY, "reason": "Territoire", **values},
            )
        return {r.field for r in refusal.value.reasons}

    assert refused(reason=" ") == {"reason"}
    assert refused(amount=FORTY + Decimal("0.01")) == {"amount"}
    assert refused(amount=Decimal("4999.99")) == {"amount"}
    assert refused(amount=Decimal("30000.001")) == {"amount"}
    assert refused(list="elsewhere") == {"list"}
    with pytest.raises(Refused, match=f"at most {format_money(FORTY)}"):
        actions.adjust_line(
            ranking, by=world.officer, now=RANKED, dossier=third, list="main", amount=FORTY * 2, reason="Oui"
        )
    actions.adjust_line(
        ranking, by=world.officer, now=RANKED, dossier=third, list="main", amount=FORTY, reason="Territoire"
    )
    assert reckon(ranking).exceeded
    with pytest.raises(Refused, match=f"by {format_money(FORTY)}"):
        actions.propose_ranking(ranking, by=world.officer, now=RANKED)
    again_drafted = actions.draft_ranking(Call.objects.get(pk=third.call_id), by=world.officer, now=RANKED)
    assert again_drafted.pk == ranking.pk
    assert lines(ranking)["Projet 3"] == ("reserve", FORTY)


def test_a_dossier_under_the_threshold_cannot_be_listed(world: World) -> None:
    found = three(world, scores=(5, 2))
    ranking = drafted_ranking(world, found[0].call)
    assert lines(ranking)["Projet 2"] == ("not_retained", Decimal(0))
    with pytest.raises(Refused) as refusal:
        actions.adjust_line(
            ranking, by=world.officer, now=RANKED, dossier=found[1], list="main", amount=FORTY, reason="Oui"
        )
    assert refusal.value.reasons[0].field == "list"


def test_what_if_writes_nothing(world: World) -> None:
    found = three(world)
    ranking = drafted_ranking(world, found[0].call)
    before = lines(ranking)
    entries = Entry.objects.count()
    trial = reckon(ranking, amounts={found[0].pk: Decimal("50000.00")}, lists={found[2].pk: "main"})
    assert (trial.main, trial.left, trial.exceeded) == (Decimal("130000.00"), Decimal("-50000.00"), True)
    assert (lines(ranking), Entry.objects.count()) == (before, entries)


def test_one_proposes_another_validates(world: World) -> None:
    """P33: the same person cannot do both, whatever their posts."""
    found = three(world)
    ranking = drafted_ranking(world, found[0].call)
    with pytest.raises(NotAllowed):
        actions.propose_ranking(ranking, by=world.expert, now=RANKED)
    ranking = actions.propose_ranking(ranking, by=world.manager, now=RANKED)
    with pytest.raises(NotAllowed):
        actions.validate_ranking(ranking, by=world.officer, now=VALIDATED)
    with pytest.raises(Refused):
        actions.validate_ranking(ranking, by=world.manager, now=VALIDATED)
    ranking = actions.send_back_ranking(ranking, by=world.manager2, now=VALIDATED, reasons="Revoir le 2")
    assert (ranking.state, ranking.proposed_by) == ("draft", None)
    assert waiting(ranking.case) == {"proposal"}
    ranking = actions.propose_ranking(ranking, by=world.manager, now=VALIDATED)
    ranking = actions.validate_ranking(ranking, by=world.manager2, now=VALIDATED)
    assert waiting(ranking.case) == {"vote"}
    with opened(), pytest.raises(IntegrityError), transaction.atomic():
        Ranking.objects.filter(pk=ranking.pk).update(validated_by=world.manager)


def test_a_recused_person_has_no_part_in_the_selection(world: World) -> None:
    found = three(world)
    ranking = drafted_ranking(world, found[0].call)
    with opened():
        Recusal.objects.create(case=found[1].case, user=world.manager, reason="Cousine", at=RANKED)
    who = actor_for(world.manager, RANKED.date())
    assert [line.dossier for line in lines_visible_to(who, ranking)] == [found[0], found[2]]
    ranking = actions.propose_ranking(ranking, by=world.officer, now=RANKED)
    with pytest.raises(Refused):
        actions.validate_ranking(ranking, by=world.manager, now=VALIDATED)
    assert actions.validate_ranking(ranking, by=world.manager2, now=VALIDATED).state == "validated"


# vote and decisions


def test_the_vote_gives_each_dossier_its_decision(world: World) -> None:
    found = three(world)
    ranking = validated_ranking(world, found[0].call)
    deliberation = vote(world, ranking, {found[1].pk: Decimal("35000.00")})
    states = {d.title: (d.state, d.awarded_amount) for d in Dossier.objects.filter(call=found[0].call)}
    assert states == {
        "Projet 1": ("awarded", FORTY),
        "Projet 2": ("awarded", Decimal("35000.00")),
        "Projet 3": ("reserve", None),
    }
    assert envelope(found[0].call).committed == Decimal("75000.00")
    assert Call.objects.get(pk=found[0].call_id).state == "decided"
    assert Decision.objects.filter(deliberation=deliberation).count() == 3
    assert set(Letter.objects.values_list("kind", "state")) == {
        ("award", "drafted"),
        ("reserve_list", "drafted"),
    }
    assert not Timer.objects.filter(verb="calls.note_implicit_rejection", state=TimerState.PENDING).exists()
    assert "release" in waiting(again(found[0]).case)
    assert not stranded(VOTED).exists()
    assert list(verify()) == []
    assert run_jobs("apply_decision") == 0


def test_the_jobs_of_a_vote_may_run_twice(world: World) -> None:
    found = three(world)
    vote(world, validated_ranking(world, found[0].call))
    OutboxJob.objects.filter(kind="apply_decision").update(state=OutboxState.PENDING, due_at=VOTED)
    assert run_jobs("apply_decision") == 3
    assert Decision.objects.count() == Letter.objects.count() == 3
    assert envelope(found[0].call).committed == Decimal("80000.00")


def test_what_the_vote_refuses(world: World) -> None:
    found = three(world, scores=(5, 4, 2))
    call = found[0].call
    ranking = validated_ranking(world, call)

    def refused(**values: Any) -> set[str]:
        with pytest.raises(Refused) as refusal:
            actions.record_vote(
                Ranking.objects.get(pk=ranking.pk),
                by=world.manager,
                now=VOTED,
                **{"voted_on": VOTED.date(), "number": "26-1", **values},
            )
        return {r.field for r in refusal.value.reasons}

    assert refused(number=" ") == {"number"}
    assert refused(voted_on=(VOTED + DAY).date()) == {"voted_on"}
    assert refused(voted_on=(VALIDATED - DAY).date()) == {"voted_on"}
    assert refused(amounts={found[0].pk: FORTY + 1}) == {f"amount-{found[0].pk}"}
    assert refused(amounts={found[2].pk: Decimal(10)}) == {f"amount-{found[2].pk}"}
    with pytest.raises(NotAllowed):
        actions.record_vote(ranking, by=world.officer, now=VOTED, voted_on=VOTED.date(), number="1")
    with opened():
        Envelope.objects.filter(call=call).update(committed=Decimal("0.01"))
    assert refused() == {"amounts"}
    assert not Deliberation.objects.exists()


def test_an_amount_of_zero_refuses(world: World) -> None:
    found = three(world)
    vote(world, validated_ranking(world, found[0].call), {found[0].pk: Decimal(0)})
    assert again(found[0]).state == "refused"
    letter = Letter.objects.get(dossier=found[0])
    assert letter.kind == "refusal"
    assert letter.data["funded"] == 1


def test_a_dossier_withdrawn_before_its_decision_frees_the_money(world: World) -> None:
    found = three(world)
    ranking = validated_ranking(world, found[0].call)
    actions.record_vote(ranking, by=world.manager, now=VOTED, voted_on=VOTED.date(), number="26-1")
    calls.withdraw(again(found[0]), by=world.applicant, now=VOTED, reasons="Abandon")
    run_jobs("apply_decision", "promote_next")
    run_jobs("promote_next")
    assert again(found[0]).state == "withdrawn"
    assert again(found[2]).state == "awarded"
    assert envelope(found[0].call).committed == Decimal("80000.00")


# letters and embargo


def test_a_letter_is_released_apart_from_the_decision(world: World) -> None:
    dossier = awarded_dossier(world, released=False)
    applicant = actor_for(world.applicant, VOTED.date())
    assert dossier.applicant_label() == "Being examined"
    assert not is_released(dossier)
    assert not opinions_visible_to(applicant, dossier).exists()
    letter = Letter.objects.get(dossier=dossier)
    for who in (world.officer, world.expert, world.applicant):
        with pytest.raises(NotAllowed):
            actions.release_letter(letter, by=who, now=RELEASED)
    actions.edit_letter(letter, by=world.manager, now=RELEASED, note="Un mot du service.")
    released = actions.release_letter(Letter.objects.get(pk=letter.pk), by=world.manager, now=RELEASED)
    assert (released.state, released.released_by) == ("released", world.manager)
    dossier = again(dossier)
    assert dossier.decision_released_at == RELEASED
    assert dossier.applicant_label() == "Subsidy awarded"
    assert opinions_visible_to(applicant, dossier).count() == 4
    with pytest.raises(Refused):
        actions.edit_letter(released, by=world.manager, now=RELEASED, note="Trop tard")


def test_the_pdf_of_a_letter(world: World) -> None:
    dossier = awarded_dossier(world)
    letter = Letter.objects.get(dossier=dossier)
    job = OutboxJob.objects.get(kind="letter", payload__code=f"letter-{letter.pk}")
    assert outbox.deliver(job.pk)
    assert letter.document is not None
    version = letter.document.versions.get()
    assert version.content_type == "application/pdf"
    assert version.size > 10_000


@pytest.mark.parametrize("kind", ["award", "reserve_list", "refusal"])
def test_every_decision_letter_can_be_printed(world: World, kind: str) -> None:
    from reviews.queries.letters import content
    from workflows.pdf import render_pdf

    found = three(world, scores=(5, 4, 2), amount="40000.00")
    vote(world, validated_ranking(world, found[0].call))
    letter = Letter.objects.select_related(*Letter.related).get(kind=kind)
    data = content(letter, actor=actor_for(world.manager, VOTED.date()), now=RELEASED, draft=True)
    assert render_pdf(kind, data, produced_at=RELEASED)[:5] == b"%PDF-"


def test_a_letter_is_notified_when_read_or_after_fifteen_days(world: World) -> None:
    from reviews.queries.letters import notified_on

    dossier = awarded_dossier(world)
    letter = Letter.objects.get(dossier=dossier)
    day = RELEASED.date()
    assert notified_on(letter, day + timedelta(days=15)) is None
    assert notified_on(letter, day + timedelta(days=16)) == day
    with pytest.raises(NotAllowed):
        actions.read_letter(letter, by=world.other, now=RELEASED + 3 * DAY)
    letter = actions.read_letter(letter, by=world.applicant_editor, now=RELEASED + 3 * DAY)
    letter = actions.read_letter(letter, by=world.applicant, now=RELEASED + 4 * DAY)
    assert letter.first_read_at == RELEASED + 3 * DAY
    assert notified_on(letter, day + timedelta(days=4)) == day + timedelta(days=3)


def test_a_refused_file_closes_once_nothing_can_be_challenged(world: World) -> None:
    found = three(world, scores=(5, 2))
    vote(world, validated_ranking(world, found[0].call))
    release(world, found[1])
    timers.fire_due(now=RELEASED + 70 * DAY)
    assert Case.objects.get(pk=found[1].case_id).closed_at is None
    timers.fire_due(now=RELEASED + 80 * DAY)
    assert Case.objects.get(pk=found[1].case_id).closed_at == RELEASED + 80 * DAY


def test_who_gave_the_regions_opinion_does_not_sign_the_decision(world: World) -> None:
    """The Region decides and is also a college: not by the same person (domain §2.7, 5)."""
    accounts.give_post(
        world.region, world.people["region"], PostRole.MANAGER, by=None, now=VOTED, valid_from=VOTED.date()
    )
    dossier = awarded_dossier(world, released=False)
    letter = Letter.objects.get(dossier=dossier)
    with pytest.raises(Refused):
        actions.release_letter(letter, by=world.people["region"], now=RELEASED)
    assert actions.release_letter(letter, by=world.manager2, now=RELEASED).state == "released"


# reserve list


def test_a_withdrawal_promotes_the_next(world: World) -> None:
    """The money goes back, the next of the list is awarded by the programme, journaled on both cases, its letter drafted."""
    found = three(world, scores=(5, 4, 3))
    vote(world, validated_ranking(world, found[0].call))
    for dossier in found:
        release(world, dossier)
    calls.withdraw(again(found[0]), by=world.applicant, now=RELEASED + DAY, reasons="Locaux perdus")
    assert envelope(found[0].call).committed == FORTY
    timers.fire_due(now=RELEASED + DAY)
    run_jobs("promote_next")
    promoted = again(found[2])
    assert (promoted.state, promoted.awarded_amount) == ("awarded", FORTY)
    assert promoted.decision_released_at is None
    assert Letter.objects.get(dossier=promoted, state="drafted").kind == "award"
    assert Decision.objects.get(dossier=promoted, outcome="awarded").promoted
    assert envelope(found[0].call).committed == Decimal("80000.00")
    verbs = set(Entry.objects.filter(actor=None).values_list("case", "verb"))
    assert (found[0].case_id, "reviews.settle_withdrawal") in verbs
    assert (found[2].case_id, "reviews.promote") in verbs
    assert not Timer.objects.filter(verb="reviews.lapse_reserve", state=TimerState.PENDING).exists()
    assert not stranded(RELEASED).exists()
    assert list(verify()) == []


def test_a_withdrawal_cancels_the_letter_not_sent(world: World) -> None:
    found = three(world, scores=(5, 4))
    vote(world, validated_ranking(world, found[0].call))
    calls.withdraw(again(found[0]), by=world.applicant, now=VOTED + DAY, reasons="Locaux perdus")
    timers.fire_due(now=VOTED + DAY)
    assert Letter.objects.get(dossier=found[0]).state == "cancelled"
    assert not stranded(VOTED).exists()


def test_the_list_is_called_in_order_and_within_the_money(world: World) -> None:
    found = three(world, scores=(5, 4, 4), amount="40000.00")
    call = found[0].call
    vote(world, validated_ranking(world, call))
    first, second = again(found[1]), again(found[2])
    assert next_on_reserve(call).dossier == first  # type: ignore[union-attr]
    with pytest.raises(Refused):
        actions.promote(second, by=world.manager, now=VOTED + DAY)
    with pytest.raises(Refused):
        actions.promote(first, by=world.manager, now=VOTED + DAY)
    with pytest.raises(NotAllowed):
        actions.promote(first, by=world.officer, now=VOTED + DAY)
    with opened():
        Envelope.objects.filter(call=call).update(amount=Decimal("80000.00"))
    assert actions.promote(first, by=world.manager, now=VOTED + DAY).state == "awarded"


def test_the_reserve_list_lapses(world: World) -> None:
    found = three(world)
    vote(world, validated_ranking(world, found[0].call))
    release(world, found[2])
    timers.fire_due(now=VOTED + 367 * DAY)
    dossier = again(found[2])
    assert dossier.state == "refused"
    letter = Letter.objects.get(dossier=dossier, state="drafted")
    assert "caduque" in letter.data["reasons"][0]
    assert dossier.applicant_label() == "Being examined"


# at once


def at_once(*acts: Any) -> list[Any]:
    """Run these functions at the same moment, each on its own connection; returns what each gave or raised."""
    barrier = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(n: int, act: Any) -> None:
        try:
            barrier.wait(timeout=20)
            found[n] = act()
        except Exception as error:
            found[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.mark.django_db(transaction=True)
def test_p11_two_promotions_at_once_never_exceed_the_envelope() -> None:
    """Two dossiers, two cases, money for one: the envelope's lock lets one through (and the witness shows what happens without)."""
    world = make_world()
    found = three(world, scores=(5, 4, 3), amount="40000.00")
    call = found[0].call
    vote(world, validated_ranking(world, call))
    with opened():
        Envelope.objects.filter(call=call).update(amount=Decimal("80000.00"))
    from reviews.actions import decisions

    class Acting:
        """What ``commit`` needs of an act: a lock, and a way to refuse."""

        def __init__(self, locked: bool) -> None:
            self.locked = locked

        def lock(self, model: Any, pk: Any) -> Any:
            rows = model.objects.select_for_update(no_key=True) if self.locked else model.objects
            row = rows.get(pk=pk)
            barrier_wait(self.locked)
            return row

        def refuse_if(self, *reasons: Any) -> None:
            raise Refused(*reasons)

    meeting = threading.Barrier(2)

    def barrier_wait(locked: bool) -> None:
        if not locked:  # without the lock both read before either writes
            meeting.wait(timeout=20)

    def take(locked: bool) -> Any:
        def act() -> Any:
            with opened():
                return decisions.commit(Acting(locked), call.pk, FORTY)  # type: ignore[arg-type]

        return act

    at_once(take(False), take(False))
    assert envelope(call).committed == Decimal("80000.00")  # 40 000 lost from the books: three awards for two
    with opened():
        Envelope.objects.filter(call=call).update(committed=FORTY)
    results = at_once(take(True), take(True))
    assert sorted(type(r).__name__ for r in results) == ["Envelope", "Refused"]
    assert envelope(call).committed == Decimal("80000.00")


@pytest.mark.django_db(transaction=True)
def test_p10_two_managers_validate_and_send_back_at_once() -> None:
    world = make_world()
    found = three(world, scores=(5, 4))
    ranking = actions.propose_ranking(drafted_ranking(world, found[0].call), by=world.officer, now=RANKED)
    seen = Case.objects.get(pk=ranking.case_id).head_seq
    results = at_once(
        lambda: actions.validate_ranking(ranking, by=world.manager, now=VALIDATED, seen=seen),
        lambda: actions.send_back_ranking(
            ranking, by=world.manager2, now=VALIDATED, reasons="Non", seen=seen
        ),
    )
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "Ranking"]
    conflict = next(r for r in results if isinstance(r, Conflict))
    assert conflict.entry is not None
    assert Entry.objects.filter(case=ranking.case_id, seq__gt=seen).count() == 1


@pytest.mark.django_db(transaction=True)
def test_p11_the_last_place_of_a_reviewer_is_given_once() -> None:
    world = make_world()
    dossier = again(eligible_dossier(world, call=small_call(world)))
    results = at_once(
        *(
            lambda reviewer=reviewer: actions.assign_reviewer(
                dossier, by=world.officer, now=CONCLUDED, reviewer=reviewer
            )
            for reviewer in (world.expert, world.expert2)
        )
    )
    assert sorted(type(r).__name__ for r in results) == ["Assignment", "Refused"]
