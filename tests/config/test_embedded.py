"""The embedded PostgreSQL keeps its promises and outlives nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import EmbeddedServer
from tests.harness import ROOT

HOLD = """
import sys
from pathlib import Path
from config.embedded import EmbeddedServer

server = EmbeddedServer(Path(sys.argv[1]))
server.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("postgres")


def test_the_server_is_durable_and_its_role_is_no_superuser(folder: Path) -> None:
    server = EmbeddedServer(folder)
    server.acquire()
    try:
        with server.connect() as connection:
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                assert connection.execute("select current_setting(%s)", [name]).fetchone() == ("on",)
            roles = connection.execute("select rolsuper from pg_roles where rolname = 'quadrige'").fetchall()
        assert roles == [(False,)]
        assert oct((folder / "password").stat().st_mode)[-3:] == "600"
    finally:
        server.release()
    assert not server.is_running()


def test_the_last_one_out_stops_the_server_even_after_a_kill(folder: Path) -> None:
    server = EmbeddedServer(folder)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        server.acquire()
        server.release()
        assert server.is_running()  # the other one still holds it
        other.kill()
        other.wait()
        assert server.is_running()  # nobody was there to stop it
        server.acquire()
        server.release()
        assert not server.is_running()
    finally:
        other.kill()
        other.communicate()
        server.stop()


def test_a_kept_server_stays_until_it_is_stopped(folder: Path) -> None:
    server = EmbeddedServer(folder)
    server.keep()
    server.release()
    assert server.is_running()
    address = server.url()
    server.stop()
    assert not server.is_running()
    server.acquire()
    assert server.url() == address  # the port is kept as long as it is free
    server.release()
