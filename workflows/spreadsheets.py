"""Lists to take away: XLSX and CSV, written row by row so that memory does not grow with the list.

A text is always a text: nothing that someone typed becomes a formula or a link in the reader's spreadsheet
(P36, ASVS 1.2.10). Amounts, dates and flags are real numbers, dates and booleans, as far as a format has any.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from io import StringIO
from itertools import chain
from math import isfinite
from typing import IO, Any, Literal, NamedTuple

from defusedcsv import csv
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from workflows import workbook

Kind = Literal["auto", "text", "integer", "number", "money", "percent", "date", "datetime", "boolean"]
Format = Literal["xlsx", "csv", "open"]

ROWS_MOST = 1_048_575  # what a sheet holds beside its header
TEXT_MOST = 32_767  # what a cell holds
CUT = " […]"
DIGITS_KEPT = 10**15  # from here on a cell, which is a double, would lose digits: it is written as text

BLOCK = 2**16  # bytes of a text file that leave together
WORDS_MOST = 10_000  # short texts kept as they are written in a workbook
HEAD_LEAST = 2**16  # a file is not begun to be sent before it has so many bytes, or is whole

# What starts a formula in a spreadsheet, full-width variants included; quotes and blanks before it do not
# help.
_FORMULA = re.compile(r"[\s\ufeff\u200b'\"]*[=+\-@\t\r\n|%＝＋－＠﹢﹣﹦﹫−]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
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

_NUMBER_FORMATS: dict[str, str] = {
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
    count = 0

    def counted() -> Iterator[Any]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    for block in xlsx_blocks(title, columns, counted(), produced_at=produced_at, zone=zone):
        stream.write(block)
    return count


def xlsx_blocks(
    title: str, columns: Sequence[Column], rows: Iterable[Any], *, produced_at: datetime, zone: tzinfo = UTC
) -> Iterator[bytes]:
    """The workbook of ``write_xlsx`` in blocks, made as they are asked for."""
    headings = [(_text(c.title), c.width or max(_WIDTHS.get(c.kind, 18), len(c.title) + 3)) for c in columns]
    sheet = workbook.Sheet(title, _sheet_name(title), headings, _NUMBER_FORMATS, produced_at)
    places = [(workbook.letters(rank), c, *_quick(c, sheet.styles)) for rank, c in enumerate(columns)]
    in_order = all(column.value == rank for rank, column in enumerate(columns))
    words: dict[str, str] = {}  # what comes back from row to row

    def lines() -> Iterator[str]:
        for number, row in enumerate(rows, start=2):
            if number > ROWS_MOST + 1:
                raise SpreadsheetError(f"more than {ROWS_MOST} rows")
            cells = []
            values = row if in_order else [column.of(row) for column in columns]
            for (letters, column, textual, style), value in zip(places, values, strict=True):
                if value is None or value == "":
                    continue
                if textual and type(value) is str:
                    body = words.get(value)
                    if body is None:
                        body = workbook.text_body(_text(value))
                        if len(value) < 60 and len(words) < WORDS_MOST:
                            words[value] = body
                    cells.append(f'<c r="{letters}{number}{body}')
                elif style and type(value) is Decimal and value.adjusted() < 15 and value.is_finite():
                    cells.append(f'<c r="{letters}{number}" s="{style}"><v>{value}</v></c>')
                else:
                    cells.append(_cell(f"{letters}{number}", column, value, sheet.styles, zone))
            yield workbook.line(number, cells)

    return sheet.blocks(lines())


def _quick(column: Column, styles: Mapping[str, int]) -> tuple[bool, int]:
    """Whether a text of the column is written without a look at its kind, and the style in which a Decimal is."""
    number = "number" if column.kind == "auto" else column.kind
    return column.kind in ("auto", "text"), styles[number] if number in ("number", "money", "percent") else 0


def _cell(where: str, column: Column, value: Any, styles: Mapping[str, int], zone: tzinfo) -> str:
    kind = _kind_of(column, value)
    if kind == "boolean":
        return workbook.flag_cell(where, value)
    if kind == "date" and value.year >= 1900:
        return workbook.number_cell(where, workbook.day_number(value), styles[kind])
    if kind == "datetime" and value.year >= 1900:
        return workbook.number_cell(where, workbook.instant_number(value.astimezone(zone)), styles[kind])
    if kind in _NUMBERS and abs(value) < DIGITS_KEPT:
        return workbook.number_cell(where, value, styles[kind])
    return workbook.text_cell(where, _text(value))


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
    return sum(_csv_lines(stream, columns, rows, dialect, zone))


def _csv_lines(
    stream: IO[str], columns: Sequence[Column], rows: Iterable[Any], dialect: Dialect, zone: tzinfo
) -> Iterator[int]:
    """Write the file row by row; yields 1 after each."""
    stream.write(dialect.mark)
    ending = "\r\n" if dialect is FRENCH else "\n"
    writer = csv.writer(stream, delimiter=dialect.delimiter, lineterminator=ending)
    writer.writerow([_harmless(column.title) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(column, column.of(row), dialect, zone) for column in columns])
        yield 1


def export_response(
    format: Format,
    name: str,
    columns: Sequence[Column | str],
    rows: Iterable[Any],
    *,
    title: str = "",
    produced_at: datetime | None = None,
) -> StreamingHttpResponse:
    """The list as a file to download: "xlsx", "csv" (for French spreadsheets) or "open" (CSV for open data).

    `name` is the file's name without its ending; the day is added. `columns` may be headings only, for rows
    that are sequences. A file below HEAD_LEAST is whole before its first byte leaves: a fault is an error page. A longer
    one leaves as it is made; a fault then breaks the download off, and half a workbook does not open.
    """
    now = produced_at or timezone.now()
    zone = timezone.get_current_timezone()
    whole = [Column(rank, one) if isinstance(one, str) else one for rank, one in enumerate(columns)]
    if format == "xlsx":
        blocks = xlsx_blocks(title or name, whole, rows, produced_at=now, zone=zone)
    else:
        blocks = _csv_blocks(whole, rows, FRENCH if format == "csv" else OPEN_DATA, zone)
    blocks = _in_language(get_language(), zone, blocks)
    head = b""
    while len(head) < HEAD_LEAST and (block := next(blocks, None)) is not None:
        head += block
    ending = "xlsx" if format == "xlsx" else "csv"
    kind = (
        "text/csv; charset=utf-8"
        if ending == "csv"
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response = StreamingHttpResponse(chain([head], blocks), content_type=kind)
    if len(head) < HEAD_LEAST:
        response["Content-Length"] = str(len(head))
    response["Content-Disposition"] = content_disposition_header(
        True, f"{name}-{now.astimezone(zone):%Y-%m-%d}.{ending}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _in_language(language: str | None, zone: tzinfo, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks, made in the reader's language and time: they leave after the request's own are put away."""
    with translation.override(language), timezone.override(zone):
        yield from blocks


