"""The Region: the tenant. Nothing of one Region is seen from another."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.base import UUIDModel


class Region(UUIDModel):
    """A French Region, with what its letters must say of the service in charge (CRPA R112-11-1, 2°)."""

    code = models.CharField(_("INSEE code"), max_length=3, unique=True)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), unique=True)
    siret = models.CharField(_("SIRET"), max_length=14)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    accent = models.CharField(_("accent colour"), max_length=20, default="blue")
    service_name = models.CharField(_("service in charge"), max_length=200)
    service_address = models.TextField(_("postal address of the service"))
    service_email = models.EmailField(_("e-mail of the service"))
    service_phone = models.CharField(_("telephone of the service"), max_length=30)
    president = models.CharField(_("president"), max_length=120)
    court = models.CharField(_("administrative court"), max_length=120)

    class Meta:
        verbose_name = _("Region")
        verbose_name_plural = _("Regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its days begin and end."""
        return ZoneInfo(self.time_zone)
