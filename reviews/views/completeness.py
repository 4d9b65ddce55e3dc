"""Pages before the review: completeness beside the pieces, the applicant's production, admissibility, eligibility."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls import actions as calls
from calls.models import Dossier, DossierState
from calls.reference import Stage
from reviews import actions
from reviews.forms.completeness import (
    ChecklistForm,
    GroundsForm,
    PlainForm,
    RequestPiecesForm,
    VerdictForm,
)
from reviews.models import PieceRequest, PieceRequestState
from reviews.queries.completeness import PieceLine, piece_lines, rejection_date
from reviews.shown import (
    application_of,
    clock_of,
    dossier_of,
    head,
    onward,
    posted,
    status_of,
    today_of,
)
from workflows.components import Header, Link, Recap
from workflows.engine import Refused, allowed
from workflows.middleware import CaseRequest
from workflows.queries import get_visible, require
from workflows.store import store_upload
from workflows.templatetags.ui import day


@require_http_methods(["GET", "POST"])
def completeness(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The pieces with their verdicts beside what the law's clock says; ask for what is missing, or declare complete."""
    dossier = dossier_of(request, pk)
    today = today_of(request, dossier.case)
    lines = piece_lines(dossier)
    ask = RequestPiecesForm(
        posted(request, "ask"), prefix="ask", dossier=dossier, lines=lines, today=today, case=dossier.case
    )
    complete = PlainForm(
        posted(request, "complete"),
        prefix="complete",
        verb_name="reviews.declare_complete",
        case=dossier.case,
    )
    if ask.is_bound and (
        done := ask.perform(actions.request_pieces, dossier, by=request.actor, now=request.now)
    ):
        return onward(
            request,
            dossier.case,
            _("The pieces are asked for. The legal clock stands still until %(day)s at most.")
            % {"day": day(done.due_on)},
        )
    if complete.is_bound and complete.perform(
        actions.declare_complete, dossier, by=request.actor, now=request.now
    ):
        return onward(request, dossier.case, _("The dossier is declared complete."))
    return _completeness(request, dossier, lines, ask, complete)


@require_POST
def verdict(request: CaseRequest, pk: UUID, code: str) -> HttpResponse:
    """Accept a piece, or say why it is to be replaced."""
    dossier = dossier_of(request, pk)
    form = VerdictForm(request.POST, code=code, prefix=code)
    if form.perform(actions.review_piece, dossier, by=request.actor, now=request.now):
        messages.success(request, _("The verdict is recorded."))
        return redirect(f"{request.path.rsplit('/pieces/', 1)[0]}/completeness/#piece-{code}")
    lines = piece_lines(dossier)
    ask = RequestPiecesForm(
        None,
        prefix="ask",
        dossier=dossier,
        lines=lines,
        today=today_of(request, dossier.case),
        case=dossier.case,
    )
    complete = PlainForm(None, prefix="complete", verb_name="reviews.declare_complete", case=dossier.case)
    return _completeness(request, dossier, lines, ask, complete, {code: form})


def _completeness(
    request: CaseRequest,
    dossier: Dossier,
    lines: list[PieceLine],
    ask: RequestPiecesForm,
    complete: PlainForm,
    bound: dict[str, VerdictForm] | None = None,
) -> HttpResponse:
    actor = request.actor
    may_review = allowed("reviews.review_piece", actor, dossier)
    rows = [
        (line, (bound or {}).get(line.required.code) or _verdict_form(line, dossier))
        if may_review and line.piece is not None
        else (line, None)
        for line in lines
    ]
    context = {
        "dossier": dossier,
        "header": head(_("Completeness"), dossier, actor),
        "rows": rows,
        "blocking": [line for line in lines if line.blocks],
        "ask": ask if allowed("reviews.request_pieces", actor, dossier) and ask.lines else None,
        "complete": complete if allowed("reviews.declare_complete", actor, dossier) else None,
        "may_reject": allowed("reviews.declare_inadmissible", actor, dossier),
        "requests": PieceRequest.objects.filter(dossier=dossier).order_by("-requested_on"),
        "application": application_of(dossier, lines),
        **clock_of(request, dossier),
    }
    return render(request, "reviews/completeness.html", context, status=status_of(request))


def _verdict_form(line: PieceLine, dossier: Dossier) -> VerdictForm:
    code = line.required.code
    initial = {"comment": line.piece.comment if line.piece else ""}
    return VerdictForm(None, code=code, prefix=code, initial=initial)


