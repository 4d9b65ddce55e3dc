"""The budget and financing plan of a dossier: totals by year, and what does not add up (domain §3.6).

Amounts are Decimals in euros. Expenses equal incomes to the cent, each year; so do voluntary contributions (86) and
their counterpart (87). The rate is the Region's subsidy over the eligible expenses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calls.models import Call, Dossier
from calls.reference import EXPENSES, INCOMES, INDIRECT_CAP, LINE_BY_CODE, REGION_LINE, Side
from calls.reference.budget import BudgetLine as LineDefinition
from workflows.engine import Reason
from workflows.formats import Language, format_money

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
#: Years that a project may spread over (12 to 36 months, more when it starts in the middle of a year).
MOST_YEARS = 5
#: What the columns of amounts can hold.
LARGEST = Decimal("9999999999.99")
INDIRECT, IN_KIND, COUNTERPART = "CI", "86", "87"


class Line(Protocol):
    """What a plan needs of a budget line."""

    year: int
    code: str
    amount: Decimal


@dataclass(frozen=True)
class YearTotals:
    """One year: all expenses and all incomes (in kind included), and the two in-kind lines."""

    year: int
    expenses: Decimal
    incomes: Decimal
    in_kind: Decimal
    counterpart: Decimal

    @property
    def gap(self) -> Decimal:
        """Expenses not covered (positive), or incomes in excess (negative)."""
        return self.expenses - self.incomes


@dataclass(frozen=True)
class Plan:
    """A whole budget: amounts by (year, line code)."""

    years: tuple[int, ...]
    amounts: Mapping[tuple[int, str], Decimal] = field(default_factory=dict)

    def cell(self, year: int, code: str) -> Decimal:
        """The amount of a line in a year, zero when there is none."""
        return self.amounts.get((year, code), ZERO)

    def line(self, code: str) -> Decimal:
        """The amount of a line over all the years."""
        return sum((self.cell(year, code) for year in self.all_years), ZERO)

    def total(self, definitions: Iterable[LineDefinition]) -> Decimal:
        """The sum of some lines over all the years."""
        return sum((self.line(definition.code) for definition in definitions), ZERO)

    @cached_property
    def all_years(self) -> tuple[int, ...]:
        """The project's years, and those that have an amount without belonging to it."""
        return tuple(sorted({*self.years, *(year for year, _code in self.amounts)}))

    @cached_property
    def totals(self) -> tuple[YearTotals, ...]:
        """The totals of each year."""
        return tuple(
            YearTotals(
                year,
                sum((self.cell(year, d.code) for d in EXPENSES), ZERO),
                sum((self.cell(year, d.code) for d in INCOMES), ZERO),
                self.cell(year, IN_KIND),
                self.cell(year, COUNTERPART),
            )
            for year in self.all_years
        )

    @cached_property
    def expenses(self) -> Decimal:
        """All the expenses, in kind included."""
        return self.total(EXPENSES)

    @cached_property
    def incomes(self) -> Decimal:
        """All the incomes, in kind included."""
        return self.total(INCOMES)

    @cached_property
    def total_cost(self) -> Decimal:
        """What the project really costs: expenses without voluntary contributions."""
        return self.total(d for d in EXPENSES if not d.in_kind)

    @cached_property
    def eligible_cost(self) -> Decimal:
        """The base of the subsidy."""
        return self.total(d for d in EXPENSES if d.eligible)

    @cached_property
    def requested(self) -> Decimal:
        """The subsidy requested from the Region."""
        return self.line(REGION_LINE)

    @cached_property
    def rate(self) -> Decimal:
        """The Region's share of the eligible cost, in %, to two places; zero without a base."""
        if not self.eligible_cost:
            return ZERO
        return (100 * self.requested / self.eligible_cost).quantize(CENT, ROUND_HALF_UP)


def project_years(dossier: Dossier) -> tuple[int, ...]:
    """The calendar years that the project touches, at most ``MOST_YEARS``; the call's year before dates are known."""
    if dossier.starts_on is None or dossier.ends_on is None or dossier.ends_on < dossier.starts_on:
        return (dossier.starts_on.year,) if dossier.starts_on else (dossier.call.closes_at.year,)
    last = min(dossier.ends_on.year, dossier.starts_on.year + MOST_YEARS - 1)
    return tuple(range(dossier.starts_on.year, last + 1))


def plan_of(dossier: Dossier, lines: Iterable[Line] | None = None) -> Plan:
    """The plan of a dossier, from its budget lines (one query) or from ``lines``."""
    amounts: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    for line in dossier.budget.all() if lines is None else lines:
        amounts[line.year, line.code] += line.amount
    return Plan(project_years(dossier), dict(amounts))


def euros(amount: Decimal) -> str:
    """An amount in the reader's language."""
    language: Language = "en" if (get_language() or "fr").startswith("en") else "fr"
    return format_money(amount, language)


