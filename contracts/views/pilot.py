"""Steering: the calls of a Region with their money, the figures of one call, and the dossiers behind each figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.actors import Actor
from accounts.models import College
from accounts.rules import may
from calls.models import Call, CallState, Dossier
from calls.queries.access import AWARDED_STATES
from calls.queries.figures import ZERO, followed_calls, received_dossiers
from calls.words import call_word, dossier_word
from contracts.steering import LISTS, OUT, STAGES, CallFigures, figures_of, with_totals
from reviews.models import OpinionState, OpinionValue
from workflows import charts, spreadsheets
from workflows.alphabet import in_alphabet
from workflows.components import Empty, Figure, Header, Link
from workflows.dates import local_date
from workflows.formats import Language, format_money, format_percent
from workflows.listing import Column, Filter, FilterForm, ListPage
from workflows.middleware import CaseRequest
from workflows.models import Access, AccessLog
from workflows.queries import require

#: The series of the colleges' opinions, in the order of the drawing: each value, then silence and waiting.
OPINIONS: tuple[tuple[str, Any], ...] = (
    *((value.value, value.label) for value in OpinionValue),
    (OpinionState.NOT_GIVEN.value, OpinionState.NOT_GIVEN.label),
    (OpinionState.AWAITED.value, OpinionState.AWAITED.label),
)


def _language() -> Language:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def _money(amount: Decimal) -> str:
    return format_money(amount, _language())


def _share(part: Decimal, whole: Decimal) -> str:
    return format_percent(part / whole, _language(), decimals=0) if whole else "—"


class PilotCalls(ListPage):
    """The published calls that the reader follows."""

    name = "pilot"
    caption = gettext_lazy("Calls and their figures")
    columns = [
        Column(
            gettext_lazy("Call"),
            "title",
            sort="title",
            template="contracts/parts/pilot_call.html",
            heading=True,
        ),
        Column(gettext_lazy("Reference"), "case.reference", on_screen=False),
        Column(gettext_lazy("Closes"), "closes_at", kind="day", sort="closes_at"),
        Column(
            gettext_lazy("Dossiers received"),
            lambda row: row.received or 0,
            kind="number",
            sort="received",
            link=lambda row: row.behind("received"),
        ),
        Column(gettext_lazy("Requested"), lambda row: row.asked or ZERO, kind="money", sort="asked"),
        Column(gettext_lazy("Envelope"), "amount", kind="money", sort="amount"),
        Column(
            gettext_lazy("Committed"),
            "committed",
            kind="money",
            sort="committed",
            link=lambda row: row.behind("granted"),
        ),
        Column(
            gettext_lazy("Contracts"),
            lambda row: row.contracted or 0,
            kind="number",
            sort="contracted",
            link=lambda row: row.behind("contract"),
        ),
        Column(
            gettext_lazy("Paid"),
            lambda row: row.paid or ZERO,
            kind="money",
            sort="paid",
            link=lambda row: row.behind("paid"),
        ),
        Column(gettext_lazy("State"), call_word, kind="state", sort="state"),
    ]
    tabs = [
        Filter("all", gettext_lazy("All")),
        Filter("open", gettext_lazy("Published"), Q(state=CallState.PUBLISHED)),
        Filter("closed", gettext_lazy("Under examination"), Q(state=CallState.CLOSED)),
        Filter("decided", gettext_lazy("Decided"), Q(state__in=[CallState.DECIDED, CallState.COMPLETED])),
    ]
    search = ["title", "case__reference"]
    order = ["-closes_at"]
    empty = Empty(gettext_lazy("No call yet"), gettext_lazy("Calls appear here once they are published."))

    @property
    def shown(self) -> list[Any]:
        """The calls of the page, each with the way to the dossiers behind its figures, for who may open them."""
        rows: list[Call] = super().shown
        actor = self.request.actor  # type: ignore[attr-defined]
        for row in rows:
            opens = may(actor, "contracts.view_pilot_dossiers", row)
            address = reverse("contracts:pilot_dossiers", args=[row.pk]) if opens else ""
            row.behind = partial(_behind, address)  # type: ignore[attr-defined]
        return rows


def _behind(address: str, figure: str) -> str:
    return f"{address}?{urlencode({'figure': figure})}" if address else ""


@require_GET
def pilot(request: CaseRequest) -> HttpResponseBase:
    """The calls of the reader's Regions, with what each received, committed and paid."""
    actor = request.actor
    if not (actor.staff_regions or actor.audited_regions or actor.seats):
        raise Http404
    calls = with_totals(actor, followed_calls(actor))
    totals = calls.aggregate(
        n=Sum("received"),
        wanted=Sum("asked"),
        envelopes=Sum("amount"),
        bound=Sum("committed"),
        out=Sum("paid"),
    )
    envelopes, bound = totals["envelopes"] or ZERO, totals["bound"] or ZERO
    # who may not open all of these dossiers reads the figures alone
    url = partial(_behind, "" if _read_from_a_seat(actor, calls).exists() else reverse("contracts:pilot_all"))
    figures = [
        Figure(_("Dossiers received"), totals["n"] or 0, url=url("received")),
        Figure(_("Requested"), _money(totals["wanted"] or ZERO), url=url("received")),
        Figure(
            _("Committed"),
            _money(bound),
            _("%(share)s of %(envelopes)s")
            % {"share": _share(bound, envelopes), "envelopes": _money(envelopes)},
            url("granted"),
        ),
        Figure(_("Paid"), _money(totals["out"] or ZERO), url=url("paid")),
    ]
    listing = PilotCalls(request, calls)
    return listing.render(
        "contracts/pilot_overview.html", {"header": Header(_("Steering")), "figures": figures}
    )


