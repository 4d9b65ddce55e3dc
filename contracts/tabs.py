"""What the case page of a dossier tells of its contract, its money and its reports."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.rules import may
from calls.models import Dossier
from calls.queries.budget import euros
from contracts.models import BankAccount, Contract
from contracts.queries import (
    blocks,
    contracts_visible_to,
    figures,
    instalments_visible_to,
    is_late,
    report_name,
    reports_visible_to,
    standing_signatures,
)
from contracts.words import contract_word, instalment_word, report_word
from workflows.case_page import Shown, tab
from workflows.components import Figure
from workflows.dates import local_date
from workflows.middleware import CaseRequest
from workflows.models import Case, CaseKind, WorkItem, WorkItemState
from workflows.templatetags.ui import state_badge


def _contract(actor: Actor, case: Case) -> Contract | None:
    return contracts_visible_to(actor).filter(dossier__case=case).select_related("version").first()


def _has_contract(actor: Actor, case: Case) -> bool:
    return contracts_visible_to(actor).filter(dossier__case=case).exists()


def _has_bank(actor: Actor, case: Case) -> bool:
    return may(actor, "contracts.view_bank_account", case) and (
        BankAccount.objects.filter(case=case).exists()
        or (
            actor.may_edit(case.organisation_id)
            and case.closed_at is None
            and WorkItem.objects.filter(
                case=case, state=WorkItemState.OPEN, verbs__contains=["contracts.give_bank_account"]
            ).exists()
        )
    )


@tab(CaseKind.DOSSIER, "bank", gettext_lazy("Bank details"), order=48, when=_has_bank)
def bank(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """Where the subsidy is paid to: the page of the bank details."""
    return redirect("contracts:bank", Dossier.objects.values_list("pk", flat=True).get(case=case))


@tab(CaseKind.DOSSIER, "contract", gettext_lazy("Contract"), order=50, when=_has_contract)
def contract(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The contract: its state, its dates, its text and who signed it."""
    found = _contract(actor, case)
    if found is None:
        return None
    return "contracts/tabs/contract.html", {
        "contract": found,
        "facts": [
            (_("Number"), found.number),
            (_("State"), state_badge(contract_word(found, actor))),
            (_("Amount"), euros(found.amount)),
        ],
        "signatures": standing_signatures(found),
    }


@tab(CaseKind.DOSSIER, "money", gettext_lazy("Payments"), order=52, when=_has_contract)
def money(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """What was contracted, paid and is still due, and what blocks each instalment."""
    found = _contract(actor, case)
    if found is None:
        return None
    today = local_date(request.now, case.region.zone)
    sums = figures(found)
    lines = []
    for line in instalments_visible_to(actor).filter(contract=found).order_by("number"):
        reasons = [] if line.state in ("paid", "cancelled") else blocks(line, today)
        lines.append((line, instalment_word(line, actor, blocked=is_late(reasons)), reasons))
    return "contracts/tabs/money.html", {
        "figures": [
            Figure(_("Contracted"), euros(sums.amount)),
            Figure(_("Paid"), euros(sums.paid)),
            Figure(_("Left"), euros(sums.left)),
        ],
        "contract": found,
        "instalments": lines,
    }


@tab(CaseKind.DOSSIER, "reports", gettext_lazy("Reports"), order=54, when=_has_contract)
def reports(actor: Actor, case: Case, request: CaseRequest) -> Shown:
    """The reports by their due dates."""
    today = local_date(request.now, case.region.zone)
    rows = reports_visible_to(actor).filter(contract__dossier__case=case).order_by("number")
    return "contracts/tabs/reports.html", {
        "reports": [(row, report_name(row), report_word(row, actor, today=today)) for row in rows]
    }
