"""The verbs of a pact: prepared by one person, adopted by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Region
from calls.models import (
    Axis,
    EvaluationQuestion,
    IndicatorKind,
    IndicatorNature,
    Objective,
    Pact,
    PactIndicator,
    StrategicLink,
)
from workflows.engine import Act, Reason, action
from workflows.engine.action import open_case
from workflows.models import CaseKind
from workflows.references import make_pact_reference

#: Years that a pact may cover.
LONGEST = 10


@action(
    "calls.create_pact", label=gettext_lazy("Create the pact"), done=gettext_lazy("Pact created"), opens=True
)
def create_pact(
    act: Act,
    region: Region,
    *,
    title: str,
    first_year: int,
    last_year: int,
    stakes: str,
    budget_by_year: Mapping[int | str, Decimal],
    axes: Sequence[Mapping[str, Any]],
    indicators: Sequence[Mapping[str, Any]],
    questions: Sequence[str],
    links: Sequence[Mapping[str, Any]] = (),
) -> Pact:
    """Open a pact with its axes, objectives, indicators, evaluation questions and links (S01, S10, S12, S31, S51, S57).

    ``axes`` are ``{"code", "label", "themes": [str], "objectives": [{"label", "nature"}]}``; ``indicators``
    ``{"axis": code or "", "code", "label", "kind", "nature", "unit", "method"}``; ``budget_by_year`` is in euros. Raises Refused.
    """
    budget = {int(year): Decimal(amount) for year, amount in budget_by_year.items()}
    act.refuse_if(
        _frame_faults(title, first_year, last_year, stakes, budget),
        _axes_faults(axes),
        _indicator_faults(indicators, {axis["code"] for axis in axes}),
    )
    asked = [text.strip() for text in questions if text.strip()]
    if not asked:
        act.refuse_if(
            Reason(_("Write at least one evaluation question (in itinere evaluation)."), "questions")
        )
    region = act.lock(Region, region.pk)
    rank = Pact.objects.filter(case__region=region, first_year=first_year).count() + 1
    case = open_case(
        act,
        region=region,
        kind=CaseKind.PACT,
        reference=make_pact_reference(region.code, first_year, rank),
        title=title.strip(),
    )
    pact = Pact.objects.create(
        case=case,
        title=title.strip(),
        first_year=first_year,
        last_year=last_year,
        stakes=stakes.strip(),
        budget_by_year={str(year): format(amount, "f") for year, amount in sorted(budget.items())},
        prepared_by=act.person.user,
    )
    by_code = _write_axes(pact, axes)
    PactIndicator.objects.bulk_create(
        PactIndicator(
            pact=pact,
            axis=by_code.get(item.get("axis", "")),
            **{name: item.get(name, "") for name in ("code", "label", "kind", "nature", "unit", "method")},
        )
        for item in indicators
    )
    EvaluationQuestion.objects.bulk_create(
        EvaluationQuestion(pact=pact, number=number, text=text) for number, text in enumerate(asked, 1)
    )
    StrategicLink.objects.bulk_create(
        StrategicLink(pact=pact, **{name: link.get(name, "") for name in ("document", "relation", "comment")})
        for link in links
    )
    act.record(
        pact,
        snapshot={
            "title": pact.title,
            "years": [first_year, last_year],
            "stakes": pact.stakes,
            "budget_by_year": pact.budget_by_year,
            "axes": axes,
            "indicators": indicators,
            "questions": asked,
            "links": links,
        },
    )
    return pact


@action(
    "calls.adopt_pact", label=gettext_lazy("Adopt the pact"), done=gettext_lazy("Pact adopted"), moves="adopt"
)
def adopt_pact(act: Act, pact: Pact) -> Pact:
    """Make the pact one that calls can refer to; not by the person who prepared it. Raises Refused."""
    act.move(pact, "adopt")
    pact.adopted_by, pact.adopted_at = act.person.user, act.now
    pact.save()
    act.record(pact)
    return pact


def _frame_faults(
    title: str, first_year: int, last_year: int, stakes: str, budget: Mapping[int, Decimal]
) -> list[Reason]:
    found = []
    if not title.strip():
        found.append(Reason(_("Give the pact a title."), "title"))
    if not stakes.strip():
        found.append(Reason(_("Say precisely which stakes the pact targets."), "stakes"))
    if not 2015 <= first_year <= last_year < first_year + LONGEST:
        found.append(Reason(_("The years of the pact are not in order."), "last_year"))
    elif set(budget) != set(range(first_year, last_year + 1)):
        found.append(Reason(_("Give one amount for each year of the pact."), "budget_by_year"))
    if any(amount < 0 for amount in budget.values()):
        found.append(Reason(_("Amounts cannot be negative."), "budget_by_year"))
    return found


def _axes_faults(axes: Sequence[Mapping[str, Any]]) -> list[Reason]:
    codes = [axis.get("code", "") for axis in axes]
    found = []
    if not axes:
        found.append(Reason(_("A pact has at least one axis."), "axes"))
    if len(set(codes)) < len(codes) or "" in codes or any(not axis.get("label") for axis in axes):
        found.append(Reason(_("Each axis has a code of its own and a label."), "axes"))
    if any(
        o.get("nature") not in ("strengthened", "new") for axis in axes for o in axis.get("objectives", [])
    ):
        found.append(Reason(_("An objective strengthens something or is new."), "axes"))
    return found


def _indicator_faults(indicators: Sequence[Mapping[str, Any]], axes: set[str]) -> list[Reason]:
    codes = [item.get("code", "") for item in indicators]
    found = []
    if len(set(codes)) < len(codes) or "" in codes or any(not item.get("label") for item in indicators):
        found.append(Reason(_("Each indicator has a code of its own and a label."), "indicators"))
    kinds = {item.get("kind") for item in indicators}
    if not {IndicatorKind.FOLLOW_UP, IndicatorKind.IMPACT} <= kinds or not kinds <= set(IndicatorKind.values):
        found.append(Reason(_("A pact has follow-up indicators and impact indicators."), "indicators"))
    if any(item.get("nature") not in IndicatorNature.values for item in indicators):
        found.append(Reason(_("An indicator is quantitative or qualitative."), "indicators"))
    for item in indicators:
        if item.get("axis") and item["axis"] not in axes:
            found.append(
                Reason(
                    _("“%(code)s” refers to an axis that the pact does not have.") % {"code": item["code"]},
                    "indicators",
                )
            )
        elif item.get("kind") == IndicatorKind.IMPACT and not item.get("axis"):
            found.append(
                Reason(
                    _("The impact indicator “%(code)s” belongs to an axis.") % {"code": item["code"]},
                    "indicators",
                )
            )
    return found


def _write_axes(pact: Pact, axes: Sequence[Mapping[str, Any]]) -> dict[str, Axis]:
    made = Axis.objects.bulk_create(
        Axis(pact=pact, code=axis["code"], label=axis["label"], themes=list(axis.get("themes", [])))
        for axis in axes
    )
    by_code = {axis.code: axis for axis in made}
    Objective.objects.bulk_create(
        Objective(axis=by_code[axis["code"]], label=objective["label"], nature=objective["nature"])
        for axis in axes
        for objective in axis.get("objectives", [])
    )
    return by_code
