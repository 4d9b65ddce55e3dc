"""Forms of the bank details: given by the beneficiary, checked by the Region."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms import LongTextField, VerbForm


class BankForm(VerbForm):
    """An account as it is printed on bank details."""

    holder = forms.CharField(
        label=_("Account holder"),
        max_length=200,
        help_text=_("Exactly as on the bank details (RIB) of the dossier: the organisation, never a person."),
    )
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=64,
        help_text=_("Of a French account or of the single euro payments area. Spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class CheckedForm(VerbForm):
    """How a change was checked."""

    reasons = LongTextField(
        label=_("How you checked it"),
        max_length=2000,
        rows=4,
        help_text=_(
            "Call the beneficiary at a number that you knew before this request, and compare with the new bank details. "
            "Never use the number or the address given with the request."
        ),
    )
