"""Assessment: who may judge, and the scores they give."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from calls.models import Criterion, Dossier
from workflows.models import CaseModel


class InterestDeclaration(CaseModel):
    """What a person declares of their interests before judging a dossier (law 2013-907 art. 2, CRPA R133-12)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="declarations")
    has_interest = models.BooleanField(_("has an interest"))
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True)
    declared_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        ordering = ["dossier", "declared_at"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "user"], name="reviews_declaration_once"),
            models.CheckConstraint(
                condition=Q(has_interest=False) | ~Q(explanation=""),
                name="reviews_declaration_explained",
                violation_error_message=_("An interest is explained in a few words."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.dossier}"


class AssignmentState(models.TextChoices):
    """Life of an assignment."""

    ASSIGNED = "assigned", _("Interests to declare")
    OPEN = "open", _("To be assessed")
    DONE = "done", _("Assessed")
    RECUSED = "recused", _("Recused")
    EXPIRED = "expired", _("Not assessed in time")


class Assignment(CaseModel):
    """A reviewer is asked to assess a dossier before a date."""

    related: ClassVar[tuple[str, ...]] = (
        "case__region",
        "dossier__call",
        "dossier__organisation",
        "reviewer",
    )

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(_("assigned"))
    due_at = models.DateTimeField(_("due"))
    state = FSMField(
        _("state"), choices=AssignmentState.choices, default=AssignmentState.ASSIGNED, protected=True
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["dossier", "assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "reviewer"],
                name="reviews_assignment_once",
                violation_error_message=_("This reviewer already has this dossier."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} · {self.dossier}"

    @transition(state, source=AssignmentState.ASSIGNED, target=AssignmentState.OPEN)
    def accept(self) -> None:
        """No interest declared: the dossier opens."""

    @transition(
        state, source=[AssignmentState.ASSIGNED, AssignmentState.OPEN], target=AssignmentState.RECUSED
    )
    def recuse(self) -> None:
        """The dossier closes to this person."""

    @transition(state, source=AssignmentState.OPEN, target=AssignmentState.DONE)
    def finish(self) -> None:
        """The assessment is in, and final."""

    @transition(
        state, source=[AssignmentState.ASSIGNED, AssignmentState.OPEN], target=AssignmentState.EXPIRED
    )
    def expire(self) -> None:
        """The time allowed is over."""


class Assessment(CaseModel):
    """One reviewer's judgment of a dossier; others' stay hidden from them until it is submitted."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="assessment")
    comment = models.TextField(_("overall comment"), max_length=5000, blank=True)
    total = models.DecimalField(_("score out of 100"), max_digits=5, decimal_places=2, null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["assignment", "submitted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(total__isnull=False),
                name="reviews_assessment_scored",
                violation_error_message=_("A submitted assessment has its score."),
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100),
                name="reviews_assessment_total",
                violation_error_message=_("A score is between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.assignment)


class Score(CaseModel):
    """0 to 5 on one criterion, with a comment."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(
        _("score"), null=True, blank=True, validators=[MaxValueValidator(5)]
    )
    comment = models.TextField(_("comment"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["assessment", "criterion__number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="reviews_score_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__lte=5),
                name="reviews_score_range",
                violation_error_message=_("A score is between 0 and 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"
