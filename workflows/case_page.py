"""The case page is made of parts that each app registers from its own ``tabs.py``: tabs, and the head of the page.

    @tab("dossier", "pieces", _("Pieces"), order=20, right="workflows.view_case")
    def pieces(actor, case, request):
        return "reviews/tabs/pieces.html", {...}        # or None: not for this case; or a response (a redirect)

    @header("dossier")
    def head(actor, case):
        return Summary(badges=[...], facts=[...])

The engine knows no dossier; so this is how the floors above put what they know on the one page of a case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase

from accounts.actors import Actor
from accounts.rules import may
from workflows.components import Link, StateWord, Step
from workflows.middleware import CaseRequest
from workflows.models import Case

Shown = tuple[str, dict[str, Any]] | HttpResponseBase | None
Show = Callable[[Actor, Case, CaseRequest], Shown]

#: For any kind of case.
ANY = ""


@dataclass(frozen=True)
class CaseTab:
    """One tab. ``right`` is tested on the case; ``when`` tells cheaply whether the case has that part at all."""

    kind: str
    code: str
    title: Any
    order: int
    right: str
    show: Show
    when: Callable[[Actor, Case], bool] | None = None
    posts: bool = False


@dataclass(frozen=True)
class Summary:
    """What the head of the page says, in the reader's words.

    ``facts`` are short texts (amounts, legal date); ``stages`` the public stages of the case, for everybody who sees it;
    ``waiting`` says what happens now to a reader of whom nothing is asked.
    """

    badges: Sequence[StateWord] = ()
    facts: Sequence[Any] = ()
    stages: Sequence[Step] = ()
    actions: Sequence[Link] = ()
    waiting: Any = ""


@dataclass
class Registry:
    """All the parts registered."""

    tabs: list[CaseTab] = field(default_factory=list)
    headers: dict[str, Callable[[Actor, Case], Summary]] = field(default_factory=dict)


_registry = Registry()


def tab(
    kind: str,
    code: str,
    title: Any,
    *,
    order: int,
    right: str = "workflows.view_case",
    when: Callable[[Actor, Case], bool] | None = None,
    posts: bool = False,
) -> Callable[[Show], Show]:
    """Register a tab for cases of ``kind`` (``ANY``: all). ``posts`` when it also takes a form."""

    def register(show: Show) -> Show:
        if any(t.code == code and (ANY in (t.kind, kind) or t.kind == kind) for t in _registry.tabs):
            raise AssertionError(f"Two tabs are called {code}.")
        _registry.tabs.append(CaseTab(kind, code, title, order, right, show, when, posts))
        _registry.tabs.sort(key=lambda t: t.order)
        return show

    return register


def header(kind: str) -> Callable[[Callable[[Actor, Case], Summary]], Callable[[Actor, Case], Summary]]:
    """Register what the head of the page says for cases of ``kind``."""

    def register(function: Callable[[Actor, Case], Summary]) -> Callable[[Actor, Case], Summary]:
        if kind in _registry.headers:
            raise AssertionError(f"Two headers for {kind}.")
        _registry.headers[kind] = function
        return function

    return register


def tabs_for(actor: Actor, case: Case) -> list[CaseTab]:
    """The tabs that ``actor`` may open on ``case``, in order."""
    granted: dict[str, bool] = {}
    shown = []
    for found in _registry.tabs:
        if found.kind not in (ANY, case.kind):
            continue
        if found.right not in granted:
            granted[found.right] = may(actor, found.right, case)
        if granted[found.right] and (found.when is None or found.when(actor, case)):
            shown.append(found)
    return shown


def summary_of(actor: Actor, case: Case) -> Summary:
    """What the head of the page says to ``actor``."""
    function = _registry.headers.get(case.kind)
    return function(actor, case) if function else Summary()
