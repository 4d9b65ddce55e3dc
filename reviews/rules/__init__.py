"""Rights of the reviews: who may examine, judge, give an opinion, rank, validate, record the vote and send letters.

The separation of duties that a table can state is stated here (domain §3.9, guarantee P33); the part of it that depends on who
acted before (proposer and validator) is checked by the verb, which can say it in words.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from rules.predicates import predicate

from accounts.actors import Actor
from accounts.models import PostRole, Voice
from accounts.rules import (
    edits_for_organisation,
    holds_somewhere,
    is_auditor,
    is_case_officer,
    is_expert,
    is_manager,
    is_signatory,
    is_staff,
    not_recused,
    register,
    sits_in_crefop,
)
from calls.models import Dossier
from calls.rules import judged_by
from reviews.models import Assignment, AssignmentState, BodyOpinion, CollegeOpinion
from workflows.rules import is_open, reads_a_region, sees_case


@judged_by
def reviewers(dossier: Dossier) -> QuerySet[Any]:
    """Who is asked to assess the dossier, or has."""
    kept = Assignment.objects.exclude(state__in=[AssignmentState.RECUSED, AssignmentState.EXPIRED])
    return kept.filter(dossier=dossier).values(person=F("reviewer"))


@judged_by
def opinion_givers(dossier: Dossier) -> QuerySet[Any]:
    """Who has given the opinion of a college on the dossier."""
    return CollegeOpinion.objects.filter(dossier=dossier).values(person=F("given_by"))


@judged_by
def body_opinion_givers(dossier: Dossier) -> QuerySet[Any]:
    """Who has given the COPAREF's opinion on the dossier."""
    return BodyOpinion.objects.filter(dossier=dossier).values(person=F("given_by"))


@predicate
def is_the_reviewer(actor: Actor, assignment: Any) -> bool:
    """The assignment is the actor's own."""
    return assignment.reviewer_id == actor.user.pk


@predicate
def sits_for_the_college(actor: Actor, opinion: Any) -> bool:
    """The actor has a seat with a vote for the college whose opinion is asked."""
    return any(
        s.body_id == opinion.body_id and s.college == opinion.college and s.voice == Voice.DELIBERATIVE
        for s in actor.seats
    )


@predicate
def sits_in_the_body(actor: Actor, opinion: Any) -> bool:
    """The actor has a seat with a vote in the body that is consulted."""
    return any(s.body_id == opinion.body_id and s.voice == Voice.DELIBERATIVE for s in actor.seats)


@predicate
def sees_interests(actor: Actor, row: Any) -> bool:
    """Who may judge declares first: the page says enough of the dossier to do so, and nothing of its content."""
    if hasattr(row, "reviewer_id"):
        return bool(is_the_reviewer(actor, row))
    return bool(sits_for_the_college(actor, row) if hasattr(row, "college") else sits_in_the_body(actor, row))


@predicate
def in_the_dossier_or_asked(actor: Actor, opinion: Any) -> bool:
    """The reasoned opinion on a dossier is open to whoever declared no interest in it; on a shortlist, to the body."""
    return opinion.dossier_id is None or bool(sees_case(actor, opinion))


judges = (is_expert | sits_in_crefop) & is_the_reviewer & not_recused
officer_at_work = is_case_officer & not_recused & is_open
manager_at_work = is_manager & not_recused & is_open
selects = (is_case_officer | is_manager) & not_recused
sends_letters = (is_manager | is_signatory) & not_recused
reads_all = (is_staff | is_auditor) & not_recused

RIGHTS = {
    # completeness, admissibility, eligibility
    "reviews.review_piece": officer_at_work,
    "reviews.request_pieces": officer_at_work,
    "reviews.produce_pieces": edits_for_organisation & not_recused & is_open,
    "reviews.declare_complete": officer_at_work,
    "reviews.declare_admissible": officer_at_work,
    "reviews.declare_inadmissible": officer_at_work,
    "reviews.declare_eligible": manager_at_work,
    "reviews.declare_ineligible": manager_at_work,
    # assessments
    "reviews.assign_reviewer": officer_at_work | manager_at_work,
    "reviews.declare_interests": judges & is_open,
    "reviews.save_assessment": judges & is_open,
    "reviews.submit_assessment": judges & is_open,
    "reviews.complete_assessments": officer_at_work | manager_at_work,
    # opinions
    "reviews.declare_seat_interests": sits_for_the_college & not_recused & is_open,
    "reviews.give_opinion": sits_for_the_college & not_recused & is_open,
    "reviews.declare_body_interests": sits_in_the_body & not_recused & is_open,
    "reviews.request_body_opinion": selects & is_open,
    "reviews.give_body_opinion": sits_in_the_body & not_recused & is_open,
    "reviews.conclude_review": officer_at_work | manager_at_work,
    # selection and decision
    "reviews.draft_ranking": selects & is_open,
    "reviews.adjust_line": selects & is_open,
    "reviews.propose_ranking": selects & is_open,
    "reviews.send_back_ranking": manager_at_work,
    "reviews.validate_ranking": manager_at_work,
    "reviews.record_vote": manager_at_work,
    "reviews.promote": manager_at_work,
    # letters
    "reviews.edit_letter": sends_letters & is_open,
    "reviews.release_letter": sends_letters & is_open,
    "reviews.read_letter": edits_for_organisation & not_recused,
    # pages
    "reviews.see_review": reads_all,
    "reviews.see_selection": reads_all,
    "reviews.see_letters": reads_all,
    "reviews.list_letters": reads_a_region,
    "reviews.release_several": holds_somewhere(PostRole.MANAGER, PostRole.SIGNATORY),
    "reviews.see_letter": reads_all | (edits_for_organisation & not_recused),
    "reviews.see_request": (edits_for_organisation | is_staff | is_auditor) & not_recused,
    "reviews.see_interests": sees_interests & not_recused,
    "reviews.see_assessment": judges,
    "reviews.see_opinion": sits_for_the_college & sees_case,
    "reviews.see_body_opinion": sits_in_the_body & not_recused & in_the_dossier_or_asked,
}

register(RIGHTS)
