"""Processes that live and die together."""

import os
import signal
import sys
import threading
from pathlib import Path

from config.processes import Supervisor

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]


def test_one_that_ends_is_named_and_the_others_end_with_it(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        processes.start("steady", SLEEPER, {})
        processes.start("brief", [sys.executable, "-c", "import sys; sys.exit('broken')"], {})
        assert processes.wait(seconds=20) == "brief"
        assert processes.exit_code("brief") == 1
        assert processes.exit_code("steady") is None
    assert processes.exit_code("steady") == -signal.SIGTERM
    assert processes.log("brief").read_text() == "broken\n"


def test_a_signal_ends_the_wait_and_the_processes(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        processes.start("steady", SLEEPER, {})
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert processes.wait(seconds=20) is None
        assert processes.asked_to_stop
    assert processes.exit_code("steady") == -signal.SIGTERM
