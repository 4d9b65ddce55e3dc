"""Forms about people and organisations: names at sign-up, joining or creating an organisation, one's profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import normalise_nda, normalise_postal_code, normalise_rna, normalise_siret
from accounts.models import LegalForm, MembershipRole, Organisation, User


class SignupForm(forms.Form):
    """What a new account asks for beside the address and the password."""

    field_order = ("first_name", "last_name", "email", "password1", "password2")

    first_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """The names are written with the account itself; nothing more to do."""


class SiretForm(forms.Form):
    """Which organisation."""

    siret = forms.CharField(
        label=_("SIRET of your organisation"),
        max_length=30,
        help_text=_(
            "14 digits, spaces do not matter. It is on your invoices and on the official directory of companies."
        ),
    )

    def clean_siret(self) -> str:
        """The number as it is stored. Raises ValidationError in the reader's words."""
        return normalise_siret(self.cleaned_data["siret"])


class JoinForm(forms.Form):
    """In what role one asks to join an organisation that is already here."""

    role = forms.ChoiceField(
        label=_("What you will do"),
        choices=MembershipRole.choices,
        widget=forms.RadioSelect,
        initial="editor",
    )
    capacity = forms.CharField(
        label=_("Your position"),
        max_length=120,
        required=False,
        help_text=_("For example: project manager, director."),
    )


class OrganisationForm(forms.ModelForm):
    """What letters, contracts and open data say of an organisation."""

    class Meta:
        model = Organisation
        fields = (
            "name",
            "legal_form",
            "rna",
            "address",
            "postcode",
            "city",
            "email",
            "phone",
            "training_number",
            "created_on",
        )
        widgets = {
            "address": forms.Textarea(attrs={"rows": 2}),
            "created_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "rna": _("For an association: W and nine characters."),
            "training_number": _("Eleven digits, if you are a declared training organisation."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("address", "postcode", "city"):
            self.fields[name].required = True

    def clean_rna(self) -> str:
        """The number as it is stored, or nothing."""
        return normalise_rna(self.cleaned_data["rna"]) if self.cleaned_data["rna"] else ""

    def clean_postcode(self) -> str:
        """Five digits."""
        return normalise_postal_code(self.cleaned_data["postcode"])

    def clean_training_number(self) -> str:
        """The number as it is stored, or nothing."""
        return (
            normalise_nda(self.cleaned_data["training_number"])
            if self.cleaned_data["training_number"]
            else ""
        )

    def clean(self) -> dict[str, Any]:
        """An association gives its RNA number (CRPA R112-9-1)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("legal_form") == LegalForm.ASSOCIATION and "rna" in cleaned and not cleaned["rna"]:
            self.add_error("rna", ValidationError(_("An association is identified by its RNA number.")))
        return cleaned


class NewOrganisationForm(OrganisationForm):
    """A new organisation, and the position of its first signatory."""

    capacity = forms.CharField(
        label=_("Your position"),
        max_length=120,
        help_text=_("For example: president, director. You sign for the organisation."),
    )


class ProfileForm(forms.ModelForm):
    """One's own name and language."""

    language = forms.ChoiceField(label=_("Language of the mails"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language")


class RoleForm(forms.Form):
    """The role granted to somebody who asks to join."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=MembershipRole.choices,
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )
