"""Pages of the letters: the list, one letter with its preview, the release of several with its recap, the applicant's reading."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import Actor
from accounts.rules import may
from calls.models import Call
from reviews import actions
from reviews.forms.completeness import PlainForm
from reviews.forms.selection import NoteForm
from reviews.models import Letter, LetterKind, LetterState
from reviews.queries.letters import content, letters_visible_to, notified_on
from reviews.shown import onward, posted, status_of, today_of
from reviews.views.prints import pdf
from reviews.words import letter_word
from workflows.components import Empty, Header, Link, Progress, Recap
from workflows.engine import Conflict, NotAllowed, Refused, allowed
from workflows.listing import Bulk, Column, Filter, FilterForm, ListPage, selected
from workflows.middleware import CaseRequest
from workflows.queries import get_visible, require


class LetterFilters(FilterForm):
    """By call and by kind."""

    lookups = {"call": "dossier__call", "kind": "kind"}
    call = forms.ModelChoiceField(Call.objects.none(), label=gettext_lazy("Call"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("All kinds")), *LetterKind.choices],
        required=False,
    )

    def __init__(self, *args: Any, calls: QuerySet[Call], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call = self.fields["call"]
        assert isinstance(call, forms.ModelChoiceField)
        call.queryset = calls


def letter_url(letter: Letter) -> str:
    """The page of a letter."""
    return reverse("reviews:letter", args=[letter.pk])


class LetterList(ListPage):
    """Letters, those to be released first."""

    name = "letters"
    caption = gettext_lazy("Letters")
    columns = [
        Column(gettext_lazy("Letter"), "get_kind_display", sort="kind", link=letter_url, heading=True),
        Column(gettext_lazy("Dossier"), "case.reference", sort="case__reference"),
        Column(gettext_lazy("Organisation"), "dossier.organisation.name", sort="dossier__organisation__name"),
        Column(gettext_lazy("State"), letter_word, kind="state", sort="state"),
        Column(gettext_lazy("Drafted"), "drafted_at", kind="day", sort="drafted_at"),
        Column(gettext_lazy("Released"), "released_at", kind="day", sort="released_at"),
        Column(gettext_lazy("First read"), "first_read_at", kind="day", sort="first_read_at"),
    ]
    tabs = [
        Filter("drafted", gettext_lazy("To be released"), Q(state=LetterState.DRAFTED)),
        Filter("released", gettext_lazy("Released"), Q(state=LetterState.RELEASED)),
        Filter("all", gettext_lazy("All")),
    ]
    search = ["case__reference", "dossier__title", "dossier__organisation__name"]
    order = ["drafted_at"]
    empty = Empty(
        gettext_lazy("No letter here"),
        gettext_lazy("A letter is drafted with each decision; it waits here until somebody releases it."),
    )

    def __init__(self, request: CaseRequest) -> None:
        rows = letters_visible_to(request.actor)
        calls = Call.objects.filter(dossiers__letters__in=rows).distinct().order_by("-closes_at", "title")

        class Filters(LetterFilters):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, calls=calls, **kwargs)

        self.filters = Filters  # type: ignore[misc]  # it depends on what the reader sees
        super().__init__(request, rows)
        if may(request.actor, "reviews.release_several"):
            self.bulk = [
                Bulk(_("Release the selected letters"), reverse("reviews:release_letters"), "primary")
            ]


@require_GET
def letters(request: CaseRequest) -> HttpResponseBase:
    """The letters of the reader's Regions."""
    require(request.actor, "reviews.list_letters")
    making = made(request.actor)
    context = {"header": Header(_("Letters")), "making": None if making.finished else making}
    return LetterList(request).render("reviews/letters.html", context)


@require_http_methods(["GET", "POST"])
def letter(request: CaseRequest, pk: UUID) -> HttpResponse:
    """A letter: for the Region, its preview, its added paragraph and its release; for the applicant, its opening."""
    row: Letter = get_visible(request.actor, Letter, pk, "reviews.see_letter")
    if not may(request.actor, "reviews.see_letters", row):
        return _received(request, row)
    note = NoteForm(posted(request, "note"), prefix="note", initial={"note": row.note})
    send = PlainForm(
        posted(request, "send"), prefix="send", verb_name="reviews.release_letter", case=row.case
    )
    if note.is_bound and note.perform(actions.edit_letter, row, by=request.actor, now=request.now):
        messages.success(request, _("The paragraph is saved."))
        return redirect("reviews:letter", pk)
    if send.is_bound and send.perform(actions.release_letter, row, by=request.actor, now=request.now):
        return onward(request, row.case, _("The letter is released: the applicant is told."))
    context = {
        "letter": row,
        "header": _head(row),
        "note": note if allowed("reviews.edit_letter", request.actor, row) else None,
        "send": send if allowed("reviews.release_letter", request.actor, row) else None,
        "data": content(row, actor=request.actor, now=request.now, draft=True),
        "notified": notified_on(row, today_of(request, row.case)),
        "version": _pdf_of(row),
        "recap": recap([row]),
    }
    return render(request, "reviews/letter.html", context, status=status_of(request))


