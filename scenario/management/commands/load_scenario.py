"""Load Région Alpha and Région Bêta: about sixty dossiers at every stage, made by the verbs alone."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings
from tqdm import tqdm

from accounts.models import Region
from calls.models import Dossier
from scenario.programme import load
from workflows.engine import database_now


class Command(BaseCommand):
    help = "Make the demonstration: two Regions, their people, and dossiers at every stage."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration is never loaded in production.")
        if Region.objects.exists():
            raise CommandError(
                "There are Regions already: the demonstration is loaded into an empty database."
            )
        started = time.monotonic()
        with tqdm(total=1000, bar_format="{l_bar}{bar}| {elapsed}", desc="Région Alpha") as bar:

            def tell(_label: str, share: float) -> None:
                bar.update(max(0, int(share * 1000) - bar.n))

            # The mails of the past leave nothing behind; the notices stay in the application.
            with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
                load(database_now(), tell=tell)
        self.stdout.write(
            f"{Dossier.objects.count()} dossiers in {Region.objects.count()} Regions,"
            f" in {time.monotonic() - started:.0f} s."
        )
