"""The people in a case: audiences let in for their part, and persons kept out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.models.case import Case


class Grant(models.Model):
    """An audience (a college's seat, a reviewer) may see the case from a moment on."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="grants")
    audience = models.CharField(_("for whom"), max_length=120)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("access grant")
        verbose_name_plural = _("access grants")
        ordering = ["case", "audience"]
        constraints = [models.UniqueConstraint(fields=["case", "audience"], name="workflows_grant_once")]
        indexes = [models.Index(fields=["audience", "case"])]

    def __str__(self) -> str:
        return self.audience


class Recusal(models.Model):
    """A person kept out of a case for a conflict of interest: it no longer exists for them (R133-12)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recusals")
    reason = models.TextField(_("reason"))
    detected = models.BooleanField(_("found by the system"), default=False)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        ordering = ["case", "at"]
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="workflows_recusal_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.case}"
