"""Amounts, dates and shares as they are written in letters, pages and exports meant to be read.

Pure functions: no locale of the process, no clock. `language` is "fr" (default) or "en"; spaces are the ones
of good French typesetting, so that an amount or an hour never breaks across two lines.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["fr", "en"]

NBSP = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
CENT = Decimal("0.01")

WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: dict[Language, tuple[str, ...]] = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
# Where a French Region may be: what people call its time.
TIME_OF: dict[str, dict[Language, str]] = {
    "Europe/Paris": {"fr": "heure de Paris", "en": "Paris time"},
    "America/Guadeloupe": {"fr": "heure de la Guadeloupe", "en": "Guadeloupe time"},
    "America/Martinique": {"fr": "heure de la Martinique", "en": "Martinique time"},
    "America/Cayenne": {"fr": "heure de la Guyane", "en": "French Guiana time"},
    "Indian/Reunion": {"fr": "heure de La Réunion", "en": "Réunion time"},
    "Indian/Mayotte": {"fr": "heure de Mayotte", "en": "Mayotte time"},
    "UTC": {"fr": "temps universel", "en": "universal time"},
}


def format_number(value: Decimal | int, language: Language = "fr", *, decimals: int | None = None) -> str:
    """A number grouped by thousands: "1 234,5" or "1,234.5".

    `decimals` rounds half up to so many places; without it the digits of the value are kept as they are.
    Raises ValueError for a value that is not finite.
    """
    number = _finite(value)
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(number):,f}"
    if language == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    return f"{MINUS}{text}" if number < 0 else text


def format_money(amount: Decimal, language: Language = "fr") -> str:
    """An amount in euros, to the cent: "1 234,50 €" or "€1,234.50".

    Raises ValueError for an amount finer than the cent: rounding is the business of whoever computed it.
    """
    if _finite(amount) != amount.quantize(CENT):
        raise ValueError(f"not an amount to the cent: {amount}")
    text = format_number(amount, language, decimals=2)
    if language == "fr":
        return f"{text}{NBSP}€"
    return f"{MINUS}€{text.removeprefix(MINUS)}" if amount < 0 else f"€{text}"


def format_percent(share: Decimal, language: Language = "fr", *, decimals: int = 2) -> str:
    """A share of one as a percentage, without useless zeros: Decimal("0.455") → "45,5 %" or "45.5%"."""
    percent = (
        (_finite(share) * 100).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP).normalize()
    )
    text = format_number(percent if percent else Decimal(0), language)
    return f"{text}{NBSP}%" if language == "fr" else f"{text}%"


def format_date(day: date, language: Language = "fr", *, weekday: bool = True) -> str:
    """A date in full: "samedi 28 novembre 2026" or "Saturday 28 November 2026"; "1er" for a first."""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    text = f"{number}{NBSP}{MONTHS[language][day.month - 1]} {day.year}"
    return f"{WEEKDAYS[language][day.weekday()]} {text}" if weekday else text


def format_instant(
    instant: datetime, zone: ZoneInfo, language: Language = "fr", *, weekday: bool = True
) -> str:
    """An instant in full with its zone: "lundi 30 novembre 2026 à 17 h 00 (heure de Paris, UTC+1)".

    `zone` is the zone it is told in. Raises ValueError for a naive datetime.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone says nothing")
    local = instant.astimezone(zone)
    hour = f"{local.hour}{NBSP}h{NBSP}{local:%M}" if language == "fr" else f"{local:%H:%M}"
    named = TIME_OF.get(zone.key, {}).get(language, zone.key)
    at = "à" if language == "fr" else "at"
    return f"{format_date(local.date(), language, weekday=weekday)} {at} {hour} ({named}, {_offset(local)})"


def format_size(size: int, language: Language = "fr") -> str:
    """A file size in decimal units: "1,2 Mo" or "1.2 MB"."""
    units = ("o", "ko", "Mo", "Go", "To") if language == "fr" else ("B", "kB", "MB", "GB", "TB")
    rank, value = 0, Decimal(size)
    # From 999.95 on, one decimal would read "1000,0": that is the next unit's business.
    while value >= Decimal("999.95") and rank < len(units) - 1:
        rank, value = rank + 1, value / 1000
    return f"{format_number(value, language, decimals=1 if rank else 0)}{NBSP}{units[rank]}"


def _finite(value: Decimal | int) -> Decimal:
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value}")
    return number


def _offset(local: datetime) -> str:
    """The offset from UTC as people write it: "UTC+1", "UTC−4", "UTC+5:30"."""
    offset = local.utcoffset() or timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    sign = MINUS if offset < timedelta() else "+"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "") if minutes else "UTC"
