"""Assessments, interests, opinions, COPAREF: the verbs, what each person sees, and what a recused person no longer sees."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.actors import actor_for
from accounts.models import Organisation, User
from calls import actions as calls
from calls.models import Dossier
from calls.queries import visible_to
from reviews import actions
from reviews.models import Assessment, Assignment, BodyOpinion, InterestDeclaration, Synthesis
from reviews.queries import assessments_visible_to, opinions_visible_to, reviewer_choices
from tests.calls.story import open_call
from tests.reviews.story import (
    ADVISED,
    ASSESSED,
    CONCLUDED,
    DAY,
    ELIGIBLE,
    RANKED,
    advise,
    again,
    assess,
    assign,
    closed,
    coparef_opinion,
    eligible_dossier,
    grid_of,
    open_assignment,
    opinion_of,
    reviewed_dossier,
)
from tests.world import NOW, SINCE, SIRET, World, opened, person
from workflows import actions as workflows
from workflows.engine import NotAllowed, Refused, timers
from workflows.models import Notification, Recusal, Timer, TimerState, WorkItem, WorkItemState
from workflows.queries import cases_visible_to, files, get_visible, inbox, unread_notifications


@pytest.fixture
def dossier(world: World) -> Dossier:
    return again(eligible_dossier(world))


def actor(user: Any, day: Any = ELIGIBLE) -> Any:
    return actor_for(user, day.date())


def waiting(dossier: Dossier) -> set[str]:
    items = WorkItem.objects.filter(case=dossier.case, state=WorkItemState.OPEN)
    return {item.step.rsplit(".", 1)[1] for item in items}


# assignments and assessments


def test_an_assessment_from_end_to_end(world: World, dossier: Dossier) -> None:
    assignment = assign(world, dossier, world.expert)
    assert not visible_to(actor(world.expert)).exists()  # nothing opens before the declaration
    assert inbox(actor(world.expert)).get().step == "reviews.AssignmentFlow.interests"
    assignment = actions.declare_interests(assignment, by=world.expert, now=ELIGIBLE, has_interest=False)
    assert assignment.state == "open"
    assert list(visible_to(actor(world.expert))) == [dossier]
    assert inbox(actor(world.expert)).get().step == "reviews.AssignmentFlow.assessment"
    half = dict(list(grid_of(dossier).items())[:3])
    actions.save_assessment(assignment, by=world.expert, now=ELIGIBLE, scores=half, comment="À suivre")
    with pytest.raises(Refused) as refusal:
        actions.submit_assessment(assignment, by=world.expert, now=ASSESSED)
    assert len(refusal.value.reasons) == 5
    done = actions.submit_assessment(
        assignment, by=world.expert, now=ASSESSED, scores=grid_of(dossier, [5, 4, 3, 3, 3, 2, 2, 1])
    )
    assert done.state == "done"
    assert done.assessment.total == 63
    assert done.assessment.comment == "À suivre"
    assert not inbox(actor(world.expert)).exists()
    with pytest.raises(Refused):
        actions.save_assessment(done, by=world.expert, now=ASSESSED, scores={}, comment="")


def test_the_values_of_a_grid(world: World, dossier: Dossier) -> None:
    assignment = open_assignment(world, dossier, world.expert)
    criterion = next(iter(grid_of(dossier)))

    def refused(scores: Any) -> str:
        with pytest.raises(Refused) as refusal:
            actions.save_assessment(assignment, by=world.expert, now=ELIGIBLE, scores=scores)
        return refusal.value.reasons[0].field

    assert refused({criterion: {"value": 6}}) == f"value-{criterion}"
    assert refused({criterion: {"value": -1}}) == f"value-{criterion}"
    assert refused({dossier.pk: {"value": 1}}) == f"value-{dossier.pk}"
    assert refused({criterion: {"value": 1, "comment": "x" * 2001}}) == f"comment-{criterion}"


def test_a_comment_goes_with_each_score(world: World, dossier: Dossier) -> None:
    assignment = open_assignment(world, dossier, world.expert)
    scores = {pk: {"value": 3, "comment": " "} for pk in grid_of(dossier)}
    with pytest.raises(Refused) as refusal:
        actions.submit_assessment(assignment, by=world.expert, now=ASSESSED, scores=scores)
    assert {r.field for r in refusal.value.reasons} == {f"comment-{pk}" for pk in scores}


def test_only_the_reviewer_assesses(world: World, dossier: Dossier) -> None:
    assignment = open_assignment(world, dossier, world.expert)
    for who in (world.expert2, world.officer, world.applicant, world.state, world.auditor):
        with pytest.raises(NotAllowed):
            actions.save_assessment(assignment, by=who, now=ELIGIBLE, scores={}, comment="")
        with pytest.raises(NotAllowed):
            actions.declare_interests(assignment, by=who, now=ELIGIBLE, has_interest=False)
    post = world.expert.posts.get()
    accounts.end_right(post, last_day=ELIGIBLE.date(), by=None, now=ELIGIBLE)
    with pytest.raises(NotAllowed):  # no longer an expert (P29)
        actions.save_assessment(assignment, by=world.expert, now=ASSESSED, scores={}, comment="")


def test_who_may_be_assigned(world: World, dossier: Dossier) -> None:
    """As many reviewers as the call wants, and no more (P11); experts and seat holders, once each."""
    with pytest.raises(Refused):
        assign(world, dossier, world.payer)
    assign(world, dossier, world.expert)
    with pytest.raises(Refused):
        assign(world, dossier, world.expert)
    assign(world, dossier, world.state)
    with pytest.raises(Refused) as refusal:
        assign(world, dossier, world.expert2)
    assert refusal.value.reasons[0].field == "reviewer"
    with pytest.raises(NotAllowed):
        actions.assign_reviewer(dossier, by=world.expert, now=ELIGIBLE, reviewer=world.expert2)


def test_who_judges_a_dossier_does_not_examine_it(world: World, dossier: Dossier) -> None:
    def entrust(who: User) -> Dossier:
        return calls.take_charge(again(dossier), by=world.manager, now=ADVISED, officer=who)

    for who in (world.expert, world.state, world.employers, world.coparef_unions):
        accounts.give_post(dossier.case.region, who, "case_officer", by=None, now=NOW, valid_from=SINCE)
    assignment = open_assignment(world, dossier, world.expert)
    seat = opinion_of(dossier, "state")
    actions.declare_seat_interests(seat, by=world.state, now=ADVISED, has_interest=False)
    actions.give_opinion(seat, by=world.state, now=ADVISED, value="favourable")
    for who in (world.expert, world.state):
        with pytest.raises(Refused) as refusal:
            entrust(who)
        assert refusal.value.reasons[0].field == "officer"
        assert "opinion on this dossier" in str(refusal.value)
    assert entrust(world.employers).officer == world.employers  # their college has not spoken yet
    actions.expire_assignment(assignment, by=None, now=assignment.due_at)
    assert entrust(world.expert).officer == world.expert


def test_reviewers_are_offered_by_load(world: World, dossier: Dossier) -> None:
    assign(world, dossier, world.expert)
    choices = reviewer_choices(dossier, ELIGIBLE.date())
    assert [c.available for c in choices] == [True] * 5 + [False]
    assert choices[-1].user == world.expert
    assert choices[-1].load == 1
    assert {c.user for c in choices} == {
        world.expert,
        world.expert2,
        *(world.people[college] for college in ("state", "region", "employers", "unions")),
    }


def test_an_assessment_not_given_expires(world: World, dossier: Dossier) -> None:
    assignment = open_assignment(world, dossier, world.expert)
    timers.fire_due(now=ELIGIBLE + 16 * DAY)
    assert Assignment.objects.get(pk=assignment.pk).state == "expired"
    assert Notification.objects.filter(user=world.officer, kind="assessment_late").exists()
    assert assign(world, dossier, world.expert2, now=ELIGIBLE + 16 * DAY).state == "assigned"
    assert assign(world, dossier, world.state, now=ELIGIBLE + 16 * DAY).state == "assigned"


def test_others_assessments_stay_hidden_until_mine_is_in(world: World, dossier: Dossier) -> None:
    mine = open_assignment(world, dossier, world.expert)
    theirs = open_assignment(world, dossier, world.expert2)
    actions.submit_assessment(theirs, by=world.expert2, now=ASSESSED, scores=grid_of(dossier))

    def seen(user: Any) -> set[Any]:
        return {a.assignment.reviewer for a in assessments_visible_to(actor(user), dossier)}

    assert seen(world.expert) == {world.expert}
    assert seen(world.expert2) == {world.expert2}  # expert's is not in yet
    assert seen(world.officer) == {world.expert2}
    assert seen(world.state) == {world.expert2}
    assert seen(world.applicant) == seen(world.other) == set()
    actions.submit_assessment(mine, by=world.expert, now=ASSESSED, scores=grid_of(dossier))
    assert seen(world.expert) == seen(world.expert2) == seen(world.auditor) == {world.expert, world.expert2}


def test_the_programme_closes_the_assessments(world: World, dossier: Dossier) -> None:
    assert "assessments" in waiting(dossier)
    with pytest.raises(Refused):
        actions.complete_assessments(dossier, by=world.officer, now=ASSESSED)
    assess(world, dossier)
    assert "assessments" not in waiting(dossier)
    with pytest.raises(Refused):
        actions.complete_assessments(dossier, by=world.officer, now=ASSESSED)


def test_the_officer_closes_with_fewer_assessments(world: World, dossier: Dossier) -> None:
    assignment = open_assignment(world, dossier, world.expert)
    with pytest.raises(Refused):
        actions.complete_assessments(dossier, by=world.officer, now=ASSESSED)
    actions.submit_assessment(assignment, by=world.expert, now=ASSESSED, scores=grid_of(dossier))
    actions.complete_assessments(dossier, by=world.officer, now=ASSESSED)
    assert "assessments" not in waiting(dossier)


# conflicts of interest


def has_vanished(world: World, user: Any, dossier: Dossier) -> None:
    """The dossier exists nowhere for that person (P31)."""
    from django.http import Http404

    who = actor(user, CONCLUDED)
    assert not cases_visible_to(who).filter(pk=dossier.case_id).exists()
    assert not visible_to(who).filter(pk=dossier.pk).exists()
    assert visible_to(who).filter(title__icontains=dossier.title).count() == 0
    assert not inbox(who).filter(case=dossier.case_id).exists()
    assert not unread_notifications(who).filter(case=dossier.case_id).exists()
    assert not opinions_visible_to(who, dossier).exists()
    assert not assessments_visible_to(who, dossier).exists()
    with pytest.raises(Http404):
        get_visible(who, Dossier, dossier.pk)
    before = Notification.objects.filter(user=user).count()
    workflows.send_message(dossier.case, by=world.applicant, now=CONCLUDED, body="Où en est-on ?")
    assert Notification.objects.filter(user=user).count() == before


def test_an_interest_closes_the_dossier(world: World, dossier: Dossier) -> None:
    assignment = open_assignment(world, dossier, world.expert)
    assert files(dossier.case, actor(world.expert)).exists()
    with pytest.raises(Refused) as refusal:
        actions.declare_interests(assignment, by=world.expert, now=ELIGIBLE, has_interest=True)
    assert refusal.value.reasons[0].field == "explanation"
    recused = actions.declare_interests(
        assignment, by=world.expert, now=ELIGIBLE, has_interest=True, explanation="Ma sœur dirige le projet."
    )
    assert recused.state == "recused"
    recusal = Recusal.objects.get(case=dossier.case)
    assert (recusal.user, recusal.detected, recusal.reason) == (
        world.expert,
        False,
        "Ma sœur dirige le projet.",
    )
    has_vanished(world, world.expert, dossier)
    assert Notification.objects.filter(user=world.officer, kind="recusal").exists()
    with pytest.raises(NotAllowed):
        actions.declare_interests(assignment, by=world.expert, now=ELIGIBLE, has_interest=False)
    with pytest.raises(Refused):
        assign(world, dossier, world.expert)


def joins(world: World, user: Any, siret: str) -> None:
    """The person becomes a member of the organisation with that number."""
    organisation = Organisation.objects.filter(siret=siret).first()
    if organisation is None:
        accounts.create_organisation(
            by=user, now=NOW, siret=siret, name="Une entreprise", legal_form="company"
        )
        return
    membership = accounts.ask_to_join(organisation, by=user, now=NOW)
    accounts.approve_membership(membership, by=world.applicant, now=NOW)


@pytest.mark.parametrize("whose", ["applicant", "partner"])
def test_an_organisation_in_common_is_found(world: World, whose: str) -> None:
    """Whatever was declared: the SIREN of the applicant, or of a partner, decides (domain §4.11)."""
    joins(world, world.expert, SIRET[whose])
    dossier = again(eligible_dossier(world))
    with pytest.raises(Refused) as refusal:
        assign(world, dossier, world.expert)
    assert "Association applicant" in str(refusal.value) or "Une entreprise" in str(refusal.value)


def test_an_organisation_joined_meanwhile_is_found(world: World, dossier: Dossier) -> None:
    assignment = assign(world, dossier, world.expert)
    joins(world, world.expert, SIRET["partner"])
    found = actions.declare_interests(assignment, by=world.expert, now=ELIGIBLE, has_interest=False)
    assert found.state == "recused"
    assert Recusal.objects.get(case=dossier.case).detected
    has_vanished(world, world.expert, dossier)


def test_a_seat_for_an_organisation_of_the_dossier_is_found_at_once(world: World) -> None:
    """A union's or an employer's seat whose organisation takes part: recused before the dossier opens."""
    with opened():
        organisation = Organisation.objects.create(
            name="Une entreprise", legal_form="company", siret=SIRET["partner"]
        )
    seat = world.employers.seats.get(body__kind="crefop_bureau")
    other = person("Second", "Employers")
    accounts.give_seat(
        world.bodies["crefop_commission"], other, by=None, now=NOW, college="employers", valid_from=SINCE
    )
    with opened():
        seat.organisation = organisation
        seat.save()
    dossier = again(eligible_dossier(world))
    recusal = Recusal.objects.get(case=dossier.case)
    assert (recusal.user, recusal.detected) == (world.employers, True)
    has_vanished(world, world.employers, dossier)
    assert not Notification.objects.filter(user=world.employers).exists()
    opinion = opinion_of(dossier, "employers")
    with pytest.raises(NotAllowed):
        actions.declare_seat_interests(opinion, by=world.employers, now=ADVISED, has_interest=False)
    actions.declare_seat_interests(opinion, by=other, now=ADVISED, has_interest=False)
    assert actions.give_opinion(opinion, by=other, now=ADVISED, value="favourable").state == "given"


def test_a_seat_recused_leaves_its_assessment_too(world: World, dossier: Dossier) -> None:
    assignment = open_assignment(world, dossier, world.state)
    actions.declare_seat_interests(
        opinion_of(dossier, "state"),
        by=world.state,
        now=ADVISED,
        has_interest=True,
        explanation="Cofinanceur",
    )
    assert Assignment.objects.get(pk=assignment.pk).state == "recused"
    assert not Timer.objects.filter(verb="reviews.expire_assignment", state=TimerState.PENDING).exists()
    has_vanished(world, world.state, dossier)


# opinions


def test_an_opinion_needs_a_declaration_first(world: World, dossier: Dossier) -> None:
    opinion = opinion_of(dossier, "state")
    with pytest.raises(Refused):
        actions.give_opinion(opinion, by=world.state, now=ADVISED, value="favourable")
    assert not visible_to(actor(world.state)).exists()
    actions.declare_seat_interests(opinion, by=world.state, now=ADVISED, has_interest=False)
    assert list(visible_to(actor(world.state))) == [dossier]
    given = actions.give_opinion(
        opinion, by=world.state, now=ADVISED, value="favourable", minority="La DRAAF doute."
    )
    assert (given.state, given.given_by, given.minority) == ("given", world.state, "La DRAAF doute.")
    with pytest.raises(Refused):
        actions.give_opinion(given, by=world.state, now=ADVISED, value="abstention")


def test_what_an_opinion_must_say(world: World, dossier: Dossier) -> None:
    opinion = opinion_of(dossier, "unions")
    actions.declare_seat_interests(opinion, by=world.unions, now=ADVISED, has_interest=False)

    def refused(**values: Any) -> set[str]:
        with pytest.raises(Refused) as refusal:
            actions.give_opinion(opinion, by=world.unions, now=ADVISED, **values)
        return {r.field for r in refusal.value.reasons}

    assert refused(value="") == {"value"}
    assert refused(value="unfavourable", reasons=" ") == {"reasons"}
    assert refused(value="with_reservations") == {"reservations"}
    assert refused(value="with_reservations", reservations=[{"kind": "maybe", "text": "x"}]) == {
        "reservations"
    }
    assert refused(value="with_reservations", reservations=[{"kind": "suspensive", "text": " "}]) == {
        "reservations"
    }
    assert refused(value="favourable", reservations=[{"kind": "suspensive", "text": "x"}]) == {"reservations"}
    given = actions.give_opinion(
        opinion,
        by=world.unions,
        now=ADVISED,
        value="with_reservations",
        reservations=[
            {"kind": "suspensive", "text": "Le calendrier"},
            {"kind": "recommendation", "text": "Le nom"},
        ],
    )
    assert given.reservations.count() == 2


def test_a_college_speaks_for_itself(world: World, dossier: Dossier) -> None:
    opinion = opinion_of(dossier, "state")
    for who in (
        world.unions,
        world.officer,
        world.manager,
        world.applicant,
        world.expert,
        world.coparef_unions,
    ):
        with pytest.raises(NotAllowed):
            actions.declare_seat_interests(opinion, by=who, now=ADVISED, has_interest=False)
        with pytest.raises(NotAllowed):
            actions.give_opinion(opinion, by=who, now=ADVISED, value="favourable")


@pytest.mark.parametrize("role", ["officer", "signatory"])
def test_the_regions_opinion_comes_from_somebody_else(world: World, dossier: Dossier, role: str) -> None:
    """Neither the dossier's officer nor the signatory of the decision (domain §2.7, 5)."""
    from calls import actions as calls

    user = world.people[role]
    accounts.give_seat(
        world.bodies["crefop_commission"], user, by=None, now=NOW, college="region", valid_from=SINCE
    )
    if role == "officer":
        calls.take_charge(dossier, by=world.manager, now=ELIGIBLE, officer=user)
    opinion = opinion_of(dossier, "region")
    actions.declare_seat_interests(opinion, by=user, now=ADVISED, has_interest=False)
    with pytest.raises(Refused):
        actions.give_opinion(opinion, by=user, now=ADVISED, value="favourable")


