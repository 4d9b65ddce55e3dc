"""Ranking within an envelope, and the what-if: pure functions over lines, in euros to the cent.

The published rule (CRPA L312-1-3). Order: score, then criterion 1, then criterion 2, then earliest reception. A dossier
under the threshold, or eliminated by a starred criterion, is not retained. The others are taken in order as long as
the envelope pays for them; from the first that it cannot pay for, all go to the reserve list, in the same order:
nobody is overtaken because they ask for less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reviews.models import RankingList
from workflows.dates import add_months

VERSION = "ranking-1"

#: Months during which the reserve list may be called upon after the vote; then it lapses.
RESERVE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewed dossier: ``first`` and ``second`` are its means on criteria 1 and 2, ``amount`` what it may get at most."""

    key: Any
    score: Decimal
    first: Decimal
    second: Decimal
    received_at: datetime
    amount: Decimal
    eliminated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rule puts a candidate; ``ground`` is the code of the ground when it is not retained for a reason of its own."""

    candidate: Candidate
    rank: int
    list: RankingList
    amount: Decimal
    ground: str = ""


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Best first, ties broken by the published rule; the key only makes two identical ones reproducible."""
    return sorted(candidates, key=lambda c: (-c.score, -c.first, -c.second, c.received_at, str(c.key)))


def places(candidates: Iterable[Candidate], *, envelope: Decimal, threshold: int) -> list[Place]:
    """Apply the rule: who is on the main list, on the reserve list, not retained, for how much."""
    left, full, found = envelope, False, []
    for rank, candidate in enumerate(in_order(candidates), 1):
        ground = ground_against(candidate.score, candidate.eliminated, threshold)
        if ground or candidate.amount <= 0:
            place, amount = RankingList.NOT_RETAINED, Decimal(0)
        elif full or candidate.amount > left:
            full, place, amount = True, RankingList.RESERVE, candidate.amount
        else:
            place, amount = RankingList.MAIN, candidate.amount
            left -= amount
        found.append(Place(candidate, rank, place, amount, ground))
    return found


def ground_against(score: Decimal, eliminated: Sequence[str], threshold: int) -> str:
    """The code of the ground for which a dossier cannot be selected at all; empty when it can."""
    if eliminated:
        return "REF-ELIMINATOIRE"
    return "REF-SEUIL" if score < threshold else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as somebody would have it."""

    key: Any
    list: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A line with the running total of the main list; ``beyond`` says that the envelope does not pay for it."""

    line: Line
    running: Decimal
    beyond: bool


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a set of lines comes to within an envelope."""

    lines: tuple[Reckoned, ...]
    envelope: Decimal
    main: Decimal
    reserve: Decimal

    @property
    def left(self) -> Decimal:
        """What the envelope still holds; negative when it is exceeded."""
        return self.envelope - self.main

    @property
    def exceeded(self) -> bool:
        """Whether the main list asks for more than there is."""
        return self.main > self.envelope

    def count(self, name: str) -> int:
        """How many lines are on that list."""
        return sum(reckoned.line.list == name for reckoned in self.lines)


def what_if(lines: Iterable[Line], *, envelope: Decimal) -> Reckoning:
    """Reckon lines, in the order of their rank, against an envelope. Nothing is recorded."""
    running = reserve = Decimal(0)
    found = []
    for line in lines:
        if line.list == RankingList.MAIN:
            running += line.amount
        elif line.list == RankingList.RESERVE:
            reserve += line.amount
        found.append(Reckoned(line, running, line.list == RankingList.MAIN and running > envelope))
    return Reckoning(tuple(found), envelope, running, reserve)


def reserve_valid_until(voted_on: date) -> date:
    """The last day on which the reserve list may be called upon."""
    return add_months(voted_on, RESERVE_MONTHS)
