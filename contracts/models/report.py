"""Periodic reports: indicators, narrative, expenditure (seed S53, S56)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from calls.models import DossierIndicator
from contracts.models.contract import Contract
from workflows.models import CaseModel


class ReportKind(models.TextChoices):
    """The last report settles the contract."""

    INTERIM = "interim", _("Interim report")
    FINAL = "final", _("Final report")


class ReportState(models.TextChoices):
    """Life of a report."""

    EXPECTED = "expected", _("Expected")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("To be corrected")
    ACCEPTED = "accepted", _("Accepted")


class Report(CaseModel):
    """A report of a contract over a period, due on a day. An overdue one blocks the next instalment."""

    related: ClassVar[tuple[str, ...]] = (
        "case__region",
        "contract__dossier__call",
        "contract__dossier__organisation",
    )

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=ReportKind.choices)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    due_on = models.DateField(_("due"))
    narrative = models.JSONField(_("narrative"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version of the draft"), default=0)
    return_reasons = models.TextField(_("what to correct"), max_length=5000, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    state = FSMField(_("state"), choices=ReportState.choices, default=ReportState.EXPECTED, protected=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contracts_report_number"),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="contracts_report_period_in_order",
                violation_error_message=_("The period ends before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="contracts_report_accepted_complete",
                violation_error_message=_("An accepted report has its author and date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number} · {self.contract}"

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been handed in: one that the Region is reading is not late."""
        return self.state in (ReportState.EXPECTED, ReportState.RETURNED) and self.due_on < today

    @transition(state, source=[ReportState.EXPECTED, ReportState.RETURNED], target=ReportState.SUBMITTED)
    def submit(self) -> None:
        """Sent by the beneficiary."""

    @transition(state, source=ReportState.SUBMITTED, target=ReportState.RETURNED)
    def send_back(self) -> None:
        """To be corrected."""

    @transition(state, source=ReportState.SUBMITTED, target=ReportState.ACCEPTED)
    def accept(self) -> None:
        """Final: nobody changes it any more."""


class IndicatorValue(CaseModel):
    """What an indicator of the dossier reached in a report: a number, or a scale of 1 to 4 with words.

    A ratio keeps its numerator and denominator; ``breakdown`` counts the same people by level, sex, age and public.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="values")
    indicator = models.ForeignKey(DossierIndicator, models.PROTECT, related_name="values")
    number = models.DecimalField(_("value"), max_digits=14, decimal_places=2, null=True, blank=True)
    numerator = models.DecimalField(_("numerator"), max_digits=14, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(
        _("denominator"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    breakdown = models.JSONField(_("breakdown"), default=dict, blank=True)
    text = models.TextField(_("narrative and evidence"), max_length=3000, blank=True)

    class Meta:
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        ordering = ["report", "indicator__kind", "indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="contracts_value_once"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) | Q(numerator__gte=0),
                name="contracts_value_numerator_positive",
                violation_error_message=_("Counts cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0),
                name="contracts_value_denominator_positive",
                violation_error_message=_("Counts cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.number}"


class ReportExpense(CaseModel):
    """Actual expenditure of one budget account over the period, in euros (order of 11 October 2006)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="expenses")
    code = models.CharField(_("account"), max_length=20)
    label = models.CharField(_("label"), max_length=200)
    planned = models.DecimalField(_("planned"), max_digits=12, decimal_places=2, default=0)
    amount = models.DecimalField(
        _("spent"), max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )

    accepted = models.DecimalField(
        _("accepted by the Region"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("why a part is set aside"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("expense reported")
        verbose_name_plural = _("expenses reported")
        ordering = ["report", "code"]
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="contracts_expense_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="contracts_expense_positive",
                violation_error_message=_("Amounts cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True)
                | Q(accepted=F("amount"))
                | (Q(accepted__gte=0, accepted__lt=F("amount")) & ~Q(reason="")),
                name="contracts_expense_accepted_within",
                violation_error_message=_("What is set aside has its reason, and nothing is added."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount}"
