"""Real files of the usual kinds: PDF, DOCX, ODT, XLSX, PNG and JPEG, the same bytes for the same arguments."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import NamedTuple

import typst
import xlsxwriter
from docx import Document
from odf.opendocument import OpenDocumentText
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import H, P
from PIL import Image

from calls.reference import PIECE_BY_CODE
from scenario.organisations import Organisation, slug
from scenario.papers import PROOFS, Paper, paper
from scenario.texts import Project

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}

USUAL = {"pdf": 72, "jpg": 20, "png": 3, "docx": 3, "odt": 1, "xlsx": 1}
"""How often each kind is met, in percent, when the piece accepts it."""

_SCAN_PPI = 80
_EPOCH = (2020, 1, 1, 0, 0, 0)

_TYPST = """
#let d = json(bytes(sys.inputs.data))
#set document(title: d.title, author: d.issuer, date: none)
#set page(paper: "a4", margin: 22mm, numbering: "1 / 1")
#set text(lang: "fr", size: 10.5pt)
#set par(justify: true)
#text(weight: "bold", d.issuer)
#v(8mm)
#heading(level: 1, d.title)
#v(4mm)
#for fact in d.facts [*#fact.at(0)* : #fact.at(1) \\ ]
#for paragraph in d.paragraphs [#par(paragraph)]
#if d.head.len() > 0 {
  table(
    columns: (1fr,) + (auto,) * (d.head.len() - 1),
    align: (column, row) => if column == 0 { left } else { right },
    stroke: 0.4pt,
    table.header(..d.head.map(cell => strong(cell))),
    ..d.rows.flatten(),
  )
}
#v(8mm)
#d.closing
#v(4mm)
#if d.signatory != "" [#align(right)[#d.signatory \\ _signé_]]
"""


class MadeFile(NamedTuple):
    """A file: its name as somebody would have named it, its bytes and its content type."""

    name: str
    content: bytes
    content_type: str


def usual_kind(rng: random.Random, piece_code: str) -> str:
    """A kind of file for the piece, among those that it accepts, in the proportions of real life."""
    accepts = ("pdf", "jpg", "xlsx") if piece_code in PROOFS else PIECE_BY_CODE[piece_code].accepts
    kinds = [kind for kind in USUAL if kind in accepts]
    return rng.choices(kinds, weights=[USUAL[kind] for kind in kinds])[0]


def make_file(
    rng: random.Random,
    piece_code: str,
    organisation: Organisation,
    kind: str | None = None,
    *,
    on: date = date(2026, 1, 15),
    project: Project | None = None,
) -> MadeFile:
    """The file of ``piece_code`` that ``organisation`` uploads on the day ``on``, for ``project`` if it has one.

    :param kind: pdf, docx, odt, xlsx, png or jpg; a usual one when it is left out.
    :raises KeyError: for a code or a kind that is not known.
    """
    kind = kind or usual_kind(rng, piece_code)
    content = _RENDERERS[kind](paper(rng, piece_code, organisation, on, project))
    return MadeFile(_name(rng, piece_code, organisation, kind, on), content, CONTENT_TYPES[kind])


def _name(rng: random.Random, piece_code: str, organisation: Organisation, kind: str, on: date) -> str:
    """People name their files in their own ways: with accents, spaces, dates, or as the scanner did."""
    label = PIECE_BY_CODE[piece_code].label if piece_code in PIECE_BY_CODE else piece_code.capitalize()
    if kind in {"jpg", "png"} and rng.random() < 0.6:
        return f"scan{rng.randint(1, 9999):04d}.{kind}"
    patterns = (
        f"{label}.{kind}",
        f"{piece_code}_{slug(organisation.name, 24)}.{kind}",
        f"{label} {organisation.name[:30]} {on.year}.{kind}",
        f"{on:%Y%m%d}_{slug(label, 40)}.{kind}",
    )
    return rng.choice(patterns).replace("/", "-")


def _data(content: Paper) -> str:
    return json.dumps(
        {
            "title": content.title,
            "issuer": content.issuer,
            "facts": content.facts,
            "paragraphs": content.paragraphs,
            "head": content.head,
            "rows": content.rows,
            "closing": content.closing,
            "signatory": content.signatory,
        },
        ensure_ascii=False,
    )


@cache
def _compiler() -> typst.Compiler:
    # One compiler keeps the fonts in memory; system fonts would change the bytes from one machine to another.
    return typst.Compiler(ignore_system_fonts=True)


def pdf(content: Paper) -> bytes:
    """``content`` as a tagged PDF."""
    made = _compiler().compile(_TYPST.encode(), format="pdf", sys_inputs={"data": _data(content)})
    assert isinstance(made, bytes)
    return made


def docx(content: Paper) -> bytes:
    """``content`` as a word-processor document (Office Open XML)."""
    document = Document()
    document.core_properties.title = content.title
    document.core_properties.author = content.issuer
    document.core_properties.created = document.core_properties.modified = datetime(*_EPOCH)  # noqa: DTZ001
    document.add_paragraph(content.issuer)
    document.add_heading(content.title, level=1)
    for label, value in content.facts:
        document.add_paragraph(f"{label} : {value}")
    for text in content.paragraphs:
        document.add_paragraph(text)
    if content.head:
        table = document.add_table(rows=0, cols=len(content.head))
        for row in (content.head, *content.rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    for text in filter(None, (content.closing, content.signatory)):
        document.add_paragraph(text)
    buffer = BytesIO()
    document.save(buffer)
    return _timeless(buffer.getvalue())


def odt(content: Paper) -> bytes:
    """``content`` as an OpenDocument text."""
    document = OpenDocumentText()
    document.text.addElement(P(text=content.issuer))
    document.text.addElement(H(outlinelevel=1, text=content.title))
    for label, value in content.facts:
        document.text.addElement(P(text=f"{label} : {value}"))
    for text in content.paragraphs:
        document.text.addElement(P(text=text))
    if content.head:
        table = Table(name="Tableau")
        table.addElement(TableColumn(numbercolumnsrepeated=str(len(content.head))))
        for row in (content.head, *content.rows):
            line = TableRow()
            for text in row:
                cell = TableCell()
                cell.addElement(P(text=text))
                line.addElement(cell)
            table.addElement(line)
        document.text.addElement(table)
    for text in filter(None, (content.closing, content.signatory)):
        document.text.addElement(P(text=text))
    buffer = BytesIO()
    document.write(buffer)
    return _timeless(buffer.getvalue())


def xlsx(content: Paper) -> bytes:
    """``content`` as a workbook of one sheet, without any formula."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": content.title, "author": content.issuer, "created": datetime(*_EPOCH)}  # noqa: DTZ001
        )
        sheet = book.add_worksheet("Document")
        bold = book.add_format({"bold": True})
        figure = book.add_format({"num_format": "# ##0.00"})
        sheet.set_column(0, 0, 48)
        sheet.write_string(0, 0, content.title, bold)
        line = 2
        for fact in content.facts:
            sheet.write_row(line, 0, fact)
            line += 1
        for text in content.paragraphs:
            sheet.write_string(line, 0, text)
            line += 1
        sheet.write_row(line, 0, content.head, bold)
        for row in content.rows:
            line += 1
            sheet.write_string(line, 0, row[0])
            for column, text in enumerate(row[1:], start=1):
                number = text.replace("\u00a0", "").replace(",", ".")
                if number.replace(".", "", 1).removeprefix("-").isdecimal():
                    sheet.write_number(line, column, float(number), figure)
                else:
                    sheet.write_string(line, column, text)
        for text in filter(None, (content.closing, content.signatory)):
            line += 1
            sheet.write_string(line, 0, text)
    return _timeless(buffer.getvalue())


