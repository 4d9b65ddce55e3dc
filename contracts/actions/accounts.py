"""The bank account of a beneficiary: given, changed once there is a contract, checked by the Region before it is used."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.identifiers import normalise_iban
from accounts.models import PostRole
from calls.models import FINAL_STATES, Dossier, DossierState
from contracts.actions.common import beneficiary_audience, said, staff_audience
from contracts.models import BankAccount, Contract, ContractState
from contracts.queries import account_in_use, account_proposed
from workflows.engine import Act, Reason, action

#: From the submission to the last payment: whoever drafts has no money to wait for, and a closed dossier none left.
GIVING = frozenset(DossierState.values) - {
    DossierState.DRAFT,
    DossierState.LAPSED,
    DossierState.WITHDRAWN,
    DossierState.CLOSED,
}

LONGEST_HOLDER = 200


@action(
    "contracts.give_bank_account",
    label=gettext_lazy("Save the bank details"),
    done=gettext_lazy("Bank details given"),
    when=GIVING,
)
def give_bank_account(act: Act, dossier: Dossier, *, holder: str, iban: str) -> BankAccount:
    """Say to which account the subsidy is paid. Once a contract names one, another is only proposed: the Region checks it.

    Refused without a holder, for a wrong IBAN, the one already in use, or while another change is being checked. The journal
    bears the masked number: it is read by more people than may read the account.
    """
    if (
        dossier.told_state() in FINAL_STATES
    ):  # what is decided and not yet told must not be guessed from a refusal
        act.refuse_if(Reason(_("This dossier receives no subsidy.")))
    holder = said(act, holder, "holder", _("Say in whose name the account is."))
    if len(holder) > LONGEST_HOLDER:
        act.refuse_if(Reason(_("At most %(count)s characters.") % {"count": LONGEST_HOLDER}, "holder"))
    number = _number(act, iban)
    used = account_in_use(dossier)
    if used is not None and (used.iban, used.holder) == (number, holder):
        act.refuse_if(Reason(_("This account is already the one in use."), "iban"))
    if account_proposed(dossier) is not None:
        act.refuse_if(Reason(_("Another change of bank account is being checked.")))
    named = Contract.objects.filter(dossier=dossier).exclude(state=ContractState.CANCELLED).exists()
    account = BankAccount(
        case=act.case,
        dossier=dossier,
        holder=holder,
        iban=number,
        given_by=act.person.user,
        given_at=act.now,
        needs_check=named,
    )
    if not named:
        _put_in_use(act, account, used)
    account.save(force_insert=True)
    act.record(account, snapshot=_told(account))
    if named:
        with override("fr"):
            # All of the beneficiary's signatories, who acts included: a change that none of them asked for is seen at once.
            act.notify(
                [beneficiary_audience(act, signatories=True)],
                "bank",
                _("Change of bank account asked for"),
                _(
                    "%(who)s asks that the subsidy be paid to the account %(account)s. If this does not come from you, "
                    "tell the Region at once. Nothing is paid to it until the Region has checked it."
                )
                % {"who": act.person.user.get_full_name(), "account": account},
                _link(dossier),
                include_actor=True,
            )
    return account


@action(
    "contracts.confirm_bank_account",
    label=gettext_lazy("Confirm the bank account"),
    done=gettext_lazy("Bank account confirmed"),
    moves="put_in_use",
)
def confirm_bank_account(act: Act, account: BankAccount, *, reasons: str) -> BankAccount:
    """Say how a change was checked (a call to a number known before, the new bank details); payments go there from now on.

    Refused without saying how.
    """
    account.check_reasons = said(act, reasons, "reasons", _("Say how the account was checked."))
    account.checked_by, account.checked_at = act.person.user, act.now
    used = account_in_use(account.dossier)
    _put_in_use(act, account, used)
    account.save(update_fields=["state", "checked_by", "checked_at", "check_reasons"])
    act.record(
        account,
        reasons=account.check_reasons,
        snapshot=_told(account) | {"instead_of": used.masked if used else ""},
    )
    with override("fr"):
        act.notify(
            [beneficiary_audience(act), staff_audience(act, PostRole.CASE_OFFICER)],
            "bank",
            _("Bank account changed"),
            _("The subsidy is paid to the account %(account)s from now on.") % {"account": account},
            _link(account.dossier),
        )
    return account


@action(
    "contracts.refuse_bank_account",
    label=gettext_lazy("Refuse the bank account"),
    done=gettext_lazy("Bank account refused"),
    moves="refuse",
)
def refuse_bank_account(act: Act, account: BankAccount, *, reasons: str) -> BankAccount:
    """Turn a change down: the account in use stays. Refused without reasons, which the beneficiary reads."""
    account.check_reasons = said(act, reasons, "reasons")
    account.checked_by, account.checked_at = act.person.user, act.now
    act.move(account, "refuse")
    account.save(update_fields=["state", "checked_by", "checked_at", "check_reasons"])
    act.record(account, reasons=account.check_reasons, snapshot=_told(account))
    with override("fr"):
        act.notify(
            [beneficiary_audience(act), staff_audience(act, PostRole.CASE_OFFICER)],
            "bank",
            _("Change of bank account refused"),
            _("The account %(account)s is not used: %(reasons)s")
            % {"account": account, "reasons": account.check_reasons},
            _link(account.dossier),
        )
    return account


def _number(act: Act, iban: str) -> str:
    try:
        return normalise_iban(iban)
    except ValidationError as error:
        act.refuse_if(Reason(message, "iban") for message in error.messages)
        raise AssertionError from error


def _put_in_use(act: Act, account: BankAccount, used: BankAccount | None) -> None:
    """Make the move; the one before is saved first, for there is one in use at a time."""
    if used is not None:
        act.move(used, "replace")
        used.save(update_fields=["state"])
    act.move(account, "put_in_use")


def _told(account: BankAccount) -> dict[str, object]:
    return {"holder": account.holder, "account": account.masked, "checked": account.needs_check}


def _link(dossier: Dossier) -> str:
    return f"/dossiers/{dossier.pk}/bank/"


__all__ = ["confirm_bank_account", "give_bank_account", "refuse_bank_account"]
