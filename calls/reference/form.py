"""The default questions of a dossier: what a call asks in words, beside the fields that every dossier has.

Title, summary, axis, publics, territory, dates, partners, budget, indicators and pieces are fields of the
dossier itself. A call copies these sections into its form revision and may change them before publication.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from calls.reference.base import Term, choices, index
from calls.reference.strategy import AXES, NEEDS, PROJECT_KINDS, PROJECT_NATURES


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    MULTIPLE = "multiple"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form; ``max_length`` counts characters, ``options`` are those of a choice."""

    code: str
    label: str
    kind: Kind = Kind.LONG_TEXT
    help: str = ""
    required: bool = True
    max_length: int = 2000
    options: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the form."""

    code: str
    label: str
    questions: tuple[Question, ...]


FORM: tuple[Section, ...] = (
    Section(
        "need",
        "Le besoin",
        (
            Question(
                "needs",
                "À quels besoins de l’état des lieux le projet répond-il ?",
                Kind.MULTIPLE,
                options=NEEDS,
            ),
            Question(
                "context",
                "Décrivez le besoin et son contexte",
                help="Chiffres, sources, acteurs consultés, réponses existantes.",
                max_length=3000,
            ),
            Question("nature", "Nature du projet", Kind.CHOICE, options=PROJECT_NATURES),
        ),
    ),
    Section(
        "action",
        "L’action",
        (
            Question("kind", "Type de projet", Kind.CHOICE, options=PROJECT_KINDS),
            Question(
                "sub_themes",
                "Sous-thèmes concernés",
                Kind.MULTIPLE,
                options=tuple(term for axis in AXES for term in axis.sub_themes),
            ),
            Question("objectives", "Objectifs du projet", help="Un objectif par ligne."),
            Question("beneficiaries", "Nombre de bénéficiaires prévus", Kind.NUMBER, max_length=6),
            Question("pathway", "Déroulement du parcours et contenu pédagogique", max_length=4000),
            Question("support", "Accompagnement avant, pendant et après la formation"),
            Question(
                "certification",
                "Certification ou blocs de compétences visés",
                Kind.TEXT,
                help="Par exemple un code RNCP ou RS.",
                required=False,
                max_length=300,
            ),
        ),
    ),
    Section(
        "added_value",
        "La plus-value",
        (
            Question("innovation", "Caractère innovant ou expérimental, plus-value sur le droit commun"),
            Question("complementarity", "Complémentarité avec les expérimentations financées par l’État"),
        ),
    ),
    Section(
        "delivery",
        "La mise en œuvre",
        (
            Question("team", "Équipe et moyens"),
            Question("steps", "Étapes et calendrier", help="Une étape par ligne."),
            Question("governance", "Partenariat et gouvernance"),
            Question("risks", "Risques et réponses prévues", required=False),
        ),
    ),
    Section(
        "evaluation",
        "Les publics, le suivi et l’évaluation",
        (
            Question(
                "inclusion",
                "Publics prioritaires, égalité entre les femmes et les hommes, handicap, territoires",
            ),
            Question("evaluation", "Suivi et évaluation en continu"),
            Question("dissemination", "Capitalisation et essaimage"),
        ),
    ),
)

QUESTION_BY_CODE = index(question for section in FORM for question in section.questions)


def form_schema(sections: tuple[Section, ...] = FORM) -> list[dict[str, Any]]:
    """``sections`` as the JSON that a form revision stores and hashes."""
    return [
        {
            "code": section.code,
            "title": section.label,
            "questions": [
                {
                    "code": question.code,
                    "label": question.label,
                    "help": question.help,
                    "kind": question.kind.value,
                    "required": question.required,
                    "max_length": question.max_length,
                    "choices": [list(pair) for pair in choices(question.options)],
                }
                for question in section.questions
            ],
        }
        for section in sections
    ]
