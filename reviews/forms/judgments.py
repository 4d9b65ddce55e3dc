"""Forms of those who judge: interests, grid, opinions; and of the officer who assigns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from calls.models import Criterion
from calls.reference import GRID, MAX_SCORE
from reviews.models import Assessment, OpinionValue, Position, ReservationKind
from workflows.dates import end_of_day
from workflows.engine import Reason
from workflows.forms import DayField, LongTextField, VerbForm, asked

#: Reservations that a form offers at once.
RESERVATIONS = 5


class AssignForm(VerbForm):
    """Who assesses; the button pressed names the person."""

    verb_name = "reviews.assign_reviewer"
    reviewer = forms.ModelChoiceField(
        User.objects.all(), error_messages={"required": gettext_lazy("Choose somebody.")}
    )
    due_on = DayField(label=gettext_lazy("Before (the call's own delay when empty)"), required=False)

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        self.time_zone = time_zone
        super().__init__(*args, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """The person, and the instant from which it is late."""
        data, due = self.cleaned_data, None
        if data["due_on"]:
            due = end_of_day(data["due_on"], ZoneInfo(self.time_zone))
        return {"reviewer": data["reviewer"], "due_at": due}

    def add_reasons(self, reasons: list[Reason]) -> None:
        """The due date is typed as a day."""
        super().add_reasons(
            [Reason(r.message, "due_on" if r.field == "due_at" else r.field) for r in reasons]
        )


class InterestsForm(VerbForm):
    """Do I have an interest in this dossier?"""

    submit_label = gettext_lazy("Declare")
    has_interest = forms.TypedChoiceField(
        label=gettext_lazy(
            "Do you have a personal, family, professional or financial tie with this project?"
        ),
        choices=[
            ("no", gettext_lazy("No: I declare that I have no interest in it")),
            ("yes", gettext_lazy("Yes: I recuse myself")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose.")},
    )
    explanation = LongTextField(
        label=gettext_lazy("Which interest"),
        help_text=gettext_lazy(
            "In a few words, if you recuse yourself. Only the Region's staff and auditors read it."
        ),
        max_length=2000,
        rows=3,
        required=False,
    )


class GridForm(VerbForm):
    """The grid: a value from 0 to 5 and a comment for each criterion. Blank while one writes, whole when it is submitted."""

    verb_name = "reviews.submit_assessment"
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    comment = LongTextField(label=gettext_lazy("Overall comment"), required=False, rows=4)

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], assessment: Assessment, **kwargs: Any
    ) -> None:
        self.criteria = list(criteria)
        super().__init__(*args, **kwargs)
        self.fields["comment"].initial = assessment.comment
        scores = {score.criterion_id: score for score in assessment.scores.all()}
        for criterion in self.criteria:
            score = scores.get(criterion.pk)
            self.fields[f"value-{criterion.pk}"] = asked(
                forms.TypedChoiceField(
                    label=criterion.label,
                    choices=[(str(n), str(n)) for n in range(MAX_SCORE + 1)],
                    coerce=int,
                    empty_value=None,
                    widget=forms.RadioSelect,
                    initial="" if score is None or score.value is None else str(score.value),
                )
            )
            self.fields[f"comment-{criterion.pk}"] = asked(
                LongTextField(
                    label=_("Your comment on “%(criterion)s”") % {"criterion": criterion.label},
                    max_length=2000,
                    rows=2,
                    initial=score.comment if score else "",
                )
            )

    @property
    def rows(self) -> list[tuple[Criterion, forms.BoundField, forms.BoundField, list[str]]]:
        """Each criterion with its two fields and what the scores mean, for the template."""
        return [(c, self[f"value-{c.pk}"], self[f"comment-{c.pk}"], meanings(c)) for c in self.criteria]

    @property
    def values(self) -> dict[str, Any]:
        """The scores as the verb takes them; what cannot be read is left out."""
        data = self.cleaned_data
        return {
            "scores": {
                c.pk: {"value": data.get(f"value-{c.pk}"), "comment": data.get(f"comment-{c.pk}", "")}
                for c in self.criteria
                if f"value-{c.pk}" in data and f"comment-{c.pk}" in data
            },
            "comment": data.get("comment", ""),
            "version": data.get("version"),
        }


def meanings(criterion: Criterion) -> list[str]:
    """What each score means: the call's own guidance, one line each, else that of the default grid."""
    own = [line.strip() for line in criterion.guidance.splitlines() if line.strip()]
    if len(own) == MAX_SCORE + 1:
        return own
    known = next((c for c in GRID if c.label == criterion.label), None)
    return list(known.guidance) if known else []


