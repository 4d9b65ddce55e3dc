"""Several processes that live and die together."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType

GRACE = 25
"""Seconds that a process has to finish what it is doing, once asked to stop."""


class Supervisor:
    """Starts processes, waits, and ends them all as soon as one ends or somebody asks for it.

    None is ever restarted in silence: a process that ends by itself is a fault to be seen. Each writes its
    own file under `logs`. Used as a context, it stops what it started whatever happens.
    """

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.logs.mkdir(parents=True, exist_ok=True)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = threading.Event()

    def __enter__(self) -> Supervisor:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, command: Iterable[str], environment: Mapping[str, str]) -> None:
        """Start `command` as `name`; Ctrl-C reaches us only, so that we can end it in order."""
        with self.log(name).open("wb") as log:
            self._processes[name] = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def log(self, name: str) -> Path:
        """Return the file that the process `name` writes to."""
        return self.logs / f"{name}.log"

    def wait(self, seconds: float | None = None) -> str | None:
        """Wait at most `seconds` for a wish to stop or the end of a process; return the ended one's name."""
        waited = 0.0
        while not self._asked_to_stop.is_set():
            for name, process in self._processes.items():
                if process.poll() is not None:
                    return name
            if seconds is not None and waited >= seconds:
                return None
            self._asked_to_stop.wait(0.25)
            waited += 0.25
        return None

    @property
    def asked_to_stop(self) -> bool:
        """Whether Ctrl-C, SIGTERM or the end of the terminal came."""
        return self._asked_to_stop.is_set()

    def exit_code(self, name: str) -> int | None:
        """Return the exit code of `name`, None while it runs."""
        return self._processes[name].poll()

    def stop(self) -> None:
        """Ask every process to finish, last started first, and end by force what does not."""
        for process in reversed(self._processes.values()):
            if process.poll() is None:
                process.terminate()
        for process in self._processes.values():
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop.set()
