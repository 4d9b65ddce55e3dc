"""What views hand to the components of the interface: small typed values, no HTML.

The tags of ``workflows.templatetags.ui`` draw them; ``docs/interface.md`` shows each one at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Tone = Literal["neutral", "info", "success", "warning", "danger"]

#: Icon that goes with a tone when a component does not choose one.
TONE_ICONS: dict[str, str] = {
    "neutral": "circle",
    "info": "info",
    "success": "check-circle",
    "warning": "alert",
    "danger": "x-circle",
}


@dataclass(frozen=True)
class StateWord:
    """A state in the reader's words. The same state may bear different words for different readers."""

    label: Any
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True)
class Link:
    """Somewhere to go: a breadcrumb, an action of a page header, a way on from an empty list."""

    label: Any
    url: str
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Tab:
    """One tab of a page: a link, so that it can be shared and opened without JavaScript."""

    label: Any
    url: str
    active: bool = False
    count: int | None = None


StepState = Literal["done", "current", "todo", "problem", "skipped"]


@dataclass(frozen=True)
class Step:
    """One step of a form or of a process. ``active`` marks the one that the page shows."""

    label: Any
    state: StepState = "todo"
    note: Any = ""
    url: str = ""
    active: bool = False


@dataclass(frozen=True)
class NextStep:
    """What comes next, who must do it and before when. ``mine`` when the reader is that person."""

    title: Any
    who: Any = ""
    due: datetime | date | None = None
    detail: Any = ""
    action: Link | None = None
    mine: bool = False


@dataclass(frozen=True)
class Figure:
    """A number that matters, already formatted, with the list behind it."""

    label: Any
    value: Any
    note: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Event:
    """One line of a time line. ``details`` are (term, value) pairs kept folded (files, hashes, snapshot)."""

    title: Any
    at: datetime
    who: Any = ""
    reasons: Any = ""
    tone: Tone = "neutral"
    icon: str = ""
    number: int | None = None
    details: Sequence[tuple[Any, Any]] = ()


@dataclass(frozen=True)
class Recap:
    """What will be recorded if the reader confirms, what follows from it, and who else must act."""

    recorded: Sequence[tuple[Any, Any]]
    consequences: Sequence[Any] = ()
    others: Sequence[Any] = ()
    irreversible: bool = False


@dataclass(frozen=True)
class Progress:
    """Long work under way. ``url`` answers with the same component until it is finished."""

    label: Any
    done: int
    total: int
    url: str = ""
    note: Any = ""

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= self.total


@dataclass(frozen=True)
class Empty:
    """Why a list is empty and what to do about it."""

    title: Any
    detail: Any = ""
    action: Link | None = None
    icon: str = "inbox"


@dataclass(frozen=True)
class Header:
    """The head of a page: one ``h1``, what it is about, what can be done."""

    title: Any
    lead: Any = ""
    badges: Sequence[StateWord] = ()
    facts: Sequence[Any] = ()
    actions: Sequence[Link] = ()
    reference: Any = ""
    crumbs: Sequence[Link] = field(default=())
