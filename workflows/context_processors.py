"""What every page of the house shows around its own matter: the Region, the way around, the person."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from accounts.actors import Actor
from accounts.compiled import Compiled
from accounts.models import Region
from workflows.queries import unread_notifications

THEMES = ("light", "dark")


@dataclass(frozen=True)
class NavEntry:
    """One entry of the main navigation, for those of whom ``shown_to`` says yes (``None``: signed out).

    The pages under its address belong to it; so do those named in ``pages``, wherever they stand (``case:dossier`` is the
    page of a case of that kind). A page named by several entries belongs to the first that its reader sees.
    """

    label: Any
    url_name: str
    icon: str
    shown_to: Callable[[Actor | None], bool]
    pages: Collection[str] = ()


@dataclass(frozen=True)
class NavLink:
    """An entry as drawn: where it leads, and whether the page belongs to it."""

    label: Any
    url: str
    icon: str
    current: bool


class Shell:
    """The frame of a page. Everything is read on first use, so a partial page costs no query for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.demo = settings.ENVIRONMENT == "demo"
        self.debug = settings.DEBUG
        theme = request.COOKIES.get("theme", "")
        self.theme = theme if theme in THEMES else ""

    @cached_property
    def actor(self) -> Actor | None:
        """Who reads the page, with all capacities; ``None`` when signed out."""
        return getattr(self._request, "actor", None)

    @cached_property
    def region(self) -> Region | None:
        """The Region whose page it is."""
        return region_of(self._request)

    @cached_property
    def unread(self) -> int:
        """Notices that the reader has not opened yet."""
        if self.actor is None:
            return 0
        return unread_notifications(self.actor).count()

    @cached_property
    def navigation(self) -> list[NavLink]:
        """The entries that this reader sees; an entry whose page does not exist is left out."""
        entries: tuple[NavEntry, ...] = import_string(settings.NAVIGATION)
        shown = [(entry, url_or_blank(entry.url_name)) for entry in entries if entry.shown_to(self.actor)]
        links = [(entry, url) for entry, url in shown if url]
        match = self._request.resolver_match
        page = getattr(self._request, "page", "") or (match.view_name if match else "")
        path = self._request.path
        current = next((url for entry, url in links if page in entry.pages), "") or max(
            (url for _entry, url in links if path.startswith(url)), key=len, default=""
        )
        return [NavLink(entry.label, url, entry.icon, url == current) for entry, url in links]

    @cached_property
    def notifications_url(self) -> str:
        """Where the reader's notices are."""
        return url_or_blank("workflows:notifications")

    @cached_property
    def profile_url(self) -> str:
        """The reader's own page: organisations, language, security."""
        return url_or_blank("accounts:profile")

    @property
    def mailbox(self) -> str:
        """Where the demonstration's mails can be read; nothing in production."""
        return url_or_blank("demo_mailbox")

    @property
    def address(self) -> str:
        """This page's address, to come back to after changing language or signing in."""
        return self._request.get_full_path() if self._request.method == "GET" else self._request.path

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The other languages of the interface, each in its own name."""
        return [
            (code, translation.get_language_info(code)["name_local"].capitalize())
            for code, _ in settings.LANGUAGES
            if code != translation.get_language()
        ]

    @property
    def today(self) -> date:
        """The day of printing."""
        return timezone.localdate()


def region_of(request: HttpRequest) -> Region | None:
    """The Region whose page it is: the one a view has named (``request.region``), the reader's, or the default one.

    Read once a request.
    """
    if not hasattr(request, "region"):
        request.region = _readers_region(getattr(request, "actor", None))  # type: ignore[attr-defined]
    region: Region | None = request.region  # type: ignore[attr-defined]
    return region


def _readers_region(actor: Actor | None) -> Region | None:
    if actor is not None:
        own = next((post.region for post in actor.posts if post.region is not None), None)
        if own is not None:
            return own
        if actor.seats:
            return Region.objects.get(pk=actor.seats[0].body.region_id)
    return _named.first(settings.REGION)


_named = Compiled(lambda slug: Region.objects.filter(slug=slug).order_by(), str)


def url_or_blank(name: str) -> str:
    """The address of a named page without arguments, or nothing when this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: ``shell`` in every template."""
    return {"shell": Shell(request)}
