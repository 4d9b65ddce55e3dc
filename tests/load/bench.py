"""`make bench`: measure the product beside the floor of the same machine, and write docs/benchmarks.md.

python -m tests.load.bench                    everything, on an idle machine
python -m tests.load.bench --only B1,B4       some; the other lines of the table stay
python -m tests.load.bench --rows 2000 --force --out /tmp/try.md    a trial, marked as not valid
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.harness import ROOT
from tests.load import measure, report
from tests.load.ground import Ground, Sizes, open_ground

#: Which function of which module measures what, in the order in which they run: those that only read come first.
BENCHES = {
    "B7": ("journals", "b7"),
    "B4": ("worklist", "b4"),
    "B6": ("exports", "b6"),
    "LIFE": ("life", "life"),
    "B1": ("submitting", "b1"),
    "B2": ("submitting", "b2"),
    "B5": ("deciding", "b5"),
    "B3": ("storm", "b3"),
}


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the person asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="names of benches, separated by commas")
    parser.add_argument("--rows", type=int, default=Sizes.dossiers, help="dossiers in the ground")
    parser.add_argument(
        "--entries", type=int, help="journal entries in the ground; ten for each dossier by default"
    )
    parser.add_argument("--rounds", type=int, default=Sizes.rounds, help="turns of each side")
    parser.add_argument("--storm-people", type=int, default=Sizes.storm_people)
    parser.add_argument("--storm-seconds", type=int, default=Sizes.storm_seconds)
    parser.add_argument(
        "--force", action="store_true", help="measure on a busy machine; the results do not count"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    found = parser.parse_args(arguments)
    found.only = [name.strip().upper() for name in found.only.split(",") if name.strip()] or list(BENCHES)
    if unknown := set(found.only) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))} (there are {', '.join(BENCHES)})")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; returns the exit code, which is 1 when a target was missed or a floor did not hold still."""
    asked = options(arguments)
    sizes = Sizes(
        dossiers=asked.rows,
        entries=asked.entries or 10 * asked.rows,
        rounds=asked.rounds,
        storm_people=asked.storm_people,
        storm_seconds=asked.storm_seconds,
    )
    valid = measure.require_idle(force=asked.force) and sizes.dossiers == Sizes.dossiers
    ground = open_ground(sizes)
    with ground.raw() as raw:
        version = raw.execute("show server_version").fetchone()
    machine = f"{measure.machine()}, PostgreSQL {version[0] if version else '?'} (embedded, durable)"
    missed = 0
    for name in [one for one in BENCHES if one in asked.only]:
        measure.require_idle(force=asked.force)
        for line in run(name, ground):
            line = replace(line, valid=valid)
            sys.stdout.write(report.row(line, datetime.now(UTC).date()) + "\n")
            sys.stdout.flush()
            report.write(asked.out, [line], machine=machine, day=datetime.now(UTC).date())
            missed += line.met is False or not line.stable
    return 1 if missed else 0


def run(name: str, ground: Ground) -> Iterator[measure.Result]:
    """The lines of one bench."""
    module, function = BENCHES[name]
    lines: Iterator[measure.Result] = getattr(importlib.import_module(f"tests.load.{module}"), function)(
        ground
    )
    return lines


if __name__ == "__main__":
    sys.exit(main())
