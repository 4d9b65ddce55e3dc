"""States of this stage in the words of their reader, each with its tone and icon."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from contracts.models import (
    BankAccount,
    BankAccountState,
    Contract,
    ContractState,
    Instalment,
    InstalmentKind,
    InstalmentState,
    Recovery,
    RecoveryState,
    Report,
    ReportKind,
    ReportState,
)
from contracts.narrative import QUESTIONS
from workflows.components import StateWord, Tone
from workflows.models import CaseModel
from workflows.story import tell_states
from workflows.terms import name_codes, name_values

_CONTRACT: dict[str, tuple[Tone, str]] = {
    ContractState.DRAFT: ("neutral", "pen"),
    ContractState.TO_SIGN_BENEFICIARY: ("warning", "pen"),
    ContractState.TO_SIGN_REGION: ("warning", "pen"),
    ContractState.ACTIVE: ("success", "check-circle"),
    ContractState.CLOSED: ("neutral", "lock"),
    ContractState.CANCELLED: ("danger", "x-circle"),
}
_ACCOUNT: dict[str, tuple[Tone, str]] = {
    BankAccountState.PROPOSED: ("warning", "clock"),
    BankAccountState.IN_USE: ("success", "check-circle"),
    BankAccountState.REFUSED: ("danger", "x-circle"),
    BankAccountState.REPLACED: ("neutral", "minus"),
}
_INSTALMENT: dict[str, tuple[Tone, str]] = {
    InstalmentState.PLANNED: ("neutral", "calendar"),
    InstalmentState.CLAIMED: ("info", "inbox"),
    InstalmentState.PROPOSED: ("info", "clock"),
    InstalmentState.CERTIFIED: ("info", "file-check"),
    InstalmentState.PAID: ("success", "check-circle"),
    InstalmentState.CANCELLED: ("neutral", "minus"),
}
_REPORT: dict[str, tuple[Tone, str]] = {
    ReportState.EXPECTED: ("neutral", "calendar"),
    ReportState.SUBMITTED: ("info", "inbox"),
    ReportState.RETURNED: ("warning", "alert"),
    ReportState.ACCEPTED: ("success", "check-circle"),
}
_RECOVERY: dict[str, tuple[Tone, str]] = {
    RecoveryState.HEARING: ("warning", "message"),
    RecoveryState.DECIDED: ("danger", "alert"),
    RecoveryState.RECOVERED: ("success", "check-circle"),
    RecoveryState.DROPPED: ("neutral", "minus"),
}
#: The same states as their beneficiary reads them.
CONTRACT_TOLD: dict[str, Any] = dict(ContractState.choices) | {
    ContractState.TO_SIGN_BENEFICIARY: _("Contract to be signed by you"),
    ContractState.TO_SIGN_REGION: _("Signed by you, waiting for the Region"),
    ContractState.DRAFT: _("Being corrected by the Region"),
}
INSTALMENT_TOLD: dict[str, Any] = dict(InstalmentState.choices) | {
    state: _("Being processed by the Region")
    for state in (InstalmentState.CLAIMED, InstalmentState.PROPOSED, InstalmentState.CERTIFIED)
}
REPORT_TOLD: dict[str, Any] = dict(ReportState.choices) | {
    ReportState.EXPECTED: _("To be handed in"),
    ReportState.SUBMITTED: _("Being read by the Region"),
}
tell_states("contracts.contract", CONTRACT_TOLD)
tell_states("contracts.instalment", INSTALMENT_TOLD)
tell_states("contracts.report", REPORT_TOLD)
# What the journal records in codes.
name_codes("narrative", lambda code: {q.code: q.label for q in QUESTIONS}.get(code, code))
name_values("kind", {**dict(ReportKind.choices), **dict(InstalmentKind.choices)})


def account_word(account: BankAccount) -> StateWord:
    """The state of a bank account."""
    tone, icon = _ACCOUNT[account.state]
    return StateWord(account.get_state_display(), tone, icon)


def is_inside(reader: Actor, row: CaseModel) -> bool:
    """Whether the reader belongs to the Region, or audits it."""
    region = row.case.region_id
    return reader.is_staff_of(region) or reader.audits(region)


def contract_word(contract: Contract, reader: Actor | None = None) -> StateWord:
    """Where a contract stands; its beneficiary is told what they are to do."""
    label: Any = contract.get_state_display()
    if reader is not None and not is_inside(reader, contract):
        label = CONTRACT_TOLD[ContractState(contract.state)]
    return StateWord(label, *_CONTRACT[contract.state])


def instalment_word(
    instalment: Instalment, reader: Actor | None = None, *, blocked: bool = False
) -> StateWord:
    """Where an instalment stands. Who will be paid need not know the Region's own steps."""
    state = InstalmentState(instalment.state)
    settled = state in (InstalmentState.PAID, InstalmentState.CANCELLED)
    if blocked and not settled:
        return StateWord(_("Blocked"), "danger", "alert")
    label: Any = instalment.get_state_display()
    if reader is not None and not is_inside(reader, instalment):
        if state in (InstalmentState.CLAIMED, InstalmentState.PROPOSED, InstalmentState.CERTIFIED):
            return StateWord(INSTALMENT_TOLD[state], "info", "clock")
        if state == InstalmentState.PLANNED and instalment.kind != InstalmentKind.ADVANCE:
            label = _("To be claimed")
    return StateWord(label, *_INSTALMENT[state])


def report_word(report: Report, reader: Actor | None = None, *, today: date) -> StateWord:
    """Where a report stands, and whether it is late."""
    if report.is_overdue(today):
        return StateWord(_("Overdue"), "danger", "alert")
    label: Any = report.get_state_display()
    if reader is not None and not is_inside(reader, report):
        label = REPORT_TOLD[ReportState(report.state)]
    return StateWord(label, *_REPORT[report.state])


def recovery_word(recovery: Recovery) -> StateWord:
    """Where a recovery stands."""
    return StateWord(recovery.get_state_display(), *_RECOVERY[recovery.state])
