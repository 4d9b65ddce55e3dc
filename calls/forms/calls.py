"""The preparation of a call in sections, each with ``changes``: what ``update_call`` is given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import College, LegalForm
from calls.models import AidBasis, Call, CallKind, CoparefScope, Pact, PactState, PieceCondition
from calls.queries.defaults import default_pieces
from calls.reference import REGIONS, TARGET_PUBLICS, Kind, choices
from workflows.dates import local_date
from workflows.forms import AmountField, InstantField, LongTextField, PercentField, VerbForm

#: Empty rows offered for more criteria, pieces or questions.
SPARE = 2

KINDS = [
    (Kind.TEXT.value, _("A line of text")),
    (Kind.LONG_TEXT.value, _("A text")),
    (Kind.CHOICE.value, _("One choice")),
    (Kind.MULTIPLE.value, _("Several choices")),
    (Kind.NUMBER.value, _("A number")),
    (Kind.MONEY.value, _("An amount")),
    (Kind.DATE.value, _("A date")),
    (Kind.BOOLEAN.value, _("A box to tick")),
]


class CreateCallForm(VerbForm):
    """What a call is born with; everything else has the field's own defaults and is prepared afterwards."""

    verb_name = "calls.create_call"

    pact = forms.ModelChoiceField(Pact.objects.none(), label=_("Pact"), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=CallKind.choices)
    year = forms.IntegerField(label=_("Year"), min_value=2018, max_value=2099)
    title = forms.CharField(label=_("Title"), max_length=200)
    summary = LongTextField(
        label=_("Summary"), max_length=2000, help_text=_("What the call funds, in a few lines.")
    )
    opens_at = InstantField(label=_("Opens"))
    closes_at = InstantField(
        label=_("Closes"), help_text=_("In the Region's time. What arrives at that instant is late.")
    )
    envelope = AmountField(label=_("Envelope"))
    max_rate = PercentField(label=_("Maximum rate"), help_text=_("In % of the eligible cost."))
    min_amount = AmountField(label=_("Smallest subsidy"), required=False)
    max_amount = AmountField(label=_("Largest subsidy"))
    aid_basis = forms.ChoiceField(label=_("State-aid basis"), choices=AidBasis.choices)

    def __init__(self, *args: Any, pacts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pact"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = pacts.filter(state=PactState.ADOPTED)

    @property
    def values(self) -> dict[str, Any]:
        """All axes of the pact until they are chosen; the pact itself is the subject."""
        values = super().values
        pact = values.pop("pact")
        return {**values, "min_amount": values["min_amount"] or 0, "axes": list(pact.axes.all())}


class CallSectionForm(VerbForm):
    """A section of the preparation. ``names`` are the call's own fields that it shows."""

    submit_label = _("Save this section")
    names: tuple[str, ...] = ()

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        self.call = call
        super().__init__(*args, case=call.case, **kwargs)
        for name in self.names:
            self.fields[name].initial = getattr(call, name)
        self.build()
        self.helper.layout = self.layout()

    def build(self) -> None:
        """Add what depends on the call."""

    def offer(self, name: str, offered: list[tuple[Any, Any]]) -> None:
        """Set the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered

    @property
    def changes(self) -> dict[str, Any]:
        """What ``update_call`` is given."""
        return {name: self.cleaned_data[name] for name in self.names}

    @property
    def values(self) -> dict[str, Any]:
        """The verb takes the changes."""
        return self.changes


class AboutForm(CallSectionForm):
    """What the call is about."""

    names = ("title", "summary", "publics", "territories", "contact")

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = LongTextField(label=_("Summary"), max_length=2000)
    axes = forms.MultipleChoiceField(label=_("Axes of the pact"), widget=forms.CheckboxSelectMultiple)
    publics = forms.MultipleChoiceField(
        label=_("Target publics"), choices=choices(TARGET_PUBLICS), widget=forms.CheckboxSelectMultiple
    )
    territories = forms.MultipleChoiceField(
        label=_("Territories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all empty for a call without territory."),
    )
    contact = forms.EmailField(label=_("Address for questions"))

    def build(self) -> None:
        """The pact's axes and the Region's territories."""
        self.axis_by_code = {axis.code: axis for axis in self.call.pact.axes.all()}
        self.offer("axes", [(code, f"{code} – {axis.label}") for code, axis in self.axis_by_code.items()])
        self.fields["axes"].initial = [axis.code for axis in self.call.axes.all()]
        region = next((r for r in REGIONS if r.insee == self.call.case.region.code), None)
        known = choices(region.departements) if region else []
        others = [(code, code) for code in self.call.territories if code not in dict(known)]
        self.offer("territories", [*known, *others])
        if not known and not others:
            del self.fields["territories"]

    @property
    def changes(self) -> dict[str, Any]:
        """Axes as rows."""
        values = {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}
        return {**values, "axes": [self.axis_by_code[code] for code in self.cleaned_data["axes"]]}


class TextForm(CallSectionForm):
    """The text of the call."""

    names = ("text",)

    text = LongTextField(
        label=_("Text of the call"),
        max_length=60000,
        rows=30,
        help_text=_(
            "Each section begins with a numbered title alone on its line, such as “3. Funding”, between two empty lines."
        ),
    )


class WindowForm(CallSectionForm):
    """From when until when."""

    names = ("opens_at", "closes_at")

    opens_at = InstantField(label=_("Opens"))
    closes_at = InstantField(
        label=_("Closes"), help_text=_("In the Region's time. What arrives at that instant is late.")
    )


class MoneyForm(CallSectionForm):
    """How much, and how it is paid."""

    names = ("max_rate", "min_amount", "max_amount", "aid_basis", "advance_rate", "interim_rate")

    envelope = AmountField(label=_("Envelope"))
    max_rate = PercentField(label=_("Maximum rate"), help_text=_("In % of the eligible cost."))
    min_amount = AmountField(label=_("Smallest subsidy"))
    max_amount = AmountField(label=_("Largest subsidy"))
    aid_basis = forms.ChoiceField(label=_("State-aid basis"), choices=AidBasis.choices)
    advance_rate = forms.IntegerField(label=_("Advance at notification (%)"), min_value=0, max_value=50)
    interim_rate = forms.IntegerField(label=_("Interim payment (%)"), min_value=0, max_value=80)

    def build(self) -> None:
        """The money lies beside the call."""
        self.fields["envelope"].initial = self.call.envelope.amount

    @property
    def changes(self) -> dict[str, Any]:
        """With the envelope."""
        return {**super().changes, "envelope": self.cleaned_data["envelope"]}


class ReviewForm(CallSectionForm):
    """Who is consulted, and for how long; when reports are due."""

    names = (
        "colleges",
        "assessors_per_dossier",
        "assessment_days",
        "opinion_days",
        "coparef",
        "coparef_days",
        "threshold",
    )

    colleges = forms.MultipleChoiceField(
        label=_("Colleges consulted"), choices=College.choices, widget=forms.CheckboxSelectMultiple
    )
    assessors_per_dossier = forms.IntegerField(label=_("Reviewers per dossier"), min_value=1, max_value=6)
    assessment_days = forms.IntegerField(label=_("Days to assess"), min_value=1, max_value=120)
    opinion_days = forms.IntegerField(label=_("Days for the colleges' opinions"), min_value=1, max_value=120)
    coparef = forms.ChoiceField(label=_("COPAREF opinion"), choices=CoparefScope.choices)
    coparef_days = forms.IntegerField(label=_("Days for the COPAREF opinion"), min_value=1, max_value=120)
    threshold = forms.IntegerField(
        label=_("Score below which a dossier is not retained"), min_value=0, max_value=100
    )
    reporting = forms.CharField(
        label=_("Reports due after"),
        help_text=_("Months after the start of the project, separated by commas: 6, 12, 24."),
    )

    def build(self) -> None:
        """Months as people write them."""
        self.fields["reporting"].initial = ", ".join(str(months) for months in self.call.reporting)

    def clean_reporting(self) -> list[int]:
        """Months as numbers. Raises ValidationError for anything else."""
        try:
            return sorted(
                {
                    int(part)
                    for part in self.cleaned_data["reporting"].replace(";", ",").split(",")
                    if part.strip()
                }
            )
        except ValueError as error:
            raise forms.ValidationError(_("Write whole numbers of months, separated by commas.")) from error

    @property
    def changes(self) -> dict[str, Any]:
        """With the calendar of reports."""
        return {**super().changes, "reporting": self.cleaned_data["reporting"]}


class GridForm(CallSectionForm):
    """The scoring grid: one row per criterion; an empty label takes the row out."""

    def build(self) -> None:
        """The criteria there are, and some empty rows."""
        stored = list(self.call.criteria.all())
        self.ranks = range(len(stored) + SPARE)
        for rank in self.ranks:
            item = stored[rank] if rank < len(stored) else None
            self.fields[f"label-{rank}"] = forms.CharField(
                label=_("Criterion"), max_length=200, required=False, initial=item.label if item else ""
            )
            self.fields[f"guidance-{rank}"] = LongTextField(
                label=_("Guidance"),
                max_length=2000,
                rows=3,
                required=False,
                initial=item.guidance if item else "",
            )
            weight = forms.IntegerField(
                label=_("Weight"),
                min_value=1,
                max_value=100,
                required=False,
                initial=item.weight if item else None,
            )
            weight.widget.attrs["data-weight"] = ""
            self.fields[f"weight-{rank}"] = weight
            self.fields[f"eliminatory-{rank}"] = forms.BooleanField(
                label=_("Eliminatory below 2"), required=False, initial=item.eliminatory if item else False
            )

    @property
    def rows(self) -> list[list[Any]]:
        """The fields row by row."""
        return [
            [self[f"{name}-{r}"] for name in ("label", "guidance", "weight", "eliminatory")]
            for r in self.ranks
        ]

    def clean(self) -> dict[str, Any]:
        """A criterion has a weight."""
        for rank in self.ranks:
            weight = self.cleaned_data.get(f"weight-{rank}", 0)  # one that cannot be read has its own message
            if self.cleaned_data.get(f"label-{rank}") and weight is None:
                self.add_error(f"weight-{rank}", _("Give this criterion a weight."))
        return self.cleaned_data

    @property
    def changes(self) -> dict[str, Any]:
        """The criteria in order."""
        names = ("label", "guidance", "weight", "eliminatory")
        rows = [{n: self.cleaned_data[f"{n}-{r}"] for n in names} for r in self.ranks]
        return {"criteria": [row for row in rows if row["label"]]}


class PiecesForm(CallSectionForm):
    """Which pieces are asked for: the catalogue's, ticked or not, and the call's own."""

    def build(self) -> None:
        """The call's pieces, then the rest of the catalogue, then empty rows."""
        stored = [
            {
                "asked": True,
                "code": p.code,
                "label": p.label,
                "guidance": p.guidance,
                "legal_forms": p.legal_forms,
                "condition": p.condition,
                "indispensable": p.indispensable,
                "multiple": p.multiple,
            }
            for p in self.call.required_pieces.all()
        ]
        known = {item["code"] for item in stored}
        catalogue = [
            {"asked": False, **p}
            for p in default_pieces(local_date(self.call.closes_at, self.call.case.region.zone))
            if p["code"] not in known
        ]
        self.items: list[dict[str, Any]] = [
            *stored,
            *catalogue,
            *({"asked": False, "code": ""} for _i in range(SPARE)),
        ]
        for rank, item in enumerate(self.items):
            self._row(rank, item)

    def _row(self, rank: int, item: dict[str, Any]) -> None:
        fields: dict[str, forms.Field] = {
            "asked": forms.BooleanField(label=_("Asked for"), required=False),
            "label": forms.CharField(label=_("Piece"), max_length=200, required=False),
            "guidance": forms.CharField(label=_("What it must be"), max_length=500, required=False),
            "legal_forms": forms.MultipleChoiceField(
                label=_("Legal forms concerned"),
                choices=LegalForm.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            ),
            "condition": forms.ChoiceField(label=_("When"), choices=PieceCondition.choices, required=False),
            "indispensable": forms.BooleanField(label=_("Indispensable"), required=False),
            "multiple": forms.BooleanField(label=_("Several files"), required=False),
        }
        for name, field in fields.items():
            field.initial = item.get(name, PieceCondition.ALWAYS if name == "condition" else None)
            self.fields[f"{name}-{rank}"] = field

    @property
    def rows(self) -> list[tuple[dict[str, Any], list[Any]]]:
        """The fields row by row."""
        names = ("asked", "label", "guidance", "legal_forms", "condition", "indispensable", "multiple")
        return [(item, [self[f"{name}-{rank}"] for name in names]) for rank, item in enumerate(self.items)]

    @property
    def changes(self) -> dict[str, Any]:
        """The pieces ticked, in order; a new one gets its code from its label."""
        found, codes = [], {item["code"] for item in self.items if item["code"]}
        for rank, item in enumerate(self.items):
            row = {
                n: self.cleaned_data[f"{n}-{rank}"]
                for n in ("label", "guidance", "legal_forms", "indispensable", "multiple")
            }
            if not self.cleaned_data[f"asked-{rank}"] or not row["label"]:
                continue
            code = item["code"] or _free_code(row["label"], codes)
            codes.add(code)
            found.append(
                {"code": code, "condition": self.cleaned_data[f"condition-{rank}"] or "always", **row}
            )
        return {"pieces": found}


class SchemaForm(CallSectionForm):
    """The questions asked in words, section by section; an empty label takes a question out."""

    def build(self) -> None:
        """A row per question, spare rows in each section, and room for one more section."""
        revision = self.call.revisions.order_by("-number").first()
        schema = revision.schema if revision else []
        self.sections: list[dict[str, Any]] = [*schema, {"code": "", "title": "", "questions": []}]
        for rank, section in enumerate(self.sections):
            self.fields[f"title-{rank}"] = forms.CharField(
                label=_("Title of the section"), max_length=120, required=False, initial=section["title"]
            )
            for row in range(len(section["questions"]) + SPARE):
                asked = section["questions"][row] if row < len(section["questions"]) else {}
                self._row(f"{rank}-{row}", asked)

    def _row(self, where: str, asked: dict[str, Any]) -> None:
        offered = "\n".join(label for _code, label in asked.get("choices", []))
        fields: dict[str, forms.Field] = {
            "label": forms.CharField(label=_("Question"), max_length=300, required=False),
            "help": forms.CharField(label=_("Help"), max_length=500, required=False),
            "kind": forms.ChoiceField(label=_("Kind of answer"), choices=KINDS, required=False),
            "required": forms.BooleanField(label=_("Must be answered"), required=False),
            "max_length": forms.IntegerField(
                label=_("Characters at most"), min_value=1, max_value=10000, required=False
            ),
            "choices": forms.CharField(
                label=_("Choices, one per line"), required=False, widget=forms.Textarea(attrs={"rows": 3})
            ),
        }
        for name, field in fields.items():
            field.initial = offered if name == "choices" else asked.get(name)
            self.fields[f"{name}-{where}"] = field

    @cached_property
    def groups(self) -> list[tuple[Any, list[list[Any]]]]:
        """The fields section by section, question by question."""
        names = ("label", "help", "kind", "required", "max_length", "choices")
        return [
            (
                self[f"title-{rank}"],
                [
                    [self[f"{n}-{rank}-{row}"] for n in names]
                    for row in range(len(section["questions"]) + SPARE)
                ],
            )
            for rank, section in enumerate(self.sections)
        ]

    @property
    def changes(self) -> dict[str, Any]:
        """The whole form; codes of questions that stay do not change."""
        taken = {q["code"] for section in self.sections for q in section["questions"]}
        codes = {section["code"] for section in self.sections}
        schema = []
        for rank, section in enumerate(self.sections):
            title = self.cleaned_data[f"title-{rank}"]
            asked = [
                question
                for row in range(len(section["questions"]) + SPARE)
                if (question := self._question(section, rank, row, taken))
            ]
            if title and asked:
                code = section["code"] or _free_code(title, codes, lower=True)
                schema.append({"code": code, "title": title, "questions": asked})
        return {"schema": schema}

    def _question(
        self, section: dict[str, Any], rank: int, row: int, taken: set[str]
    ) -> dict[str, Any] | None:
        typed = {
            name: self.cleaned_data[f"{name}-{rank}-{row}"]
            for name in ("label", "help", "kind", "required", "max_length", "choices")
        }
        if not typed["label"]:
            return None
        before = section["questions"][row] if row < len(section["questions"]) else {}
        code = before.get("code") or _free_code(typed["label"], taken, lower=True)
        taken.add(code)
        labels = [line.strip() for line in typed["choices"].splitlines() if line.strip()]
        kept = {label: choice for choice, label in before.get("choices", [])}
        return {
            "code": code,
            "label": typed["label"],
            "help": typed["help"],
            "kind": typed["kind"],
            "required": typed["required"],
            "max_length": typed["max_length"] or 2000,
            "choices": [
                [kept.get(label) or slugify(label)[:40] or str(n), label] for n, label in enumerate(labels, 1)
            ],
        }


class ReasonsForm(VerbForm):
    """An act with its reasons."""

    reasons = LongTextField(label=_("Reasons"), max_length=2000, rows=4)


class ExtendForm(VerbForm):
    """A later closing, and why."""

    verb_name = "calls.extend_call"

    closes_at = InstantField(label=_("New closing"), help_text=_("In the Region's time."))
    reasons = LongTextField(label=_("Reasons"), max_length=2000, rows=4, help_text=_("They are public."))


def _free_code(label: str, taken: set[str], *, lower: bool = False) -> str:
    """A code made of a label that nobody has yet."""
    stem = slugify(label).replace("-", "_")[:24].strip("_") or "x"
    stem = stem if lower else stem.upper()
    code, n = stem, 2
    while code in taken:
        code, n = f"{stem}_{n}", n + 1
    return code


SECTIONS: dict[str, tuple[Any, type[CallSectionForm]]] = {
    "about": (_("What it is about"), AboutForm),
    "text": (_("Text of the call"), TextForm),
    "window": (_("Opening and closing"), WindowForm),
    "money": (_("Money"), MoneyForm),
    "grid": (_("Scoring grid"), GridForm),
    "pieces": (_("Pieces to give"), PiecesForm),
    "form": (_("Questions of the form"), SchemaForm),
    "review": (_("Review and reports"), ReviewForm),
}
"""The sections of the preparation, in order."""

PLACES = {
    "title": "about",
    "summary": "about",
    "axes": "about",
    "publics": "about",
    "territories": "about",
    "contact": "about",
    "pact": "about",
    "text": "text",
    "opens_at": "window",
    "closes_at": "window",
    "criteria": "grid",
    "pieces": "pieces",
    "schema": "form",
    "colleges": "review",
    "reporting": "review",
    "coparef": "review",
}
"""Where each thing that a publication lacks is put right."""
