"""The bank account that a subsidy is paid to. A new one, once there is a contract, is checked by another person first."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from accounts.identifiers import validate_iban
from calls.models import Dossier
from workflows.models import CaseModel


class BankAccountState(models.TextChoices):
    """Life of a bank account in a dossier."""

    PROPOSED = "proposed", _("Being checked")
    IN_USE = "in_use", _("In use")
    REFUSED = "refused", pgettext_lazy("a bank account", "Refused")
    REPLACED = "replaced", pgettext_lazy("a bank account", "Replaced")


class BankAccount(CaseModel):
    """An account as its owner gave it. At most one of a dossier is in use, at most one is being checked.

    ``needs_check``: it was given when a contract already named another one, the classic way of a payment fraud.
    """

    related: ClassVar[tuple[str, ...]] = ("case__region", "dossier__call", "dossier__organisation")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="bank_accounts")
    holder = models.CharField(_("account holder"), max_length=200)
    iban = models.CharField(_("IBAN"), max_length=34, validators=[validate_iban])
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"))
    needs_check = models.BooleanField(_("to be checked by the Region"), default=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    check_reasons = models.TextField(_("how it was checked"), max_length=2000, blank=True)
    state = FSMField(
        _("state"), choices=BankAccountState.choices, default=BankAccountState.PROPOSED, protected=True
    )

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["dossier", "-given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(state="in_use"),
                name="contracts_bankaccount_one_in_use",
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(state="proposed"),
                name="contracts_bankaccount_one_proposed",
                violation_error_message=_("Another change of bank account is being checked."),
            ),
            models.CheckConstraint(
                condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$"),
                name="contracts_bankaccount_iban",
                violation_error_message=_("An IBAN is written without spaces."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_use", "replaced"])
                | Q(needs_check=False)
                | Q(checked_by__isnull=False),
                name="contracts_bankaccount_checked",
                violation_error_message=_("A change of bank account is checked before it is used."),
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("given_by")),
                name="contracts_bankaccount_two_people",
                violation_error_message=_("Who gave a bank account does not check it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.masked}"

    @property
    def masked(self) -> str:
        """The country and the last four characters: enough to recognise the account, not to use it."""
        return f"{self.iban[:2]}••\u00a0••••\u00a0{self.iban[-4:]}"

    @property
    def spelled(self) -> str:
        """The whole IBAN by groups of four, as it is printed on bank details."""
        return "\u00a0".join(self.iban[at : at + 4] for at in range(0, len(self.iban), 4))

    @transition(state, source=BankAccountState.PROPOSED, target=BankAccountState.IN_USE)
    def put_in_use(self) -> None:
        """Payments go there from now on."""

    @transition(state, source=BankAccountState.PROPOSED, target=BankAccountState.REFUSED)
    def refuse(self) -> None:
        """It is not the owner's, or could not be checked."""

    @transition(state, source=BankAccountState.IN_USE, target=BankAccountState.REPLACED)
    def replace(self) -> None:
        """Another one is in use instead."""
