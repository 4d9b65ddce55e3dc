"""The contract: its list, its preparation with a preview, its page, and what a beneficiary has ahead of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.rules import may
from calls.models import Dossier, DossierState
from contracts import actions
from contracts.calendar import report_calendar
from contracts.documents import CONDITIONS, INSTALMENT_LABELS, report_label
from contracts.forms.contracts import ContractForm, ReasonsForm
from contracts.models import Contract, ContractState
from contracts.money import rate_of, schedule
from contracts.queries import (
    active_contracts,
    ahead,
    blocks,
    contracts_visible_to,
    figures,
    frozen_text,
    instalments_visible_to,
    is_late,
    obstacles,
    report_name,
    reports_visible_to,
    reservations,
    standing_signatures,
    unlifted,
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
from contracts.words import contract_word, instalment_word, report_word
from reviews.models import Reservation
from workflows.components import Empty, Figure, Header, Link
from workflows.dates import local_date
from workflows.engine import allowed
from workflows.formats import format_percent
from workflows.listing import Column, Filter, ListPage
from workflows.middleware import CaseRequest
from workflows.pdf import PdfError, render_pdf
from workflows.queries import get_visible, require
from workflows.templatetags.ui import day, instant, money


class ContractList(ListPage):
    """The contracts of the reader's Regions."""

    name = "contracts"
    caption = gettext_lazy("Contracts")
    columns = [
        Column(
            gettext_lazy("Number"),
            "number",
            sort="number",
            link=lambda row: reverse("contracts:contract", args=[row.pk]),
            heading=True,
        ),
        Column(gettext_lazy("Dossier"), "case.reference", sort="case__reference"),
        Column(gettext_lazy("Beneficiary"), "dossier.organisation.name", sort="dossier__organisation__name"),
        Column(gettext_lazy("Project"), "dossier.title"),
        Column(gettext_lazy("Amount"), "amount", kind="money", sort="amount"),
        Column(gettext_lazy("Paid"), "paid", kind="money", sort="paid"),
        Column(gettext_lazy("Ends on"), "ends_on", kind="day", sort="ends_on"),
        Column(gettext_lazy("Signed on"), "signed_on", kind="day", sort="signed_on", on_screen=False),
        Column(gettext_lazy("Open data due"), "open_data_due_on", kind="day", on_screen=False),
        Column(gettext_lazy("State"), contract_word, kind="state", sort="state"),
    ]
    tabs = [
        Filter("all", pgettext_lazy("contracts", "All")),
        Filter("draft", gettext_lazy("In preparation"), Q(state=ContractState.DRAFT)),
        Filter(
            "to_sign",
            gettext_lazy("To be signed"),
            Q(state__in=[ContractState.TO_SIGN_BENEFICIARY, ContractState.TO_SIGN_REGION]),
        ),
        Filter("active", gettext_lazy("In force"), Q(state=ContractState.ACTIVE)),
        Filter("closed", pgettext_lazy("a contract", "Closed"), Q(state=ContractState.CLOSED)),
    ]
    search = ["number", "case__reference", "dossier__organisation__name", "dossier__title"]
    order = ["-prepared_at"]
    empty = Empty(
        gettext_lazy("No contract yet"),
        gettext_lazy("A contract is prepared from the inbox, once a dossier is awarded."),
    )


@require_GET
def contracts(request: CaseRequest) -> HttpResponseBase:
    """The contracts, for the Region's staff and auditors; a beneficiary has their own page."""
    if not may(request.actor, "contracts.view_worklists") and request.actor.memberships:
        return redirect("contracts:mine")
    require(request.actor, "contracts.view_worklists")
    listing = ContractList(request, contracts_visible_to(request.actor))
    return listing.render(
        "contracts/worklist.html",
        {
            "header": Header(_("Contracts")),
            "tabs": worklist_tabs(request.actor, "contracts:contracts"),
        },
    )


