"""The letters and certificates that follow a contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.actors import Actor
from accounts.models import User
from calls.queries import document_frame, letter_frame, remedies
from calls.reference import CLAUSE_BY_CODE
from contracts.documents.spelled import amount_in_words
from contracts.documents.words import (
    ACCOUNTANT,
    INSTALMENT_LABELS,
    UNSAID,
    day_of,
    day_or_unsaid,
    long_day,
    lower,
    report_label,
    siret,
)
from contracts.models import Contract, Instalment, InstalmentKind, Recovery, Report
from reviews.queries.letters import signatory
from workflows.dates import local_date
from workflows.formats import format_date, format_money

KEPT_YEARS = 10


def _letter(contract: Contract, number: str, now: datetime, actor: Actor | None) -> dict[str, Any]:
    """The frame of a letter of this stage; the service itself signs a reminder that the clock sends."""
    region = contract.case.region
    who = (
        signatory(actor, region)
        if actor
        else {"name": region.service_name, "capacity": "Service instructeur"}
    )
    officer = actor.user.get_full_name() if actor else ""
    return letter_frame(contract.case, now, reference=f"{contract.number}/{number}", officer=officer) | {
        "signatories": [who],
        "contract": _contract(contract),
    }


def _contract(contract: Contract) -> dict[str, str]:
    return {
        "number": contract.number,
        "project": contract.dossier.title,
        "beneficiary": contract.dossier.organisation.name,
        "amount": format_money(contract.amount),
    }


def service_done_data(
    instalment: Instalment, *, proposer: User, actor: Actor, report: Report | None, now: datetime
) -> dict[str, Any]:
    """The certificate of service done, by somebody other than who proposed the payment."""
    contract = instalment.contract
    assert instalment.amount is not None
    checks = [
        {
            "label": "Convention",
            "result": f"Signée par les deux parties le {day_or_unsaid(contract.signed_on)}.",
        },
        {"label": "Bilans", "result": "Aucun bilan dû n’est en retard."},
    ]
    if report is not None:
        checks.append(
            {
                "label": report_label(report.kind, report.number),
                "result": f"Accepté le {day_of(report.accepted_at, report)}.",
            }
        )
    reference = f"{contract.number}/SF{instalment.number}"
    data = document_frame(contract.case, now, reference=reference) | {
        "signatories": [signatory(actor, contract.case.region)],
        "contract": _contract(contract),
        "instalment": INSTALMENT_LABELS[InstalmentKind(instalment.kind)],
        "claimed_on": day_of(instalment.claimed_at, instalment)
        if instalment.claimed_at
        else "sans objet (avance)",
        "proposed_by": proposer.get_full_name(),
        "checks": checks,
        "payable": format_money(instalment.amount),
    }
    if report is not None and instalment.kind == InstalmentKind.BALANCE:
        expenses = list(report.expenses.all())
        data |= {
            "spending": [
                {
                    "label": f"{expense.code} – {expense.label}",
                    "declared": format_money(expense.amount),
                    "accepted": format_money(
                        expense.amount if expense.accepted is None else expense.accepted
                    ),
                    "reason": expense.reason,
                }
                for expense in expenses
            ],
            "spending_declared": format_money(sum((e.amount for e in expenses), Decimal(0))),
            "spending_accepted": format_money(
                sum((e.amount if e.accepted is None else e.accepted for e in expenses), Decimal(0))
            ),
        }
    return data


def payment_statement_data(
    instalment: Instalment,
    *,
    paid_before: Sequence[Instalment],
    report: Report | None,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """The statement that goes with the payment order: what is due, by which reckoning, to whom (CGCT D1617-19, annexe I)."""
    contract, account = instalment.contract, instalment.account
    decision = contract.data["deliberation"]
    assert instalment.amount is not None
    assert account is not None
    assert instalment.certified_by is not None
    label = INSTALMENT_LABELS[InstalmentKind(instalment.kind)]
    certified_on = day_of(instalment.certified_at, instalment)
    vouchers = [
        f"délibération n° {decision['number']} du {decision['date']}",
        f"convention n° {contract.number}, signée par les deux parties le {day_or_unsaid(contract.signed_on)}",
        f"certificat de service fait du {certified_on}",
        "relevé d’identité bancaire",
    ]
    if report is not None:
        accepted_on = day_of(report.accepted_at, report)
        vouchers.insert(3, f"{lower(report_label(report.kind, report.number))}, accepté le {accepted_on}")
    return document_frame(contract.case, now, reference=f"{contract.number}/EL{instalment.number}") | {
        "signatories": [signatory(actor, contract.case.region)],
        "contract": _contract(contract),
        "deliberation": decision,
        "instalment": label,
        "siret": siret(contract.dossier.organisation.siret),
        "account_holder": account.holder,
        "iban": account.spelled,
        "order": instalment.payment_reference,
        "certified_on": certified_on,
        "certified_by": instalment.certified_by.get_full_name(),
        "steps": _reckoning(instalment, sum((p.amount or Decimal(0) for p in paid_before), Decimal(0))),
        "paid_before": [
            {
                "label": INSTALMENT_LABELS[InstalmentKind(p.kind)],
                "date": day_or_unsaid(p.paid_on),
                "amount": format_money(p.amount or Decimal(0)),
            }
            for p in paid_before
        ],
        "payable": format_money(instalment.amount),
        "payable_words": amount_in_words(instalment.amount),
        "pay_by": day_or_unsaid(instalment.due_on),
        "vouchers": vouchers,
        "accountant": ACCOUNTANT,
    }


def _reckoning(instalment: Instalment, paid: Decimal) -> list[dict[str, str]]:
    """How the amount is arrived at, line by line."""
    contract, amount = instalment.contract, instalment.amount or Decimal(0)
    if instalment.kind == InstalmentKind.BALANCE and contract.settled_amount is not None:
        lines = [
            ("Subvention due au vu du bilan final", contract.settled_amount),
            ("Versements antérieurs, à déduire", -paid),
        ]
        reached = contract.settled_amount - paid
    else:
        lines = [("Montant prévu par l’échéancier de la convention", instalment.planned_amount)]
        reached = instalment.planned_amount
    if amount != reached:
        lines.append(("Réduction décidée par le service instructeur", amount - reached))
    return [{"label": label, "amount": format_money(value)} for label, value in lines]


def reminder_data(report: Report, *, rank: int, due_on: date, url: str, now: datetime) -> dict[str, Any]:
    """The letter that asks again for a report that is late."""
    contract = report.contract
    return _letter(contract, f"R{report.number}-{rank}", now, None) | {
        "report": report_label(report.kind, report.number),
        "rank": "première" if rank == 1 else "deuxième",
        "was_due_on": format_date(report.due_on),
        "due_on": format_date(due_on),
        "content": [
            "les valeurs des indicateurs ;",
            "le récit de la période ;",
            "l’état des dépenses, comparé au budget.",
        ],
        "report_url": url,
    }


def recovery_notice_data(recovery: Recovery, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The letter that hears the beneficiary before anything is asked back (CRPA L121-1, L122-1)."""
    contract = recovery.contract
    assert contract.settled_amount is not None
    return _letter(contract, "REV", now, actor) | {
        "paid": format_money(contract.paid),
        "due": format_money(contract.settled_amount),
        "recoverable": format_money(recovery.amount),
        "findings": [
            {
                "rule": f"Articles « {CLAUSE_BY_CODE['MONTANT'].label} » et « {CLAUSE_BY_CODE['REVERSEMENT'].label} » de la "
                "convention",
                "fact": recovery.grounds,
                "amount": format_money(recovery.amount),
            }
        ],
        "reply_by": format_date(recovery.heard_before),
        "file_access": "sur le portail, dans les pages de votre dossier",
    }