def _read_from_a_seat(actor: Actor, calls: QuerySet[Call]) -> QuerySet[Call]:
    """Among the calls followed, those of which the reader knows the figures and not the dossiers."""
    if None in actor.audited_regions:
        return calls.none()
    return calls.exclude(case__region__in=actor.staff_regions | actor.audited_regions)


def _call(request: CaseRequest, pk: UUID, right: str) -> Call:
    call = followed_calls(request.actor).filter(pk=pk).first()
    if call is None or not may(request.actor, right, call):
        raise Http404
    return call


@require_GET
def call_pilot(request: CaseRequest, pk: UUID) -> HttpResponseBase:
    """The figures of one call; as a workbook with ``?export=xlsx``."""
    call = _call(request, pk, "contracts.view_pilot")
    figures = figures_of(request.actor, call, request.now)
    if request.GET.get("export") == "xlsx":
        heads = [_("Figure"), _("Item"), _("Measure"), _("Value")]
        name = f"{call.case.reference}-figures"
        return spreadsheets.export_response("xlsx", name, heads, _rows(figures), title=call.title)

    behind = may(request.actor, "contracts.view_pilot_dossiers", call)

    def url(**wanted: str) -> str:
        # who may not open the dossiers reads the figures alone
        return f"{reverse('contracts:pilot_dossiers', args=[pk])}?{urlencode(wanted)}" if behind else ""

    context = {
        "header": Header(
            call.title,
            reference=call.case.reference,
            badges=[call_word(call, request.now)],
            actions=[
                Link(_("All the calls"), reverse("contracts:pilot"), "list"),
                Link(_("Figures (XLSX)"), "?export=xlsx", "download"),
            ],
        ),
        "call": call,
        "figures": _cards(figures, url),
        "charts": _charts(figures, url),
        "delays": [
            (
                delay,
                url(figure=delay.stage.code),
                reverse("workflows:case", args=[delay.worst_case]) if behind else "",
            )
            for delay in figures.delays
        ],
        "overdue": figures.overdue,
        "overdue_url": url(figure="overdue"),
    }
    return render(request, "contracts/pilot.html", context)


def _cards(found: CallFigures, url: Callable[..., str]) -> list[Figure]:
    envelope = found.call.envelope
    late = found.money.late
    return [
        Figure(_("Dossiers received"), found.reached["received"], url=url(figure="received")),
        Figure(_("Requested"), _money(found.asked), url=url(figure="received")),
        Figure(_("Granted"), _money(found.granted), url=url(figure="granted")),
        Figure(
            _("Envelope committed"),
            _share(envelope.committed, envelope.amount),
            _("%(committed)s of %(amount)s")
            % {"committed": _money(envelope.committed), "amount": _money(envelope.amount)},
            url(figure="granted"),
        ),
        Figure(
            _("Implicit rejections born"),
            found.implicit_rejections,
            _("no decision in time"),
            url(figure="implicit"),
        ),
        Figure(
            _("Overdue tasks"),
            sum(step.tasks for step in found.overdue),
            _("all steps together"),
            url(figure="overdue"),
        ),
        Figure(
            _("Paid"),
            _money(found.money.paid),
            _("of %(amount)s contracted") % {"amount": _money(found.money.contracted)},
            url(figure="paid"),
        ),
        Figure(
            _("Payments due"),
            _money(found.money.due),
            ngettext("%(n)s late payment", "%(n)s late payments", late) % {"n": late},
            url(figure="due"),
        ),
        Figure(_("Late reports"), found.late_reports, url=url(figure="late_report")),
    ]


