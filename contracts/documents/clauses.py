"""What a contract must say before it is signed: its mandatory clauses and its annexes, as its frozen text holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import LegalForm
from calls.reference import CLAUSE_BY_CODE, required_clauses
from contracts.documents.words import LEGAL_FORMS


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex and the part of the frozen text that it is made of; ``non_profit_only`` as for clauses."""

    label: str
    held_in: str
    non_profit_only: bool = False


ANNEXES: tuple[Annex, ...] = (
    Annex("Fiche du projet", "project"),
    Annex("Plan de financement", "budget"),
    Annex("Indicateurs", "indicators"),
    Annex("Calendrier des bilans", "reports"),
    Annex("Échéancier de versement", "instalments"),
    Annex("Contrat d’engagement républicain", "commitments", non_profit_only=True),
)


def is_non_profit(text: Mapping[str, Any]) -> bool:
    """Whether the frozen text is a contract with an association or a foundation."""
    return bool(text["beneficiary"]["legal_form"] == LEGAL_FORMS[LegalForm.ASSOCIATION])


def missing_clauses(text: Mapping[str, Any]) -> list[str]:
    """The titles of the mandatory clauses that the frozen text lacks, or leaves without a word."""
    held = {item.get("code") for item in text.get("articles", ()) if item.get("text", "").strip()}
    codes = required_clauses(non_profit=is_non_profit(text))
    return [CLAUSE_BY_CODE[code].label for code in codes if code not in held]


def missing_annexes(text: Mapping[str, Any]) -> list[str]:
    """The titles of the annexes that the frozen text has nothing for."""
    non_profit = is_non_profit(text)
    return [
        annex.label
        for annex in ANNEXES
        if not text.get(annex.held_in) and (non_profit or not annex.non_profit_only)
    ]
