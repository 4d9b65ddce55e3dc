"""`make demo`, with its real processes, on a database that has somebody in it already."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from tests.database import WorkerDatabase, server
from tests.harness import ROOT

STOP_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_demo(database: WorkerDatabase, folder: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}},
            "ENVIRONMENT": "demo",
            "DATABASE_URL": server.url(database.name),
            "VAR_DIR": str(folder),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    seen = ""
    assert process.stdout is not None
    for line in process.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"{text!r} never came:\n{seen}")


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *children(int(child))]
    return found


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}/stat").exists()]


@pytest.mark.django_db(transaction=True)
def test_the_demo_answers_and_ends_leaving_nothing(test_database: WorkerDatabase, tmp_path: Path) -> None:
    get_user_model().objects.create_user(email="anne@region-alpha.example", password="x")
    port = free_port()
    demo = start_demo(test_database, tmp_path, port)
    try:
        greeting = read_until(demo, "Ctrl-C stops")
        assert f"http://127.0.0.1:{port}/" in greeting
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as response:
            assert response.status == 200
        processes = children(demo.pid)
        assert len(processes) >= 5  # two web workers and their master, a task worker, beat
        demo.send_signal(signal.SIGTERM)
        rest, _ = demo.communicate(timeout=STOP_SECONDS)
        assert "Stopped" in rest
        assert demo.returncode == 0
        assert alive(processes) == []
    finally:
        demo.kill()


@pytest.mark.django_db(transaction=True)
def test_a_dead_child_is_named_and_ends_the_demo(test_database: WorkerDatabase, tmp_path: Path) -> None:
    get_user_model().objects.create_user(email="anne@region-alpha.example", password="x")
    demo = start_demo(test_database, tmp_path, free_port())
    try:
        read_until(demo, "Ctrl-C stops")
        processes = children(demo.pid)
        beat = next(pid for pid in processes if b"\0beat" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(beat, signal.SIGKILL)
        rest, _ = demo.communicate(timeout=STOP_SECONDS)
        assert "The beat process ended by itself" in rest
        assert demo.returncode != 0
        time.sleep(0.2)
        assert alive(processes) == []
    finally:
        demo.kill()


@pytest.mark.django_db(transaction=True)
def test_half_loaded_data_is_not_shown_as_whole(test_database: WorkerDatabase, tmp_path: Path) -> None:
    (tmp_path / "scenario-unfinished").touch()
    demo = start_demo(test_database, tmp_path, free_port())
    output, _ = demo.communicate(timeout=60)
    assert demo.returncode != 0
    assert "make forget" in output
