"""The pieces of a dossier: given while drafting, or when the Region has asked for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls import actions
from calls.forms.drafts import PieceForm
from calls.models import Dossier, DossierState
from calls.queries import expected_pieces, missing, piece_code, section_states
from calls.queries.missing import PIECES, ExpectedPiece
from calls.views.drafts import draft_of, frame
from workflows.engine import Refused
from workflows.middleware import CaseRequest
from workflows.models import DocumentVersion
from workflows.store import store_upload


@require_http_methods(["GET", "POST"])
def pieces(request: CaseRequest, pk: UUID) -> HttpResponse:
    """What each piece is for, what was given, what the antivirus said; one upload at a time."""
    dossier = draft_of(request, pk)
    if dossier.state not in (DossierState.DRAFT, DossierState.PIECES_REQUESTED):
        return redirect("workflows:case_tab", dossier.case_id, "application")
    expected = expected_pieces(dossier)
    sent = None
    if request.method == "POST":
        sent = _form(
            next((e for e in expected if e.required.code == request.POST.get("code")), None), request
        )
        if sent.is_valid() and _give(request, dossier, sent):
            messages.success(request, _("The piece is received. The antivirus is checking it."))
            return redirect(f"{reverse('calls:pieces', args=[pk])}#piece-{sent.cleaned_data['code']}")
    drafting = dossier.state == DossierState.DRAFT
    rows = [_row(dossier, item, request, sent, drafting) for item in expected]
    context: dict[str, Any] = {
        **frame(
            dossier, section_states(dossier, missing(dossier, expected=expected)) if drafting else [], PIECES
        ),
        "rows": rows,
        "drafting": drafting,
        "lacking": sum(1 for item in expected if item.due and not item.given),
        "pending": any(file.scan == "pending" for item in expected for file in item.files),
    }
    return render(request, "calls/draft/pieces.html", context, status=422 if sent is not None else 200)


@require_POST
def remove_piece(request: CaseRequest, pk: UUID, code: str) -> HttpResponse:
    """Take a piece back from the draft."""
    dossier = draft_of(request, pk)
    document = request.POST.get("document")
    try:
        chosen = UUID(document) if document else None
    except ValueError as error:
        raise Http404 from error
    actions.remove_piece(dossier, by=request.user, now=request.now, code=code, document=chosen)
    messages.success(request, _("The piece is removed."))
    return redirect(f"{reverse('calls:pieces', args=[pk])}#piece-{code}")


def _form(item: ExpectedPiece | None, request: CaseRequest) -> PieceForm:
    if item is None:
        raise Http404
    return PieceForm(
        request.POST,
        request.FILES,
        code=item.required.code,
        given=item.version is not None,
        beside=request.POST.get("beside") == "True",
    )


def _give(request: CaseRequest, dossier: Dossier, form: PieceForm) -> bool:
    """Store the file, then attach it; whether both went well."""
    code, upload = form.cleaned_data["code"], form.cleaned_data["file"]
    try:
        stored = store_upload(dossier.case, piece_code(code), upload)
        actions.attach_piece(
            dossier,
            by=request.user,
            now=request.now,
            code=code,
            file=stored,
            beside=form.cleaned_data["beside"],
        )
    except ValidationError as error:
        form.add_error("file", error)
    except Refused as refused:
        form.add_error("file", [str(reason.message) for reason in refused.reasons])
    else:
        return True
    return False


def _row(
    dossier: Dossier, item: ExpectedPiece, request: CaseRequest, sent: PieceForm | None, drafting: bool
) -> dict[str, Any]:
    version: DocumentVersion | None = item.version
    code = item.required.code
    about = sent is not None and sent.data.get("code") == code
    beside = about and sent is not None and sent.data.get("beside") == "True"
    mine = about and not beside
    return {
        "item": item,
        "required": item.required,
        "version": version,
        "url": reverse("workflows:download", args=[version.pk]) if version else "",
        "form": sent if mine else PieceForm(code=code, given=version is not None),
        "remove_url": reverse("calls:remove_piece", args=[dossier.pk, code]) if drafting and version else "",
        "open": mine or version is None,
        "more": [(v, reverse("workflows:download", args=[v.pk])) for v in item.more],
        "add": None
        if version is None or not item.required.multiple
        else sent
        if beside
        else PieceForm(code=code, given=True, beside=True),
        "adding": beside,
    }
