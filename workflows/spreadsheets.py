"""Lists to take away: XLSX and CSV, written row by row so that memory does not grow with the list.

A text is always a text: nothing that someone typed becomes a formula or a link in the reader's spreadsheet
(P36, ASVS 1.2.10). Amounts, dates and flags are real numbers, dates and booleans, as far as a format has any.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Any, Literal, NamedTuple

from defusedcsv import csv
from django.http import FileResponse
from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Kind = Literal["auto", "text", "integer", "number", "money", "percent", "date", "datetime", "boolean"]
Format = Literal["xlsx", "csv", "open"]

ROWS_MOST = 1_048_575  # what a sheet holds beside its header
TEXT_MOST = 32_767  # what a cell holds
CUT = " […]"
DIGITS_KEPT = 10**15  # from here on a cell, which is a double, would lose digits: it is written as text

# What starts a formula in a spreadsheet, full-width variants included; quotes and blanks before it do not
# help.
_FORMULA = re.compile(r"[\s\ufeff\u200b'\"]*[=+\-@\t\r\n|%＝＋－＠﹢﹣﹦﹫−]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class SpreadsheetError(Exception):
    """A list cannot be written: too many rows, or a value that its column does not take."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value comes from, its heading, and what it holds.

    `value` is a key of the row (a mapping), a rank (a sequence), or a function of the row. `kind` "auto"
    goes by the type of each value. `width` is in characters; without it, the heading and the kind decide.
    """

    value: str | int | Callable[[Any], Any]
    title: str
    kind: Kind = "auto"
    width: float | None = None

    def of(self, row: Any) -> Any:
        """The value of this column in a row."""
        return self.value(row) if callable(self.value) else row[self.value]


class Dialect(NamedTuple):
    """How a CSV file is written."""

    delimiter: str
    mark: str
    decimal: str
    day: str
    yes: str
    no: str


# What a spreadsheet set to French opens by a double click; and what open data wants (RFC 4180, UTF-8, no
# mark).
FRENCH = Dialect(delimiter=";", mark="\ufeff", decimal=",", day="%d/%m/%Y", yes="oui", no="non")
OPEN_DATA = Dialect(delimiter=",", mark="", decimal=".", day="%Y-%m-%d", yes="true", no="false")

_NUMBER_FORMATS: dict[Kind, str] = {
    "integer": "#,##0",
    "number": "#,##0.00",
    "money": '#,##0.00 "€"',
    "percent": "0.00%",
    "date": "dd/mm/yyyy",
    "datetime": "dd/mm/yyyy hh:mm",
}
_WIDTHS: dict[Kind, float] = {
    "money": 16,
    "date": 12,
    "datetime": 17,
    "integer": 10,
    "number": 12,
    "percent": 10,
}


def write_xlsx(
    stream: IO[bytes],
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    produced_at: datetime,
    zone: tzinfo = UTC,
) -> int:
    """Write a workbook of one sheet to `stream`, header frozen and filtered; returns the number of rows.

    Same arguments, same bytes. Instants are written in the local time of `zone`: cells know no zone. Texts
    longer than a cell are cut with a visible mark. Raises SpreadsheetError for more rows than a sheet holds
    or a value that is not of its column's kind.
    """
    book = Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": _NUMBER_FORMATS["date"],
        },
    )
    book.set_properties({"title": title, "created": produced_at.astimezone(UTC).replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: book.add_format({"num_format": text}) for kind, text in _NUMBER_FORMATS.items()}
    sheet = book.add_worksheet(_sheet_name(title))
    count = 0
    try:
        for rank, column in enumerate(columns):
            sheet.set_column(
                rank, rank, column.width or max(_WIDTHS.get(column.kind, 18), len(column.title) + 3)
            )
            sheet.write_string(0, rank, _text(column.title), bold)
        for count, row in enumerate(rows, start=1):
            if count > ROWS_MOST:
                raise SpreadsheetError(f"more than {ROWS_MOST} rows")
            for rank, column in enumerate(columns):
                _write_cell(sheet, count, rank, column, column.of(row), formats, zone)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, count, max(len(columns) - 1, 0))
    finally:
        book.close()
    return count


def write_csv(
    stream: IO[str],
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    dialect: Dialect = FRENCH,
    zone: tzinfo = UTC,
) -> int:
    """Write a CSV file to a text `stream` opened with newline=""; returns the number of rows.

    A text that a spreadsheet would take for a formula gets an apostrophe in front of it. Numbers have no
    thousands separator; instants are local to `zone` in the French dialect and carry their offset in the
    open one. Raises SpreadsheetError for a value that is not of its column's kind.
    """
    stream.write(dialect.mark)
    ending = "\r\n" if dialect is FRENCH else "\n"
    writer = csv.writer(stream, delimiter=dialect.delimiter, lineterminator=ending)
    writer.writerow([_harmless(column.title) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(column, column.of(row), dialect, zone) for column in columns])
        count += 1
    return count


def export_response(
    format: Format,
    name: str,
    columns: Sequence[Column | str],
    rows: Iterable[Any],
    *,
    title: str = "",
    produced_at: datetime | None = None,
) -> FileResponse:
    """The list as a file to download: "xlsx", "csv" (for French spreadsheets) or "open" (CSV for open data).

    `name` is the file's name without its ending; the day is added. `columns` may be headings only, for rows
    that are sequences. The file is whole before the first byte leaves: a fault is an error page, never half
    a list.
    """
    now = produced_at or timezone.now()
    zone = timezone.get_current_timezone()
    whole = [Column(rank, one) if isinstance(one, str) else one for rank, one in enumerate(columns)]
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        if format == "xlsx":
            write_xlsx(file, title or name, whole, rows, produced_at=now, zone=zone)
        else:
            text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
            write_csv(text, whole, rows, dialect=FRENCH if format == "csv" else OPEN_DATA, zone=zone)
            text.detach()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    ending = "xlsx" if format == "xlsx" else "csv"
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}-{now.astimezone(zone):%Y-%m-%d}.{ending}",
        content_type="text/csv; charset=utf-8"
        if ending == "csv"
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _kind_of(column: Column, value: Any) -> Kind:
    """The kind to write a value as, checked: a float is no amount, an instant needs its zone."""
    kind, found = column.kind, _found(value)
    takes: dict[Kind, tuple[Kind, ...]] = {
        "integer": ("integer",),
        "number": ("integer", "number"),
        "money": ("integer", "number"),
        "percent": ("integer", "number"),
        "date": ("date",),
        "datetime": ("datetime",),
        "boolean": ("boolean",),
    }
    if kind == "auto":
        kind = found
    elif (kind != "text" and found not in takes[kind]) or (kind == "money" and isinstance(value, float)):
        raise SpreadsheetError(f"{column.title}: {value!r} is not of kind {kind}")
    if kind == "datetime" and value.tzinfo is None:
        raise SpreadsheetError(f"{column.title}: {value!r} has no time zone")
    if kind in ("number", "money", "percent") and not Decimal(value).is_finite():
        raise SpreadsheetError(f"{column.title}: {value!r} is not finite")
    return kind


def _found(value: Any) -> Kind:
    kinds: tuple[tuple[type | tuple[type, ...], Kind], ...] = (
        (bool, "boolean"),
        (int, "integer"),
        ((Decimal, float), "number"),
        (datetime, "datetime"),
        (date, "date"),
    )
    return next((kind for types, kind in kinds if isinstance(value, types)), "text")


def _write_cell(
    sheet: Worksheet,
    row: int,
    rank: int,
    column: Column,
    value: Any,
    formats: Mapping[Kind, Any],
    zone: tzinfo,
) -> None:
    if value is None or value == "":
        return
    kind = _kind_of(column, value)
    if kind == "boolean":
        sheet.write_boolean(row, rank, value)
    elif kind in ("date", "datetime") and value.year >= 1900:
        local = value.astimezone(zone).replace(tzinfo=None) if kind == "datetime" else value
        sheet.write_datetime(row, rank, local, formats[kind])
    elif kind in ("integer", "number", "money", "percent") and abs(value) < DIGITS_KEPT:
        sheet.write_number(row, rank, value, formats[kind])
    else:
        sheet.write_string(row, rank, _text(value))


def _csv_cell(column: Column, value: Any, dialect: Dialect, zone: tzinfo) -> str:
    if value is None or value == "":
        return ""
    kind = _kind_of(column, value)
    if kind == "boolean":
        return dialect.yes if value else dialect.no
    if kind == "datetime":
        local = value.astimezone(zone)
        return f"{local:{dialect.day} %H:%M}" if dialect is FRENCH else local.isoformat(timespec="seconds")
    if kind == "date":
        return f"{value:{dialect.day}}"
    if kind in ("integer", "number", "money", "percent"):
        return f"{Decimal(str(value)):f}".replace(".", dialect.decimal)
    return _harmless(value)


def _plain(value: Any) -> str:
    """A value as text that any file can hold; a lone carriage return would start a row that no quote guards."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _text(value: Any) -> str:
    text = _plain(value)
    return text if len(text) <= TEXT_MOST else text[: TEXT_MOST - len(CUT)] + CUT


def _harmless(value: Any) -> str:
    text = _plain(value)
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", _text(title))[:31].strip(" '") or "1"
