"""The catalogue of supporting documents: who must give which, how long it is valid, where it can be had.

« Dites-le-nous une fois » (CRPA L113-12, D114-9-1): a piece that the administration can obtain by itself
never blocks a dossier. An absent piece that is not indispensable does not suspend the instruction
(CRPA L114-5-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from calls.reference.base import index
from calls.reference.organisations import Family


class Source(StrEnum):
    """Where the piece comes from: the applicant, or an exchange between administrations."""

    APPLICANT = "applicant"
    API_ENTREPRISE = "api_entreprise"
    RNA = "rna"


class When(StrEnum):
    """Circumstance in which the piece is asked for, beside the legal form."""

    ALWAYS = "always"
    PARTNERS = "partners"
    TRAINING = "training"
    IF_CONCERNED = "if_concerned"


EVERYBODY = frozenset(Family)
PRIVATE = frozenset({Family.ASSOCIATION, Family.COMPANY})
ASSOCIATIONS = frozenset({Family.ASSOCIATION})
COMPANIES = frozenset({Family.COMPANY})
PUBLIC_BODIES = frozenset({Family.PUBLIC, Family.LOCAL_AUTHORITY})

TEXT = ("pdf", "docx", "odt")
SHEET = ("pdf", "xlsx", "ods")
SCAN = ("pdf", "jpg", "png")


@dataclass(frozen=True, slots=True)
class PieceDefinition:
    """A piece that a call may require.

    ``validity_months`` is its maximum age at submission, ``None`` where it does not age; ``families`` who
    must give it; ``indispensable`` whether its absence suspends the instruction; ``accepts`` the extensions;
    ``required_from`` the first day on which the law asks for it.
    """

    code: str
    label: str
    families: frozenset[Family]
    indispensable: bool
    source: Source = Source.APPLICANT
    validity_months: int | None = None
    when: When = When.ALWAYS
    accepts: tuple[str, ...] = SCAN
    multiple: bool = False
    required_from: date | None = None
    help: str = ""


PIECES: tuple[PieceDefinition, ...] = (
    PieceDefinition(
        "RIB",
        "Relevé d’identité bancaire",
        EVERYBODY,
        indispensable=True,
        help="Au nom exact du porteur de projet.",
    ),
    PieceDefinition(
        "STATUTS",
        "Statuts en vigueur, datés et signés",
        ASSOCIATIONS,
        indispensable=False,
        source=Source.RNA,
        help="Inutile si les statuts figurent au répertoire national des associations.",
    ),
    PieceDefinition(
        "RECEP",
        "Récépissé de déclaration en préfecture",
        ASSOCIATIONS,
        indispensable=False,
        source=Source.RNA,
    ),
    PieceDefinition(
        "DIRIG",
        "Liste des dirigeants",
        ASSOCIATIONS,
        indispensable=False,
        source=Source.RNA,
        validity_months=12,
        accepts=(*TEXT, "jpg", "png"),
    ),
    PieceDefinition(
        "KBIS",
        "Extrait Kbis",
        COMPANIES,
        indispensable=False,
        source=Source.API_ENTREPRISE,
        validity_months=3,
    ),
    PieceDefinition(
        "SIRENE",
        "Avis de situation au répertoire Sirene",
        PUBLIC_BODIES,
        indispensable=False,
        source=Source.API_ENTREPRISE,
        validity_months=3,
    ),
    PieceDefinition(
        "POUVOIR",
        "Délégation de signature",
        EVERYBODY,
        indispensable=True,
        when=When.IF_CONCERNED,
        help="Si la personne qui signe n’est pas le représentant légal.",
    ),
    PieceDefinition(
        "DELIB",
        "Délibération autorisant la demande",
        PUBLIC_BODIES,
        indispensable=True,
        help="Délibération de l’assemblée, ou décision du conseil d’administration.",
    ),
    PieceDefinition(
        "BP_PROJET",
        "Budget prévisionnel du projet",
        EVERYBODY,
        indispensable=True,
        accepts=SHEET,
        help="Un budget par année pour un projet pluriannuel.",
    ),
    PieceDefinition(
        "BP_STRUCT", "Budget prévisionnel de la structure", PRIVATE, indispensable=True, accepts=SHEET
    ),
    PieceDefinition(
        "COMPTES_N1",
        "Comptes approuvés du dernier exercice clos",
        PRIVATE,
        indispensable=True,
        validity_months=18,
        accepts=SHEET,
        help="Bilan, compte de résultat et annexe.",
    ),
    PieceDefinition(
        "COMPTES_N2", "Comptes approuvés de l’exercice précédent", PRIVATE, indispensable=False, accepts=SHEET
    ),
    PieceDefinition(
        "CAC",
        "Rapport du commissaire aux comptes",
        PRIVATE,
        indispensable=False,
        when=When.IF_CONCERNED,
        help="Au-delà de 153 000 € de subventions publiques dans l’année.",
    ),
    PieceDefinition(
        "RAPPORT_ACT",
        "Rapport d’activité le plus récent",
        PRIVATE,
        indispensable=False,
        validity_months=24,
        accepts=TEXT,
    ),
    PieceDefinition(
        "ATT_URSSAF",
        "Attestation de vigilance sociale",
        PRIVATE,
        indispensable=False,
        source=Source.API_ENTREPRISE,
        validity_months=6,
    ),
    PieceDefinition(
        "ATT_FISC",
        "Attestation de régularité fiscale",
        PRIVATE,
        indispensable=False,
        source=Source.API_ENTREPRISE,
        validity_months=3,
    ),
    PieceDefinition(
        "ATT_HONNEUR",
        "Attestation sur l’honneur signée",
        EVERYBODY,
        indispensable=True,
        help="Exactitude, régularité fiscale et sociale, aides de minimis des trois dernières années, TVA, "
        "absence de démarrage anticipé.",
    ),
    PieceDefinition(
        "CER",
        "Contrat d’engagement républicain",
        ASSOCIATIONS,
        indispensable=True,
        required_from=date(2022, 1, 2),
        help="Associations et fondations, pour toute demande depuis le 2 janvier 2022.",
    ),
    PieceDefinition(
        "LETTRE_PART",
        "Lettre d’engagement de chaque partenaire",
        EVERYBODY,
        indispensable=False,
        when=When.PARTNERS,
        accepts=(*TEXT, "jpg", "png"),
        multiple=True,
    ),
    PieceDefinition(
        "CONV_PART",
        "Convention de partenariat",
        EVERYBODY,
        indispensable=False,
        when=When.PARTNERS,
        accepts=TEXT,
    ),
    PieceDefinition(
        "CV",
        "CV de l’équipe du projet",
        EVERYBODY,
        indispensable=False,
        accepts=TEXT,
        multiple=True,
    ),
    PieceDefinition(
        "NDA",
        "Récépissé de déclaration d’activité de formation",
        EVERYBODY,
        indispensable=False,
        source=Source.API_ENTREPRISE,
        when=When.TRAINING,
    ),
    PieceDefinition(
        "QUALIOPI",
        "Certificat Qualiopi",
        EVERYBODY,
        indispensable=True,
        validity_months=36,
        when=When.TRAINING,
        required_from=date(2022, 1, 1),
        help="Catégorie « actions de formation », valable au démarrage du projet.",
    ),
    PieceDefinition(
        "RNCP",
        "Habilitation à préparer la certification visée",
        EVERYBODY,
        indispensable=False,
        when=When.TRAINING,
    ),
    PieceDefinition(
        "ANNEXE_INDIC",
        "Annexe des indicateurs",
        EVERYBODY,
        indispensable=False,
        accepts=(*SHEET, "docx", "odt"),
    ),
)

PIECE_BY_CODE = index(PIECES)


def pieces_for(family: Family) -> tuple[PieceDefinition, ...]:
    """The pieces that concern an applicant of this family, in the order of the catalogue."""
    return tuple(piece for piece in PIECES if family in piece.families)
