"""Production refuses to start, or to be deployed, without what keeps its promises."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest
from botocore.config import Config
from celery.schedules import crontab
from django.core.checks import run_checks
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from config.celery import app as celery_app
from config.checks import durability_errors, read_durability
from config.storages import storage_from_url
from tests import servers
from tests.calls.story import submitted_dossier
from tests.guarantees.conftest import undone
from tests.harness import ROOT
from tests.world import World, opened
from workflows import seals
from workflows.engine.clock import database_now
from workflows.models import WorkItem

COMPLETE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "x" * 50,
    "BASE_URL": "https://quadrige.example",
    "DATABASE_URL": "postgresql://quadrige@db.example/quadrige",
    "CACHE_URL": "rediscache://cache.example/0",
    "CELERY_BROKER_URL": "redis://broker.example/1",
    "STORAGE_URL": "s3://key:secret@s3.example/documents",
    "SEALS_URL": "s3://key:secret@elsewhere.example/seals",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example:587",
    "ANTIVIRUS_URL": "tcp://clamd.example:3310",
}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code = "import config.settings as s; print(s.SESSION_COOKIE_NAME, s.SECURE_HSTS_SECONDS, s.EMAIL_HOST)"
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_complete() -> None:
    assert start(COMPLETE).stdout == "__Host-session 31536000 mail.example\n"


@pytest.mark.parametrize("missing", [name for name in COMPLETE if name != "ENVIRONMENT"])
def test_production_names_what_is_missing(missing: str) -> None:
    result = start({name: value for name, value in COMPLETE.items() if name != missing})
    assert result.returncode != 0
    assert f"production needs {missing}" in result.stderr


def test_production_needs_https() -> None:
    assert (
        "BASE_URL that starts with https" in start({**COMPLETE, "BASE_URL": "http://quadrige.example"}).stderr
    )


def test_a_database_by_hand_means_production() -> None:
    result = start({"DATABASE_URL": COMPLETE["DATABASE_URL"]})
    assert "production needs SECRET_KEY" in result.stderr


def test_static_files_gather_under_names_that_change_with_their_content(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=ROOT,
        env={**clean, **COMPLETE, "STATIC_ROOT": str(tmp_path)},
        check=True,
    )
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for path in ("bootstrap/css/bootstrap.min.css", "django_htmx/htmx-2.min.js"):
        assert names[path] != path
        assert (tmp_path / names[path]).exists()
    assert not (tmp_path / "viewflow").exists()


@pytest.mark.django_db
def test_p01_a_database_that_may_forget_is_refused() -> None:
    assert [error.id for error in durability_errors(read_durability("default"))] == ["quadrige.E001"] * 2
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")
    faults = [error.msg for error in durability_errors(read_durability("default"))]
    assert any("synchronous_commit=off" in fault for fault in faults)
    assert durability_errors({"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}) == []


def deploy_ids() -> set[str]:
    """What `manage.py check --deploy` says of this installation, by its own identifiers."""
    found = run_checks(tags=["security"], include_deployment_checks=True)
    return {str(message.id) for message in found if str(message.id).startswith("quadrige.")}


@pytest.fixture
def sound(tmp_path: Path, settings: Any, world: World) -> Iterator[Any]:
    """An installation that the deploy check lets pass, but for the tests' own disk, which may forget (E001)."""
    for name in ("documents", "seals", "authority", "clamd"):
        (tmp_path / name).mkdir()
    settings.DEBUG = False
    shared = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {"default": {"BACKEND": shared, "LOCATION": str(tmp_path / "cache")}}
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": storage_from_url(f"file://{tmp_path}/documents"),
        "seals": {
            "BACKEND": "tests.config.test_deployment.FarAway",
            "OPTIONS": {"location": tmp_path / "seals"},
        },
    }
    submitted_dossier(world)
    with (
        servers.timestamps(tmp_path / "authority") as settings.TIMESTAMP_URL,
        answering() as settings.ANTIVIRUS_URL,
    ):
        assert deploy_ids() == {"quadrige.E001"}
        yield settings


class FarAway(FileSystemStorage):
    """A store that is not of the kind of this machine's own."""


