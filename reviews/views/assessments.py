"""Pages of the assessment: who assesses, interests, the dossier with the grid beside it, the review as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.rules import may
from calls.models import Criterion, Dossier
from reviews import actions
from reviews.actions.assessments import saves
from reviews.forms.completeness import PlainForm
from reviews.forms.judgments import AssignForm, GridForm, InterestsForm
from reviews.models import (
    Assignment,
    AssignmentState,
    BodyOpinion,
    CollegeOpinion,
)
from reviews.queries import (
    assessments_visible_to,
    has_declared,
    reviewer_choices,
    sirens_of,
)
from reviews.queries.judgments import PENDING
from reviews.shown import (
    application_of,
    clock_of,
    dossier_of,
    head,
    onward,
    posted,
    review_of,
    status_of,
    today_of,
)
from reviews.words import assignment_word
from workflows import autosave as answers
from workflows.access import note_access
from workflows.components import Header, Link
from workflows.engine import Conflict, Refused, allowed
from workflows.middleware import CaseRequest
from workflows.models import Access, Entry
from workflows.queries import get_visible


@require_http_methods(["GET", "POST"])
def assignments(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Who assesses the dossier: those asked, and those who could be, the least loaded first, conflicts shown."""
    dossier = dossier_of(request, pk)
    form = AssignForm(
        posted(request, "assign"),
        prefix="assign",
        time_zone=dossier.case.region.time_zone,
    )
    close = PlainForm(posted(request, "close"), prefix="close", verb_name="reviews.complete_assessments")
    if form.is_bound and form.perform(actions.assign_reviewer, dossier, by=request.actor, now=request.now):
        messages.success(
            request, _("%(person)s is asked to assess it.") % {"person": form.cleaned_data["reviewer"]}
        )
        return redirect("reviews:assignments", pk)
    if close.is_bound and close.perform(
        actions.complete_assessments, dossier, by=request.actor, now=request.now
    ):
        return onward(request, dossier.case, _("The assessments are closed."))
    asked = list(Assignment.objects.filter(dossier=dossier).select_related("reviewer", "assessment"))
    active = sum(a.state not in (AssignmentState.RECUSED, AssignmentState.EXPIRED) for a in asked)
    may_assign = allowed("reviews.assign_reviewer", request.actor, dossier)
    context = {
        "dossier": dossier,
        "header": head(_("Reviewers"), dossier, request.actor),
        "asked": [(a, assignment_word(a)) for a in asked],
        "choices": reviewer_choices(dossier, today_of(request, dossier.case)) if may_assign else [],
        "wanted": dossier.call.assessors_per_dossier,
        "left": max(0, dossier.call.assessors_per_dossier - active),
        "form": form if may_assign else None,
        "close": close if may_assign and _closable(asked) else None,
    }
    return render(request, "reviews/assignments.html", context, status=status_of(request))


def _closable(asked: list[Assignment]) -> bool:
    """Whether an assessment is in and none is awaited."""
    states = {a.state for a in asked}
    return AssignmentState.DONE in states and not states & PENDING


