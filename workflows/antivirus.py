"""clamd over INSTREAM. Anything but a clear « OK » leaves the file unavailable: it fails closed (guarantee P34)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

CHUNK = 1 << 16
TIMEOUT = 60.0


class ScanError(Exception):
    """The scanner could not be asked, or did not answer clearly: the file stays pending."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner found; ``detail`` names the signature of an infected file."""

    clean: bool
    detail: str


def scan(stream: IO[bytes], url: str) -> Verdict:
    """Ask clamd at ``url`` (``tcp://host:port`` or ``unix:///path``) about a stream. Raises ScanError."""
    try:
        with _connect(url) as connection:
            connection.sendall(b"zINSTREAM\0")
            for chunk in iter(lambda: stream.read(CHUNK), b""):
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = _read(connection)
    except OSError as error:
        raise ScanError(f"The antivirus cannot be reached: {error}") from error
    if answer == "stream: OK":
        return Verdict(True, "")
    if answer.endswith(" FOUND"):
        return Verdict(False, answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScanError(f"The antivirus answered {answer!r}.")


def ping(url: str) -> bool:
    """Whether clamd answers at ``url``."""
    try:
        with _connect(url) as connection:
            connection.sendall(b"zPING\0")
            return _read(connection) == "PONG"
    except OSError:
        return False


@contextmanager
def _connect(url: str) -> Iterator[socket.socket]:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        address: str | tuple[str | None, int] = parts.path
    else:
        connection = socket.socket(socket.AF_INET6 if ":" in (parts.hostname or "") else socket.AF_INET)
        address = (parts.hostname, parts.port or 3310)
    with connection:
        connection.settimeout(TIMEOUT)
        connection.connect(address)
        yield connection


def _read(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096:
        part = connection.recv(4096)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode(errors="replace")
