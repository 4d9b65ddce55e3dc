"""Lines of a project's budget and financing plan, after the chart of accounts of associations.

Expenses equal incomes to the cent, each year and overall; volunteering (86) equals its counterpart (87).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from calls.reference.base import index

INDIRECT_CAP = Decimal("0.15")
"""Indirect expenses, at most, as a share of the eligible direct ones."""

REGION_LINE = "74-REGION"
"""The line that holds the amount requested from the Region under the Pact."""


class Side(StrEnum):
    """A line is an expense (class 6) or an income (class 7)."""

    EXPENSE = "expense"
    INCOME = "income"


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of the budget.

    ``eligible`` expenses enter the base of the subsidy; ``public`` incomes count in the ceiling of public
    funding; ``in_kind`` lines (86, 87) are valued and never paid.
    """

    code: str
    label: str
    side: Side
    eligible: bool = True
    public: bool = False
    in_kind: bool = False
    help: str = ""


EXPENSES: tuple[BudgetLine, ...] = (
    BudgetLine("60", "Achats", Side.EXPENSE, help="Fournitures, matériel pédagogique, énergie"),
    BudgetLine(
        "61", "Services extérieurs", Side.EXPENSE, help="Locations, entretien, assurance, documentation"
    ),
    BudgetLine(
        "62",
        "Autres services extérieurs",
        Side.EXPENSE,
        help="Intervenants, déplacements, communication, missions",
    ),
    BudgetLine("63", "Impôts et taxes", Side.EXPENSE, help="Taxes assises sur les rémunérations"),
    BudgetLine("64", "Charges de personnel", Side.EXPENSE, help="Rémunérations et charges sociales"),
    BudgetLine("65", "Autres charges de gestion courante", Side.EXPENSE),
    BudgetLine("66", "Charges financières", Side.EXPENSE, eligible=False),
    BudgetLine("67", "Charges exceptionnelles", Side.EXPENSE, eligible=False),
    BudgetLine("68", "Dotations aux amortissements et provisions", Side.EXPENSE),
    BudgetLine("69", "Impôt sur les bénéfices", Side.EXPENSE, eligible=False),
    BudgetLine(
        "CI",
        "Charges indirectes affectées au projet",
        Side.EXPENSE,
        help="Au plus 15 % des charges directes éligibles",
    ),
    BudgetLine(
        "86", "Emplois des contributions volontaires en nature", Side.EXPENSE, eligible=False, in_kind=True
    ),
)

INCOMES: tuple[BudgetLine, ...] = (
    BudgetLine("70", "Ventes de produits et de prestations", Side.INCOME),
    BudgetLine("73", "Concours publics", Side.INCOME, public=True),
    BudgetLine("74-ETAT", "Subvention de l’État", Side.INCOME, public=True),
    BudgetLine(REGION_LINE, "Subvention de la Région demandée au titre du Pacte", Side.INCOME, public=True),
    BudgetLine("74-REGIONS", "Subvention d’autres Régions", Side.INCOME, public=True),
    BudgetLine("74-DEPT", "Subvention de départements", Side.INCOME, public=True),
    BudgetLine("74-EPCI", "Subvention de communes et d’intercommunalités", Side.INCOME, public=True),
    BudgetLine("74-FSE", "Fonds social européen", Side.INCOME, public=True),
    BudgetLine("74-OPCO", "Opérateurs de compétences", Side.INCOME),
    BudgetLine("74-EMPLOI", "Service public de l’emploi", Side.INCOME, public=True),
    BudgetLine("74-PRIVE", "Fondations et financeurs privés", Side.INCOME),
    BudgetLine("75", "Autres produits de gestion courante", Side.INCOME, help="Cotisations, fonds propres"),
    BudgetLine("76", "Produits financiers", Side.INCOME),
    BudgetLine("77", "Produits exceptionnels", Side.INCOME),
    BudgetLine("78", "Reprises sur amortissements et provisions", Side.INCOME),
    BudgetLine("79", "Transferts de charges", Side.INCOME),
    BudgetLine("87", "Contributions volontaires en nature", Side.INCOME, in_kind=True),
)

BUDGET_LINES: tuple[BudgetLine, ...] = EXPENSES + INCOMES
LINE_BY_CODE = index(BUDGET_LINES)
