"""Lists to take away: a text is never a formula, a number stays one, memory does not grow with the list (P36)."""

import csv
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, get_args
from zipfile import BadZipFile, ZipFile
from zoneinfo import ZoneInfo

import pytest
from defusedxml import ElementTree
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import spreadsheets
from workflows.spreadsheets import (
    FRENCH,
    OPEN_DATA,
    Column,
    Dialect,
    Format,
    Kind,
    SpreadsheetError,
    export_response,
    write_csv,
    write_xlsx,
)

NOW = datetime(2026, 11, 28, 16, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
TEXT = [Column("a", "Texte", "text")]
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "'=1+1",
    '"=1+1',
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "﹦1+1",
    "|calc",
    "%0A=1+1",
    "=HYPERLINK(\"http://x\",\"y\")",
    "\tx",
    "\rx",
]  # fmt: skip
START = tuple("=+-@\t\r\n|%＝＋－＠﹢﹣﹦﹫−")


def sheet_of(content: bytes) -> list[list[tuple[str, str]]]:
    """The cells of a workbook: (type, text) for each, "f" as the type of a formula."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with ZipFile(BytesIO(content)) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in root.iterfind(".//m:row", space):
        cells = []
        for cell in row.iterfind("m:c", space):
            if cell.find("m:f", space) is not None:
                cells.append(("f", cell.findtext("m:f", "", space)))
            elif cell.get("t") == "inlineStr":
                cells.append(("s", "".join(cell.itertext())))
            else:
                cells.append((cell.get("t", "n"), cell.findtext("m:v", "", space)))
        rows.append(cells)
    return rows


def xlsx(columns: list[Column], rows: Any, **options: Any) -> bytes:
    stream = BytesIO()
    write_xlsx(stream, "Dossiers", columns, rows, **{"produced_at": NOW} | options)
    return stream.getvalue()


def csv_rows(columns: list[Column], rows: Any, dialect: Dialect = FRENCH, **options: Any) -> list[list[str]]:
    stream = StringIO(newline="")
    write_csv(stream, columns, rows, dialect=dialect, **options)
    content = stream.getvalue()
    assert content.startswith(dialect.mark)
    return list(
        csv.reader(StringIO(content.removeprefix(dialect.mark), newline=""), delimiter=dialect.delimiter)
    )


# P36: nothing typed becomes a formula


@pytest.mark.parametrize("text", FORMULAS)
def test_p36_xlsx_keeps_formulas_as_text(text: str) -> None:
    cells = sheet_of(xlsx([Column("a", text)], [{"a": text}]))

    assert [[kind for kind, _ in row] for row in cells] == [["s"], ["s"]]
    assert cells[1][0][1] == text.replace("\r", "\n")


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("dialect", [FRENCH, OPEN_DATA], ids=["french", "open"])
def test_p36_csv_starts_no_cell_like_a_formula(text: str, dialect: Dialect) -> None:
    (heading,), (cell,) = csv_rows([Column("a", text)], [{"a": text}], dialect)

    assert heading == cell
    assert cell.startswith("'")
    assert cell.lstrip("'").lstrip("\\") != ""


@settings(deadline=None)
@given(st.text(max_size=30))
def test_p36_any_text_in_csv(text: str) -> None:
    rows = csv_rows(TEXT, [{"a": text}])

    cell = rows[1][0] if rows[1:] and rows[1] else ""
    number = cell.removeprefix("-").replace(",", "", 1).replace(".", "", 1)
    assert not cell.startswith(START) or (number.isascii() and number.isdigit())


@settings(deadline=None)
@given(st.text(max_size=30))
def test_p36_any_text_in_xlsx(text: str) -> None:
    cells = sheet_of(xlsx(TEXT, [{"a": text}]))

    assert cells[1:] in ([], [[]]) if text == "" else cells[1][0][0] == "s"


def test_p36_links_and_digits_stay_text_in_xlsx() -> None:
    texts = [
        "http://example.org",
        "mailto:a@example.org",
        "internal:Sheet1!A1",
        "00012",
        "73282932000074",
        "1e5",
    ]

    content = xlsx(TEXT, [{"a": text} for text in texts])

    assert [row[0] for row in sheet_of(content)[1:]] == [("s", text) for text in texts]
    with ZipFile(BytesIO(content)) as book:
        assert [name for name in book.namelist() if "_rels/sheet" in name] == []


# Types


TYPED = [
    Column("reference", "N°"),
    Column("amount", "Montant", "money"),
    Column("share", "Taux", "percent"),
    Column(lambda row: row["on"], "Date"),
    Column("at", "Reçu le", "datetime"),
    Column("kept", "Retenu"),
    Column("count", "Bénéficiaires"),
]
ROW = {
    "reference": "PRIC-53",
    "amount": Decimal("-16799.60"),
    "share": Decimal("0.455"),
    "on": date(2026, 11, 28),
    "at": datetime(2026, 11, 28, 23, 30, tzinfo=UTC),
    "kept": True,
    "count": 96,
}


def test_numbers_dates_and_flags_are_typed_in_xlsx() -> None:
    row = sheet_of(xlsx(TYPED, [ROW], zone=PARIS))[1]

    assert row == [
        ("s", "PRIC-53"),
        ("n", "-16799.60"),
        ("n", "0.455"),
        ("n", "46354"),  # days since 1900
        ("n", "46355.02083333334"),  # half past midnight of the next day, in Paris
        ("b", "1"),
        ("n", "96"),
    ]


def test_numbers_dates_and_flags_in_csv() -> None:
    assert csv_rows(TYPED, [ROW], zone=PARIS)[1] == [
        "PRIC-53", "-16799,60", "0,455", "28/11/2026", "29/11/2026 00:30", "oui", "96"
    ]  # fmt: skip
    assert csv_rows(TYPED, [ROW], OPEN_DATA, zone=PARIS)[1] == [
        "PRIC-53", "-16799.60", "0.455", "2026-11-28", "2026-11-29T00:30:00+01:00", "true", "96"
    ]  # fmt: skip


def test_numbers_are_written_out_in_csv() -> None:
    column = [Column(0, "x")]
    values = [Decimal("1E+3"), Decimal("1E-7"), 10**20, 0.1, Decimal("-0.5")]

    assert [row[0] for row in csv_rows(column, [[value] for value in values])[1:]] == [
        "1000", "0,0000001", "100000000000000000000", "0,1", "-0,5"
    ]  # fmt: skip


def test_numbers_too_long_for_a_cell_keep_their_digits() -> None:
    rows = sheet_of(xlsx([Column(0, "x")], [[10**15 - 1], [10**15], [Decimal("12345678901234567.89")]]))

    assert [row[0] for row in rows[1:]] == [
        ("n", "999999999999999"), ("s", "1000000000000000"), ("s", "12345678901234567.89")
    ]  # fmt: skip


def test_dates_before_1900_are_texts() -> None:
    assert sheet_of(xlsx([Column(0, "x")], [[date(1899, 12, 31)]]))[1] == [("s", "1899-12-31")]


def test_empty_values_leave_empty_cells() -> None:
    row = dict.fromkeys(ROW)

    assert sheet_of(xlsx(TYPED, [row, ROW]))[1] != []
    assert csv_rows(TYPED, [row])[1] == [""] * len(TYPED)
    assert csv_rows(TYPED, [row | {"amount": ""}])[1] == [""] * len(TYPED)


def test_lazy_texts_are_written_in_the_readers_language() -> None:
    assert csv_rows(TEXT, [{"a": gettext_lazy("Yes")}])[1][0] in ("Yes", "Oui", "oui")


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("money", "12", "is not of kind money"),
        ("money", 12.5, "is not of kind money"),
        ("money", True, "is not of kind money"),
        ("integer", Decimal("1.5"), "is not of kind integer"),
        ("date", datetime(2026, 1, 1, tzinfo=UTC), "is not of kind date"),
        ("datetime", date(2026, 1, 1), "is not of kind datetime"),
        ("datetime", datetime(2026, 1, 1), "has no time zone"),
        ("boolean", 1, "is not of kind boolean"),
        ("number", Decimal("NaN"), "is not finite"),
        ("number", float("inf"), "is not finite"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: Any, says: str) -> None:
    for write in (xlsx, csv_rows):
        with pytest.raises(SpreadsheetError, match=says):
            write([Column(0, "Colonne", kind)], [[value]])


# The file


def test_texts_longer_than_a_cell_are_cut_where_one_sees_it() -> None:
    text = sheet_of(xlsx(TEXT, [{"a": "é" * 40_000}]))[1][0][1]

    assert len(text) == 32_767
    assert text.endswith("é […]")


def test_characters_that_no_file_can_hold_are_replaced() -> None:
    typed = "a\x00b\x0bc\ud800d\uffff_x0041_ & <b> \U0001f600"

    assert (
        sheet_of(xlsx(TEXT, [{"a": typed}]))[1][0][1].replace("_x005F_x0041_", "_x0041_")
        == "a�b�c�d�_x0041_ & <b> \U0001f600"
    )
    assert csv_rows(TEXT, [{"a": typed}])[1][0] == "a�b�c�d�_x0041_ & <b> \U0001f600"


def test_separators_quotes_and_line_breaks_come_back() -> None:
    typed = 'a;b,c"d"\ne\r\nf\rg'
    plain = 'a;b,c"d"\ne\nf\ng'

    assert csv_rows(TEXT, [{"a": typed}])[1][0] == plain
    assert csv_rows(TEXT, [{"a": typed}], OPEN_DATA)[1][0] == plain
    assert sheet_of(xlsx(TEXT, [{"a": typed}]))[1][0][1] == plain


def test_french_csv_opens_in_a_french_spreadsheet_and_open_data_everywhere() -> None:
    french, plain = StringIO(newline=""), StringIO(newline="")
    write_csv(french, [Column(0, "Élève"), Column(1, "Montant")], [["Zoé", Decimal("1.50")]])
    write_csv(
        plain, [Column(0, "Élève"), Column(1, "Montant")], [["Zoé", Decimal("1.50")]], dialect=OPEN_DATA
    )

    assert french.getvalue() == "\ufeffÉlève;Montant\r\nZoé;1,50\r\n"
    assert plain.getvalue() == "Élève,Montant\nZoé,1.50\n"


def test_header_is_frozen_and_filtered_and_columns_are_wide_enough() -> None:
    with ZipFile(BytesIO(xlsx(TYPED, [ROW, ROW]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        properties = book.read("docProps/core.xml").decode()
        workbook = book.read("xl/workbook.xml").decode()

    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A1:G3"/>' in sheet
    assert sheet.count("<col ") >= 2
    assert "<dc:title>Dossiers</dc:title>" in properties
    assert "2026-11-28T16:00:00Z" in properties
    assert 'name="Dossiers"' in workbook


def test_same_list_same_bytes() -> None:
    assert xlsx(TYPED, [ROW] * 5) == xlsx(TYPED, [ROW] * 5)
    assert xlsx(TYPED, [ROW] * 5) != xlsx(TYPED, [ROW] * 5, produced_at=NOW.replace(year=2027))


@pytest.mark.parametrize("title", ["", "Appel [2021] : a/b*c?", "'x'", "x" * 60, "\x00", "Été"])
def test_any_title_makes_a_sheet(title: str) -> None:
    stream = BytesIO()

    assert write_xlsx(stream, title, TEXT, [{"a": "x"}], produced_at=NOW) == 1
    assert sheet_of(stream.getvalue())[1] == [("s", "x")]


def test_empty_list_is_a_header() -> None:
    assert len(sheet_of(xlsx(TYPED, []))) == 1
    assert csv_rows(TYPED, []) == [[column.title for column in TYPED]]


def test_more_rows_than_a_sheet_holds_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "ROWS_MOST", 3)
    assert len(sheet_of(xlsx(TEXT, [{"a": "x"}] * 3))) == 4
    with pytest.raises(SpreadsheetError, match="more than 3 rows"):
        xlsx(TEXT, [{"a": "x"}] * 4)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_memory_does_not_grow_with_the_list(kind: str, tmp_path: Path) -> None:
    def rows(count: int) -> Iterator[list[str]]:
        for rank in range(count):
            yield [f"{rank} " + "x" * 200] * 5

    def peak(count: int) -> int:
        columns = [Column(rank, "x") for rank in range(5)]
        tracemalloc.start()
        if kind == "xlsx":
            with (tmp_path / "x.xlsx").open("wb") as stream:
                write_xlsx(stream, "x", columns, rows(count), produced_at=NOW)
        else:
            with (tmp_path / "x.csv").open("w", newline="", encoding="utf-8") as text:
                write_csv(text, columns, rows(count))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    small, large = peak(200), peak(2000)
    assert large - small < 300_000, "2000 rows hold 2 MB of text"


# The response


@pytest.mark.parametrize(
    ("kind", "content_type", "ending"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ("csv", "text/csv; charset=utf-8", "csv"),
        ("open", "text/csv; charset=utf-8", "csv"),
    ],
)
def test_response_is_a_download_and_nothing_else(kind: Format, content_type: str, ending: str) -> None:
    response = export_response(
        kind, "dossiers déposés", ["Élève", "Reçu le"], [["Zoé", NOW]], produced_at=NOW
    )

    content = b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == (
        f"attachment; filename*=utf-8''dossiers%20d%C3%A9pos%C3%A9s-2026-11-28.{ending}"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "sandbox"
    assert int(response["Content-Length"]) == len(content)
    if kind == "csv":
        assert content.decode() == "\ufeffÉlève;Reçu le\r\nZoé;28/11/2026 17:00\r\n"


def test_name_of_the_file_cannot_break_the_header() -> None:
    response = export_response("csv", 'a"; filename="x.exe\r\nSet-Cookie: x=1', ["x"], [], produced_at=NOW)

    assert "\r" not in response["Content-Disposition"]
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "Set-Cookie" not in response


def test_a_fault_in_the_middle_is_an_error_and_not_half_a_list() -> None:
    def rows() -> Iterator[list[str]]:
        yield ["x"]
        raise RuntimeError("the database went away")

    for kind in get_args(Format):
        with pytest.raises(RuntimeError, match="went away"):
            export_response(kind, "x", ["x"], rows(), produced_at=NOW)


def test_a_long_list_leaves_as_it_is_made_and_a_fault_breaks_it_off() -> None:
    made = 0

    def rows(last: int) -> Iterator[list[str]]:
        nonlocal made
        for made in range(last):
            yield ["".join(sha256(f"{made} {part}".encode()).hexdigest() for part in range(8))]
        if last < 6_000:
            raise RuntimeError("the database went away")

    for kind in get_args(Format):
        response = export_response(kind, "x", ["x"], rows(5_000), produced_at=NOW)
        assert made < 4_999
        assert "Content-Length" not in response
        sent: list[bytes] = []
        with pytest.raises(RuntimeError, match="went away"):
            sent.extend(response)
        if kind == "xlsx":
            with pytest.raises(BadZipFile):
                ZipFile(BytesIO(b"".join(sent)))
    assert len(sheet_of(b"".join(export_response("xlsx", "x", ["x"], rows(6_000), produced_at=NOW)))) == 6_001
