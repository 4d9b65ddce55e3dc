"""Organisations that apply, take part, or employ the people who judge."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.base import UUIDModel, Validity


class LegalForm(models.TextChoices):
    """The families of legal forms that change which pieces and rules apply."""

    ASSOCIATION = "association", _("Association or foundation")
    COMPANY = "company", _("Company")
    PUBLIC = "public", _("Public establishment or chamber")
    LOCAL_AUTHORITY = "local_authority", _("Local authority")


class Organisation(UUIDModel):
    """A legal person, known by its SIRET (CRPA R112-9-1) or, for an association without one, its RNA number."""

    name = models.CharField(_("name"), max_length=200)
    legal_form = models.CharField(_("legal form"), max_length=20, choices=LegalForm.choices)
    siret = models.CharField(_("SIRET"), max_length=14, unique=True)
    rna = models.CharField(_("RNA number"), max_length=10, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    training_number = models.CharField(_("training activity number (NDA)"), max_length=11, blank=True)
    created_on = models.DateField(_("date of creation"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "siret"]
        constraints = [
            models.CheckConstraint(
                condition=Q(siret__regex=r"^[0-9]{14}$"),
                name="accounts_organisation_siret_digits",
                violation_error_message=_("A SIRET has 14 digits."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def siren(self) -> str:
        """The nine digits that name the legal person, whatever the establishment."""
        return self.siret[:9]


class MembershipRole(models.TextChoices):
    """What a member may do for the organisation."""

    EDITOR = "editor", _("Prepares dossiers")
    SIGNATORY = "signatory", _("Prepares, submits and signs")


class Membership(UUIDModel, Validity):
    """A person acts for an organisation; joining an existing one waits for a signatory's approval."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=MembershipRole.choices)
    capacity = models.CharField(_("capacity"), max_length=120, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Validity.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "user", "id"]
        constraints = [
            *Validity.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(valid_to__isnull=True),
                name="accounts_membership_once",
                violation_error_message=_("This person already belongs to the organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
