"""The nouns of ``contracts``: contract → payments → reports → closure."""

from contracts.models.account import BankAccount, BankAccountState
from contracts.models.closure import Recovery, RecoveryState
from contracts.models.contract import Contract, ContractState, Signature, SignatureParty
from contracts.models.payment import Instalment, InstalmentKind, InstalmentState
from contracts.models.report import IndicatorValue, Report, ReportExpense, ReportKind, ReportState

__all__ = [
    "BankAccount",
    "BankAccountState",
    "Contract",
    "ContractState",
    "IndicatorValue",
    "Instalment",
    "InstalmentKind",
    "InstalmentState",
    "Recovery",
    "RecoveryState",
    "Report",
    "ReportExpense",
    "ReportKind",
    "ReportState",
    "Signature",
    "SignatureParty",
]
