"""Rights on contracts, payments, reports and closure. Nobody certifies what they proposed, nor pays what they certified."""

from __future__ import annotations

from typing import Any

import rules
from rules.predicates import predicate

from accounts.actors import Actor
from accounts.rules import (
    edits_for_organisation,
    is_auditor,
    is_case_officer,
    is_manager,
    is_payments_officer,
    is_signatory,
    is_staff,
    not_recused,
    region_of,
    register,
    signs_for_organisation,
)
from contracts.models import BankAccount, BankAccountState, Contract, Instalment, InstalmentState
from workflows.rules import reads_a_region


def contract_of(row: Any) -> Contract:
    """The contract that a row of this app belongs to."""
    return row if isinstance(row, Contract) else row.contract


@predicate
def is_sent(actor: Actor, row: Any) -> bool:
    """The contract has left the Region's hands: until then its beneficiary does not know of it."""
    return contract_of(row).is_sent


@predicate
def has_prepared(actor: Actor, row: Any) -> bool:
    """The actor prepared the contract."""
    return contract_of(row).prepared_by_id == actor.user.pk


@predicate
def has_signed(actor: Actor, row: Any) -> bool:
    """The actor already signed the contract's present text, for whichever party."""
    contract = contract_of(row)
    return contract.signatures.filter(version=contract.version_id, user=actor.user).exists()


@predicate
def has_proposed(actor: Actor, row: Any) -> bool:
    """The actor proposed the payment."""
    return bool(row.proposed_by_id == actor.user.pk)


@predicate
def has_certified(actor: Actor, row: Any) -> bool:
    """The actor certified the service."""
    return bool(row.certified_by_id == actor.user.pk)


@predicate
def has_opened(actor: Actor, row: Any) -> bool:
    """The actor opened the recovery."""
    return bool(row.opened_by_id == actor.user.pk)


@predicate
def has_a_seat(actor: Actor, row: Any) -> bool:
    """The actor sits in some body of the row's Region."""
    return any(seat.body.region_id == region_of(row) for seat in actor.seats)


@predicate
def is_paying(actor: Actor, account: Any) -> bool:
    """The actor proposed a payment of the dossier that is still under way: they do not say where it goes."""
    return Instalment.objects.filter(
        contract__dossier=account.dossier_id,
        proposed_by=actor.user,
        state__in=[InstalmentState.PROPOSED, InstalmentState.CERTIFIED],
    ).exists()


@predicate
def has_checked_account(actor: Actor, row: Any) -> bool:
    """The actor confirmed the account that the payment would go to."""
    return BankAccount.objects.filter(
        dossier=row.contract.dossier_id, state=BankAccountState.IN_USE, checked_by=actor.user
    ).exists()


#: Only the system does it.
nobody = rules.always_deny

# A member of the beneficiary is not the Region's hand, even with a post there.
officers = (is_case_officer | is_manager) & ~edits_for_organisation & not_recused
managers = is_manager & ~edits_for_organisation & not_recused
payments = is_payments_officer & ~edits_for_organisation & not_recused
signatories = is_signatory & ~edits_for_organisation & not_recused
beneficiary = edits_for_organisation & not_recused
beneficiary_signs = signs_for_organisation & not_recused
sees_contract = (is_staff | is_auditor | (edits_for_organisation & is_sent)) & not_recused

RIGHTS = {
    "contracts.lift_reservation": managers,
    "contracts.prepare_contract": officers,
    "contracts.revise_contract": officers,
    "contracts.attach_contract_text": nobody,
    "contracts.send_for_signature": officers,
    "contracts.recall_contract": officers | signatories,
    "contracts.sign_as_beneficiary": beneficiary_signs & ~has_signed,
    "contracts.sign_as_region": signatories & ~has_prepared & ~has_signed,
    "contracts.cancel_contract": officers,
    "contracts.give_bank_account": beneficiary_signs,
    "contracts.confirm_bank_account": payments & ~is_paying,
    "contracts.refuse_bank_account": payments & ~is_paying,
    "contracts.claim_instalment": beneficiary_signs,
    "contracts.reject_claim": officers,
    "contracts.propose_payment": officers & ~has_checked_account,
    "contracts.send_back_payment": officers | payments,
    "contracts.certify_service": officers & ~has_proposed,
    "contracts.record_payment": payments & ~has_proposed & ~has_certified,
    "contracts.save_report": beneficiary,
    "contracts.attach_evidence": beneficiary,
    "contracts.submit_report": beneficiary_signs,
    "contracts.return_report": officers,
    "contracts.accept_report": officers,
    "contracts.remind_report": nobody,
    "contracts.open_recovery": officers,
    "contracts.send_observations": beneficiary_signs,
    "contracts.end_hearing": nobody,
    "contracts.decide_recovery": managers & ~has_opened,
    "contracts.record_recovery": payments,
    "contracts.close_dossier": managers,
    # Pages.
    "contracts.view_contract": sees_contract,
    "contracts.view_bank_account": (is_staff | is_auditor | edits_for_organisation) & not_recused,
    "contracts.view_iban": (is_payments_officer | is_auditor | edits_for_organisation) & not_recused,
    "contracts.view_worklists": reads_a_region,
    "contracts.view_pilot": is_staff | is_auditor | has_a_seat,
    "contracts.view_pilot_dossiers": is_staff | is_auditor,
    "contracts.view_pilot_all": reads_a_region,
}

register(RIGHTS)