def _charts(found: CallFigures, url: Callable[..., str]) -> list[charts.Chart]:
    drawn = [
        charts.funnel(
            _("How far the dossiers went"),
            [charts.Bar(stage.label, found.reached[stage.code], url(figure=stage.code)) for stage in STAGES],
            head=_("Stage"),
            value_head=_("Dossiers"),
            description=_("Dossiers that reached each stage, wherever they stand now."),
        ),
        charts.stacked(
            _("Amounts by axis"),
            [_("Granted"), _("Requested, not granted")],
            [
                (f"{axis.code} – {axis.label}", [axis.granted, axis.asked - axis.granted])
                for axis in found.axes
            ],
            head=_("Axis"),
            unit=_money,
            description=_("The whole bar is what was requested."),
            urls=[url(figure="received", axis=axis.code) for axis in found.axes],
        ),
    ]
    if found.out:
        drawn.append(
            charts.bars(
                _("Dossiers that went no further"),
                [charts.Bar(state.label, found.out.get(state, 0), url(figure=state.value)) for state in OUT],
                head=_("End"),
                value_head=_("Dossiers"),
            )
        )
    if found.opinions:
        drawn.append(
            charts.stacked(
                _("Opinions of the colleges"),
                [label for _code, label in OPINIONS],
                [
                    (College(college).label, [counts.get(code, 0) for code, _label in OPINIONS])
                    for college, counts in found.opinions.items()
                ],
                head=_("College"),
                description=_("Silence is never counted as favourable."),
                urls=[url(figure="eligible", college=college) for college in found.opinions],
            )
        )
    return drawn


def _rows(found: CallFigures) -> Iterator[tuple[str, str, str, Any]]:
    """The figures as rows of a workbook: figure, item, measure, value."""
    asked, granted, days = str(_("Requested")), str(_("Granted")), str(_("Days"))
    for stage in STAGES:
        yield _("Stage reached"), str(stage.label), _("Dossiers"), found.reached[stage.code]
    for state in OUT:
        yield _("Went no further"), str(state.label), _("Dossiers"), found.out.get(state, 0)
    for axis in found.axes:
        yield _("Axis"), f"{axis.code} – {axis.label}", asked, axis.asked
        yield _("Axis"), f"{axis.code} – {axis.label}", granted, axis.granted
    yield _("Envelope"), found.call.case.reference, _("Envelope"), found.call.envelope.amount
    yield _("Envelope"), found.call.case.reference, _("Committed"), found.call.envelope.committed
    for delay in found.delays:
        yield _("Time since the submission, median"), str(delay.stage.label), days, delay.median
        yield _("Time since the submission, longest"), str(delay.stage.label), days, delay.worst
    yield _("Implicit rejections born"), "", _("Dossiers"), found.implicit_rejections
    for step in found.overdue:
        yield _("Overdue tasks"), str(step.title), _("Tasks"), step.tasks
    for college, counts in found.opinions.items():
        for code, label in OPINIONS:
            yield (
                _("Opinions of the colleges"),
                f"{College(college).label} · {label}",
                _("Opinions"),
                counts.get(code, 0),
            )
    yield _("Contracts"), "", _("Contracts"), found.money.contracts
    yield _("Contracts"), "", _("Contracted"), found.money.contracted
    yield _("Payments"), "", _("Paid"), found.money.paid
    yield _("Payments"), "", _("Payments due"), found.money.due
    yield _("Payments"), "", _("Late payments"), found.money.late
    yield _("Reports"), "", _("Late reports"), found.late_reports


