"""What each supporting document says: identity, dates and figures that fit the organisation that gives it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

from scenario.organisations import Organisation
from scenario.papers import activity, standing
from scenario.papers.base import Occasion, Paper
from scenario.texts import Project

__all__ = ["PROOFS", "Paper", "paper"]

_BUILDERS: dict[str, Callable[[Occasion], Paper]] = {
    "RIB": standing.bank_details,
    "STATUTS": standing.statutes,
    "RECEP": standing.registration,
    "DIRIG": standing.officers,
    "KBIS": standing.extract,
    "SIRENE": standing.extract,
    "POUVOIR": standing.delegation,
    "DELIB": standing.deliberation,
    "BP_PROJET": activity.project_budget,
    "BP_STRUCT": activity.structure_budget,
    "COMPTES_N1": activity.accounts(0),
    "COMPTES_N2": activity.accounts(1),
    "CAC": activity.auditor_report,
    "RAPPORT_ACT": activity.activity_report,
    "ATT_URSSAF": standing.social_certificate,
    "ATT_FISC": standing.tax_certificate,
    "ATT_HONNEUR": standing.word_of_honour,
    "CER": standing.republican_commitment,
    "LETTRE_PART": activity.partner_letter,
    "CONV_PART": activity.partnership,
    "CV": activity.resume,
    "NDA": standing.training_declaration,
    "QUALIOPI": standing.quality_certificate,
    "RNCP": standing.habilitation,
    "ANNEXE_INDIC": activity.indicators,
    # Proofs that come with reports, beside the catalogue of the application.
    "EMARGEMENT": activity.attendance,
    "FACTURE": activity.invoice,
}

PROOFS = ("EMARGEMENT", "FACTURE")
"""Codes of documents that come with reports and claims."""


def paper(
    rng: random.Random, piece_code: str, organisation: Organisation, on: date, project: Project | None = None
) -> Paper:
    """The document ``piece_code`` (of the catalogue, or of ``PROOFS``) as ``organisation`` would give it on a day.

    :raises KeyError: when the code is neither.
    """
    return _BUILDERS[piece_code](Occasion(rng, organisation, on, project))
