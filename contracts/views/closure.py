"""Closure: the figures, the balance or the recovery, then the dossier closed; and the recovery's pages for both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts import actions
from contracts.forms.closure import DecisionForm, ObservationsForm, RecoveryForm
from contracts.forms.payments import RepaidForm
from contracts.models import Contract, ContractState, Recovery, RecoveryState
from contracts.money import final_grant
from contracts.queries import ZERO, closing_obstacles, figures
from contracts.views.common import Offer, fetch, head, is_beneficiary, offers, status_of, today_of
from contracts.words import recovery_word
from workflows.components import Figure, Recap
from workflows.engine import allowed
from workflows.formats import format_percent
from workflows.middleware import CaseRequest
from workflows.templatetags.ui import day, instant, money


@require_http_methods(["GET", "POST"])
def closure(request: CaseRequest, pk: UUID) -> HttpResponse:
    """How the contract is settled, what is left to do, and the closure itself."""
    row = fetch(request, Contract, pk)
    recovery = Recovery.objects.filter(contract=row).first()
    obstacles = closing_obstacles(row) if row.state == ContractState.ACTIVE else []
    sums = figures(row)
    choices = []
    if sums.to_recover and recovery is None:
        choices.append(
            Offer(
                "contracts.open_recovery",
                actions.open_recovery,
                _("The recovery is open: the beneficiary is asked for observations."),
                RecoveryForm,
                intro=_("The beneficiary receives a letter and has at least 15 days to answer it."),
            )
        )
    if not obstacles or "close_dossier-key" in request.POST:
        choices.append(
            Offer(
                "contracts.close_dossier",
                actions.close_dossier,
                _("The dossier is closed."),
                to=reverse("contracts:closure", args=[row.pk]),
                tone="danger",
            )
        )
    shown, answer = offers(request, row, *choices)
    if answer is not None:
        return answer
    closing = allowed("contracts.close_dossier", request.actor, row) and not obstacles
    context = {
        "contract": row,
        "header": head(_("Closure"), row, request.actor),
        "figures": _figures(row, recovery),
        "settled": row.settled_amount is not None,
        "steps": _settlement(row),
        "obstacles": obstacles,
        "recovery": recovery,
        "recovery_word": recovery_word(recovery) if recovery else None,
        "recap": _recap(row, recovery) if closing else None,
        "offers": shown,
        "closed": row.state == ContractState.CLOSED,
    }
    return render(request, "contracts/closure.html", context, status=status_of(request))


def _figures(row: Contract, recovery: Recovery | None) -> list[Figure]:
    sums = figures(row)
    shown = [Figure(_("Contracted"), money(sums.amount)), Figure(_("Paid"), money(sums.paid))]
    if sums.settled_amount is not None:
        shown.append(Figure(_("Subsidy finally due"), money(sums.settled_amount)))
        if recovery is not None and recovery.state in (RecoveryState.RECOVERED, RecoveryState.DROPPED):
            shown.append(Figure(_("Given back"), money(recovery.decided_amount or ZERO)))
        elif sums.to_recover:
            asked = recovery.decided_amount if recovery is not None else None
            shown.append(Figure(_("To be recovered"), money(asked or sums.to_recover)))
        else:
            shown.append(Figure(_("Balance left to pay"), money(sums.balance)))
    return shown


def _settlement(row: Contract) -> list[tuple[Any, Any]]:
    """The computation, step by step."""
    if row.settled_amount is None or row.settled_cost is None:
        return []
    return [
        (_("Eligible cost planned"), money(row.eligible_cost)),
        (_("Eligible cost accepted"), money(row.settled_cost)),
        (_("Rate of the contract"), format_percent(row.rate / 100, decimals=4)),
        (_("Rate applied to the cost accepted"), money(_applied(row))),
        (_("At most"), money(row.amount)),
        (_("Subsidy finally due"), money(row.settled_amount)),
        (_("Already paid"), money(row.paid)),
    ]


def _applied(row: Contract) -> Any:
    assert row.settled_cost is not None
    # Without the cap: what the rate alone would give.
    return final_grant(row.settled_cost, row.rate, row.settled_cost)


def _recap(row: Contract, recovery: Recovery | None) -> Recap:
    recorded = [
        (_("Contract"), row.number),
        (_("Subsidy finally due"), money(row.settled_amount)),
        (_("Paid"), money(row.paid)),
    ]
    if recovery is not None and recovery.decided_amount is not None:
        recorded.append((_("Given back"), money(recovery.decided_amount)))
    return Recap(
        recorded,
        [
            _("The dossier becomes read-only, for everybody, and nothing is awaited any more."),
            _("A certificate of closure is produced and the beneficiary is told."),
        ],
        irreversible=True,
    )


@require_http_methods(["GET", "POST"])
def recovery(request: CaseRequest, pk: UUID) -> HttpResponse:
    """A recovery, for the beneficiary who is heard and for the Region that decides."""
    row = fetch(request, Recovery, pk)
    here = reverse("contracts:recovery", args=[row.pk])
    today = today_of(request, row)
    waiting = row.state == "hearing" and row.observed_at is None and today <= row.heard_before
    choices = [
        Offer(
            "contracts.send_observations",
            actions.send_observations,
            _("Your observations are received. The Region takes them into account before it decides."),
            ObservationsForm,
            to=here,
            intro=_(
                "You may be assisted by counsel or represented (CRPA L121-1, L122-1). You can send them once."
            ),
        ),
        Offer(
            "contracts.record_recovery",
            actions.record_recovery,
            _("The money given back is recorded."),
            RepaidForm,
        ),
    ]
    if not waiting or "decide_recovery-key" in request.POST:
        choices.append(
            Offer(
                "contracts.decide_recovery",
                actions.decide_recovery,
                _("The decision is recorded, and the beneficiary is told."),
                DecisionForm,
                intro=_(
                    "A reasoned decision, by somebody other than who opened the recovery. It can be challenged."
                ),
                values={"most": row.amount},
            )
        )
    if row.observed_at is not None:
        choices = [c for c in choices if c.name != "contracts.send_observations"]
    shown, answer = offers(request, row, *choices)
    if answer is not None:
        return answer
    context = {
        "recovery": row,
        "contract": row.contract,
        "header": head(_("Recovery"), row, request.actor, badges=[recovery_word(row)]),
        "facts": _facts(row),
        "waiting": waiting,
        "own": is_beneficiary(request, row),
        "offers": shown,
        "zone": row.case.region.time_zone,
        "today": today,
    }
    return render(request, "contracts/recovery.html", context, status=status_of(request))


def _facts(row: Recovery) -> list[tuple[Any, Any]]:
    zone = row.case.region.time_zone
    facts: list[tuple[Any, Any]] = [
        (_("Paid"), money(row.contract.paid)),
        (_("Subsidy finally due"), money(row.contract.settled_amount)),
        (_("Amount notified"), money(row.amount)),
        (_("Observations before"), day(row.heard_before)),
    ]
    if row.observed_at:
        facts.append((_("Observations received"), instant(row.observed_at, zone)))
    if row.decided_at:
        facts.append((_("Decided"), instant(row.decided_at, zone)))
    if row.decided_amount is not None:
        facts.append((_("Amount to give back"), money(row.decided_amount)))
    if row.pay_before is not None:
        facts.append((_("To be given back before"), day(row.pay_before)))
    if row.recovered_on is not None:
        facts.append((_("Given back on"), day(row.recovered_on)))
    return facts
