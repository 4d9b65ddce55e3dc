"""The case: anything with a life of its own in front of the law."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region
from accounts.models.base import UUIDModel


class CaseKind(models.TextChoices):
    """What has a life of its own (design §1)."""

    PACT = "pact", _("Pact")
    CALL = "call", _("Call")
    DOSSIER = "dossier", _("Dossier")
    SESSION = "session", _("Session")


class Case(UUIDModel):
    """One lock, one journal, one folder of documents. All that belongs to a dossier hangs on its case."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="cases")
    kind = models.CharField(_("kind"), max_length=20, choices=CaseKind.choices)
    reference = models.CharField(_("reference"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=250)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    head_seq = models.PositiveIntegerField(_("entries in the journal"), default=0)
    head_hash = models.CharField(_("hash of the last entry"), max_length=64, default="0" * 64)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["reference"]
        indexes = [models.Index(fields=["region", "kind"])]

    def __str__(self) -> str:
        return f"{self.reference} · {self.title}"
