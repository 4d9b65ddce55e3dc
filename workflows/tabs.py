"""The tabs that any case has: what comes next, files, messages, own acts, journal, accesses, jobs and timers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.rules import may
from workflows import actions, queries
from workflows.access import note_access
from workflows.case_page import ANY, Shown, tab
from workflows.components import Empty, Event
from workflows.engine import verbs
from workflows.forms import DayField, LongTextField, VerbForm
from workflows.listing import Column, FilterForm, ListPage
from workflows.middleware import CaseRequest
from workflows.models import Access, Case, DocumentVersion, Entry, Message, Notification, OutboxJob, Timer
from workflows.picture import pictures
from workflows.story import (
    SYSTEM,
    act_word,
    capacity_words,
    event,
    events,
    notice_event,
    object_word,
    state_word,
    task_title,
)
from workflows.verification import check_case


@tab(ANY, "overview", gettext_lazy("Overview"), order=0)
def overview(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """What is open and for whom, and the picture of the process; readers outside the Region see their own part."""
    whole = may(actor, "workflows.view_flow", case)
    items = [i for i in queries.open_items(case) if whole or i.audience in actor.audiences]
    names = queries.names_of({item.audience for item in items})
    return "workflows/case/overview.html", {
        "items": [
            (item, task_title(item), item.audience in actor.audiences, names[item.audience]) for item in items
        ],
        "pictures": pictures(case) if whole else [],
        "whole": whole,
        "events": _history(actor, case, 5) if may(actor, "workflows.view_own_acts", case) else [],
        "children": queries.cases_visible_to(actor).filter(parent=case).count() if whole else 0,
        "parent": case.parent if case.parent_id and may(actor, "workflows.view_case", case.parent) else None,
    }


@tab(ANY, "files", gettext_lazy("Files"), order=60)
def files(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """Every document that the reader may read, with all its versions, the last one first."""
    versions = DocumentVersion.objects.filter(
        document__case=case, document__audience__in=queries.readable(actor, case)
    ).select_related("document", "uploaded_by")
    documents: dict[Any, list[DocumentVersion]] = {}
    for version in versions.order_by("document__label", "document_id", "-number"):
        documents.setdefault(version.document, []).append(version)
    removed = queries.taken_back(case)
    current, withdrawn = [], []
    for document, given in documents.items():
        entry = removed.get(str(document.pk))
        if entry is None or given[0].uploaded_at > entry.at:  # given again since
            current.append((document, given, None))
        else:
            withdrawn.append((document, given, entry))
    return "workflows/case/files.html", {"documents": current, "withdrawn": withdrawn}


class MessageForm(VerbForm):
    """A message to the other side."""

    submit_label = gettext_lazy("Send the message")
    body = LongTextField(label=gettext_lazy("Your message"), rows=4)


@tab(ANY, "messages", gettext_lazy("Messages"), order=70, right="workflows.read_messages", posts=True)
def messages(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The thread between the applicant and the Region, and the form to write in it."""
    may_write = may(actor, "workflows.send_message", case)
    if request.method == "POST":
        queries.require(actor, "workflows.send_message", case)
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.perform(actions.send_message, case, by=actor, now=request.now):
        flash.success(request, _("Your message is sent."))
        return redirect("workflows:case_tab", case.pk, "messages")
    thread = Message.objects.filter(case=case).select_related("author").order_by("sent_at", "id")
    return "workflows/case/messages.html", {
        "thread": thread,
        "form": form if may_write else None,
        "from_applicant": actor.may_edit(case.organisation_id),
    }


