"""P03: the web worker is killed at every moment of a submission that could matter: the database is then entirely as
before, or entirely as after; and who presses again gets the receipt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from django.db import connection

from calls.models import Receipt
from tests.guarantees.drill import Sending, Web, is_receipt, plain_call, ready_draft, signed_in
from tests.world import make_world
from workflows.engine.clock import database_now
from workflows.engine.journal import verify
from workflows.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

#: What a submission must have been killed at, or the drill has not drilled.
MOMENTS = {
    "before a lock",
    "before UPDATE calls_dossier",
    "before INSERT calls_receipt",
    "before INSERT workflows_entry",
    "before UPDATE workflows_case",
    "before INSERT workflows_notification",
    "before INSERT workflows_outboxjob",
    "before UPDATE workflows_workitem",
    "before commit",
    "after commit",
}


def everything(*, but: set[str] = frozenset()) -> dict[str, str]:  # type: ignore[assignment]
    """A hash of each table's rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - {"django_session", *but}):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = sorted(row for (row,) in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """One worker, whose master has the programme in memory: another one is there at once."""
    environment = {"WEB_WORKERS": "1", "MORTAL_LOG": str(tmp_path / "deaths")}
    arguments = ("--preload", "--graceful-timeout", "1")
    log = tmp_path / "web.log"
    with Web(log, "tests.guarantees.mortal:application", environment, arguments) as web:
        yield web


@pytest.fixture
def sending() -> Sending:
    world, now = make_world(), database_now()
    dossier = ready_draft(world, plain_call(world, now=now), now=now)
    return Sending(signed_in(world.applicant), dossier.pk, str(uuid4()))


def test_p03_a_killed_worker_leaves_all_or_nothing(sending: Sending, web: Web, tmp_path: Path) -> None:
    before, moment = everything(), 0
    while True:
        moment += 1
        try:
            response = sending.to(web, **{"X-Die-At": str(moment)})
            break
        except requests.ConnectionError:
            if everything() != before:
                assert (tmp_path / "deaths").read_text().splitlines()[-1] == "after commit"
                assert Receipt.objects.count() == 1
    assert is_receipt(response, sending)
    deaths = (tmp_path / "deaths").read_text().splitlines()
    assert len(deaths) == moment - 1
    assert set(deaths) >= MOMENTS
    assert deaths[-1] == "after commit"
    assert (Receipt.objects.count(), Entry.objects.filter(verb="calls.submit").count()) == (1, 1)
    assert is_receipt(sending.to(web), sending)
    assert Receipt.objects.count() == 1
    assert list(verify()) == []


def test_p03_witness_a_commit_half_way_leaves_half_a_dossier(
    sending: Sending, web: Web, tmp_path: Path
) -> None:
    before = everything()
    with pytest.raises(requests.ConnectionError):
        sending.to(web, **{"X-Die-At": "5", "X-Commit-First": "1"})
    assert everything() != before
    assert Entry.objects.filter(verb="calls.submit").count() == 0
