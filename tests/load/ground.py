"""Where the benches stand: a durable PostgreSQL and a VAR_DIR of their own, with people made by the verbs and bulk dossiers.

The ground is made once, kept under var/bench, and made anew when the schema, the loader or the sizes change. Every run works on
a copy of it, so that no run sees what another one did.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.embedded import DURABLE, OWNER, EmbeddedServer
from tests.database import schema_fingerprint
from tests.harness import ROOT

VAR = ROOT / "var" / "bench"
RUN = "bench_run"
CALLS = 10


@dataclass(frozen=True)
class Sizes:
    """How much is loaded, and how often things are done."""

    dossiers: int = 100_000
    entries: int = 1_000_000
    rounds: int = 6
    storm_people: int = 500
    storm_seconds: int = 180


@dataclass
class Ground:
    """A copy of the ground, with Django on it."""

    server: EmbeddedServer
    sizes: Sizes
    world: Any = None

    @property
    def address(self) -> str:
        """The address of the run's database, for the product's role."""
        return self.server.url(RUN)

    def raw(self) -> psycopg.Connection[Any]:
        """A connection without Django, open to writes for its whole life: what floors are measured by."""
        connection: psycopg.Connection[Any] = psycopg.connect(
            self.address, autocommit=True, options="-c synchronous_commit=on -c quadrige.verb=bench"
        )
        return connection


def open_ground(sizes: Sizes, root: Path = VAR) -> Ground:
    """Start the server, make the ground if need be, copy it, and point Django at the copy. Before any import of models."""
    server = EmbeddedServer(root / "postgres", DURABLE)
    server.acquire()
    for name in ("broker", "documents", "mail", "cache"):
        shutil.rmtree(root / name, ignore_errors=True)
    name = f"ground_{_fingerprint(sizes)}"
    _set_environment(server.url(name), root)
    with server.connect() as admin:
        known = {row[0] for row in admin.execute("select datname from pg_database").fetchall()}
        for old in sorted(
            str(n) for n in known if str(n).startswith(("ground_", "building_", RUN)) and n != name
        ):
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(old)))
        if name not in known:
            _make(admin, server, name, sizes)
        admin.execute(
            sql.SQL("create database {} template {} owner {} strategy file_copy").format(
                sql.Identifier(RUN), sql.Identifier(name), sql.Identifier(OWNER)
            )
        )
        admin.execute("checkpoint")
    _point_django_at(server, RUN)
    return Ground(server, sizes, _world())


def _fingerprint(sizes: Sizes) -> str:
    here = Path(__file__).parent
    sources = [
        here / "bulk.py",
        here / "ground.py",
        here.parent / "world.py",
        here.parent / "calls" / "story.py",
    ]
    shape = b"".join(path.read_bytes() for path in sources) + f"{sizes.dossiers} {sizes.entries}".encode()
    return f"{schema_fingerprint()}_{hashlib.sha256(shape).hexdigest()[:8]}"


def _set_environment(url: str, root: Path) -> None:
    """The product as in the demonstration: no strict pages, no watching of queries, the embedded broker."""
    for name in list(os.environ):
        if name in {"DEBUG", "DATABASE_OPTIONS", "DATABASE_POOL_SIZE"} or name.endswith("_URL"):
            del os.environ[name]
    os.environ.update(
        DATABASE_URL=url,
        ENVIRONMENT="demo",
        VAR_DIR=str(root),
        LOG_LEVEL="ERROR",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    import django

    django.setup()


def _point_django_at(server: EmbeddedServer, name: str) -> None:
    from django.db import connections

    connections.close_all()
    os.environ["DATABASE_URL"] = server.url(name)
    for holder in (connections["default"].settings_dict, connections.settings["default"]):
        holder["NAME"] = name


def _make(admin: psycopg.Connection[Any], server: EmbeddedServer, name: str, sizes: Sizes) -> None:
    """Migrate, play the people, the pact and the calls by the verbs, load the rest by COPY, and let PostgreSQL look at it."""
    from django.core.management import call_command
    from django.db import connections

    building = f"building_{os.getpid()}"
    admin.execute(
        sql.SQL("create database {} owner {}").format(sql.Identifier(building), sql.Identifier(OWNER))
    )
    _point_django_at(server, building)
    _say(f"Making the ground: {sizes.dossiers} dossiers, {sizes.entries} journal entries")
    start = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    _play(sizes)
    connections.close_all()
    with server.connect(building) as there:
        there.execute("vacuum (freeze, analyze)")
    admin.execute(
        sql.SQL("alter database {} rename to {}").format(sql.Identifier(building), sql.Identifier(name))
    )
    _say(f"The ground is made, in {time.monotonic() - start:.0f} s")


def _play(sizes: Sizes) -> None:
    from tests.calls import story
    from tests.load import bulk
    from tests.world import NOW, make_world

    world = make_world()
    pact = story.adopted_pact(world)
    window = {"opens_at": NOW - timedelta(days=1), "closes_at": NOW + timedelta(days=3650), "pieces": []}
    calls = [
        story.open_call(world, pact, **{**window, "title": f"Parcours certifiants {n + 1}"})
        for n in range(CALLS)
    ]
    bulk.load(world, calls, dossiers=sizes.dossiers, entries=sizes.entries)


def _world() -> Any:
    """The people of the ground, found again by their addresses."""
    from accounts.models import Organisation, Region, User
    from tests.world import SIRET, World

    world = World(Region.objects.get())
    for user in User.objects.all():
        first, _dot, last = user.email.partition("@")[0].partition(".")
        world.people[first if last in ("staff", "seat", "signatory") else f"{first}_{last}"] = user
    for name in ("applicant", "other"):
        world.organisations[name] = Organisation.objects.get(siret=SIRET[name])
    return world


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
