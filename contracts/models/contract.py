"""The contract: mandatory above 23 000 € for a private body (law 2000-321 art. 10), made for every award here."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from calls.models import Dossier
from workflows.models import CaseModel, DocumentVersion


class ContractState(models.TextChoices):
    """Life of a contract."""

    DRAFT = "draft", _("In preparation")
    TO_SIGN_BENEFICIARY = "to_sign_beneficiary", _("Waiting for the beneficiary's signature")
    TO_SIGN_REGION = "to_sign_region", _("Waiting for the Region's signature")
    ACTIVE = "active", _("In force")
    CLOSED = "closed", pgettext_lazy("a contract", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("a contract", "Cancelled")


#: What the law itself wants in a contract (law 2000-321 art. 10, décret 2001-495 art. 1), and of whom may keep an excess. The
#: verbs ask for every mandatory clause of the reference; this much no contract lacks, whatever wrote it.
LEGAL_MINIMUM = ("OBJET", "MONTANT", "VERSEMENT", "UTILISATION", "SUIVI", "CONTROLE")
WHOLE_TEXT = (
    Q(data__contains={"articles": [{"code": code} for code in LEGAL_MINIMUM]})
    & Q(data__contains={"indicators": [{"kind": "suivi"}, {"kind": "impact"}]})  # S51
    & (
        ~Q(data__contains={"beneficiary": {"legal_form": "association"}})
        | Q(data__contains={"articles": [{"code": "EXCEDENT"}]})
    )
)


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
    eligible_cost = models.DecimalField(_("eligible cost planned"), max_digits=12, decimal_places=2)
    rate = models.DecimalField(_("rate (% of the eligible cost)"), max_digits=7, decimal_places=4)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    clauses = models.JSONField(_("particular clauses"), default=list, blank=True)
    revision = models.PositiveSmallIntegerField(_("preparation"), default=1)
    data = models.JSONField(_("frozen content of the text"), default=dict)
    version = models.ForeignKey(
        DocumentVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("text")
    )
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("prepared"))
    sent_at = models.DateTimeField(_("sent for signature"), null=True, blank=True)
    recall_reasons = models.TextField(_("why it was taken back"), max_length=2000, blank=True)
    signed_on = models.DateField(_("signed by both on"), null=True, blank=True)
    notified_at = models.DateTimeField(_("notified"), null=True, blank=True)
    open_data_due_on = models.DateField(_("open data due"), null=True, blank=True)
    settled_cost = models.DecimalField(
        _("eligible cost accepted"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    settled_amount = models.DecimalField(
        _("subsidy finally due"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
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
                condition=Q(settled_amount__isnull=True)
                | Q(settled_amount__gte=0, settled_amount__lte=F("amount")),
                name="contracts_contract_settled_within",
                violation_error_message=_("The subsidy finally due goes beyond what is contracted."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0) & Q(rate__lte=100) & Q(eligible_cost__gt=0),
                name="contracts_contract_rate",
                violation_error_message=_("The rate is between 0 and 100 %."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="contracts_contract_dates_in_order",
                violation_error_message=_("The contract ends before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "closed"])
                | Q(
                    signed_on__isnull=False,
                    notified_at__isnull=False,
                    version__isnull=False,
                    open_data_due_on__isnull=False,
                ),
                name="contracts_contract_active_is_signed",
                violation_error_message=_("A contract in force is signed and notified."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | WHOLE_TEXT,
                name="contracts_contract_says_all",
                violation_error_message=_("A contract that is sent has all its mandatory clauses."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_sent(self) -> bool:
        """Whether the beneficiary knows of it: a draft is the Region's own business."""
        return self.state not in (ContractState.DRAFT, ContractState.CANCELLED) or self.sent_at is not None

    @transition(state, source=ContractState.DRAFT, target=ContractState.TO_SIGN_BENEFICIARY)
    def send_for_signature(self) -> None:
        """Its text is final."""

    @transition(state, source=ContractState.TO_SIGN_BENEFICIARY, target=ContractState.TO_SIGN_REGION)
    def sign_as_beneficiary(self) -> None:
        """First signature."""

    @transition(state, source=ContractState.TO_SIGN_REGION, target=ContractState.ACTIVE)
    def sign_as_region(self) -> None:
        """Second signature: in force."""

    @transition(
        state,
        source=[ContractState.TO_SIGN_BENEFICIARY, ContractState.TO_SIGN_REGION],
        target=ContractState.DRAFT,
    )
    def recall(self) -> None:
        """Something in it is wrong: its text is made anew, and what was signed no longer counts."""

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
    """A signature: who, in what capacity, when, on exactly which bytes. It counts for the text that it names."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="signatures")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="+", verbose_name=_("text"))
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
            models.UniqueConstraint(fields=["version", "party"], name="contracts_signature_once"),
            models.UniqueConstraint(
                fields=["version", "user"],
                name="contracts_signature_two_people",
                violation_error_message=_("The same person cannot sign for both parties."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.contract}"
