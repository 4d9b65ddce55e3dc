"""What documents have in common: their content, who gives them, and how dates and amounts are written."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from scenario.organisations import Organisation
from scenario.people import Person, representative
from scenario.texts import Project
from scenario.texts.projects import MONTHS
from scenario.texts.words import at, typeset

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The content of a document, whatever the file it ends in.

    ``facts`` are label and value; ``head`` and ``rows`` make a table whose columns after the first are figures.
    """

    title: str
    issuer: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    head: Row = ()
    rows: tuple[Row, ...] = ()
    closing: str = ""
    signatory: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who gives the document, for which project, and on which day."""

    rng: random.Random
    organisation: Organisation
    on: date
    project: Project | None

    @property
    def head(self) -> Person:
        """Who may bind the organisation."""
        return representative(self.organisation)

    @property
    def signature(self) -> str:
        """Name and job of the head."""
        return f"{self.head.title} {self.head.full_name}, {self.head.job.lower()}"

    @property
    def last_accounts(self) -> int:
        """The last year whose accounts are approved: general meetings are held in May."""
        return self.on.year - (1 if (self.on.month, self.on.day) >= (5, 25) else 2)

    def ago(self, least: int, most: int) -> date:
        """A day between ``least`` and ``most`` days before."""
        return self.on - timedelta(days=self.rng.randint(least, most))

    def done(self, day: date) -> str:
        """« Fait à … le … »."""
        return f"Fait {at(self.organisation.city)}, le {long_date(day)}"


def long_date(day: date) -> str:
    """« 1er mars 2026 »."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def money(amount: Decimal) -> str:
    """« 12 345,60 »."""
    return typeset(f"{amount:,.2f}".replace(",", " ").replace(".", ","))


def identity(organisation: Organisation) -> tuple[tuple[str, str], ...]:
    """The lines that identify an organisation in most documents."""
    facts = [
        ("Dénomination", organisation.name),
        ("Forme juridique", organisation.legal_label),
        ("SIRET", organisation.siret),
        ("Adresse", f"{organisation.address}, {organisation.postcode} {organisation.city}"),
    ]
    if organisation.rna:
        facts.append(("RNA", organisation.rna))
    return tuple(facts)