def plan_faults(plan: Plan, call: Call, *, basis: str) -> list[Reason]:
    """What stands between a plan and its submission, each with the place to go to."""
    found: list[Reason] = []
    if not basis:
        found.append(Reason(_("Say whether the amounts include VAT."), "budget.basis"))
    if not plan.expenses and not plan.incomes:
        return [*found, Reason(_("The budget is empty."), "budget.60")]
    for year in plan.totals:
        found += _year_faults(plan, year)
    found += _subsidy_faults(plan, call)
    indirect, direct = plan.line(INDIRECT), plan.eligible_cost - plan.line(INDIRECT)
    if indirect > (cap := (direct * INDIRECT_CAP).quantize(CENT, ROUND_HALF_UP)):
        found.append(
            Reason(
                _("Indirect expenses (%(given)s) exceed 15%% of the direct eligible ones (%(cap)s).")
                % {"given": euros(indirect), "cap": euros(cap)},
                "budget.CI",
            )
        )
    return found


def _year_faults(plan: Plan, year: YearTotals) -> list[Reason]:
    found = []
    where = f"budget.{year.year}"
    if year.year not in plan.years:
        return [
            Reason(
                _("%(year)s has amounts but lies outside the project's dates.") % {"year": year.year}, where
            )
        ]
    if not year.expenses and not year.incomes:
        return [Reason(_("%(year)s: no expense and no income.") % {"year": year.year}, where)]
    sums = {"year": year.year, "expenses": euros(year.expenses), "incomes": euros(year.incomes)}
    if year.gap:
        sums["gap"] = euros(abs(year.gap))
        words = (
            _("%(year)s: expenses (%(expenses)s) exceed incomes (%(incomes)s) by %(gap)s.")
            if year.gap > 0
            else _("%(year)s: incomes (%(incomes)s) exceed expenses (%(expenses)s) by %(gap)s.")
        )
        found.append(Reason(words % sums, where))
    if year.in_kind != year.counterpart:
        found.append(
            Reason(
                _(
                    "%(year)s: voluntary contributions (86: %(used)s) and their counterpart (87: %(given)s) differ."
                )
                % {"year": year.year, "used": euros(year.in_kind), "given": euros(year.counterpart)},
                where,
            )
        )
    return found


def _subsidy_faults(plan: Plan, call: Call) -> list[Reason]:
    where = f"budget.{REGION_LINE}"
    if not plan.requested:
        return [Reason(_("No subsidy is requested from the Region."), where)]
    found = []
    if plan.requested < call.min_amount:
        found.append(
            Reason(
                _("The subsidy requested (%(asked)s) is under the smallest of this call (%(bound)s).")
                % {"asked": euros(plan.requested), "bound": euros(call.min_amount)},
                where,
            )
        )
    if plan.requested > call.max_amount:
        found.append(
            Reason(
                _("The subsidy requested (%(asked)s) is over the largest of this call (%(bound)s).")
                % {"asked": euros(plan.requested), "bound": euros(call.max_amount)},
                where,
            )
        )
    if 100 * plan.requested > call.max_rate * plan.eligible_cost:
        most = (plan.eligible_cost * call.max_rate / 100).quantize(CENT, "ROUND_DOWN")
        found.append(
            Reason(
                _(
                    "The subsidy requested (%(asked)s) is over %(rate)s%% of the eligible expenses (%(base)s):"
                    " %(most)s at most."
                )
                % {
                    "asked": euros(plan.requested),
                    "rate": f"{call.max_rate.normalize():f}",
                    "base": euros(plan.eligible_cost),
                    "most": euros(most),
                },
                where,
            )
        )
    return found


def printed_plan(plan: Plan, basis: str) -> dict[str, Any]:
    """The plan as the PDF templates take it: lines without amount left out, one empty line on an empty side."""
    years = plan.all_years
    empty = {
        "label": "Aucune ligne",
        "amounts": [format_money(ZERO) for _year in years],
        "total": format_money(ZERO),
    }
    sides = {}
    for name, definitions in (("expenses", EXPENSES), ("resources", INCOMES)):
        sides[name] = [
            {
                "label": f"{d.code} {d.label}",
                "amounts": [format_money(plan.cell(year, d.code)) for year in years],
                "total": format_money(plan.line(d.code)),
            }
            for d in definitions
            if plan.line(d.code)
        ] or [empty]
    return {
        "basis": "hors taxes" if basis == "ht" else "toutes taxes comprises",
        "years": [str(year) for year in years],
        **sides,
        "expense_totals": [format_money(t.expenses) for t in plan.totals],
        "expense_total": format_money(plan.expenses),
        "resource_totals": [format_money(t.incomes) for t in plan.totals],
        "resource_total": format_money(plan.incomes),
    }


__all__ = [
    "LARGEST",
    "LINE_BY_CODE",
    "MOST_YEARS",
    "ZERO",
    "Plan",
    "Side",
    "YearTotals",
    "euros",
    "plan_faults",
    "plan_of",
    "printed_plan",
    "project_years",
]
