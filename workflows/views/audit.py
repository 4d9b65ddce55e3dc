"""The auditor's pages: any case's proof, the seals, and the verification of all the journals."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from time import perf_counter
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from workflows import queries
from workflows.access import note_access
from workflows.components import Header
from workflows.engine.journal import verify
from workflows.evidence import write_bundle
from workflows.listing import Column
from workflows.middleware import CaseRequest
from workflows.models import Access, Case, Entry, Seal
from workflows.views.search import CaseList

#: Above this a bundle is spooled to disk, in bytes.
IN_MEMORY = 8 * 1024 * 1024


class AuditedCases(CaseList):
    """The cases of the auditor's Regions, with the length of their journals."""

    columns = [*CaseList.columns, Column(gettext_lazy("Entries"), "head_seq", kind="number", sort="head_seq")]
    exports = True


@require_GET
def audit(request: CaseRequest) -> HttpResponseBase:
    """Home of auditors: search of cases, last seals, verification of all journals."""
    queries.require(request.actor, "workflows.audit")
    rows = queries.cases_visible_to(request.actor).select_related("organisation")
    context = {"header": Header(_("Audit")), "seals": Seal.objects.order_by("-at")[:5]}
    return AuditedCases(request, rows).render("workflows/audit/home.html", context)


@require_GET
def verification(request: CaseRequest) -> HttpResponseBase:
    """Verify every journal of the auditor's Regions, now."""
    queries.require(request.actor, "workflows.audit")
    cases = queries.cases_visible_to(request.actor).order_by("pk")
    began = perf_counter()
    faults = list(verify(cases.iterator(chunk_size=500)))
    context = {
        "header": Header(_("Verification of the journals")),
        "faults": faults,
        "cases": cases.count(),
        "entries": Entry.objects.filter(case__in=cases.values("pk")).count(),
        "seconds": f"{perf_counter() - began:.1f}",
        "at": request.now,
    }
    return render(request, "workflows/audit/verification.html", context)


@require_POST
def evidence(request: CaseRequest, pk: UUID) -> HttpResponseBase:
    """The evidence bundle of a case: its journal, seals and files, with the verifier that needs nothing of ours."""
    case: Case = queries.get_visible(request.actor, Case, pk, "workflows.take_evidence")
    stream = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_bundle(stream, case, now=request.now, by=request.user.get_full_name())
    size = stream.tell()
    stream.seek(0)
    note_access(
        request.actor, case, Access.EVIDENCE, now=request.now, detail=f"{case.head_seq} · {case.head_hash}"
    )
    return FileResponse(
        stream,
        as_attachment=True,
        filename=f"{case.reference}.zip",
        content_type="application/zip",
        headers={"Content-Length": str(size)},
    )
