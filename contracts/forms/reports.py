"""The report as a form, made of the dossier's indicators and budget; and the Region's reading of it.

Nothing is mandatory while it is being filled: what can be read is kept, and handing it in says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from calls.models import DossierIndicator
from calls.reference import INDICATOR_BY_CODE, QUALITATIVE_SCALE
from contracts.indicators import BREAKDOWN_LABELS, PARTITIONS, SUBSETS, Shape, shape_of
from contracts.models import IndicatorValue, Report, ReportExpense
from contracts.narrative import LIMIT, questions_for
from workflows.engine import Reason
from workflows.forms import AmountField, HouseForm, LongTextField, NumberField, VerbForm


class CountField(forms.IntegerField):
    """A number of people."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 10_000_000, "required": False, **kwargs})
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "class": "amount"})


class IndicatorFields:
    """The controls of one indicator, and what is told beside them."""

    def __init__(self, indicator: DossierIndicator) -> None:
        self.indicator = indicator
        self.shape: Shape = shape_of(indicator)
        definition = INDICATOR_BY_CODE.get(indicator.code)
        self.method = definition.method if definition else ""
        self.legend = f"{indicator.code} – {indicator.label}"

    def name(self, part: str) -> str:
        """The name of a control."""
        return f"{self.indicator.code}.{part}"

    def fields(self, value: IndicatorValue | None) -> Iterator[tuple[str, forms.Field]]:
        """The controls, with what is stored."""

        def stored(part: str) -> Any:
            return getattr(value, part) if value is not None else None

        if self.shape.qualitative:
            scale = [(term.code, f"{term.code} – {term.label}") for term in QUALITATIVE_SCALE]
            number = stored("number")
            yield (
                self.name("number"),
                forms.TypedChoiceField(
                    label=_("Level reached"),
                    choices=scale,
                    widget=forms.RadioSelect,
                    required=False,
                    coerce=Decimal,
                    empty_value=None,
                    initial=str(int(number)) if number is not None else None,
                ),
            )
        elif self.shape.ratio:
            for part, label in (
                ("numerator", self.shape.numerator),
                ("denominator", self.shape.denominator),
            ):
                yield (
                    self.name(part),
                    NumberField(
                        label=label,
                        required=False,
                        min_value=0,
                        max_digits=14,
                        decimal_places=2,
                        initial=_short(stored(part)),
                    ),
                )
        else:
            yield (
                self.name("number"),
                NumberField(
                    label=self.indicator.unit.capitalize() or _("Value"),
                    required=False,
                    max_digits=14,
                    decimal_places=2,
                    initial=_short(stored("number")),
                ),
            )
        if self.shape.broken_down:
            yield from self._breakdown(stored("breakdown") or {})
        yield (
            self.name("text"),
            LongTextField(
                label=_("What was observed, and on what evidence")
                if self.shape.qualitative
                else _("Comment"),
                max_length=3000,
                rows=4 if self.shape.qualitative else 2,
                required=False,
                help_text="" if self.shape.qualitative else _("If there is no value yet, say why."),
                initial=stored("text") or "",
            ),
        )

    def _breakdown(self, counted: dict[str, Any]) -> Iterator[tuple[str, forms.Field]]:
        for code, parts in PARTITIONS.items():
            for rank, part in enumerate(parts):
                yield (
                    self.name(f"{code}.{rank}"),
                    CountField(
                        label=f"{BREAKDOWN_LABELS[code]} : {part}",
                        initial=counted.get(code, {}).get(part),
                    ),
                )
        for code in SUBSETS:
            yield self.name(code), CountField(label=BREAKDOWN_LABELS[code], initial=counted.get(code))

    def is_asked(self, name: str) -> bool:
        """Whether the report needs this control filled: its value, and for a judgement its words."""
        parts = ("number", "text") if self.shape.qualitative else ("number", "numerator", "denominator")
        return name in map(self.name, parts)

    def read(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the verb is given for this indicator, of what could be read."""
        values: dict[str, Any] = {}
        for part in ("number", "numerator", "denominator", "text"):
            if self.name(part) in data:
                values[part] = data[self.name(part)]
        if self.shape.broken_down:
            values["breakdown"] = {
                **{
                    code: {
                        part: data.get(self.name(f"{code}.{rank}"))
                        for rank, part in enumerate(parts)
                        if data.get(self.name(f"{code}.{rank}")) is not None
                    }
                    for code, parts in PARTITIONS.items()
                },
                **{code: data[self.name(code)] for code in SUBSETS if data.get(self.name(code)) is not None},
            }
        return values


def _short(number: Decimal | None) -> str | None:
    """A stored number without useless zeros."""
    return None if number is None else f"{number.normalize():f}".replace(".", ",")


class ReportForm(HouseForm):
    """The whole report of a period, on one page. ``suggested``: expenditure to start from, by account."""

    submit_label = _("Save")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        report: Report,
        indicators: Iterable[DossierIndicator],
        planned: dict[str, tuple[str, Decimal]],
        suggested: dict[str, Decimal],
        **kwargs: Any,
    ) -> None:
        self.report, self.planned = report, planned
        self.indicators = [IndicatorFields(indicator) for indicator in indicators]
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["version"].initial = report.version
        stored = {value.indicator_id: value for value in report.values.all()}
        for item in self.indicators:
            for name, field in item.fields(stored.get(item.indicator.pk)):
                # Asked for in the end, though nothing is while it is being filled.
                field.must_be_answered = item.is_asked(name)  # type: ignore[attr-defined]
                self.fields[name] = field
        for question in questions_for(report.kind):
            field = self.fields[question.code] = LongTextField(
                label=question.label,
                help_text=question.help,
                max_length=LIMIT,
                required=False,
                initial=report.narrative.get(question.code, ""),
            )
            field.must_be_answered = question.required  # type: ignore[attr-defined]
        spent = suggested | {expense.code: expense.amount for expense in report.expenses.all()}
        for code, (label, _amount) in planned.items():
            self.fields[f"expense.{code}"] = AmountField(
                label=f"{code} – {label}", required=False, max_digits=12, initial=spent.get(code, Decimal(0))
            )

    @property
    def read_version(self) -> int:
        """The version that the person had in front of them."""
        self.is_valid()
        version = self.cleaned_data.get("version")
        return -1 if version is None else version

    @property
    def values(self) -> dict[str, Any]:
        """What can be kept of what was typed, as ``save_report`` takes it."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "values": {item.indicator.pk: item.read(data) for item in self.indicators},
            "narrative": {q.code: data[q.code] for q in questions_for(self.report.kind) if q.code in data},
            "expenses": {
                code: data[f"expense.{code}"] or Decimal(0)
                for code in self.planned
                if f"expense.{code}" in data
            },
        }

    def add_reasons(self, reasons: Iterable[Reason]) -> None:
        """Show why the report cannot be handed in, each reason beside its field."""
        for reason in reasons:
            self.add_error(self._place(reason.field), str(reason.message))

    def _place(self, name: str) -> str | None:
        if name in self.fields:
            return name
        if name == "expenses":
            return next((f for f in self.fields if f.startswith("expense.")), None)
        return next((f for f in self.fields if name and f.startswith(f"{name}.")), None)


