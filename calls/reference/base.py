"""What the tables of reference data share: a code, a label, and how to look one up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Coded(Protocol):
    """Anything with a stable code and the label that people read."""

    @property
    def code(self) -> str:
        """Stable, unique in its table."""
        ...

    @property
    def label(self) -> str:
        """What people read, in French."""
        ...


C = TypeVar("C", bound=Coded)


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of a controlled vocabulary.

    ``help`` says, where it is needed, what falls under the term.
    """

    code: str
    label: str
    help: str = ""


def index(table: Iterable[C]) -> dict[str, C]:
    """Key the entries of ``table`` by code.

    :raises ValueError: when two entries share a code.
    """
    by_code: dict[str, C] = {}
    for entry in table:
        if entry.code in by_code:
            raise ValueError(f"duplicate code {entry.code!r}")
        by_code[entry.code] = entry
    return by_code


def choices(table: Iterable[Coded]) -> list[tuple[str, str]]:
    """``table`` as the (code, label) pairs that a form field takes."""
    return [(entry.code, entry.label) for entry in table]
