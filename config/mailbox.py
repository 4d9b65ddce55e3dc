"""The demonstration's mailbox: the mails that would have left, so that one can follow their links. Never in production."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SHOWN = 50
BETWEEN = b"-" * 79


@dataclass(frozen=True)
class Mail:
    """One mail as it was written to the folder."""

    to: str
    subject: str
    sent_at: datetime | None
    text: str


def mails(folder: Path, most: int = SHOWN) -> list[Mail]:
    """The latest mails of a folder written by Django's file backend, latest first."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:most]
    found = []
    for path in files:
        for part in reversed(path.read_bytes().split(BETWEEN)):
            if part.strip():
                found.append(_read(part.lstrip(b"\n")))
    return found[:most]


def _read(data: bytes) -> Mail:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    sent_at = parsedate_to_datetime(str(message["Date"])) if message["Date"] else None
    return Mail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        # "-0000" is UTC of an unknown place (RFC 5322 §3.3), which Python reads as an instant without zone
        sent_at=sent_at.replace(tzinfo=sent_at.tzinfo or UTC) if sent_at else None,
        text=body.get_content() if body else "",
    )


@login_not_required
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the latest mails of the demonstration."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", "") or ".")
    return render(request, "mail/mailbox.html", {"mails": mails(folder) if folder.is_dir() else []})
