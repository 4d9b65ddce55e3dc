"""Documents made on demand: the ranking, the record of opinions, the COPAREF's opinion, the annex to the deliberation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.rules import may
from calls.models import Call
from reviews.models import BodyOpinion, Ranking
from reviews.queries.documents import (
    annex_data,
    body_opinion_data,
    opinions_record_data,
    ranking_data,
    ranking_table,
)
from workflows.access import note_access
from workflows.middleware import CaseRequest
from workflows.models import Access, Case
from workflows.pdf import render_pdf
from workflows.queries import get_visible


def pdf(request: CaseRequest, template: str, data: dict[str, Any], name: str, case: Case) -> HttpResponse:
    """A PDF to take away; taking it is written in the access log."""
    document = render_pdf(template, data, produced_at=request.now)
    note_access(request.actor, case, Access.EXPORT, now=request.now, detail=name)
    return HttpResponse(
        document,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{slugify(name)}.pdf"'},
    )


@require_GET
def ranking_pdf(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The ranking as a document."""
    row: Ranking = get_visible(request.actor, Ranking, pk, "reviews.see_selection")
    data = ranking_data(row, reader=request.actor, now=request.now)
    return pdf(request, "ranking", data, f"classement-{row.case.reference}-v{row.number}", row.case)


@require_GET
def ranking_xlsx(request: CaseRequest, pk: UUID) -> HttpResponseBase:
    """The ranking as a table for a spreadsheet."""
    row: Ranking = get_visible(request.actor, Ranking, pk, "reviews.see_selection")
    response = ranking_table(row, reader=request.actor)
    note_access(request.actor, row.case, Access.EXPORT, now=request.now, detail=_("ranking"))
    return response


@require_GET
def annex_pdf(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The table of the aids, annexed to the deliberation."""
    row: Ranking = get_visible(request.actor, Ranking, pk, "reviews.see_selection")
    data = annex_data(row, now=request.now)
    if data is None:
        raise Http404
    return pdf(request, "deliberation_annex", data, f"annexe-{row.case.reference}", row.case)


@require_GET
def opinions_pdf(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The record of the colleges' opinions on the dossiers of a call."""
    call: Call = get_visible(request.actor, Call, pk, "reviews.see_selection")
    data = opinions_record_data(call, reader=request.actor, now=request.now)
    if data is None:
        raise Http404
    return pdf(request, "opinions_record", data, f"releve-avis-{call.case.reference}", call.case)


@require_GET
def body_opinion_pdf(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The COPAREF's reasoned opinion as a document."""
    row = BodyOpinion._base_manager.select_related(*BodyOpinion.related).filter(pk=pk).first()
    reader = request.actor
    known = row is not None and (
        may(reader, "reviews.see_body_opinion", row) or may(reader, "reviews.see_selection", row)
    )
    if row is None or not known or row.given_at is None:
        raise Http404
    data = body_opinion_data(row, reader=reader, now=request.now)
    return pdf(request, "coparef_opinion", data, f"avis-coparef-{row.case.reference}", row.case)
