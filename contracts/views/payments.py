"""Payments: what is due on a contract and what blocks it, one instalment, and the worklist of those who pay."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.rules import may
from contracts import actions
from contracts.forms.contracts import ReasonsForm
from contracts.forms.payments import ClaimForm, PayForm, ProposeForm
from contracts.models import Contract, Instalment, InstalmentKind, InstalmentState, Report, ReportState
from contracts.queries import (
    account_in_use,
    account_proposed,
    ahead,
    blocks,
    figures,
    instalments_visible_to,
    is_late,
    payable,
)
from contracts.rules import has_certified, has_proposed
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
from contracts.words import instalment_word, is_inside
from workflows.components import Empty, Figure, Header, Step, StepState
from workflows.dates import PARIS, local_date
from workflows.engine import Reason
from workflows.listing import Column, Filter, ListPage
from workflows.middleware import CaseRequest
from workflows.queries import require
from workflows.templatetags.ui import due, money, short_day

UNPAID = Q(state=InstalmentState.CLAIMED) | Q(state=InstalmentState.PLANNED, kind=InstalmentKind.ADVANCE)
UNDER_WAY = UNPAID | Q(state__in=[InstalmentState.PROPOSED, InstalmentState.CERTIFIED])


class PaymentList(ListPage):
    """What is to be paid, what is blocked, and at whose hands each payment is."""

    name = "payments"
    caption = gettext_lazy("Payments")
    tabs = [
        Filter("propose", gettext_lazy("To propose"), UNPAID & Q(late=False)),
        Filter("certify", gettext_lazy("To certify"), Q(state=InstalmentState.PROPOSED, late=False)),
        Filter("pay", gettext_lazy("To pay"), Q(state=InstalmentState.CERTIFIED, late=False)),
        Filter("blocked", gettext_lazy("Blocked"), UNDER_WAY & Q(late=True)),
        Filter("waiting", gettext_lazy("Not claimed yet"), Q(state=InstalmentState.PLANNED) & ~UNPAID),
        Filter("paid", gettext_lazy("Paid"), Q(state=InstalmentState.PAID)),
        Filter("all", gettext_lazy("All")),
    ]
    search = [
        "contract__number",
        "case__reference",
        "contract__dossier__organisation__name",
        "payment_reference",
    ]
    order = ["due_on", "contract__number", "number"]
    empty = Empty(
        gettext_lazy("No payment here"),
        gettext_lazy("Payments appear once a contract is signed by both parties."),
        icon="euro",
    )

    def __init__(self, request: CaseRequest) -> None:
        today = local_date(request.now, PARIS)
        overdue = Report.objects.filter(
            contract=OuterRef("contract"),
            state__in=[ReportState.EXPECTED, ReportState.RETURNED],
            due_on__lt=today,
        )
        super().__init__(request, instalments_visible_to(request.actor).annotate(late=Exists(overdue)))
        self.columns = [  # type: ignore[misc]  # what blocks a payment depends on the day
            Column(
                gettext_lazy("Instalment"),
                lambda row: f"{row.get_kind_display()} · {row.contract.number}",
                sort=["contract__number", "number"],
                link=lambda row: reverse("contracts:instalment", args=[row.pk]),
                heading=True,
            ),
            Column(
                gettext_lazy("Beneficiary"),
                "contract.dossier.organisation.name",
                sort="contract__dossier__organisation__name",
            ),
            Column(gettext_lazy("Amount"), _amount, kind="money", sort="planned_amount"),
            Column(
                gettext_lazy("To be paid before"),
                lambda row: _due(row, today),
                sort="due_on",
                export=lambda row: row.due_on,
            ),
            Column(gettext_lazy("What blocks it"), lambda row: _why(row, today)),
            Column(gettext_lazy("Paid on"), "paid_on", kind="day", sort="paid_on", on_screen=False),
            Column(gettext_lazy("Payment order"), "payment_reference", on_screen=False),
            Column(
                gettext_lazy("State"),
                lambda row: instalment_word(row, request.actor, blocked=row.late and _is_under_way(row)),
                kind="state",
                sort="state",
            ),
        ]


def _is_under_way(row: Instalment) -> bool:
    if row.state == InstalmentState.PLANNED:
        return row.kind == InstalmentKind.ADVANCE
    return row.state not in (InstalmentState.PAID, InstalmentState.CANCELLED)


def _amount(row: Instalment) -> Any:
    return row.amount if row.amount is not None else payable(row)


def _due(row: Instalment, today: date) -> Any:
    if row.due_on is None:
        return None
    settled = row.state in (InstalmentState.PAID, InstalmentState.CANCELLED)
    return short_day(row.due_on) if settled else due({"today": today}, row.due_on)  # type: ignore[arg-type]


def _why(row: Instalment, today: date) -> str:
    if row.state in (InstalmentState.PAID, InstalmentState.CANCELLED):
        return ""
    return " ".join(str(reason.message) for reason in blocks(row, today))


@require_GET
def worklist(request: CaseRequest) -> HttpResponseBase:
    """The payments of the reader's Regions, by what is to be done about them."""
    require(request.actor, "contracts.view_worklists")
    return PaymentList(request).render(
        "contracts/worklist.html",
        {"header": Header(_("Payments")), "tabs": worklist_tabs(request.actor, "contracts:worklist")},
    )


