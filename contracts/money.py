"""The money of a contract: what is planned, what was earned, what is left. Pure, in euros to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from calls.reference import INDIRECT_CAP, LINE_BY_CODE
from contracts.models import InstalmentKind

CENT = Decimal("0.01")
RATE_STEP = Decimal("0.0001")
INDIRECT = "CI"
#: From this gap on between budget and expenditure, in share of an account, the Region wants to be told (clause UTILISATION).
TOLERATED_GAP = Decimal("0.20")


@dataclass(frozen=True, slots=True)
class PlannedInstalment:
    """An instalment to be created: its kind, its share of the subsidy in %, its amount."""

    kind: InstalmentKind
    share: int
    amount: Decimal


def schedule(amount: Decimal, advance_rate: int, interim_rate: int) -> list[PlannedInstalment]:
    """Advance, interim and balance of ``amount`` by the call's rates (%); the balance takes the rounding.

    The parts add up to ``amount`` exactly. An advance or an interim payment without a rate is left out; the
    balance is always there, since it settles the contract (domain §3.8).
    """
    rates = ((InstalmentKind.ADVANCE, advance_rate), (InstalmentKind.INTERIM, interim_rate))
    parts = [
        PlannedInstalment(kind, rate, (amount * rate / 100).quantize(CENT, ROUND_DOWN))
        for kind, rate in rates
        if rate
    ]
    rest = amount - sum((part.amount for part in parts), Decimal(0))
    return [*parts, PlannedInstalment(InstalmentKind.BALANCE, 100 - advance_rate - interim_rate, rest)]


def eligible_cost(expenses: Mapping[str, Decimal]) -> Decimal:
    """The eligible part of ``expenses`` by account: no financial or exceptional charge, nothing in kind.

    Indirect charges count up to 15 % of the direct ones. An account that is in no table counts as not eligible.
    """
    direct = sum(
        (
            amount
            for code, amount in expenses.items()
            if code in LINE_BY_CODE and LINE_BY_CODE[code].eligible and code != INDIRECT
        ),
        Decimal(0),
    )
    ceiling = (direct * INDIRECT_CAP).quantize(CENT, ROUND_DOWN)
    return direct + min(expenses.get(INDIRECT, Decimal(0)), ceiling)


def rate_of(awarded: Decimal, eligible: Decimal) -> Decimal:
    """The rate of the contract in %, to four places and rounded up: who spends all of the plan earns all of the award.

    Never above 100. Raises ValueError when nothing planned is eligible.
    """
    if eligible <= 0:
        raise ValueError("no eligible expenditure is planned")
    return min((awarded * 100 / eligible).quantize(RATE_STEP, ROUND_UP), Decimal(100))


def final_grant(amount: Decimal, rate: Decimal, eligible: Decimal) -> Decimal:
    """The subsidy earned: ``min(amount, rate × eligible actual cost)`` (domain §3.8, mode « taux »)."""
    return min(amount, (eligible * rate / 100).quantize(CENT, ROUND_HALF_UP))


def gap(planned: Decimal, spent: Decimal) -> tuple[Decimal, Decimal | None]:
    """The difference with the budget in euros, and as a share of it (order of 11 October 2006); no share of nothing."""
    difference = spent - planned
    return difference, (difference / planned if planned else None)


def is_wide(planned: Decimal, spent: Decimal) -> bool:
    """Whether an account is so far above its budget that the Region's agreement was needed."""
    return spent > planned and (not planned or (spent - planned) / planned > TOLERATED_GAP)
