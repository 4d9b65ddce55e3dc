"""The only clock: PostgreSQL's. Verbs take the instant as an argument; views and tasks read it here."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The database's wall clock (UTC): the instant that counts for a request is read first of all (P16, P18)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
