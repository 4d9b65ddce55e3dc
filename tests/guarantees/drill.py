"""What the drills are made of: a PostgreSQL that may be killed, the product served by gunicorn on it, people who submit."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import requests
from django.conf import settings
from django.db import connections
from django.test import Client
from psycopg.conninfo import conninfo_to_dict

from accounts.models import User
from calls.models import Call, Dossier
from config import embedded
from config.embedded import DURABLE, OWNER, EmbeddedServer
from tests.calls import story
from tests.database import ensure_template
from tests.database import server as tests
from tests.harness import ROOT
from tests.world import World

LONG = os.environ.get("DRILL") == "long"
"""`make drill` is long; `make test` takes the same drills in short."""

ATTESTED = {"attestation": "on", "attested_capacity": "Présidente"}
TOKEN = "0123456789abcdefghijklmnopqrstuv"  # the two halves of the double submit, cookie and field

#: Unflushed work stays long in PostgreSQL's own memory: what is not flushed by the commit itself dies with the server.
LAZY_WRITER = {"wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}


class Site:
    """A database server of the drill's own, and Django's way to it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.server = EmbeddedServer(folder / "postgres", {**DURABLE, **(settings or LAZY_WRITER)})
        self.folder = folder
        # Below the ports that clients are given: while the server is dead, nobody may be handed its own.
        self.server.root.mkdir(parents=True, exist_ok=True)
        (self.server.root / "port").write_text(str(free_port(range(20_000, 32_000))))

    @classmethod
    def on(cls, server: EmbeddedServer) -> Site:
        """A site on a server that somebody else has made."""
        site = cls(server.root.parent)
        site.server = server
        return site

    @contextmanager
    def open(self) -> Iterator[Site]:
        """Start the server, let Django use it, and leave everything as it was."""
        self.server.acquire()
        copy_schema(self.server)
        holders = (connections["default"].settings_dict, connections.settings["default"])
        before = [dict(holder) for holder in holders]
        address = conninfo_to_dict(self.server.url())
        connections.close_all()
        for holder in holders:
            holder.update(
                NAME=address["dbname"],
                USER=address["user"],
                PASSWORD=address["password"],
                HOST=address["host"],
                PORT=str(address["port"]),
            )
        try:
            yield self
        finally:
            connections.close_all()
            for holder, values in zip(holders, before, strict=True):
                holder.update(values)
            self.server.release()

    def kill(self) -> None:
        """SIGKILL the postmaster and all its children, as a power cut would: nobody gets to write anything."""
        postmaster = int((self.server.data / "postmaster.pid").read_text().split()[0])
        doomed = [postmaster, *children(postmaster)]
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() and not is_zombie(pid) for pid in doomed):
            assert time.monotonic() < deadline, "a killed process still lives"
            time.sleep(0.01)
        connections.close_all()

    def restart(self) -> None:
        """Start the server again on the same data: it recovers from its log."""
        self.server.release()
        self.server.acquire()


