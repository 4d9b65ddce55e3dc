"""Signatures: the beneficiary's, then the Region's, on the same bytes; the second one brings the contract into force."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from calls.models import DossierState
from contracts import money
from contracts.actions.common import beneficiary_audience, contract_link, morning, said, verified
from contracts.calendar import next_reminder, report_calendar
from contracts.models import Contract, Instalment, InstalmentKind, Report, Signature, SignatureParty
from workflows import dates
from workflows.engine import Act, Reason, action
from workflows.models import DocumentVersion


@action(
    "contracts.sign_as_beneficiary",
    label=gettext_lazy("Sign the contract"),
    done=gettext_lazy("Contract signed by the beneficiary"),
    moves="sign_as_beneficiary",
)
def sign_as_beneficiary(act: Act, contract: Contract, *, capacity: str) -> Contract:
    """The beneficiary's signature on the exact bytes of the text (domain §4.9); the page has re-authenticated them."""
    version = _signed(act, contract, SignatureParty.BENEFICIARY, capacity)
    act.move(contract, "sign_as_beneficiary")
    contract.save(update_fields=["state"])
    act.record(contract, snapshot=_said(act, version, capacity), files=[version])
    return contract


@action(
    "contracts.sign_as_region",
    label=gettext_lazy("Sign the contract for the Region"),
    done=gettext_lazy("Contract signed by the Region"),
    moves="sign_as_region",
)
def sign_as_region(act: Act, contract: Contract, *, capacity: str) -> Contract:
    """The Region's signature, by another person than the beneficiary and than who prepared the contract.

    It notifies the contract, moves the dossier under contract, creates the instalments at the call's rates and the
    reports by its calendar, and keeps the day by which its data are published (décret 2017-779).
    """
    version = _signed(act, contract, SignatureParty.REGION, capacity)
    dossier = contract.dossier
    act.move(contract, "sign_as_region")
    act.move(dossier, "start_contract")
    dossier.save(update_fields=["state"])
    contract.signed_on, contract.notified_at = act.today, act.now
    contract.open_data_due_on = dates.open_data_due(act.today)
    contract.save(update_fields=["state", "signed_on", "notified_at", "open_data_due_on"])
    instalments = _instalments(act, contract)
    reports = _reports(act, contract)
    act.record(
        contract,
        snapshot={
            **_said(act, version, capacity),
            "open_data_due_on": contract.open_data_due_on,
            "instalments": [{"kind": i.kind, "amount": i.planned_amount} for i in instalments],
            "reports": [{"kind": r.kind, "due_on": r.due_on} for r in reports],
        },
        files=[version],
    )
    with override("fr"):
        act.notify(
            [beneficiary_audience(act)],
            "contract",
            _("Contract in force"),
            _(
                "The contract %(number)s is signed by both parties and notified to you. Its advance is paid without a claim."
            )
            % {"number": contract.number},
            contract_link(contract),
        )
    return contract


def _signed(act: Act, contract: Contract, party: SignatureParty, capacity: str) -> DocumentVersion:
    """Check the text against the store and write the signature down."""
    capacity = said(act, capacity, "capacity", _("Say in what capacity you sign."))
    if contract.dossier.state != DossierState.AWARDED:
        act.refuse_if(Reason(_("The dossier is no longer awarded.")))
    version = verified(act, contract)
    Signature.objects.create(
        case=act.case,
        contract=contract,
        version=version,
        party=party,
        user=act.person.user,
        name=act.person.user.get_full_name(),
        capacity=capacity,
        signed_at=act.now,
        sha256=version.sha256,
    )
    return version


def _said(act: Act, version: DocumentVersion, capacity: str) -> dict[str, object]:
    return {
        "name": act.person.user.get_full_name(),
        "capacity": capacity.strip(),
        "sha256": version.sha256,
        "size": version.size,
    }


def _instalments(act: Act, contract: Contract) -> list[Instalment]:
    call = contract.dossier.call
    rows = [
        Instalment(
            case=act.case,
            contract=contract,
            number=number,
            kind=part.kind,
            planned_amount=part.amount,
            due_on=dates.payment_due(act.today) if part.kind == InstalmentKind.ADVANCE else None,
        )
        for number, part in enumerate(
            money.schedule(contract.amount, call.advance_rate, call.interim_rate), start=1
        )
    ]
    return Instalment.objects.bulk_create(rows)


def _reports(act: Act, contract: Contract) -> list[Report]:
    planned = report_calendar(
        contract.starts_on, contract.ends_on, contract.dossier.call.reporting, signed_on=act.today
    )
    rows = [
        Report(
            case=act.case,
            contract=contract,
            number=report.number,
            kind=report.kind,
            period_start=report.period_start,
            period_end=report.period_end,
            due_on=report.due_on,
        )
        for report in planned
    ]
    Report.objects.bulk_create(rows)
    for row in rows:
        first = next_reminder(row.due_on, act.today)
        if first is not None:
            act.set_timer("contracts.remind_report", row, morning(act, first))
    return rows


__all__ = ["sign_as_beneficiary", "sign_as_region"]
