"""The catalogue of indicators: follow-up or impact, quantitative or qualitative (CNEFOP, II.4).

Codes S- are achievements, I- and Q- effects or judgements, F- costs. Each project picks from here or words
its own; it must hold at least one follow-up and one impact indicator before it can be contracted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from calls.reference.base import Term, index


class Purpose(StrEnum):
    """What the indicator is about: achievements of the project, or effects against the Pact's ambitions."""

    FOLLOW_UP = "follow_up"
    IMPACT = "impact"


class Measure(StrEnum):
    """A number, or a judgement on a scale with its narrative and evidence."""

    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"


class Frequency(StrEnum):
    """How often a value is due."""

    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    AT_END = "at_end"


ALL_AXES = ("A1", "A2", "A3", "A4")


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """An indicator of the catalogue.

    ``numerator`` and ``denominator`` are worded for rates, which are values between 0 and 100 in %;
    ``higher_is_better`` says which way is progress.
    """

    code: str
    label: str
    purpose: Purpose
    measure: Measure
    unit: str
    axes: tuple[str, ...]
    frequency: Frequency
    method: str
    numerator: str = ""
    denominator: str = ""
    higher_is_better: bool = True


INDICATORS: tuple[IndicatorDefinition, ...] = (
    IndicatorDefinition(
        "S-ENT",
        "Entrées en formation",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "entrées",
        ALL_AXES,
        Frequency.HALF_YEARLY,
        "Nombre de personnes présentes au premier jour d’une action, ventilé par niveau, sexe, âge et "
        "public.",
    ),
    IndicatorDefinition(
        "S-REA",
        "Taux de réalisation",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "%",
        ALL_AXES,
        Frequency.HALF_YEARLY,
        "Entrées en formation rapportées aux places conventionnées.",
        "Entrées en formation",
        "Places conventionnées",
    ),
    IndicatorDefinition(
        "S-REM",
        "Taux de remplissage",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "%",
        ("A1", "A2", "A4"),
        Frequency.HALF_YEARLY,
        "Heures stagiaires réalisées rapportées aux heures stagiaires prévues.",
        "Heures stagiaires réalisées",
        "Heures stagiaires prévues",
    ),
    IndicatorDefinition(
        "S-ABN",
        "Taux d’abandon",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "%",
        ("A1", "A2", "A4"),
        Frequency.HALF_YEARLY,
        "Sorties anticipées rapportées aux entrées closes ; les sorties vers l’emploi sont comptées à part.",
        "Sorties anticipées hors emploi",
        "Entrées closes",
        higher_is_better=False,
    ),
    IndicatorDefinition(
        "S-PUB",
        "Part des publics prioritaires",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "%",
        ALL_AXES,
        Frequency.HALF_YEARLY,
        "Personnes relevant d’un public prioritaire du Pacte rapportées aux entrées ; part des femmes et "
        "part des "
        "habitants des quartiers prioritaires suivies à part.",
        "Entrées relevant d’un public prioritaire",
        "Entrées en formation",
    ),
    IndicatorDefinition(
        "S-CRT",
        "Taux de certification des présentés",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "%",
        ("A1", "A2"),
        Frequency.YEARLY,
        "Certifiés, en totalité ou par blocs, rapportés aux candidats présentés.",
        "Certifiés (total ou partiel)",
        "Présentés à la certification",
    ),
    IndicatorDefinition(
        "S-REP",
        "Personnes repérées et accompagnées",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "personnes",
        ("A1", "A4"),
        Frequency.QUARTERLY,
        "Personnes ayant eu au moins un entretien, hors de toute entrée en formation.",
    ),
    IndicatorDefinition(
        "S-FOR",
        "Formateurs et accompagnateurs professionnalisés",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "personnes",
        ("A2", "A3"),
        Frequency.HALF_YEARLY,
        "Personnes ayant suivi au moins deux jours de professionnalisation liés au projet.",
    ),
    IndicatorDefinition(
        "S-MOD",
        "Modules refondus ou créés",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "modules",
        ("A2", "A3"),
        Frequency.HALF_YEARLY,
        "Modules dont le référentiel, le déroulé et l’évaluation ont été réécrits et utilisés au moins une "
        "fois.",
    ),
    IndicatorDefinition(
        "S-PAR",
        "Avancement du partenariat et de la gouvernance",
        Purpose.FOLLOW_UP,
        Measure.QUALITATIVE,
        "échelle de 1 à 4",
        ALL_AXES,
        Frequency.YEARLY,
        "Appréciation partagée en comité de pilotage, étayée par les comptes rendus.",
    ),
    IndicatorDefinition(
        "F-COU",
        "Coût par entrée en formation",
        Purpose.FOLLOW_UP,
        Measure.QUANTITATIVE,
        "€",
        ALL_AXES,
        Frequency.YEARLY,
        "Charges réalisées rapportées aux entrées ; le coût par sortie positive est suivi au bilan final.",
        "Charges réalisées",
        "Entrées en formation",
        higher_is_better=False,
    ),
    IndicatorDefinition(
        "I-CRT",
        "Taux de certification des entrants",
        Purpose.IMPACT,
        Measure.QUANTITATIVE,
        "%",
        ("A1", "A2"),
        Frequency.YEARLY,
        "Certifiés, en totalité ou par blocs, rapportés aux entrées en formation.",
        "Certifiés (total ou partiel)",
        "Entrées en formation",
    ),
    IndicatorDefinition(
        "I-POS",
        "Taux de sorties positives",
        Purpose.IMPACT,
        Measure.QUANTITATIVE,
        "%",
        ("A1", "A2", "A4"),
        Frequency.YEARLY,
        "Emploi, création d’activité, formation qualifiante ou alternance, rapportés aux sortants ; "
        "observé à la "
        "sortie, à trois mois et à six mois.",
        "Sorties positives",
        "Sortants",
    ),
    IndicatorDefinition(
        "I-EMP6",
        "Taux d’emploi à six mois",
        Purpose.IMPACT,
        Measure.QUANTITATIVE,
        "%",
        ("A1", "A2", "A4"),
        Frequency.YEARLY,
        "Personnes en emploi six mois après la sortie, dont emploi durable, rapportées aux répondants ; le "
        "taux de "
        "réponse est joint.",
        "En emploi à six mois",
        "Répondants à l’enquête",
    ),
    IndicatorDefinition(
        "I-PAR",
        "Poursuites de parcours par étape",
        Purpose.IMPACT,
        Measure.QUANTITATIVE,
        "%",
        ("A1", "A4"),
        Frequency.YEARLY,
        "Sortants engagés dans une nouvelle étape de parcours dans les trois mois, rapportés aux sortants.",
        "Sortants en nouvelle étape",
        "Sortants",
    ),
    IndicatorDefinition(
        "I-OFF",
        "Transformation de l’offre de formation",
        Purpose.IMPACT,
        Measure.QUANTITATIVE,
        "%",
        ("A2", "A3"),
        Frequency.YEARLY,
        "Heures en situation de travail, à distance ou par blocs de compétences rapportées aux heures de "
        "l’offre "
        "concernée.",
        "Heures transformées",
        "Heures de l’offre concernée",
    ),
    IndicatorDefinition(
        "Q-OFF",
        "Appréciation de la transformation de l’offre",
        Purpose.IMPACT,
        Measure.QUALITATIVE,
        "échelle de 1 à 4",
        ("A2", "A3"),
        Frequency.AT_END,
        "Auto-évaluation argumentée, croisée avec l’avis des stagiaires et des entreprises.",
    ),
    IndicatorDefinition(
        "Q-ESS",
        "Essaimage, freins levés et gouvernance",
        Purpose.IMPACT,
        Measure.QUALITATIVE,
        "échelle de 1 à 4",
        ALL_AXES,
        Frequency.AT_END,
        "Appréciation sur une échelle de 1 à 4, récit et éléments de preuve.",
    ),
)

QUALITATIVE_SCALE: tuple[Term, ...] = (
    Term("1", "Non engagé"),
    Term("2", "Engagé, sans effet visible"),
    Term("3", "Effets visibles, à consolider"),
    Term("4", "Acquis et transférable"),
)

BREAKDOWNS: tuple[Term, ...] = (
    Term("NIVEAU", "Niveau à l’entrée", "Infra 3, 3, 4, 5 et plus"),
    Term("SEXE", "Sexe"),
    Term("AGE", "Âge", "Moins de 26 ans, 26 à 54 ans, 55 ans et plus"),
    Term("QPV", "Quartier prioritaire de la politique de la ville"),
    Term("FRR", "Territoire rural"),
    Term("RQTH", "Reconnaissance de la qualité de travailleur handicapé"),
    Term("RSA", "Revenu de solidarité active"),
    Term("DELD", "Demandeur d’emploi de longue durée"),
    Term("PPSMJ", "Personne placée sous main de justice"),
)

INDICATOR_BY_CODE = index(INDICATORS)
