"""What every request gets: its instant, its actor, and the promise that a read does not write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.actors import Actor, actor_for
from accounts.models import User
from workflows.dates import PARIS, local_date
from workflows.engine.action import read_only
from workflows.engine.clock import database_now, received_now

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CaseRequest(HttpRequest):
    """A request as our views see it: ``now`` is the database's clock, ``actor`` who acts (signed-in pages only)."""

    now: datetime
    actor: Actor
    user: User
    page: str  # where the navigation places it, when its name does not tell


# A read asks the clock on first use only (the probes must answer without a database). It is the instant itself, not a
# lazy stand-in for it: the database's driver takes none.
_clock = cached_property(lambda request: database_now())
_clock.__set_name__(HttpRequest, "now")
HttpRequest.now = _clock  # type: ignore[attr-defined]


def engine_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give the request ``now`` and ``actor``; during a read, any verb is refused as a fault of the programme.

    ``request.now`` is read before anything else of a write (guarantee P16: the instant that counts is that at which the
    request is received, before any thread or lock is waited for), and on first use of a read.
    """

    def middleware(request: Any) -> HttpResponse:
        writes = request.method not in SAFE_METHODS
        if writes:
            request.now = received_now()
        request.actor = (
            SimpleLazyObject(lambda: actor_for(request.user, local_date(request.now, PARIS)))
            if request.user.is_authenticated
            else None
        )
        token = read_only.set(not writes)
        try:
            return get_response(request)
        finally:
            read_only.reset(token)

    return middleware
