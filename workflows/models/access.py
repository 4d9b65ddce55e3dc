"""The access log: who read, downloaded or exported other people's dossiers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.models.case import Case


class Access(models.TextChoices):
    """Kinds of access worth a line."""

    VIEW = "view", _("Read")
    DOWNLOAD = "download", _("Downloaded")
    EXPORT = "export", _("Exported")
    EVIDENCE = "evidence", _("Took the evidence bundle")


class AccessLog(models.Model):
    """One access; append-only."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="accesses")
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("kind"), max_length=20, choices=Access.choices)
    detail = models.CharField(_("detail"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-id"]
        indexes = [models.Index(fields=["case", "-id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
