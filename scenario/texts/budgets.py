"""Budgets and financing plans that balance to the cent, year by year."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from calls.reference import EXPENSES, INDIRECT_CAP, LINE_BY_CODE, REGION_LINE, Family

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

_SHARES = {
    # line: the least and most of the direct expenses, in percent; 64 takes what is left.
    "60": (4, 11),
    "61": (4, 10),
    "62": (9, 19),
    "63": (2, 5),
    "68": (1, 4),
}
_OTHER_FUNDERS = ("74-ETAT", "74-DEPT", "74-EPCI", "74-FSE", "74-OPCO", "74-EMPLOI", "74-PRIVE", "70")


@dataclass(frozen=True, slots=True)
class YearBudget:
    """One year: amounts in euros by line code, only the lines that are not zero."""

    year: int
    expenses: Mapping[str, Decimal]
    incomes: Mapping[str, Decimal]

    @property
    def total(self) -> Decimal:
        """Total cost; it equals the total of the incomes."""
        return sum(self.expenses.values(), ZERO)

    @property
    def eligible(self) -> Decimal:
        """The expenses that enter the base of the subsidy."""
        return sum((amount for code, amount in self.expenses.items() if LINE_BY_CODE[code].eligible), ZERO)

    @property
    def requested(self) -> Decimal:
        """The subsidy asked from the Region."""
        return self.incomes.get(REGION_LINE, ZERO)


def budget(
    rng: random.Random,
    family: Family,
    years: Sequence[int],
    requested: Decimal,
    max_rate: Decimal,
) -> tuple[YearBudget, ...]:
    """A budget for each of ``years``, asking the Region about ``requested`` euros in all.

    :param max_rate: the most that the subsidy may be, in percent of the eligible expenses of each year.
    """
    weights = [rng.uniform(0.8, 1.25) for _ in years]
    rate = max_rate / 100 * Decimal(str(round(rng.uniform(0.66, 1.0), 3)))
    return tuple(
        _year(rng, family, year, requested * Decimal(str(weight / sum(weights))), rate)
        for year, weight in zip(years, weights, strict=True)
    )


def _year(rng: random.Random, family: Family, year: int, requested: Decimal, rate: Decimal) -> YearBudget:
    expenses = _expenses(rng, requested / rate)
    eligible = sum(expenses.values(), ZERO)
    # Rounded down to ten euros: never above the rate, and what people really write.
    region = (eligible * rate).quantize(Decimal("1E1"), ROUND_DOWN).quantize(CENT)
    incomes = {REGION_LINE: region, **_other_incomes(rng, family, eligible - region)}
    if family is Family.ASSOCIATION and rng.random() < 0.6:
        volunteering = _cents(eligible * Decimal(str(rng.uniform(0.01, 0.05))))
        expenses["86"], incomes["87"] = volunteering, volunteering
    order = [line.code for line in EXPENSES]
    return YearBudget(
        year,
        {code: expenses[code] for code in order if expenses.get(code)},
        {code: amount for code, amount in sorted(incomes.items()) if amount},
    )


def _expenses(rng: random.Random, total: Decimal) -> dict[str, Decimal]:
    indirect_share = Decimal(str(round(rng.uniform(0.06, float(INDIRECT_CAP) - 0.005), 4)))
    direct = total / (1 + indirect_share)
    amounts = {
        code: _amount(rng, direct * Decimal(str(rng.uniform(low, high) / 100)))
        for code, (low, high) in _SHARES.items()
    }
    amounts["64"] = _cents(direct - sum(amounts.values(), ZERO))
    amounts["CI"] = _cents(sum(amounts.values(), ZERO) * indirect_share)
    return amounts


def _other_incomes(rng: random.Random, family: Family, rest: Decimal) -> dict[str, Decimal]:
    """Share ``rest`` among other funders; what rounding leaves is the applicant's own."""
    own = "70" if family is Family.COMPANY else "75"
    funders = rng.sample(_OTHER_FUNDERS, rng.randint(1, 3))
    found: dict[str, Decimal] = {}
    for code in funders:
        share = Decimal(str(rng.uniform(0.1, 0.9 / len(funders))))
        found[code] = (rest * share).quantize(Decimal("1E2"), ROUND_DOWN).quantize(CENT)
    left = rest - sum(found.values(), ZERO)
    found[own] = found.get(own, ZERO) + left
    return found


def _amount(rng: random.Random, value: Decimal) -> Decimal:
    """Most people round to ten euros, some know the cents."""
    return _cents(value) if rng.random() < 0.3 else value.quantize(Decimal("1E1")).quantize(CENT)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def spent(rng: random.Random, plan: YearBudget, ratio: float) -> dict[str, Decimal]:
    """What was really spent in a year: about ``ratio`` of each line of ``plan``, in euros to the cent.

    A ratio under one leaves an unspent part, as half of the real projects do.
    """
    return {
        code: _cents(amount * Decimal(str(round(ratio * rng.uniform(0.92, 1.06), 4))))
        for code, amount in plan.expenses.items()
        if not LINE_BY_CODE[code].in_kind
    }
