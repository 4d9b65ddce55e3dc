"""The scoring grid as arithmetic: totals, means and eliminatory scores (domain §3.4). Pure functions, exact decimals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from calls.reference import ELIMINATORY_BELOW, MAX_SCORE

CENT = Decimal("0.01")


def total(scores: Iterable[tuple[int, int]]) -> Decimal:
    """The score out of 100 of one assessment: pairs ``(weight, value)``, weights that add up to 100, values 0 to 5.

    Rounded half up to the hundredth. Raises ValueError for a value out of its bounds or other weights.
    """
    pairs = list(scores)
    if sum(weight for weight, _value in pairs) != 100:
        raise ValueError("the weights of a grid add up to 100")
    if any(not 0 <= value <= MAX_SCORE for _weight, value in pairs):
        raise ValueError(f"a score is between 0 and {MAX_SCORE}")
    points = sum(weight * value for weight, value in pairs)
    return (Decimal(points) / MAX_SCORE).quantize(CENT, ROUND_HALF_UP)


def mean(values: Sequence[Decimal | int]) -> Decimal:
    """The mean, rounded half up to the hundredth. Raises ValueError for no value."""
    if not values:
        raise ValueError("no value, no mean")
    return (Decimal(sum(values)) / len(values)).quantize(CENT, ROUND_HALF_UP)


def eliminated(means: Mapping[Any, Decimal], starred: Iterable[Any]) -> tuple[Any, ...]:
    """The eliminatory criteria on which the reviewers' *mean* is below 2: one severe reviewer does not eliminate alone."""
    return tuple(criterion for criterion in starred if means[criterion] < ELIMINATORY_BELOW)
