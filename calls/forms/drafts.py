"""The sections of a draft as forms. Each gives ``values``: what ``save_section`` can keep of what was typed.

A field that cannot be read is left out of ``values``, so that the rest is saved all the same and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import normalise_siret
from calls.models import (
    BudgetBasis,
    Dossier,
    IndicatorKind,
    IndicatorNature,
    PactIndicator,
    Partner,
)
from calls.queries import project_years, public_label, territory_label
from calls.queries.answers import MOST_KEPT
from calls.queries.budget import LARGEST
from calls.reference import EXPENSES, INCOMES, Kind
from calls.reference.budget import BudgetLine as LineDefinition
from workflows.forms import AmountField, DayField, HouseForm, LongTextField

#: Rows that an applicant may fill with indicators of their own, at once.
OWN_ROWS = 3


class SectionForm(HouseForm):
    """A page of the draft. ``required`` says what the submission will ask for: a draft is saved without it."""

    submit_label = _("Save and go on")
    #: Whether an empty field is an error at once.
    strict = False
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, dossier: Dossier, section: str, **kwargs: Any) -> None:
        self.dossier, self.section = dossier, section
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = dossier.versions.get(section, 0)
        self.build()
        self.use_required_attribute = False

    def build(self) -> None:
        """Add the fields that depend on the dossier."""

    def full_clean(self) -> None:
        """Judge what was typed, not what was left empty."""
        awaited = [field for field in self.fields.values() if field.required and not self.strict]
        for field in awaited:
            field.required = False
        super().full_clean()
        for field in awaited:
            field.required = True

    @cached_property
    def values(self) -> dict[str, Any]:
        """What can be kept of what was typed."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def read_version(self) -> int:
        """The version that the person had in front of them; one that cannot be is nobody's."""
        self.is_valid()
        version = self.cleaned_data.get("version")
        return -1 if version is None else version


class ProjectForm(SectionForm):
    """The project in brief."""

    title = forms.CharField(label=_("Title of the project"), max_length=200)
    summary = LongTextField(
        label=_("Summary"),
        max_length=2000,
        help_text=_("In a few lines, for whoever does not know you."),
    )
    axis = forms.ChoiceField(label=_("Main axis"))
    publics = forms.MultipleChoiceField(label=_("Target publics"), widget=forms.CheckboxSelectMultiple)
    territories = forms.MultipleChoiceField(label=_("Territories"), widget=forms.CheckboxSelectMultiple)
    starts_on = DayField(label=_("The project starts on"))
    ends_on = DayField(label=_("The project ends on"))

    def build(self) -> None:
        """Offer what the call offers; show what is stored."""
        call, dossier = self.dossier.call, self.dossier
        axes = [(axis.code, f"{axis.code} – {axis.label}") for axis in call.axes.all()]
        self._choices("axis", [("", _("Choose…")), *axes])
        self._choices("publics", [(code, public_label(code)) for code in call.publics])
        self._choices("territories", [(code, territory_label(code)) for code in call.territories])
        if not call.territories:
            del self.fields["territories"]
        for name in self.fields:
            if name == "axis":
                self.fields[name].initial = dossier.axis.code if dossier.axis else ""
            elif name != "version":
                self.fields[name].initial = getattr(dossier, name)

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class AnswersForm(SectionForm):
    """The questions of one section of the call's form. Fields keep what was typed; the list of what is missing judges it."""

    def build(self) -> None:
        """One field per question."""
        asked = next(s for s in self.dossier.revision.schema if s["code"] == self.section)
        self.questions: list[dict[str, Any]] = asked["questions"]
        for question in self.questions:
            field = answer_field(question)
            field.initial = self.dossier.answers.get(question["code"])
            self.fields[question["code"]] = field


