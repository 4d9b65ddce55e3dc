"""The numbers that people copy by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.identifiers import REGION_CODES
from workflows import references

quietly = settings(deadline=None, max_examples=200)
numbers = st.builds(
    references.make_reference,
    st.sampled_from(sorted(REGION_CODES)),
    st.integers(2018, 9999),
    st.integers(1, 99),
    st.integers(1, 99_999),
)


def test_a_dossier_number_says_region_year_call_rank_and_check() -> None:
    assert references.make_reference("76", 2026, 1, 12) == "PRIC-76-2026-01-00012-93"
    assert 762026010001293 % 97 == 1


def test_a_dossier_number_keeps_its_zeros() -> None:
    assert references.make_reference("01", 2019, 3, 7) == "PRIC-01-2019-03-00007-58"
    assert 12019030000758 % 97 == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("99", 2026, 1, 1),
        ("1", 2026, 1, 1),
        ("76", 0, 1, 1),
        ("76", 10_000, 1, 1),
        ("76", 2026, 0, 1),
        ("76", 2026, 100, 1),
        ("76", 2026, 1, 0),
        ("76", 2026, 1, 100_000),
    ],
)
def test_a_number_out_of_bounds_is_refused_rather_than_widened(arguments: tuple[str, int, int, int]) -> None:
    with pytest.raises(ValueError):
        references.make_reference(*arguments)


def test_the_other_references() -> None:
    assert references.make_call_reference("AAP", "76", 2026, 1) == "AAP-76-2026-01"
    assert references.make_call_reference("AMI", "01", 2026, 12) == "AMI-01-2026-12"
    assert references.make_call_reference("EXP", "44", 2026, 99) == "EXP-44-2026-99"
    assert references.make_contract_reference("76", 2026, 7) == "CONV-76-2026-00007"
    assert references.make_session_reference("76", 2026, 3) == "SEANCE-76-2026-003"


@pytest.mark.parametrize(
    "call",
    [
        lambda: references.make_call_reference("ABC", "76", 2026, 1),
        lambda: references.make_call_reference("AAP", "99", 2026, 1),
        lambda: references.make_call_reference("AAP", "76", 2026, 100),
        lambda: references.make_contract_reference("76", 2026, 100_000),
        lambda: references.make_session_reference("76", 2026, 1000),
        lambda: references.make_session_reference("76", 2026, 0),
    ],
)
def test_the_other_references_have_bounds_too(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        call()


@pytest.mark.parametrize(
    "typed",
    [
        "PRIC-76-2026-01-00012-93",
        " pric-76-2026-01-00012-93\n",
        "PRIC 76 2026 01 00012 93",
        "PRIC762026010001293",
        "PRIC\u00a076\u202f2026 01 00012 93",
        "PRIC\u201376\u20132026\u201301\u201300012\u201393",
        "Pric\u201176\u20112026-01-00012\u221293",
    ],
)
def test_a_dossier_number_is_read_as_people_type_it(typed: str) -> None:
    assert references.normalise(typed) == "PRIC-76-2026-01-00012-93"
    assert references.check_reference(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "PRIC-76-2026-01-00012",
        "PRIC-76-2026-01-00012-94",
        "PRIC-76-2026-01-00021-93",
        "PRIC-99-2026-01-00012-39",  # right digits, no such Region
        "PRIC-76-2026-01-00012-930",
        "PRAC-76-2026-01-00012-93",
        "AAP-76-2026-01",
        "PRIC-76-\u0662026-01-00012-93",
        "PRIC-76-\uff12026-01-00012-93",
        "PRIC-76-2026-01-00012-93" + " " * 80,
    ],
)
def test_what_is_no_dossier_number_is_told(typed: str) -> None:
    assert references.check_reference(typed) is False


def test_other_references_are_tidied_as_well() -> None:
    assert references.normalise(" aap\u201376-2026-01 ") == "AAP-76-2026-01"


@quietly
@given(numbers)
def test_what_was_made_is_recognised(reference: str) -> None:
    assert re.fullmatch(r"PRIC-\d\d-\d{4}-\d\d-\d{5}-\d\d", reference)
    assert references.normalise(reference) == reference
    assert references.check_reference(reference)


@quietly
@given(numbers, st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_found_out(reference: str, place: int, shift: int) -> None:
    digits = [i for i, character in enumerate(reference) if character.isdigit()]
    wrong = list(reference)
    wrong[digits[place]] = str((int(wrong[digits[place]]) + shift) % 10)
    assert not references.check_reference("".join(wrong))


@quietly
@given(numbers, st.integers(0, 13))
def test_two_swapped_digits_are_found_out(reference: str, place: int) -> None:
    digits = [i for i, character in enumerate(reference) if character.isdigit()]
    left, right = digits[place], digits[place + 1]
    wrong = list(reference)
    wrong[left], wrong[right] = wrong[right], wrong[left]
    swapped = "".join(wrong)
    assert swapped == reference or not references.check_reference(swapped)


@quietly
@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    assert references.normalise(references.normalise(text)) == references.normalise(text)
    assert references.check_reference(text) in (True, False)


@pytest.mark.parametrize("text", ["0" * 10**6, "PRIC-" * 200_000, " " * 10**6, "\u2013" * 10**6, "-" * 10**6])
def test_p41_a_megabyte_is_answered_at_once(text: str) -> None:
    started = perf_counter()
    references.normalise(text)
    assert references.check_reference(text) is False
    assert perf_counter() - started < 0.05
