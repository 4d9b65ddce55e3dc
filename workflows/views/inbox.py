"""The inbox: what each person must do, across all cases and flows, and the ways into it."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import Actor
from accounts.models import PostRole, User
from accounts.rules import may
from workflows import actions, queries
from workflows.alphabet import in_alphabet, sort_key
from workflows.components import Empty, Header, Link
from workflows.context_processors import url_or_blank
from workflows.engine import Refused
from workflows.engine.flow import step_of
from workflows.forms import VerbForm
from workflows.listing import Bulk, Column, Filter, FilterForm, ListPage, selected
from workflows.middleware import CaseRequest
from workflows.models import WorkItem, WorkItemState
from workflows.story import act_word, case_url, task_title, task_url


class InboxFilters(FilterForm):
    """Which kind of task."""

    lookups = {"step": "step"}
    step = forms.ChoiceField(label=gettext_lazy("Task"), required=False)

    def __init__(self, *args: Any, work: QuerySet[WorkItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only what the reader has: the whole list of steps would tell how the Region works inside.
        known = {
            step: task_title(WorkItem(step=step))
            for step in work.order_by().values_list("step", flat=True).distinct()
        }
        field = self.fields["step"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All tasks")), *sorted(known.items(), key=lambda choice: sort_key(choice[1]))]


class InboxList(ListPage):
    """The work known to a person; the first tab is what they must do themselves."""

    name = "inbox"
    caption = gettext_lazy("Tasks")
    columns = [
        Column(gettext_lazy("What is asked"), task_title, link=task_url, heading=True),
        Column(
            gettext_lazy("Dossier"),
            lambda item: f"{item.case.reference} {item.case.title}",
            template="workflows/inbox/dossier.html",
            sort="case__reference",
        ),
        Column(gettext_lazy("Organisation"), "case.organisation.name", sort="case__organisation__name"),
        Column(gettext_lazy("Before"), "due_at", kind="due", sort="due_at"),
    ]
    filters = InboxFilters
    search = ["case__reference", "case__title", "case__organisation__name"]
    order = ["due_at", "opened_at"]
    empty = Empty(
        gettext_lazy("Nothing waits for you"),
        gettext_lazy("A task appears here as soon as a dossier needs you, and you are told by mail."),
    )

    def __init__(self, request: CaseRequest) -> None:
        work = queries.work_known_to(request.actor)
        super().__init__(request, work, filter_kwargs={"work": work})
        self.actor = request.actor
        mine = queries.is_mine(request.actor)
        local = timezone.localtime(request.now)
        monday = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
            days=7 - local.weekday()
        )
        self.columns = [  # type: ignore[misc]  # who has a task in hand is read once for the whole list
            *self.columns,
            Column(gettext_lazy("In whose hands"), self.holder, template="workflows/inbox/holder.html"),
        ]
        self.tabs = [  # type: ignore[misc]  # they depend on the reader and on the hour
            Filter("todo", _("To do"), mine),
            Filter("late", _("Late"), mine & Q(due_at__lt=request.now)),
            Filter("week", _("This week"), mine & Q(due_at__gte=request.now, due_at__lt=monday)),
            Filter("taken", _("Taken by me"), mine & Q(claimed_by=request.actor.user)),
            Filter("free", _("Taken by nobody"), mine & Q(claimed_by__isnull=True)),
            Filter("others", _("Waiting for others"), ~mine),
        ]
        back = quote(request.get_full_path())
        self.back = back
        if self.tab is not None and self.tab.name != "others":
            self.bulk = [
                Bulk(_("Take the selected tasks"), f"{reverse('workflows:claim_selected')}?next={back}")
            ]

    @cached_property
    def _audiences(self) -> dict[str, str]:
        return queries.names_of(self.rows.order_by().values_list("audience", flat=True).distinct())

    def holder(self, item: WorkItem) -> str:
        """Who has the task in hand: a person, or everybody of its audience."""
        return str(item.claimed_by) if item.claimed_by else self._audiences[item.audience]

    @cached_property
    def shown(self) -> list[Any]:
        """The rows of the page, each with who has it in hand and what the reader may do about that."""
        rows: list[Any] = super().shown
        cases = queries.cases_visible_to(self.actor).filter(pk__in={item.case_id for item in rows})
        opened = set(cases.values_list("pk", flat=True))
        for item in rows:
            item.opens = item.case_id in opened  # not yet, for who has to declare their interests first
            item.taken = item.claimed_by_id is not None
            item.mine = item.claimed_by_id == self.actor.user.pk
            item.for_me = item.audience in self.actor.audiences
            item.may_hand_over = item.for_me or self.actor.holds(item.case.region_id, PostRole.MANAGER)
            item.back = self.back
        return rows


@require_GET
def home(request: CaseRequest) -> HttpResponse:
    """After signing in: the inbox for those who work here, their dossiers for applicants, the audit for auditors."""
    actor = request.actor
    if actor.audited_regions and not actor.staff_regions:
        return redirect("workflows:audit")
    if not (actor.posts or actor.seats):
        own = url_or_blank("calls:my_dossiers")
        if own:
            return redirect(own)
    return redirect("workflows:inbox")


@require_GET
def inbox(request: CaseRequest) -> HttpResponseBase:
    """All open work of the reader's audiences, overdue first, then by due date."""
    listing = InboxList(request)
    links = (
        [Link(_("Incidents"), reverse("workflows:incidents"), "alert")] if request.actor.staff_regions else []
    )
    header = Header(_("My inbox"), actions=links)
    return listing.render("workflows/inbox/inbox.html", {"header": header})


