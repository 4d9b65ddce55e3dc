"""What is verified before a dossier is assessed, and the grounds on which it may be refused.

A ground is written so that it can stand in a letter: reasons in fact follow, typed by the person who decides
(CRPA L211-2, L211-5). Refusal in a competitive call need not be reasoned, but a reason given must be true.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from calls.reference.base import index
from calls.reference.organisations import Family


class Stage(StrEnum):
    """At which decision the ground may be used."""

    ADMISSIBILITY = "admissibility"
    ELIGIBILITY = "eligibility"
    SELECTION = "selection"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of refusal: its sentence for the letter, and the text it rests on."""

    code: str
    stage: Stage
    label: str
    sentence: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A point to verify, answered by yes or no; a « no » leads to ``ground``.

    ``families`` are the legal forms concerned; ``only_training`` restricts it to projects that train people.
    """

    code: str
    stage: Stage
    label: str
    ground: str
    families: frozenset[Family] = frozenset(Family)
    only_training: bool = False


_CALL_RULES = "Règlement de l’appel publié"

GROUNDS: tuple[Ground, ...] = (
    Ground(
        "IRR-TARDIF",
        Stage.ADMISSIBILITY,
        "Dépôt après la date limite",
        "La demande a été reçue après la date et l’heure limites fixées par le règlement de l’appel, "
        "l’heure de "
        "réception faisant foi.",
        f"{_CALL_RULES}, article relatif au calendrier ; CRPA, art. L112-11",
    ),
    Ground(
        "IRR-CANAL",
        Stage.ADMISSIBILITY,
        "Dépôt par une autre voie",
        "La demande n’a pas été déposée par le téléservice prévu par le règlement de l’appel.",
        "CRPA, art. L112-9 et R112-9-1",
    ),
    Ground(
        "IRR-INCOMPLET",
        Stage.ADMISSIBILITY,
        "Pièces indispensables non produites",
        "Les pièces indispensables demandées n’ont pas été produites dans le délai imparti.",
        "CRPA, art. L114-5, L114-5-1 et R112-11-4",
    ),
    Ground(
        "IRR-SIGNATAIRE",
        Stage.ADMISSIBILITY,
        "Personne non habilitée à engager l’organisme",
        "La demande n’a pas été attestée par une personne habilitée à engager l’organisme, malgré "
        "l’invitation à "
        "régulariser.",
        "CRPA, art. L114-6",
    ),
    Ground(
        "IRR-LANGUE",
        Stage.ADMISSIBILITY,
        "Demande non rédigée en français",
        "La demande ou ses pièces ne sont pas rédigées en français, malgré l’invitation à régulariser.",
        "Constitution, art. 2 ; CRPA, art. L114-6",
    ),
    Ground(
        "INE-PERSONNALITE",
        Stage.ELIGIBILITY,
        "Absence de personnalité morale",
        "L’organisme demandeur n’a pas la personnalité morale exigée par le règlement de l’appel.",
        f"{_CALL_RULES}, article relatif aux porteurs éligibles",
    ),
    Ground(
        "INE-ANCIENNETE",
        Stage.ELIGIBILITY,
        "Ancienneté insuffisante",
        "L’organisme demandeur n’a pas l’ancienneté exigée à la date du dépôt.",
        f"{_CALL_RULES}, article relatif aux porteurs éligibles",
    ),
    Ground(
        "INE-TERRITOIRE",
        Stage.ELIGIBILITY,
        "Absence d’établissement ou d’action dans la région",
        "L’organisme n’a pas d’établissement dans la région, ou le projet ne s’y déroule pas.",
        f"{_CALL_RULES}, article relatif aux territoires",
    ),
    Ground(
        "INE-QUALITE",
        Stage.ELIGIBILITY,
        "Déclaration d’activité ou certification qualité absente",
        "L’organisme qui réalise les actions de formation n’est pas déclaré ou n’est pas certifié au titre "
        "de la "
        "qualité.",
        "Code du travail, art. L6351-1 et L6316-1",
    ),
    Ground(
        "INE-CHAMP",
        Stage.ELIGIBILITY,
        "Projet hors du champ de l’appel",
        "Le projet ne répond à aucun des axes ouverts par l’appel, ou ne vise pas les publics qu’il désigne.",
        f"{_CALL_RULES}, articles relatifs aux axes et aux publics",
    ),
    Ground(
        "INE-BUDGET",
        Stage.ELIGIBILITY,
        "Budget ou taux non conforme",
        "Le budget n’est pas équilibré, ou la subvention demandée dépasse le taux ou les montants fixés par "
        "l’appel.",
        f"{_CALL_RULES}, article relatif aux modalités de financement",
    ),
    Ground(
        "INE-DEMARRAGE",
        Stage.ELIGIBILITY,
        "Projet déjà démarré",
        "Le projet a commencé avant la date à partir de laquelle l’appel admet les dépenses.",
        f"{_CALL_RULES}, article relatif à la durée des projets",
    ),
    Ground(
        "INE-SITUATION",
        Stage.ELIGIBILITY,
        "Situation fiscale ou sociale irrégulière",
        "L’organisme n’est pas à jour de ses obligations fiscales ou sociales.",
        "CRPA, art. L113-13 et D114-9-1 ; règlement de l’appel publié",
    ),
    Ground(
        "INE-CER",
        Stage.ELIGIBILITY,
        "Contrat d’engagement républicain non souscrit",
        "L’association ou la fondation n’a pas souscrit le contrat d’engagement républicain.",
        "Loi n° 2000-321 du 12 avril 2000, art. 10-1 ; décret n° 2021-1947 du 31 décembre 2021",
    ),
    Ground(
        "INE-DETTE",
        Stage.ELIGIBILITY,
        "Dette envers la Région",
        "L’organisme est redevable envers la Région d’une somme exigible au titre d’une subvention "
        "antérieure.",
        f"{_CALL_RULES}, article relatif aux porteurs éligibles",
    ),
    Ground(
        "INE-MINIMIS",
        Stage.ELIGIBILITY,
        "Plafond des aides de minimis dépassé",
        "La subvention demandée porterait le total des aides de minimis de l’entreprise unique au-delà du "
        "plafond "
        "de 300 000 € sur trois ans.",
        "Règlement (UE) 2023/2831 du 13 décembre 2023",
    ),
    Ground(
        "INE-DOUBLE",
        Stage.ELIGIBILITY,
        "Double financement",
        "Les mêmes dépenses sont déjà financées par une autre aide publique.",
        f"{_CALL_RULES}, article relatif au cumul",
    ),
    Ground(
        "REF-CLASSEMENT",
        Stage.SELECTION,
        "Rang insuffisant au regard de l’enveloppe",
        "Compte tenu de l’enveloppe et du nombre de demandes, le projet n’a pas été classé en rang utile.",
        f"{_CALL_RULES}, article relatif à la sélection",
    ),
    Ground(
        "REF-SEUIL",
        Stage.SELECTION,
        "Note inférieure au seuil",
        "La note obtenue est inférieure au seuil fixé par le règlement de l’appel.",
        f"{_CALL_RULES}, grille de notation",
    ),
    Ground(
        "REF-ELIMINATOIRE",
        Stage.SELECTION,
        "Note éliminatoire",
        "Le projet a obtenu une note éliminatoire sur un critère signalé comme tel dans la grille publiée.",
        f"{_CALL_RULES}, grille de notation",
    ),
    Ground(
        "REF-DROIT-COMMUN",
        Stage.SELECTION,
        "Plus-value insuffisante par rapport au droit commun",
        "Le projet ne démontre pas de plus-value suffisante par rapport aux dispositifs existants.",
        f"{_CALL_RULES}, grille de notation, critère 2",
    ),
    Ground(
        "REV-CONDITIONS",
        Stage.RECOVERY,
        "Conditions de l’octroi non respectées",
        "Les conditions mises à l’octroi de la subvention n’ont pas été respectées.",
        "CRPA, art. L242-2, 2° ; art. L211-2, L121-1 et L122-1",
    ),
    Ground(
        "REV-DEPENSES",
        Stage.RECOVERY,
        "Dépenses justifiées inférieures aux sommes versées",
        "Les dépenses éligibles justifiées ouvrent droit à un montant inférieur aux sommes déjà versées.",
        "Convention, article relatif au solde ; loi n° 2000-321 du 12 avril 2000, art. 10",
    ),
    Ground(
        "REV-CER",
        Stage.RECOVERY,
        "Manquement au contrat d’engagement républicain",
        "Les engagements du contrat d’engagement républicain n’ont pas été respectés ; le retrait porte "
        "sur la "
        "période restant à courir.",
        "Loi n° 2000-321 du 12 avril 2000, art. 10-1",
    ),
)

CHECKLIST: tuple[CheckItem, ...] = (
    CheckItem("R-DELAI", Stage.ADMISSIBILITY, "Reçu avant la date et l’heure limites", "IRR-TARDIF"),
    CheckItem("R-CANAL", Stage.ADMISSIBILITY, "Déposé par le téléservice", "IRR-CANAL"),
    CheckItem("R-FORMULAIRE", Stage.ADMISSIBILITY, "Formulaire entièrement rempli", "IRR-INCOMPLET"),
    CheckItem(
        "R-PIECES", Stage.ADMISSIBILITY, "Pièces indispensables présentes et conformes", "IRR-INCOMPLET"
    ),
    CheckItem(
        "R-SIGNATAIRE",
        Stage.ADMISSIBILITY,
        "Attesté par une personne habilitée à engager l’organisme",
        "IRR-SIGNATAIRE",
    ),
    CheckItem("R-LANGUE", Stage.ADMISSIBILITY, "Rédigé en français", "IRR-LANGUE"),
    CheckItem("E-PERSONNALITE", Stage.ELIGIBILITY, "Personnalité morale", "INE-PERSONNALITE"),
    CheckItem("E-ANCIENNETE", Stage.ELIGIBILITY, "Ancienneté d’au moins un an", "INE-ANCIENNETE"),
    CheckItem("E-TERRITOIRE", Stage.ELIGIBILITY, "Établissement et action dans la région", "INE-TERRITOIRE"),
    CheckItem(
        "E-QUALITE",
        Stage.ELIGIBILITY,
        "Déclaration d’activité et certification Qualiopi",
        "INE-QUALITE",
        only_training=True,
    ),
    CheckItem("E-CHAMP", Stage.ELIGIBILITY, "Axe, publics et projet dans le champ de l’appel", "INE-CHAMP"),
    CheckItem("E-EQUILIBRE", Stage.ELIGIBILITY, "Budget équilibré chaque année", "INE-BUDGET"),
    CheckItem("E-TAUX", Stage.ELIGIBILITY, "Taux, plancher et plafond respectés", "INE-BUDGET"),
    CheckItem("E-DEMARRAGE", Stage.ELIGIBILITY, "Projet non commencé", "INE-DEMARRAGE"),
    CheckItem("E-SITUATION", Stage.ELIGIBILITY, "Situation fiscale et sociale régulière", "INE-SITUATION"),
    CheckItem(
        "E-CER",
        Stage.ELIGIBILITY,
        "Contrat d’engagement républicain souscrit",
        "INE-CER",
        families=frozenset({Family.ASSOCIATION}),
    ),
    CheckItem("E-DETTE", Stage.ELIGIBILITY, "Aucune dette envers la Région", "INE-DETTE"),
    CheckItem(
        "E-MINIMIS",
        Stage.ELIGIBILITY,
        "Plafond des aides de minimis respecté",
        "INE-MINIMIS",
        families=frozenset({Family.ASSOCIATION, Family.COMPANY}),
    ),
    CheckItem("E-DOUBLE", Stage.ELIGIBILITY, "Absence de double financement", "INE-DOUBLE"),
)

GROUND_BY_CODE = index(GROUNDS)
CHECK_BY_CODE = index(CHECKLIST)


def grounds_at(stage: Stage) -> tuple[Ground, ...]:
    """The grounds that may be used at ``stage``."""
    return tuple(ground for ground in GROUNDS if ground.stage is stage)
