"""What the text of a contract says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import LegalForm, Membership, Organisation
from calls.models import BudgetBasis, BudgetLine, BudgetSide, Dossier, IndicatorKind, IndicatorNature
from calls.queries import document_frame, public_label, recipient_block, territory_label
from calls.reference import AID_BASES, CLAUSE_BY_CODE, CLAUSES, REPUBLICAN_COMMITMENTS
from contracts.calendar import NOTICE_DAYS, PlannedReport
from contracts.documents.spelled import amount_in_words
from contracts.documents.words import (
    CONDITIONS,
    CONTENTS,
    INSTALMENT_LABELS,
    LEGAL_FORMS,
    UNSAID,
    long_day,
    lower,
    rate_words,
    report_label,
    siret,
)
from contracts.models import BankAccount, Contract
from contracts.money import PlannedInstalment
from reviews.models import Decision, Reservation, ReservationKind
from workflows.dates import add_months
from workflows.formats import format_money, format_percent

COMMISSION = "commission permanente du conseil régional"
AID = {term.code: term.label for term in AID_BASES}
BASES = {BudgetBasis.WITH_TAX: "toutes taxes comprises", BudgetBasis.WITHOUT_TAX: "hors taxes"}
#: How the eligible costs are counted (domain §4.4), in the clause on the tax.
VAT_BASES = {
    BudgetBasis.WITH_TAX: "toutes taxes comprises, le bénéficiaire attestant qu’il ne récupère pas la taxe",
    BudgetBasis.WITHOUT_TAX: "hors taxes, le bénéficiaire récupérant la taxe",
}
#: Months after the end of the project until which its balance may be asked for (clause CADUCITE).
LAPSE_MONTHS = 12
WHEREAS = (
    "le code général des collectivités territoriales",
    "le code des relations entre le public et l’administration",
    "le code du travail, sixième partie",
    "la loi n° 2000-321 du 12 avril 2000, notamment ses articles 9-1 et 10",
    "le décret n° 2001-495 du 6 juin 2001",
)


def contract_data(
    contract: Contract,
    *,
    decision: Decision,
    signatory: Membership,
    account: BankAccount,
    instalments: Sequence[PlannedInstalment],
    reports: Sequence[PlannedReport],
    reservations: Sequence[Reservation],
    now: datetime,
) -> dict[str, Any]:
    """All that the text of the contract says, as the template ``contract`` wants it."""
    dossier, region = contract.dossier, contract.case.region
    organisation = dossier.organisation
    return document_frame(contract.case, now, reference=contract.number) | {
        "deliberation": {
            "body": COMMISSION,
            "number": decision.deliberation.number,
            "date": long_day(decision.deliberation.voted_on),
        },
        "grantor": {
            "siret": siret(region.siret),
            "represented_by": region.president,
            "capacity": "exerçant la présidence du conseil régional",
            "empowered_by": f"la délibération n° {decision.deliberation.number} du "
            f"{long_day(decision.deliberation.voted_on)}",
        },
        "beneficiary": {
            "name": organisation.name,
            "legal_form": LEGAL_FORMS[LegalForm(organisation.legal_form)],
            "siret": siret(organisation.siret),
            "rna": organisation.rna,
            "address": recipient_block(organisation)["address"],
            "represented_by": signatory.user.get_full_name(),
            "capacity": signatory.capacity or "représentant légal",
        },
        "signing": [
            {
                "party": "Pour le bénéficiaire",
                "name": signatory.user.get_full_name(),
                "capacity": signatory.capacity or "Représentant légal",
            },
            {
                "party": "Pour la Région",
                "name": region.president,
                "capacity": "Présidence du conseil régional",
            },
        ],
        "budget": _budget(dossier),
        "indicators": [
            {
                "label": indicator.label,
                "kind": "impact" if indicator.kind == IndicatorKind.IMPACT else "suivi",
                "nature": "qualitatif" if indicator.nature == IndicatorNature.QUALITATIVE else "quantitatif",
                "baseline": indicator.baseline,
                "target": indicator.target,
                "source": indicator.source,
            }
            for indicator in dossier.indicators.all()
        ],
        "call": dossier.call.title,
        "pact": dossier.call.pact.title,
        "application": contract.case.reference,
        "amount": format_money(contract.amount),
        "eligible_cost": format_money(contract.eligible_cost),
        "rate": rate_words(contract),
        "eligible_from": long_day(contract.starts_on),
        "eligible_until": long_day(contract.ends_on),
        "whereas": list(WHEREAS),
        "articles": _articles(contract, decision, signatory, account, instalments, reports, reservations),
        "project": {
            "title": dossier.title,
            "summary": dossier.summary or UNSAID,
            "axes": f"Axe {dossier.axis.code} – {dossier.axis.label}" if dossier.axis else UNSAID,
            "publics": ", ".join(public_label(code) for code in dossier.publics) or UNSAID,
            "territory": ", ".join(territory_label(code) for code in dossier.territories) or UNSAID,
            "partners": [f"{partner.name} : {partner.role}" for partner in dossier.partners.all()],
            "starts_on": long_day(contract.starts_on),
            "ends_on": long_day(contract.ends_on),
        },
        "reports": [
            {"label": report_label(r.kind, r.number), "content": CONTENTS[r.kind], "due": long_day(r.due_on)}
            for r in reports
        ],
        "instalments": [
            {
                "label": INSTALMENT_LABELS[part.kind],
                "condition": CONDITIONS[part.kind],
                "share": format_percent(Decimal(part.share) / 100),
                "amount": format_money(part.amount),
            }
            for part in instalments
        ],
        "commitments": _commitments(organisation),
        "annexes": ["relevé d’identité bancaire au nom du bénéficiaire, joint au dossier"],
    }


def _commitments(organisation: Organisation) -> list[str]:
    """What an association or a foundation has subscribed to (loi n° 2000-321, art. 10-1)."""
    return list(REPUBLICAN_COMMITMENTS) if organisation.legal_form == LegalForm.ASSOCIATION else []


def lapse_on(contract: Contract) -> date:
    """The day until which the balance may be asked for; what is not paid lapses after it."""
    return add_months(contract.ends_on, LAPSE_MONTHS)


def _budget(dossier: Dossier) -> dict[str, Any]:
    lines = list(dossier.budget.all())
    years = sorted({line.year for line in lines})

    def table(side: str) -> tuple[list[dict[str, Any]], list[str], str]:
        named: dict[str, str] = {}
        amounts: dict[tuple[str, int], Decimal] = {}
        for line in lines:
            if line.side == side:
                named.setdefault(line.code, _line_label(line))
                cell = (line.code, line.year)
                amounts[cell] = amounts.get(cell, Decimal(0)) + line.amount
        rows = [
            {
                "label": label,
                "amounts": [format_money(amounts.get((code, year), Decimal(0))) for year in years],
                "total": format_money(
                    sum((amounts.get((code, year), Decimal(0)) for year in years), Decimal(0))
                ),
            }
            for code, label in sorted(named.items())
        ]
        by_year = [
            sum((amount for (_c, y), amount in amounts.items() if y == year), Decimal(0)) for year in years
        ]
        return rows, [format_money(total) for total in by_year], format_money(sum(by_year, Decimal(0)))

    expenses, expense_totals, expense_total = table(BudgetSide.EXPENSE)
    resources, resource_totals, resource_total = table(BudgetSide.INCOME)
    return {
        "basis": BASES[BudgetBasis(dossier.budget_basis or BudgetBasis.WITH_TAX)],
        "years": [str(year) for year in years],
        "expenses": expenses,
        "expense_totals": expense_totals,
        "expense_total": expense_total,
        "resources": resources,
        "resource_totals": resource_totals,
        "resource_total": resource_total,
    }


def _line_label(line: BudgetLine) -> str:
    number = line.code.split("-")[0]
    return f"{number} – {line.label}" if number.isdigit() else line.label


def _articles(
    contract: Contract,
    decision: Decision,
    signatory: Membership,
    account: BankAccount,
    instalments: Sequence[PlannedInstalment],
    reports: Sequence[PlannedReport],
    reservations: Sequence[Reservation],
) -> list[dict[str, str]]:
    dossier, region = contract.dossier, contract.case.region
    to_settle = [r.text for r in reservations if r.kind == ReservationKind.IN_CONTRACT]
    values = {
        "region": region.name,
        "president": region.president,
        "beneficiary": dossier.organisation.name,
        "beneficiary_siret": siret(dossier.organisation.siret),
        "representative": signatory.user.get_full_name(),
        "call": dossier.call.title,
        "dossier": contract.case.reference,
        "project": dossier.title,
        "deliberation": decision.deliberation.number,
        "deliberation_date": long_day(decision.deliberation.voted_on),
        "amount": format_money(contract.amount),
        "amount_words": amount_in_words(contract.amount),
        "rate": rate_words(contract),
        "eligible_base": format_money(contract.eligible_cost),
        "starts_on": long_day(contract.starts_on),
        "ends_on": long_day(contract.ends_on),
        "instalments": " ; ".join(
            f"{INSTALMENT_LABELS[part.kind].lower()} de {format_percent(Decimal(part.share) / 100)}, soit "
            f"{format_money(part.amount)}, {lower(CONDITIONS[part.kind])}"
            for part in instalments
        ),
        "reports": " ; ".join(
            f"{lower(report_label(r.kind, r.number))}, au plus tard le {long_day(r.due_on)}" for r in reports
        )
        + f" ; aucun n’est dû moins de {NOTICE_DAYS} jours après la signature de la convention",
        "aid_basis": AID[dossier.call.aid_basis],
        "reservations": " ; ".join(to_settle),
        "account_holder": account.holder,
        "account": account.masked,
        "vat_basis": VAT_BASES[BudgetBasis(dossier.budget_basis or BudgetBasis.WITH_TAX)],
        "lapse_on": long_day(lapse_on(contract)),
        "service": region.service_name,
        "court": lower(region.court),
    }
    non_profit = dossier.organisation.legal_form == LegalForm.ASSOCIATION
    articles: list[dict[str, str]] = []
    for clause in CLAUSES:
        if clause.non_profit_only and not non_profit:
            continue
        if clause.code == "RESERVES" and not to_settle:
            continue
        if clause is CLAUSE_BY_CODE["AVENANT"]:  # particular clauses come before how to change them
            articles.extend({"title": c["title"], "text": c["text"]} for c in contract.clauses)
        articles.append({"code": clause.code, "title": clause.label, "text": clause.filled(values)})
    return articles
