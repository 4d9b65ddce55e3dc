"""The case page: what a case is, what comes next, and its tabs by right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from accounts.rules import may
from workflows import queries
from workflows.access import note_access
from workflows.case_page import CaseTab, Summary, summary_of, tabs_for
from workflows.components import Header, Link, NextStep, StateWord, Tab
from workflows.engine import verb, verbs
from workflows.middleware import CaseRequest
from workflows.models import Access, Case, WorkItem
from workflows.story import task_title, task_url


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: CaseRequest, pk: UUID, code: str = "") -> HttpResponseBase:
    """One tab of a case's page. A tab that the reader may not open does not exist for them."""
    found: Case = queries.get_visible(request.actor, Case, pk)
    request.page = f"case:{found.kind}"  # where the navigation places it
    tabs = tabs_for(request.actor, found)
    tab = next((t for t in tabs if t.code == code), None) if code else next(iter(tabs), None)
    if tab is None:
        raise Http404
    if request.method == "POST" and not tab.posts:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if found.organisation_id:
        note_access(request.actor, found, Access.VIEW, now=request.now)
    shown = tab.show(request.actor, found, request)
    if shown is None:
        raise Http404
    if isinstance(shown, HttpResponseBase):
        return shown
    template, context = shown
    status = 422 if request.method == "POST" else 200
    return render(request, template, {**frame(request, found, tabs, tab), **context}, status=status)


def frame(request: CaseRequest, found: Case, tabs: list[CaseTab], tab: CaseTab) -> dict[str, Any]:
    """What every tab of the page shows around its own matter."""
    summary = summary_of(request.actor, found)
    return {
        "case": found,
        "header": _header(found, summary),
        "next_step": next_step(request.actor, found, summary),
        "stages": summary.stages,
        "tabs": [
            Tab(t.title, reverse("workflows:case_tab", args=[found.pk, t.code]), t is tab) for t in tabs
        ],
        "tab_title": tab.title,
    }


def next_step(actor: Actor, found: Case, summary: Summary) -> NextStep:
    """Who must do what before when, as far as this reader may be told; the reader's own task comes first."""
    if found.closed_at is not None:
        return NextStep(_("Nothing more: this case is closed and can only be read."))
    items = list(queries.open_items(found))
    mine = [item for item in items if is_for(actor, item)]
    if mine:
        item = mine[0]
        more = len(mine) - 1
        detail = _("Other tasks of yours here: %(count)s.") % {"count": more} if more else ""
        action = Link(verb_label(item), task_url(item), "arrow-right", primary=True)
        return NextStep(task_title(item), _("you"), item.due_at, detail, action, mine=True)
    if items and may(actor, "workflows.view_flow", found):
        item = items[0]
        who = str(item.claimed_by or queries.names_of([item.audience])[item.audience])
        return NextStep(task_title(item), who, item.due_at)
    return NextStep(summary.waiting or _("Nothing is asked of you now."))


def is_for(actor: Actor, item: WorkItem) -> bool:
    """Whether the reader may do the task now: it waits for them, and nobody else has taken it."""
    return item.audience in actor.audiences and item.claimed_by_id in (None, actor.user.pk)


def verb_label(item: WorkItem) -> str:
    """What the button of a task says: its act when there is only one, else that it can be done now."""
    known = [name for name in item.verbs if name in verbs() and not verb(name).system]
    return str(verb(known[0]).label) if len(known) == 1 else _("Do this now")


def _header(found: Case, summary: Summary) -> Header:
    badges = list(summary.badges)
    if found.closed_at is not None:
        badges.append(StateWord(_("Read only"), "neutral", "lock"))
    facts = [str(found.organisation)] if found.organisation else []
    return Header(
        found.title,
        lead=found.get_kind_display(),
        reference=found.reference,
        badges=badges,
        facts=[*facts, *summary.facts],
        actions=summary.actions,
    )
