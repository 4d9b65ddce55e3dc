"""Payments: claim → proposal → certification by another → payment by a third. Never more than contracted (P11, P33)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from calls.queries.budget import euros
from contracts import documents
from contracts.actions.common import beneficiary_audience, contract_link, said, zone
from contracts.models import (
    Contract,
    ContractState,
    Instalment,
    InstalmentKind,
    InstalmentState,
    Report,
    ReportKind,
    ReportState,
)
from contracts.money import CENT
from contracts.queries import IN_PROGRESS, ZERO, account_in_use, account_proposed, blocks, payable
from workflows import dates
from workflows.engine import Act, Reason, action


@action(
    "contracts.claim_instalment",
    label=gettext_lazy("Claim the payment"),
    done=gettext_lazy("Payment claimed"),
    moves="claim",
)
def claim_instalment(act: Act, instalment: Instalment, *, comment: str = "") -> Instalment:
    """Ask for an instalment; it is to be paid within 60 days (loi 2021-875). Refused while something blocks it."""
    _in_force(act, instalment)
    if instalment.kind == InstalmentKind.ADVANCE:
        act.refuse_if(Reason(_("The advance is paid without a claim.")))
    act.refuse_if(blocks(instalment, act.today))
    act.move(instalment, "claim")
    instalment.claimed_by, instalment.claimed_at = act.person.user, act.now
    instalment.claim_comment, instalment.return_reasons = comment.strip(), ""
    instalment.due_on = dates.payment_due(act.today)
    instalment.save()
    act.record(
        instalment,
        snapshot={"amount": payable(instalment), "due_on": instalment.due_on, "comment": comment.strip()},
    )
    return instalment


@action(
    "contracts.reject_claim",
    label=gettext_lazy("Send the claim back"),
    done=gettext_lazy("Claim sent back"),
    moves="reject_claim",
)
def reject_claim(act: Act, instalment: Instalment, *, reasons: str) -> Instalment:
    """Send a claim back to the beneficiary, who may claim again. Refused without reasons, and for an advance."""
    if instalment.kind == InstalmentKind.ADVANCE:
        act.refuse_if(Reason(_("The advance is paid without a claim.")))
    instalment.return_reasons = said(act, reasons, "reasons")
    act.move(instalment, "reject_claim")
    instalment.claimed_by = instalment.claimed_at = instalment.due_on = None
    instalment.save()
    act.record(instalment, reasons=instalment.return_reasons)
    with override("fr"):
        act.notify(
            [beneficiary_audience(act)],
            "payment",
            _("Payment claim sent back"),
            _("Your claim was sent back: %(reasons)s") % {"reasons": instalment.return_reasons},
            f"/instalments/{instalment.pk}/",
        )
    return instalment


@action(
    "contracts.propose_payment",
    label=gettext_lazy("Propose the payment"),
    done=gettext_lazy("Payment proposed"),
    moves="propose",
)
def propose_payment(act: Act, instalment: Instalment, *, amount: Decimal | None = None) -> Instalment:
    """Put an instalment forward for ``amount`` euros, by default all that may be paid on it.

    Refused while something blocks it, before a claim (but for the advance), and beyond what may be paid.
    """
    contract = _in_force(act, instalment)
    if instalment.state == InstalmentState.PLANNED and instalment.kind != InstalmentKind.ADVANCE:
        act.refuse_if(Reason(_("The beneficiary has not claimed it yet.")))
    act.refuse_if(blocks(instalment, act.today))
    most = payable(instalment)
    amount = most if amount is None else amount
    if amount <= 0 or amount != amount.quantize(CENT):
        act.refuse_if(Reason(_("Give an amount above zero, to the cent."), "amount"))
    others = contract.instalments.filter(state__in=IN_PROGRESS).exclude(pk=instalment.pk)
    under_way = sum((other.amount or ZERO for other in others), ZERO)
    if amount > most or contract.paid + under_way + amount > contract.amount:
        act.refuse_if(
            Reason(
                _("At most %(amount)s can be paid on this instalment.")
                % {"amount": euros(min(most, contract.amount - contract.paid - under_way))},
                "amount",
            )
        )
    act.move(instalment, "propose")
    instalment.amount, instalment.return_reasons = amount, ""
    instalment.proposed_by, instalment.proposed_at = act.person.user, act.now
    instalment.certified_by = instalment.certified_at = None
    instalment.save()
    act.record(instalment, snapshot={"amount": amount, "at_most": most, "due_on": instalment.due_on})
    return instalment


@action(
    "contracts.send_back_payment",
    label=gettext_lazy("Send the proposal back"),
    done=gettext_lazy("Payment proposal sent back"),
    moves="send_back",
)
def send_back_payment(act: Act, instalment: Instalment, *, reasons: str) -> Instalment:
    """Send a proposed or certified payment back to who proposed it. Refused without reasons."""
    instalment.return_reasons = said(act, reasons, "reasons")
    act.move(instalment, "send_back")
    instalment.amount = None
    instalment.proposed_by = instalment.proposed_at = None
    instalment.certified_by = instalment.certified_at = None
    instalment.save()
    act.record(instalment, reasons=instalment.return_reasons)
    return instalment


@action(
    "contracts.certify_service",
    label=gettext_lazy("Certify the service done"),
    done=gettext_lazy("Service certified"),
    moves="certify",
)
def certify_service(act: Act, instalment: Instalment) -> Instalment:
    """Certify that the service is done, by somebody other than who proposed the payment; owes the certificate.

    Refused while something blocks it: the Region does not certify what is overdue.
    """
    _in_force(act, instalment)
    act.refuse_if(blocks(instalment, act.today))
    act.move(instalment, "certify")
    instalment.certified_by, instalment.certified_at = act.person.user, act.now
    instalment.save()
    report = _report_behind(instalment)
    assert instalment.proposed_by is not None
    act.record(
        instalment,
        snapshot={"amount": instalment.amount, "report": report.number if report else None},
    )
    act.enqueue(
        "letter",
        template="service_done",
        code=f"service-done-{instalment.number}",
        title=f"Certificat de service fait – {documents.INSTALMENT_LABELS[InstalmentKind(instalment.kind)]}",
        audience="staff",
        data=documents.service_done_data(
            instalment,
            proposer=instalment.proposed_by,
            actor=act.person,
            report=report,
            now=act.now,
        ),
    )
    return instalment


@action(
    "contracts.record_payment",
    label=gettext_lazy("Record the payment"),
    done=gettext_lazy("Payment recorded"),
    moves="pay",
)
def record_payment(act: Act, instalment: Instalment, *, paid_on: date, payment_reference: str) -> Instalment:
    """Record that the money left, by somebody who neither proposed nor certified it.

    Refused while a report is overdue or a change of bank account is being checked, for a day in the future or before the
    certificate, without the number of the payment order, and beyond what is contracted (P11). It owes the payment statement.
    """
    contract = _in_force(act, instalment)
    act.refuse_if(blocks(instalment, act.today))
    reference = said(act, payment_reference, "payment_reference", _("Give the number of the payment order."))
    if account_proposed(contract.dossier) is not None:
        act.refuse_if(Reason(_("A change of bank account is being checked: nothing is paid until then.")))
    account = account_in_use(contract.dossier)
    assert account is not None  # without one there is no contract
    assert instalment.certified_at is not None
    certified_on = dates.local_date(instalment.certified_at, zone(act))
    if not certified_on <= paid_on <= act.today:
        act.refuse_if(
            Reason(_("The day of payment is between the certificate of service done and today."), "paid_on")
        )
    amount = instalment.amount or ZERO
    if contract.paid + amount > contract.amount:
        act.refuse_if(Reason(_("This would pay more than what is contracted.")))
    act.move(instalment, "pay")
    instalment.paid_by, instalment.paid_on, instalment.payment_reference = act.person.user, paid_on, reference
    instalment.account = account
    paid_before = list(contract.instalments.filter(state=InstalmentState.PAID).order_by("number"))
    instalment.save()
    contract.paid += amount
    contract.save(update_fields=["paid"])
    act.record(
        instalment,
        snapshot={
            "amount": amount,
            "paid_on": paid_on,
            "payment_reference": reference,
            "paid_in_all": contract.paid,
            "account": str(account),
        },
    )
    act.enqueue(
        "letter",
        template="payment_statement",
        code=f"payment-statement-{instalment.number}",
        title=f"État liquidatif – {documents.INSTALMENT_LABELS[InstalmentKind(instalment.kind)]}",
        audience="payments",
        data=documents.payment_statement_data(
            instalment,
            paid_before=paid_before,
            report=_report_behind(instalment),
            actor=act.person,
            now=act.now,
        ),
    )
    with override("fr"):
        act.notify(
            [beneficiary_audience(act)],
            "payment",
            _("Payment made"),
            _("%(amount)s were paid to you on %(day)s, payment order %(reference)s.")
            % {"amount": euros(amount), "day": f"{paid_on:%d/%m/%Y}", "reference": reference},
            contract_link(contract),
        )
    return instalment


def _in_force(act: Act, instalment: Instalment) -> Contract:
    """The contract, re-read under the case's lock; refused when it is not in force."""
    contract = instalment.contract
    if contract.state != ContractState.ACTIVE:
        act.refuse_if(Reason(_("The contract is not in force.")))
    return contract


def _report_behind(instalment: Instalment) -> Report | None:
    """The accepted report that a payment rests on: the last one for an interim payment, the final one for the balance."""
    if instalment.kind == InstalmentKind.ADVANCE:
        return None
    kind = ReportKind.FINAL if instalment.kind == InstalmentKind.BALANCE else ReportKind.INTERIM
    return (
        Report.objects.filter(contract=instalment.contract_id, kind=kind, state=ReportState.ACCEPTED)
        .select_related("case__region")
        .order_by("-number")
        .first()
    )


__all__ = [
    "certify_service",
    "claim_instalment",
    "propose_payment",
    "record_payment",
    "reject_claim",
    "send_back_payment",
]