@require_GET
def payments(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The payments of one contract: what is due, what blocks it and why, what was paid."""
    row = fetch(request, Contract, pk)
    actor, today = request.actor, today_of(request, row)
    sums = figures(row)
    lines = [
        (i, instalment_word(i, actor, blocked=is_late(found)), found)
        for i in instalments_visible_to(actor).filter(contract=row).order_by("number")
        for found in [blocks(i, today) if i.state not in ("paid", "cancelled") else []]
    ]
    context = {
        "contract": row,
        "header": head(_("Payments"), row, actor),
        "figures": [
            Figure(_("Contracted"), money(sums.amount)),
            Figure(_("Paid"), money(sums.paid)),
            Figure(_("Being processed"), money(sums.in_progress)),
            Figure(_("Left at most"), money(sums.left)),
        ],
        "lines": lines,
        "ahead": ahead(row, today) if is_beneficiary(request, row) else None,
        "today": today,
    }
    return render(request, "contracts/payments.html", context)


@require_http_methods(["GET", "POST"])
def instalment(request: CaseRequest, pk: UUID) -> HttpResponse:
    """One instalment: where it stands, what blocks it, and the verb that the reader may do about it."""
    row = fetch(request, Instalment, pk)
    actor, today = request.actor, today_of(request, row)
    found = blocks(row, today) if row.state not in ("paid", "cancelled") else []
    if row.state == InstalmentState.CERTIFIED and account_proposed(row.contract.dossier) is not None:
        found.append(Reason(_("A change of bank account is being checked: nothing is paid until then.")))
    shown, answer = offers(request, row, *_offers(request, row))
    if answer is not None:
        return answer
    inside = is_inside(actor, row)
    context = {
        "instalment": row,
        "header": head(
            _("%(kind)s of contract %(number)s")
            % {"kind": row.get_kind_display(), "number": row.contract.number},
            row,
            actor,
            badges=[instalment_word(row, actor, blocked=is_late(found))],
        ),
        "facts": [*_facts(row), *_account(request, row)],
        "blocks": found,
        "late": is_late(found),
        "offers": [] if found else shown,
        "steps": _steps(row) if inside else [],
        "who": _who(request, row),
        "today": today,
    }
    return render(request, "contracts/instalment.html", context, status=status_of(request))


def _offers(request: CaseRequest, row: Instalment) -> list[Offer]:
    back = reverse("contracts:instalment", args=[row.pk])
    most = payable(row)
    offered = [
        Offer(
            "contracts.claim_instalment",
            actions.claim_instalment,
            _("The payment is claimed. The Region has 60 days to pay it."),
            ClaimForm,
            to=back,
            intro=_("You claim %(amount)s. The Region checks the claim, certifies the service and pays.")
            % {"amount": money(most)},
        ),
        Offer(
            "contracts.propose_payment",
            actions.propose_payment,
            _("The payment is proposed; somebody else certifies the service."),
            ProposeForm,
            intro=_("At most %(amount)s. You will not be able to certify nor pay it yourself.")
            % {"amount": money(most)},
            values={"most": most},
        ),
        Offer(
            "contracts.certify_service",
            actions.certify_service,
            _("The service is certified; the payments officer can pay."),
            intro=_(
                "You certify that the service is done and that %(amount)s may be paid. A certificate is produced."
            )
            % {"amount": money(row.amount)},
        ),
        Offer(
            "contracts.record_payment",
            actions.record_payment,
            _("The payment is recorded, and the beneficiary is told."),
            PayForm,
            intro=_("%(amount)s leave for %(beneficiary)s. This cannot be undone.")
            % {"amount": money(row.amount), "beneficiary": row.contract.dossier.organisation.name},
        ),
        Offer(
            "contracts.reject_claim",
            actions.reject_claim,
            _("The claim is sent back to the beneficiary."),
            ReasonsForm,
            tone="secondary",
            intro=_("The beneficiary reads the reasons and may claim again."),
        ),
        Offer(
            "contracts.send_back_payment",
            actions.send_back_payment,
            _("The proposal is sent back."),
            ReasonsForm,
            tone="secondary",
            intro=_("It goes back to the case officers, who propose it anew."),
        ),
    ]
    if row.state == InstalmentState.PLANNED:
        # Nobody is offered what the kind of instalment refuses: an advance has no claim, others begin with one.
        refused = (
            "contracts.claim_instalment"
            if row.kind == InstalmentKind.ADVANCE
            else "contracts.propose_payment"
        )
        offered = [offer for offer in offered if offer.name != refused]
    if row.kind == InstalmentKind.ADVANCE:
        offered = [offer for offer in offered if offer.name != "contracts.reject_claim"]
    return offered


def _facts(row: Instalment) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [
        (_("Planned"), money(row.planned_amount)),
        (_("To pay"), money(_amount(row))),
    ]
    if row.due_on:
        facts.append((_("To be paid before"), short_day(row.due_on)))
    if row.claimed_at and row.claimed_by:
        facts.append((_("Claimed by"), f"{row.claimed_by.get_full_name()}, {short_day(row.claimed_at)}"))
    if row.claim_comment:
        facts.append((_("Comment of the claim"), row.claim_comment))
    if row.return_reasons:
        facts.append((_("Sent back because"), row.return_reasons))
    if row.paid_on:
        facts.append((_("Paid on"), short_day(row.paid_on)))
        facts.append((_("Payment order"), row.payment_reference))
    return facts


def _account(request: CaseRequest, row: Instalment) -> list[tuple[Any, Any]]:
    """Where the money goes, or went; the whole number for those who pay."""
    account = row.account or account_in_use(row.contract.dossier)
    if account is None or row.state == InstalmentState.CANCELLED:
        return []
    whole = may(request.actor, "contracts.view_iban", row)
    return [
        (
            _("Paid to") if row.account else _("To be paid to"),
            f"{account.holder}, {account.spelled if whole else account.masked}",
        )
    ]


def _steps(row: Instalment) -> list[Step]:
    """Who did what: three different people."""
    people = (
        (_("Proposed"), row.proposed_by, row.proposed_at),
        (_("Service certified"), row.certified_by, row.certified_at),
        (_("Paid"), row.paid_by, row.paid_on),
    )
    steps = []
    current = row.state not in (InstalmentState.PAID, InstalmentState.CANCELLED)
    for label, person, when in people:
        state: StepState = "done" if person else "current" if current else "todo"
        current = current and bool(person)
        note = f"{person.get_full_name()}, {short_day(when)}" if person and when else ""
        steps.append(Step(label, state, note))
    return steps


def _who(request: CaseRequest, row: Instalment) -> str:
    """Why the reader is not offered the next verb, when it is because of what they did before (P33)."""
    actor = request.actor
    if row.state == InstalmentState.PROPOSED and has_proposed(actor, row):
        return _("You proposed this payment: somebody else certifies the service.")
    if row.state == InstalmentState.CERTIFIED and (has_proposed(actor, row) or has_certified(actor, row)):
        return _("You took part in this payment: the payments officer, who is somebody else, records it.")
    return ""


__all__ = ["instalment", "payments", "worklist"]