@require_http_methods(["GET", "POST"])
def interests(request: CaseRequest, pk: UUID) -> HttpResponse:
    """A reviewer declares before the dossier opens."""
    assignment = _asked(request, Assignment, pk)
    return _interests(
        request,
        assignment,
        assignment.dossier,
        actions.declare_interests,
        "reviews.declare_interests",
        reverse("reviews:assess", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
def seat_interests(request: CaseRequest, pk: UUID) -> HttpResponse:
    """A seat holder declares before the dossier opens."""
    opinion = _asked(request, CollegeOpinion, pk)
    return _interests(
        request,
        opinion,
        opinion.dossier,
        actions.declare_seat_interests,
        "reviews.declare_seat_interests",
        reverse("reviews:opinion", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
def body_interests(request: CaseRequest, pk: UUID) -> HttpResponse:
    """A member of the COPAREF declares before the dossier opens."""
    opinion = _asked(request, BodyOpinion, pk)
    if opinion.dossier is None:
        raise Http404
    return _interests(
        request,
        opinion,
        opinion.dossier,
        actions.declare_body_interests,
        "reviews.declare_body_interests",
        reverse("reviews:body_opinion", args=[pk]),
    )


def _asked(request: CaseRequest, model: Any, pk: UUID) -> Any:
    """What the reader is asked to judge. The dossier itself is not open to them yet: only their own part of it is."""
    row = model._base_manager.select_related(*model.related).filter(pk=pk).first()
    if row is None or not may(request.actor, "reviews.see_interests", row):
        raise Http404
    return row


def _interests(
    request: CaseRequest, row: Any, dossier: Dossier, verb: Any, name: str, further: str
) -> HttpResponse:
    form = InterestsForm(request.POST or None)
    if request.method == "POST" and form.perform(verb, row, by=request.actor, now=request.now):
        if may(request.actor, "workflows.view_case", row):
            messages.success(request, _("Your declaration is recorded: the dossier is open to you."))
            return redirect(further)
        messages.success(
            request,
            _("Your declaration is recorded. You take no part in this dossier, and no longer see it."),
        )
        return redirect("workflows:next")
    if request.method == "GET" and has_declared(dossier, request.actor.user) and "again" not in request.GET:
        return redirect(further)
    context = {
        "dossier": dossier,
        "organisations": sorted(sirens_of(dossier).items(), key=lambda pair: pair[1]),
        "form": form if allowed(name, request.actor, row) else None,
        "due_at": row.due_at,
        "header": Header(
            _("Declare your interests"),
            lead=dossier.title,
            reference=dossier.case.reference,
            facts=[dossier.organisation.name],
        ),
    }
    return render(request, "reviews/interests.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
def assess(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The dossier as one readable document, the grid beside it, saved while one writes."""
    assignment = _assignment(request, pk)
    if assignment.state == AssignmentState.ASSIGNED:
        return redirect("reviews:interests", pk)
    if not hasattr(assignment, "assessment"):
        raise Http404
    dossier = assignment.dossier
    note_access(request.actor, dossier.case, Access.VIEW, now=request.now)
    form, status = _grid(request, assignment, request.POST or None), 200
    if request.method == "POST":
        done, status = _keep(request, assignment, form)
        if done and "save" in request.POST:
            messages.success(request, _("Saved."))
            return redirect("reviews:assess", pk)
        if done:
            return onward(request, dossier.case, _("Your assessment is in. Thank you."))
    others = [
        a
        for a in assessments_visible_to(request.actor, dossier)
        if a.pk != assignment.assessment.pk and a.submitted_at
    ]
    last = Entry.objects.filter(case=assignment.case, object_id=str(assignment.assessment.pk)).last()
    context = {
        "assignment": assignment,
        "dossier": dossier,
        "header": head(_("Assessment"), dossier, request.actor),
        "form": form,
        "open": allowed("reviews.submit_assessment", request.actor, assignment),
        "version": saves(assignment),
        "saved_at": last.at if last else None,
        "others": others,
        "total": assignment.assessment.total,
        "application": application_of(dossier),
    }
    return render(request, "reviews/assess.html", context, status=status)


def _keep(request: CaseRequest, assignment: Assignment, form: GridForm) -> tuple[bool, int]:
    """Save or submit the grid. What another tab saved meanwhile is never overwritten in silence: it is said, and nothing
    typed here is lost."""
    verb = actions.save_assessment if "save" in request.POST else actions.submit_assessment
    try:
        done = form.perform(verb, assignment, by=request.actor, now=request.now)
    except Conflict as conflict:
        if conflict.entry is None or conflict.entry.verb != "reviews.save_assessment":
            raise
        words = _(
            "This assessment was saved in another tab meanwhile. Yours is below: check it, then save it again."
        )
        form.add_error(None, words)
        return False, 409
    return done is not None, 422


@require_POST
def autosave(request: CaseRequest, pk: UUID) -> JsonResponse:
    """Keep what the reviewer is writing; says so when another tab saved first (P08)."""
    assignment = _assignment(request, pk)
    if not hasattr(assignment, "assessment"):
        raise Http404
    form = _grid(request, assignment, request.POST)
    form.is_valid()
    try:
        actions.save_assessment(assignment, by=request.actor, now=request.now, **form.values)
    except Conflict as conflict:
        if conflict.entry is None:
            return JsonResponse({}, status=503)  # the case is being acted on right now: the page tries again
        entry = conflict.entry
        return answers.conflict(entry.actor_name, entry.at, reverse("reviews:assess", args=[pk]))
    except Refused as refused:
        return answers.refused([str(reason.message) for reason in refused.reasons])
    return answers.saved(saves(assignment), request.now)


def _assignment(request: CaseRequest, pk: UUID) -> Assignment:
    row = Assignment._base_manager.select_related(*Assignment.related).filter(pk=pk).first()
    if row is None or not may(request.actor, "reviews.see_assessment", row):
        raise Http404
    return row


def _grid(request: CaseRequest, assignment: Assignment, data: Any) -> GridForm:
    criteria = Criterion.objects.filter(call=assignment.dossier.call_id).order_by("number")
    return GridForm(
        data,
        criteria=list(criteria),
        assessment=assignment.assessment,
        initial={"version": saves(assignment)},
    )


@require_GET
def review(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The review of a dossier as a whole: scores, opinions, synthesis, place in the ranking."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "reviews.see_review")
    note_access(request.actor, dossier.case, Access.VIEW, now=request.now)
    conclude = PlainForm(None, verb_name="reviews.conclude_review", case=dossier.case)
    context = {
        **review_of(request, dossier),
        "header": head(
            _("Review of the dossier"),
            dossier,
            request.actor,
            actions=[
                Link(_("Selection of the call"), reverse("reviews:selection", args=[dossier.call_id]), "list")
            ],
        ),
        "conclude": conclude if allowed("reviews.conclude_review", request.actor, dossier) else None,
        "may_assign": allowed("reviews.assign_reviewer", request.actor, dossier),
        "may_promote": allowed("reviews.promote", request.actor, dossier),
        **clock_of(request, dossier),
    }
    return render(request, "reviews/review.html", context)


@require_POST
def conclude(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Conclude the review when everything is in."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "reviews.see_review")
    form = PlainForm(request.POST)
    if form.perform(actions.conclude_review, dossier, by=request.actor, now=request.now):
        messages.success(request, _("The review is concluded."))
    for error in form.non_field_errors():
        messages.warning(request, str(error))
    return redirect("reviews:review", pk)
