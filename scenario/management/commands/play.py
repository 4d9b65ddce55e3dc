"""Play the whole path from nothing, without a browser, in an empty database, and account for it."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings
from tqdm import tqdm

from accounts.models import Region
from scenario import account
from scenario.programme import play
from workflows.engine import database_now


class Command(BaseCommand):
    help = "Play a call from its pact to the closure of its dossiers; the last line is a JSON account."
    requires_system_checks = []  # the database is empty at first

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if Region.objects.exists():
            raise CommandError("The play needs an empty database: use `make play`.")
        started = time.monotonic()
        with tqdm(total=1000, bar_format="{l_bar}{bar}| {elapsed}", desc="The whole path") as bar:

            def tell(_label: str, share: float) -> None:
                bar.update(max(0, int(share * 1000) - bar.n))

            with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
                play(database_now(), tell=tell)
        seconds = round(time.monotonic() - started, 1)
        told = account.account(seconds)
        for line in account.summary(told):
            self.stdout.write(line)
        faults = account.faults()
        for fault in faults:
            self.stderr.write(fault)
        self.stdout.write(json.dumps(told, ensure_ascii=False))
        if faults:
            raise CommandError(f"{len(faults)} fault(s).")
