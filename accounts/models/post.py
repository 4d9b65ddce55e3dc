"""Posts held by the Region's staff, its elected signatory, experts and auditors."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.base import UUIDModel, Validity
from accounts.models.region import Region


class PostRole(models.TextChoices):
    """Separation of duties: who prepares, who validates, who signs, who certifies, who pays (domain §3.9)."""

    CASE_OFFICER = "case_officer", _("Case officer")
    MANAGER = "manager", _("Head of service")
    SIGNATORY = "signatory", _("Signatory")
    PAYMENTS = "payments", _("Payments officer")
    PILOT = "pilot", _("Pact pilot")
    EXPERT = "expert", _("Expert reviewer")
    AUDITOR = "auditor", _("Auditor")


class Post(UUIDModel, Validity):
    """A person holds a post in a Region; an auditor without Region is national and crosses all of them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="posts")
    role = models.CharField(_("role"), max_length=20, choices=PostRole.choices)
    capacity = models.CharField(_("capacity"), max_length=160, blank=True)

    class Meta(Validity.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["region", "role", "user", "id"]
        constraints = [
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=Q(region__isnull=False) | Q(role="auditor"),
                name="accounts_post_region_or_auditor",
                violation_error_message=_("Only an auditor may hold a national post."),
            ),
            models.UniqueConstraint(
                fields=["user", "region", "role"],
                condition=Q(valid_to__isnull=True),
                name="accounts_post_once",
                violation_error_message=_("This person already holds this post."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
