"""The journal: append-only, one hash chain per case (guarantee P46). PostgreSQL refuses any change to a row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows.models.case import Case


class Entry(models.Model):
    """One act: who (and in what capacity), which verb, on what, from which state to which, why, having seen what."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="entries"
    )
    actor_name = models.CharField(_("who"), max_length=200)
    capacity = models.JSONField(_("in what capacity"), default=dict)
    verb = models.CharField(_("act"), max_length=60)
    object_type = models.CharField(_("kind of object"), max_length=60)
    object_id = models.CharField(_("object"), max_length=40)
    from_state = models.CharField(_("from"), max_length=40, blank=True)
    to_state = models.CharField(_("to"), max_length=40, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    snapshot = models.JSONField(_("what was decided on"), default=dict)
    files = models.JSONField(_("files"), default=list)
    idempotency_key = models.CharField(_("idempotency key"), max_length=64, blank=True)
    previous_hash = models.CharField(_("hash before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["case", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="workflows_entry_sequence"),
            models.UniqueConstraint(
                fields=["actor", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="workflows_entry_idempotency",
            ),
        ]
        indexes = [
            models.Index(fields=["actor", "at"]),
            models.Index(fields=["verb", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class Seal(models.Model):
    """The Merkle root over all case heads at an instant, time-stamped by a third party and copied elsewhere."""

    at = models.DateTimeField(_("when"))
    root = models.CharField(_("Merkle root"), max_length=64)
    heads = models.PositiveIntegerField(_("cases covered"))
    token = models.BinaryField(_("RFC 3161 time stamp"), null=True, blank=True)
    stored_as = models.CharField(_("external copy"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.root[:12]}"
