"""Forms of a dossier's decisions: begin, submit, withdraw, take charge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Organisation, User
from calls.queries import officers, signing_organisations
from workflows.forms import LongTextField, VerbForm


class StartForm(VerbForm):
    """For which organisation, and for which project."""

    verb_name = "calls.create_dossier"

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=None
    )
    title = forms.CharField(
        label=_("Title of the project"), max_length=200, help_text=_("You can change it until you submit.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        own = signing_organisations(actor)
        field.queryset = Organisation.objects.filter(pk__in=[o.pk for o in own])


class SubmitForm(VerbForm):
    """The attestation on honour."""

    verb_name = "calls.submit"

    attested_capacity = forms.CharField(
        label=_("In what capacity do you sign?"),
        max_length=120,
        help_text=_("For example: president, director with delegation of signature."),
    )
    attestation = forms.BooleanField(label=_("I attest all of the above on my honour."))


class WithdrawForm(VerbForm):
    """Why the dossier is withdrawn."""

    verb_name = "calls.withdraw"
    submit_tone = "danger"

    reasons = LongTextField(label=_("Reasons"), max_length=2000, required=False, rows=4)

    def __init__(self, *args: Any, submitted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].required = submitted


class TakeChargeForm(VerbForm):
    """To which case officer dossiers go."""

    verb_name = "calls.take_charge"

    officer = forms.ModelChoiceField(User.objects.none(), label=_("Case officer"), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["officer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = officers(actor)
        field.initial = actor.user.pk
