"""The only clock: PostgreSQL's. Verbs take the instant as an argument; views and tasks read it here."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import connection

#: How long the request that this thread serves has waited for it since it came in; the web server sets it.
waited: ContextVar[timedelta] = ContextVar("waited", default=timedelta(0))


def database_now() -> datetime:
    """The database's wall clock (UTC): the instant that counts for a request is read first of all (P16, P18)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def received_now() -> datetime:
    """The instant (UTC) at which the request under way was received: before it waited for a thread, or for any lock (P16)."""
    return database_now() - waited.get()
