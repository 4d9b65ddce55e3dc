"""How the matrix asks: over the whole of Django for one object of each kind, straight at the view for each of its states.

Pages and PDFs are not drawn here (their own tests do that): only who is answered counts. Rights, queries and verbs are the real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from uuid import uuid4

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.cache import SessionStore
from django.db import connection, transaction
from django.http import Http404, HttpResponseBase
from django.template.backends.django import DjangoTemplates
from django.test import Client, RequestFactory
from django.urls import resolve
from django_htmx.middleware import HtmxDetails

from accounts.actors import Actor, actor_for
from accounts.models import User
from tests.guarantees.matrix import Story
from workflows.engine import Conflict, NotAllowed, Refused, database_now
from workflows.engine.action import read_only

#: What reading writes: who read what, and the session of who reads.
BY_READING = ('"workflows_accesslog"', '"django_session"')
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


class Blank:
    """A page that is not drawn."""

    template = None

    def render(self, context: Any = None, request: Any = None) -> str:
        """Nothing."""
        return ""


def undrawn(patch: pytest.MonkeyPatch) -> None:
    """Draw neither pages nor PDFs."""
    patch.setattr(DjangoTemplates, "get_template", lambda self, name: Blank())
    patch.setattr("workflows.pdf._typesetter.make", lambda request: b"%PDF-1.7\n")


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that write, but for what reading itself writes."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if str(sql).lstrip().upper().startswith(WRITES) and not any(name in str(sql) for name in BY_READING):
            found.append(str(sql)[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@contextmanager
def tried() -> Iterator[None]:
    """What is done inside is undone."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def sent(prefix: str) -> dict[str, str]:
    """The least that says which form of a page was sent."""
    return {f"{prefix}-key" if prefix else "key": str(uuid4())}


def is_sign_in(answer: HttpResponseBase) -> bool:
    """Whether the answer asks who one is."""
    return answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")


def client_of(story: Story, role: str) -> Client:
    """A browser in which a person of that role has signed in."""
    client = Client()
    user = story.people[role]
    if user is not None:
        client.force_login(user)
    return client


class Quiet(BaseStorage):
    """Messages that nobody reads."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []


class Asker:
    """A person at the door of a view: what the middleware gives a request, and what it makes of an exception."""

    def __init__(self, user: User) -> None:
        self.user, self.now, self.make = user, database_now(), RequestFactory()

    @cached_property
    def actor(self) -> Actor:
        """The person with all capacities."""
        return actor_for(self.user, self.now.date())

    def ask(self, method: str, address: str, data: dict[str, str] | None = None) -> int:
        """The status of the answer."""
        request: Any = getattr(self.make, method)(address, data or {})
        request.user, request.actor, request.now = self.user, self.actor, self.now
        request.session, request._messages = SessionStore(), Quiet(request)
        request.htmx, request.resolver_match = HtmxDetails(request), resolve(address)
        view, args, named = request.resolver_match
        token = read_only.set(method == "get")
        try:
            answer: Any = view(request, *args, **named)
        except (Http404, NotAllowed):
            return 404
        except ReauthenticationRequired:
            return 302
        except Conflict:
            return 409
        except Refused:
            return 422
        finally:
            read_only.reset(token)
        for close in (
            answer._resource_closers
        ):  # a file; close() itself would end the request, and the connection with it
            close()
        return int(answer.status_code)
