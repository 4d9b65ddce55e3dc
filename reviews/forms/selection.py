"""Forms of the selection: a line of the ranking, the vote, letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import Dossier
from reviews.models import RankingLine, RankingList
from workflows.forms import AmountField, DayField, LongTextField, VerbForm, asked


class LineForm(VerbForm):
    """Another list or another amount for one dossier, and why."""

    verb_name = "reviews.adjust_line"
    submit_label: Any = gettext_lazy("Record the change")
    list = forms.ChoiceField(label=gettext_lazy("List"), choices=RankingList.choices)
    amount = AmountField(label=gettext_lazy("Proposed amount"))
    reason = asked(
        forms.CharField(
            label=gettext_lazy("Reason"),
            max_length=500,
            help_text=gettext_lazy("Why this departs from the published rule. It is kept with the ranking."),
            widget=forms.Textarea(attrs={"rows": 2}),
        )
    )

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        self.dossier = dossier
        super().__init__(*args, **kwargs)
        self.submit_label = _("Record the change")

    @property
    def values(self) -> dict[str, Any]:
        """The line's dossier with what is typed."""
        return {"dossier": self.dossier, **super().values}


class TrialForm(forms.Form):
    """The what-if: lists and amounts tried out, read from the address. A field that cannot be read is left as it is."""

    def __init__(self, data: Any, *, lines: Sequence[RankingLine]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"list-{line.dossier_id}"] = forms.ChoiceField(
                label=_("List of %(dossier)s") % {"dossier": line.dossier.case.reference},
                choices=RankingList.choices,
                required=False,
                initial=line.list,
            )
            self.fields[f"amount-{line.dossier_id}"] = AmountField(
                label=_("Amount of %(dossier)s") % {"dossier": line.dossier.case.reference},
                required=False,
                initial=line.amount,
            )

    def tried(self) -> tuple[dict[Any, Any], dict[Any, str]]:
        """Amounts and lists tried, by dossier."""
        self.is_valid()
        data = self.cleaned_data
        amounts = {
            line.dossier_id: data[f"amount-{line.dossier_id}"]
            for line in self.lines
            if data.get(f"amount-{line.dossier_id}") is not None
        }
        lists = {
            line.dossier_id: data[f"list-{line.dossier_id}"]
            for line in self.lines
            if data.get(f"list-{line.dossier_id}")
        }
        return amounts, lists


class SendBackForm(VerbForm):
    """Why a selection goes back."""

    verb_name = "reviews.send_back_ranking"
    submit_tone = "secondary"
    reasons = asked(LongTextField(label=gettext_lazy("What is to be changed"), max_length=2000, rows=3))


class VoteForm(VerbForm):
    """What the commission permanente voted."""

    verb_name = "reviews.record_vote"
    submit_tone = "danger"
    voted_on = DayField(label=gettext_lazy("Date of the vote"))
    number = forms.CharField(label=gettext_lazy("Deliberation number"), max_length=60)
    minutes = LongTextField(
        label=gettext_lazy("Minutes"),
        help_text=gettext_lazy("Result of the vote, elected members who left the room, remarks."),
        max_length=10000,
        required=False,
    )

    def __init__(self, *args: Any, lines: Sequence[RankingLine], **kwargs: Any) -> None:
        self.lines = [line for line in lines if line.list == RankingList.MAIN]
        super().__init__(*args, **kwargs)
        for line in self.lines:
            self.fields[f"amount-{line.dossier_id}"] = AmountField(
                label=_("Amount voted for %(dossier)s") % {"dossier": line.dossier.case.reference},
                initial=line.amount,
            )

    @property
    def rows(self) -> list[tuple[RankingLine, forms.BoundField]]:
        """The main list with the amount voted, for the template."""
        return [(line, self[f"amount-{line.dossier_id}"]) for line in self.lines]

    @property
    def values(self) -> dict[str, Any]:
        """The vote as the verb takes it."""
        data = self.cleaned_data
        return {
            "voted_on": data["voted_on"],
            "number": data["number"],
            "minutes": data["minutes"],
            "amounts": {line.dossier_id: data[f"amount-{line.dossier_id}"] for line in self.lines},
        }


class NoteForm(VerbForm):
    """A paragraph of the service in a letter."""

    verb_name = "reviews.edit_letter"
    submit_tone = "secondary"
    note = LongTextField(
        label=gettext_lazy("Paragraph added by the service"),
        help_text=gettext_lazy("It stands under its own heading, before the signature."),
        max_length=3000,
        rows=6,
        required=False,
    )


class PromoteForm(VerbForm):
    """Call the next dossier of the reserve list."""

    verb_name = "reviews.promote"
    submit_tone = "danger"
    reasons = LongTextField(label=gettext_lazy("Why"), max_length=1000, rows=3, required=False)
