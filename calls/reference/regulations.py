"""The outline of a call's text: the headings that its rules usually have, each with what to say there."""

from __future__ import annotations

import re

from calls.reference.base import Term

_HEADING = re.compile(r"\d{1,2}\. +(\S.{0,118}[^.;:,\s])")

OUTLINE: tuple[Term, ...] = (
    Term("context", "Contexte et articulation avec le Pacte", "Pacte, CPRDFOP, SRDEII, état des lieux"),
    Term("aims", "Objectifs et axes", "Ce que l’appel cherche à obtenir"),
    Term("publics", "Publics et territoires", "Pour qui, et où"),
    Term("applicants", "Porteurs éligibles", "Formes juridiques, ancienneté, certification qualité"),
    Term("projects", "Projets éligibles", "Durée, contenu, ce qui est exclu"),
    Term(
        "funding",
        "Modalités de financement",
        "Dépenses éligibles, taux, planchers et plafonds, cumul, aides d’État",
    ),
    Term("submission", "Modalités de dépôt", "Le téléservice, l’heure de réception faisant foi, les pièces"),
    Term(
        "selection",
        "Instruction et sélection",
        "Recevabilité, éligibilité, grille, avis, commission permanente",
    ),
    Term("contract", "Conventionnement et versements", "Convention, avance, acompte, solde"),
    Term("evaluation", "Suivi et évaluation", "Bilans, indicateurs, évaluation du Pacte"),
    Term("control", "Contrôle et reversement", "Pièces à conserver, contrôles, sommes indues"),
    Term("data", "Données personnelles", "Finalité, durée, droits"),
)


def read_sections(text: str) -> list[tuple[str, str]]:
    """The (title, body) pairs of a call's text: a section begins with a paragraph of one line such as « 3. Titre ».

    What comes before the first heading bears no title; an empty text has no section.
    """
    sections: list[tuple[str, list[str]]] = [("", [])]
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        heading = _HEADING.fullmatch(paragraph.strip())
        if heading:
            sections.append((heading[1], []))
        elif paragraph.strip():
            sections[-1][1].append(paragraph.strip("\n"))
    return [(title, "\n\n".join(body)) for title, body in sections if title or body]


def outline_text() -> str:
    """The default text of a new call: its headings, each followed by what to write there."""
    return "\n\n".join(f"{number}. {term.label}\n\n{term.help}." for number, term in enumerate(OUTLINE, 1))