@require_GET
def next_task(request: CaseRequest) -> HttpResponse:
    """Go to the reader's next task: in the case given by ``after`` first, else the most urgent one; or to the inbox."""
    waiting = queries.inbox(request.actor)
    after = request.GET.get("after", "")
    item = None
    if after:
        try:
            item = waiting.filter(case=UUID(after)).first()
        except ValueError:
            item = None
    item = item or waiting.first()
    if item is None:
        messages.info(request, _("Nothing else waits for you."))
        return redirect("workflows:inbox")
    return redirect(task_url(item))


@require_GET
def task(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The page where a task is done; or, when it is done already, by whom and when."""
    item = _item(request, pk)
    if item.state == WorkItemState.OPEN and item.audience in request.actor.audiences:
        step = step_of(item)
        try:
            return redirect(reverse(step.page, args=[item.object_id]) if step else case_url(item.case))
        except NoReverseMatch:
            return redirect(case_url(item.case))
    entry = queries.done_by(item) if item.state == WorkItemState.DONE else None
    following = queries.inbox(request.actor).first()
    context = {
        "item": item,
        "title": task_title(item),
        "entry": entry,
        "done": act_word(item.outcome) if item.outcome else "",
        "told": _may_be_told(request.actor, item),
        "open": item.state == WorkItemState.OPEN,
        "who": str(item.claimed_by or queries.names_of([item.audience])[item.audience]),
        "following": following,
        "header": Header(task_title(item), reference=item.case.reference, lead=item.case.title),
    }
    return render(request, "workflows/inbox/task.html", context)


@require_POST
def claim(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Take a task."""
    item = _item(request, pk)
    actions.claim(item, by=request.actor.user, now=request.now)
    messages.success(request, _("You have taken the task “%(task)s”.") % {"task": task_title(item)})
    return _back(request)


@require_POST
def give_back(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Give a task back to everybody of its audience."""
    item = _item(request, pk)
    actions.hand_over(item, by=request.actor.user, now=request.now, to=None)
    messages.success(request, _("You have given back the task “%(task)s”.") % {"task": task_title(item)})
    return _back(request)


@require_POST
def claim_selected(request: CaseRequest) -> HttpResponse:
    """Take several tasks, one act each; those that somebody else took meanwhile are named."""
    taken = 0
    for item in selected(request, queries.inbox(request.actor)):
        try:
            actions.claim(item, by=request.actor.user, now=request.now)
            taken += 1
        except Refused as refused:
            messages.warning(request, str(refused))
    messages.success(request, _("Tasks taken: %(count)s.") % {"count": taken})
    return _back(request)


class HandOverForm(VerbForm):
    """To whom a task goes: somebody of its audience."""

    submit_label = gettext_lazy("Hand the task over")
    to = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("To"), empty_label=None)

    def __init__(self, *args: Any, item: WorkItem, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        # who has it already is nobody to give it to; what nobody has, one takes
        holder = item.claimed_by_id or actor.user.pk
        able = queries.may_take(item, actor.day).exclude(pk=holder)
        field.queryset = in_alphabet(able, "last_name", "first_name")


def hand_over(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Give a task to a colleague."""
    item = _item(request, pk)
    queries.require(request.actor, "workflows.hand_over", item)
    back = _back(request).url
    form = HandOverForm(request.POST or None, item=item, actor=request.actor, cancel_url=back)
    if request.method == "POST" and form.perform(actions.hand_over, item, by=request.actor, now=request.now):
        messages.success(
            request,
            _("The task “%(task)s” is now in the hands of %(person)s.")
            % {"task": task_title(item), "person": form.cleaned_data["to"]},
        )
        return HttpResponseRedirect(back)
    header = Header(_("Hand a task over"), lead=task_title(item), reference=item.case.reference)
    context = {
        "form": form,
        "item": item,
        "header": header,
        "nobody": Empty(
            _("Nobody else may do this task"),
            _("Those who are recused from the dossier are not offered."),
            Link(_("Back to the tasks"), back, "inbox"),
            icon="users",
        ),
    }
    return render(request, "workflows/inbox/hand_over.html", context)


def _item(request: CaseRequest, pk: UUID) -> WorkItem:
    """A work item that the reader may know of, or 404: one of theirs (whose case may open only later: who must judge declares
    their interests first), or one of a case that they follow."""
    item = WorkItem.objects.select_related("case__region", "case__organisation").filter(pk=pk).first()
    if item is not None and may(request.actor, "workflows.claim", item):
        return item
    known = item is not None and _may_be_told(request.actor, item)
    queries.require(request.actor if known else None, "workflows.view_case", item)
    assert item is not None
    return item


def _may_be_told(actor: Actor, item: WorkItem) -> bool:
    region = item.case.region_id
    return actor.is_staff_of(region) or actor.audits(region) or item.audience in actor.audiences


def _back(request: CaseRequest) -> HttpResponseRedirect:
    """Back to the list that the button was in; only ever to ourselves."""
    url = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None) or not url.startswith("/"):
        url = reverse("workflows:inbox")
    return HttpResponseRedirect(url)
