"""The draft: its overview with what is missing, its sections with autosave, its partners and pieces."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calls import actions
from calls.forms.drafts import (
    AnswersForm,
    BudgetForm,
    IndicatorsForm,
    PartnerForm,
    ProjectForm,
    SectionForm,
    partner_rows,
)
from calls.models import Dossier, DossierState
from calls.queries import digest, last_saved, missing, plan_of, section_of, section_states, sections_of
from calls.queries.answers import fault, is_empty
from calls.queries.missing import BUDGET, INDICATORS, PARTNERS, PIECES, PROJECT, SectionState
from calls.words import dossier_word
from workflows import autosave as answers
from workflows.components import Header, Link, Step
from workflows.engine import Conflict, Reason, Refused
from workflows.middleware import CaseRequest
from workflows.queries import get_visible
from workflows.templatetags.ui import countdown, instant

FORMS: dict[str, type[SectionForm]] = {
    PROJECT: ProjectForm,
    PARTNERS: PartnerForm,
    BUDGET: BudgetForm,
    INDICATORS: IndicatorsForm,
}
PAGES = {
    PARTNERS: "calls/draft/partners.html",
    BUDGET: "calls/draft/budget.html",
    INDICATORS: "calls/draft/indicators.html",
}


@require_GET
def overview(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Where the draft stands: its sections, exactly what is missing, and what to do next."""
    dossier = draft_of(request, pk)
    if dossier.state != DossierState.DRAFT:
        return redirect("workflows:case", dossier.case_id)
    states = section_states(dossier, missing(dossier))
    lacking = sum(len(state.reasons) for state in states)
    context = {
        **frame(dossier, states, ""),
        "states": [
            (state, [(r, place_url(dossier, r)) for r in state.reasons]) for state in states if state.reasons
        ],
        "lacking": lacking,
        "may_sign": request.actor.may_sign(dossier.organisation_id),
        "closed": request.now >= dossier.call.closes_at,
    }
    return render(request, "calls/draft/overview.html", context)


@require_http_methods(["GET", "POST"])
def section(request: CaseRequest, pk: UUID, section: str) -> HttpResponse:
    """One page of the draft. A save keeps what can be kept and says what cannot; nothing typed is lost."""
    dossier = draft_of(request, pk)
    if section == PIECES:
        return redirect("calls:pieces", pk)
    if section not in sections_of(dossier):
        raise Http404
    if dossier.state != DossierState.DRAFT:
        return redirect("workflows:case", dossier.case_id)
    form = form_of(dossier, section, request.POST if request.method == "POST" else None)
    status, clash = 200, None
    if request.method == "POST":
        try:
            if section == PARTNERS:
                done = _add_partner(request, dossier, form)
            else:
                done = keep(request, dossier, form)
        except Conflict as conflict:
            done, status, clash = False, 409, conflict.entry or last_saved(dossier, section)
        if done:
            messages.success(request, _("Saved."))
            following = section if section == PARTNERS else next_section(dossier, section)
            return redirect("calls:draft", pk, following) if following else redirect("calls:draft", pk)
        dossier = draft_of(request, pk)
        status = 422 if status == 200 else status
    states = section_states(dossier)
    here = next(state for state in states if state.code == section)
    saved = last_saved(dossier, section)
    version = dossier.versions.get(section, 0)
    context = {
        **frame(dossier, states, section),
        "form": form,
        "version": version,
        "section": here,
        "saved_at": saved.at if saved and status != 409 else None,
        "clash": clash,
        "reasons": [(reason, f"#id_{reason.field.partition('.')[2]}") for reason in here.reasons],
        "partners": list(dossier.partners.all()) if section == PARTNERS else [],
        "plan": plan_of(dossier) if section == BUDGET else None,
        "autosave_url": reverse("calls:autosave", args=[pk, section]),
    }
    return render(request, PAGES.get(section, "calls/draft/section.html"), context, status=status)


@require_POST
def autosave(request: CaseRequest, pk: UUID, section: str) -> JsonResponse:
    """Save what is being typed; answers with the new version, or with who saved before (P08)."""
    dossier = draft_of(request, pk)
    if section not in sections_of(dossier) or section in (PARTNERS, PIECES):
        raise Http404
    form = form_of(dossier, section, request.POST)
    try:
        saved = store(request, dossier, form)
    except Conflict as conflict:
        entry = conflict.entry
        if entry is None:
            return JsonResponse({}, status=503)  # the case is being acted on right now: the page tries again
        return answers.conflict(entry.actor_name, entry.at, reverse("calls:draft", args=[pk, section]))
    except Refused as refused:
        return answers.refused([str(reason.message) for reason in refused.reasons])
    unread = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    return answers.saved(saved.versions[section], request.now, unread=unread)


