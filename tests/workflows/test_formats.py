"""Amounts, dates and shares as a French reader expects them, down to the kind of space."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from workflows.formats import (
    format_date,
    format_instant,
    format_money,
    format_number,
    format_percent,
    format_size,
)


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        ("0", "0,00\u00a0€", "€0.00"),
        ("1234.5", "1\u202f234,50\u00a0€", "€1,234.50"),
        ("999.99", "999,99\u00a0€", "€999.99"),
        ("46200000", "46\u202f200\u202f000,00\u00a0€", "€46,200,000.00"),
        ("-16799.60", "−16\u202f799,60\u00a0€", "−€16,799.60"),
        ("1E+3", "1\u202f000,00\u00a0€", "€1,000.00"),
        ("-0.00", "0,00\u00a0€", "€0.00"),
    ],
)
def test_money(amount: str, french: str, english: str) -> None:
    assert format_money(Decimal(amount)) == french
    assert format_money(Decimal(amount), "en") == english


def test_money_is_never_rounded_here() -> None:
    with pytest.raises(ValueError, match="to the cent"):
        format_money(Decimal("0.005"))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        format_number(Decimal(value))
    with pytest.raises(ValueError, match="finite"):
        format_money(Decimal(value))
    with pytest.raises(ValueError, match="finite"):
        format_percent(Decimal(value))


@pytest.mark.parametrize(
    ("share", "french", "english"),
    [
        ("0.45", "45\u00a0%", "45%"),
        ("0.434783", "43,48\u00a0%", "43.48%"),
        ("0.00005", "0,01\u00a0%", "0.01%"),
        ("0", "0\u00a0%", "0%"),
        ("-0.000001", "0\u00a0%", "0%"),
        ("1", "100\u00a0%", "100%"),
        ("12.5", "1\u202f250\u00a0%", "1,250%"),
    ],
)
def test_percent(share: str, french: str, english: str) -> None:
    assert format_percent(Decimal(share)) == french
    assert format_percent(Decimal(share), "en") == english


def test_percent_without_decimals() -> None:
    assert format_percent(Decimal("0.665"), decimals=0) == "67\u00a0%"


def test_dates() -> None:
    assert format_date(date(2026, 11, 28)) == "samedi 28\u00a0novembre 2026"
    assert format_date(date(2024, 2, 29), weekday=False) == "29\u00a0février 2024"
    assert format_date(date(2021, 8, 1)) == "dimanche 1er\u00a0août 2021"
    assert format_date(date(2021, 8, 1), "en") == "Sunday 1\u00a0August 2021"


@pytest.mark.parametrize(
    ("zone", "french"),
    [
        ("Europe/Paris", "lundi 30\u00a0novembre 2026 à 17\u00a0h\u00a000 (heure de Paris, UTC+1)"),
        (
            "America/Guadeloupe",
            "lundi 30\u00a0novembre 2026 à 12\u00a0h\u00a000 (heure de la Guadeloupe, UTC−4)",
        ),
        ("Indian/Reunion", "lundi 30\u00a0novembre 2026 à 20\u00a0h\u00a000 (heure de La Réunion, UTC+4)"),
        ("Asia/Kolkata", "lundi 30\u00a0novembre 2026 à 21\u00a0h\u00a030 (Asia/Kolkata, UTC+5:30)"),
        ("UTC", "lundi 30\u00a0novembre 2026 à 16\u00a0h\u00a000 (temps universel, UTC)"),
    ],
)
def test_instant_is_told_with_its_zone(zone: str, french: str) -> None:
    assert format_instant(datetime(2026, 11, 30, 16, 0, tzinfo=UTC), ZoneInfo(zone)) == french


def test_instants_around_the_change_of_hour_differ() -> None:
    paris = ZoneInfo("Europe/Paris")
    before = format_instant(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), paris, "en")
    after = format_instant(datetime(2027, 10, 31, 1, 30, tzinfo=UTC), paris, "en")

    assert before == "Sunday 31\u00a0October 2027 at 02:30 (Paris time, UTC+2)"
    assert after == "Sunday 31\u00a0October 2027 at 02:30 (Paris time, UTC+1)"


def test_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_instant(datetime(2026, 11, 30, 17), ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("size", "french"),
    [
        (0, "0\u00a0o"),
        (999, "999\u00a0o"),
        (1000, "1,0\u00a0ko"),
        (999_949, "999,9\u00a0ko"),
        (999_950, "1,0\u00a0Mo"),
        (1_234_567, "1,2\u00a0Mo"),
        (200_000_000, "200,0\u00a0Mo"),
        (5 * 10**15, "5\u202f000,0\u00a0To"),
    ],
)
def test_sizes(size: int, french: str) -> None:
    assert format_size(size) == french


def test_size_in_english() -> None:
    assert format_size(1_234_567, "en") == "1.2\u00a0MB"
