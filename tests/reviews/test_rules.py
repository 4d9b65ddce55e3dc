"""The published rules as tables: synthesis of the opinions, grid, ranking, what-if."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.models import OpinionValue, RankingList
from reviews.models import SynthesisValue as S
from reviews.rules import grid, selection
from reviews.rules.selection import Candidate, Line
from reviews.rules.synthesis import VERSION, synthesise

# (favourable, unfavourable, silent) → synthesis, for every number of colleges consulted
CASES = {
    # the four colleges of the CREFOP (domain §2.7, 5)
    (4, 0, 0): S.CONSENSUS_FAVOURABLE,
    (3, 1, 0): S.MAJORITY_FAVOURABLE,
    (3, 0, 1): S.MAJORITY_FAVOURABLE,
    (2, 2, 0): S.DIVIDED,
    (2, 1, 1): S.DIVIDED,
    (2, 0, 2): S.DIVIDED,
    (1, 3, 0): S.MAJORITY_UNFAVOURABLE,
    (1, 2, 1): S.DIVIDED,
    (1, 1, 2): S.DIVIDED,
    (1, 0, 3): S.DIVIDED,
    (0, 4, 0): S.CONSENSUS_UNFAVOURABLE,
    (0, 3, 1): S.MAJORITY_UNFAVOURABLE,
    (0, 2, 2): S.DIVIDED,
    (0, 1, 3): S.DIVIDED,
    (0, 0, 4): S.DIVIDED,
    # three
    (3, 0, 0): S.CONSENSUS_FAVOURABLE,
    (2, 1, 0): S.MAJORITY_FAVOURABLE,
    (2, 0, 1): S.MAJORITY_FAVOURABLE,
    (1, 2, 0): S.MAJORITY_UNFAVOURABLE,
    (1, 1, 1): S.DIVIDED,
    (1, 0, 2): S.DIVIDED,
    (0, 3, 0): S.CONSENSUS_UNFAVOURABLE,
    (0, 2, 1): S.MAJORITY_UNFAVOURABLE,
    (0, 1, 2): S.DIVIDED,
    (0, 0, 3): S.DIVIDED,
    # two
    (2, 0, 0): S.CONSENSUS_FAVOURABLE,
    (1, 1, 0): S.DIVIDED,
    (1, 0, 1): S.DIVIDED,
    (0, 2, 0): S.CONSENSUS_UNFAVOURABLE,
    (0, 1, 1): S.DIVIDED,
    (0, 0, 2): S.DIVIDED,
    # one
    (1, 0, 0): S.CONSENSUS_FAVOURABLE,
    (0, 1, 0): S.CONSENSUS_UNFAVOURABLE,
    (0, 0, 1): S.DIVIDED,
}


def test_the_table_names_every_case() -> None:
    every = {(f, u, n - f - u) for n in range(1, 5) for f in range(n + 1) for u in range(n + 1 - f)}
    assert set(CASES) == every
    assert VERSION == "quadripartite-1"


@pytest.mark.parametrize(("counts", "expected"), CASES.items())
@pytest.mark.parametrize("favourable", [OpinionValue.FAVOURABLE, OpinionValue.WITH_RESERVATIONS])
@pytest.mark.parametrize("silence", ["", OpinionValue.ABSTENTION])
def test_the_synthesis(counts: tuple[int, int, int], expected: S, favourable: str, silence: str) -> None:
    yes, no, silent = counts
    opinions = [favourable] * yes + [OpinionValue.UNFAVOURABLE] * no + [silence] * silent
    for order in set(permutations(opinions)):
        tally = synthesise(order)
        assert tally.value == expected
        assert tally.counts == {"favourable": yes, "unfavourable": no, "silent": silent}


def test_a_synthesis_needs_opinions() -> None:
    with pytest.raises(ValueError):
        synthesise([])
    with pytest.raises(ValueError):
        synthesise(["perhaps"])


@given(st.lists(st.sampled_from(["", *OpinionValue.values]), min_size=1, max_size=4))
def test_silence_never_helps(opinions: list[str]) -> None:
    order = [
        S.CONSENSUS_UNFAVOURABLE,
        S.MAJORITY_UNFAVOURABLE,
        S.DIVIDED,
        S.MAJORITY_FAVOURABLE,
        S.CONSENSUS_FAVOURABLE,
    ]
    for n, value in enumerate(opinions):
        if value in (OpinionValue.FAVOURABLE, OpinionValue.WITH_RESERVATIONS):
            silent = [*opinions[:n], "", *opinions[n + 1 :]]
            assert order.index(synthesise(silent).value) <= order.index(synthesise(opinions).value)


def test_the_total_of_a_grid() -> None:
    weights = [20, 15, 15, 10, 10, 10, 10, 10]
    assert grid.total([(w, 5) for w in weights]) == Decimal("100.00")
    assert grid.total([(w, 0) for w in weights]) == Decimal("0.00")
    assert grid.total(zip(weights, [4, 3, 3, 2, 5, 1, 0, 4], strict=True)) == Decimal("58.00")
    with pytest.raises(ValueError):
        grid.total([(50, 5)])
    with pytest.raises(ValueError):
        grid.total([(100, 6)])


def test_a_mean_is_rounded_half_up() -> None:
    assert grid.mean([Decimal("60.01"), Decimal("60.02")]) == Decimal("60.02")
    assert grid.mean([1, 2, 2]) == Decimal("1.67")
    with pytest.raises(ValueError):
        grid.mean([])


def test_a_criterion_eliminates_by_its_mean() -> None:
    means = {"c1": Decimal("1.99"), "c2": Decimal("2.00"), "c3": Decimal("0.00")}
    assert grid.eliminated(means, ["c1", "c2"]) == ("c1",)


T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)


def candidate(
    key: str,
    score: str,
    *,
    first: str = "3",
    second: str = "3",
    at: int = 0,
    amount: str = "100",
    eliminated: tuple[str, ...] = (),
) -> Candidate:
    return Candidate(
        key,
        Decimal(score),
        Decimal(first),
        Decimal(second),
        T0 + timedelta(seconds=at),
        Decimal(amount),
        eliminated,
    )


def test_ties_are_broken_by_criterion_1_then_2_then_reception() -> None:
    rows = [
        candidate("late", "80", at=9),
        candidate("early", "80", at=1),
        candidate("second", "80", second="4", at=20),
        candidate("first", "80", first="3.5", second="0", at=30),
        candidate("best", "80.01", first="0", second="0", at=40),
    ]
    for order in permutations(rows):
        assert [c.key for c in selection.in_order(order)] == ["best", "first", "second", "early", "late"]


def test_the_envelope_is_filled_in_order_and_nobody_is_overtaken() -> None:
    rows = [
        candidate("a", "90", amount="60"),
        candidate("b", "80", amount="50"),
        candidate("c", "70", amount="10"),
        candidate("d", "59.99", amount="10"),
        candidate("e", "85", amount="10", eliminated=("Pertinence",)),
    ]
    found = selection.places(rows, envelope=Decimal(100), threshold=60)
    assert [(p.candidate.key, p.rank, p.list, p.amount, p.ground) for p in found] == [
        ("a", 1, RankingList.MAIN, Decimal(60), ""),
        ("e", 2, RankingList.NOT_RETAINED, Decimal(0), "REF-ELIMINATOIRE"),
        ("b", 3, RankingList.RESERVE, Decimal(50), ""),
        ("c", 4, RankingList.RESERVE, Decimal(10), ""),
        ("d", 5, RankingList.NOT_RETAINED, Decimal(0), "REF-SEUIL"),
    ]


def test_the_threshold_itself_is_enough() -> None:
    found = selection.places([candidate("a", "60")], envelope=Decimal(100), threshold=60)
    assert found[0].list == RankingList.MAIN


def test_what_if_draws_the_line_of_the_envelope() -> None:
    lines = [
        Line("a", RankingList.MAIN, Decimal("60.00")),
        Line("b", RankingList.RESERVE, Decimal("30.00")),
        Line("c", RankingList.MAIN, Decimal("40.01")),
        Line("d", RankingList.NOT_RETAINED, Decimal(0)),
    ]
    found = selection.what_if(lines, envelope=Decimal("100.00"))
    assert (found.main, found.reserve, found.left) == (Decimal("100.01"), Decimal("30.00"), Decimal("-0.01"))
    assert found.exceeded
    assert [(r.running, r.beyond) for r in found.lines] == [
        (Decimal("60.00"), False),
        (Decimal("60.00"), False),
        (Decimal("100.01"), True),
        (Decimal("100.01"), False),
    ]
    assert found.count(RankingList.MAIN) == 2


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 500)), max_size=12),
    st.integers(0, 2000),
)
def test_the_rule_never_exceeds_the_envelope(rows: list[tuple[int, int]], envelope: int) -> None:
    found = selection.places(
        [candidate(str(n), str(s), amount=str(a), at=n) for n, (s, a) in enumerate(rows)],
        envelope=Decimal(envelope),
        threshold=60,
    )
    reckoning = selection.what_if(
        [Line(p.candidate.key, p.list, p.amount) for p in found], envelope=Decimal(envelope)
    )
    assert not reckoning.exceeded
    scores = [p.candidate.score for p in found if p.list == RankingList.MAIN]
    reserve = [p.candidate.score for p in found if p.list == RankingList.RESERVE]
    assert not reserve or all(score >= max(reserve) for score in scores)


def test_the_reserve_list_lasts_twelve_months() -> None:
    assert selection.reserve_valid_until(date(2028, 2, 29)) == date(2029, 2, 28)
