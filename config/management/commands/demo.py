"""`make demo`: the whole product on this machine, with the demonstration Region in it."""

import importlib
import importlib.util
import os
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from config import translations
from config.processes import Supervisor

STARTUP_SECONDS = 60


class Command(BaseCommand):
    help = "Run the product with its demonstration data: web, worker and beat, until Ctrl-C."
    requires_system_checks = []  # the first run has no tables yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration does not run in production.")
        if not _is_free(port):
            raise CommandError(f"Port {port} is taken. Try: PORT={port + 1} make demo")
        started = time.monotonic()
        self._prepare()
        with Supervisor(settings.VAR_DIR / "log") as processes:
            self._start(processes, port)
            self._wait_until_ready(processes, port)
            self._welcome(port, time.monotonic() - started, processes.logs)
            ended = processes.wait()
            if ended is not None:
                raise CommandError(self._obituary(processes, ended))
            self.stdout.write("\nStopping…")
        self.stdout.write("Stopped. The data stays in var/; `make demo` goes on from here.")

    def _prepare(self) -> None:
        translations.compile_all()
        self.stdout.write("Preparing the database…")
        call_command("migrate", verbosity=0, interactive=False)
        unfinished = settings.VAR_DIR / "scenario-unfinished"
        if unfinished.exists():
            raise CommandError(
                "The demonstration's data was left half loaded. Run `make forget`, then again."
            )
        if "load_scenario" in get_commands() and not get_user_model().objects.exists():
            unfinished.touch()
            call_command("load_scenario")
            unfinished.unlink()

    def _start(self, processes: Supervisor, port: int) -> None:
        metrics = settings.VAR_DIR / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir(parents=True)
        environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ENVIRONMENT": settings.ENVIRONMENT,
            "PORT": str(port),
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        }
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "--app", "config.celery"]
        # gossip, mingle and heartbeat make workers talk to each other, which one worker need not
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        processes.start(
            "web", [*python, "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"], environment
        )
        processes.start("worker", [*celery, "worker", "--concurrency", "2", *quiet], environment)
        processes.start("beat", [*celery, "beat"], environment)

    def _wait_until_ready(self, processes: Supervisor, port: int) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < deadline and not processes.asked_to_stop:
            ended = processes.wait(seconds=0.25)
            if ended is not None:
                raise CommandError(self._obituary(processes, ended))
            if _answers(f"http://127.0.0.1:{port}/health/ready"):
                return
        if not processes.asked_to_stop:
            raise CommandError(f"No answer after {STARTUP_SECONDS} s: see {processes.log('web')}")

    def _obituary(self, processes: Supervisor, name: str) -> str:
        lines = processes.log(name).read_text(errors="replace").splitlines()[-20:]
        code = processes.exit_code(name)
        return "\n".join([f"The {name} process ended by itself (exit code {code}); its last lines:", *lines])

    def _welcome(self, port: int, seconds: float, logs: Path) -> None:
        self.stdout.write(
            self.style.SUCCESS(f"\nQuadrige: http://127.0.0.1:{port}/   (ready in {seconds:.0f} s)")
        )
        people = _demo_people()
        if people:
            password = importlib.import_module("scenario.people").DEMO_PASSWORD
            self.stdout.write(f"\nYou can sign in, with the password {password}, as:")
            width = [max(len(row[column]) for row in people) for column in range(2)]
            for email, role, note in people:
                self.stdout.write(f"  {email:<{width[0]}}  {role:<{width[1]}}  {note}".rstrip())
        self.stdout.write(
            f"\nMails are written to {settings.VAR_DIR / 'mail'}, logs to {logs}. Ctrl-C stops."
        )
        self.stdout.flush()


def _demo_people() -> list[tuple[str, str, str]]:
    """Return (e-mail, role, note) of the people of the demonstration."""
    if importlib.util.find_spec("scenario.people") is None:
        return []
    rows = importlib.import_module("scenario.people").demo_people()
    return [(str(email), str(role), str(note)) for email, role, note in rows]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
