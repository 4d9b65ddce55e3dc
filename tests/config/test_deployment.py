"""Production refuses to start, or to be deployed, without what keeps its promises."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test import override_settings

from config.checks import durability_errors, read_durability
from tests.harness import ROOT

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


def test_the_deploy_check_asks_for_antivirus_time_stamps_and_a_far_store() -> None:
    found = {message.id for message in run_checks(tags=["security"], include_deployment_checks=True)}
    assert {"quadrige.E002", "quadrige.W001", "quadrige.W002"} <= found
    with override_settings(ANTIVIRUS_URL="tcp://127.0.0.1:3310", TIMESTAMP_URL="https://tsa.example"):
        found = {message.id for message in run_checks(tags=["security"], include_deployment_checks=True)}
    assert not {"quadrige.E002", "quadrige.W001"} & found