class PilotFilters(FilterForm):
    """Which figure, of which call, on which axis, before which college."""

    lookups = {"axis": "axis__code", "call": "call"}
    figure = forms.ChoiceField(label=gettext_lazy("Figure"), required=False)
    call = forms.ModelChoiceField(Call.objects.none(), label=gettext_lazy("Call"), required=False)
    axis = forms.ChoiceField(label=gettext_lazy("Axis"), required=False)
    college = forms.ChoiceField(label=gettext_lazy("College consulted"), required=False)

    def __init__(
        self, *args: Any, request: CaseRequest, call: Call | None, calls: QuerySet[Call], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = request.now
        zone = call.case.region.zone if call is not None else timezone.get_current_timezone()
        self.today = local_date(request.now, zone)
        self._choose(
            "figure", _("Every dossier received"), [(code, label) for code, (label, _q) in LISTS.items()]
        )
        if call is None:  # an axis or a college is one of a call's
            of_call = self.fields["call"]
            assert isinstance(of_call, forms.ModelChoiceField)
            of_call.queryset = in_alphabet(calls, "title")
            of_call.empty_label = _("All calls")
            del self.fields["axis"], self.fields["college"]
            return
        del self.fields["call"]
        axes = call.axes.order_by("code").values_list("code", "label")
        self._choose("axis", _("All axes"), [(code, f"{code} – {label}") for code, label in axes])
        self._choose("college", _("All"), [(c, College(c).label) for c in call.colleges])

    def _choose(self, name: str, every: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", every), *choices]

    def narrow(self, rows: Any) -> Any:
        """The figure is a condition of its own."""
        rows = super().narrow(rows)
        wanted, college = self.cleaned_data.get("figure"), self.cleaned_data.get("college")
        if wanted:
            rows = rows.filter(LISTS[wanted][1](self.now, self.today))
        return rows.filter(opinions__college=college) if college else rows


class PilotDossiers(ListPage):
    """The dossiers behind a figure."""

    name = "dossiers"
    caption = gettext_lazy("Dossiers behind the figure")
    columns = [
        Column(
            gettext_lazy("Reference"),
            "case.reference",
            sort="case__reference",
            link=lambda row: reverse("workflows:case", args=[row.case_id]),
            heading=True,
        ),
        Column(gettext_lazy("Project"), "title", sort="title"),
        Column(gettext_lazy("Organisation"), "organisation.name", sort="organisation__name"),
        Column(gettext_lazy("Axis"), "axis.code", sort="axis__code"),
        Column(gettext_lazy("Requested"), "requested_amount", kind="money", sort="requested_amount"),
        Column(
            gettext_lazy("Granted"),
            lambda row: row.awarded_amount if row.state in AWARDED_STATES else ZERO,
            kind="money",
            sort="awarded_amount",
        ),
        Column(gettext_lazy("Received"), "submitted_at", kind="day", sort="submitted_at"),
    ]
    filters = PilotFilters
    search = ["case__reference", "title", "organisation__name"]
    order = ["case__reference"]
    empty = Empty(gettext_lazy("No dossier behind this figure"), gettext_lazy("The figure is zero."))

    def __init__(self, request: CaseRequest, rows: QuerySet[Dossier], **kwargs: Any) -> None:
        super().__init__(request, rows, **kwargs)
        word = Column(
            gettext_lazy("State"), lambda row: dossier_word(row, request.actor), kind="state", sort="state"
        )
        self.columns = [*self.columns, word]  # type: ignore[misc]  # in the reader's words


@require_GET
def pilot_dossiers(request: CaseRequest, pk: UUID) -> HttpResponseBase:
    """The dossiers behind one figure of a call, for those who may open them."""
    call = _call(request, pk, "contracts.view_pilot_dossiers")
    header = Header(
        _("Dossiers behind the figure"),
        lead=call.title,
        reference=call.case.reference,
        actions=[Link(_("Back to the figures"), reverse("contracts:call_pilot", args=[pk]), "chart")],
    )
    return _list_behind(request, Call.objects.filter(pk=pk), call, header)


@require_GET
def pilot_all(request: CaseRequest) -> HttpResponseBase:
    """The dossiers behind a figure of all the calls together, for the staff and auditors of their Regions."""
    require(request.actor, "contracts.view_pilot_all")
    calls = followed_calls(request.actor)
    calls = calls.exclude(pk__in=_read_from_a_seat(request.actor, calls).values("pk"))
    header = Header(
        _("Dossiers behind the figure"),
        lead=_("All the calls"),
        actions=[Link(_("Back to the figures"), reverse("contracts:pilot"), "chart")],
    )
    return _list_behind(request, calls, None, header)


def _list_behind(
    request: CaseRequest, calls: QuerySet[Call], call: Call | None, header: Header
) -> HttpResponseBase:
    rows = received_dossiers(request.actor).filter(call__in=calls.values("pk"))
    rows = rows.select_related("case", "organisation", "axis")
    listing = PilotDossiers(request, rows, filter_kwargs={"request": request, "call": call, "calls": calls})
    if request.GET.get("export", "") in ("xlsx", "csv"):
        taken = listing.rows.exclude(organisation__in=request.actor.organisations).values_list(
            "case", flat=True
        )
        AccessLog.objects.bulk_create(
            AccessLog(case_id=case, user=request.user, at=request.now, kind=Access.EXPORT, detail="pilot")
            for case in taken
        )
    return listing.render("contracts/pilot_overview.html", {"header": header, "figures": []})
