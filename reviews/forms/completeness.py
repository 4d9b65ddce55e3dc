"""Forms of the case officer: a piece's verdict, a request for pieces, the checklists, the grounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import Dossier
from calls.reference import Stage, grounds_at
from reviews.queries.completeness import PieceLine, found_by_the_programme, points_at, rejection_date
from workflows.dates import Suspension, days_after
from workflows.engine import Reason
from workflows.forms import DayField, Group, LongTextField, VerbForm, asked
from workflows.templatetags.ui import day

#: Days offered to produce pieces.
OFFERED = (8, 15, 21, 30)
YES, NO, WITHOUT_OBJECT = "yes", "no", "none"


class VerdictForm(VerbForm):
    """Accepted, or to be replaced and why; the button pressed gives the verdict."""

    verb_name = "reviews.review_piece"
    verdict = forms.ChoiceField(choices=[("accepted", ""), ("rejected", ""), ("none", "")])
    comment = forms.CharField(
        label=gettext_lazy("What is wrong (the applicant reads it)"), max_length=500, required=False
    )

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        self.code = code
        super().__init__(*args, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """The verdict on the piece; ``none`` takes it back."""
        found = super().values
        verdict = "" if found["verdict"] == "none" else found["verdict"]
        return {"code": self.code, "verdict": verdict, "comment": found["comment"]}


class RequestPiecesForm(VerbForm):
    """Which pieces are asked for, why, and until when: each offered day says what it does to the legal clock."""

    verb_name = "reviews.request_pieces"
    choice = forms.ChoiceField(
        label=gettext_lazy("Time allowed"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "The legal clock stands still until the pieces are there, or this day (CRPA L114-5)."
        ),
    )
    other = DayField(label=gettext_lazy("Another day"), required=False)
    comment = LongTextField(
        label=gettext_lazy("What the letter adds"), max_length=2000, rows=3, required=False
    )

    def __init__(
        self, *args: Any, dossier: Dossier, lines: Sequence[PieceLine], today: date, **kwargs: Any
    ) -> None:
        self.lines = [line for line in lines if line.verdict != "accepted"]
        self.dossier, self.today = dossier, today
        super().__init__(*args, **kwargs)
        choice = self.fields["choice"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [*self._offers(), ("other", _("another day"))]
        choice.initial = str(OFFERED[1])
        for line in self.lines:
            code = line.required.code
            label = (
                f"{line.required.label} ({_('indispensable')})"
                if line.required.indispensable
                else line.required.label
            )
            self.fields[f"ask-{code}"] = forms.BooleanField(
                label=label, required=False, initial=line.blocks and line.verdict != ""
            )
            self.fields[f"reason-{code}"] = forms.CharField(
                label=_("Why: %(piece)s") % {"piece": line.required.label},
                max_length=500,
                required=False,
                initial=line.piece.comment if line.piece else _("Not given"),
            )
        self.helper.layout = self.layout()

    def _offers(self) -> list[tuple[str, str]]:
        offers = []
        for n in OFFERED:
            due = days_after(self.today, n)
            rejection = rejection_date(self.dossier, [Suspension(self.today, due)])
            words = _("%(n)s days, until %(due)s: silence would then mean rejection on %(rejection)s")
            if rejection < self.today:  # born already: nothing suspends it any more
                words = _("%(n)s days, until %(due)s")
            offers.append((str(n), words % {"n": n, "due": day(due), "rejection": day(rejection)}))
        return offers

    def layout(self) -> Layout:
        """Pieces, then the time allowed."""
        pieces = [name for name in self.fields if name.startswith(("ask-", "reason-"))]
        return Layout(
            "key",
            "seen",
            Group(_("Pieces to ask for"), *pieces),
            Group(_("Until when"), "choice", "other"),
            "comment",
            self.buttons(),
        )

    def clean(self) -> dict[str, Any]:
        """Compute the due day."""
        data = super().clean() or self.cleaned_data
        if data.get("choice") == "other":
            if not data.get("other") and "other" not in self.errors:
                self.add_error("other", _("Give the day."))
            data["due_on"] = data.get("other")
        elif data.get("choice"):
            data["due_on"] = days_after(self.today, int(data["choice"]))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The pieces ticked, each with its reason."""
        data = self.cleaned_data
        codes = [line.required.code for line in self.lines if data.get(f"ask-{line.required.code}")]
        return {
            "codes_and_reasons": {code: data[f"reason-{code}"] for code in codes},
            "due_on": data["due_on"],
            "comment": data["comment"],
        }

    def add_reasons(self, reasons: list[Reason]) -> None:
        """A reason about a piece stands beside its box."""
        fields = {"due_on": "other"} | {
            line.required.code: f"ask-{line.required.code}" for line in self.lines
        }
        super().add_reasons([Reason(r.message, fields.get(r.field, r.field)) for r in reasons])


class PlainForm(VerbForm):
    """A verb without anything to type; ``verb_name`` says which."""


class ChecklistForm(VerbForm):
    """The points to verify, each answered; what the programme found is said beside it."""

    def __init__(self, *args: Any, dossier: Dossier, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points_at(dossier, stage)
        found = found_by_the_programme(dossier)
        for item in self.points:
            choices = [(YES, _("Yes")), (NO, _("No"))]
            if item.only_training:
                choices.append((WITHOUT_OBJECT, _("Without object: nobody is trained")))
            field = asked(forms.ChoiceField(label=item.label, choices=choices, widget=forms.RadioSelect))
            if item.code in found:
                words = (
                    _("The dossier shows it.")
                    if found[item.code]
                    else _("The dossier shows that it is not so.")
                )
                field.help_text = words
                field.initial = YES if found[item.code] else NO
            self.fields[item.code] = field
        self.helper.layout = self.layout()

    @property
    def values(self) -> dict[str, Any]:
        """The points answered by yes or no."""
        data = self.cleaned_data
        answers = {item.code: data[item.code] for item in self.points}
        return {"checklist": {c: a == YES for c, a in answers.items() if a in (YES, NO)}}


class GroundsForm(VerbForm):
    """Why a dossier is rejected: grounds in law, and what was found in this dossier (CRPA L211-5)."""

    submit_tone = "danger"
    grounds = asked(
        forms.MultipleChoiceField(label=gettext_lazy("Grounds"), widget=forms.CheckboxSelectMultiple)
    )
    explanation = asked(
        LongTextField(
            label=gettext_lazy("What was found in this dossier"),
            help_text=gettext_lazy("The letter says it in these words."),
        )
    )

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = self.fields["grounds"]
        assert isinstance(grounds, forms.MultipleChoiceField)
        grounds.choices = [(g.code, f"{g.label} ({g.legal_basis})") for g in grounds_at(stage)]