class OpinionForm(VerbForm):
    """A college's opinion, with its typed reservations."""

    verb_name = "reviews.give_opinion"
    value = forms.ChoiceField(
        label=gettext_lazy("Opinion of the college"),
        choices=OpinionValue.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the college's opinion.")},
    )
    reasons = LongTextField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("Mandatory for an unfavourable opinion."),
        required=False,
    )
    minority = LongTextField(
        label=gettext_lazy("Minority position"),
        help_text=gettext_lazy(
            "If an organisation of the college wants its disagreement recorded (CRPA R133-13)."
        ),
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, RESERVATIONS + 1):
            self.fields[f"kind-{n}"] = forms.ChoiceField(
                label=_("Kind of reservation %(n)s") % {"n": n},
                choices=[("", "—"), *ReservationKind.choices],
                required=False,
            )
            self.fields[f"text-{n}"] = forms.CharField(
                label=_("What reservation %(n)s asks for") % {"n": n},
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def reservation_rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """The reservations, for the template."""
        return [(n, self[f"kind-{n}"], self[f"text-{n}"]) for n in range(1, RESERVATIONS + 1)]

    @property
    def values(self) -> dict[str, Any]:
        """The rows of reservations that hold something."""
        data = self.cleaned_data
        rows = [(data[f"kind-{n}"], data[f"text-{n}"]) for n in range(1, RESERVATIONS + 1)]
        return {
            "value": data["value"],
            "reasons": data["reasons"],
            "minority": data["minority"],
            "reservations": [{"kind": kind, "text": text} for kind, text in rows if kind or text.strip()],
        }

    def add_reasons(self, reasons: list[Reason]) -> None:
        """Reasons about reservations stand beside the first row."""
        super().add_reasons(
            [Reason(r.message, "text-1" if r.field == "reservations" else r.field) for r in reasons]
        )


class QuestionForm(VerbForm):
    """What the COPAREF is asked about the shortlist."""

    verb_name = "reviews.request_body_opinion"
    question = asked(LongTextField(label=gettext_lazy("What the COPAREF is asked"), rows=4))


class BodyOpinionForm(VerbForm):
    """The reasoned opinion: common, or the two positions."""

    verb_name = "reviews.give_body_opinion"
    position = forms.ChoiceField(
        label=gettext_lazy("Positions of the two colleges"),
        choices=Position.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose: common or divergent.")},
    )
    value = forms.ChoiceField(
        label=gettext_lazy("Common opinion"),
        choices=[("", "—"), *OpinionValue.choices],
        required=False,
        help_text=gettext_lazy("If the position is common."),
    )
    reasons = asked(LongTextField(label=gettext_lazy("Reasons"), max_length=10000, rows=6))
    employers_position = LongTextField(
        label=gettext_lazy("Position of the employers"),
        rows=3,
        required=False,
        help_text=gettext_lazy("If the positions diverge."),
    )
    unions_position = LongTextField(
        label=gettext_lazy("Position of the unions"),
        rows=3,
        required=False,
        help_text=gettext_lazy("If the positions diverge."),
    )
    objectives = LongTextField(
        label=gettext_lazy("Objectives that the social partners wish for"), rows=3, required=False
    )
