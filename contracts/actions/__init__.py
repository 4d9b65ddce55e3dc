"""The verbs of contracts: contract and signatures, payments, reports, closure and recovery."""

from contracts.actions.accounts import confirm_bank_account, give_bank_account, refuse_bank_account
from contracts.actions.closure import (
    close_dossier,
    decide_recovery,
    end_hearing,
    open_recovery,
    record_recovery,
    send_observations,
)
from contracts.actions.contracts import (
    attach_contract_text,
    cancel_contract,
    lift_reservation,
    prepare_contract,
    recall_contract,
    revise_contract,
    send_for_signature,
)
from contracts.actions.payments import (
    certify_service,
    claim_instalment,
    propose_payment,
    record_payment,
    reject_claim,
    send_back_payment,
)
from contracts.actions.reports import (
    STATEMENT,
    accept_report,
    attach_evidence,
    digest,
    remind_report,
    return_report,
    save_report,
    submit_report,
)
from contracts.actions.signatures import sign_as_beneficiary, sign_as_region

__all__ = [
    "STATEMENT",
    "accept_report",
    "attach_contract_text",
    "attach_evidence",
    "cancel_contract",
    "certify_service",
    "claim_instalment",
    "close_dossier",
    "confirm_bank_account",
    "decide_recovery",
    "digest",
    "end_hearing",
    "give_bank_account",
    "lift_reservation",
    "open_recovery",
    "prepare_contract",
    "propose_payment",
    "recall_contract",
    "record_payment",
    "record_recovery",
    "refuse_bank_account",
    "reject_claim",
    "remind_report",
    "return_report",
    "revise_contract",
    "save_report",
    "send_back_payment",
    "send_for_signature",
    "send_observations",
    "sign_as_beneficiary",
    "sign_as_region",
    "submit_report",
]
