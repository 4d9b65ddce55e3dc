"""The bank details of a beneficiary: where the subsidy is paid to, and the check of a change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules import may
from calls.models import Dossier
from calls.queries import expected_pieces
from contracts import actions
from contracts.forms.bank import BankForm, CheckedForm
from contracts.forms.contracts import ReasonsForm
from contracts.models import BankAccount, BankAccountState
from contracts.queries import account_in_use, account_proposed, contracts_visible_to
from contracts.views.common import Offer, fetch, offers, status_of
from contracts.words import account_word
from workflows.access import note_access
from workflows.components import Header, Link
from workflows.middleware import CaseRequest
from workflows.models import Access
from workflows.queries import get_visible
from workflows.templatetags.ui import short_day, state_badge

#: The piece that the account is compared with.
BANK_PIECE = "RIB"


@require_http_methods(["GET", "POST"])
def bank(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Where the subsidy of a dossier is paid to; its owner gives it, or asks for a change once a contract names one."""
    dossier = get_visible(request.actor, Dossier, pk, "contracts.view_bank_account")
    note_access(request.actor, dossier.case, Access.VIEW, now=request.now)
    here = reverse("contracts:bank", args=[pk])
    used = account_in_use(dossier)
    named = contracts_visible_to(request.actor).filter(dossier=dossier).exclude(state="cancelled").exists()
    give = Offer(
        "contracts.give_bank_account",
        actions.give_bank_account,
        _("The bank details are saved."),
        BankForm,
        to=here,
        intro=_(
            "The contract names this account. The Region checks a change with you before it pays anything to it."
        )
        if named
        else _(
            "The contract will name this account. Only you, the payments officer and auditors see the whole number."
        ),
    )
    shown, answer = offers(request, dossier, *([give] if account_proposed(dossier) is None else []))
    if answer is not None:
        return answer
    context = {
        "dossier": dossier,
        "header": _head(_("Bank details"), dossier),
        "used": used,
        "accounts": [
            (account, state_badge(account_word(account)), _facts(request, account))
            for account in dossier.bank_accounts.select_related("given_by", "checked_by", "case__region")
        ],
        "offers": shown,
        "named": named,
        "masked": not may(request.actor, "contracts.view_iban", dossier),
    }
    return render(request, "contracts/bank.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
def bank_check(request: CaseRequest, pk: UUID) -> HttpResponse:
    """A change of account: what it was, what it would be, and the check by the payments officer."""
    account = fetch(request, BankAccount, pk, "contracts.view_bank_account")
    used = account_in_use(account.dossier)
    back = reverse("contracts:bank", args=[account.dossier_id])
    shown, answer = offers(
        request,
        account,
        Offer(
            "contracts.confirm_bank_account",
            actions.confirm_bank_account,
            _("The account is confirmed: payments go there from now on."),
            CheckedForm,
            to=back,
            intro=_(
                "You say that this account is the beneficiary’s own. The beneficiary’s signatories are told."
            ),
        ),
        Offer(
            "contracts.refuse_bank_account",
            actions.refuse_bank_account,
            _("The change is refused: the account in use stays."),
            ReasonsForm,
            to=back,
            tone="secondary",
            intro=_("The beneficiary reads the reasons."),
        ),
    )
    if answer is not None:
        return answer
    piece = next((p for p in expected_pieces(account.dossier) if p.required.code == BANK_PIECE), None)
    context = {
        "account": account,
        "header": _head(_("Change of bank account"), account.dossier),
        "asked": _facts(request, account),
        "used": _facts(request, used) if used and used.pk != account.pk else [],
        "piece": piece.version if piece else None,
        "offers": shown,
        "pending": account.state == BankAccountState.PROPOSED,
    }
    return render(request, "contracts/bank_check.html", context, status=status_of(request))


def _head(title: Any, dossier: Dossier) -> Header:
    return Header(
        title,
        lead=dossier.title,
        reference=dossier.case.reference,
        facts=[dossier.organisation.name],
        actions=[Link(_("The whole dossier"), reverse("workflows:case", args=[dossier.case_id]), "folder")],
    )


def _facts(request: CaseRequest, account: BankAccount) -> list[tuple[Any, Any]]:
    """What the reader may know of an account: the whole number only by its own right."""
    whole = may(request.actor, "contracts.view_iban", account)
    facts: list[tuple[Any, Any]] = [
        (_("Account holder"), account.holder),
        (_("IBAN"), account.spelled if whole else account.masked),
        (_("Given by"), f"{account.given_by.get_full_name()}, {short_day(account.given_at)}"),
    ]
    if account.checked_by and account.checked_at:
        facts.append(
            (_("Checked by"), f"{account.checked_by.get_full_name()}, {short_day(account.checked_at)}")
        )
        facts.append((_("What was found"), account.check_reasons))
    return facts


__all__ = ["bank", "bank_check"]
