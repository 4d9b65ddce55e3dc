"""Completeness and admissibility: is everything there, in order, and within what the call may fund?"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from calls.models import Dossier
from workflows.models import CaseModel


class PieceRequestState(models.TextChoices):
    """Life of a request for missing pieces."""

    PENDING = "pending", _("Waiting for the applicant")
    PRODUCED = "produced", _("Produced")
    EXPIRED = "expired", _("Not produced in time")


class PieceRequest(CaseModel):
    """A request for missing pieces; it suspends the legal clock for the time allowed (CRPA L114-5, R112-11-4).

    ``items`` is a list of ``{"code", "label", "reason"}``.
    """

    related: ClassVar[tuple[str, ...]] = ("case__region", "dossier__call", "dossier__organisation")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="piece_requests")
    items = models.JSONField(_("pieces"), default=list)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_on = models.DateField(_("requested on"))
    due_on = models.DateField(_("due on"))
    produced_on = models.DateField(_("produced on"), null=True, blank=True)
    state = FSMField(
        _("state"), choices=PieceRequestState.choices, default=PieceRequestState.PENDING, protected=True
    )

    class Meta:
        verbose_name = _("request for pieces")
        verbose_name_plural = _("requests for pieces")
        ordering = ["dossier", "requested_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state="pending"), name="reviews_piece_request_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("requested_on")),
                name="reviews_piece_request_due_after",
                violation_error_message=_("The due date comes before the request."),
            ),
            models.CheckConstraint(
                condition=~Q(state="produced") | Q(produced_on__isnull=False),
                name="reviews_piece_request_produced_dated",
                violation_error_message=_("A produced request has its date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} · {self.due_on}"

    @transition(state, source=PieceRequestState.PENDING, target=PieceRequestState.PRODUCED)
    def produce(self) -> None:
        """The clock runs again."""

    @transition(state, source=PieceRequestState.PENDING, target=PieceRequestState.EXPIRED)
    def expire(self) -> None:
        """The time allowed is over; the clock runs again."""


class Admissibility(CaseModel):
    """One formal judgment on a dossier, with its grounds: admissibility (form), then eligibility (substance)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="admissibilities")
    subject = models.CharField(
        _("about"),
        max_length=14,
        choices=[("admissibility", _("Admissibility")), ("eligibility", _("Eligibility"))],
    )
    favourable = models.BooleanField(_("favourable"))
    grounds = models.JSONField(_("grounds"), default=list, blank=True)
    explanation = models.TextField(_("explanation"), max_length=5000, blank=True)
    checklist = models.JSONField(_("checklist"), default=dict, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("admissibility judgment")
        verbose_name_plural = _("admissibility judgments")
        ordering = ["dossier", "decided_at"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "subject"], name="reviews_admissibility_once"),
            models.CheckConstraint(
                condition=Q(favourable=True) | ~Q(explanation=""),
                name="reviews_admissibility_grounds",
                violation_error_message=_("An unfavourable judgment is explained."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.dossier}"
