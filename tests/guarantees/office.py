"""LibreOffice, as whoever opens an export would have it: what it takes for a formula, a number or a text."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from defusedxml import ElementTree

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
#: Semicolons, UTF-8, French numbers and dates found in texts and, unlike its default, formulas evaluated.
AS_CSV = "CSV:59,34,76,1,,1036,false,true,false,false,0,true"

Cell = tuple[str, str]
"""What a cell is ("formula", "float", "date", "boolean", "string"…), and its text or value."""


def opened_by_office(files: list[Path], folder: Path, *, reads: str = "") -> dict[str, list[list[Cell]]]:
    """The rows of cells of each file's first sheet, by its name without its ending. Skips the test without LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no LibreOffice here: apt-get install --no-install-recommends libreoffice-calc-nogui")
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            *([f"--infilter={reads}"] if reads else []),
            *("--convert-to", "fods", "--outdir", str(folder / "converted")),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return {file.stem: cells(folder / "converted" / f"{file.stem}.fods") for file in files}


def cells(path: Path) -> list[list[Cell]]:
    """The cells of the first sheet of a flat OpenDocument spreadsheet; repeated empty ones are left out."""
    sheet = ElementTree.parse(path).getroot().find(f".//{{{TABLE}}}table")
    assert sheet is not None
    rows = []
    for row in sheet.iter(f"{{{TABLE}}}table-row"):
        found = []
        for cell in row.iter(f"{{{TABLE}}}table-cell"):
            kind = cell.get(f"{{{OFFICE}}}value-type")
            if cell.get(f"{{{TABLE}}}formula") is not None:
                found.append(("formula", cell.get(f"{{{TABLE}}}formula", "")))
            elif kind is not None:
                value = cell.get(f"{{{OFFICE}}}value") or cell.get(f"{{{OFFICE}}}date-value")
                found.append((kind, "".join(cell.itertext()).strip() if value is None else value))
        if found:
            rows.append(found)
    return rows
