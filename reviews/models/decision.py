"""The decision: the commission permanente's vote, its effect on each dossier, and the letters."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from calls.models import Call, Dossier
from reviews.models.ranking import Ranking
from workflows.models import CaseModel, Document


class Deliberation(CaseModel):
    """A vote of the commission permanente, on the call's case (domain §3.7, 9). Only it awards a subsidy."""

    related: ClassVar[tuple[str, ...]] = ("case__region", "call__envelope", "ranking")

    call = models.ForeignKey(Call, models.PROTECT, related_name="deliberations")
    ranking = models.OneToOneField(Ranking, models.PROTECT, related_name="deliberation")
    voted_on = models.DateField(_("date of the vote"))
    number = models.CharField(_("deliberation number"), max_length=60)
    minutes = models.TextField(_("minutes"), max_length=10000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("deliberation")
        verbose_name_plural = _("deliberations")
        ordering = ["-voted_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "number"],
                name="reviews_deliberation_number",
                violation_error_message=_("This deliberation is already recorded."),
            )
        ]

    def __str__(self) -> str:
        return self.number


class Outcome(models.TextChoices):
    """What was decided for a dossier."""

    AWARDED = "awarded", _("Awarded")
    RESERVE = "reserve", _("Reserve list")
    REFUSED = "refused", _("Not retained")


class Decision(CaseModel):
    """What a deliberation decides for one dossier, on the dossier's case. A later one replaces it, none is changed."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="decisions")
    deliberation = models.ForeignKey(Deliberation, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, default=0)
    grounds = models.TextField(_("grounds"), max_length=5000, blank=True)
    decided_on = models.DateField(_("decided on"))
    promoted = models.BooleanField(_("promoted from the reserve list"), default=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["dossier", "decided_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "deliberation", "outcome"], name="reviews_decision_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="refused", amount=0) | (~Q(outcome="refused") & Q(amount__gt=0)),
                name="reviews_decision_amount",
                violation_error_message=_("An award has an amount, a refusal has none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} · {self.dossier}"


class LetterKind(models.TextChoices):
    """Letters that notify a decision; each value is the name of its template."""

    INADMISSIBLE = "inadmissible", _("Inadmissibility")
    INELIGIBLE = "ineligible", _("Ineligibility")
    AWARD = "award", _("Award")
    RESERVE = "reserve_list", _("Reserve list")
    REFUSAL = "refusal", _("Refusal")


class LetterState(models.TextChoices):
    """Life of a letter: written, looked at, then released by a person (never with the decision itself)."""

    DRAFTED = "drafted", _("Draft")
    RELEASED = "released", _("Released")
    CANCELLED = "cancelled", _("Cancelled")


class Letter(CaseModel):
    """A letter to the applicant. ``data`` is what the PDF is made of, frozen when it is released."""

    related: ClassVar[tuple[str, ...]] = (
        "case__region",
        "dossier__call__case",
        "dossier__organisation",
        "dossier__officer",
        "dossier__submitted_by",
    )

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="letters")
    kind = models.CharField(_("kind"), max_length=40, choices=LetterKind.choices)
    subject = models.CharField(_("subject"), max_length=200)
    data = models.JSONField(_("content"), default=dict)
    note = models.TextField(_("paragraph added by the service"), max_length=3000, blank=True)
    drafted_at = models.DateTimeField(_("drafted"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    first_read_at = models.DateTimeField(_("first read by the applicant"), null=True, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    state = FSMField(_("state"), choices=LetterState.choices, default=LetterState.DRAFTED, protected=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["dossier", "drafted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False),
                name="reviews_letter_released_dated",
                violation_error_message=_("A released letter has its date."),
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state="drafted"), name="reviews_letter_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @transition(state, source=LetterState.DRAFTED, target=LetterState.RELEASED)
    def release(self) -> None:
        """The applicant can read it."""

    @transition(state, source=LetterState.DRAFTED, target=LetterState.CANCELLED)
    def cancel(self) -> None:
        """It will not be sent."""