@tab(ANY, "acts", gettext_lazy("History"), order=75, right="workflows.view_own_acts")
def own_acts(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """What the organisation itself did, which its members may always read, and what the reader was told; how the Region
    examines is not told here."""
    return "workflows/case/acts.html", {"events": _history(actor, case, 500)}


def _history(actor: Actor, case: Case, most: int) -> list[Event]:
    """The latest acts of the organisation, and what the Region told the reader, in the words that they had of it."""
    told = Notification.objects.filter(user=actor.user, case=case).select_related("case")
    found = [
        *events(_own_acts(case)[:most], proof=False),
        *(notice_event(notice) for notice in told.order_by("-created_at", "-id")[:most]),
    ]
    return sorted(found, key=lambda happened: happened.at, reverse=True)[:most]


def _own_acts(case: Case) -> QuerySet[Entry]:
    """The acts of the members of the case's own organisation, latest first."""
    siret = case.organisation.siret if case.organisation else None
    return queries.journal(case).filter(capacity__organisation=siret).exclude(actor=None)


class JournalFilters(FilterForm):
    """By act, by person, by date."""

    lookups = {"verb": "verb", "actor": "actor_name", "since": "at__date__gte", "until": "at__date__lte"}
    verb = forms.ChoiceField(label=gettext_lazy("Act"), required=False)
    actor = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(
            Entry.objects.filter(case=case).order_by().values_list("verb", "actor_name", "actor").distinct()
        )
        acts = sorted({(act_word(name), name) for name, _who, _pk in known})
        people = sorted({(who if pk else str(SYSTEM), who) for _name, who, pk in known})
        self._choose("verb", _("All acts"), acts)
        self._choose("actor", _("Everybody"), people)

    def _choose(self, name: str, every: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", every), *((value, label) for label, value in choices)]


class JournalPage(ListPage):
    """The journal of one case: shown as a time line, taken away as a sheet."""

    name = "journal"
    caption = gettext_lazy("Journal")
    columns = [
        Column(gettext_lazy("Number"), "seq", kind="number"),
        Column(gettext_lazy("When"), "at"),
        Column(gettext_lazy("Who"), lambda e: e.actor_name if e.actor_id else str(SYSTEM)),
        Column(gettext_lazy("In what capacity"), lambda e: capacity_words(e.capacity)),
        Column(gettext_lazy("Act"), lambda e: act_word(e.verb)),
        Column(gettext_lazy("Technical name"), "verb"),
        Column(gettext_lazy("On"), lambda e: object_word(e.object_type)),
        Column(gettext_lazy("Object"), "object_id"),
        Column(gettext_lazy("From"), lambda e: state_word(e.object_type, e.from_state)),
        Column(gettext_lazy("To"), lambda e: state_word(e.object_type, e.to_state)),
        Column(gettext_lazy("Reasons"), "reasons"),
        Column(gettext_lazy("Files"), lambda e: ", ".join(f"{f['name']} {f['sha256']}" for f in e.files)),
        Column(gettext_lazy("Fingerprint"), "hash"),
    ]
    filters = JournalFilters
    order = ["-seq"]

    def __init__(self, request: CaseRequest, case: Case) -> None:
        super().__init__(request, queries.journal(case), filter_kwargs={"case": case})
        self.case = case

    @cached_property
    def events(self) -> list[Event]:
        """The entries of the page as events."""
        return [event(entry) for entry in self.shown]

    def export(self, kind: Any) -> HttpResponseBase:
        """Write the export to the access log, then give it."""
        request: Any = self.request
        note_access(request.actor, self.case, Access.EXPORT, now=request.now, detail=f"journal.{kind}")
        return super().export(kind)


@tab(ANY, "journal", gettext_lazy("Journal"), order=80, right="workflows.view_journal")
def journal(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """All that was done on the case: filter, read, verify, print, take away."""
    listing = JournalPage(request, case)
    wanted = request.GET.get("export")
    if wanted in ("xlsx", "csv"):
        return listing.export(wanted)
    return "workflows/case/journal.html", {
        "list": listing,
        "checks": check_case(case) if "verify" in request.GET else None,
        "verify_url": reverse("workflows:journal", args=[case.pk]),
        "may_take_evidence": may(actor, "workflows.take_evidence", case),
    }


class AccessPage(ListPage):
    """Who read, downloaded or exported the case."""

    name = "accesses"
    caption = gettext_lazy("Accesses")
    columns = [
        Column(gettext_lazy("When"), "at", kind="instant", export=lambda row: row.at, sort="at"),
        Column(gettext_lazy("Who"), "user", heading=True, sort="user__last_name"),
        Column(gettext_lazy("What"), "get_kind_display", sort="kind"),
        Column(gettext_lazy("Detail"), "detail"),
    ]
    search = ["user__first_name", "user__last_name", "user__email", "detail"]
    order = ["-id"]
    empty = Empty(
        gettext_lazy("Nobody but the organisation itself has read this case yet"),
        gettext_lazy(
            "Reading by others is written here once a day for each person; downloads, exports and evidence every time."
        ),
        icon="eye",
    )


@tab(ANY, "accesses", gettext_lazy("Accesses"), order=85, right="workflows.view_access_log")
def accesses(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The access log of the case."""
    listing = AccessPage(request, queries.accesses(case))
    wanted = request.GET.get("export")
    if wanted in ("xlsx", "csv"):
        note_access(actor, case, Access.EXPORT, now=request.now, detail=f"accesses.{wanted}")
        return listing.export(wanted)  # type: ignore[arg-type]
    return "workflows/case/accesses.html", {"list": listing}


@tab(ANY, "machinery", gettext_lazy("Jobs and timers"), order=90, right="workflows.view_flow")
def machinery(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """What the machine owes the case: jobs to do or done, timers running or fired."""
    known = verbs()
    timers = [
        (timer, str(known[timer.verb].label) if timer.verb in known else timer.verb)
        for timer in Timer.objects.filter(case=case).order_by("-due_at")[:100]
    ]
    return "workflows/case/machinery.html", {
        "jobs": OutboxJob.objects.filter(case=case).order_by("-due_at")[:100],
        "timers": timers,
        "may_retry": may(actor, "workflows.retry_job", case),
    }
