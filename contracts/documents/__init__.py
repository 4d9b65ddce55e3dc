"""What the PDFs of this stage are made of: plain data, frozen by the verb that owes the document. In French only."""

from contracts.documents.clauses import missing_annexes, missing_clauses
from contracts.documents.letters import (
    closure_data,
    payment_statement_data,
    recovery_decision_data,
    recovery_notice_data,
    reminder_data,
    service_done_data,
)
from contracts.documents.text import contract_data, lapse_on
from contracts.documents.words import CONDITIONS, INSTALMENT_LABELS, report_label

__all__ = [
    "CONDITIONS",
    "INSTALMENT_LABELS",
    "closure_data",
    "contract_data",
    "lapse_on",
    "missing_annexes",
    "missing_clauses",
    "payment_statement_data",
    "recovery_decision_data",
    "recovery_notice_data",
    "reminder_data",
    "report_label",
    "service_done_data",
]
