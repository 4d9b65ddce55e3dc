"""Checks that refuse a deployment on which a guarantee would not hold: nothing lost, nothing unscanned, nothing unsealed.

`manage.py check --deploy` runs them all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import maybe_schedule
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.files.storage import storages
from django.db import OperationalError, connections

from config.celery import app as celery_app
from config.health import CHECKS
from workflows import antivirus
from workflows.engine.clock import database_now
from workflows.inflight import stranded_by_this_version
from workflows.models import Entry, Seal, WorkItem
from workflows.seals import timestamp

DURABILITY = ("synchronous_commit", "fsync", "full_page_writes")
SEAL_TASK = "workflows.seal_journals"
SEALED_WITHIN = timedelta(hours=3)
"""The hourly seal, and two that the authority or the store missed."""
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


def refused(code: str, message: str, hint: str | None = None) -> CheckMessage:
    """An error that stops a deployment."""
    return Error(message, hint=hint, id=f"quadrige.{code}")


@register(Tags.security, deploy=True)
def production_ways(**_: Any) -> list[CheckMessage]:
    """Refuse the ways of a developer's machine."""
    found = []
    if settings.DEBUG:
        found.append(refused("E003", "DEBUG is on: pages of errors show settings and personal data."))
    if celery_app.conf.task_always_eager:
        message = "Celery is eager: jobs run inside the request, whose failure then undoes them."
        found.append(refused("E004", message, "Take CELERY_TASK_ALWAYS_EAGER away."))
    return found


@register(Tags.security, deploy=True)
def deployed_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a database that may forget or that does not answer, and a version that would strand what is under way in it."""
    try:
        found = durability_errors(read_durability("default")) if databases is None else []
        if WorkItem._meta.db_table in connections["default"].introspection.table_names():
            problems = list(stranded_by_this_version())
            found += [refused("E007", problem, "See docs/deploy.md: check_inflight.") for problem in problems]
            found += late_seals(database_now())
    except OperationalError as error:
        return [refused("E005", f"The database does not answer: {type(error).__name__}.")]
    return found


def late_seals(now: datetime) -> list[CheckMessage]:
    """Refuse to go on where journals are kept and nobody has sealed them for a while."""
    last = Seal.objects.order_by("-at").values_list("at", flat=True).first()
    waiting = Entry.objects.filter(recorded_at__lte=now - SEALED_WITHIN).exists()
    if not waiting or (last is not None and last > now - SEALED_WITHIN):
        return []
    when = f"the last seal is of {last:%Y-%m-%d %H:%M} UTC" if last else "nothing was ever sealed"
    message = f"The journals are not sealed every hour: {when}."
    return [refused("E008", message, "Find out why in the worker's log, then: manage.py seal_journals.")]


@register(Tags.security, deploy=True)
def seal_schedule(**_: Any) -> list[CheckMessage]:
    """Refuse a clockwork that does not seal the journals every hour."""
    celery_app.loader.import_default_modules()
    beats = [beat for beat in settings.CELERY_BEAT_SCHEDULE.values() if beat["task"] == SEAL_TASK]
    if SEAL_TASK in celery_app.tasks and any(is_hourly(beat["schedule"]) for beat in beats):
        return []
    hint = f"CELERY_BEAT_SCHEDULE must run {SEAL_TASK} at least once an hour."
    return [refused("E009", "No hourly seal is scheduled: a rewritten journal would not show.", hint)]


def is_hourly(when: Any) -> bool:
    """Whether a schedule of Celery's comes round at least once an hour, at any hour of any day."""
    clock: Any = maybe_schedule(when)  # Celery's stubs do not tell what it holds
    if hasattr(clock, "minute"):  # a crontab
        parts = (clock.hour, clock.day_of_week, clock.day_of_month, clock.month_of_year)
        return bool(clock.minute) and [len(part) for part in parts] == [24, 7, 31, 12]
    return bool(timedelta(0) < clock.run_every <= timedelta(hours=1))


@register(Tags.security, deploy=True)
def reachable_stores(**_: Any) -> list[CheckMessage]:
    """Refuse stores that do not answer."""
    found = []
    for name, check in (("documents", CHECKS["documents"]), ("seals", lambda: storages["seals"].listdir(""))):
        try:
            check()
        except Exception as error:  # each kind of store has its own
            message = f"The store of the {name} cannot be used: {type(error).__name__}."
            found.append(
                refused("E006", message, "Its folder or bucket must be there, and be ours to write in.")
            )
    return found


@register(Tags.security, deploy=True)
def outside_services(**_: Any) -> list[CheckMessage]:
    """Say which proofs this installation cannot give."""
    cautions: list[CheckMessage] = []
    if not settings.ANTIVIRUS_URL:
        cautions.append(refused("E002", "No antivirus: set ANTIVIRUS_URL to clamd's address."))
    elif not antivirus.ping(settings.ANTIVIRUS_URL):
        message = "The antivirus does not answer: no file could be downloaded."
        cautions.append(refused("E002", message, "Start clamd at ANTIVIRUS_URL."))
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
    if settings.TIMESTAMP_URL:
        try:
            timestamp("0" * 64)
        except (OSError, ValueError) as error:
            message = f"The time-stamp authority gives no time stamp: {type(error).__name__}."
            cautions.append(
                refused("E012", message, "Without it, no seal is made: mend or empty TIMESTAMP_URL.")
            )
    else:
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
