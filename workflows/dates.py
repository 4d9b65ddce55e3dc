"""Every act that the law dates, computed in one place.

Pure functions: no clock, no database. Three conventions hold throughout.

- A *due date* is the last day on which the act is still in time. The instant at which it becomes late is
  `end_of_day(due, tz)`: the start of the next local day (half-open, like every window here).
- An event may be given as a `date`, taken as it is, or as an aware `datetime`, read on the calendar of `tz`
  (the Region's zone). A naive datetime, or an instant without a zone to read it in, raises `ValueError`:
  near midnight it would be a day wrong without anyone seeing it.
- Instants are returned in UTC. Two datetimes of one and the same zone compare by their wall clocks in Python,
  which is wrong twice a year.

CRPA: code des relations entre le public et l'administration. CJA: code de justice administrative.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from accounts.identifiers import REGION_CODES

Moment = date | datetime

ONE_DAY: Final = timedelta(days=1)
PARIS: Final = ZoneInfo("Europe/Paris")

# Defaults of a call; its rules may set other numbers of calendar days.
ASSESSMENT_DAYS: Final = 15
BODY_OPINION_DAYS: Final = 21
COLLEGE_OPINION_DAYS: Final = 25
CONTRADICTORY_MIN_DAYS: Final = 15

_GRAND_EST: Final = "44"
_OVERSEAS_ZONES: Final = {
    "01": ZoneInfo("America/Guadeloupe"),
    "02": ZoneInfo("America/Martinique"),
    "03": ZoneInfo("America/Cayenne"),
    "04": ZoneInfo("Indian/Reunion"),
    "06": ZoneInfo("Indian/Mayotte"),
}
# Abolition of slavery, (month, day), code du travail L3422-2. Ours and not the library's, which also counts
# days of local custom (mi-Carême, Good Friday, 21 July) that no text makes a holiday.
_ABOLITION_DAYS: Final = {"01": (5, 27), "02": (5, 22), "03": (6, 10), "04": (12, 20), "06": (4, 27)}
# Outside these years the library leaves holidays out in silence.
_FIRST_YEAR: Final = 2008
_LAST_YEAR: Final = 2100


# Days, months and instants


def local_date(instant: datetime, tz: tzinfo) -> date:
    """The calendar day in `tz` at `instant`.

    Raises ValueError if `instant` is naive.
    """
    return _aware(instant).astimezone(tz).date()


def add_months(day: date, n: int) -> date:
    """`day` moved by `n` months (back if negative): same day of the month, or its last if it is shorter.

    31 December + 2 months = 28 or 29 February (code de procédure civile art. 641, which administrative
    courts follow). Raises ValueError if `day` is an instant or the result leaves the years 1 to 9999.
    """
    _plain(day)
    years, month = divmod(day.month - 1 + n, 12)
    year, month = day.year + years, month + 1
    if not 1 <= year <= 9999:
        raise ValueError(f"{n} months from {day} leaves the calendar")
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def days_after(start: Moment, days: int, *, tz: tzinfo | None = None) -> date:
    """The last of `days` calendar days, `start` not counted.

    Raises ValueError if `days` is less than 1, or `start` is an instant and `tz` is missing.
    """
    if days < 1:
        raise ValueError("a period has at least one day")
    return _day(start, tz) + timedelta(days=days)


def local_instant(day: date, wall: time, tz: tzinfo) -> datetime:
    """The instant (UTC) at which clocks in `tz` show `wall` on `day`.

    Where summer time makes that reading impossible or double, the later of the two possible instants is
    taken, so that nobody loses an hour: a skipped 02:30 means the instant shown as 03:30, a repeated 02:30
    the second one. Raises ValueError if `day` is an instant or `wall` carries a zone of its own.
    """
    _plain(day)
    if wall.tzinfo is not None:
        raise ValueError("a wall time carries no zone")
    return max(datetime.combine(day, wall.replace(fold=fold), tz).astimezone(UTC) for fold in (0, 1))


def end_of_day(day: date, tz: tzinfo) -> datetime:
    """The first instant (UTC) after `day` in `tz`: what was due on `day` is late from this instant on.

    Raises ValueError if `day` is an instant.
    """
    return local_instant(_plain(day) + ONE_DAY, time.min, tz)


def window_is_open(opens_at: datetime, closes_at: datetime, received: datetime) -> bool:
    """Whether `opens_at <= received < closes_at`: on time a microsecond before the bell, late at the bell.

    Raises ValueError if one of the three is naive.
    """
    opening, closing, arrival = (
        _aware(instant).astimezone(UTC) for instant in (opens_at, closes_at, received)
    )
    return opening <= arrival < closing


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant


def _plain(day: date) -> date:
    # A datetime is a date for Python, and for the type checker.
    if isinstance(day, datetime):
        raise ValueError("a calendar day is expected, not an instant: use local_date() first")
    return day


def _day(moment: Moment, tz: tzinfo | None) -> date:
    if not isinstance(moment, datetime):
        return moment
    if tz is None:
        raise ValueError("an instant is read in a time zone: give tz")
    return local_date(moment, tz)


# Working days


@lru_cache(maxsize=512)
def _holidays(year: int, alsace_moselle: bool, abolition: tuple[int, int] | None) -> frozenset[date]:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"holidays are known from {_FIRST_YEAR} to {_LAST_YEAR}, not in {year}")
    days = set(holidays.country_holidays("FR", subdiv="57" if alsace_moselle else None, years=year))
    if abolition is not None:
        days.add(date(year, *abolition))
    return frozenset(days)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days and the time zone of a Region. Made by `calendar_for`.

    A working day (*jour ouvré*) is neither a Saturday, a Sunday nor a holiday: the eleven national ones
    (code du travail L3133-1), Good Friday and 26 December in Alsace-Moselle (L3134-13), the abolition of
    slavery overseas (L3422-2). Methods raise ValueError for an instant in place of a day, and for years
    outside 2008-2100.
    """

    region_code: str
    tz: ZoneInfo
    alsace_moselle: bool = False

    def holidays(self, year: int) -> frozenset[date]:
        """The public holidays of `year`, those that fall on a week-end included."""
        return _holidays(year, self.alsace_moselle, _ABOLITION_DAYS.get(self.region_code))

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is neither a week-end day nor a holiday."""
        return _plain(day) not in self.holidays(day.year) and day.weekday() < 5

    def next_working_day(self, day: date) -> date:
        """`day` itself if it is a working day, otherwise the first one after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The `n`-th working day after `day` (before it if `n` is negative); `day` itself if `n` is 0."""
        _plain(day)
        step = ONE_DAY if n > 0 else -ONE_DAY
        remaining = abs(n)
        while remaining:
            day += step
            remaining -= self.is_working_day(day)
        return day


def calendar_for(region_code: str, *, alsace_moselle: bool | None = None) -> Calendar:
    """The calendar of the Region whose INSEE code is `region_code` ("76", "44", "01"...).

    `alsace_moselle`: whether the local-law holidays count. They exist only in departments 57, 67 and 68, so
    for Grand Est (44) it depends on where the act is done; the default there is yes, because the Region and
    the administrative court over its decisions both sit in Strasbourg (67). Elsewhere it is no. Raises
    ValueError for an unknown code, and for `alsace_moselle` outside Grand Est.
    """
    if region_code not in REGION_CODES:
        raise ValueError(f"unknown Region code {region_code!r}")
    if alsace_moselle is None:
        alsace_moselle = region_code == _GRAND_EST
    elif alsace_moselle and region_code != _GRAND_EST:
        raise ValueError("local law applies in Grand Est only")
    return Calendar(region_code, _OVERSEAS_ZONES.get(region_code, PARIS), alsace_moselle)


# From the submission to the decision


def registration_receipt_due(received: Moment, calendar: Calendar) -> date:
    """Last day for the *accusé d'enregistrement électronique*: 1 working day (CRPA R112-11-2).

    Raises ValueError for a naive instant.
    """
    return calendar.add_working_days(_day(received, calendar.tz), 1)


def receipt_due(received: Moment, calendar: Calendar) -> date:
    """Last day for the *accusé de réception électronique*: 10 working days (CRPA R112-11-2).

    Raises ValueError for a naive instant.
    """
    return calendar.add_working_days(_day(received, calendar.tz), 10)


@dataclass(frozen=True, slots=True)
class Suspension:
    """A request for missing pieces, which stops the legal clock (CRPA L114-5, R112-11-4).

    `requested`: the day the request was sent; `due`: the last day allowed to answer; `produced`: the day
    the last piece arrived, or None. Calendar days in the Region's zone. Raises ValueError for an instant,
    or if `due` or `produced` comes before `requested`.
    """

    requested: date
    due: date
    produced: date | None = None

    def __post_init__(self) -> None:
        if _plain(self.due) < _plain(self.requested):
            raise ValueError("the pieces cannot be due before they are asked for")
        if self.produced is not None and _plain(self.produced) < self.requested:
            raise ValueError("the pieces cannot be produced before they are asked for")

    @property
    def ends(self) -> date:
        """The day the clock runs again: production, or the due date if it comes first."""
        return self.due if self.produced is None else min(self.produced, self.due)


def implicit_rejection(
    received: Moment, suspensions: Iterable[Suspension] = (), *, tz: tzinfo | None = None
) -> date:
    """The day at whose end silence is worth rejection: 2 months after reception, plus suspensions.

    CRPA L231-4 3° (a request of a financial kind) and L114-5. Each suspension adds the calendar days from
    the request to its end; a day covered by several requests counts once. A request made once the rejection
    is born comes too late to suspend anything. `tz` is needed when `received` is an instant; a Sunday
    counts like any day (L112-8). Raises ValueError for a request earlier than the reception, a naive
    instant, or an instant without `tz`.
    """
    start = _day(received, tz)
    due = add_months(start, 2)
    covered_until = start
    for suspension in sorted(suspensions, key=lambda suspension: suspension.requested):
        if suspension.requested < start:
            raise ValueError("pieces cannot be asked for before the request is received")
        if suspension.requested > due:
            break
        begins = max(suspension.requested, covered_until)
        if suspension.ends > begins:
            due += suspension.ends - begins
            covered_until = suspension.ends
    return due


def assessment_due(assigned: Moment, days: int = ASSESSMENT_DAYS, *, tz: tzinfo | None = None) -> date:
    """Last day for an individual assessment: `days` calendar days after the assignment (rules of the call).

    Raises what `days_after` raises.
    """
    return days_after(assigned, days, tz=tz)


def college_opinion_due(asked: Moment, days: int = COLLEGE_OPINION_DAYS, *, tz: tzinfo | None = None) -> date:
    """Last day for a college's opinion: `days` calendar days after it is asked (rules of the call).

    Raises what `days_after` raises.
    """
    return days_after(asked, days, tz=tz)


def body_opinion_due(referred: Moment, days: int = BODY_OPINION_DAYS, *, tz: tzinfo | None = None) -> date:
    """Last day for the opinion of a body such as the COPAREF: `days` calendar days after the referral.

    Silence at that date is the absence of an opinion, not a favourable one. Raises what `days_after` raises.
    """
    return days_after(referred, days, tz=tz)


def convocation_due(starts_at: datetime, tz: tzinfo, *, urgent: bool = False) -> datetime:
    """The instant (UTC) before which a session's convocation must have been sent.

    At least 5 days before (CRPA R133-8; code du travail R6123-3-15): on the fifth day before the session's
    date at the latest. `urgent`, where prefect and president agree on it: 48 hours, as elapsed hours.
    Raises ValueError if naive.
    """
    if urgent:
        return _aware(starts_at).astimezone(UTC) - timedelta(hours=48)
    return end_of_day(local_date(starts_at, tz) - timedelta(days=5), tz)


# Notification, remedies and withdrawal


def electronic_notification_date(
    available: Moment, consulted: Moment | None, *, today: date, tz: tzinfo | None = None
) -> date | None:
    """The day a document left on the platform is deemed received, as known on `today`; None if still open.

    CRPA R112-20: the first consultation; failing one within 15 days, the day it was made available.
    `tz` is needed when an instant is given. Raises ValueError if it was consulted before it was available,
    for an instant without `tz`, or if `today` is an instant.
    """
    opened = _day(available, tz)
    limit = days_after(opened, 15)
    if consulted is not None:
        read = _day(consulted, tz)
        if read < opened:
            raise ValueError("a document cannot be consulted before it is available")
        if read <= limit:
            return read
    return opened if _plain(today) > limit else None


class Residence(Enum):
    """Where the person who appeals lives, seen from the court; the value is the months added (CJA R421-7)."""

    LOCAL = 0
    """In mainland France for a mainland court, or in the overseas court's own territory."""
    OVERSEAS = 1
    """Overseas for a mainland court, or outside the overseas court's territory."""
    ABROAD = 2


