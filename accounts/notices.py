"""How the verbs of this floor tell people something. Notices and mails belong to the engine above, which says how they are left.

A notice is written in the verb's own transaction: it is neither lost when the verb is durable, nor sent when it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is told, in their own language."""

    user: User
    kind: str
    subject: str
    body: str
    link: str


class Teller(Protocol):
    """Leaves notices to be shown and mailed; called inside the verb's transaction."""

    def __call__(self, notices: Iterable[Notice], *, now: datetime) -> None:
        """Leave them, as of ``now``."""


_tellers: list[Teller] = []


def tell_through(teller: Teller) -> None:
    """Say who leaves the notices from now on: the engine, once, when the programme starts."""
    _tellers[:] = [teller]


def tell(notices: Iterable[Notice], *, now: datetime) -> None:
    """Leave notices, in the transaction under way. Raises IndexError when nobody said how: none is lost in silence."""
    _tellers[0](notices, now=now)
