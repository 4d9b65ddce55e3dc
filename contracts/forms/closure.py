"""Forms of the closure: recovery, observations, decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.dates import CONTRADICTORY_MIN_DAYS
from workflows.forms import AmountField, LongTextField, VerbForm


class RecoveryForm(VerbForm):
    """Why money is to be given back, and how long the beneficiary has to answer."""

    submit_tone = "danger"

    grounds = LongTextField(
        label=_("Grounds, in law and in fact"),
        max_length=5000,
        help_text=_("The beneficiary reads them in the letter, and answers them."),
    )
    days = forms.IntegerField(
        label=_("Days to send observations"),
        min_value=CONTRADICTORY_MIN_DAYS,
        max_value=90,
        initial=CONTRADICTORY_MIN_DAYS,
    )


class ObservationsForm(VerbForm):
    """What the beneficiary answers."""

    observations = LongTextField(label=_("Your observations"), max_length=10000, rows=8)


class DecisionForm(VerbForm):
    """The decision on a recovery."""

    submit_tone = "danger"

    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Have the money given back")), ("no", _("Give the recovery up"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    amount = AmountField(
        label=_("Amount to give back"),
        required=False,
        help_text=_("Less than what was notified, if the observations were right in part."),
    )
    grounds = LongTextField(
        label=_("Grounds of the decision"),
        max_length=5000,
        help_text=_("Answer the observations, if there are any."),
    )

    def __init__(self, *args: Any, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = most

    @property
    def values(self) -> dict[str, Any]:
        """The amount says nothing when the recovery is given up."""
        data = self.cleaned_data
        amount = data["amount"] if data["upheld"] else None
        return {"upheld": data["upheld"], "amount": amount, "grounds": data["grounds"]}