def copy_schema(server: EmbeddedServer) -> None:
    """Give an empty database the tables that the tests' template has: quicker than to migrate."""
    with server.connect(OWNER) as there:
        if there.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
            return
    tests.acquire()
    programs = embedded._programs()
    dump = subprocess.run(
        [programs / "pg_dump", "--no-owner", tests.url(ensure_template())], capture_output=True, check=True
    )
    subprocess.run(
        [programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", server.url()],
        input=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def free_port(among: Sequence[int]) -> int:
    """A port of this machine that nobody listens on."""
    while True:
        port = random.choice(among)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def children(parent: int) -> list[int]:
    """The processes that ``parent`` started and that still are."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(path.parent.name))
    return found


def is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@dataclass
class Web:
    """The product under gunicorn, as it is in production, on the database that Django uses just now."""

    log: Path
    application: str = "config.wsgi"
    environment: dict[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    url: str = ""

    def __enter__(self) -> Web:
        database = connections["default"].settings_dict
        port = free_port(range(20_000, 32_000))
        self.url = f"http://127.0.0.1:{port}"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "-c",
                    "config/gunicorn.py",
                    *self.arguments,
                    self.application,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "config.settings",
                    "ENVIRONMENT": "demo",
                    "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
                    "SECRET_KEY": settings.SECRET_KEY,
                    "PORT": str(port),
                    **self.environment,
                },
            )
        try:
            wait_for(self._answers, 40, self.log)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.log.read_text()[-4000:]
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/calls/", timeout=10).status_code == 200
        return False


def wait_for(condition: Callable[[], bool], seconds: float, log: Path | None = None) -> None:
    """Wait until ``condition`` holds; fail with the log's end if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, log.read_text()[-4000:] if log else "it never came"
        time.sleep(0.2)


@dataclass(frozen=True)
class Sending:
    """One press of the button: who sends which dossier, with the key of the form."""

    session: str
    dossier: UUID
    key: str

    def to(self, web: Web, *, timeout: float = 30, **headers: str) -> requests.Response:
        """Send it, and do not follow the answer."""
        return requests.post(
            f"{web.url}/dossiers/{self.dossier}/submit/",
            data={**ATTESTED, "key": self.key, "csrfmiddlewaretoken": TOKEN},
            cookies={settings.SESSION_COOKIE_NAME: self.session, settings.CSRF_COOKIE_NAME: TOKEN},
            headers=headers,
            allow_redirects=False,
            timeout=timeout,
        )


def signed_in(person: User) -> str:
    """A session of the person's, as signing in makes it."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def plain_call(world: World, *, now: datetime, **changed: Any) -> Call:
    """A call open now that asks for no piece, so that many drafts are quickly made."""
    window = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=30)}
    return story.open_call(world, now=now, **{**window, "pieces": [], **changed})


def ready_draft(world: World, call: Call, *, now: datetime, team: str = "applicant") -> Dossier:
    """A draft that lacks nothing."""
    return story.filled_draft(world, call, by=world.people[f"{team}_editor"], now=now)


def sendings(world: World, call: Call, number: int, *, now: datetime) -> list[Sending]:
    """So many drafts of two organisations, ready to be sent from as many sessions as there are clients."""
    teams = ("applicant", "other")
    sessions = [signed_in(world.people[teams[n % 2]]) for n in range(8)]
    return [
        Sending(sessions[n % 8], ready_draft(world, call, now=now, team=teams[n % 2]).pk, str(uuid4()))
        for n in range(number)
    ]


@dataclass
class Answers:
    """What eight clients were told: who got a receipt, who got anything else."""

    acknowledged: list[Sending] = field(default_factory=list)
    unknown: list[Sending] = field(default_factory=list)
    unsent: list[Sending] = field(default_factory=list)


def send_all(
    web: Web, todo: Iterable[Sending], *, clients: int = 8, after: int = 0, then: Callable[[], None]
) -> Answers:
    """Eight clients send at the same time until, ``after`` of them being acknowledged, ``then`` happens in their midst."""
    answers, waiting, lock = Answers(), list(reversed(list(todo))), threading.Lock()
    reached = threading.Event()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                sending = waiting.pop()
            try:
                done = is_receipt(sending.to(web), sending)
            except requests.RequestException:
                done = False
            with lock:
                (answers.acknowledged if done else answers.unknown).append(sending)
                if len(answers.acknowledged) >= after:
                    reached.set()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        assert reached.wait(60), "too few submissions were acknowledged"
        then()
    finally:
        with lock:
            left = list(waiting)
            waiting.clear()
        for thread in threads:
            thread.join()
    answers.unsent.extend(left)
    return answers


def is_receipt(response: requests.Response, sending: Sending) -> bool:
    """Whether the answer is the acknowledgement: a redirect to the dossier's receipt."""
    return (
        response.status_code in (302, 303)
        and response.headers["Location"] == f"/dossiers/{sending.dossier}/receipt/"
    )