def recovery_decision_data(recovery: Recovery, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The reasoned decision to have an amount given back (CRPA L211-2, L211-5, L242-2)."""
    contract = recovery.contract
    assert recovery.decided_amount is not None
    assert recovery.pay_before is not None
    return _letter(contract, "REV-D", now, actor) | {
        "grounds": [
            {
                "label": "Subvention versée au-delà de ce qui est dû",
                "rule": "Article 10 de la loi n° 2000-321 du 12 avril 2000 ; article « "
                f"{CLAUSE_BY_CODE['REVERSEMENT'].label} » de la convention n° {contract.number}",
                "fact": recovery.decision_grounds,
            }
        ],
        "remedies": remedies(recovery.case.region),
        "notice_sent_on": day_of(recovery.opened_at, recovery),
        "observations": recovery.observations,
        "withdrawal": False,
        "paid": format_money(contract.paid),
        "due": format_money(contract.paid - recovery.decided_amount),
        "recoverable": format_money(recovery.decided_amount),
        "pay_by": format_date(recovery.pay_before),
        "accountant": ACCOUNTANT,
    }


def closure_data(
    contract: Contract,
    *,
    payments: Sequence[Instalment],
    recovered: Decimal,
    values: Mapping[Any, Any],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """The certificate that the dossier is closed. ``values``: the last accepted value of each indicator, by its id."""
    today = local_date(now, contract.case.region.zone)
    settled, cost = contract.settled_amount, contract.settled_cost
    assert settled is not None
    assert cost is not None
    last = max((p.paid_on for p in payments if p.paid_on), default=today)
    return _letter(contract, "CL", now, actor) | {
        "starts_on": long_day(contract.starts_on),
        "ends_on": long_day(contract.ends_on),
        "eligible_spent": format_money(cost),
        "payments": [
            {
                "label": INSTALMENT_LABELS[InstalmentKind(p.kind)],
                "date": day_or_unsaid(p.paid_on),
                "amount": format_money(p.amount or Decimal(0)),
            }
            for p in payments
        ],
        "paid": format_money(contract.paid),
        "recovered": format_money(recovered) if recovered else "",
        "final_grant": format_money(contract.paid - recovered),
        "closed_on": format_date(today),
        "results": [
            {
                "label": indicator.label,
                "target": indicator.target,
                "value": _value_words(values.get(indicator.pk), indicator.unit),
            }
            for indicator in contract.dossier.indicators.all()
        ],
        "keep_until": format_date(_years_later(last, KEPT_YEARS)),
    }


def _value_words(value: Any, unit: str) -> str:
    if value is None or value.number is None:
        return UNSAID
    return f"{value.number.normalize():f}".replace(".", ",") + (f" {unit}" if unit else "")


def _years_later(day: date, years: int) -> date:
    # The day after so many whole years: a 29 February ends on 1 March.
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)
