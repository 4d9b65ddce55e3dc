"""Assessments, colleges' opinions and COPAREF opinions, in words that fit the score or the position."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from calls.reference import ELIMINATORY_BELOW, GRID, MAX_SCORE
from scenario.texts import verdicts
from scenario.texts.words import typeset

FAVOURABLE = "favourable"
WITH_RESERVATIONS = "with_reservations"
UNFAVOURABLE = "unfavourable"
ABSTENTION = "abstention"
NOT_GIVEN = "not_given"

POSITIONS: dict[str, int] = {
    FAVOURABLE: 46,
    WITH_RESERVATIONS: 27,
    UNFAVOURABLE: 17,
    ABSTENTION: 6,
    NOT_GIVEN: 4,
}
"""How often each position is taken, in percent, when nothing else is known of the dossier."""


@dataclass(frozen=True, slots=True)
class ScoreText:
    """One criterion: 0 to 5, and why."""

    criterion: str
    score: int
    comment: str


@dataclass(frozen=True, slots=True)
class AssessmentText:
    """One reviewer's assessment of a dossier."""

    scores: tuple[ScoreText, ...]
    comment: str

    @property
    def total(self) -> float:
        """Points out of 100, by the default grid's weights."""
        weights = {criterion.code: criterion.weight for criterion in GRID}
        return sum(score.score * weights[score.criterion] for score in self.scores) / MAX_SCORE


@dataclass(frozen=True, slots=True)
class ReservationText:
    """A reservation: suspensive, in_contract or recommendation."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class OpinionText:
    """A college's opinion; ``reasons`` are grounds when it is unfavourable, empty when none was given."""

    position: str
    reasons: str
    reservations: tuple[ReservationText, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyOpinionText:
    """A reasoned opinion of the COPAREF: common, or divergent with each college's position."""

    result: str
    reasons: str
    employers: str
    unions: str
    wished_objectives: tuple[str, ...]


def assessment(rng: random.Random, quality: float) -> AssessmentText:
    """Scores and comments of one reviewer for a dossier of ``quality`` between 0 (poor) and 1 (excellent)."""
    scores = []
    for criterion in GRID:
        score = min(MAX_SCORE, max(0, round(rng.gauss(quality * MAX_SCORE, 0.75))))
        comment = rng.choice(verdicts.COMMENTS[criterion.code][_level(score)])
        scores.append(ScoreText(criterion.code, score, typeset(comment)))
    mean = sum(s.score for s in scores) / len(scores)
    return AssessmentText(tuple(scores), typeset(rng.choice(verdicts.GENERAL[_level(round(mean))])))


def _level(score: int) -> str:
    if score < ELIMINATORY_BELOW:
        return verdicts.WEAK
    return verdicts.MIDDLING if score < MAX_SCORE - 1 else verdicts.STRONG


def position(rng: random.Random, quality: float | None = None) -> str:
    """A position; the better the dossier (0 to 1), the more often favourable."""
    weights = dict(POSITIONS)
    if quality is not None:
        weights[FAVOURABLE] = round(10 + 75 * quality**2)
        weights[UNFAVOURABLE] = round(60 * (1 - quality) ** 2)
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def opinion(
    rng: random.Random, college: str, outcome: str | None = None, quality: float | None = None
) -> OpinionText:
    """The opinion of ``college`` (state, region, employers or unions), with ``outcome`` or one that is "
    "drawn."""
    outcome = outcome or position(rng, quality)
    if outcome == NOT_GIVEN:
        return OpinionText(outcome, "")
    if outcome == ABSTENTION:
        return OpinionText(outcome, typeset(rng.choice(verdicts.ABSTENTION)))
    if outcome == UNFAVOURABLE:
        return OpinionText(outcome, typeset(" ".join(rng.sample(verdicts.UNFAVOURABLE, rng.randint(1, 2)))))
    reasons = typeset(" ".join(rng.sample(verdicts.COLLEGE_VIEW[college], rng.randint(1, 2))))
    if outcome == FAVOURABLE:
        return OpinionText(outcome, reasons)
    kinds = rng.choices(list(verdicts.RESERVATIONS), weights=(2, 5, 4), k=rng.randint(1, 3))
    texts = dict.fromkeys((kind, rng.choice(verdicts.RESERVATIONS[kind])) for kind in kinds)
    return OpinionText(outcome, reasons, tuple(ReservationText(kind, typeset(text)) for kind, text in texts))


_REASONS = (
    "La présélection couvre les quatre axes et l'ensemble des départements. Elle fait une place réelle aux "
    "publics qui "
    "n'accèdent pas à la formation, ce que le comité demandait dans son avis sur l'état des lieux.",
    "Le comité relève la qualité des projets présélectionnés et leur ancrage local. Il regrette que la "
    "formation en "
    "situation de travail reste minoritaire, alors que les entreprises y sont prêtes.",
    "Les projets proposés répondent aux objectifs du Pacte. Le comité souhaite que l'accompagnement après "
    "la sortie soit "
    "partout financé, et que les indicateurs d'emploi durable soient communs à tous.",
)
_EMPLOYERS = (
    "Les organisations d'employeurs approuvent la présélection et souhaitent un suivi des recrutements par "
    "bassin.",
    "Les organisations d'employeurs demandent que les petites entreprises soient davantage associées aux "
    "parcours.",
)
_UNIONS = (
    "Les organisations syndicales approuvent la présélection sous réserve d'une qualification reconnue au "
    "terme de chaque "
    "parcours.",
    "Les organisations syndicales demandent un droit de regard sur les conditions d'accueil en entreprise.",
)
_DIVERGENCE = (
    "Les deux collèges s'accordent sur le diagnostic et se séparent sur deux points : la part des "
    "formations courtes et le "
    "financement du tutorat. Leurs positions sont reproduites ci-après.",
)
_WISHES = (
    "Porter à la moitié la part des parcours comprenant une situation de travail",
    "Garantir un accompagnement de six mois après la sortie",
    "Ouvrir les blocs de compétences aux salariés des très petites entreprises",
    "Suivre l'emploi durable à six mois avec une méthode commune",
    "Réserver une part de l'enveloppe aux territoires ruraux",
    "Développer la validation collective des acquis de l'expérience",
)


def body_opinion(rng: random.Random, *, divergent: bool | None = None) -> BodyOpinionText:
    """The COPAREF's reasoned opinion on a shortlist; one in four is divergent when nothing is asked."""
    if divergent is None:
        divergent = rng.random() < 0.25
    wishes: Sequence[str] = rng.sample(_WISHES, 3)
    return BodyOpinionText(
        result="divergent" if divergent else "common",
        reasons=typeset(rng.choice(_DIVERGENCE if divergent else _REASONS)),
        employers=typeset(rng.choice(_EMPLOYERS)),
        unions=typeset(rng.choice(_UNIONS)),
        wished_objectives=tuple(typeset(wish) for wish in wishes),
    )