def _csv_blocks(
    columns: Sequence[Column], rows: Iterable[Any], dialect: Dialect, zone: tzinfo
) -> Iterator[bytes]:
    text = StringIO(newline="")
    for _count in _csv_lines(text, columns, rows, dialect, zone):
        if text.tell() > BLOCK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _kind_of(column: Column, value: Any) -> Kind:
    """The kind to write a value as, checked: a float is no amount, an instant needs its zone."""
    kind, found = column.kind, _KIND_OF.get(type(value)) or _found(value)
    if kind == "auto":
        kind = found
    elif (kind != "text" and found not in _TAKES[kind]) or (kind == "money" and isinstance(value, float)):
        raise SpreadsheetError(f"{column.title}: {value!r} is not of kind {kind}")
    if kind == "datetime" and value.tzinfo is None:
        raise SpreadsheetError(f"{column.title}: {value!r} has no time zone")
    if kind in ("number", "money", "percent") and not isfinite(value):
        raise SpreadsheetError(f"{column.title}: {value!r} is not finite")
    return kind


#: The kinds written as numbers; what each kind takes; and the kind of the types that values mostly have.
_NUMBERS: frozenset[Kind] = frozenset({"integer", "number", "money", "percent"})
_TAKES: dict[Kind, tuple[Kind, ...]] = {
    "integer": ("integer",),
    "number": ("integer", "number"),
    "money": ("integer", "number"),
    "percent": ("integer", "number"),
    "date": ("date",),
    "datetime": ("datetime",),
    "boolean": ("boolean",),
}
_KIND_OF: dict[type, Kind] = {
    bool: "boolean", int: "integer", Decimal: "number", float: "number", datetime: "datetime", date: "date", str: "text"
}  # fmt: skip


def _found(value: Any) -> Kind:
    """The kind of a value of a type of its own, such as a lazy text or a choice."""
    return next((kind for known, kind in _KIND_OF.items() if isinstance(value, known)), "text")


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
    text = str(value)
    if _UNSAFE.search(text) is None:
        return text
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _text(value: Any) -> str:
    text = _plain(value)
    return text if len(text) <= TEXT_MOST else text[: TEXT_MOST - len(CUT)] + CUT


def _harmless(value: Any) -> str:
    text = _plain(value)
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", _text(title))[:31].strip(" '") or "1"