@contextmanager
def answering() -> Iterator[str]:
    """Something that answers as clamd does to PING."""

    class Pong(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(64)
            self.request.sendall(b"PONG\0")

    with ThreadingTCPServer(("127.0.0.1", 0), Pong) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def break_debug(settings: Any) -> None:
    settings.DEBUG = True


def break_celery(settings: Any) -> None:
    celery_app.conf.task_always_eager = True


def no_antivirus(settings: Any) -> None:
    settings.ANTIVIRUS_URL = ""


def silent_antivirus(settings: Any) -> None:
    settings.ANTIVIRUS_URL = f"tcp://127.0.0.1:{servers.free_port()}"


def no_authority(settings: Any) -> None:
    settings.TIMESTAMP_URL = ""


def silent_authority(settings: Any) -> None:
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{servers.free_port()}/"


def store_gone(name: str) -> Callable[[Any], None]:
    def lose(settings: Any) -> None:
        url = f"s3://key:secret@127.0.0.1:{servers.free_port()}/bucket?tls=0"
        store = storage_from_url(url)
        store["OPTIONS"]["client_config"] = Config(retries={"total_max_attempts": 1}, connect_timeout=2)
        settings.STORAGES = {**settings.STORAGES, name: store}

    return lose


def seals_on_this_machine(settings: Any) -> None:
    folder = settings.STORAGES["seals"]["OPTIONS"]["location"]
    settings.STORAGES = {**settings.STORAGES, "seals": storage_from_url(f"file://{folder}")}


def schedule(when: Any, task: str = "workflows.seal_journals") -> Callable[[Any], None]:
    def change(settings: Any) -> None:
        settings.CELERY_BEAT_SCHEDULE = {"seal": {"task": task, "schedule": when}} if when else {}

    return change


def never_sealed(settings: Any) -> None:
    """The journals have waited for a seal since yesterday."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("GRANT ALL ON workflows_entry TO CURRENT_USER")
        cursor.execute("ALTER TABLE workflows_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE workflows_entry SET recorded_at = recorded_at - interval '1 day'")


def sealed_yesterday(settings: Any) -> None:
    seals.seal(now=database_now() - timedelta(days=1))
    never_sealed(settings)


def step_gone(settings: Any) -> None:
    with opened():
        WorkItem.objects.filter(state="open").update(step="calls.DraftFlow.gone")


BREAKS: list[tuple[Callable[[Any], None], str]] = [
    (break_debug, "E003"),
    (break_celery, "E004"),
    (no_antivirus, "E002"),
    (silent_antivirus, "E002"),
    (no_authority, "W001"),
    (silent_authority, "E012"),
    (store_gone("documents"), "E006"),
    (store_gone("seals"), "E006"),
    (seals_on_this_machine, "W002"),
    (schedule(None), "E009"),
    (schedule(crontab(minute=0, hour=3)), "E009"),
    (schedule(7200.0), "E009"),
    (schedule(crontab(minute=0), task="workflows.gone"), "E009"),
    (never_sealed, "E008"),
    (sealed_yesterday, "E008"),
    (step_gone, "E007"),
]


def test_the_deploy_check_refuses_what_breaks_a_guarantee(sound: Any) -> None:
    """Each of these alone is named; before it and after it, nothing is."""
    for break_it, code in BREAKS:
        kept = (sound.STORAGES, sound.CELERY_BEAT_SCHEDULE, sound.TIMESTAMP_URL, sound.ANTIVIRUS_URL)
        with undone():
            break_it(sound)
            assert deploy_ids() == {"quadrige.E001", f"quadrige.{code}"}, (break_it.__name__, code)
        sound.DEBUG, celery_app.conf.task_always_eager = False, False
        sound.STORAGES, sound.CELERY_BEAT_SCHEDULE, sound.TIMESTAMP_URL, sound.ANTIVIRUS_URL = kept
    for when in (600.0, crontab(minute="*/20"), timedelta(hours=1)):
        schedule(when)(sound)
        assert deploy_ids() == {"quadrige.E001"}
    # and a seal made by hand is as good as the clock's
    sealed_yesterday(sound)
    assert "quadrige.E008" in deploy_ids()
    out = StringIO()
    call_command("seal_journals", stdout=out)
    assert "journals sealed" in out.getvalue()
    assert deploy_ids() == {"quadrige.E001"}


def test_the_deploy_check_refuses_a_database_that_does_not_answer(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    before = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["PORT"] = str(servers.free_port())
        try:
            assert "quadrige.E005" in deploy_ids()
        finally:
            connection.close()
            connection.settings_dict.update(before)
