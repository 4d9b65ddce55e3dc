"""docs/benchmarks.md, written by the command and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from tests.load.measure import Result

HEAD = "| # | what | floor | ours | ratio | target | met | floor held still | measured |"
_ROW = re.compile(r"^\| (?P<bench>[A-Za-z0-9]+) \|")

INTRODUCTION = """# Benchmarks

Written by `make bench`; do not edit. The command refuses to start on a busy machine, runs the floor and ours in
turns, prints the floor itself, and rejects a run whose floor moved by more than 15 % between its halves (three attempts,
then it says so). A floor is what the same machine needs for the bare work: the same rows in one statement,
the best SQL by hand, COPY, SHA-256. Times are medians.
"""


def write(path: Path, results: Sequence[Result], *, machine: str, day: date) -> None:
    """Write the table, keeping the lines of benches that were not run this time."""
    run = {line.bench for line in results}
    kept = [line for line in _rows(path) if line[0] not in run]
    lines = sorted([*kept, *((r.bench, row(r, day)) for r in results)], key=lambda pair: pair[0])
    table = "\n".join([HEAD, "|" + "---|" * HEAD.count(" |"), *(text for _bench, text in lines)])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{INTRODUCTION}\nLast run on {day.isoformat()}: {machine}.\n\n{table}\n")


def row(r: Result, day: date) -> str:
    """One line of the table."""
    cells: Iterable[str] = (
        r.bench,
        r.what,
        r.floor,
        r.ours,
        "" if r.ratio is None else f"{r.ratio:.2f} ×",
        r.target,
        "" if r.met is None else "yes" if r.met else "**no**",
        ("yes" if r.stable else "**no**") + ("" if r.valid else ", machine busy: **not valid**"),
        day.isoformat(),
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _rows(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text().splitlines() if path.exists() else []
    return [(m["bench"], line) for line in lines if line != HEAD and (m := _ROW.match(line))]