def answer_field(question: Mapping[str, Any]) -> forms.Field:
    """The control of a question."""
    kind = Kind(question["kind"])
    common: dict[str, Any] = {
        "label": question["label"],
        "help_text": question.get("help", ""),
        "required": bool(question["required"]),
    }
    offered = [tuple(pair) for pair in question.get("choices", [])]
    field: forms.Field
    if kind == Kind.LONG_TEXT:
        limit = int(question["max_length"])
        field = LongTextField(max_length=MOST_KEPT, rows=8 if limit > 2000 else 5, **common)
        field.widget.attrs["data-limit"] = str(limit)
    elif kind == Kind.CHOICE:
        field = forms.ChoiceField(choices=[("", _("Choose…")), *offered], **common)
    elif kind == Kind.MULTIPLE:
        field = forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **common)
    elif kind == Kind.BOOLEAN:
        field = forms.BooleanField(**common)
    elif kind == Kind.DATE:
        field = forms.CharField(max_length=40, widget=forms.DateInput(attrs={"type": "date"}), **common)
    elif kind in (Kind.NUMBER, Kind.MONEY):
        attrs = {"inputmode": "decimal", "class": "amount", "autocomplete": "off"}
        field = forms.CharField(max_length=100, widget=forms.TextInput(attrs=attrs), **common)
    else:
        field = forms.CharField(max_length=MOST_KEPT, **common)
        field.widget.attrs.pop("maxlength", None)
    return field


class CellField(AmountField):
    """One cell of the budget: empty means zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_value=LARGEST, **kwargs)
        self.widget.attrs["class"] = "amount form-control"


class BudgetForm(SectionForm):
    """The budget as a grid: one row per line of the chart of accounts, one column per year."""

    basis = forms.ChoiceField(
        label=_("The amounts are"),
        choices=[("", _("Choose…")), *BudgetBasis.choices],
        help_text=_("Excluding VAT if you recover it, including VAT otherwise."),
    )

    def build(self) -> None:
        """One cell per line and year, with the amount stored; amounts of years left out of the project stay visible."""
        self.stored = {(line.year, line.code): line for line in self.dossier.budget.all()}
        self.years = sorted({*project_years(self.dossier), *(year for year, _code in self.stored)})
        self.fields["basis"].initial = self.dossier.budget_basis
        for definition in (*EXPENSES, *INCOMES):
            for year in self.years:
                line = self.stored.get((year, definition.code))
                self.fields[f"{definition.code}-{year}"] = CellField(
                    label=f"{definition.label}, {year}", initial=line.amount if line else None
                )

    @cached_property
    def values(self) -> dict[str, Any]:
        """The whole budget; a cell that cannot be read keeps the amount stored."""
        self.is_valid()
        kept: dict[str, Any] = {"lines": []}
        if "basis" in self.cleaned_data:
            kept["basis"] = self.cleaned_data["basis"]
        for definition in (*EXPENSES, *INCOMES):
            for year in self.years:
                name = f"{definition.code}-{year}"
                line = self.stored.get((year, definition.code))
                amount = self.cleaned_data.get(name, line and line.amount)
                if amount:
                    kept["lines"].append({"year": year, "code": definition.code, "amount": amount})
        return kept

    def grid(
        self, definitions: Sequence[LineDefinition]
    ) -> list[tuple[LineDefinition, list[tuple[int, Any]]]]:
        """The rows of one side: (line, [(year, bound field)])."""
        return [(d, [(year, self[f"{d.code}-{year}"]) for year in self.years]) for d in definitions]

    @property
    def expenses(self) -> list[Any]:
        """The rows of the expenses."""
        return self.grid(EXPENSES)

    @property
    def incomes(self) -> list[Any]:
        """The rows of the incomes."""
        return self.grid(INCOMES)


class IndicatorsForm(SectionForm):
    """Indicators picked from the pact's catalogue, and some of one's own."""

    def build(self) -> None:
        """A box to tick and three values for each indicator of the catalogue; rows for one's own."""
        self.catalogue = list(self.dossier.call.pact.indicators.select_related("axis"))
        chosen = {indicator.code: indicator for indicator in self.dossier.indicators.all()}
        for item in self.catalogue:
            stored = chosen.get(item.code)
            self.fields[f"{item.code}-chosen"] = forms.BooleanField(
                label=item.label, required=False, initial=stored is not None
            )
            self._values(item.code, item.label, stored)
        codes = {item.code for item in self.catalogue}
        own = [indicator for code, indicator in chosen.items() if code not in codes]
        self.own_rows = [f"P{rank}" for rank in range(1, len(own) + OWN_ROWS)]
        for code, stored in zip(self.own_rows, [*own, *[None] * OWN_ROWS], strict=False):
            self.fields[f"{code}-label"] = forms.CharField(
                label=_("Indicator"), required=False, initial=stored.label if stored else ""
            )
            self.fields[f"{code}-unit"] = forms.CharField(
                label=_("Unit"), required=False, initial=stored.unit if stored else ""
            )
            for name, label, choices in (
                ("kind", _("Kind"), IndicatorKind.choices),
                ("nature", _("Nature"), IndicatorNature.choices),
            ):
                self.fields[f"{code}-{name}"] = forms.ChoiceField(
                    label=label, required=False, choices=choices, initial=getattr(stored, name, choices[0][0])
                )
            self._values(code, stored.label if stored else code, stored)

    def _values(self, code: str, what: str, stored: Any) -> None:
        for name, label in (
            ("baseline", _("Starting point")),
            ("target", _("Target")),
            ("source", _("Source")),
        ):
            field = forms.CharField(label=label, required=False, initial=getattr(stored, name, ""))
            field.widget.attrs["aria-label"] = f"{label} – {what}"
            self.fields[f"{code}-{name}"] = field

    @cached_property
    def values(self) -> dict[str, Any]:
        """The indicators chosen or worded."""
        self.is_valid()
        typed = self.cleaned_data
        rows = [self._row(item.code, {}) for item in self.catalogue if typed.get(f"{item.code}-chosen")]
        rows += [
            self._row(
                "",
                {name: typed.get(f"{code}-{name}", "") for name in ("label", "unit", "kind", "nature")},
                code,
            )
            for code in self.own_rows
            if typed.get(f"{code}-label")
        ]
        return {"indicators": rows}

    def _row(self, code: str, words: dict[str, Any], prefix: str = "") -> dict[str, Any]:
        named = prefix or code
        values = {
            name: self.cleaned_data.get(f"{named}-{name}", "") for name in ("baseline", "target", "source")
        }
        return {"code": code, **words, **values}

    def rows(self, kind: str) -> list[tuple[PactIndicator, Any, list[Any]]]:
        """The catalogue's rows of one kind: those of the project's axis first."""
        axis = self.dossier.axis_id
        items = [item for item in self.catalogue if item.kind == kind]
        items.sort(key=lambda item: (item.axis_id not in (None, axis), item.code))
        return [
            (
                item,
                self[f"{item.code}-chosen"],
                [self[f"{item.code}-{n}"] for n in ("baseline", "target", "source")],
            )
            for item in items
        ]

    @property
    def follow_up(self) -> list[Any]:
        """Follow-up indicators."""
        return self.rows(IndicatorKind.FOLLOW_UP)

    @property
    def impact(self) -> list[Any]:
        """Impact indicators."""
        return self.rows(IndicatorKind.IMPACT)

    @property
    def own(self) -> list[list[Any]]:
        """One's own indicators."""
        names = ("label", "kind", "nature", "unit", "baseline", "target", "source")
        return [[self[f"{code}-{name}"] for name in names] for code in self.own_rows]