@require_http_methods(["GET", "POST"])
def production(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The applicant gives the pieces asked for, one by one, then sends them: the legal clock runs again."""
    asked: PieceRequest = get_visible(request.actor, PieceRequest, pk, "reviews.see_request")
    dossier = asked.dossier
    dossier.case = asked.case
    form = PlainForm(posted(request, "send"), prefix="send", verb_name="reviews.produce_pieces")
    faults: dict[str, str] = {}
    if request.method == "POST" and "piece" in request.POST:
        require(request.actor, "reviews.produce_pieces", asked)
        fault = _give(request, asked, request.POST["piece"])
        if not fault:
            messages.success(request, _("The file is received."))
            return redirect("reviews:production", pk)
        faults[request.POST["piece"]] = fault
    if form.is_bound and form.perform(actions.produce_pieces, asked, by=request.actor, now=request.now):
        messages.success(request, _("Your pieces are sent: the Region goes on with your dossier."))
        return redirect("workflows:case", dossier.case_id)
    given = {line.required.code: line for line in piece_lines(dossier)}
    rows = [
        (item, given.get(item["code"]), _is_new(item, given.get(item["code"])), faults.get(item["code"], ""))
        for item in asked.items
    ]
    pending = asked.state == PieceRequestState.PENDING
    context = {
        "asked": asked,
        "dossier": dossier,
        "rows": rows,
        "left": sum(not new for _item, _line, new, _fault in rows),
        "form": form if allowed("reviews.produce_pieces", request.actor, asked) else None,
        "may_give": pending and request.actor.may_edit(dossier.organisation_id),
        "if_nothing": rejection_date(dossier),
        "header": Header(
            _("Pieces that the Region asks you for"),
            lead=dossier.title,
            reference=dossier.case.reference,
            actions=[Link(_("The whole dossier"), f"/cases/{dossier.case_id}/", "folder")],
        ),
    }
    return render(request, "reviews/production.html", context, status=status_of(request))


def _is_new(item: dict[str, Any], line: PieceLine | None) -> bool:
    return line is not None and line.number > item["version"]


def _give(request: CaseRequest, asked: PieceRequest, code: str) -> str:
    """Store the file and attach it, beside what was given if the applicant says so; returns what is wrong, if anything."""
    upload = request.FILES.get("file")
    if upload is None:
        return _("Choose a file.")
    if code not in {item["code"] for item in asked.items}:
        return _("This piece is not asked for.")
    try:
        stored = store_upload(asked.case, code, upload)
        calls.attach_piece(
            asked.dossier,
            by=request.actor.user,
            now=request.now,
            code=code,
            file=stored,
            beside="beside" in request.POST,
        )
    except ValidationError as error:
        return " ".join(error.messages)
    except Refused as refused:
        return str(refused)
    return ""


@require_http_methods(["GET", "POST"])
def admissibility(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Verify the form of the dossier: admissible, or not and why."""
    return _judge(
        request,
        dossier_of(request, pk),
        Stage.ADMISSIBILITY,
        yes=(actions.declare_admissible, _("The dossier is declared admissible.")),
        no=(actions.declare_inadmissible, _("The dossier is declared inadmissible; its letter is drafted.")),
        title=_("Admissibility"),
    )


@require_http_methods(["GET", "POST"])
def eligibility(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Verify the conditions of the call: eligible, or not and why."""
    return _judge(
        request,
        dossier_of(request, pk),
        Stage.ELIGIBILITY,
        yes=(actions.declare_eligible, _("The dossier is declared eligible: the colleges are asked.")),
        no=(actions.declare_ineligible, _("The dossier is declared ineligible; its letter is drafted.")),
        title=_("Eligibility"),
    )


def _judge(
    request: CaseRequest, dossier: Dossier, stage: Stage, *, yes: Any, no: Any, title: str
) -> HttpResponse:
    adjective = "admissible" if stage is Stage.ADMISSIBILITY else "eligible"
    positive, negative = f"reviews.declare_{adjective}", f"reviews.declare_in{adjective}"
    checklist = ChecklistForm(
        posted(request, "yes"),
        prefix="yes",
        dossier=dossier,
        stage=stage,
        verb_name=positive,
        case=dossier.case,
    )
    grounds = GroundsForm(
        posted(request, "no"), prefix="no", stage=stage, verb_name=negative, case=dossier.case
    )
    for form, (verb, message) in ((checklist, yes), (grounds, no)):
        if form.is_bound and form.perform(verb, dossier, by=request.actor, now=request.now):
            return onward(request, dossier.case, message)
    actor = request.actor
    context = {
        "dossier": dossier,
        "header": head(title, dossier, actor),
        "checklist": checklist if allowed(positive, actor, dossier) else None,
        "grounds": grounds if allowed(negative, actor, dossier) else None,
        "rejecting": grounds.is_bound or dossier.state == DossierState.SUBMITTED,
        "recap": _recap(dossier, stage),
        "judgments": dossier.admissibilities.select_related("decided_by").order_by("decided_at"),
        "application": application_of(dossier),
        **clock_of(request, dossier),
    }
    return render(request, "reviews/judgment.html", context, status=status_of(request))


def _recap(dossier: Dossier, stage: Stage) -> Recap:
    rejected = _("A letter with these grounds is drafted; nothing is sent before somebody releases it.")
    consequences = [rejected, _("The legal clock stops: it is an express decision.")]
    return Recap(
        [(_("Dossier"), f"{dossier.case.reference} · {dossier.organisation}")],
        consequences,
        [_("A head of service looks at the letter and releases it.")],
        irreversible=True,
    )
