"""What several verbs of ``calls`` share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, models

from calls.models import Call
from workflows.engine import Reason
from workflows.formats import format_instant

#: A draft lapses so long after the closing: a submission received before the bell may still be waiting for its lock.
GRACE = timedelta(minutes=15)


def model_faults(row: models.Model, *, exclude: Iterable[str] = ()) -> list[Reason]:
    """What the model's own fields and constraints say against ``row``, by field."""
    try:
        row.full_clean(exclude={"state", *exclude}, validate_unique=False)  # the state is django-fsm's own
    except ValidationError as error:
        return [
            Reason(" ".join(messages), "" if name == NON_FIELD_ERRORS else name)
            for name, messages in error.message_dict.items()
        ]
    return []


def hold_call(call: Call) -> Call:
    """The call as it is now, protected until the end of the verb from being extended or cancelled; others may hold it too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM calls_call WHERE id = %s FOR SHARE", [call.pk])
    return Call.objects.select_related("case__region", "pact", "envelope").get(pk=call.pk)


def told_instant(call: Call, instant: datetime) -> str:
    """An instant in French, in the Region's zone, for what is written to people."""
    return format_instant(instant, call.case.region.zone)


def listed(values: Any) -> list[str]:
    """A list of codes without repetition, in the order given."""
    return list(dict.fromkeys(str(value) for value in values))
