"""Verbs of the assessment: assign, declare interests, score, submit (domain §2.7, 1-2; §4.11; guarantees P11, P31)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actors import post_audience, user_audience
from accounts.models import User
from calls.models import Criterion, Dossier, DossierState
from calls.reference import MAX_SCORE
from reviews.actions.shared import recuse, until
from reviews.models import Assessment, Assignment, AssignmentState, InterestDeclaration, Score
from reviews.queries.interests import conflicts, reviewer_choices
from reviews.rules import grid
from workflows.dates import assessment_due
from workflows.engine import Act, Conflict, Reason, action
from workflows.models import Entry, Grant

ACTIVE = (AssignmentState.ASSIGNED, AssignmentState.OPEN, AssignmentState.DONE)


@action(
    "reviews.assign_reviewer",
    label=gettext_lazy("Assign a reviewer"),
    done=gettext_lazy("Reviewer assigned"),
    when={DossierState.IN_REVIEW},
)
def assign_reviewer(
    act: Act, dossier: Dossier, *, reviewer: User, due_at: datetime | None = None
) -> Assignment:
    """Ask somebody to assess the dossier, within the number that the call wants (P11).

    Refused for who has an organisation in common with it, was kept out of it, already has it, or may not review. The
    dossier opens to them once they have declared their interests.
    """
    active = Assignment.objects.filter(dossier=dossier, state__in=ACTIVE).count()
    most = dossier.call.assessors_per_dossier
    if active >= most:
        act.refuse_if(Reason(_("This dossier already has its %(n)s reviewers.") % {"n": most}, "reviewer"))
    choice = next((c for c in reviewer_choices(dossier, act.today) if c.user.pk == reviewer.pk), None)
    if choice is None:
        act.refuse_if(Reason(_("%(person)s may not assess this dossier.") % {"person": reviewer}, "reviewer"))
    assert choice is not None
    if choice.conflicts:
        named = {"person": reviewer, "organisation": ", ".join(choice.conflicts)}
        act.refuse_if(Reason(_("%(person)s belongs to %(organisation)s.") % named, "reviewer"))
    if choice.recused:
        act.refuse_if(
            Reason(_("%(person)s was recused from this dossier.") % {"person": reviewer}, "reviewer")
        )
    if choice.assigned:
        act.refuse_if(Reason(_("%(person)s already has this dossier.") % {"person": reviewer}, "reviewer"))
    due = due_at or until(act, assessment_due(act.today, dossier.call.assessment_days))
    if due <= act.now:
        act.refuse_if(Reason(_("The due date is already past."), "due_at"))
    assignment = Assignment.objects.create(
        case=act.case,
        dossier=dossier,
        reviewer=reviewer,
        assigned_by=act.person.user,
        assigned_at=act.now,
        due_at=due,
    )
    act.record(
        assignment, snapshot={"reviewer": reviewer.email, "due_at": due, "load": choice.load, "of": most}
    )
    return assignment


@action(
    "reviews.declare_interests",
    label=gettext_lazy("Declare one's interests"),
    done=gettext_lazy("Interests declared"),
    when={AssignmentState.ASSIGNED, AssignmentState.OPEN},
)
def declare_interests(
    act: Act, assignment: Assignment, *, has_interest: bool, explanation: str = ""
) -> Assignment:
    """Declare, before reading, whether one has an interest in the dossier (law 2013-907 art. 2, CRPA R133-12).

    Without one the dossier opens; with one, or with an organisation in common whatever was declared, it closes for good. An
    interest discovered later is declared the same way.
    """
    recused = declare(act, assignment.dossier, has_interest=has_interest, explanation=explanation)
    if recused:
        act.move(assignment, "recuse")
        with override("fr"):
            act.notify(
                [post_audience(act.case.region_id, "case_officer")],
                "recusal",
                _("A reviewer is recused"),
                _("%(person)s will not assess this dossier: assign somebody else.")
                % {"person": act.person.user},
                f"/dossiers/{assignment.dossier_id}/assignments/",
            )
    elif assignment.state == AssignmentState.ASSIGNED:
        act.move(assignment, "accept")
        Assessment.objects.create(case=act.case, assignment=assignment)
    assignment.save(update_fields=["state"])
    act.record(
        assignment,
        reasons=explanation.strip(),
        snapshot={"has_interest": has_interest, "recused": recused},
    )
    return assignment


def declare(act: Act, dossier: Dossier, *, has_interest: bool, explanation: str) -> bool:
    """Keep a declaration of interests, and open or close the dossier to the person; returns whether it closed."""
    explanation = explanation.strip()
    if has_interest and not explanation:
        act.refuse_if(Reason(_("Explain your interest in a few words."), "explanation"))
    user = act.person.user
    InterestDeclaration.objects.update_or_create(
        dossier=dossier,
        user=user,
        defaults={
            "case": act.case,
            "has_interest": has_interest,
            "explanation": explanation,
            "declared_at": act.now,
        },
    )
    found = conflicts(dossier, [user.pk], act.today).get(user.pk, [])
    if found:
        recuse(act, {user.pk: ", ".join(found)}, detected=True)
    elif has_interest:
        recuse(act, {user.pk: explanation}, detected=False)
    else:
        Grant.objects.get_or_create(
            case=act.case, audience=user_audience(user.pk), defaults={"since": act.now}
        )
    return bool(found) or has_interest


@action(
    "reviews.save_assessment",
    label=gettext_lazy("Save the assessment"),
    done=gettext_lazy("Assessment saved"),
    when={AssignmentState.OPEN},
)
def save_assessment(
    act: Act,
    assignment: Assignment,
    *,
    scores: Mapping[Any, Mapping[str, Any]],
    comment: str = "",
    version: int | None = None,
) -> Assessment:
    """Keep what is written so far: ``{criterion id: {"value": 0 to 5 or None, "comment": text}}`` (autosave).

    ``version`` is how many saves the person had seen: another tab's raises Conflict and overwrites nothing (P08).
    """
    assessment = assignment.assessment
    _not_stale(assignment, version)
    _write(act, assignment, scores, comment)
    act.record(assessment, snapshot=_snapshot(assessment))
    return assessment


def _not_stale(assignment: Assignment, version: int | None) -> None:
    if version is not None and version != saves(assignment):
        raise Conflict(_saved(assignment).order_by("-seq").first())


def saves(assignment: Assignment) -> int:
    """How many times the assessment was saved."""
    return _saved(assignment).count()


def _saved(assignment: Assignment) -> QuerySet[Entry]:
    return Entry.objects.filter(
        case=assignment.case_id,
        verb="reviews.save_assessment",
        object_id=str(assignment.assessment.pk),
    )


@action(
    "reviews.submit_assessment",
    label=gettext_lazy("Submit the assessment"),
    done=gettext_lazy("Assessment submitted"),
    moves="finish",
)
def submit_assessment(
    act: Act,
    assignment: Assignment,
    *,
    scores: Mapping[Any, Mapping[str, Any]] | None = None,
    comment: str | None = None,
    version: int | None = None,
) -> Assignment:
    """Give the assessment for good: every criterion scored and commented. It cannot be changed afterwards."""
    assessment = assignment.assessment
    _not_stale(assignment, version)
    if scores is not None:
        _write(act, assignment, scores, assessment.comment if comment is None else comment)
    criteria = list(Criterion.objects.filter(call=assignment.dossier.call_id).order_by("number"))
    given = {score.criterion_id: score for score in Score.objects.filter(assessment=assessment)}
    act.refuse_if(
        Reason(_("Score “%(criterion)s”.") % {"criterion": criterion}, f"value-{criterion.pk}")
        for criterion in criteria
        if criterion.pk not in given or given[criterion.pk].value is None
    )
    act.refuse_if(
        Reason(
            _("Comment your score on “%(criterion)s”.") % {"criterion": criterion}, f"comment-{criterion.pk}"
        )
        for criterion in criteria
        if not given[criterion.pk].comment
    )
    assessment.total = grid.total((c.weight, given[c.pk].value or 0) for c in criteria)
    assessment.submitted_at = act.now
    assessment.save(update_fields=["total", "submitted_at"])
    act.move(assignment, "finish")
    assignment.save(update_fields=["state"])
    _complete_soon(act, assignment.dossier)
    act.record(assignment, snapshot=_snapshot(assessment) | {"total": assessment.total})
    return assignment


@action(
    "reviews.expire_assignment",
    label=gettext_lazy("Note that the time to assess is over"),
    done=gettext_lazy("Not assessed in time"),
    moves="expire",
    system=True,
)
def expire_assignment(act: Act, assignment: Assignment) -> Assignment:
    """The due date passed without an assessment: somebody else may be assigned."""
    act.move(assignment, "expire")
    assignment.save(update_fields=["state"])
    _complete_soon(act, assignment.dossier)
    with override("fr"):
        act.notify(
            [post_audience(act.case.region_id, "case_officer")],
            "assessment_late",
            _("An assessment was not given in time"),
            _("%(person)s did not assess this dossier in time.") % {"person": assignment.reviewer},
            f"/dossiers/{assignment.dossier_id}/assignments/",
        )
    act.record(assignment, snapshot={"reviewer": assignment.reviewer.email, "due_at": assignment.due_at})
    return assignment


@action(
    "reviews.complete_assessments",
    label=gettext_lazy("Close the assessments"),
    done=gettext_lazy("Assessments closed"),
    when={DossierState.IN_REVIEW},
    system=True,
)
def complete_assessments(act: Act, dossier: Dossier) -> Dossier:
    """End the assessments: at least one is in and none is pending. The programme does it when all that were wanted are in."""
    states = list(Assignment.objects.filter(dossier=dossier).values_list("state", flat=True))
    done = states.count(AssignmentState.DONE)
    if Entry.objects.filter(case=act.case, verb=act.verb).exists():
        act.refuse_if(Reason(_("The assessments are already closed.")))
    if any(state in (AssignmentState.ASSIGNED, AssignmentState.OPEN) for state in states):
        act.refuse_if(Reason(_("An assessment is still awaited.")))
    if not done:
        act.refuse_if(Reason(_("Nobody has assessed this dossier yet.")))
    act.cancel_timers(act.verb, object_id=dossier.pk)
    act.record(dossier, snapshot={"assessments": done, "wanted": dossier.call.assessors_per_dossier})
    return dossier


def _write(act: Act, assignment: Assignment, scores: Mapping[Any, Mapping[str, Any]], comment: str) -> None:
    criteria = {
        str(pk): pk
        for pk in Criterion.objects.filter(call=assignment.dossier.call_id).values_list("pk", flat=True)
    }
    faults = []
    for key, given in scores.items():
        value = given.get("value")
        if str(key) not in criteria:
            faults.append(Reason(_("This criterion is not in the grid."), f"value-{key}"))
        elif value is not None and not 0 <= value <= MAX_SCORE:
            faults.append(Reason(_("A score is between 0 and 5."), f"value-{key}"))
        elif len(given.get("comment") or "") > 2000:
            faults.append(Reason(_("At most 2000 characters."), f"comment-{key}"))
    if len(comment) > 5000:
        faults.append(Reason(_("At most 5000 characters."), "comment"))
    act.refuse_if(faults)
    assessment = assignment.assessment
    Score.objects.bulk_create(
        (
            Score(
                case=act.case,
                assessment=assessment,
                criterion_id=criteria[str(key)],
                value=given.get("value"),
                comment=(given.get("comment") or "").strip(),
            )
            for key, given in scores.items()
        ),
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["value", "comment"],
    )
    assessment.comment = comment.strip()
    assessment.save(update_fields=["comment"])


def _snapshot(assessment: Assessment) -> dict[str, Any]:
    scores = Score.objects.filter(assessment=assessment).select_related("criterion")
    return {
        "scores": [
            {
                "criterion": s.criterion.number,
                "weight": s.criterion.weight,
                "value": s.value,
                "comment": s.comment,
            }
            for s in scores.order_by("criterion__number")
        ],
        "comment": assessment.comment,
    }


def _complete_soon(act: Act, dossier: Dossier) -> None:
    """When all the assessments that the call wants are in, the programme closes them by itself."""
    states = list(Assignment.objects.filter(dossier=dossier).values_list("state", flat=True))
    pending = any(state in (AssignmentState.ASSIGNED, AssignmentState.OPEN) for state in states)
    if not pending and states.count(AssignmentState.DONE) >= dossier.call.assessors_per_dossier:
        act.set_timer("reviews.complete_assessments", dossier, act.now)


__all__ = [
    "assign_reviewer",
    "complete_assessments",
    "declare",
    "declare_interests",
    "expire_assignment",
    "save_assessment",
    "submit_assessment",
]
