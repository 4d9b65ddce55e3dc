"""How the benches measure: on an idle machine, the floor and ours in turns, and not at all when the floor moves (trap 11)."""

from __future__ import annotations

import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: Above this share of the processors' time, something else runs on the machine.
BUSY_MOST = 0.15
#: By how much the floor's median may differ between the two halves of a run.
MOVES_MOST = 0.15
ATTEMPTS = 3


class Busy(SystemExit):
    """The machine does something else: a ratio measured now would flatter the slower side."""


def busy_share(stat: Path = Path("/proc/stat"), wait: Callable[[], None] = lambda: time.sleep(2)) -> float:
    """The share of all processors' time that was spent working during two seconds."""
    before = _ticks(stat)
    wait()
    after = _ticks(stat)
    idle, every = after[0] - before[0], after[1] - before[1]
    return 1 - idle / every if every else 0.0


def _ticks(stat: Path) -> tuple[int, int]:
    """Idle (waiting for a disk included) and all ticks since the machine started; guests are counted in user already."""
    numbers = [int(word) for word in stat.read_text().split("\n", 1)[0].split()[1:9]]
    return numbers[3] + numbers[4], sum(numbers)


def require_idle(*, force: bool, share: Callable[[], float] = busy_share) -> bool:
    """Whether results count: the machine is idle. Raises Busy when it is not, unless the person insists."""
    found = share()
    if found < BUSY_MOST:
        return True
    if not force:
        raise Busy(
            f"The processors are {found:.0%} busy (less than {BUSY_MOST:.0%} is idle): not measured."
            " --force measures all the same, and marks the results as not valid."
        )
    return False


def percentile(samples: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the samples lie (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass
class Comparison:
    """The samples of both sides in seconds, and by how much the floor moved between the halves of the run."""

    floor: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    moved: float = 0.0

    @property
    def stable(self) -> bool:
        """Whether the machine was the same machine all along."""
        return self.moved <= MOVES_MOST

    @property
    def ratio(self) -> float:
        """How many times the floor ours takes, at the median."""
        return statistics.median(self.ours) / statistics.median(self.floor)


Side = Callable[[], list[float]]


def compare(floor: Side, ours: Side, *, rounds: int = 6, attempts: int = ATTEMPTS) -> Comparison:
    """Run both sides in turns, ``rounds`` times, each going first as often; again while the floor moves, at most ``attempts`` times.

    Each side returns its samples in seconds. The last attempt is returned when none is stable, and says so.
    """
    rounds = max(2, rounds)
    found = Comparison()
    for _attempt in range(attempts):
        found = Comparison()
        halves: tuple[list[float], list[float]] = ([], [])
        for turn in range(rounds):
            if turn % 2:
                found.ours += ours()
            samples = floor()
            halves[2 * turn >= rounds].extend(samples)
            found.floor += samples
            if not turn % 2:
                found.ours += ours()
        one, other = (statistics.median(half) for half in halves)
        found.moved = abs(one - other) / min(one, other)
        if found.stable:
            break
    return found


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def resident(pid: int | str = "self") -> int:
    """Bytes of memory that a process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@dataclass
class Result:
    """One line of the report. ``met`` is ``None`` where there is a figure but no target."""

    bench: str
    what: str
    floor: str
    ours: str
    ratio: float | None
    target: str
    met: bool | None
    stable: bool = True
    valid: bool = True


def result(
    bench: str,
    what: str,
    found: Comparison,
    most: float,
    *,
    unit: str = "ms",
    more: str = "",
    also: bool = True,
) -> Result:
    """The line of a comparison whose target is ``most`` times the floor; ``also`` is what else must hold."""
    return Result(
        bench,
        what,
        spread(found.floor, unit),
        spread(found.ours, unit) + (f"; {more}" if more else ""),
        found.ratio,
        f"≤ {most:g} ×",
        found.ratio <= most and also,
        found.stable,
    )


def spread(samples: Sequence[float], unit: str = "ms") -> str:
    """Median and 95th percentile in words; only the median of few samples."""
    factor = 1000 if unit == "ms" else 1
    middle = f"{statistics.median(samples) * factor:.2f} {unit}"
    return middle if len(samples) < 20 else f"{middle} (p95 {percentile(samples, 0.95) * factor:.2f})"


def machine() -> str:
    """What it was measured on, but for the versions."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB of memory, Python {platform.python_version()}"
