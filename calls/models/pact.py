"""The regional skills pact: the frame that every call and project refers to (seed S01, S10, S31, S51, S57)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models.base import UUIDModel
from workflows.models import CaseModel


class PactState(models.TextChoices):
    """Life of a pact."""

    DRAFT = "draft", _("In preparation")
    ADOPTED = "adopted", _("Adopted")
    CLOSED = "closed", _("Closed")


class Pact(CaseModel):
    """A pact between State and Region over some years, with its budget by year (whole euros and cents)."""

    related: ClassVar[tuple[str, ...]] = ("case__region",)

    title = models.CharField(_("title"), max_length=200)
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"))
    stakes = models.TextField(_("stakes"), max_length=10000)
    budget_by_year = models.JSONField(_("budget by year"), default=dict)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    adopted_at = models.DateTimeField(_("adopted"), null=True, blank=True)
    state = FSMField(_("state"), choices=PactState.choices, default=PactState.DRAFT, protected=True)

    class Meta:
        verbose_name = _("pact")
        verbose_name_plural = _("pacts")
        ordering = ["-first_year", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="calls_pact_years_in_order",
                violation_error_message=_("The last year comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(adopted_by__isnull=False, adopted_at__isnull=False),
                name="calls_pact_adopted_is_dated",
                violation_error_message=_("An adopted pact has its date and who adopted it."),
            ),
            models.CheckConstraint(
                condition=Q(adopted_by__isnull=True) | ~Q(adopted_by=F("prepared_by")),
                name="calls_pact_two_people",
                violation_error_message=_("A pact is adopted by somebody other than who prepared it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(state, source=PactState.DRAFT, target=PactState.ADOPTED)
    def adopt(self) -> None:
        """Its axes, objectives and indicators can be referred to by calls."""

    @transition(state, source=PactState.ADOPTED, target=PactState.CLOSED)
    def close(self) -> None:
        """No call refers to it any more."""


class Axis(UUIDModel):
    """One of the pact's axes, with its sub-themes. Axes change from pact to pact (domain §0.5)."""

    pact = models.ForeignKey(Pact, models.PROTECT, related_name="axes")
    code = models.CharField(_("code"), max_length=10)
    label = models.CharField(_("label"), max_length=300)
    themes = models.JSONField(_("sub-themes"), default=list)

    class Meta:
        verbose_name = _("axis")
        verbose_name_plural = _("axes")
        ordering = ["pact", "code"]
        constraints = [models.UniqueConstraint(fields=["pact", "code"], name="calls_axis_code")]

    def __str__(self) -> str:
        return self.label


class Objective(UUIDModel):
    """What the pact wants under an axis: something strengthened, or something new (S27)."""

    axis = models.ForeignKey(Axis, models.PROTECT, related_name="objectives")
    label = models.CharField(_("label"), max_length=300)
    nature = models.CharField(
        _("nature"),
        max_length=12,
        choices=[("strengthened", _("Strengthened")), ("new", _("New"))],
    )

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["axis", "label"]

    def __str__(self) -> str:
        return self.label


class IndicatorKind(models.TextChoices):
    """Follow-up measures what was done, impact what it changed (S51)."""

    FOLLOW_UP = "follow_up", _("Follow-up")
    IMPACT = "impact", _("Impact")


class IndicatorNature(models.TextChoices):
    """How it is expressed (S51, S56)."""

    QUANTITATIVE = "quantitative", _("Quantitative")
    QUALITATIVE = "qualitative", _("Qualitative")


class PactIndicator(UUIDModel):
    """An indicator of the pact; an impact indicator is attached to an axis."""

    pact = models.ForeignKey(Pact, models.PROTECT, related_name="indicators")
    axis = models.ForeignKey(Axis, models.PROTECT, null=True, blank=True, related_name="indicators")
    code = models.CharField(_("code"), max_length=20)
    label = models.CharField(_("label"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=IndicatorKind.choices)
    nature = models.CharField(_("nature"), max_length=14, choices=IndicatorNature.choices)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    method = models.CharField(_("method"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["pact", "kind", "code"]
        constraints = [models.UniqueConstraint(fields=["pact", "code"], name="calls_indicator_code")]

    def __str__(self) -> str:
        return self.label


class EvaluationQuestion(UUIDModel):
    """A structuring question of the in-itinere evaluation (S57); mandatory before a call opens (S02)."""

    pact = models.ForeignKey(Pact, models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("question"), max_length=1000)

    class Meta:
        verbose_name = _("evaluation question")
        verbose_name_plural = _("evaluation questions")
        ordering = ["pact", "number"]
        constraints = [models.UniqueConstraint(fields=["pact", "number"], name="calls_question_number")]

    def __str__(self) -> str:
        return self.text


class StrategicLink(UUIDModel):
    """A typed link to the CPRDFOP or the SRDEII (S12)."""

    pact = models.ForeignKey(Pact, models.PROTECT, related_name="links")
    document = models.CharField(_("document"), max_length=200)
    relation = models.CharField(
        _("relation"),
        max_length=20,
        choices=[
            ("consistent", _("Consistent")),
            ("complementary", _("Complementary")),
            ("renewed", _("Renewed")),
            ("none", _("No link")),
        ],
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("strategic link")
        verbose_name_plural = _("strategic links")
        ordering = ["pact", "document"]

    def __str__(self) -> str:
        return self.document
