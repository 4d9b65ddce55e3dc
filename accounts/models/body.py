"""Bodies of the quadripartite governance, and the seats that people hold in them (domain §2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.base import UUIDModel, Validity
from accounts.models.organisation import Organisation
from accounts.models.region import Region


class BodyKind(models.TextChoices):
    """Bodies named by the labour code, the CGCT and the regional rules."""

    CREFOP_PLENARY = "crefop_plenary", _("CREFOP plenary")
    CREFOP_BUREAU = "crefop_bureau", _("CREFOP bureau")
    CREFOP_COMMISSION = "crefop_commission", _("CREFOP commission")
    COPAREF = "coparef", _("COPAREF")
    SELECTION_COMMITTEE = "selection_committee", _("Selection committee")
    COMMISSION_PERMANENTE = "commission_permanente", _("Commission permanente")


class College(models.TextChoices):
    """The four sides of the quadripartite consultation (C. trav. R6123-3-3)."""

    STATE = "state", _("State")
    REGION = "region", _("Region")
    EMPLOYERS = "employers", _("Employers")
    UNIONS = "unions", _("Unions")


class Voice(models.TextChoices):
    """Weight of a seat in a vote."""

    DELIBERATIVE = "deliberative", _("Deliberative")
    CONSULTATIVE = "consultative", _("Consultative")


class Body(UUIDModel, Validity):
    """A body of one Region; institutions were renamed and replaced, hence the validity dates."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="bodies")
    kind = models.CharField(_("kind"), max_length=30, choices=BodyKind.choices)
    name = models.CharField(_("name"), max_length=160)
    rule_profile = models.CharField(_("rule profile"), max_length=40, default="crpa_r133")

    class Meta(Validity.Meta):
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["region", "kind", "name"]

    def __str__(self) -> str:
        return self.name


class Seat(UUIDModel, Validity):
    """A person sits in a body for a college, as full member or alternate (R6123-3-5)."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    college = models.CharField(_("college"), max_length=20, choices=College.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="seats"
    )
    is_alternate = models.BooleanField(_("alternate"), default=False)
    voice = models.CharField(_("voice"), max_length=20, choices=Voice.choices, default=Voice.DELIBERATIVE)
    capacity = models.CharField(_("capacity"), max_length=160, blank=True)

    class Meta(Validity.Meta):
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["body", "college", "is_alternate", "id"]
        constraints = [
            *Validity.Meta.constraints,
            models.UniqueConstraint(
                fields=["body", "user"],
                condition=Q(valid_to__isnull=True),
                name="accounts_seat_once",
                violation_error_message=_("This person already sits in this body."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.body} · {self.get_college_display()}"
