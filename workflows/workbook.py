"""A workbook of one sheet, made and given away row by row.

XlsxWriter makes everything but the rows: styles, header, names. The rows are written here, straight into the compressed stream:
it would keep the whole sheet in a file before the first byte, and take four times as long for a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
#: Rows that are compressed at once.
ROWS = 200
#: What a text cannot hold as it is: XML's own characters, and what a spreadsheet would read as a character's code.
_SPECIAL = re.compile(r"[&<>]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_"}
_FIRST_DAY = date(1899, 12, 31).toordinal()


class Sheet:
    """The frame of the workbook. ``headings`` are titles and widths, ``formats`` the number formats by name."""

    def __init__(
        self,
        title: str,
        name: str,
        headings: Sequence[tuple[str, float]],
        formats: Mapping[str, str],
        produced_at: datetime,
    ) -> None:
        self._title, self._name, self._headings, self._formats = title, name, headings, formats
        self._produced_at = produced_at
        #: The number of each format's style, for the cells.
        self.styles: dict[str, int] = {}
        self._empty = self._frame(0)

    def blocks(self, rows: Iterable[str]) -> Iterator[bytes]:
        """The file, in blocks. ``rows`` are made by ``line``; the same rows give the same bytes."""
        sink, count = _Sink(), 0
        with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=1) as parts:  # type: ignore[call-overload]  # it only writes
            for part in self._empty:
                if part not in (SHEET, BOOK):
                    parts.writestr(ZipInfo(part), self._empty[part], ZIP_DEFLATED)
            info = ZipInfo(SHEET)
            info.compress_type = ZIP_DEFLATED
            with parts.open(info, "w") as out:
                out.write(self._empty[SHEET].partition(b"</sheetData>")[0])
                ready: list[str] = []
                for row in rows:
                    count += 1
                    ready.append(row)
                    if len(ready) == ROWS:
                        out.write("".join(ready).encode())
                        ready.clear()
                        yield sink.take()
                out.write("".join(ready).encode())
                whole = self._frame(count)
                out.write(b"</sheetData>" + whole[SHEET].partition(b"</sheetData>")[2])
            parts.writestr(ZipInfo(BOOK), whole[BOOK], ZIP_DEFLATED)
        yield sink.take()

    def _frame(self, count: int) -> dict[str, bytes]:
        """The parts of a workbook whose ``count`` rows are missing: only the reach of its filter depends on them."""
        stream = BytesIO()
        book = Workbook(
            stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        book.set_properties(
            {"title": self._title, "created": self._produced_at.astimezone(UTC).replace(tzinfo=None)}
        )
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for name, text in self._formats.items():
            self.styles[name] = book.add_format({"num_format": text})._get_xf_index()
        sheet = book.add_worksheet(self._name)
        for rank, (title, width) in enumerate(self._headings):
            sheet.set_column(rank, rank, width)
            sheet.write_string(0, rank, title, bold)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, count, max(len(self._headings) - 1, 0))
        book.close()
        with ZipFile(stream) as made:
            return {part: made.read(part) for part in made.namelist()}


class _Sink:
    """Where the compressed bytes wait to be taken."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._kept.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        taken = b"".join(self._kept)
        self._kept.clear()
        return taken


def letters(rank: int) -> str:
    """The name of a column, from 0: A … Z, AA …"""
    name = ""
    rank += 1
    while rank:
        rank, rest = divmod(rank - 1, 26)
        name = chr(65 + rest) + name
    return name


def line(number: int, cells: Iterable[str]) -> str:
    """The row of that number (the header is 1); one without any cell is left out."""
    row = "".join(cells)
    return f'<row r="{number}">{row}</row>' if row else ""


def text_cell(where: str, text: str) -> str:
    """A text, whatever it looks like: it holds no control character."""
    return f'<c r="{where}{text_body(text)}'


def text_body(text: str) -> str:
    """What follows its place in the cell of a text."""
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda found: _ESCAPED[found[0]], text)
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f'" t="inlineStr"><is><t{kept}>{text}</t></is></c>'


def number_cell(where: str, value: object, style: int) -> str:
    """A number."""
    return f'<c r="{where}" s="{style}"><v>{value}</v></c>'


def flag_cell(where: str, value: bool) -> str:
    """True or false."""
    return f'<c r="{where}" t="b"><v>{value:d}</v></c>'


def day_number(day: date) -> int:
    """A day as a spreadsheet counts them: from 1900, which it takes for a leap year."""
    days = day.toordinal() - _FIRST_DAY
    return days + (days > 59)


def instant_number(local: datetime) -> str:
    """A local instant as a spreadsheet counts them, in days."""
    seconds = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    return f"{day_number(local) + seconds / 86400:.16G}"
