"""Payments: advance, interim, balance. Nobody certifies what they proposed themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from contracts.models.account import BankAccount
from contracts.models.contract import Contract
from workflows.models import CaseModel


class InstalmentKind(models.TextChoices):
    """What an instalment is for (domain §3.8)."""

    ADVANCE = "advance", _("Advance")
    INTERIM = "interim", _("Interim payment")
    BALANCE = "balance", _("Balance")


class InstalmentState(models.TextChoices):
    """Life of an instalment."""

    PLANNED = "planned", _("Planned")
    CLAIMED = "claimed", _("Claimed")
    PROPOSED = "proposed", _("Proposed for payment")
    CERTIFIED = "certified", _("Service certified")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Not due")


class Instalment(CaseModel):
    """A planned payment of a contract, in euros: claim → proposal → certification by another → payment."""

    related: ClassVar[tuple[str, ...]] = (
        "case__region",
        "contract__dossier__call",
        "contract__dossier__organisation",
    )

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=InstalmentKind.choices)
    planned_amount = models.DecimalField(_("planned amount"), max_digits=12, decimal_places=2)
    amount = models.DecimalField(_("amount to pay"), max_digits=12, decimal_places=2, null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    claim_comment = models.TextField(_("comment of the claim"), max_length=2000, blank=True)
    return_reasons = models.TextField(_("why it was sent back"), max_length=2000, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    certified_at = models.DateTimeField(_("service certified"), null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    payment_reference = models.CharField(_("payment order"), max_length=60, blank=True)
    account = models.ForeignKey(
        BankAccount, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paid to")
    )
    due_on = models.DateField(_("to be paid before"), null=True, blank=True)
    state = FSMField(
        _("state"), choices=InstalmentState.choices, default=InstalmentState.PLANNED, protected=True
    )

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contracts_instalment_number"),
            models.CheckConstraint(
                condition=Q(planned_amount__gte=0) & (Q(amount__isnull=True) | Q(amount__gte=0)),
                name="contracts_instalment_positive",
                violation_error_message=_("Amounts cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(certified_by__isnull=True) | ~Q(certified_by=F("proposed_by")),
                name="contracts_instalment_two_people",
                violation_error_message=_(
                    "The service is certified by somebody other than who proposed the payment."
                ),
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True)
                | (~Q(paid_by=F("proposed_by")) & ~Q(paid_by=F("certified_by"))),
                name="contracts_instalment_payer_apart",
                violation_error_message=_("Who pays has neither proposed nor certified the payment."),
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | (
                    Q(
                        amount__isnull=False,
                        certified_by__isnull=False,
                        paid_by__isnull=False,
                        paid_on__isnull=False,
                        account__isnull=False,
                    )
                    & ~Q(payment_reference="")
                ),
                name="contracts_instalment_paid_is_certified",
                violation_error_message=_(
                    "A payment has its certificate, its order, its date and its account."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.contract}"

    @transition(state, source=InstalmentState.PLANNED, target=InstalmentState.CLAIMED)
    def claim(self) -> None:
        """Asked for by the beneficiary."""

    @transition(state, source=InstalmentState.CLAIMED, target=InstalmentState.PLANNED)
    def reject_claim(self) -> None:
        """Sent back to the beneficiary."""

    @transition(
        state, source=[InstalmentState.PLANNED, InstalmentState.CLAIMED], target=InstalmentState.PROPOSED
    )
    def propose(self) -> None:
        """Put forward by the case officer (an advance needs no claim)."""

    @transition(state, source=InstalmentState.PROPOSED, target=InstalmentState.CERTIFIED)
    def certify(self) -> None:
        """Service done, says another."""

    @transition(
        state,
        source=[InstalmentState.PROPOSED, InstalmentState.CERTIFIED],
        target=InstalmentState.CLAIMED,
    )
    def send_back(self) -> None:
        """Something is wrong with the proposal."""

    @transition(state, source=InstalmentState.CERTIFIED, target=InstalmentState.PAID)
    def pay(self) -> None:
        """Money left."""

    @transition(
        state, source=[InstalmentState.PLANNED, InstalmentState.CLAIMED], target=InstalmentState.CANCELLED
    )
    def cancel(self) -> None:
        """Nothing more is due."""
