"""Downloads: the right first, then the antivirus verdict, then the bytes, never shown inside our own pages (P34, P35)."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.rules import may
from workflows import queries
from workflows.access import note_access
from workflows.middleware import CaseRequest
from workflows.models import Access, DocumentVersion, ScanState
from workflows.store import open_version

log = logging.getLogger(__name__)


@require_GET
def download(request: CaseRequest, pk: UUID) -> HttpResponseBase:
    """One version of a document, as an attachment. 404 when it is not the reader's to know of; 409 while it is being
    checked, 403 when a virus was found in it, 503 when the store has lost it."""
    version = DocumentVersion.objects.select_related("document__case__region").filter(pk=pk).first()
    if version is None:
        raise Http404
    document = version.document
    queries.require(request.actor, "workflows.view_case", document)
    queries.require(request.actor, "workflows.read_document", document)
    if version.scan != ScanState.CLEAN:
        status = 409 if version.scan == ScanState.PENDING else 403
        return _unavailable(request, version, status)
    try:
        stream = open_version(version)
    except FileNotFoundError:
        log.exception("The store has lost %s of version %s", version.path, version.pk)
        return _unavailable(request, version, 503)
    note_access(
        request.actor,
        document.case,
        Access.DOWNLOAD,
        now=request.now,
        detail=f"{version.name} (v{version.number})",
    )
    response = FileResponse(
        stream, as_attachment=True, filename=version.name, content_type=version.content_type
    )
    response["Content-Length"] = str(version.size)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def _unavailable(request: CaseRequest, version: DocumentVersion, status: int) -> HttpResponseBase:
    context = {
        "version": version,
        "case": version.document.case,
        "reason": {409: "pending", 403: "infected", 503: "lost"}[status],
        "whole": may(request.actor, "workflows.view_flow", version.document.case),
    }
    return render(request, "workflows/file_unavailable.html", context, status=status)
