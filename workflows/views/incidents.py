"""What failed and waits for a person: jobs given up, timers refused, open dossiers that nothing will move (P15)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rules import may
from workflows import actions, queries
from workflows.components import Header
from workflows.engine import timers, verbs
from workflows.middleware import CaseRequest

#: How many of each kind a page shows; the counts are always whole.
SHOWN = 100


@require_GET
def incidents(request: CaseRequest) -> HttpResponse:
    """Every incident of the reader's Regions with its cause, its number of attempts and a way to try again."""
    actor = request.actor
    queries.require(actor, "workflows.view_incidents")
    jobs, refused = queries.incidents(actor)
    regions = actor.staff_regions | {region for region in actor.audited_regions if region}
    stranded = queries.stranded(request.now).filter(region__in=regions)
    known = verbs()
    context = {
        "header": Header(_("Incidents")),
        "jobs": jobs[:SHOWN],
        "job_count": jobs.count(),
        "timers": [
            (timer, str(known[timer.verb].label) if timer.verb in known else timer.verb)
            for timer in refused[:SHOWN]
        ],
        "timer_count": refused.count(),
        "stranded": stranded[:SHOWN],
        "stranded_count": stranded.count(),
        "most": timers.MAX_FAILURES,
        "may_retry": bool(actor.staff_regions),
    }
    return render(request, "workflows/incidents.html", context)


@require_POST
def retry_job(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Give a job another series of attempts, and tell the workers at once."""
    job = queries.incidents(request.actor)[0].filter(pk=pk).first()
    if job is None or not may(request.actor, "workflows.retry_job", job):
        raise Http404
    if job.case_id is None:
        actions.retry_job_of_nobody(job, by=request.user, now=request.now)
    else:
        actions.retry_job(job, by=request.actor, now=request.now)
    messages.success(request, _("The job will be tried again now."))
    return redirect("workflows:incidents")


@require_POST
def retry_timer(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Let a refused timer try again at the next sweep."""
    timer = queries.incidents(request.actor)[1].filter(pk=pk).first()
    if timer is None or not may(request.actor, "workflows.retry_timer", timer):
        raise Http404
    actions.retry_timer(timer, by=request.actor, now=request.now)
    messages.success(request, _("The timer will be tried again within a minute."))
    return redirect("workflows:incidents")
