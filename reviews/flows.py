"""Who must do which verb of the reviews, by when, and what comes next, on a dossier, an assignment and a call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from accounts.actors import (
    body_audience,
    organisation_audience,
    post_audience,
    seat_audience,
    user_audience,
)
from accounts.models import BodyKind, College, PostRole
from accounts.queries import body_of
from calls.models import Call, CoparefScope, Dossier, DossierState
from reviews.models import (
    Assignment,
    AssignmentState,
    BodyOpinion,
    CollegeOpinion,
    Decision,
    Letter,
    LetterState,
    Outcome,
    PieceRequest,
    PieceRequestState,
    Ranking,
)
from workflows.dates import calendar_for, end_of_day, local_date, receipt_due
from workflows.engine import CaseFlow, Step
from workflows.engine.flow import End, Start, subject


def officers(row: Any) -> str:
    """The Region's case officers."""
    return post_audience(row.case.region_id, PostRole.CASE_OFFICER)


def managers(row: Any) -> str:
    """The Region's heads of service."""
    return post_audience(row.case.region_id, PostRole.MANAGER)


def ten_working_days(dossier: Dossier, now: datetime) -> datetime:
    """Completeness is looked at within the time of the receipt: ten working days (CRPA R112-11-2)."""
    calendar = calendar_for(dossier.case.region.code)
    return end_of_day(receipt_due(now, calendar), calendar.tz)


def at_once(row: Any, now: datetime) -> datetime:
    """Now: the programme does it by itself, at its next round."""
    return now


def pending_request(dossier: Dossier) -> PieceRequest:
    """The request that the applicant must answer."""
    return PieceRequest.objects.get(dossier=dossier, state=PieceRequestState.PENDING)


def opinion_of(college: College) -> Any:
    """How the college's opinion is found from the dossier."""

    def find(dossier: Dossier) -> CollegeOpinion:
        return CollegeOpinion.objects.get(dossier=dossier, college=college)

    return find


def asks(college: College) -> Any:
    """Whether the call consults that college."""

    def test(activation: Any) -> bool:
        return college in subject(activation).call.colleges

    return test


def asks_coparef(activation: Any) -> bool:
    """Whether the COPAREF gives an opinion on this very dossier."""
    return BodyOpinion.objects.filter(dossier=subject(activation)).exists()


def college_step(college: College) -> Step:
    """One college must give its opinion before the due date; silence is noted by the clock."""
    find = opinion_of(college)
    return Step(
        {
            College.STATE: _("Give the State's opinion"),
            College.REGION: _("Give the Region's opinion"),
            College.EMPLOYERS: _("Give the employers' opinion"),
            College.UNIONS: _("Give the unions' opinion"),
        }[college],
        who=lambda dossier: seat_audience(find(dossier).body_id, college),
        due=lambda dossier, now: find(dossier).due_at,
        target=find,
        on={"reviews.give_opinion": this.join, "reviews.note_opinion_not_given": this.join},
        timeout="reviews.note_opinion_not_given",
        page="reviews:opinion",
        notify=True,
    )


