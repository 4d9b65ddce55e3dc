"""P05: the broker is gone, or does not answer any more, at the deadline. Submissions are accepted as fast as ever; once it
is back, or not, the sweeper does what is owed: every mail leaves, once.
"""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app

from tests.guarantees.drill import Sending, Web, is_receipt, plain_call, ready_draft, signed_in
from tests.world import make_world
from workflows.engine import outbox
from workflows.engine.clock import database_now
from workflows.models import Notification, OutboxJob, OutboxState

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 4.0
"""Seconds that one submission may take at most, on a busy machine: less than a single attempt to reach a silent broker."""


@pytest.fixture
def broker(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a broker that is not there, or that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "frozen":
            listener.listen(128)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.mark.parametrize("broker", ["gone", "frozen"], indirect=True)
def test_p05_the_deadline_does_not_need_the_broker(
    broker: str, tmp_path: Path, mailoutbox: list[Any]
) -> None:
    world, now = make_world(), database_now()
    call = plain_call(world, now=now)
    sendings = [
        Sending(signed_in(world.applicant), ready_draft(world, call, now=now).pk, str(uuid4()))
        for _ in range(4)
    ]
    with Web(tmp_path / "web.log", environment={"CELERY_BROKER_URL": broker, "WEB_WORKERS": "1"}) as web:
        took = []
        for sending in sendings:
            started = time.monotonic()
            assert is_receipt(sending.to(web, timeout=60), sending)
            took.append(time.monotonic() - started)
    assert max(took) < PATIENCE, took
    owed = Notification.objects.filter(kind="receipt")
    assert owed.count() == 8  # both members of the organisation, four times
    assert not mailoutbox
    outbox.sweep()
    outbox.sweep()
    assert not OutboxJob.objects.exclude(state=OutboxState.DONE).exists()
    sent = Counter(mail.extra_headers["Message-ID"] for mail in mailoutbox)
    assert {f"<{notice.pk}@quadrige>" for notice in Notification.objects.all()} == set(sent)
    assert set(sent.values()) == {1}


def test_a_broker_that_is_there_is_told() -> None:
    job = uuid4()
    outbox.announce([job])
    with current_app.connection_for_read() as connection, closing(connection.SimpleQueue("celery")) as queue:
        while queue.get(timeout=10).headers["kwargsrepr"] != repr({"job_id": str(job)}):
            pass  # one that an earlier test announced; Empty after the last
