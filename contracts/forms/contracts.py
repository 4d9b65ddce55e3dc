"""Forms of the contract itself: its dates and particular clauses, its signatures, its reservations."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms import DayField, Group, LongTextField, VerbForm

#: Particular clauses that the page offers at once; those already there are shown besides.
BLANK_CLAUSES = 2
SHA256_SHOWN = 16


class ContractForm(VerbForm):
    """The dates of the contract and its particular clauses."""

    starts_on = DayField(label=_("The contract starts on"))
    ends_on = DayField(
        label=_("The contract ends on"),
        help_text=_("Expenditure counts between these two days. Reports and payments follow from them."),
    )

    def __init__(self, *args: Any, clauses: list[dict[str, str]], **kwargs: Any) -> None:
        self.rows = len(clauses) + BLANK_CLAUSES
        self._clauses = clauses
        super().__init__(*args, **kwargs)
        self.helper.form_id = "contract-fields"  # the preview button stands outside of it

    def layout(self) -> Layout:
        """The dates, then the clauses, each under its number."""
        groups = []
        for row in range(self.rows):
            clause = self._clauses[row] if row < len(self._clauses) else {}
            self.fields[f"title_{row}"] = forms.CharField(
                label=_("Title"), max_length=120, required=False, initial=clause.get("title", "")
            )
            self.fields[f"text_{row}"] = LongTextField(
                label=_("Text"), max_length=4000, rows=3, required=False, initial=clause.get("text", "")
            )
            groups.append(
                Group(_("Particular clause %(number)s") % {"number": row + 1}, f"title_{row}", f"text_{row}")
            )
        return Layout("key", "seen", "starts_on", "ends_on", *groups, self.buttons())

    @property
    def values(self) -> dict[str, Any]:
        """The dates and the clauses that were filled."""
        data = self.cleaned_data
        clauses = [
            {"title": data.get(f"title_{row}", ""), "text": data.get(f"text_{row}", "")}
            for row in range(self.rows)
        ]
        return {"starts_on": data["starts_on"], "ends_on": data["ends_on"], "clauses": clauses}

    def add_reasons(self, reasons: list[Any]) -> None:
        """A clause without its title or its text is told beside the first that lacks one."""
        for reason in reasons:
            name = reason.field
            if name == "clauses":
                name = next(
                    (
                        f"{'title' if not self.cleaned_data[f'title_{row}'] else 'text'}_{row}"
                        for row in range(self.rows)
                        if bool(self.cleaned_data[f"title_{row}"]) != bool(self.cleaned_data[f"text_{row}"])
                    ),
                    "title_0",
                )
            self.add_error(name if name in self.fields else None, str(reason.message))


class ReasonsForm(VerbForm):
    """A verb that gives its reasons."""

    reasons = LongTextField(label=_("Reasons"), max_length=2000, rows=3)


class SignForm(VerbForm):
    """A signature: in what capacity, and that the text was read."""

    capacity = forms.CharField(
        label=_("In what capacity do you sign?"),
        max_length=200,
        help_text=_("For example: president, director by delegation."),
    )
    read = forms.BooleanField(label=_("I have read the contract and its annexes, and I sign them."))

    @property
    def values(self) -> dict[str, Any]:
        """The capacity; that the text was read stands with the signature itself."""
        return {"capacity": self.cleaned_data["capacity"]}
