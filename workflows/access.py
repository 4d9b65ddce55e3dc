"""Writing the access log: who read, took away or proved other people's dossiers (R133-12, ASVS 16.3).

The rule: reading by a member of the dossier's own organisation is not written. For anybody else, one line per person,
case and Region's day for reading a case that belongs to an organisation; one line for each download, each export and each
evidence bundle. The log is append-only and belongs to no verb, so it is the one thing that a GET writes.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.actors import Actor
from workflows.dates import local_date
from workflows.models import Access, AccessLog, Case


def note_access(actor: Actor, case: Case, kind: Access, *, now: datetime, detail: str = "") -> None:
    """Write that ``actor`` had access to ``case``, unless it is their own organisation's."""
    if actor.may_edit(case.organisation_id):
        return
    if kind == Access.VIEW:
        zone = case.region.zone
        morning = datetime.combine(local_date(now, case.region.zone), time(), zone)
        if AccessLog.objects.filter(case=case, user=actor.user, kind=kind, at__gte=morning).exists():
            return
    AccessLog.objects.create(case=case, user=actor.user, at=now, kind=kind, detail=detail[:250])


def note_exports(actor: Actor, cases: QuerySet[Any, Any], *, now: datetime, detail: str) -> None:
    """Write that ``actor`` takes ``cases`` (ids, in a query) away, in one statement: there may be many of them."""
    wanted, values = cases.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflows_accesslog (case_id, user_id, at, kind, detail)"  # noqa: S608  (``wanted`` is Django's)
            f" SELECT found.*, %s, %s, %s, %s FROM ({wanted}) AS found",
            [actor.user.pk, now, Access.EXPORT.value, detail[:250], *values],
        )