@require_GET
def mine(request: CaseRequest) -> HttpResponse:
    """« Mes projets conventionnés »: for each contract, the next report and the next payment, and what blocks it."""
    rows = list(active_contracts(request.actor))
    today = local_date(request.now, rows[0].case.region.zone) if rows else None
    cards = []
    for row in rows:
        assert today is not None
        coming = ahead(row, today)
        cards.append(
            {
                "contract": row,
                "word": contract_word(row, request.actor),
                "figures": figures(row),
                "report": coming.report,
                "report_name": report_name(coming.report) if coming.report else "",
                "report_word": report_word(coming.report, request.actor, today=today)
                if coming.report
                else None,
                "instalment": coming.instalment,
                "instalment_word": instalment_word(
                    coming.instalment, request.actor, blocked=is_late(coming.blocks)
                )
                if coming.instalment
                else None,
                "blocks": coming.blocks,
                "to_sign": row.state == ContractState.TO_SIGN_BENEFICIARY,
            }
        )
    context = {
        "header": Header(
            _("My projects"), lead=_("What comes next for each project that is under contract.")
        ),
        "cards": cards,
        "today": today,
        "empty": Empty(
            _("No project under contract yet"),
            _("A project appears here when the Region sends its contract to you for signature."),
            Link(_("My dossiers"), reverse("workflows:home"), "folder"),
            "pen",
        ),
    }
    return render(request, "contracts/mine.html", context)


