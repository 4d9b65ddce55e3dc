"""Reports: filled with autosave by the beneficiary, read beside the verdict by the Region, and their worklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BoundField
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contracts import actions
from contracts.forms.contracts import ReasonsForm
from contracts.forms.reports import AcceptForm, EvidenceForm, IndicatorFields, ReportForm
from contracts.indicators import BREAKDOWN_LABELS, PARTITIONS, SUBSETS, shape_of, shown
from contracts.models import IndicatorValue, Report, ReportKind, ReportState
from contracts.money import gap, is_wide
from contracts.narrative import questions_for
from contracts.queries import (
    expenses_of,
    planned_expenses,
    report_name,
    reports_visible_to,
    spent_before,
)
from contracts.views.common import (
    Offer,
    fetch,
    head,
    is_beneficiary,
    offers,
    status_of,
    today_of,
    worklist_tabs,
)
from contracts.words import report_word
from workflows import autosave as answers
from workflows.components import Empty, Header
from workflows.dates import PARIS, local_date
from workflows.engine import Conflict, Refused, allowed
from workflows.formats import format_percent
from workflows.listing import Column, Filter, ListPage
from workflows.middleware import CaseRequest
from workflows.models import Entry
from workflows.queries import files, require
from workflows.store import store_upload
from workflows.templatetags.ui import day, due, short_day

OPEN = (ReportState.EXPECTED, ReportState.RETURNED)


class ReportList(ListPage):
    """The reports of the reader's Regions: what is to be read, what is late."""

    name = "reports"
    caption = gettext_lazy("Reports")
    search = ["contract__number", "case__reference", "contract__dossier__organisation__name"]
    order = ["due_on", "contract__number", "number"]
    empty = Empty(
        gettext_lazy("No report here"),
        gettext_lazy("Reports are planned by the call's calendar when a contract is signed."),
        icon="file-check",
    )

    def __init__(self, request: CaseRequest) -> None:
        today = local_date(request.now, PARIS)
        super().__init__(request, reports_visible_to(request.actor))
        late = Q(state__in=OPEN, due_on__lt=today)
        self.tabs = [  # type: ignore[misc]  # what is late depends on the day
            Filter("read", _("To read"), Q(state=ReportState.SUBMITTED)),
            Filter("late", _("Overdue"), late),
            Filter("coming", _("Expected"), Q(state__in=OPEN) & ~late),
            Filter("accepted", _("Accepted"), Q(state=ReportState.ACCEPTED)),
            Filter("all", _("All")),
        ]
        self.columns = [  # type: ignore[misc]
            Column(
                gettext_lazy("Report"),
                lambda row: f"{report_name(row).capitalize()} · {row.contract.number}",
                sort=["contract__number", "number"],
                link=lambda row: reverse("contracts:report", args=[row.pk]),
                heading=True,
            ),
            Column(
                gettext_lazy("Beneficiary"),
                "contract.dossier.organisation.name",
                sort="contract__dossier__organisation__name",
            ),
            Column(gettext_lazy("Period ends"), "period_end", kind="day", sort="period_end"),
            Column(
                gettext_lazy("Due"),
                lambda row: (
                    due({"today": today}, row.due_on)  # type: ignore[arg-type]
                    if row.state in OPEN
                    else short_day(row.due_on)
                ),
                sort="due_on",
                export=lambda row: row.due_on,
            ),
            Column(gettext_lazy("Handed in"), "submitted_at", kind="day", sort="submitted_at"),
            Column(
                gettext_lazy("Days late"),
                lambda row: max((today - row.due_on).days, 0) if row.state in OPEN else 0,
                kind="number",
                on_screen=False,
            ),
            Column(
                gettext_lazy("State"),
                lambda row: report_word(row, request.actor, today=today),
                kind="state",
                sort="state",
            ),
        ]


@require_GET
def reports(request: CaseRequest) -> HttpResponseBase:
    """The reports of the reader's Regions, with their lateness."""
    require(request.actor, "contracts.view_worklists")
    return ReportList(request).render(
        "contracts/worklist.html",
        {"header": Header(_("Reports")), "tabs": worklist_tabs(request.actor, "contracts:reports")},
    )