class PartnerForm(SectionForm):
    """One partner to add, known by its SIRET."""

    submit_label = _("Add the partner")
    strict = True

    siret = forms.CharField(label=_("SIRET"), max_length=30, help_text=_("14 digits, spaces do not matter."))
    name = forms.CharField(label=_("Name"), max_length=200)
    role = forms.CharField(label=_("Role in the project"), max_length=300)

    def layout(self) -> Layout:
        """The version goes with the three fields."""
        return Layout("version", "siret", "name", "role", self.buttons())

    def clean_siret(self) -> str:
        """The number without its spaces. Raises ValidationError in the reader's words."""
        return normalise_siret(self.cleaned_data["siret"])


def partner_rows(partners: Iterable[Partner]) -> list[dict[str, str]]:
    """Partners as ``save_section`` takes them."""
    return [{"siret": p.siret, "name": p.name, "role": p.role} for p in partners]


class PieceForm(HouseForm):
    """The file of one piece."""

    submit_label = _("Upload")

    code = forms.CharField(widget=forms.HiddenInput)
    beside = forms.BooleanField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, Word, Excel, OpenDocument, PNG or JPEG, 50 MB at most.")
    )

    def __init__(self, *args: Any, code: str, given: bool, beside: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{code}-more-%s" if beside else f"{code}-%s", **kwargs)
        self.fields["code"].initial = code
        self.fields["beside"].initial = beside
        if beside:
            self.submit_label = _("Add the file")
        elif given:
            self.submit_label = _("Replace the file")