class ReviewFlow(CaseFlow):
    """From the submission to the vote: completeness ⇄ pieces, admissibility, eligibility, assessments beside opinions."""

    process_title = _("Review of the dossier")
    starts_on = ("calls.submit",)
    stopped_by = ("calls.withdraw",)

    start = Start().Next(this.completeness)

    completeness = Step(
        _("Check that the dossier is complete"),
        who=officers,
        due=ten_working_days,
        on={
            "reviews.declare_complete": this.admissibility,
            "reviews.request_pieces": this.production,
            "reviews.declare_inadmissible": this.end,
        },
        page="reviews:completeness",
    )
    production = Step(
        _("Send the requested pieces"),
        who=lambda dossier: organisation_audience(dossier.organisation_id),
        target=pending_request,
        due=lambda dossier, now: end_of_day(pending_request(dossier).due_on, dossier.case.region.zone),
        on={
            "reviews.produce_pieces": this.completeness,
            "reviews.expire_piece_request": this.completeness,
        },
        timeout="reviews.expire_piece_request",
        page="reviews:production",
        notify=True,
    )
    admissibility = Step(
        _("Decide whether the dossier is admissible"),
        who=officers,
        on={
            "reviews.declare_admissible": this.eligibility,
            "reviews.declare_inadmissible": this.end,
        },
        page="reviews:admissibility",
    )
    eligibility = Step(
        _("Decide whether the dossier is eligible"),
        who=managers,
        on={"reviews.declare_eligible": this.review, "reviews.declare_ineligible": this.end},
        page="reviews:eligibility",
    )

    review = (
        flow.Split()
        .Next(this.assessments)
        .Next(this.state_opinion, case=asks(College.STATE))
        .Next(this.region_opinion, case=asks(College.REGION))
        .Next(this.employers_opinion, case=asks(College.EMPLOYERS))
        .Next(this.unions_opinion, case=asks(College.UNIONS))
        .Next(this.coparef_opinion, case=asks_coparef)
    )
    assessments = Step(
        _("Have the dossier assessed"),
        who=officers,
        on={"reviews.complete_assessments": this.join},
        page="reviews:assignments",
    )
    state_opinion = college_step(College.STATE)
    region_opinion = college_step(College.REGION)
    employers_opinion = college_step(College.EMPLOYERS)
    unions_opinion = college_step(College.UNIONS)
    coparef_opinion = Step(
        _("Give the COPAREF's opinion on the dossier"),
        who=lambda dossier: body_audience(BodyOpinion.objects.get(dossier=dossier).body_id),
        due=lambda dossier, now: BodyOpinion.objects.get(dossier=dossier).due_at,
        target=lambda dossier: BodyOpinion.objects.get(dossier=dossier),
        on={"reviews.give_body_opinion": this.join, "reviews.note_no_body_opinion": this.join},
        timeout="reviews.note_no_body_opinion",
        page="reviews:body_opinion",
        notify=True,
    )
    join = flow.Join().Next(this.conclusion)

    conclusion = Step(
        _("Conclude the review"),
        who=officers,
        due=at_once,
        on={"reviews.conclude_review": this.decision},
        timeout="reviews.conclude_review",
        page="reviews:review",
    )
    decision = Step(
        _("Vote of the commission permanente"),
        who=lambda dossier: voters(dossier),
        on={"reviews.apply_decision": this.end},
        page="reviews:review",
    )
    end = End()


def voters(dossier: Dossier) -> str:
    """The elected body that decides (only the call's page records its vote); the managers where it is not installed."""
    day = local_date(dossier.case.opened_at, dossier.case.region.zone)
    body = body_of(dossier.case.region, BodyKind.COMMISSION_PERMANENTE, day)
    return body_audience(body.pk) if body else managers(dossier)


class AssignmentFlow(CaseFlow):
    """One reviewer: declare interests, then assess, before the due date."""

    process_title = _("Assessment")
    starts_on = ("reviews.assign_reviewer",)
    stopped_by = ("calls.withdraw",)

    start = Start().Next(this.interests)
    interests = Step(
        _("Declare your interests"),
        who=lambda assignment: user_audience(assignment.reviewer_id),
        due=lambda assignment, now: assignment.due_at,
        on={
            "reviews.declare_interests": this.opened,
            "reviews.declare_seat_interests": this.end,
            "reviews.declare_body_interests": this.end,
            "reviews.expire_assignment": this.end,
        },
        timeout="reviews.expire_assignment",
        page="reviews:interests",
        notify=True,
    )
    opened = (
        flow.If(lambda activation: subject(activation).state == AssignmentState.OPEN)
        .Then(this.assessment)
        .Else(this.end)
    )
    assessment = Step(
        _("Assess the dossier"),
        who=lambda assignment: user_audience(assignment.reviewer_id),
        due=lambda assignment, now: assignment.due_at,
        on={
            "reviews.submit_assessment": this.end,
            "reviews.declare_interests": this.opened,
            "reviews.declare_seat_interests": this.end,
            "reviews.declare_body_interests": this.end,
            "reviews.expire_assignment": this.end,
        },
        timeout="reviews.expire_assignment",
        page="reviews:assess",
    )
    end = End()

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """Assignments only."""
        return isinstance(row, Assignment)