@require_http_methods(["GET", "POST"])
def report(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The report: as a form to whoever fills it, as a document to the others, with the verdict beside it."""
    row = fetch(request, Report, pk)
    if request.method == "POST" and "version" in request.POST:
        return _saved(request, row)
    if request.method == "GET" and row.state in OPEN and allowed("contracts.save_report", request.actor, row):
        return _fill(request, row, form_of(row, None))
    return _read(request, row)


# Filling


def form_of(row: Report, data: Any) -> ReportForm:
    """The report as a form."""
    dossier = row.contract.dossier
    begins = row.kind == ReportKind.FINAL and not row.version
    return ReportForm(
        data,
        report=row,
        indicators=dossier.indicators.all(),
        planned=planned_expenses(dossier),
        suggested=spent_before(row) if begins else {},
    )


def _store(request: CaseRequest, row: Report, form: ReportForm) -> Report:
    """Save what could be read; the same save sent twice is no conflict."""
    values = form.values
    try:
        return actions.save_report(
            row, by=request.actor, now=request.now, version=form.read_version, **values
        )
    except Conflict as conflict:
        entry = conflict.entry
        if (
            entry is not None
            and entry.actor_id == request.user.pk
            and entry.snapshot.get("sha256") == actions.digest(values)
        ):
            return row
        raise


def _saved(request: CaseRequest, row: Report) -> HttpResponse:
    """A form that was sent: save it, and hand the report in if that was asked."""
    if row.state == ReportState.SUBMITTED and row.submitted_by_id == request.user.pk:
        return redirect("contracts:report", row.pk)  # the same form, sent twice
    form = form_of(row, request.POST)
    try:
        _store(request, row, form)
    except Conflict as conflict:
        return _fill(request, row, form, clash=conflict.entry or _last_saved(row), status=409)
    except Refused as refused:
        form.add_reasons(refused.reasons)
        return _fill(request, row, form, status=422)
    row = fetch(request, Report, row.pk)
    if not form.errors and "submit" in request.POST:
        try:
            actions.submit_report(row, by=request.actor, now=request.now)
        except Refused as refused:
            form.add_reasons(refused.reasons)
        else:
            messages.success(
                request, _("The report is handed in. The Region reads it and answers on the platform.")
            )
            return redirect("contracts:report", row.pk)
    if form.errors:
        return _fill(request, row, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("contracts:report", row.pk)


@require_POST
def autosave(request: CaseRequest, pk: UUID) -> JsonResponse:
    """Save what is being typed; answers with the new version, or with who saved before (P08)."""
    row = fetch(request, Report, pk, "contracts.save_report")
    form = form_of(row, request.POST)
    try:
        saved = _store(request, row, form)
    except Conflict as conflict:
        entry = conflict.entry
        if entry is None:
            return JsonResponse({}, status=503)  # the case is being acted on right now: the page tries again
        return answers.conflict(entry.actor_name, entry.at, reverse("contracts:report", args=[row.pk]))
    except Refused as refused:
        return answers.refused([str(reason.message) for reason in refused.reasons])
    version = Report.objects.values_list("version", flat=True).get(pk=saved.pk)
    unread = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    return answers.saved(version, request.now, unread=unread)


def _last_saved(row: Report) -> Entry | None:
    return Entry.objects.filter(case=row.case_id, object_id=str(row.pk)).order_by("-seq").first()


@dataclass(frozen=True)
class ExpenseRow:
    """One account: its budget, what was spent before, the control or the amount of the period, the difference."""

    code: str
    label: str
    planned: Decimal
    before: Decimal
    amount: Decimal
    bound: BoundField | None
    accepted: Decimal | None = None
    reason: str = ""

    @property
    def total(self) -> Decimal:
        """Spent since the start of the project."""
        return self.before + self.amount

    @property
    def difference(self) -> Decimal:
        """With the budget, in euros."""
        return gap(self.planned, self.total)[0]

    @property
    def share(self) -> str:
        """The difference as a share of the budget."""
        found = gap(self.planned, self.total)[1]
        return "—" if found is None else format_percent(found, decimals=1)

    @property
    def wide(self) -> bool:
        """Whether it goes so far beyond the budget that it must be explained."""
        return is_wide(self.planned, self.total)


def expense_rows(row: Report, form: ReportForm | None = None) -> list[ExpenseRow]:
    """Expenditure against the budget, account by account."""
    # The final report tells the whole project: nothing is to be added to it.
    before = {} if row.kind == ReportKind.FINAL else spent_before(row)
    spent = expenses_of(row)
    budget = form.planned if form is not None else planned_expenses(row.contract.dossier)
    rows = []
    for code, (label, planned) in budget.items():
        expense = spent.get(code)
        rows.append(
            ExpenseRow(
                code,
                label,
                planned,
                before.get(code, Decimal(0)),
                expense.amount if expense else Decimal(0),
                form[f"expense.{code}"] if form is not None else None,
                expense.accepted if expense else None,
                expense.reason if expense else "",
            )
        )
    return rows


def _total(rows: list[ExpenseRow]) -> ExpenseRow:
    return ExpenseRow(
        "",
        _("Total"),
        sum((r.planned for r in rows), Decimal(0)),
        sum((r.before for r in rows), Decimal(0)),
        sum((r.amount for r in rows), Decimal(0)),
        None,
    )


def _fill(
    request: CaseRequest, row: Report, form: ReportForm, *, clash: Entry | None = None, status: int = 200
) -> HttpResponse:
    today = today_of(request, row)
    groups: list[tuple[IndicatorFields, list[BoundField], list[BoundField], bool]] = []
    for item in form.indicators:
        bound = [form[name] for name in form.fields if name.startswith(f"{item.indicator.code}.")]
        detail = [f for f in bound if f.name.split(".")[1] in (*PARTITIONS, *SUBSETS)]
        opened = any(f.errors or f.value() not in (None, "") for f in detail)
        groups.append((item, [f for f in bound if f not in detail], detail, opened))
    rows = expense_rows(row, form)
    context = {
        "report": row,
        "name": report_name(row),
        "form": form,
        "clash": clash,
        "groups": groups,
        "questions": [form[q.code] for q in questions_for(row.kind)],
        "expenses": rows,
        "total": _total(rows),
        "final": row.kind == ReportKind.FINAL,
        "first": not any(r.before for r in rows),
        "files": _files(request, row),
        "evidence": EvidenceForm(case=row.case),
        "may_submit": allowed("contracts.submit_report", request.actor, row),
        "statement": actions.STATEMENT,
        "autosave_url": reverse("contracts:report_autosave", args=[row.pk]),
        "saved_at": row.saved_at if status != 409 else None,
        "version": row.version,
        "today": today,
        "facts": _facts(row, today),
        "header": _head(request, row),
    }
    return render(request, "contracts/report_form.html", context, status=status)


def _head(request: CaseRequest, row: Report) -> Header:
    return head(
        report_name(row).capitalize(),
        row,
        request.actor,
        badges=[report_word(row, request.actor, today=today_of(request, row))],
    )


def _facts(row: Report, today: date) -> list[tuple[Any, Any]]:
    """The period, the due date, who handed it in and who accepted it."""
    facts: list[tuple[Any, Any]] = [
        (_("Period"), f"{day(row.period_start)} – {day(row.period_end)}"),
    ]
    if row.state in OPEN:
        facts.append((_("To be handed in before"), due({"today": today}, row.due_on)))  # type: ignore[arg-type]
    else:
        facts.append((_("Due"), day(row.due_on)))
    if row.submitted_at and row.submitted_by:
        facts.append((_("Handed in"), f"{row.submitted_by.get_full_name()}, {short_day(row.submitted_at)}"))
    if row.accepted_at and row.accepted_by:
        facts.append((_("Accepted by the Region"), short_day(row.accepted_at)))
    return facts


def _files(request: CaseRequest, row: Report) -> list[Any]:
    prefix = f"report-{row.number}-"
    return [v for v in files(row.case, request.actor) if v.document.code.startswith(prefix)]


@require_POST
def evidence(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Attach a file to a report that is being filled."""
    row = fetch(request, Report, pk, "contracts.attach_evidence")
    form = EvidenceForm(request.POST, request.FILES, case=row.case)
    if form.is_valid():
        try:
            stored = store_upload(row.case, f"report-{row.number}", form.cleaned_data["file"])
            actions.attach_evidence(
                row, by=request.actor, now=request.now, key=str(form.cleaned_data["key"]), file=stored
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The file is attached; it can be opened once it is checked."))
            return redirect(f"{reverse('contracts:report', args=[row.pk])}#evidence")
    context = {"report": row, "form": form, "header": _head(request, row)}
    return render(request, "contracts/evidence.html", context, status=422)


# Reading


@dataclass(frozen=True)
class ValueRow:
    """One indicator as read: target, value in words, breakdown."""

    indicator: Any
    value: IndicatorValue | None
    words: str
    breakdown: list[tuple[str, str]]


def value_rows(row: Report, *, own: bool) -> list[ValueRow]:
    """The indicators with what the report says of them; small counts stay unsaid for others than the beneficiary."""
    stored = {v.indicator_id: v for v in row.values.all()}
    rows = []
    for indicator in row.contract.dossier.indicators.all():
        value = stored.get(indicator.pk)
        rows.append(ValueRow(indicator, value, _value_words(indicator, value), _breakdown(value, own=own)))
    return rows


def _value_words(indicator: Any, value: IndicatorValue | None) -> str:
    if value is None or value.number is None:
        return "—"
    number = f"{value.number.normalize():f}".replace(".", ",")
    shape = shape_of(indicator)
    if shape.qualitative:
        return _("%(level)s out of 4") % {"level": number}
    words = f"{number} {indicator.unit}".strip()
    if shape.ratio and value.numerator is not None and value.denominator is not None:
        words += f" ({value.numerator.normalize():f} / {value.denominator.normalize():f})"
    return words


def _breakdown(value: IndicatorValue | None, *, own: bool) -> list[tuple[str, str]]:
    counted = value.breakdown if value is not None else {}
    lines = []
    for code, label in BREAKDOWN_LABELS.items():
        found = counted.get(code)
        if isinstance(found, dict):
            lines += [
                (f"{label} : {part}", str(found[part]) if own else shown(code, found[part]))
                for part in PARTITIONS[code]
                if part in found
            ]
        elif found is not None:
            lines.append((label, str(found) if own else shown(code, found)))
    return lines


def _read(request: CaseRequest, row: Report) -> HttpResponse:
    own = is_beneficiary(request, row)
    if row.state == ReportState.EXPECTED and not own and not row.version:
        rows = []  # nothing was filled yet
    else:
        rows = expense_rows(row)
    drafted = row.state == ReportState.EXPECTED and not own
    acting, answer = offers(request, row, *_offers(row))
    if answer is not None:
        return answer
    context = {
        "report": row,
        "name": report_name(row),
        "header": _head(request, row),
        "facts": _facts(row, today_of(request, row)),
        "drafted": drafted,
        "values": [] if drafted else value_rows(row, own=own),
        "answers": []
        if drafted
        else [(q.label, row.narrative.get(q.code, "")) for q in questions_for(row.kind)],
        "expenses": [] if drafted else rows,
        "total": _total(rows),
        "final": row.kind == ReportKind.FINAL,
        "first": not any(r.before for r in rows),
        "accepted": row.state == ReportState.ACCEPTED,
        "files": _files(request, row),
        "offers": acting,
        "zone": row.case.region.time_zone,
        "today": today_of(request, row),
    }
    return render(request, "contracts/report.html", context, status=status_of(request))


def _offers(row: Report) -> list[Offer]:
    final = row.kind == ReportKind.FINAL
    return [
        Offer(
            "contracts.accept_report",
            actions.accept_report,
            _("The report is accepted."),
            AcceptForm,
            intro=_(
                "The subsidy finally due is computed from the expenditure accepted here; the contract is then settled."
            )
            if final
            else _("The interim payment can be claimed once a report is accepted."),
            values={"expenses": list(row.expenses.all())},
        ),
        Offer(
            "contracts.return_report",
            actions.return_report,
            _("The report is returned for correction."),
            ReasonsForm,
            tone="secondary",
            intro=_("Say precisely what to correct: the beneficiary has at least 15 days."),
        ),
    ]


__all__ = ["autosave", "evidence", "report", "reports"]
