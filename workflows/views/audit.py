"""The auditor's pages: any case's proof, the seals, and the verification of all the journals."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Sum
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from workflows import queries
from workflows.access import note_access
from workflows.components import Header
from workflows.engine.journal import check, verify
from workflows.evidence import write_bundle
from workflows.listing import Column
from workflows.middleware import CaseRequest
from workflows.models import Access, Case, Seal
from workflows.views.search import CaseList

#: Above this a bundle is spooled to disk, in bytes.
IN_MEMORY = 8 * 1024 * 1024
#: Journal entries verified in one request (about 0.1 s), to the end of the case.
AT_ONCE = 4000


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
    """Verify every journal of the auditor's Regions, some in each request (`after` and `bad` carry on)."""
    queries.require(request.actor, "workflows.audit")
    cases = queries.cases_visible_to(request.actor)
    after, bad = _id(request.GET.get("after", "")), [_id(text) for text in request.GET.getlist("bad")]
    faults = list(verify(cases.filter(pk__in=[pk for pk in bad if pk])))
    entries, last = 0, after
    for checked in check(cases.filter(pk__gt=after) if after else cases):
        entries, last = entries + checked.entries, checked.case_id
        if checked.fault:
            faults.append(checked.fault)
        if entries >= AT_ONCE:
            break
    to_come = cases.filter(pk__gt=last) if last else cases.none()
    left = to_come.aggregate(cases=Count("pk"), entries=Sum("head_seq", default=0))
    every = cases.aggregate(cases=Count("pk"), entries=Sum("head_seq", default=0))
    onward = urlencode({"after": last, "bad": [fault.case.pk for fault in faults]}, doseq=True)
    context = {
        "header": Header(_("Verification of the journals")),
        "faults": faults,
        "every": every,
        "done": {name: every[name] - left[name] for name in every},
        "onward": f"{request.path}?{onward}" if left["cases"] else "",
        "at": request.now,
    }
    page = "verification_state" if request.headers.get("HX-Request") else "verification"
    return render(request, f"workflows/audit/{page}.html", context)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
def evidence(request: CaseRequest, pk: UUID) -> HttpResponseBase:
    """The evidence bundle of a case: its journal, seals and files, with the verifier that needs nothing of ours."""
    case: Case = queries.get_visible(request.actor, Case, pk, "workflows.take_evidence")
    stream = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    readable = queries.readable(request.actor, case)
    write_bundle(stream, case, now=request.now, by=request.user.get_full_name(), readable=readable)
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
