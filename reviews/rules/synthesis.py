"""The rule that sums up the colleges' opinions: a pure, versioned function (domain §2.7, 5; published, CRPA L312-1-3).

Each college consulted weighs the same, whatever its head-count. An abstention and an opinion not given are silence:
never favourable, never unfavourable. Out of ``n`` colleges consulted, a majority is more than half of ``n``:

    all of them favourable                                    → favourable by consensus
    a majority favourable, and at most one unfavourable       → favourable by majority
    all of them unfavourable                                  → unfavourable by consensus
    a majority unfavourable                                   → unfavourable by majority
    anything else (2 against 2, two silences out of four…)    → divided

With the four colleges of the CREFOP, a majority is three of them. A call that consults fewer is judged on those it
consults; one that consults none has no synthesis.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reviews.models import OpinionValue, SynthesisValue

VERSION = "quadripartite-1"

_FAVOURABLE = frozenset({OpinionValue.FAVOURABLE, OpinionValue.WITH_RESERVATIONS})


@dataclass(frozen=True, slots=True)
class Tally:
    """The colleges' opinions counted, and what they come to."""

    value: SynthesisValue
    favourable: int
    unfavourable: int
    silent: int

    @property
    def counts(self) -> dict[str, int]:
        """The counts, as kept with the synthesis."""
        return {
            "favourable": self.favourable,
            "unfavourable": self.unfavourable,
            "silent": self.silent,
        }


def synthesise(opinions: Iterable[str]) -> Tally:
    """Sum up the opinions of the colleges consulted, one item each; ``""`` stands for an opinion not given.

    Raises ValueError when no college was consulted, or for a value that is no opinion.
    """
    given = list(opinions)
    if not given:
        raise ValueError("no college was consulted")
    if unknown := set(given) - {"", *OpinionValue.values}:
        raise ValueError(f"no such opinion: {sorted(unknown)}")
    favourable = sum(value in _FAVOURABLE for value in given)
    unfavourable = sum(value == OpinionValue.UNFAVOURABLE for value in given)
    value = _value(len(given), favourable, unfavourable)
    return Tally(value, favourable, unfavourable, len(given) - favourable - unfavourable)


def _value(consulted: int, favourable: int, unfavourable: int) -> SynthesisValue:
    majority = consulted // 2 + 1
    if favourable == consulted:
        return SynthesisValue.CONSENSUS_FAVOURABLE
    if unfavourable == consulted:
        return SynthesisValue.CONSENSUS_UNFAVOURABLE
    if favourable >= majority and unfavourable <= 1:
        return SynthesisValue.MAJORITY_FAVOURABLE
    if unfavourable >= majority:
        return SynthesisValue.MAJORITY_UNFAVOURABLE
    return SynthesisValue.DIVIDED