class EvidenceForm(VerbForm):
    """A file that supports the report."""

    verb_name = "contracts.attach_evidence"
    file = forms.FileField(label=_("File"), help_text=_("PDF, image, Word, Excel or OpenDocument."))


class AcceptForm(VerbForm):
    """The Region accepts the report, and may set a part of the expenditure aside."""

    def __init__(self, *args: Any, expenses: Iterable[ReportExpense], **kwargs: Any) -> None:
        self.expenses = [expense for expense in expenses if expense.amount]
        super().__init__(*args, **kwargs)

    def layout(self) -> Layout:
        """For each account with expenditure: what is accepted, and why not all."""
        for expense in self.expenses:
            self.fields[f"accepted_{expense.code}"] = AmountField(
                label=_("%(code)s – %(label)s: accepted") % {"code": expense.code, "label": expense.label},
                max_digits=12,
                initial=expense.amount,
            )
            self.fields[f"reason_{expense.code}"] = forms.CharField(
                label=_("Why a part is set aside"), max_length=300, required=False
            )
        return super().layout()

    @property
    def values(self) -> dict[str, Any]:
        """Amounts accepted and reasons, by account."""
        data = self.cleaned_data
        return {
            "accepted": {e.code: data[f"accepted_{e.code}"] for e in self.expenses},
            "reasons": {e.code: data[f"reason_{e.code}"] for e in self.expenses},
        }
