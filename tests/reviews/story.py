"""Take a world to a given state of a review, by the verbs. The later stages' tests build upon it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import College, User
from calls.models import Call, Criterion, Dossier
from calls.reference import Stage
from reviews import actions
from reviews.models import (
    Assignment,
    BodyOpinion,
    CollegeOpinion,
    Deliberation,
    Letter,
    LetterState,
    Ranking,
)
from reviews.queries.completeness import piece_lines, points_at
from tests.calls import story as calls
from tests.world import NOW, World
from workflows.engine import outbox, timers
from workflows.models import OutboxJob, OutboxState

DAY = timedelta(days=1)
CHECKED, ELIGIBLE, ASSESSED, ADVISED = NOW + DAY, NOW + 3 * DAY, NOW + 5 * DAY, NOW + 6 * DAY
CONCLUDED = NOW + 7 * DAY
#: After the call's closing, thirty days after NOW.
RANKED, VALIDATED, VOTED, RELEASED = (NOW + n * DAY for n in (34, 35, 50, 52))


def again(dossier: Dossier) -> Dossier:
    """The dossier as it is now, with what pages and rules read."""
    return Dossier.objects.select_related(*Dossier.related).get(pk=dossier.pk)


def run_jobs(*kinds: str) -> int:
    """Do the jobs of these kinds (not the mails and PDFs that a test does not look at)."""
    waiting = OutboxJob.objects.filter(state=OutboxState.PENDING, kind__in=kinds).order_by("due_at", "id")
    return sum(outbox.deliver(pk) for pk in list(waiting.values_list("pk", flat=True)))


def accept_pieces(world: World, dossier: Dossier, *, now: datetime = CHECKED) -> None:
    """The officer accepts every piece given."""
    for line in piece_lines(again(dossier)):
        if line.piece is not None and line.verdict != "accepted":
            actions.review_piece(
                again(dossier), by=world.officer, now=now, code=line.required.code, verdict="accepted"
            )


def yes(dossier: Dossier, stage: Stage) -> dict[str, bool]:
    """Every point of a checklist answered by « yes »."""
    return {item.code: True for item in points_at(again(dossier), stage)}


def complete_dossier(
    world: World, dossier: Dossier | None = None, *, now: datetime = CHECKED, **made: Any
) -> Dossier:
    """A dossier whose pieces are all accepted, declared complete."""
    dossier = dossier or calls.submitted_dossier(world, **made)
    accept_pieces(world, dossier, now=now)
    return actions.declare_complete(again(dossier), by=world.officer, now=now)


def admissible_dossier(
    world: World, dossier: Dossier | None = None, *, now: datetime = CHECKED, **made: Any
) -> Dossier:
    """A dossier in order as to its form."""
    dossier = complete_dossier(world, dossier, now=now, **made)
    points = yes(dossier, Stage.ADMISSIBILITY)
    return actions.declare_admissible(again(dossier), by=world.officer, now=now, checklist=points)


def eligible_dossier(
    world: World, dossier: Dossier | None = None, *, now: datetime = ELIGIBLE, **made: Any
) -> Dossier:
    """A dossier before its reviewers and the four colleges."""
    dossier = admissible_dossier(world, dossier, **made)
    points = yes(dossier, Stage.ELIGIBILITY)
    return actions.declare_eligible(again(dossier), by=world.manager, now=now, checklist=points)


def assign(world: World, dossier: Dossier, reviewer: User, *, now: datetime = ELIGIBLE) -> Assignment:
    """The officer asks somebody to assess the dossier."""
    return actions.assign_reviewer(again(dossier), by=world.officer, now=now, reviewer=reviewer)


def open_assignment(
    world: World, dossier: Dossier, reviewer: User, *, now: datetime = ELIGIBLE
) -> Assignment:
    """A reviewer who declared no interest: the dossier is open to them."""
    assignment = assign(world, dossier, reviewer, now=now)
    return actions.declare_interests(assignment, by=reviewer, now=now, has_interest=False)


def grid_of(dossier: Dossier, values: int | Iterable[int] = 4) -> dict[Any, dict[str, Any]]:
    """A filled grid: the same value everywhere, or one per criterion in order."""
    criteria = list(Criterion.objects.filter(call=dossier.call_id).order_by("number"))
    each = [values] * len(criteria) if isinstance(values, int) else list(values)
    return {
        c.pk: {"value": v, "comment": f"Note {v} sur {c.number}."}
        for c, v in zip(criteria, each, strict=True)
    }


def assess(
    world: World,
    dossier: Dossier,
    values: int | Iterable[int] = 4,
    *,
    reviewers: Iterable[User] | None = None,
    now: datetime = ASSESSED,
) -> list[Assignment]:
    """Every reviewer that the call wants assesses the dossier, with the same grid; the programme closes the assessments."""
    values = values if isinstance(values, int) else list(values)
    done = []
    wanted = (world.expert, world.expert2)[: dossier.call.assessors_per_dossier]
    for reviewer in reviewers or wanted:
        assignment = open_assignment(world, dossier, reviewer)
        done.append(
            actions.submit_assessment(
                assignment, by=reviewer, now=now, scores=grid_of(dossier, values), comment="Projet étayé."
            )
        )
    timers.fire_due(now=now)
    return done


def opinion_of(dossier: Dossier, college: str) -> CollegeOpinion:
    """The opinion that a college is asked for."""
    return CollegeOpinion.objects.get(dossier=dossier, college=college)


def advise(
    world: World,
    dossier: Dossier,
    values: str | Mapping[str, str] = "favourable",
    *,
    now: datetime = ADVISED,
) -> None:
    """Each college declares and gives its opinion: one value for all, or by college (an absent one stays silent)."""
    given = dict.fromkeys(College.values, values) if isinstance(values, str) else values
    for college, value in given.items():
        seat = world.people[college]
        opinion = opinion_of(dossier, college)
        actions.declare_seat_interests(opinion, by=seat, now=now, has_interest=False)
        reservations = [{"kind": "in_contract", "text": "Préciser le suivi."}]
        actions.give_opinion(
            opinion,
            by=seat,
            now=now,
            value=value,
            reasons="Motifs du collège.",
            reservations=reservations if value == "with_reservations" else [],
        )


def reviewed_dossier(
    world: World,
    dossier: Dossier | None = None,
    *,
    values: int | Iterable[int] = 4,
    opinions: str | Mapping[str, str] = "favourable",
    now: datetime = CONCLUDED,
    **made: Any,
) -> Dossier:
    """A dossier with its score and the synthesis of the opinions."""
    dossier = eligible_dossier(world, dossier, **made)
    assess(world, dossier, values)
    advise(world, dossier, opinions)
    return actions.conclude_review(again(dossier), by=world.officer, now=now)


def closed(world: World, call: Call) -> Call:
    """The call once closed by the clock."""
    return calls.closed_call(world, call)


def coparef_opinion(world: World, call: Call, *, now: datetime = RANKED - DAY) -> BodyOpinion:
    """The COPAREF asked about the shortlist, and its common favourable opinion."""
    opinion = actions.request_body_opinion(
        Call.objects.get(pk=call.pk), by=world.officer, now=now, question="Que pensez-vous de la liste ?"
    )
    return actions.give_body_opinion(
        opinion,
        by=world.coparef_unions,
        now=now,
        position="common",
        value="favourable",
        reasons="La liste répond aux besoins.",
    )


def drafted_ranking(world: World, call: Call, *, now: datetime = RANKED) -> Ranking:
    """The ranking made by the rule, once the call is closed and the COPAREF has answered."""
    if Call.objects.get(pk=call.pk).state == "published":
        closed(world, call)
    if call.coparef != "none" and not BodyOpinion.objects.filter(call=call, dossier=None).exists():
        coparef_opinion(world, call)
    return actions.draft_ranking(Call.objects.get(pk=call.pk), by=world.officer, now=now)


def validated_ranking(world: World, call: Call, *, now: datetime = VALIDATED) -> Ranking:
    """A ranking proposed by the officer and validated by the manager."""
    ranking = drafted_ranking(world, call)
    actions.propose_ranking(ranking, by=world.officer, now=RANKED)
    return actions.validate_ranking(Ranking.objects.get(pk=ranking.pk), by=world.manager, now=now)


def vote(
    world: World,
    ranking: Ranking,
    amounts: Mapping[Any, Decimal] | None = None,
    *,
    now: datetime = VOTED,
    number: str = "26_0421_07",
) -> Deliberation:
    """The vote recorded, and applied to each dossier."""
    deliberation = actions.record_vote(
        Ranking.objects.get(pk=ranking.pk),
        by=world.manager,
        now=now,
        voted_on=now.date(),
        number=number,
        amounts=amounts,
    )
    run_jobs("apply_decision")
    return deliberation


def release(world: World, dossier: Dossier, *, now: datetime = RELEASED) -> Letter:
    """The letter that waits for the dossier is released by the manager."""
    letter = Letter.objects.get(dossier=dossier, state=LetterState.DRAFTED)
    return actions.release_letter(letter, by=world.manager, now=now)


def awarded_dossier(world: World, *, released: bool = True, **made: Any) -> Dossier:
    """The only dossier of a call, awarded what it asks, its letter released."""
    dossier = reviewed_dossier(world, **made)
    vote(world, validated_ranking(world, dossier.call))
    if released:
        release(world, dossier)
    return again(dossier)


def competitors(world: World, call: Call | None = None, *, scores: Iterable[int] = (5, 4)) -> list[Dossier]:
    """Reviewed dossiers of one call, alternately by the two organisations, with these grids in order."""
    call = call or calls.open_call(world)
    teams = [(world.applicant, world.applicant_editor), (world.other, world.other_editor)]
    found = []
    for n, value in enumerate(scores):
        signatory, editor = teams[n % 2]
        dossier = calls.submitted_dossier(
            world,
            call,
            by=signatory,
            editor=editor,
            now=NOW + n * timedelta(minutes=5),
            title=f"Projet {n + 1}",
        )
        found.append(reviewed_dossier(world, dossier, values=value))
    return found
