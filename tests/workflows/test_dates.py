"""The dates of the law: the worked examples, the edges of the calendar, and what must always hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.identifiers import REGION_CODES
from tests.harness import ROOT
from workflows import dates
from workflows.dates import PARIS, Calendar, Residence, Suspension, calendar_for

OCCITANIE = calendar_for("76")
GRAND_EST = calendar_for("44")
GUADELOUPE = calendar_for("01")
REUNION = calendar_for("04")
CALENDARS = [calendar_for(code) for code in sorted(REGION_CODES)]

quietly = settings(deadline=None, max_examples=200)
days = st.dates(date(2009, 1, 1), date(2099, 6, 30))
calendars = st.sampled_from(CALENDARS)


def day(text: str) -> date:
    return date.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Months and instants


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2021-05-28", 2, "2021-07-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-05-28", 0, "2026-05-28"),
    ],
)
def test_months_keep_the_day_or_stop_at_the_last_one(start: str, months: int, expected: str) -> None:
    assert dates.add_months(day(start), months) == day(expected)


@pytest.mark.parametrize(("start", "months"), [(date(9999, 12, 1), 1), (date(1, 1, 31), -1)])
def test_months_stay_in_the_calendar(start: date, months: int) -> None:
    with pytest.raises(ValueError, match="leaves the calendar"):
        dates.add_months(start, months)


@quietly
@given(days, st.integers(-200, 200))
def test_months_move_the_month_and_never_lengthen_the_day(start: date, months: int) -> None:
    end = dates.add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + dates.ONE_DAY).day == 1)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("76", "2027-02-01"),
        ("01", "2027-01-31"),
        ("03", "2027-01-31"),
        ("04", "2027-02-01"),
        ("06", "2027-02-01"),
    ],
)
def test_the_day_is_that_of_the_region(zone: str, expected: str) -> None:
    assert dates.local_date(utc("2027-01-31T23:30"), calendar_for(zone).tz) == day(expected)


@pytest.mark.parametrize(
    ("on", "at", "calendar", "expected"),
    [
        ("2027-03-27", "02:30", OCCITANIE, "2027-03-27T01:30"),
        ("2027-03-28", "01:59", OCCITANIE, "2027-03-28T00:59"),
        ("2027-03-28", "02:30", OCCITANIE, "2027-03-28T01:30"),  # does not exist: shown as 03:30
        ("2027-03-28", "03:00", OCCITANIE, "2027-03-28T01:00"),
        ("2027-10-31", "01:30", OCCITANIE, "2027-10-30T23:30"),
        ("2027-10-31", "02:30", OCCITANIE, "2027-10-31T01:30"),  # happens twice: the second
        ("2027-10-31", "03:00", OCCITANIE, "2027-10-31T02:00"),
        ("2027-03-28", "02:30", GUADELOUPE, "2027-03-28T06:30"),
        ("2027-10-31", "02:30", REUNION, "2027-10-30T22:30"),
    ],
)
def test_p17_wall_times_on_the_days_the_clocks_change(
    on: str, at: str, calendar: Calendar, expected: str
) -> None:
    assert dates.local_instant(day(on), time.fromisoformat(at), calendar.tz) == utc(expected)


def test_instants_come_out_in_utc() -> None:
    assert dates.local_instant(date(2027, 7, 1), time(12), PARIS).tzinfo is UTC


@pytest.mark.parametrize(
    ("on", "calendar", "expected", "hours"),
    [
        ("2027-01-31", OCCITANIE, "2027-01-31T23:00", 24),
        ("2027-07-31", OCCITANIE, "2027-07-31T22:00", 24),
        ("2027-03-28", OCCITANIE, "2027-03-28T22:00", 23),
        ("2027-10-31", OCCITANIE, "2027-10-31T23:00", 25),
        ("2028-02-29", OCCITANIE, "2028-02-29T23:00", 24),
        ("2027-03-28", GUADELOUPE, "2027-03-29T04:00", 24),
        ("2027-10-31", REUNION, "2027-10-31T20:00", 24),
    ],
)
def test_p17_a_day_ends_where_the_next_one_starts(
    on: str, calendar: Calendar, expected: str, hours: int
) -> None:
    ends = dates.end_of_day(day(on), calendar.tz)
    assert ends == utc(expected)
    assert ends - dates.end_of_day(day(on) - dates.ONE_DAY, calendar.tz) == timedelta(hours=hours)


@quietly
@given(days, calendars)
def test_a_day_holds_every_instant_before_its_end_and_none_after(on: date, calendar: Calendar) -> None:
    ends = dates.end_of_day(on, calendar.tz)
    assert dates.local_date(ends - timedelta(microseconds=1), calendar.tz) == on
    assert dates.local_date(ends, calendar.tz) == on + dates.ONE_DAY


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2027-05-28T14:59:59.999", True),
        ("2027-05-28T15:00:00", False),
        ("2027-05-28T15:00:00.001", False),
        ("2027-04-01T08:00:00", True),
        ("2027-04-01T07:59:59.999", False),
    ],
)
def test_p16_the_window_is_half_open(received: str, expected: bool) -> None:
    opens, closes = utc("2027-04-01T08:00"), dates.local_instant(date(2027, 5, 28), time(17), PARIS)
    assert dates.window_is_open(opens, closes, utc(received)) is expected


def test_p17_a_window_compares_instants_and_not_wall_clocks() -> None:
    closes = datetime(2027, 10, 31, 2, 40, tzinfo=PARIS)  # the first 02:40
    received = datetime(2027, 10, 31, 2, 30, fold=1, tzinfo=PARIS)  # the second 02:30, 50 minutes later
    opens = datetime(2027, 10, 1, tzinfo=PARIS)
    assert received < closes, "Python compares the wall clocks of one zone"
    assert not dates.window_is_open(opens, closes, received)


def test_p17_a_deadline_is_one_instant_for_every_viewer() -> None:
    closes = dates.local_instant(date(2027, 10, 31), time(2, 30), PARIS)
    seen_in_reunion = closes.astimezone(REUNION.tz)
    assert seen_in_reunion.isoformat() == "2027-10-31T05:30:00+04:00"
    assert not dates.window_is_open(utc("2027-10-01T00:00"), closes, seen_in_reunion)
    assert dates.window_is_open(utc("2027-10-01T00:00"), closes, seen_in_reunion - timedelta(milliseconds=1))


NAIVE = datetime(2027, 5, 28, 17)
AWARE = datetime(2027, 5, 28, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "call",
    [
        lambda: dates.local_date(NAIVE, PARIS),
        lambda: dates.window_is_open(NAIVE, AWARE, AWARE),
        lambda: dates.window_is_open(AWARE, NAIVE, AWARE),
        lambda: dates.window_is_open(AWARE, AWARE, NAIVE),
        lambda: dates.receipt_due(NAIVE, OCCITANIE),
        lambda: dates.registration_receipt_due(NAIVE, OCCITANIE),
        lambda: dates.implicit_rejection(NAIVE, tz=PARIS),
        lambda: dates.appeal_deadline(NAIVE, OCCITANIE),
        lambda: dates.payment_due(NAIVE, tz=PARIS),
        lambda: dates.convocation_due(NAIVE, PARIS),
        lambda: dates.convocation_due(NAIVE, PARIS, urgent=True),
        lambda: dates.local_instant(date(2027, 5, 28), time(17, tzinfo=UTC), PARIS),
    ],
)
def test_a_naive_instant_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="zone"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: dates.implicit_rejection(AWARE),
        lambda: dates.payment_due(AWARE),
        lambda: dates.open_data_due(AWARE),
        lambda: dates.reasons_due(AWARE),
        lambda: dates.contradictory_due(AWARE),
        lambda: dates.assessment_due(AWARE),
        lambda: dates.college_opinion_due(AWARE),
        lambda: dates.body_opinion_due(AWARE),
        lambda: dates.electronic_notification_date(AWARE, None, today=date(2027, 6, 30)),
    ],
)
def test_an_instant_without_a_zone_to_read_it_in_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="give tz"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: dates.add_months(AWARE, 1),
        lambda: dates.end_of_day(AWARE, PARIS),
        lambda: dates.local_instant(AWARE, time(17), PARIS),
        lambda: dates.final_account_due(AWARE),
        lambda: OCCITANIE.is_working_day(AWARE),
        lambda: OCCITANIE.next_working_day(AWARE),
        lambda: OCCITANIE.add_working_days(AWARE, 0),
        lambda: Suspension(AWARE, date(2027, 6, 30)),
        lambda: Suspension(date(2027, 5, 1), AWARE),
        lambda: Suspension(date(2027, 5, 1), date(2027, 6, 30), AWARE),
        lambda: dates.electronic_notification_date(date(2027, 5, 28), None, today=AWARE),
    ],
)
def test_an_instant_where_a_day_is_meant_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="calendar day"):
        call()


@pytest.mark.parametrize(
    ("due", "first", "second"),
    [
        (dates.payment_due, "2027-04-01", "2027-04-02"),
        (dates.open_data_due, "2027-04-30", "2027-05-01"),
        (dates.reasons_due, "2027-02-28", "2027-03-01"),
        (dates.contradictory_due, "2027-02-15", "2027-02-16"),
        (dates.assessment_due, "2027-02-15", "2027-02-16"),
        (dates.college_opinion_due, "2027-02-25", "2027-02-26"),
        (dates.body_opinion_due, "2027-02-21", "2027-02-22"),
        (dates.implicit_rejection, "2027-03-31", "2027-04-01"),
    ],
)
def test_p17_an_instant_near_midnight_counts_in_the_zone_given(
    due: Callable[..., date], first: str, second: str
) -> None:
    instant = utc("2027-01-31T23:30")
    assert due(instant, tz=GUADELOUPE.tz) == day(first)
    assert due(instant, tz=PARIS) == due(instant, tz=REUNION.tz) == day(second)


# Working days


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher): not what the product uses."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 19 * m) // 433
    month = (h + m - 7 * n + 90) // 25
    return date(year, month, (h + m - 7 * n + 33 * month + 19) % 32)


FIXED = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
ABOLITION = {"01": (5, 27), "02": (5, 22), "03": (6, 10), "04": (12, 20), "06": (4, 27)}


def holidays_of(code: str, year: int) -> set[date]:
    sunday = easter(year)
    found = {date(year, *fixed) for fixed in FIXED} | {sunday + timedelta(days=n) for n in (1, 39, 50)}
    if code == "44":
        found |= {sunday - timedelta(days=2), date(year, 12, 26)}
    if code in ABOLITION:
        found.add(date(year, *ABOLITION[code]))
    return found


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.region_code)
def test_the_holidays_of_each_region_are_those_of_the_law(calendar: Calendar) -> None:
    assert easter(2027) == date(2027, 3, 28)
    for year in range(2008, 2101):
        assert calendar.holidays(year) == holidays_of(calendar.region_code, year), year


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("76", "2027-03-26", True),  # Good Friday
        ("44", "2027-03-26", False),
        ("76", "2028-12-26", True),
        ("44", "2028-12-26", False),
        ("01", "2027-05-27", False),
        ("02", "2027-05-27", True),
        ("02", "2028-05-22", False),
        ("03", "2027-06-10", False),
        ("04", "2027-12-20", False),
        ("06", "2027-04-27", False),
        ("11", "2027-04-27", True),
        ("01", "2027-03-26", True),  # Good Friday and mi-Carême: custom there, not law
        ("01", "2027-03-04", True),
        ("76", "2027-05-17", False),  # Whit Monday
        ("76", "2027-07-14", False),
        ("76", "2027-07-17", False),
        ("76", "2027-07-18", False),
    ],
)
def test_working_days(code: str, on: str, expected: bool) -> None:
    assert calendar_for(code).is_working_day(day(on)) is expected


def test_local_law_depends_on_where_in_grand_est() -> None:
    marne = calendar_for("44", alsace_moselle=False)
    assert marne.is_working_day(date(2027, 3, 26))
    assert calendar_for("44", alsace_moselle=True) == GRAND_EST
    assert calendar_for("76", alsace_moselle=False) == OCCITANIE


@pytest.mark.parametrize("code", ["99", "1", ""])
def test_an_unknown_region_has_no_calendar(code: str) -> None:
    with pytest.raises(ValueError, match="unknown Region"):
        calendar_for(code)


def test_local_law_is_nowhere_else() -> None:
    with pytest.raises(ValueError, match="Grand Est"):
        calendar_for("76", alsace_moselle=True)


@pytest.mark.parametrize("on", [date(2007, 12, 31), date(2101, 1, 3)])
def test_years_whose_holidays_are_not_known_are_refused(on: date) -> None:
    with pytest.raises(ValueError, match="holidays are known"):
        OCCITANIE.is_working_day(on)


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("76", "Europe/Paris"),
        ("94", "Europe/Paris"),
        ("01", "America/Guadeloupe"),
        ("02", "America/Martinique"),
        ("03", "America/Cayenne"),
        ("04", "Indian/Reunion"),
        ("06", "Indian/Mayotte"),
    ],
)
def test_each_region_has_its_zone(code: str, zone: str) -> None:
    assert calendar_for(code).tz == ZoneInfo(zone)


@pytest.mark.parametrize(
    ("calendar", "start", "n", "expected"),
    [
        (OCCITANIE, "2021-05-28", 10, "2021-06-11"),
        (OCCITANIE, "2027-05-14", 1, "2027-05-18"),  # over a week-end and Whit Monday
        (OCCITANIE, "2027-05-16", 1, "2027-05-18"),  # from a Sunday
        (OCCITANIE, "2027-12-31", 1, "2028-01-03"),
        (OCCITANIE, "2028-02-28", 2, "2028-03-01"),
        (OCCITANIE, "2027-05-18", -1, "2027-05-14"),
        (OCCITANIE, "2027-05-16", 0, "2027-05-16"),
        (GRAND_EST, "2027-03-25", 1, "2027-03-30"),
        (OCCITANIE, "2027-03-25", 1, "2027-03-26"),
    ],
)
def test_adding_working_days(calendar: Calendar, start: str, n: int, expected: str) -> None:
    assert calendar.add_working_days(day(start), n) == day(expected)


@quietly
@given(calendars, days, st.integers(0, 40))
def test_adding_working_days_is_undone_by_subtracting_them(calendar: Calendar, start: date, n: int) -> None:
    start = calendar.next_working_day(start)
    end = calendar.add_working_days(start, n)
    assert calendar.is_working_day(end)
    assert calendar.add_working_days(end, -n) == start
    between = [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert sum(calendar.is_working_day(other) for other in between) == n


@quietly
@given(calendars, days)
def test_the_next_working_day_is_the_first_one(calendar: Calendar, start: date) -> None:
    found = calendar.next_working_day(start)
    assert calendar.is_working_day(found)
    assert not any(calendar.is_working_day(start + timedelta(days=i)) for i in range((found - start).days))


# From the submission to the decision


def test_the_receipts_of_the_worked_example() -> None:
    received = dates.local_instant(date(2021, 5, 28), time(17), PARIS)
    assert dates.registration_receipt_due(received, OCCITANIE) == date(2021, 5, 31)
    assert dates.receipt_due(received, OCCITANIE) == date(2021, 6, 11)


def test_receipts_count_from_the_day_of_the_region() -> None:
    received = utc("2027-05-26T23:30")  # Wednesday evening in Guadeloupe, where Thursday is a holiday
    assert dates.registration_receipt_due(received, GUADELOUPE) == date(2027, 5, 28)
    assert dates.registration_receipt_due(received, REUNION) == date(2027, 5, 28)
    assert dates.receipt_due(received, GUADELOUPE) == date(2027, 6, 10)
    assert dates.receipt_due(received, REUNION) == date(2027, 6, 10)


ASKED, DUE = date(2021, 6, 8), date(2021, 6, 23)


@pytest.mark.parametrize(
    ("suspensions", "expected"),
    [
        ([], "2021-07-28"),
        ([Suspension(ASKED, DUE, date(2021, 6, 18))], "2021-08-07"),
        ([Suspension(ASKED, DUE)], "2021-08-12"),
        ([Suspension(ASKED, DUE, date(2021, 7, 20))], "2021-08-12"),  # late: capped at the due date
        ([Suspension(ASKED, DUE, ASKED)], "2021-07-28"),
        # a second request inside the first adds nothing, one that outlasts it adds the rest
        ([Suspension(ASKED, DUE), Suspension(date(2021, 6, 10), date(2021, 6, 20))], "2021-08-12"),
        ([Suspension(ASKED, DUE), Suspension(date(2021, 6, 18), date(2021, 6, 28))], "2021-08-17"),
        ([Suspension(ASKED, DUE), Suspension(DUE, date(2021, 6, 28))], "2021-08-17"),
        ([Suspension(ASKED, DUE), Suspension(date(2021, 7, 1), date(2021, 7, 6))], "2021-08-17"),
        # on the day the rejection is born there is still time, the day after there is not
        ([Suspension(date(2021, 7, 28), date(2021, 8, 2))], "2021-08-02"),
        ([Suspension(date(2021, 7, 29), date(2021, 8, 12))], "2021-07-28"),
        # a first suspension may keep the clock alive for a second one
        ([Suspension(ASKED, DUE), Suspension(date(2021, 8, 1), date(2021, 8, 11))], "2021-08-22"),
    ],
)
def test_the_implicit_rejection(suspensions: list[Suspension], expected: str) -> None:
    assert dates.implicit_rejection(date(2021, 5, 28), suspensions) == day(expected)
    assert dates.implicit_rejection(date(2021, 5, 28), reversed(suspensions)) == day(expected)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-12-31", "2027-02-28"),
        ("2027-12-31", "2028-02-29"),
        ("2027-12-29", "2028-02-29"),
        ("2027-12-30", "2028-02-29"),
        ("2027-05-30", "2027-07-30"),  # a Sunday counts
        ("2028-02-29", "2028-04-29"),
        ("2027-06-30", "2027-08-30"),
        ("2027-08-31", "2027-10-31"),
    ],
)
def test_the_implicit_rejection_at_the_ends_of_months(received: str, expected: str) -> None:
    assert dates.implicit_rejection(day(received)) == day(expected)


def test_the_implicit_rejection_crosses_a_change_of_clocks() -> None:
    received = dates.local_instant(date(2027, 3, 27), time(23, 59), PARIS)
    assert dates.implicit_rejection(received, tz=PARIS) == date(2027, 5, 27)
    suspension = Suspension(date(2027, 3, 27), date(2027, 3, 29))
    assert dates.implicit_rejection(received, [suspension], tz=PARIS) == date(2027, 5, 29)


def test_pieces_are_not_asked_for_before_the_request_arrives() -> None:
    with pytest.raises(ValueError, match="before the request"):
        dates.implicit_rejection(date(2021, 6, 9), [Suspension(ASKED, DUE)])


@pytest.mark.parametrize(
    "produced_or_due", [{"due": date(2021, 6, 7)}, {"due": DUE, "produced": date(2021, 6, 7)}]
)
def test_a_suspension_does_not_end_before_it_starts(produced_or_due: dict[str, date]) -> None:
    with pytest.raises(ValueError, match="before they are asked for"):
        Suspension(**({"requested": ASKED} | produced_or_due))


@st.composite
def suspensions(draw: st.DrawFn, received: date = date(2027, 1, 31), within: int = 200) -> Suspension:
    asked = received + timedelta(days=draw(st.integers(0, within)))
    due = asked + timedelta(days=draw(st.integers(0, 40)))
    produced = draw(st.none() | st.integers(0, 80).map(lambda n: asked + timedelta(days=n)))
    return Suspension(asked, due, produced)


@quietly
@given(st.lists(suspensions(), max_size=8), suspensions())
def test_one_more_suspension_never_brings_the_rejection_forward(
    others: list[Suspension], one_more: Suspension
) -> None:
    received = date(2027, 1, 31)
    before = dates.implicit_rejection(received, others)
    after = dates.implicit_rejection(received, [*others, one_more])
    assert dates.add_months(received, 2) <= before <= after


@quietly
@given(st.lists(suspensions(), max_size=8), suspensions())
def test_producing_the_pieces_never_puts_the_rejection_off(
    others: list[Suspension], asked: Suspension
) -> None:
    received = date(2027, 1, 31)
    never = Suspension(asked.requested, asked.due)
    unanswered = dates.implicit_rejection(received, [*others, never])
    assert dates.implicit_rejection(received, [*others, asked]) <= unanswered


@quietly
@given(st.permutations(range(6)), st.lists(suspensions(), min_size=6, max_size=6))
def test_the_order_of_the_suspensions_does_not_matter(order: list[int], found: list[Suspension]) -> None:
    received = date(2027, 1, 31)
    shuffled = [found[i] for i in order]
    assert dates.implicit_rejection(received, shuffled) == dates.implicit_rejection(received, found)


@quietly
@given(st.lists(suspensions(within=59), max_size=8))
def test_requests_made_in_time_add_each_day_they_cover_once(found: list[Suspension]) -> None:
    received = date(2027, 1, 31)
    covered = {s.requested + timedelta(days=i) for s in found for i in range((s.ends - s.requested).days)}
    expected = dates.add_months(received, 2) + timedelta(days=len(covered))
    assert dates.implicit_rejection(received, found) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (dates.assessment_due, "2027-03-02"),
        (dates.college_opinion_due, "2027-03-12"),
        (dates.body_opinion_due, "2027-03-08"),
    ],
)
def test_reviews_count_calendar_days(due: Callable[..., date], expected: str) -> None:
    assert due(date(2027, 2, 15)) == day(expected)
    assert due(date(2027, 2, 15), 13) == date(2027, 2, 28)
    with pytest.raises(ValueError, match="at least one day"):
        due(date(2027, 2, 15), 0)


@pytest.mark.parametrize(
    ("session", "urgent", "expected"),
    [
        ("2027-06-15T10:00", False, "2027-06-10T22:00"),
        ("2027-06-15T10:00", True, "2027-06-13T08:00"),
        ("2027-03-30T10:00", False, "2027-03-25T23:00"),
        ("2027-03-29T10:00", True, "2027-03-27T08:00"),  # 09:00 on the wall: one of the 48 hours was skipped
        ("2027-11-01T10:00", True, "2027-10-30T09:00"),
        ("2028-03-04T09:00", False, "2028-02-28T23:00"),
    ],
)
def test_convocations_leave_five_days_or_forty_eight_hours(session: str, urgent: bool, expected: str) -> None:
    starts = datetime.fromisoformat(session).replace(tzinfo=PARIS)
    assert dates.convocation_due(starts, PARIS, urgent=urgent) == utc(expected)


def test_a_convocation_counts_the_days_of_the_region() -> None:
    starts = utc("2027-06-15T21:00")  # already the 16th in La Réunion
    assert dates.convocation_due(starts, REUNION.tz) == utc("2027-06-11T20:00")


# Notification, remedies and withdrawal


@pytest.mark.parametrize(
    ("consulted", "today", "expected"),
    [
        ("2027-02-10", "2027-02-10", "2027-02-10"),
        ("2027-02-05", "2027-03-31", "2027-02-05"),
        ("2027-02-20", "2027-02-20", "2027-02-20"),  # the fifteenth day
        ("2027-02-21", "2027-02-21", "2027-02-05"),  # one day too late
        (None, "2027-02-05", None),
        (None, "2027-02-20", None),
        (None, "2027-02-21", "2027-02-05"),
    ],
)
def test_electronic_notification(consulted: str | None, today: str, expected: str | None) -> None:
    read = None if consulted is None else day(consulted)
    found = dates.electronic_notification_date(date(2027, 2, 5), read, today=day(today))
    assert found == (None if expected is None else day(expected))


def test_electronic_notification_reads_instants_in_the_zone_given() -> None:
    available, consulted = utc("2027-02-05T23:30"), utc("2027-02-06T00:30")
    options = {"today": date(2027, 2, 28)}
    assert dates.electronic_notification_date(available, consulted, tz=GUADELOUPE.tz, **options) == date(
        2027, 2, 5
    )
    assert dates.electronic_notification_date(available, consulted, tz=PARIS, **options) == date(2027, 2, 6)


def test_nobody_reads_what_is_not_there_yet() -> None:
    with pytest.raises(ValueError, match="before it is available"):
        dates.electronic_notification_date(date(2027, 2, 5), date(2027, 2, 4), today=date(2027, 2, 6))


@pytest.mark.parametrize(
    ("notified", "expected"),
    [
        ("2026-03-20", "2026-05-21"),
        ("2021-01-03", "2021-03-04"),
        ("2024-11-12", "2025-01-13"),
        ("2026-12-31", "2027-03-01"),
        ("2027-12-31", "2028-03-01"),
        ("2027-12-28", "2028-02-29"),
        ("2027-06-30", "2027-08-31"),
        ("2026-10-04", "2026-12-07"),  # Saturday 5 December
        ("2026-10-05", "2026-12-07"),  # Sunday 6 December
        ("2027-08-31", "2027-11-02"),  # All Saints' Day, a Monday
        ("2027-03-07", "2027-05-10"),  # Saturday 8 May
        ("2027-10-24", "2027-12-27"),  # Christmas, a Saturday
    ],
)
def test_the_appeal_period_is_franc_and_ends_on_a_working_day(notified: str, expected: str) -> None:
    assert dates.appeal_deadline(day(notified), OCCITANIE) == day(expected)


def test_the_appeal_period_knows_local_holidays() -> None:
    assert dates.appeal_deadline(date(2027, 1, 25), OCCITANIE) == date(2027, 3, 26)
    assert dates.appeal_deadline(date(2027, 1, 25), GRAND_EST) == date(2027, 3, 30)
    assert dates.appeal_deadline(date(2027, 3, 26), OCCITANIE) == date(2027, 5, 27)
    assert dates.appeal_deadline(date(2027, 3, 26), GUADELOUPE) == date(2027, 5, 28)


@pytest.mark.parametrize(
    ("residence", "expected"),
    [(Residence.LOCAL, "2027-03-01"), (Residence.OVERSEAS, "2027-04-01"), (Residence.ABROAD, "2027-05-03")],
)
def test_distance_lengthens_the_appeal_period(residence: Residence, expected: str) -> None:
    assert dates.appeal_deadline(date(2026, 12, 31), OCCITANIE, residence) == day(expected)


def test_the_appeal_period_starts_on_the_day_of_the_region() -> None:
    notified = utc("2027-01-31T23:30")
    assert dates.appeal_deadline(notified, GUADELOUPE) == date(2027, 4, 1)
    assert dates.appeal_deadline(notified, OCCITANIE) == date(2027, 4, 2)


def test_reasons_are_given_within_a_month() -> None:
    assert dates.reasons_due(date(2027, 1, 31)) == date(2027, 2, 28)


def test_the_other_side_has_at_least_fifteen_days() -> None:
    assert dates.contradictory_due(date(2028, 2, 20)) == date(2028, 3, 6)
    assert dates.contradictory_due(date(2027, 2, 20), 30) == date(2027, 3, 22)
    with pytest.raises(ValueError, match="15 days"):
        dates.contradictory_due(date(2027, 2, 20), 14)


# Money and publication


def test_the_worked_examples_of_money_and_publication() -> None:
    assert dates.open_data_due(date(2021, 12, 15)) == date(2022, 3, 15)
    assert dates.payment_due(date(2021, 12, 20)) == date(2022, 2, 18)
    assert dates.final_account_due(date(2022, 12, 31)) == date(2023, 6, 30)


@pytest.mark.parametrize(
    ("signed", "expected"),
    [("2026-11-30", "2027-02-28"), ("2027-11-30", "2028-02-29"), ("2028-02-29", "2028-05-29")],
)
def test_open_data_at_the_ends_of_months(signed: str, expected: str) -> None:
    assert dates.open_data_due(day(signed)) == day(expected)


@pytest.mark.parametrize(
    ("notified", "expected"), [("2027-12-31", "2028-02-29"), ("2026-12-31", "2027-03-01")]
)
def test_the_payment_term_counts_days(notified: str, expected: str) -> None:
    assert dates.payment_due(day(notified)) == day(expected)


@pytest.mark.parametrize(
    ("year_end", "expected"),
    [
        ("2023-06-30", "2023-12-31"),
        ("2023-08-31", "2024-02-29"),
        ("2024-02-29", "2024-08-31"),
        ("2023-02-28", "2023-08-31"),
        ("2024-02-28", "2024-08-28"),
        ("2023-03-15", "2023-09-15"),
    ],
)
def test_the_final_account_of_other_financial_years(year_end: str, expected: str) -> None:
    assert dates.final_account_due(day(year_end)) == day(expected)


@quietly
@given(calendars, st.datetimes(datetime(2009, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_no_due_date_precedes_its_event(calendar: Calendar, instant: datetime) -> None:
    started = dates.local_date(instant, calendar.tz)
    for found in (
        dates.registration_receipt_due(instant, calendar),
        dates.receipt_due(instant, calendar),
        dates.implicit_rejection(instant, tz=calendar.tz),
        dates.appeal_deadline(instant, calendar),
        dates.payment_due(instant, tz=calendar.tz),
        dates.open_data_due(instant, tz=calendar.tz),
        dates.final_account_due(started),
    ):
        assert found > started
        assert dates.end_of_day(found, calendar.tz) > instant


def test_the_table_of_the_law_names_every_function_and_its_tests() -> None:
    table = (ROOT / "docs" / "legal-dates.md").read_text()
    public = {
        name
        for name, thing in vars(dates).items()
        if getattr(thing, "__module__", "") == dates.__name__ and not name.startswith("_")
    }
    assert {name for name in public if f"`{name}`" not in table} == set()
    assert {name for name in re.findall(r"`(test_\w+)`", table) if name not in globals()} == set()
