"""The contract: mandatory above 23 000 € for a private body (law 2000-321 art. 10), made for every award here."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from calls.models import Dossier
from workflows.models import CaseModel, DocumentVersion


class ContractState(models.TextChoices):
    """Life of a contract."""

    DRAFT = "draft", _("In preparation")
    TO_SIGN_BENEFICIARY = "to_sign_beneficiary", _("Waiting for the beneficiary's signature")
    TO_SIGN_REGION = "to_sign_region", _("Waiting for the Region's signature")
    ACTIVE = "active", _("In force")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class Contract(CaseModel):
    """The contract of one dossier. ``amount`` and what is paid are in euros; paid never exceeds contracted."""

    related: ClassVar[tuple[str, ...]] = (
        "case__region",
        "dossier__call",
        "dossier__organisation",
        "version__document",
    )

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="contract")
    number = models.CharField(_("number"), max_length=60, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=12, decimal_places=2, default=0)
    rate = models.DecimalField(_("rate (% of the eligible cost)"), max_digits=5, decimal_places=2)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    clauses = models.JSONField(_("particular clauses"), default=list, blank=True)
    version = models.ForeignKey(
        DocumentVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("text")
    )
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_on = models.DateField(_("signed by both on"), null=True, blank=True)
    notified_at = models.DateTimeField(_("notified"), null=True, blank=True)
    state = FSMField(_("state"), choices=ContractState.choices, default=ContractState.DRAFT, protected=True)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-starts_on", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(paid__gte=0) & Q(paid__lte=F("amount")),
                name="contracts_contract_never_overpaid",
                violation_error_message=_("This would pay more than what is contracted."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="contracts_contract_dates_in_order",
                violation_error_message=_("The contract ends before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "closed"])
                | Q(signed_on__isnull=False, notified_at__isnull=False, version__isnull=False),
                name="contracts_contract_active_is_signed",
                violation_error_message=_("A contract in force is signed and notified."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(state, source=ContractState.DRAFT, target=ContractState.TO_SIGN_BENEFICIARY)
    def send_for_signature(self) -> None:
        """Its text is final."""

    @transition(
        state, source=ContractState.TO_SIGN_BENEFICIARY, target=ContractState.TO_SIGN_REGION
    )
    def sign_as_beneficiary(self) -> None:
        """First signature."""

    @transition(state, source=ContractState.TO_SIGN_REGION, target=ContractState.ACTIVE)
    def sign_as_region(self) -> None:
        """Second signature: in force."""

    @transition(state, source=ContractState.ACTIVE, target=ContractState.CLOSED)
    def close(self) -> None:
        """Settled."""

    @transition(
        state,
        source=[ContractState.DRAFT, ContractState.TO_SIGN_BENEFICIARY, ContractState.TO_SIGN_REGION],
        target=ContractState.CANCELLED,
    )
    def cancel(self) -> None:
        """The beneficiary withdrew before it was signed."""


class SignatureParty(models.TextChoices):
    """Who signs."""

    BENEFICIARY = "beneficiary", _("Beneficiary")
    REGION = "region", _("Region")


class Signature(CaseModel):
    """A signature: who, in what capacity, when, on exactly which bytes."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="signatures")
    party = models.CharField(_("party"), max_length=12, choices=SignatureParty.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    capacity = models.CharField(_("capacity"), max_length=200)
    signed_at = models.DateTimeField(_("signed"))
    sha256 = models.CharField(_("SHA-256 of the text signed"), max_length=64)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["contract", "signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "party"], name="contracts_signature_once"),
            models.UniqueConstraint(
                fields=["contract", "user"],
                name="contracts_signature_two_people",
                violation_error_message=_("The same person cannot sign for both parties."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.contract}"
