"""What several nouns share: an opaque identifier, and validity dates."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class UUIDModel(models.Model):
    """A row known outside by an identifier that cannot be guessed (guarantee P27)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


M = TypeVar("M", bound=models.Model)


def valid_on(rows: models.QuerySet[M], day: date) -> models.QuerySet[M]:
    """Keep the rows that hold on ``day`` (both bounds included, an open end never expires)."""
    return rows.filter(Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Validity(models.Model):
    """Something that holds between two days: institutions and mandates change during the life of the data."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="%(app_label)s_%(class)s_validity_in_order",
                violation_error_message=_("The end of validity comes before its beginning."),
            )
        ]

    def is_valid_on(self, day: date) -> bool:
        """Whether the row holds on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