@require_http_methods(["GET", "POST"])
def prepare(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Prepare the contract of an awarded dossier, or correct it as long as it is not sent; see it before."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "contracts.prepare_contract")
    contract = Contract.objects.select_related(*Contract.related).filter(dossier=dossier).first()
    if contract is not None and contract.state != ContractState.DRAFT:
        return redirect("contracts:contract", contract.pk)
    form = _form(request, dossier, contract)
    if request.method == "POST":
        done = (
            form.perform(actions.revise_contract, contract, by=request.actor, now=request.now)
            if contract
            else form.perform(actions.prepare_contract, dossier, by=request.actor, now=request.now)
        )
        if done:
            return redirect("contracts:contract", done.pk)
    return render(
        request,
        "contracts/prepare.html",
        {"form": form, **_prepared(request, dossier, contract)},
        status=status_of(request),
    )


def _form(request: CaseRequest, dossier: Dossier, contract: Contract | None) -> ContractForm:
    clauses = contract.clauses if contract else []
    initial = {
        "starts_on": contract.starts_on if contract else dossier.starts_on,
        "ends_on": contract.ends_on if contract else dossier.ends_on,
    }
    return ContractForm(
        request.POST or None,
        clauses=clauses,
        case=dossier.case,
        initial=initial,
        verb_name="contracts.revise_contract" if contract else "contracts.prepare_contract",
        cancel_url=reverse("workflows:case", args=[dossier.case_id]),
    )


def _prepared(request: CaseRequest, dossier: Dossier, contract: Contract | None) -> dict[str, Any]:
    """What the contract will say, beside the form: money, reports, reservations, and what stands in its way."""
    today = today_of(request, dossier)
    amount = dossier.awarded_amount or Decimal(0)
    call = dossier.call
    parts = schedule(amount, call.advance_rate, call.interim_rate) if amount else []
    reports = (
        report_calendar(dossier.starts_on, dossier.ends_on, call.reporting)
        if dossier.starts_on and dossier.ends_on
        else []
    )
    rate = rate_of(amount, dossier.eligible_cost) if amount and dossier.eligible_cost else None
    return {
        "dossier": dossier,
        "contract": contract,
        "header": Header(
            _("Correct the contract") if contract else _("Prepare the contract"),
            lead=dossier.title,
            reference=contract.number if contract else dossier.case.reference,
            facts=[dossier.organisation.name],
            actions=[
                Link(_("The whole dossier"), reverse("workflows:case", args=[dossier.case_id]), "folder")
            ],
        ),
        "facts": [
            (_("Subsidy awarded"), money(dossier.awarded_amount)),
            (_("Eligible cost planned"), money(dossier.eligible_cost)),
            (_("Rate"), format_percent(rate / 100, decimals=4) if rate is not None else "—"),
        ],
        "instalments": [(INSTALMENT_LABELS[p.kind], CONDITIONS[p.kind], p.share, p.amount) for p in parts],
        "reports": [(report_label(r.kind, r.number), r.due_on) for r in reports],
        "reservations": _reservations(request, dossier),
        "obstacles": obstacles(dossier, today) if dossier.state == DossierState.AWARDED else [],
    }


def _reservations(request: CaseRequest, dossier: Dossier) -> list[Reservation]:
    """The colleges' reservations, each with whether the reader may lift it."""
    found = list(reservations(dossier))
    for row in found:
        row.case = dossier.case
        row.may_lift = row.lifted_at is None and allowed(  # type: ignore[attr-defined]
            "contracts.lift_reservation", request.actor, row
        )
    return found


@require_POST
def preview(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The text as it would be, marked as a draft; nothing is recorded. What is wrong with the form is told instead."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "contracts.prepare_contract")
    contract = Contract.objects.select_related(*Contract.related).filter(dossier=dossier).first()
    form = _form(request, dossier, contract)
    found = obstacles(dossier, today_of(request, dossier))
    if form.is_valid() and not found:
        values = form.values
        if values["ends_on"] >= values["starts_on"]:
            shown = contract or Contract(
                case=dossier.case,
                dossier=dossier,
                number="CONV-…",
                amount=dossier.awarded_amount or Decimal(0),
                eligible_cost=dossier.eligible_cost,
                rate=rate_of(dossier.awarded_amount or Decimal(0), dossier.eligible_cost),
            )
            shown.starts_on, shown.ends_on = values["starts_on"], values["ends_on"]
            shown.clauses = [c for c in values["clauses"] if c["title"] and c["text"]]
            try:
                data = render_pdf(
                    "contract",
                    {**frozen_text(shown, request.now), "draft": True},
                    produced_at=request.now,
                )
            except PdfError as error:
                form.add_error(None, str(error))
            else:
                response = HttpResponse(data, content_type="application/pdf")
                name = f"apercu-convention-{dossier.case.reference}.pdf"
                response["Content-Disposition"] = f'attachment; filename="{name}"'
                response["Cache-Control"] = "private, no-store"
                return response
        else:
            form.add_error("ends_on", _("The contract ends before it starts."))
    for reason in found:
        form.add_error(None, str(reason.message))
    context = {"form": form, **_prepared(request, dossier, contract)}
    return render(request, "contracts/prepare.html", context, status=422)


@require_http_methods(["GET", "POST"])
def contract(request: CaseRequest, pk: UUID) -> HttpResponse:
    """One contract: where it stands, its text, who signed, its money and its reports; and the verbs of its preparation."""
    row = fetch(request, Contract, pk)
    here = reverse("contracts:contract", args=[row.pk])
    shown, answer = offers(
        request,
        row,
        Offer(
            "contracts.send_for_signature",
            actions.send_for_signature,
            _("The contract is sent to the beneficiary for signature."),
            to=here,
            intro=_("The beneficiary reads it and signs first, then the Region. Its text no longer changes."),
        ),
        Offer(
            "contracts.recall_contract",
            actions.recall_contract,
            _("The contract is taken back: correct it, then send it again."),
            ReasonsForm,
            to=here,
            intro=_("A signature already made no longer counts. The beneficiary is told why."),
            tone="danger",
        ),
    )
    if answer is not None:
        return answer
    return render(
        request,
        "contracts/contract.html",
        {"offers": shown, **_page(request, row)},
        status=status_of(request),
    )


def _page(request: CaseRequest, row: Contract) -> dict[str, Any]:
    actor, today = request.actor, today_of(request, row)
    sums = figures(row)
    instalments = list(instalments_visible_to(actor).filter(contract=row).order_by("number"))
    reports = list(reports_visible_to(actor).filter(contract=row).order_by("number"))
    inside = not is_beneficiary(request, row)
    links = []
    if allowed("contracts.revise_contract", actor, row):
        links.append(
            Link(_("Correct the contract"), reverse("contracts:prepare", args=[row.dossier_id]), "pen")
        )
    for name in ("contracts.sign_as_beneficiary", "contracts.sign_as_region"):
        if allowed(name, actor, row):
            links.append(
                Link(_("Read and sign"), reverse("contracts:sign", args=[row.pk]), "pen", primary=True)
            )
    if row.state in (ContractState.ACTIVE, ContractState.CLOSED):
        links.append(Link(_("Payments"), reverse("contracts:payments", args=[row.pk]), "euro"))
        links.append(Link(_("Closure"), reverse("contracts:closure", args=[row.pk]), "lock"))
    return {
        "contract": row,
        "header": head(
            _("Contract %(number)s") % {"number": row.number},
            row,
            actor,
            facts=[f"{day(row.starts_on)} – {day(row.ends_on)}"],
            actions=links,
            own=True,
        ),
        "figures": [
            Figure(_("Contracted"), money(sums.amount)),
            Figure(_("Paid"), money(sums.paid)),
            Figure(
                _("Rate"),
                format_percent(row.rate / 100, decimals=4),
                _("of %(cost)s of eligible expenditure") % {"cost": money(row.eligible_cost)},
            ),
        ],
        "dates": _dates(row, inside=inside),
        "zone": row.case.region.time_zone,
        "signatures": standing_signatures(row),
        "reservations": _reservations(request, row.dossier) if inside else [],
        "standing": unlifted(row.dossier) if inside and row.state == ContractState.DRAFT else [],
        "instalments": [
            (i, instalment_word(i, actor, blocked=is_late(found := blocks(i, today))), found)
            for i in instalments
        ],
        "reports": [(r, report_name(r), report_word(r, actor, today=today)) for r in reports],
        "today": today,
    }


def _dates(row: Contract, *, inside: bool) -> list[tuple[Any, Any]]:
    """What happened when; the Region's own dates are for the Region."""
    zone = row.case.region.time_zone
    dates: list[tuple[Any, Any]] = []
    if inside:
        dates.append((_("Prepared by"), row.prepared_by.get_full_name()))
    if row.sent_at:
        dates.append((_("Sent for signature"), instant(row.sent_at, zone)))
    if row.notified_at:
        dates.append((_("Signed by both and notified"), instant(row.notified_at, zone)))
    if row.open_data_due_on and inside:
        dates.append((_("Data to be published before"), day(row.open_data_due_on)))
    if row.closed_on:
        dates.append((_("Closed on"), day(row.closed_on)))
    return dates


@require_http_methods(["GET", "POST"])
def lift(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Lift a suspensive reservation, with its reasons."""
    row: Reservation = get_visible(request.actor, Reservation, pk, "contracts.lift_reservation")
    contract = Contract.objects.filter(dossier=row.opinion.dossier_id).first()
    back = (
        reverse("contracts:contract", args=[contract.pk])
        if contract
        else reverse("contracts:prepare", args=[row.opinion.dossier_id])
    )
    shown, answer = offers(
        request,
        row,
        Offer(
            "contracts.lift_reservation",
            actions.lift_reservation,
            _("The reservation is lifted."),
            ReasonsForm,
            to=back,
        ),
    )
    if answer is not None:
        return answer
    context = {
        "reservation": row,
        "offers": shown,
        "header": Header(
            _("Lift a suspensive reservation"),
            lead=row.opinion.dossier.title,
            reference=row.case.reference,
            actions=[Link(_("Back"), back, "arrow-left")],
        ),
    }
    return render(request, "contracts/lift.html", context, status=status_of(request))


__all__ = ["contract", "contracts", "lift", "mine", "prepare", "preview"]