def appeal_deadline(notified: Moment, calendar: Calendar, residence: Residence = Residence.LOCAL) -> date:
    """Last day to bring the decision before the administrative court, or to ask for its review.

    2 months (CJA R421-1), more by `residence` (R421-7), *franc*: neither the day of notification nor the
    last day of the term counts, which leaves one day more; then the next working day if it falls on
    another. Notified on 20 March: 21 May. For an implicit rejection, `notified` is the day it is born.
    Raises ValueError for a naive instant.
    """
    term = add_months(_day(notified, calendar.tz), 2 + residence.value)
    return calendar.next_working_day(term + ONE_DAY)


def reasons_due(asked: Moment, *, tz: tzinfo | None = None) -> date:
    """Last day to give the reasons of an implicit decision: 1 month after they are asked for (CRPA L232-4).

    The appeal period then runs anew from the day they are given: `appeal_deadline(given, calendar)`.
    Raises ValueError for a naive instant, or an instant without `tz`.
    """
    return add_months(_day(asked, tz), 1)


def contradictory_due(
    notified: Moment, days: int = CONTRADICTORY_MIN_DAYS, *, tz: tzinfo | None = None
) -> date:
    """Last day for observations before a withdrawal or a recovery (CRPA L121-1, L122-1).

    At least 15 calendar days. Raises ValueError if `days` is less than 15, and what `days_after` raises.
    """
    if days < CONTRADICTORY_MIN_DAYS:
        raise ValueError(f"at least {CONTRADICTORY_MIN_DAYS} days are given for observations")
    return days_after(notified, days, tz=tz)


# Money and publication


def payment_due(notified: Moment, *, tz: tzinfo | None = None) -> date:
    """Last day to pay: 60 calendar days after the award is notified (loi 2000-321 art. 10).

    The term comes from loi 2021-875 art. 2; a contract may set other dates. Raises ValueError for a naive
    instant, or an instant without `tz`.
    """
    return days_after(notified, 60, tz=tz)


def open_data_due(signed: Moment, *, tz: tzinfo | None = None) -> date:
    """Last day to publish a contract's essential data: 3 months after its signature (décret 2017-779).

    Raises ValueError for a naive instant, or an instant without `tz`.
    """
    return add_months(_day(signed, tz), 3)


def final_account_due(year_end: date) -> date:
    """Last day for the *compte rendu financier*: 6 months after the year's end (loi 2000-321 art. 10).

    `year_end` is the last day of the year; if it ends a month, so does the due date: 30 June gives 31
    December. Raises ValueError if `year_end` is an instant.
    """
    due = add_months(year_end, 6)
    ends_a_month = (year_end + ONE_DAY).day == 1
    return due.replace(day=monthrange(due.year, due.month)[1]) if ends_a_month else due
