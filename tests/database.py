"""One PostgreSQL for all tests, one migrated template, one copy of it for each test process.

The server is the embedded one, started by the first process that needs it and stopped by the last. The
template is named after everything that shapes the schema, so it is migrated once and used until that changes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.embedded import ADMIN, OWNER, THROWAWAY, EmbeddedServer
from tests.harness import ROOT

SCHEMA_SOURCES = (
    "*/migrations/**/*.py",
    "*/migrations/**/*.sql",
    "*/guards.py",
    "workflows/sql/**/*",
    "requirements/base.txt",
)
TEMPLATES_KEPT = 3
BUILD_LOCK = 7_306_481  # any number that nobody else uses on this server

server = EmbeddedServer(ROOT / "var" / "test-postgres", THROWAWAY)


def schema_fingerprint() -> str:
    """Return a short hash of every file that shapes the schema."""
    digest = hashlib.sha256()
    for pattern in SCHEMA_SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts and ".venv" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def point_django_at(name: str) -> None:
    """Let Django's default connection use the database `name` of the test server."""
    address = psycopg.conninfo.conninfo_to_dict(server.url(name))
    connections.close_all()
    settings = {
        "NAME": name,
        "USER": OWNER,
        "PASSWORD": cast(str, address["password"]),
        "HOST": "127.0.0.1",
        "PORT": str(address["port"]),
    }
    for holder in (connections["default"].settings_dict, connections.settings["default"]):
        holder.update(settings)


def ensure_template() -> str:
    """Return the name of a migrated template database, building it if the schema has changed."""
    name = f"template_{schema_fingerprint()}"
    with server.connect() as admin:
        if _exists(admin, name):
            return name
        admin.execute("select pg_advisory_lock(%s)", [BUILD_LOCK])
        if _exists(admin, name):  # another process has built it while we waited
            return name
        building = f"building_{os.getpid()}"
        _drop(admin, building)
        admin.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(building), sql.Identifier(OWNER))
        )
        point_django_at(building)
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        admin.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(building), sql.Identifier(name))
        )
        _drop_older_templates(admin)
    return name


class WorkerDatabase:
    """The database of one test process, a copy of the template."""

    def __init__(self, worker: str) -> None:
        self.name = f"test_{os.getpid()}_{worker}"
        self.template = ""

    def create(self) -> None:
        """Make the copy, and drop those of processes that died."""
        server.acquire()
        self.template = ensure_template()
        with server.connect() as admin:
            rows = admin.execute(
                "select datname from pg_database where datname ~ '^(test|building)_'"
            ).fetchall()
            for (name,) in rows:
                if not _is_alive(int(str(name).split("_")[1])):
                    _drop(admin, str(name))
        self.reset()

    def reset(self) -> None:
        """Replace the database by a pristine copy; connections to the old one are cut."""
        connections.close_all()
        with server.connect() as admin:
            _drop(admin, self.name)
            admin.execute(
                sql.SQL("create database {} template {} owner {}").format(
                    sql.Identifier(self.name), sql.Identifier(self.template), sql.Identifier(OWNER)
                )
            )
        point_django_at(self.name)

    def destroy(self) -> None:
        """Drop the database and let go of the server."""
        connections.close_all()
        with server.connect() as admin:
            _drop(admin, self.name)
        server.release()


@contextmanager
def superuser(database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Yield an autocommit connection of the database's superuser, for tests that play an intruder."""
    with psycopg.connect(server.url(database, ADMIN), autocommit=True) as connection:
        yield connection


def _exists(admin: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    return admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def _drop(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _drop_older_templates(admin: psycopg.Connection[tuple[object, ...]]) -> None:
    older = admin.execute(
        "select datname from pg_database where datname like 'template\\_%%' order by oid desc offset %s",
        [TEMPLATES_KEPT],
    ).fetchall()
    for (name,) in older:
        _drop(admin, str(name))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