def test_silence_is_noted_by_the_clock(world: World, dossier: Dossier) -> None:
    advise(world, dossier, {"state": "favourable", "region": "abstention"})
    assess(world, dossier)
    late = ELIGIBLE + 26 * DAY
    assert timers.fire_due(now=late) == 2
    assert {opinion_of(dossier, c).state for c in ("employers", "unions")} == {"not_given"}
    assert waiting(dossier) == {"conclusion"}
    assert timers.fire_due(now=late) == 1  # the programme concludes by itself
    dossier = again(dossier)
    assert (dossier.state, dossier.score) == ("reviewed", Decimal(80))
    synthesis = Synthesis.objects.get(dossier=dossier)
    assert (synthesis.value, synthesis.rule_version) == ("divided", "quadripartite-1")
    assert synthesis.counts == {"favourable": 1, "unfavourable": 0, "silent": 3}
    assert waiting(dossier) == {"decision"}


def test_the_review_is_concluded_once_everything_is_in(world: World, dossier: Dossier) -> None:
    with pytest.raises(Refused) as refusal:
        actions.conclude_review(dossier, by=world.officer, now=CONCLUDED)
    assert len(refusal.value.reasons) == 2
    assess(world, dossier, [5, 4, 4, 3, 3, 3, 3, 2])
    advise(
        world,
        dossier,
        {
            "state": "favourable",
            "region": "with_reservations",
            "employers": "favourable",
            "unions": "unfavourable",
        },
    )
    with pytest.raises(NotAllowed):
        actions.conclude_review(dossier, by=world.expert, now=CONCLUDED)
    done = actions.conclude_review(again(dossier), by=world.officer, now=CONCLUDED)
    assert (done.state, done.score) == ("reviewed", Decimal(72))
    assert Synthesis.objects.get(dossier=dossier).value == "majority_favourable"


