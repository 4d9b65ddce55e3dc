"""The path on the servers of a real installation: S3, SMTP, clamd, and Celery on Redis and on RabbitMQ. P34: what the antivirus
has not found clean cannot be had."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from django.conf import settings
from django.db import connections

from calls.models import Dossier
from tests import servers
from tests.calls import story
from tests.guarantees.drill import TOKEN, Sending, Web, is_receipt, ready_draft, signed_in, wait_for
from tests.harness import ROOT
from tests.world import World, make_world
from workflows.engine.clock import database_now
from workflows.models import DocumentVersion, OutboxJob, OutboxState, ScanState

pytestmark = pytest.mark.django_db(transaction=True)

HARMFUL = b"quadrige-harmful-content"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
BROKERS = {"redis": servers.redis, "rabbitmq": servers.rabbitmq}


@contextmanager
def worker(log: Path, environment: dict[str, str]) -> Iterator[None]:
    """A Celery worker of the product, on the database that Django uses just now."""
    database = connections["default"].settings_dict
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "config.celery", "worker", "--pool", "solo"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            start_new_session=True,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "ENVIRONMENT": "demo",
                "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
                "SECRET_KEY": settings.SECRET_KEY,
                **environment,
            },
        )
    try:
        yield
    finally:
        servers.end(process)


def give(web: Web, dossier: Dossier, session: str, code: str, name: str, content: bytes) -> DocumentVersion:
    """Upload a piece as the page does; returns what the product keeps of it."""
    response = requests.post(
        f"{web.url}/dossiers/{dossier.pk}/pieces/",
        data={"csrfmiddlewaretoken": TOKEN, "code": code},
        files={"file": (name, content, "application/pdf")},
        cookies={settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN},
        allow_redirects=False,
        timeout=30,
    )
    assert response.status_code == 302, response.text[:2000]
    return DocumentVersion.objects.get(document__case=dossier.case, name=name)


def fetch(web: Web, version: DocumentVersion, session: str) -> requests.Response:
    """Ask for a file."""
    cookies = {settings.SESSION_COOKIE_NAME: session}
    return requests.get(f"{web.url}/files/{version.pk}/", cookies=cookies, timeout=30)


def found(version: DocumentVersion) -> str:
    """The antivirus's verdict, as it stands."""
    return DocumentVersion.objects.get(pk=version.pk).scan


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.mark.parametrize("broker", BROKERS)
def test_p34_the_path_runs_on_real_servers(broker: str, world: World, tmp_path: Path) -> None:
    now = database_now()
    call = story.open_call(world, now=now, opens_at=now, closes_at=now + timedelta(days=1))
    dossier = ready_draft(world, call, now=now)
    session = signed_in(world.applicant)
    folders = {name: tmp_path / name for name in ("s3", "broker", "clamd")}
    for folder in folders.values():
        folder.mkdir()
    with (
        servers.s3(folders["s3"], "documents", "seals") as s3,
        servers.smtp() as (smtp, letterbox),
        BROKERS[broker](folders["broker"]) as address,
    ):
        environment = {
            "STORAGE_URL": f"{s3}/documents/alpha?tls=0",
            "SEALS_URL": f"{s3}/seals/alpha?tls=0",
            "EMAIL_URL": smtp,
            "CELERY_BROKER_URL": address,
            "ANTIVIRUS_URL": f"tcp://127.0.0.1:{servers.free_port()}",
            "WEB_WORKERS": "1",
        }
        log = tmp_path / "worker.log"
        with servers.clamd(folders["clamd"], Quadrige=HARMFUL) as antivirus:
            environment["ANTIVIRUS_URL"] = antivirus
            with Web(tmp_path / "web.log", environment=environment) as web, worker(log, environment):
                clean = give(web, dossier, session, "STATUTS", "clean.pdf", PDF)
                harmful = give(web, dossier, session, "CER", "harmful.pdf", PDF + HARMFUL)
                wait_for(lambda: found(clean) == ScanState.CLEAN, 40, log)
                wait_for(lambda: found(harmful) == ScanState.INFECTED, 40, log)
                assert fetch(web, clean, session).content == PDF
                assert (folders["s3"] / "documents" / "alpha" / clean.path).read_bytes() == PDF
                assert PDF not in fetch(web, harmful, session).content
        with Web(tmp_path / "web.log", environment=environment) as web, worker(log, environment):
            unknown = give(web, dossier, session, "STATUTS", "unknown.pdf", PDF)  # the antivirus is down
            job = OutboxJob.objects.get(kind="scan", payload__version=str(unknown.pk))
            wait_for(
                lambda: OutboxJob.objects.filter(pk=job.pk, attempts=1).exclude(last_error="").exists(),
                40,
                log,
            )
            assert found(unknown) == ScanState.PENDING
            assert PDF not in fetch(web, unknown, session).content
            give(web, dossier, session, "CER", "mended.pdf", PDF)
            sending = Sending(session, dossier.pk, str(uuid4()))
            assert is_receipt(sending.to(web), sending)
            letters = OutboxJob.objects.filter(kind="letter", payload__code="receipt", state=OutboxState.DONE)
            wait_for(letters.exists, 60, log)
            wait_for(lambda: len(letterbox.mails) >= 2, 40, log)
    receipt = DocumentVersion.objects.get(document__case=dossier.case, document__code="receipt")
    assert (folders["s3"] / "documents" / "alpha" / receipt.path).read_bytes().startswith(b"%PDF-")
    told = {str(mail["To"]) for mail in letterbox.mails if dossier.case.reference in str(mail["Subject"])}
    assert {world.applicant.email, world.applicant_editor.email} <= told
