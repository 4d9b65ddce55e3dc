"""What every domain row of a case has."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models.base import UUIDModel
from workflows.models.case import Case


class CaseModel(UUIDModel):
    """A row that belongs to one case: verbs on it lock that case."""

    #: Relations that verbs and rules read; fetched in one query with the row when a verb re-reads it.
    related: ClassVar[tuple[str, ...]] = ()

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
