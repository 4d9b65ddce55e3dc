"""Legal forms: INSEE's categories, and the few families of them that change which pieces and rules apply."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from calls.reference.base import index


class Family(StrEnum):
    """Families of legal forms."""

    ASSOCIATION = "association"
    COMPANY = "company"
    PUBLIC = "public"
    LOCAL_AUTHORITY = "local_authority"


PRIVATE_LAW = frozenset({Family.ASSOCIATION, Family.COMPANY})


@dataclass(frozen=True, slots=True)
class LegalCategory:
    """A category of INSEE's nomenclature (level III, four digits) and its family."""

    code: str
    label: str
    family: Family

    @property
    def private_law(self) -> bool:
        """Whether a contract is mandatory above 23 000 € (law 2000-321, art. 10: private bodies only)."""
        return self.family in PRIVATE_LAW


LEGAL_CATEGORIES: tuple[LegalCategory, ...] = (
    LegalCategory("9220", "Association déclarée", Family.ASSOCIATION),
    LegalCategory("9221", "Association déclarée d’insertion par l’économique", Family.ASSOCIATION),
    LegalCategory("9222", "Association intermédiaire", Family.ASSOCIATION),
    LegalCategory("9223", "Groupement d’employeurs", Family.ASSOCIATION),
    LegalCategory("9230", "Association déclarée, reconnue d’utilité publique", Family.ASSOCIATION),
    LegalCategory("9260", "Association de droit local (Bas-Rhin, Haut-Rhin et Moselle)", Family.ASSOCIATION),
    LegalCategory("9300", "Fondation", Family.ASSOCIATION),
    LegalCategory("8410", "Syndicat de salariés", Family.ASSOCIATION),
    LegalCategory("8420", "Syndicat patronal", Family.ASSOCIATION),
    LegalCategory("5458", "SARL coopérative ouvrière de production (SCOP)", Family.COMPANY),
    LegalCategory("5460", "Autre SARL coopérative", Family.COMPANY),
    LegalCategory("5498", "SARL unipersonnelle", Family.COMPANY),
    LegalCategory("5499", "Société à responsabilité limitée (SARL)", Family.COMPANY),
    LegalCategory("5599", "SA à conseil d’administration", Family.COMPANY),
    LegalCategory("5710", "Société par actions simplifiée (SAS)", Family.COMPANY),
    LegalCategory("5720", "SAS à associé unique (SASU)", Family.COMPANY),
    LegalCategory("4110", "Établissement public national industriel ou commercial", Family.PUBLIC),
    LegalCategory("7331", "Établissement public local d’enseignement", Family.PUBLIC),
    LegalCategory("7171", "Service déconcentré de l’État à compétence (inter) régionale", Family.PUBLIC),
    LegalCategory("7381", "Organisme consulaire", Family.PUBLIC),
    LegalCategory("7383", "Établissement public scientifique, culturel et professionnel", Family.PUBLIC),
    LegalCategory("7389", "Établissement public national à caractère administratif", Family.PUBLIC),
    LegalCategory("7410", "Groupement d’intérêt public (GIP)", Family.PUBLIC),
    LegalCategory("7210", "Commune", Family.LOCAL_AUTHORITY),
    LegalCategory("7220", "Département", Family.LOCAL_AUTHORITY),
    LegalCategory("7230", "Région", Family.LOCAL_AUTHORITY),
    LegalCategory("7344", "Métropole", Family.LOCAL_AUTHORITY),
    LegalCategory("7346", "Communauté de communes", Family.LOCAL_AUTHORITY),
    LegalCategory("7348", "Communauté d’agglomération", Family.LOCAL_AUTHORITY),
    LegalCategory("7355", "Syndicat mixte ouvert", Family.LOCAL_AUTHORITY),
    LegalCategory("7361", "Centre communal d’action sociale", Family.LOCAL_AUTHORITY),
)

CATEGORY_BY_CODE = index(LEGAL_CATEGORIES)
