"""Who must do which verb on a contract, by when: signature, payments, reports, closure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from accounts.actors import organisation_audience, post_audience
from accounts.models import MembershipRole, PostRole
from calls.models import Dossier, DossierState
from contracts.models import (
    BankAccount,
    BankAccountState,
    Contract,
    ContractState,
    Instalment,
    InstalmentKind,
    InstalmentState,
    RecoveryState,
    Report,
    ReportKind,
)
from contracts.queries import account_in_use, figures, started_by
from workflows.dates import days_after, end_of_day
from workflows.engine import CaseFlow, Step
from workflows.engine.flow import End, Start, subject

#: Days for each party to sign, and for the Region's own steps.
SIGNATURE_DAYS = 60
PREPARATION_DAYS = 30
REVIEW_DAYS = 30
CERTIFICATION_DAYS = 15
CLOSURE_DAYS = 30
#: Days to give the bank details, and for the Region to check a change of them.
BANK_DAYS = 15
CHECK_DAYS = 7


def _post(role: str) -> Any:
    return lambda row: post_audience(row.case.region_id, role)


def _members(row: Any) -> str:
    return organisation_audience(row.case.organisation_id)


def _signatories(row: Any) -> str:
    return organisation_audience(row.case.organisation_id, MembershipRole.SIGNATORY)


def _end(row: Any, day: date) -> datetime:
    return end_of_day(day, row.case.region.zone)


def _within(days: int) -> Any:
    """Due at the end of the last of so many days."""

    def due(row: Any, now: datetime) -> datetime:
        zone = row.case.region.zone
        return end_of_day(days_after(now, days, tz=zone), zone)

    return due


def _on(name: str, days: int) -> Any:
    """Due at the end of the day that the row bears, else within so many days."""

    def due(row: Any, now: datetime) -> datetime:
        day = getattr(row, name)
        return _end(row, day) if day is not None else _within(days)(row, now)

    return due


def _contract(dossier: Dossier) -> Contract:
    return dossier.contract


def _recovery(contract: Contract) -> Any:
    return contract.recovery


class ContractFlow(CaseFlow):
    """From the award to the contract in force."""

    process_title = _("Contract")
    starts_on = ("reviews.apply_decision", "reviews.promote")
    stopped_by = ("calls.withdraw",)

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """An awarded dossier."""
        return isinstance(row, Dossier) and row.state == DossierState.AWARDED

    start = Start().Next(this.prepare)
    prepare = Step(
        _("Prepare the contract"),
        who=_post(PostRole.CASE_OFFICER),
        due=_within(PREPARATION_DAYS),
        on={"contracts.prepare_contract": this.send},
        page="contracts:prepare",
    )
    send = Step(
        _("Send the contract for signature"),
        who=_post(PostRole.CASE_OFFICER),
        due=_within(PREPARATION_DAYS),
        on={"contracts.send_for_signature": this.sign_beneficiary},
        target=_contract,
        page="contracts:contract",
    )
    sign_beneficiary = Step(
        _("Sign the contract"),
        who=_signatories,
        due=_within(SIGNATURE_DAYS),
        on={"contracts.sign_as_beneficiary": this.sign_region, "contracts.recall_contract": this.send},
        target=_contract,
        page="contracts:sign",
        notify=True,
    )
    sign_region = Step(
        _("Sign the contract for the Region"),
        who=_post(PostRole.SIGNATORY),
        due=_within(PREPARATION_DAYS),
        on={"contracts.sign_as_region": this.end, "contracts.recall_contract": this.send},
        target=_contract,
        page="contracts:sign",
        notify=True,
    )
    end = End()


class BankDetailsFlow(CaseFlow):
    """The beneficiary says where the subsidy is to be paid, as soon as it knows of the award."""

    process_title = _("Bank details")
    starts_on = ("reviews.release_letter",)
    stopped_by = ("calls.withdraw",)

    @classmethod
    def subjects(cls, row: Any) -> Iterable[Dossier]:
        """An awarded dossier whose bank details are not known yet."""
        dossier = row.dossier
        asked = dossier.state == DossierState.AWARDED and account_in_use(dossier) is None
        return [dossier] if asked else []

    start = Start().Next(this.give)
    give = Step(
        _("Give your bank details"),
        who=_signatories,
        due=_within(BANK_DAYS),
        on={"contracts.give_bank_account": this.end},
        page="contracts:bank",
        notify=True,
    )
    end = End()


class BankChangeFlow(CaseFlow):
    """A new account, once a contract names another: nothing is paid to it before the Region has checked it."""

    process_title = _("Change of bank account")
    starts_on = ("contracts.give_bank_account",)
    stopped_by = ("calls.withdraw",)

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """An account that waits to be checked."""
        return isinstance(row, BankAccount) and row.state == BankAccountState.PROPOSED

    start = Start().Next(this.check)
    check = Step(
        _("Check the change of bank account"),
        who=_post(PostRole.PAYMENTS),
        due=_within(CHECK_DAYS),
        on={"contracts.confirm_bank_account": this.end, "contracts.refuse_bank_account": this.end},
        page="contracts:bank_check",
        notify=True,
    )
    end = End()


class CancellationFlow(CaseFlow):
    """A dossier withdrawn before both signed: its contract is cancelled at once, by the system."""

    process_title = _("Cancellation of the contract")
    starts_on = ("calls.withdraw",)

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """A dossier whose contract is not in force."""
        if not isinstance(row, Dossier):
            return False
        contract = Contract.objects.filter(dossier=row).first()
        return contract is not None and contract.state != ContractState.CANCELLED

    start = Start().Next(this.cancel)
    cancel = Step(
        _("Cancel the contract of the withdrawn dossier"),
        who=_post(PostRole.CASE_OFFICER),
        due=lambda dossier, now: now,
        timeout="contracts.cancel_contract",
        on={"contracts.cancel_contract": this.end},
        target=_contract,
        page="contracts:contract",
    )
    end = End()


class PaymentFlow(CaseFlow):
    """One instalment, from the day it can be asked for to the day it is paid."""

    process_title = _("Payment")
    starts_on = ("contracts.sign_as_region", "contracts.accept_report")

    @classmethod
    def subjects(cls, row: Any) -> Iterable[Instalment]:
        """The instalments that the signature or the acceptance of a report makes payable."""
        return started_by(row)

    start = Start().Next(this.is_advance)
    is_advance = (
        flow.If(lambda activation: subject(activation).kind == InstalmentKind.ADVANCE)
        .Then(this.propose)
        .Else(this.claim)
    )
    claim = Step(
        _("Claim the payment"),
        who=_signatories,
        on={"contracts.claim_instalment": this.propose, "contracts.accept_report": this.end},
        page="contracts:instalment",
        notify=True,
    )
    propose = Step(
        _("Propose the payment"),
        who=_post(PostRole.CASE_OFFICER),
        due=_on("due_on", REVIEW_DAYS),
        on={
            "contracts.propose_payment": this.certify,
            "contracts.reject_claim": this.claim,
            "contracts.accept_report": this.end,
        },
        page="contracts:instalment",
    )
    certify = Step(
        _("Certify the service done"),
        who=_post(PostRole.MANAGER),
        due=_within(CERTIFICATION_DAYS),
        on={"contracts.certify_service": this.pay, "contracts.send_back_payment": this.propose},
        page="contracts:instalment",
        notify=True,
    )
    pay = Step(
        _("Pay"),
        who=_post(PostRole.PAYMENTS),
        due=_on("due_on", REVIEW_DAYS),
        on={"contracts.record_payment": this.end, "contracts.send_back_payment": this.propose},
        page="contracts:instalment",
        notify=True,
    )
    end = End()


class ReportFlow(CaseFlow):
    """One report, from the signature to its acceptance."""

    process_title = _("Report")
    starts_on = ("contracts.sign_as_region",)

    @classmethod
    def subjects(cls, row: Any) -> Iterable[Report]:
        """Every report of the contract."""
        return list(row.reports.select_related(*Report.related))

    start = Start().Next(this.fill)
    fill = Step(
        _("Fill in and hand in the report"),
        who=_members,
        due=lambda report, now: _end(report, report.due_on),
        on={"contracts.submit_report": this.review},
        page="contracts:report",
    )
    review = Step(
        _("Read the report: return or accept it"),
        who=_post(PostRole.CASE_OFFICER),
        due=_within(REVIEW_DAYS),
        on={"contracts.accept_report": this.end, "contracts.return_report": this.correct},
        page="contracts:report",
        notify=True,
    )
    correct = Step(
        _("Correct the report"),
        who=_members,
        due=lambda report, now: _end(report, report.due_on),
        on={"contracts.submit_report": this.review},
        page="contracts:report",
        notify=True,
    )
    end = End()


class ClosureFlow(CaseFlow):
    """From the settlement to the closed dossier: at once when nothing is due, after the balance, or after a recovery."""

    process_title = _("Closure")
    starts_on = ("contracts.accept_report", "contracts.record_payment")

    @classmethod
    def subjects(cls, row: Any) -> Iterable[Contract]:
        """The contract, once its balance is paid, or its final report leaves none to pay."""
        if isinstance(row, Instalment):
            settled = row.kind == InstalmentKind.BALANCE
        else:
            settled = row.kind == ReportKind.FINAL and not row.contract.instalments.filter(
                state=InstalmentState.PLANNED
            )
        return [row.contract] if settled else []

    start = Start().Next(this.is_overpaid)
    is_overpaid = (
        flow.If(lambda activation: figures(subject(activation)).to_recover > 0)
        .Then(this.recover)
        .Else(this.close)
    )
    recover = Step(
        _("Open the recovery"),
        who=_post(PostRole.CASE_OFFICER),
        due=_within(CLOSURE_DAYS),
        on={"contracts.open_recovery": this.hear},
        page="contracts:closure",
        notify=True,
    )
    hear = Step(
        _("Send observations on the recovery"),
        who=_signatories,
        due=lambda contract, now: _end(contract, contract.recovery.heard_before),
        timeout="contracts.end_hearing",
        on={"contracts.send_observations": this.decide, "contracts.end_hearing": this.decide},
        target=_recovery,
        page="contracts:recovery",
        notify=True,
    )
    decide = Step(
        _("Decide on the recovery"),
        who=_post(PostRole.MANAGER),
        due=_within(CLOSURE_DAYS),
        on={"contracts.decide_recovery": this.is_upheld},
        target=_recovery,
        page="contracts:recovery",
        notify=True,
    )
    is_upheld = (
        flow.If(lambda activation: subject(activation).recovery.state == RecoveryState.DECIDED)
        .Then(this.collect)
        .Else(this.close)
    )
    collect = Step(
        _("Record the money given back"),
        who=_post(PostRole.PAYMENTS),
        due=lambda contract, now: _end(contract, contract.recovery.pay_before),
        on={"contracts.record_recovery": this.close},
        target=_recovery,
        page="contracts:recovery",
        notify=True,
    )
    close = Step(
        _("Close the dossier"),
        who=_post(PostRole.MANAGER),
        due=_within(CLOSURE_DAYS),
        on={"contracts.close_dossier": this.end},
        page="contracts:closure",
        notify=True,
    )
    end = End()