def test_who_reads_the_opinions(world: World, dossier: Dossier) -> None:
    advise(world, dossier, {"state": "favourable"})

    def seen(user: Any) -> set[str]:
        return {o.college for o in opinions_visible_to(actor(user), dossier)}

    every = {"state", "region", "employers", "unions"}
    assert seen(world.officer) == seen(world.auditor) == seen(world.state) == every
    assert seen(world.unions) == {"unions"}
    assert seen(world.applicant) == seen(world.other) == seen(world.expert) == set()


def test_a_review_without_colleges_has_no_synthesis(world: World) -> None:
    dossier = eligible_dossier(world, call=open_call(world, colleges=["state"], coparef="none"))
    assess(world, dossier)
    advise(world, dossier, {"state": "unfavourable"})
    actions.conclude_review(again(dossier), by=world.officer, now=CONCLUDED)
    assert Synthesis.objects.get(dossier=dossier).value == "consensus_unfavourable"


# COPAREF


def test_the_coparef_on_a_dossier(world: World) -> None:
    dossier = eligible_dossier(world, call=open_call(world, coparef="dossier"))
    opinion = BodyOpinion.objects.get(dossier=dossier)
    member = world.coparef_unions
    values = {"position": "common", "value": "favourable", "reasons": "Utile."}
    with pytest.raises(Refused):
        actions.give_body_opinion(opinion, by=member, now=ADVISED, **values)
    actions.declare_body_interests(opinion, by=member, now=ADVISED, has_interest=False)
    assert actions.give_body_opinion(opinion, by=member, now=ADVISED, **values).state == "given"
    assert "coparef_opinion" not in waiting(dossier)


