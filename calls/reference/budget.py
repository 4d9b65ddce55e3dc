"""Lines of a project's budget and financing plan, after the chart of accounts of associations.

Charges equal resources to the cent, each year and overall; volunteering (86) equals its counterpart (87).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from calls.reference.base import index

INDIRECT_CAP = Decimal("0.15")
"""Indirect charges, at most, as a share of the eligible direct charges."""

REGION_LINE = "74-REGION"
"""The line that holds the amount requested from the Region under the Pact."""


class Side(StrEnum):
    """A line is a charge (class 6) or a resource (class 7)."""

    CHARGE = "charge"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of the budget.

    ``eligible`` charges enter the base of the subsidy; ``public`` resources count in the ceiling of public
    funding; ``in_kind`` lines (86, 87) are valued and never paid.
    """

    code: str
    label: str
    side: Side
    eligible: bool = True
    public: bool = False
    in_kind: bool = False
    help: str = ""


CHARGES: tuple[BudgetLine, ...] = (
    BudgetLine("60", "Achats", Side.CHARGE, help="Fournitures, matériel pédagogique, énergie"),
    BudgetLine(
        "61", "Services extérieurs", Side.CHARGE, help="Locations, entretien, assurance, documentation"
    ),
    BudgetLine(
        "62",
        "Autres services extérieurs",
        Side.CHARGE,
        help="Intervenants, déplacements, communication, missions",
    ),
    BudgetLine("63", "Impôts et taxes", Side.CHARGE, help="Taxes assises sur les rémunérations"),
    BudgetLine("64", "Charges de personnel", Side.CHARGE, help="Rémunérations et charges sociales"),
    BudgetLine("65", "Autres charges de gestion courante", Side.CHARGE),
    BudgetLine("66", "Charges financières", Side.CHARGE, eligible=False),
    BudgetLine("67", "Charges exceptionnelles", Side.CHARGE, eligible=False),
    BudgetLine("68", "Dotations aux amortissements et provisions", Side.CHARGE),
    BudgetLine("69", "Impôt sur les bénéfices", Side.CHARGE, eligible=False),
    BudgetLine(
        "CI",
        "Charges indirectes affectées au projet",
        Side.CHARGE,
        help="Au plus 15 % des charges directes éligibles",
    ),
    BudgetLine(
        "86", "Emplois des contributions volontaires en nature", Side.CHARGE, eligible=False, in_kind=True
    ),
)

RESOURCES: tuple[BudgetLine, ...] = (
    BudgetLine("70", "Ventes de produits et de prestations", Side.RESOURCE),
    BudgetLine("73", "Concours publics", Side.RESOURCE, public=True),
    BudgetLine("74-ETAT", "Subvention de l'État", Side.RESOURCE, public=True),
    BudgetLine(REGION_LINE, "Subvention de la Région demandée au titre du Pacte", Side.RESOURCE, public=True),
    BudgetLine("74-REGIONS", "Subvention d'autres Régions", Side.RESOURCE, public=True),
    BudgetLine("74-DEPT", "Subvention de départements", Side.RESOURCE, public=True),
    BudgetLine("74-EPCI", "Subvention de communes et d'intercommunalités", Side.RESOURCE, public=True),
    BudgetLine("74-FSE", "Fonds social européen", Side.RESOURCE, public=True),
    BudgetLine("74-OPCO", "Opérateurs de compétences", Side.RESOURCE),
    BudgetLine("74-EMPLOI", "Service public de l'emploi", Side.RESOURCE, public=True),
    BudgetLine("74-PRIVE", "Fondations et financeurs privés", Side.RESOURCE),
    BudgetLine("75", "Autres produits de gestion courante", Side.RESOURCE, help="Cotisations, fonds propres"),
    BudgetLine("76", "Produits financiers", Side.RESOURCE),
    BudgetLine("77", "Produits exceptionnels", Side.RESOURCE),
    BudgetLine("78", "Reprises sur amortissements et provisions", Side.RESOURCE),
    BudgetLine("79", "Transferts de charges", Side.RESOURCE),
    BudgetLine("87", "Contributions volontaires en nature", Side.RESOURCE, in_kind=True),
)

BUDGET_LINES: tuple[BudgetLine, ...] = CHARGES + RESOURCES
LINE_BY_CODE = index(BUDGET_LINES)
