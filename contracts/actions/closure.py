"""Closure: what was not earned is recovered after the beneficiary was heard, then the dossier is closed for good."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from calls.queries.budget import euros
from contracts import documents
from contracts.actions.common import beneficiary_audience, contract_link, said, zone
from contracts.models import Contract, ContractState, InstalmentState, Recovery, RecoveryState
from contracts.money import CENT
from contracts.queries import ZERO, closing_obstacles, figures, latest_values
from workflows import dates
from workflows.engine import Act, Reason, action

#: Days to give the money back once the decision is notified.
REPAYMENT_DAYS = 30
HEARING = frozenset({RecoveryState.HEARING})


@action(
    "contracts.open_recovery",
    label=gettext_lazy("Open the recovery"),
    done=gettext_lazy("Recovery opened, observations asked for"),
    when={ContractState.ACTIVE},
)
def open_recovery(
    act: Act, contract: Contract, *, grounds: str, days: int = dates.CONTRADICTORY_MIN_DAYS
) -> Recovery:
    """Tell the beneficiary what is to be recovered and why, and ask for observations (CRPA L121-1, L122-1).

    At least 15 days are given. Refused when nothing was paid beyond what is due, or without grounds.
    """
    amount = figures(contract).to_recover
    if amount <= 0:
        act.refuse_if(Reason(_("Nothing was paid beyond what is due.")))
    if Recovery.objects.filter(contract=contract).exists():
        act.refuse_if(Reason(_("The recovery is already open.")))
    grounds = said(act, grounds, "grounds", _("Give the grounds of the recovery, in law and in fact."))
    if days < dates.CONTRADICTORY_MIN_DAYS:
        act.refuse_if(
            Reason(
                _("At least %(days)s days are given for observations.")
                % {"days": dates.CONTRADICTORY_MIN_DAYS},
                "days",
            )
        )
    recovery = Recovery.objects.create(
        case=act.case,
        contract=contract,
        amount=amount,
        grounds=grounds,
        heard_before=dates.contradictory_due(act.today, days),
        opened_by=act.person.user,
        opened_at=act.now,
    )
    act.record(
        recovery,
        reasons=grounds,
        snapshot={
            "paid": contract.paid,
            "due": contract.settled_amount,
            "amount": amount,
            "heard_before": recovery.heard_before,
        },
    )
    act.enqueue(
        "letter",
        template="recovery_notice",
        audience="parties",
        code="recovery-notice",
        title="Lettre contradictoire avant reversement",
        data=documents.recovery_notice_data(recovery, actor=act.person, now=act.now),
    )
    return recovery


@action(
    "contracts.send_observations",
    label=gettext_lazy("Send the observations"),
    done=gettext_lazy("Observations received"),
    when=HEARING,
)
def send_observations(act: Act, recovery: Recovery, *, observations: str) -> Recovery:
    """Answer before the decision. Taken into account until it is made, even after the day given."""
    if recovery.observed_at is not None:
        act.refuse_if(Reason(_("Observations were already sent. Write a message to add to them.")))
    recovery.observations = said(act, observations, "observations", _("Write your observations."))
    recovery.observed_at = act.now
    recovery.save(update_fields=["observations", "observed_at"])
    act.record(recovery, snapshot={"observations": recovery.observations})
    return recovery


@action(
    "contracts.end_hearing",
    label=gettext_lazy("End the hearing"),
    done=gettext_lazy("No observations by the day given"),
    when=HEARING,
    system=True,
)
def end_hearing(act: Act, recovery: Recovery) -> Recovery:
    """Note that the day for observations is past."""
    recovery.hearing_ended_at = act.now
    recovery.save(update_fields=["hearing_ended_at"])
    act.record(recovery, snapshot={"heard_before": recovery.heard_before})
    return recovery


@action(
    "contracts.decide_recovery",
    label=gettext_lazy("Decide on the recovery"),
    done=gettext_lazy("Recovery decided"),
    when=HEARING,
)
def decide_recovery(
    act: Act, recovery: Recovery, *, upheld: bool, grounds: str, amount: Decimal | None = None
) -> Recovery:
    """Uphold the recovery, for all or part of the amount, or drop it; by another than who opened it, with reasons.

    Refused before the observations came or their day is past (CRPA L121-1, L211-2, L242-2).
    """
    if recovery.observed_at is None and act.today <= recovery.heard_before:
        act.refuse_if(Reason(_("The beneficiary may still send observations: the decision waits for them.")))
    recovery.decision_grounds = said(act, grounds, "grounds", _("Give the grounds of the decision."))
    recovery.decided_by, recovery.decided_at = act.person.user, act.now
    if upheld:
        decided = recovery.amount if amount is None else amount
        if not 0 < decided <= recovery.amount or decided != decided.quantize(CENT):
            act.refuse_if(
                Reason(
                    _("The amount is above zero and at most %(amount)s, which was notified.")
                    % {"amount": euros(recovery.amount)},
                    "amount",
                )
            )
        recovery.decided_amount = decided
        recovery.pay_before = dates.days_after(act.today, REPAYMENT_DAYS)
    act.move(recovery, "decide" if upheld else "drop")
    recovery.save()
    act.record(
        recovery,
        reasons=recovery.decision_grounds,
        snapshot={
            "upheld": upheld,
            "amount": recovery.decided_amount,
            "pay_before": recovery.pay_before,
            "observations": recovery.observations,
        },
    )
    if upheld:
        act.enqueue(
            "letter",
            template="recovery_decision",
            audience="parties",
            code="recovery-decision",
            title="Décision de reversement",
            data=documents.recovery_decision_data(recovery, actor=act.person, now=act.now),
        )
    with override("fr"):
        act.notify(
            [beneficiary_audience(act)],
            "recovery",
            _("Decision on the recovery"),
            _("%(amount)s are to be given back before %(day)s.")
            % {"amount": euros(recovery.decided_amount), "day": f"{recovery.pay_before:%d/%m/%Y}"}
            if recovery.decided_amount is not None
            else _("The Region gives up the recovery after reading your observations."),
            f"/recoveries/{recovery.pk}/",
        )
    return recovery


@action(
    "contracts.record_recovery",
    label=gettext_lazy("Record the money given back"),
    done=gettext_lazy("Money given back"),
    moves="recover",
)
def record_recovery(act: Act, recovery: Recovery, *, recovered_on: date) -> Recovery:
    """Record that the money came back. Refused for a day before the decision or in the future."""
    assert recovery.decided_at is not None
    decided_on = dates.local_date(recovery.decided_at, zone(act))
    if not decided_on <= recovered_on <= act.today:
        act.refuse_if(Reason(_("The day is between the decision and today."), "recovered_on"))
    act.move(recovery, "recover")
    recovery.recovered_on = recovered_on
    recovery.save(update_fields=["state", "recovered_on"])
    act.record(recovery, snapshot={"amount": recovery.decided_amount, "recovered_on": recovered_on})
    return recovery


@action(
    "contracts.close_dossier",
    label=gettext_lazy("Close the dossier"),
    done=gettext_lazy("Dossier closed"),
    moves="close",
)
def close_dossier(act: Act, contract: Contract) -> Contract:
    """Close the contract, the dossier and its case: read-only from now on, and nothing is awaited any more.

    Refused until every report is accepted, every instalment paid or cancelled, and a recovery settled.
    """
    act.refuse_if(closing_obstacles(contract))
    dossier = contract.dossier
    payments = [i for i in contract.instalments.all() if i.state == InstalmentState.PAID]
    recovery = Recovery.objects.filter(contract=contract, state=RecoveryState.RECOVERED).first()
    recovered = (recovery.decided_amount if recovery else None) or ZERO
    act.move(contract, "close")
    contract.closed_on = act.today
    contract.save(update_fields=["state", "closed_on"])
    act.move(dossier, "close")
    dossier.save(update_fields=["state"])
    act.case.closed_at = act.now
    act.cancel_timers()
    act.record(
        contract,
        snapshot={
            "amount": contract.amount,
            "eligible_cost": contract.settled_cost,
            "subsidy_due": contract.settled_amount,
            "paid": contract.paid,
            "recovered": recovered,
        },
    )
    act.enqueue(
        "letter",
        template="closure",
        audience="parties",
        code="closure",
        title="Attestation de clôture",
        data=documents.closure_data(
            contract,
            payments=payments,
            recovered=recovered,
            values=latest_values(dossier),
            actor=act.person,
            now=act.now,
        ),
    )
    with override("fr"):
        act.notify(
            [beneficiary_audience(act)],
            "closure",
            _("Dossier closed"),
            _("The dossier is closed. Keep its papers for ten years after the last payment."),
            contract_link(contract),
        )
    return contract


__all__ = [
    "close_dossier",
    "decide_recovery",
    "end_hearing",
    "open_recovery",
    "record_recovery",
    "send_observations",
]