@require_POST
def remove_partner(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Take a partner out of the draft."""
    dossier = draft_of(request, pk)
    rows = partner_rows(p for p in dossier.partners.all() if str(p.pk) != request.POST.get("partner"))
    version = request.POST.get("version", "")
    actions.save_section(
        dossier,
        by=request.user,
        now=request.now,
        section=PARTNERS,
        values={"partners": rows},
        version=int(version) if version.isdigit() else -1,
    )
    messages.success(request, _("The partner is removed."))
    return redirect("calls:draft", pk, PARTNERS)


# -- what the views share ---------------------------------------------------------------------------------------------


def draft_of(request: CaseRequest, pk: UUID, right: str = "calls.view_draft") -> Dossier:
    """The dossier of the address, for those who may work on it; 404 for anybody else."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, right)
    return dossier


def form_of(dossier: Dossier, section: str, data: Any) -> SectionForm:
    """The form of a section."""
    return FORMS.get(section, AnswersForm)(data, dossier=dossier, section=section)


def store(request: CaseRequest, dossier: Dossier, form: SectionForm) -> Dossier:
    """Save what can be kept; a repetition of what is already there changes nothing and is no conflict."""
    version, values = form.read_version, form.values
    try:
        return actions.save_section(
            dossier, by=request.user, now=request.now, section=form.section, values=values, version=version
        )
    except Conflict as conflict:
        entry = conflict.entry
        if (
            entry is not None
            and entry.actor_id == request.user.pk
            and entry.snapshot == {**entry.snapshot, "version": version + 1, "sha256": digest(values)}
        ):
            return draft_of(request, dossier.pk)  # the answer to the first attempt was lost on the way
        raise


def keep(request: CaseRequest, dossier: Dossier, form: SectionForm) -> bool:
    """Save a section; whether the person may go on. What was typed and cannot be kept, or not be submitted, is said."""
    try:
        saved = store(request, dossier, form)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason.message))
        return False
    if isinstance(form, AnswersForm):
        for question in form.questions:
            answer = saved.answers.get(question["code"])
            if not is_empty(question, answer) and (words := fault(question, answer)):
                form.add_error(question["code"], words)
    return not form.errors


def frame(dossier: Dossier, states: list[SectionState], active: str) -> dict[str, Any]:
    """What every page of the draft shows around its own matter: the deadline and the list of sections."""
    call = dossier.call
    return {
        "dossier": dossier,
        "call": call,
        "zone": call.case.region.time_zone,
        "header": Header(
            dossier.title,
            lead=f"{call.title} · {dossier.organisation}",
            reference=dossier.case.reference,
            badges=[dossier_word(dossier)],
            facts=[
                format_html(
                    "{} {} · {}",
                    _("To be submitted before"),
                    instant(call.closes_at, call.case.region.time_zone),
                    countdown({}, call.closes_at),  # type: ignore[arg-type]
                )
            ],
        ),
        "crumbs": [
            Link(_("My dossiers"), reverse("calls:my_dossiers")),
            Link(dossier.case.reference, reverse("calls:draft", args=[dossier.pk])),
        ],
        "steps": [_step(dossier, state, active) for state in states],
        "complete": not any(state.reasons for state in states),
        "submit_url": reverse("calls:submit", args=[dossier.pk]),
    }


def _step(dossier: Dossier, state: SectionState, active: str) -> Step:
    n = len(state.reasons)
    if n:
        note = ngettext("%(n)s thing missing", "%(n)s things missing", n) % {"n": n}
        mark = "problem" if state.touched else "todo"
    elif state.optional and not state.touched:
        note, mark = _("optional"), "skipped"
    else:
        note, mark = _("complete"), "done"
    return Step(state.title, mark, note, section_url(dossier, state.code), active=state.code == active)  # type: ignore[arg-type]


def section_url(dossier: Dossier, code: str) -> str:
    """The page of a section."""
    if code == PIECES:
        return reverse("calls:pieces", args=[dossier.pk])
    return reverse("calls:draft", args=[dossier.pk, code])


def place_url(dossier: Dossier, reason: Reason) -> str:
    """Where a missing thing is put right: the page, and the control on it."""
    code, _dot, field = reason.field.partition(".")
    anchor = f"piece-{field}" if code == PIECES else f"id_{field}" if field else "main"
    return f"{section_url(dossier, section_of(reason))}#{anchor}"


def next_section(dossier: Dossier, code: str) -> str:
    """The section after that one, or nothing after the last."""
    codes = list(sections_of(dossier))
    rank = codes.index(code) + 1
    return codes[rank] if rank < len(codes) else ""


def _add_partner(request: CaseRequest, dossier: Dossier, form: SectionForm) -> bool:
    if not form.is_valid():
        return False
    rows = partner_rows(dossier.partners.all())
    new = {name: form.cleaned_data[name] for name in ("siret", "name", "role")}
    try:
        actions.save_section(
            dossier,
            by=request.user,
            now=request.now,
            section=PARTNERS,
            values={"partners": [*rows, new]},
            version=form.read_version,
        )
    except Refused as refused:
        for reason in refused.reasons:
            name = reason.field.rpartition("-")[2]
            form.add_error(name if name in form.fields else None, str(reason.message))
        return False
    return True
