"""How a verb says no. A refused verb leaves no trace in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflows.models import Entry


@dataclass(frozen=True)
class Reason:
    """One reason a person can read, with the form field it concerns, if any."""

    message: Any
    field: str = ""


class VerbError(Exception):
    """A verb did not take place."""


class NotAllowed(VerbError):
    """The person has no right to this verb on this object; shown as 404."""


class Refused(VerbError):
    """The verb is lawful for the person but not now or not with these values; carries its reasons."""

    def __init__(self, *reasons: Reason | Any, field: str = "") -> None:
        self.reasons: list[Reason] = [
            r if isinstance(r, Reason) else Reason(r, field) for r in _flatten(reasons)
        ]
        super().__init__(" ".join(str(r.message) for r in self.reasons))


class Conflict(VerbError):
    """Somebody acted before: shown as 409 with who, what and when (guarantee P10).

    ``entry`` is the last journal entry of the case, or ``None`` when the case is being acted on right now.
    """

    def __init__(self, entry: Entry | None) -> None:
        self.entry = entry
        super().__init__(f"{entry.verb} by {entry.actor_name}" if entry else "The case is locked.")


def _flatten(reasons: Iterable[Any]) -> Iterable[Any]:
    for reason in reasons:
        if isinstance(reason, list | tuple):
            yield from reason
        else:
            yield reason