def recap(rows: list[Letter]) -> Recap:
    """What releasing letters does."""
    kinds: dict[str, int] = {}
    for row in rows:
        kinds[str(row.get_kind_display())] = kinds.get(str(row.get_kind_display()), 0) + 1
    return Recap(
        [(_("Letters"), len(rows)), *kinds.items()],
        [
            _("Each letter bears today's date and your name, and becomes a PDF that cannot change."),
            _("The applicant is told at once, by mail and in the application."),
            _("From the notification, the applicant has two months to challenge the decision."),
            _("The opinions on the dossier may then be read by the applicant."),
        ],
        irreversible=True,
    )


def _head(row: Letter) -> Header:
    return Header(
        row.subject,
        lead=row.dossier.title,
        reference=row.case.reference,
        badges=[letter_word(row)],
        facts=[row.dossier.organisation.name],
        actions=[
            Link(_("Preview (PDF)"), reverse("reviews:letter_preview", args=[row.pk]), "download"),
            Link(_("The whole dossier"), reverse("workflows:case", args=[row.case_id]), "folder"),
        ],
    )


def _pdf_of(row: Letter) -> Any:
    return row.document.versions.order_by("-number").first() if row.document else None


def _received(request: CaseRequest, row: Letter) -> HttpResponse:
    """The applicant's page: the letter opens with a button, and that makes the date of its notification."""
    if row.state != LetterState.RELEASED:
        raise Http404
    opened = row.first_read_at is not None
    context = {
        "letter": row,
        "header": Header(
            _("Letter of the Region"),
            lead=row.dossier.title,
            reference=row.case.reference,
            actions=[Link(_("The whole dossier"), reverse("workflows:case", args=[row.case_id]), "folder")],
        ),
        "opened": opened,
        "version": _pdf_of(row) if opened else None,
        "notified": notified_on(row, today_of(request, row.case)),
        "form": PlainForm(None, verb_name="reviews.read_letter"),
    }
    return render(request, "reviews/letter_received.html", context)


@require_POST
def open_letter(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The applicant opens the letter."""
    row: Letter = get_visible(request.actor, Letter, pk, "reviews.see_letter")
    actions.read_letter(row, by=request.actor.user, now=request.now)
    return redirect("reviews:letter", pk)


@require_GET
def preview(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The letter as a PDF, marked as a draft until it is released."""
    row: Letter = get_visible(request.actor, Letter, pk, "reviews.see_letters")
    data = content(row, actor=request.actor, now=request.now, draft=row.state == LetterState.DRAFTED)
    return pdf(request, row.kind, data, f"{row.kind}-{row.case.reference}", row.case)


@require_POST
def release_letters(request: CaseRequest) -> HttpResponse:
    """Release several letters: a recap first, then one act for each; those that cannot be are named."""
    require(request.actor, "reviews.release_several")
    rows = letters_visible_to(request.actor).filter(state=LetterState.DRAFTED)
    chosen: list[Any] = [
        row for row in selected(request, rows) if allowed("reviews.release_letter", request.actor, row)
    ]
    if not chosen:
        messages.warning(request, _("Choose letters that are still to be released."))
        return redirect("reviews:letters")
    if "confirmed" not in request.POST:
        context = {
            "header": Header(_("Release the letters")),
            "letters": chosen,
            "recap": recap(chosen),
        }
        return render(request, "reviews/release_letters.html", context)
    done = 0
    for row in chosen:
        try:
            actions.release_letter(row, by=request.actor.user, now=request.now, key=_key(request, row))
            done += 1
        except (Conflict, NotAllowed, Refused) as error:
            messages.warning(request, f"{row.case.reference}: {error}")
    messages.success(request, _("Letters released: %(n)s. Their PDFs are being made.") % {"n": done})
    return redirect(f"{reverse('reviews:letters')}?tab=released")


def _key(request: CaseRequest, row: Letter) -> str:
    """The same confirmation sent twice releases each letter once (P09)."""
    return f"release-{row.pk}"


@require_GET
def progress(request: CaseRequest) -> HttpResponse:
    """How many of the released letters have their PDF."""
    require(request.actor, "reviews.list_letters")
    return render(request, "components/progress.html", {"item": made(request.actor)})


def made(reader: Actor) -> Progress:
    """The PDFs of released letters: how many are made, out of how many."""
    rows = letters_visible_to(reader).filter(state=LetterState.RELEASED)
    total = rows.count()
    done = rows.filter(document__versions__isnull=False).distinct().count()
    return Progress(_("PDFs of the letters"), done, total, reverse("reviews:letters_progress"))
