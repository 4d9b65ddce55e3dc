"""The form of a new pact, filled beforehand with the axes, indicators and questions of the recommendations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.queries.defaults import default_axes, default_indicators, default_questions
from workflows.forms import AmountField, LongTextField, VerbForm

YEARS = 6
SPARE_AXES = 2
LINKS = 3
RELATIONS = [
    ("consistent", _("Consistent")),
    ("complementary", _("Complementary")),
    ("renewed", _("Renewed")),
    ("none", _("No link")),
]
NATURES = [("strengthened", _("Strengthened")), ("new", _("New"))]


class PactForm(VerbForm):
    """Everything that a pact holds, on one page."""

    verb_name = "calls.create_pact"

    title = forms.CharField(label=_("Title"), max_length=200)
    first_year = forms.IntegerField(label=_("First year"), min_value=2018, max_value=2099)
    last_year = forms.IntegerField(label=_("Last year"), min_value=2018, max_value=2099)
    stakes = LongTextField(
        label=_("Stakes"), max_length=10000, rows=6, help_text=_("The precise stakes that the pact targets.")
    )
    questions = LongTextField(
        label=_("Evaluation questions"), max_length=5000, rows=5, help_text=_("One per line, at least one.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["questions"].initial = "\n".join(default_questions())
        for rank in range(YEARS):
            self.fields[f"budget-{rank}"] = AmountField(
                label=_("Year %(n)s") % {"n": rank + 1}, required=False
            )
        self.axes = [*default_axes(), *({} for _i in range(SPARE_AXES))]
        for rank, axis in enumerate(self.axes):
            self._axis(rank, axis)
        self.indicators = default_indicators()
        for item in self.indicators:
            self.fields[f"indicator-{item['code']}"] = forms.BooleanField(
                label=f"{item['code']} – {item['label']}", required=False, initial=True
            )
        for rank in range(LINKS):
            self._link(rank)

    def _axis(self, rank: int, axis: dict[str, Any]) -> None:
        objective: dict[str, Any] = next(iter(axis.get("objectives", [])), {})
        fields: dict[str, forms.Field] = {
            "code": forms.CharField(
                label=_("Code"), max_length=10, required=False, initial=axis.get("code", "")
            ),
            "label": forms.CharField(
                label=_("Axis"), max_length=300, required=False, initial=axis.get("label", "")
            ),
            "themes": forms.CharField(
                label=_("Sub-themes, one per line"),
                required=False,
                initial="\n".join(axis.get("themes", [])),
                widget=forms.Textarea(attrs={"rows": 4}),
            ),
            "objective": forms.CharField(
                label=_("Objective"), max_length=300, required=False, initial=objective.get("label", "")
            ),
            "nature": forms.ChoiceField(
                label=_("Nature"), choices=NATURES, required=False, initial=objective.get("nature", "new")
            ),
        }
        for name, field in fields.items():
            self.fields[f"axis-{name}-{rank}"] = field

    def _link(self, rank: int) -> None:
        self.fields[f"link-document-{rank}"] = forms.CharField(
            label=_("Document"),
            max_length=200,
            required=False,
            help_text=_("CPRDFOP, SRDEII…") if rank == 0 else "",
        )
        self.fields[f"link-relation-{rank}"] = forms.ChoiceField(
            label=_("Relation"), choices=RELATIONS, required=False
        )
        self.fields[f"link-comment-{rank}"] = forms.CharField(
            label=_("Comment"), max_length=500, required=False
        )

    @property
    def axis_rows(self) -> list[list[Any]]:
        """The fields of each axis."""
        names = ("code", "label", "themes", "objective", "nature")
        return [[self[f"axis-{name}-{rank}"] for name in names] for rank in range(len(self.axes))]

    @property
    def budget_fields(self) -> list[Any]:
        """One amount per year."""
        return [self[f"budget-{rank}"] for rank in range(YEARS)]

    @property
    def indicator_fields(self) -> list[tuple[Any, list[Any]]]:
        """The boxes of the catalogue, by kind."""
        return [
            (title, [self[f"indicator-{i['code']}"] for i in self.indicators if i["kind"] == kind])
            for kind, title in (("follow_up", _("Follow-up")), ("impact", _("Impact")))
        ]

    @property
    def link_rows(self) -> list[list[Any]]:
        """The fields of each link."""
        return [
            [self[f"link-{n}-{rank}"] for n in ("document", "relation", "comment")] for rank in range(LINKS)
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What ``create_pact`` is given; an indicator whose axis was renamed goes without."""
        typed = self.cleaned_data
        first, last = typed["first_year"], typed["last_year"]
        budget: dict[int, Decimal] = {
            first + rank: typed[f"budget-{rank}"]
            for rank in range(YEARS)
            if first + rank <= last and typed[f"budget-{rank}"] is not None
        }
        axes = []
        for rank in range(len(self.axes)):
            row = {
                name: typed[f"axis-{name}-{rank}"]
                for name in ("code", "label", "themes", "objective", "nature")
            }
            if not row["code"] and not row["label"]:
                continue
            objectives = [{"label": row["objective"], "nature": row["nature"]}] if row["objective"] else []
            themes = [line.strip() for line in row["themes"].splitlines() if line.strip()]
            axes.append(
                {"code": row["code"], "label": row["label"], "themes": themes, "objectives": objectives}
            )
        codes = {axis["code"] for axis in axes}
        fallback = axes[0]["code"] if axes else ""
        indicators = [
            {
                **item,
                "axis": item["axis"]
                if item["axis"] in codes
                else fallback
                if item["kind"] == "impact"
                else "",
            }
            for item in self.indicators
            if typed[f"indicator-{item['code']}"]
        ]
        links = [
            {name: typed[f"link-{name}-{rank}"] for name in ("document", "relation", "comment")}
            for rank in range(LINKS)
            if typed[f"link-document-{rank}"]
        ]
        return {
            "title": typed["title"],
            "first_year": first,
            "last_year": last,
            "stakes": typed["stakes"],
            "budget_by_year": budget,
            "axes": axes,
            "indicators": indicators,
            "questions": typed["questions"].splitlines(),
            "links": links,
        }