def _scan(content: Paper) -> Image.Image:
    """``content`` as a page laid on a scanner, a little askew."""
    made = _compiler().compile(
        _TYPST.encode(), format="png", ppi=_SCAN_PPI, sys_inputs={"data": _data(content)}
    )
    # A scanner keeps the first page of what one forgets to turn.
    first = made[0] if isinstance(made, list) else made
    assert first is not None
    page = Image.open(BytesIO(first)).convert("L")
    askew = (len(content.title) + len(content.issuer)) % 5 - 2
    return page.rotate(askew / 2, fillcolor=235)


def png(content: Paper) -> bytes:
    """``content`` as a grey scan, without loss."""
    buffer = BytesIO()
    _scan(content).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def jpg(content: Paper) -> bytes:
    """``content`` as a grey scan, as telephones and scanners make them."""
    buffer = BytesIO()
    _scan(content).save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def _timeless(archive: bytes) -> bytes:
    """The same zip with one fixed date on every entry, so that the bytes depend on the content only."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            fixed = zipfile.ZipInfo(entry.filename, _EPOCH)
            fixed.compress_type = entry.compress_type
            new.writestr(fixed, old.read(entry))
    return buffer.getvalue()


_RENDERERS: dict[str, Callable[[Paper], bytes]] = {
    "pdf": pdf,
    "docx": docx,
    "odt": odt,
    "xlsx": xlsx,
    "png": png,
    "jpg": jpg,
}
