"""The pure rules of a contract's money and dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.calendar import next_reminder, report_calendar
from contracts.documents.spelled import amount_in_words
from contracts.money import eligible_cost, final_grant, gap, is_wide, rate_of, schedule

cents = st.decimals(D("0.01"), D("9999999.99"), places=2)


@given(cents, st.integers(0, 50), st.integers(0, 50))
def test_the_schedule_adds_up_to_the_cent(amount: D, advance: int, interim: int) -> None:
    parts = schedule(amount, advance, interim)
    assert sum(p.amount for p in parts) == amount
    assert sum(p.share for p in parts) == 100
    assert all(p.amount >= 0 for p in parts)
    assert parts[-1].kind == "balance"


def test_the_balance_takes_the_rounding() -> None:
    assert [p.amount for p in schedule(D("100.01"), 40, 40)] == [D("40.00"), D("40.00"), D("20.01")]
    assert [p.kind for p in schedule(D(100), 0, 50)] == ["interim", "balance"]


def test_what_is_eligible() -> None:
    assert eligible_cost({"60": D(100), "66": D(50), "86": D(30), "zz": D(9)}) == D(100)
    assert eligible_cost({"64": D("1000"), "CI": D("200")}) == D("1150")
    assert eligible_cost({"64": D("1000"), "CI": D("120.50")}) == D("1120.50")


@given(cents, cents)
def test_who_spends_the_whole_plan_earns_the_whole_award(awarded: D, eligible: D) -> None:
    rate = rate_of(awarded, eligible)
    assert 0 < rate <= 100
    assert final_grant(awarded, rate, eligible) == min(awarded, eligible)


def test_the_grant_follows_what_was_spent() -> None:
    rate = rate_of(D("110000"), D("253000"))
    assert rate == D("43.4783")
    assert final_grant(D("110000"), rate, D("200000")) == D("86956.60")
    with pytest.raises(ValueError):
        rate_of(D(1), D(0))


def test_differences_with_the_budget() -> None:
    assert gap(D(100), D(90)) == (D(-10), D("-0.1"))
    assert gap(D(0), D(5)) == (D(5), None)
    assert (is_wide(D(100), D(120)), is_wide(D(100), D(121)), is_wide(D(0), D(1))) == (False, True, True)


def test_the_calendar_of_reports() -> None:
    reports = report_calendar(date(2026, 1, 31), date(2027, 1, 30), [12, 6, 6, 0])
    assert [(r.number, r.kind, r.period_start, r.period_end, r.due_on) for r in reports] == [
        (1, "interim", date(2026, 1, 31), date(2026, 7, 30), date(2026, 7, 31)),
        (2, "final", date(2026, 1, 31), date(2027, 1, 30), date(2027, 3, 30)),
    ]


def test_no_report_is_due_before_one_can_write_it() -> None:
    reports = report_calendar(date(2026, 1, 1), date(2026, 12, 31), [6], signed_on=date(2026, 7, 15))
    assert [r.due_on for r in reports] == [date(2026, 8, 14), date(2027, 2, 28)]


def test_reminders() -> None:
    due = date(2026, 7, 1)
    days, day = [], date(2026, 1, 1)
    while day := next_reminder(due, day):  # type: ignore[assignment]
        days.append(day)
    assert days == [date(2026, 6, 16), date(2026, 6, 28), date(2026, 7, 2), date(2026, 8, 1)]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "zéro euro"),
        ("1", "un euro"),
        ("21", "vingt et un euros"),
        ("71.81", "soixante et onze euros et quatre-vingt-un centimes"),
        ("80", "quatre-vingts euros"),
        ("91.01", "quatre-vingt-onze euros et un centime"),
        ("200", "deux cents euros"),
        ("217.70", "deux cent dix-sept euros et soixante-dix centimes"),
        ("1000", "mille euros"),
        ("17000.09", "dix-sept mille euros et neuf centimes"),
        ("80200", "quatre-vingt mille deux cents euros"),
        ("300000", "trois cent mille euros"),
        ("1000000", "un million d'euros"),
        ("2500080", "deux millions cinq cent mille quatre-vingts euros"),
    ],
)
def test_amounts_in_words(amount: str, words: str) -> None:
    assert amount_in_words(D(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "0.001", "1000000000"])
def test_amounts_that_have_no_words(amount: str) -> None:
    with pytest.raises(ValueError):
        amount_in_words(D(amount))