def test_the_coparef_on_the_shortlist(world: World) -> None:
    dossier = reviewed_dossier(world)
    call = closed(world, dossier.call)
    with pytest.raises(Refused):
        actions.request_body_opinion(call, by=world.officer, now=RANKED, question=" ")
    opinion = actions.request_body_opinion(call, by=world.officer, now=RANKED, question="La liste ?")
    assert [line["reference"] for line in opinion.shortlist] == [dossier.case.reference]
    assert inbox(actor(world.coparef_employers, RANKED)).get().object_id == opinion.pk
    with pytest.raises(Refused):
        actions.request_body_opinion(call, by=world.officer, now=RANKED, question="Encore ?")
    with pytest.raises(NotAllowed):
        actions.give_body_opinion(opinion, by=world.state, now=RANKED, position="common", reasons="x")

    def refused(**values: Any) -> set[str]:
        with pytest.raises(Refused) as refusal:
            actions.give_body_opinion(opinion, by=world.coparef_employers, now=RANKED, **values)
        return {r.field for r in refusal.value.reasons}

    assert refused(position="", reasons="") == {"position", "reasons"}
    assert refused(position="common", reasons="x") == {"value"}
    assert refused(position="divergent", reasons="x") == {"employers_position", "unions_position"}
    given = actions.give_body_opinion(
        opinion,
        by=world.coparef_employers,
        now=RANKED,
        position="divergent",
        value="favourable",
        reasons="Les deux collèges divergent.",
        employers_position="Favorables.",
        unions_position="Réservés.",
        objectives="Plus d'AFEST.",
    )
    assert (given.state, given.value) == ("given", "")


def test_the_coparefs_silence_is_no_opinion(world: World) -> None:
    call = closed(world, reviewed_dossier(world).call)
    opinion = actions.request_body_opinion(call, by=world.officer, now=RANKED, question="La liste ?")
    with pytest.raises(Refused):
        actions.draft_ranking(call, by=world.officer, now=RANKED)
    timers.fire_due(now=RANKED + 22 * DAY)
    opinion = BodyOpinion.objects.get(pk=opinion.pk)
    assert (opinion.state, opinion.value, opinion.position) == ("not_given", "", "")
    assert actions.draft_ranking(call, by=world.officer, now=RANKED + 22 * DAY).state == "draft"


def test_the_coparef_waits_for_the_reviews(world: World) -> None:
    dossier = eligible_dossier(world)
    call = closed(world, dossier.call)
    with pytest.raises(Refused):
        coparef_opinion(world, call)
    assert InterestDeclaration.objects.count() == Assessment.objects.count() == 0
