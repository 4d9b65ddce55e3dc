"""The default scoring grid: eight criteria scored 0 to 5, weights that sum to 100.

A dossier is eliminated by a score under ``ELIMINATORY_BELOW`` on a starred criterion, and not selected under
``THRESHOLD`` points. The rule is published with the call (CRPA L312-1-3).
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.reference.base import index

THRESHOLD = 60
MAX_SCORE = 5
ELIMINATORY_BELOW = 2


@dataclass(frozen=True, slots=True)
class CriterionDefinition:
    """A line of the grid; ``guidance`` says what each score from 0 to 5 means."""

    code: str
    label: str
    description: str
    weight: int
    eliminatory: bool
    guidance: tuple[str, str, str, str, str, str]


GRID: tuple[CriterionDefinition, ...] = (
    CriterionDefinition(
        "C1",
        "Pertinence",
        "Réponse à un besoin identifié dans l’état des lieux, aux axes et aux publics du Pacte",
        20,
        eliminatory=True,
        guidance=(
            "Hors du champ de l’appel",
            "Lien affirmé, sans besoin identifié",
            "Besoin réel mais étayé par peu de données",
            "Besoin étayé, public défini, lien avec l’axe clair",
            "Besoin documenté localement et partagé avec les acteurs",
            "Besoin prioritaire de l’état des lieux, démontré et non couvert",
        ),
    ),
    CriterionDefinition(
        "C2",
        "Caractère innovant",
        "Innovation ou expérimentation, plus-value par rapport au droit commun, complémentarité avec les "
        "programmes "
        "nationaux",
        15,
        eliminatory=True,
        guidance=(
            "Reconduction d’une action existante",
            "Nouveauté de présentation seulement",
            "Adaptation limitée d’une action existante",
            "Plus-value réelle par rapport au droit commun",
            "Démarche nouvelle dans la région, complémentarité vérifiée",
            "Expérimentation solide, hypothèse claire, effets mesurables",
        ),
    ),
    CriterionDefinition(
        "C3",
        "Qualité du parcours et de la pédagogie",
        "Individualisation, situation de travail, certification, sécurisation du parcours",
        15,
        eliminatory=False,
        guidance=(
            "Parcours non décrit",
            "Programme identique pour tous",
            "Quelques adaptations, accompagnement peu décrit",
            "Positionnement, étapes et accompagnement décrits",
            "Parcours individualisé, mises en situation, certification visée",
            "Parcours sécurisé de l’amont à l’aval, preuves à l’appui",
        ),
    ),
    CriterionDefinition(
        "C4",
        "Partenariat et gouvernance",
        "Entreprises, service public de l’emploi, insertion par l’activité économique, organismes de "
        "formation",
        10,
        eliminatory=False,
        guidance=(
            "Aucun partenaire",
            "Partenaires cités sans engagement",
            "Quelques lettres, rôles flous",
            "Rôles répartis, comité de pilotage prévu",
            "Engagements signés, moyens apportés",
            "Gouvernance éprouvée, entreprises et prescripteurs parties prenantes",
        ),
    ),
    CriterionDefinition(
        "C5",
        "Faisabilité",
        "Équipe, calendrier, capacité financière du porteur",
        10,
        eliminatory=True,
        guidance=(
            "Projet irréalisable en l’état",
            "Équipe ou trésorerie très insuffisantes",
            "Calendrier tendu, risques non traités",
            "Équipe et calendrier crédibles",
            "Risques identifiés, solutions prévues",
            "Capacité démontrée par des projets comparables",
        ),
    ),
    CriterionDefinition(
        "C6",
        "Budget",
        "Cohérence, coût par bénéficiaire, cofinancements",
        10,
        eliminatory=False,
        guidance=(
            "Budget inexploitable",
            "Postes injustifiés ou hors de proportion",
            "Cohérence partielle, cofinancements incertains",
            "Budget cohérent, coût par bénéficiaire dans la moyenne",
            "Postes justifiés, cofinancements acquis",
            "Budget exemplaire, effet de levier démontré",
        ),
    ),
    CriterionDefinition(
        "C7",
        "Suivi, évaluation et capitalisation",
        "Indicateurs de suivi et d’impact, évaluation, essaimage",
        10,
        eliminatory=False,
        guidance=(
            "Aucun indicateur",
            "Indicateurs sans valeur ni cible",
            "Suivi décrit, impact peu mesuré",
            "Indicateurs de suivi et d’impact avec cibles",
            "Dispositif d’évaluation en continu",
            "Évaluation partagée, conditions d’essaimage décrites",
        ),
    ),
    CriterionDefinition(
        "C8",
        "Publics prioritaires et territoires",
        "Quartiers prioritaires, territoires ruraux, égalité entre les femmes et les hommes, handicap, "
        "transitions",
        10,
        eliminatory=False,
        guidance=(
            "Publics prioritaires absents",
            "Intention sans moyens",
            "Un public prioritaire, sans objectif chiffré",
            "Objectifs chiffrés pour les publics prioritaires",
            "Actions spécifiques de mobilisation et de levée des freins",
            "Publics et territoires prioritaires au cœur du projet",
        ),
    ),
)

CRITERION_BY_CODE = index(GRID)
