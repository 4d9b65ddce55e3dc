"""The demonstration's mailbox, and the mails of sign-up that it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from config.mailbox import mailbox, mails
from tests.world import World


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where Django writes the mails, as in the demonstration."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def test_whoever_signs_up_finds_the_link_to_confirm_in_the_regions_name(
    world: World, folder: Path, client: Client
) -> None:
    form = {"email": "jeanne@asso.example", "first_name": "Jeanne", "last_name": "Martin"}
    words = dict.fromkeys(("password1", "password2"), "un-mot-de-passe-solide-26")
    assert client.post(reverse("account_signup"), {**form, **words}).status_code == 302
    (mail,) = mails(folder)
    assert mail.to == "jeanne@asso.example"
    assert mail.sent_at is not None
    assert mail.sent_at.utcoffset() is not None
    assert "/accounts/confirm-email/" in mail.text
    assert f"{world.region.name} · {world.region.service_name}" in mail.text
    assert "testserver!" not in mail.text
    page = mailbox(RequestFactory().get("/demo/mail/")).content.decode()
    assert mail.subject in page


def test_an_empty_mailbox_says_so(db: None, folder: Path) -> None:
    assert "No mail has left yet." in mailbox(RequestFactory().get("/demo/mail/")).content.decode()
