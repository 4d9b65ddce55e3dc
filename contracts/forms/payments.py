"""Forms of payments: claim, proposal, certificate, payment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms import AmountField, DayField, LongTextField, VerbForm


class ClaimForm(VerbForm):
    """What the beneficiary says with a claim."""

    comment = LongTextField(label=_("Comment"), max_length=2000, rows=3, required=False)


class ProposeForm(VerbForm):
    """The amount put forward."""

    amount = AmountField(label=_("Amount to pay"))

    def __init__(self, *args: Any, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = most


class PayForm(VerbForm):
    """The day and the order of a payment."""

    paid_on = DayField(label=_("Paid on"))
    payment_reference = forms.CharField(label=_("Number of the payment order"), max_length=60)


class RepaidForm(VerbForm):
    """The day on which money came back."""

    recovered_on = DayField(label=_("Given back on"))