class SelectionFlow(CaseFlow):
    """On a call, once it is closed: COPAREF on the shortlist, ranking, proposal, validation, vote."""

    process_title = _("Selection")
    starts_on = ("calls.close_call",)
    stopped_by = ("calls.cancel_call",)

    start = Start().Next(this.consults)
    consults = (
        flow.If(
            lambda activation: subject(activation).coparef != CoparefScope.NONE and has_coparef(activation)
        )
        .Then(this.consultation)
        .Else(this.ranking)
    )
    consultation = Step(
        _("Consult the COPAREF on the shortlist"),
        who=officers,
        on={"reviews.request_body_opinion": this.coparef},
        page="reviews:selection",
    )
    coparef = Step(
        _("Give the COPAREF's opinion on the shortlist"),
        who=lambda call: body_audience(asked(call).body_id),
        due=lambda call, now: asked(call).due_at,
        target=lambda call: asked(call),
        on={"reviews.give_body_opinion": this.ranking, "reviews.note_no_body_opinion": this.ranking},
        timeout="reviews.note_no_body_opinion",
        page="reviews:body_opinion",
        notify=True,
    )
    ranking = Step(
        _("Rank the dossiers"),
        who=officers,
        on={"reviews.draft_ranking": this.proposal},
        page="reviews:selection",
    )
    proposal = Step(
        _("Propose the selection"),
        who=officers,
        target=lambda call: latest(call),
        on={"reviews.propose_ranking": this.validation},
        page="reviews:ranking",
    )
    validation = Step(
        _("Validate the selection"),
        who=managers,
        target=lambda call: latest(call),
        on={"reviews.validate_ranking": this.vote, "reviews.send_back_ranking": this.proposal},
        page="reviews:ranking",
        notify=True,
    )
    vote = Step(
        _("Record the vote of the commission permanente"),
        who=managers,
        target=lambda call: latest(call),
        on={"reviews.record_vote": this.end},
        page="reviews:vote",
    )
    end = End()

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """Calls that received something."""
        gone = [DossierState.DRAFT, DossierState.LAPSED, DossierState.WITHDRAWN]
        return isinstance(row, Call) and Dossier.objects.filter(call=row).exclude(state__in=gone).exists()


def has_coparef(activation: Any) -> bool:
    """Whether the Region has a COPAREF on the day the call closes."""
    call = subject(activation)
    day = local_date(call.closes_at, call.case.region.zone)
    return body_of(call.case.region, BodyKind.COPAREF, day) is not None


def asked(call: Call) -> BodyOpinion:
    """The consultation under way on the shortlist."""
    return BodyOpinion.objects.filter(call=call, dossier__isnull=True).latest("requested_at")


def latest(call: Call) -> Ranking:
    """The ranking at work."""
    return Ranking.objects.filter(call=call).latest("number")


class LetterFlow(CaseFlow):
    """A decision was taken: somebody looks at its letter and releases it."""

    process_title = _("Letter")
    starts_on = (
        "reviews.declare_inadmissible",
        "reviews.declare_ineligible",
        "reviews.apply_decision",
        "reviews.promote",
        "reviews.lapse_reserve",
    )
    stopped_by = ("calls.withdraw", "reviews.promote", "reviews.lapse_reserve")

    start = Start().Next(this.release)
    release = Step(
        _("Release the letter"),
        who=managers,
        target=lambda dossier: Letter.objects.get(dossier=dossier, state=LetterState.DRAFTED),
        on={"reviews.release_letter": this.end},
        page="reviews:letter",
    )
    end = End()

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """Dossiers with a letter to send (one withdrawn before its decision has none)."""
        return Letter.objects.filter(dossier=row.pk, state=LetterState.DRAFTED).exists()


class WithdrawalFlow(CaseFlow):
    """A dossier is withdrawn after its decision: the programme cancels its letters and calls the next on the reserve list."""

    process_title = _("Withdrawal after the decision")
    starts_on = ("calls.withdraw",)

    start = Start().Next(this.consequences)
    consequences = Step(
        _("Draw the consequences of the withdrawal"),
        who=managers,
        due=at_once,
        on={"reviews.settle_withdrawal": this.end},
        timeout="reviews.settle_withdrawal",
        page="reviews:review",
    )
    end = End()

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """Dossiers that were awarded a subsidy, or put on the reserve list."""
        return Decision.objects.filter(
            dossier=row.pk, outcome__in=[Outcome.AWARDED, Outcome.RESERVE]
        ).exists()
