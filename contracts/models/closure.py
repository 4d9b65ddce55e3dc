"""Closure: what was not earned is recovered, after the beneficiary was heard (CRPA L121-1, L242-2)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from contracts.models.contract import Contract
from workflows.models import CaseModel


class RecoveryState(models.TextChoices):
    """Life of a recovery: found, observations heard, decided with reasons, recovered."""

    HEARING = "hearing", _("Waiting for observations")
    DECIDED = "decided", _("Decided")
    RECOVERED = "recovered", _("Recovered")
    DROPPED = "dropped", _("Dropped")


class Recovery(CaseModel):
    """An amount to be given back, in euros."""

    related: ClassVar[tuple[str, ...]] = (
        "case__region",
        "contract__dossier__call",
        "contract__dossier__organisation",
    )

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="recovery")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    grounds = models.TextField(_("grounds"), max_length=5000)
    heard_before = models.DateField(_("observations before"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    observations = models.TextField(_("observations of the beneficiary"), max_length=10000, blank=True)
    observed_at = models.DateTimeField(_("observations received"), null=True, blank=True)
    hearing_ended_at = models.DateTimeField(_("hearing ended"), null=True, blank=True)
    decided_amount = models.DecimalField(
        _("amount to give back"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    pay_before = models.DateField(_("to be given back before"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_grounds = models.TextField(_("grounds of the decision"), max_length=5000, blank=True)
    recovered_on = models.DateField(_("recovered on"), null=True, blank=True)
    state = FSMField(_("state"), choices=RecoveryState.choices, default=RecoveryState.HEARING, protected=True)

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["contract"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(grounds=""),
                name="contracts_recovery_grounds",
                violation_error_message=_("A recovery has its amount and its grounds."),
            ),
            models.CheckConstraint(
                condition=Q(decided_amount__isnull=True)
                | Q(decided_amount__gte=0, decided_amount__lte=F("amount")),
                name="contracts_recovery_decided_within",
                violation_error_message=_("The decision cannot ask for more than what was notified."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("opened_by")),
                name="contracts_recovery_two_people",
                violation_error_message=_("A recovery is decided by somebody other than who opened it."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "recovered"])
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False, decided_amount__gt=0)
                    & ~Q(decision_grounds="")
                ),
                name="contracts_recovery_decided_reasons",
                violation_error_message=_("A recovery decision gives its reasons."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.amount}"

    @transition(state, source=RecoveryState.HEARING, target=RecoveryState.DECIDED)
    def decide(self) -> None:
        """Decided, with reasons."""

    @transition(state, source=RecoveryState.HEARING, target=RecoveryState.DROPPED)
    def drop(self) -> None:
        """The observations were right."""

    @transition(state, source=RecoveryState.DECIDED, target=RecoveryState.RECOVERED)
    def recover(self) -> None:
        """The money came back."""
