"""Real servers for tests, each on a port of the loopback interface, with its data in a folder of the test's own.

A program that this machine has not (see `make test`, which installs Debian's) makes the test say so and be skipped.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # Debian's own wrapper changes user, and uses the machine's folders
STARTS = 60.0  # seconds


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """The path of a program, or skip the test."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    return found


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A server, once it listens on ``port``; ended with all that it started."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
    try:
        deadline = time.monotonic() + STARTS
        while not listens(port):
            assert process.poll() is None, log.read_text()[-4000:]
            assert time.monotonic() < deadline, log.read_text()[-4000:]
            time.sleep(0.05)
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children, at once if they do not end by themselves."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def listens(port: int) -> bool:
    """Whether something takes connections on ``port``."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def s3(folder: Path, *buckets: str) -> Iterator[str]:
    """An S3 server that keeps its buckets as sub-folders of ``folder``; yields the address to put a bucket behind."""
    for bucket in buckets:
        (folder / bucket).mkdir(parents=True)
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "rclone"),
        *("serve", "s3", str(folder), "--addr", f"127.0.0.1:{port}"),
        *("--auth-key", "quadrige-access-key,quadrige-secret-key", "--config", str(folder / "none.conf")),
    ]
    with running(command, port, folder / "rclone.log"):
        yield f"s3://quadrige-access-key:quadrige-secret-key@127.0.0.1:{port}"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis server that keeps nothing."""
    port = free_port()
    settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running([program("redis-server"), *settings], port, folder / "redis.log"):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """A RabbitMQ server, with the Erlang port mapper that it wants."""
    if not Path(RABBITMQ).exists():
        pytest.skip("rabbitmq-server is not on this machine")
    port, mapper, distribution = free_port(), free_port(), free_port()
    environment = {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(mapper),
        "RABBITMQ_NODENAME": "quadrige@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_BASE": str(folder),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
    }
    (folder / "plugins").write_text("[].")
    epmd = [program("epmd"), "-address", "127.0.0.1", "-port", str(mapper)]
    with (
        running(epmd, mapper, folder / "epmd.log", environment),
        running([RABBITMQ], port, folder / "rabbitmq.log", environment),
    ):
        yield f"amqp://guest:guest@127.0.0.1:{port}//"


@contextmanager
def clamd(folder: Path, **signatures: bytes) -> Iterator[str]:
    """An antivirus that knows these signatures only, by name: the bytes that give a file away."""
    port = free_port()
    (folder / "signatures").mkdir()
    lines = [f"{name}:0:*:{content.hex()}" for name, content in signatures.items()]
    (folder / "signatures" / "ours.ndb").write_text("\n".join(lines) + "\n")
    settings = {
        "Foreground": "yes",
        "TCPAddr": "127.0.0.1",
        "TCPSocket": str(port),
        "DatabaseDirectory": str(folder / "signatures"),
        "TemporaryDirectory": str(folder),
        "User": "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody"),
    }
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    command = [program("clamd"), "--config-file", str(folder / "clamd.conf")]
    with running(command, port, folder / "clamd.log"):
        yield f"tcp://127.0.0.1:{port}"


class Letterbox:
    """An SMTP server that takes every mail and keeps it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take one mail."""
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 Taken"


@contextmanager
def smtp() -> Iterator[tuple[str, Letterbox]]:
    """A mail server; yields its address and what it took."""
    letterbox = Letterbox()
    controller = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}", letterbox
    finally:
        controller.stop()


@contextmanager
def timestamps(folder: Path) -> Iterator[str]:
    """An RFC 3161 time-stamp authority, openssl's, with a certificate of its own authority (``folder/ca.pem``)."""
    openssl = program("openssl")
    (folder / "openssl.cnf").write_text(
        "[req]\ndistinguished_name = dn\n[dn]\n[ca]\nbasicConstraints = critical,CA:true\n"
        "[stamping]\nextendedKeyUsage = critical,timeStamping\n[tsa]\ndefault_tsa = ours\n[ours]\n"
        f"dir = {folder}\nserial = $dir/serial\nsigner_cert = $dir/tsa.pem\nsigner_key = $dir/tsa.key\n"
        "signer_digest = sha256\ndefault_policy = 1.3.6.1.4.1.99999.1\ndigests = sha256, sha384, sha512\n"
    )
    (folder / "serial").write_text("01\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", "openssl.cnf")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "openssl.cnf")
    for command in (
        (
            "req",
            "-x509",
            *key,
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-subj",
            "/CN=Racine",
            "-extensions",
            "ca",
        ),
        ("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Horodatage"),
        ("x509", "-req", "-in", "tsa.csr", *signed, "-extensions", "stamping", "-out", "tsa.pem"),
    ):
        subprocess.run([openssl, *command], cwd=folder, check=True, capture_output=True)

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            reply = ("ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr")
            subprocess.run([openssl, *reply], cwd=folder, check=True, capture_output=True)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write((folder / "reply.tsr").read_bytes())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Authority)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
