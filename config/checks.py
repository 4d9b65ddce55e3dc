"""Checks that refuse a deployment on which an acknowledged submission could be lost or a file go unscanned.

`manage.py check --deploy --database default` runs them all.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections

DURABILITY = ("synchronous_commit", "fsync", "full_page_writes")
SAFE_COMMITS = {"on", "remote_write", "remote_apply"}


@register(Tags.database)
def durable_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a database that may acknowledge what it can still lose (docs/deploy.md)."""
    if settings.TESTING:
        return []  # the test server's disk may forget; its own test plays this check
    return [error for alias in databases or [] for error in durability_errors(read_durability(alias))]


def read_durability(alias: str) -> dict[str, str]:
    """Return what our own connection to `alias` is promised, by setting."""
    found = {}
    with connections[alias].cursor() as cursor:
        for name in DURABILITY:
            cursor.execute("select current_setting(%s)", [name])
            found[name] = cursor.fetchone()[0]
    return found


def durability_errors(found: dict[str, str]) -> list[CheckMessage]:
    """Return an error for each setting that breaks the promise."""
    return [
        Error(
            f"PostgreSQL runs with {name}={value}: a submission that was acknowledged can be lost.",
            hint=f"Set {name} to on.",
            id="quadrige.E001",
        )
        for name, value in found.items()
        if value not in (SAFE_COMMITS if name == "synchronous_commit" else {"on"})
    ]


@register(Tags.security, deploy=True)
def outside_services(**_: Any) -> list[CheckMessage]:
    """Say which proofs this installation cannot give."""
    cautions: list[CheckMessage] = []
    if not settings.ANTIVIRUS_URL:
        cautions.append(Error("No antivirus: set ANTIVIRUS_URL to clamd's address.", id="quadrige.E002"))
    if settings.SECURE_PROXY_SSL_HEADER and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        cautions.append(
            Error(
                "Everybody seems to come from the proxy: one who guesses passwords would keep all others out.",
                hint="Set TRUSTED_PROXIES to the number of proxies that add to X-Forwarded-For.",
                id="quadrige.E010",
            )
        )
    if settings.CACHES["default"]["BACKEND"].rpartition(".")[2] in ("LocMemCache", "DummyCache"):
        cautions.append(
            Error(
                "Each web process counts wrong passwords on its own.",
                hint="Point CACHE_URL at a cache that all of them share.",
                id="quadrige.E011",
            )
        )
    if not settings.TIMESTAMP_URL:
        cautions.append(
            Caution(
                "No time-stamp authority: the seals prove order, but not to a third party at what time.",
                hint="Set TIMESTAMP_URL to an RFC 3161 authority.",
                id="quadrige.W001",
            )
        )
    if settings.STORAGES["seals"]["BACKEND"] == settings.STORAGES["default"]["BACKEND"]:
        cautions.append(
            Caution(
                "The seals are kept on this machine: whoever administers it could rewrite them.",
                hint="Point SEALS_URL at a store that the database's administrators cannot write to.",
                id="quadrige.W002",
            )
        )
    return cautions
