"""P04, P05, P12: the workers die in the middle of each kind of job, do it twice, or in another order; the broker is away.

What was owed happens; and it happens once, but for a mail whose worker died between the sending and its note: that one may
leave twice, under the same Message-ID.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from calls import actions as calls_actions
from calls.models import Dossier, Envelope
from contracts.actions import prepare_contract
from reviews.models import Decision, Letter
from tests.calls import story as calls
from tests.contracts.story import banked
from tests.guarantees.drill import LONG
from tests.guarantees.test_deaths import everything
from tests.harness import ROOT
from tests.reviews import story as reviews
from tests.world import NOW, World, make_world
from workflows.engine import outbox, timers
from workflows.engine.journal import verify
from workflows.models import DocumentVersion, Entry, Notification, OutboxJob, OutboxState

pytestmark = pytest.mark.django_db(transaction=True)

#: A job that is owed, and how often its effect has taken place.
Owed = tuple[OutboxJob, Callable[[], int]]


def job_of(kind: str, **payload: Any) -> OutboxJob:
    """The job of that kind that waits; of several, the first."""
    found = OutboxJob.objects.filter(kind=kind, state=OutboxState.PENDING, **payload)
    job = found.order_by("due_at", "id").first()
    assert job is not None, kind
    return job


def entries(verb: str, case: Any = None) -> int:
    found = Entry.objects.filter(verb=verb)
    return (found.filter(case=case) if case else found).count()


def everything_owed(world: World) -> Iterator[Owed]:
    """A story in which each kind of job comes to be owed; it goes on once the job was done."""
    call = calls.open_call(
        world, envelope=Decimal("60000.00"), max_amount=Decimal("50000.00"), coparef="none"
    )
    first, second = reviews.competitors(world, call, scores=(5, 4))
    mail = job_of("mail")
    yield (
        mail,
        lambda: Notification.objects.filter(pk=mail.payload["notification"], mailed_at__isnull=False).count(),
    )
    letter = job_of("letter", payload__code="receipt", case=first.case)
    versions = DocumentVersion.objects.filter(document__case=first.case_id, document__code="receipt")
    yield letter, versions.count
    scan = job_of("scan")
    yield scan, lambda: entries("workflows.record_scan", scan.case_id)

    late = calls.draft(world, call, by=world.other_editor)
    later = call.closes_at + timedelta(days=7)
    calls_actions.extend_call(call, by=world.manager, now=NOW, closes_at=later, reasons="Grève.")
    yield job_of("calls.reschedule"), lambda: entries("calls.reschedule", late.case)
    calls_actions.withdraw(late, by=world.other, now=NOW)
    given_up = calls.open_call(world, call.pact)
    orphan = calls.draft(world, given_up)
    calls_actions.cancel_call(given_up, by=world.manager, now=NOW, reasons="Plus de crédits.")
    yield job_of("calls.lapse"), lambda: entries("calls.lapse", orphan.case)

    ranking = reviews.validated_ranking(world, call)
    jobs = vote(world, ranking)
    yield jobs[0], lambda: Decision.objects.filter(dossier=jobs[0].payload["dossier"]).count()
    reviews.run_jobs("apply_decision")
    calls_actions.withdraw(
        reviews.again(first), by=world.applicant, now=reviews.RELEASED, reasons="Renoncement."
    )
    timers.fire_due(now=reviews.RELEASED)
    yield job_of("promote_next"), lambda: Decision.objects.filter(dossier=second, promoted=True).count()
    reviews.release(world, second)
    second = banked(world, reviews.again(second), now=reviews.RELEASED)
    prepare_contract(second, by=world.officer, now=reviews.RELEASED)
    yield job_of("contract_text"), lambda: entries("contracts.attach_contract_text", second.case)


def vote(world: World, ranking: Any) -> list[OutboxJob]:
    """The vote recorded; what it owes to each dossier is still to be done."""
    from reviews import actions

    actions.record_vote(
        ranking, by=world.manager, now=reviews.VOTED, voted_on=reviews.VOTED.date(), number="26_0421_07"
    )
    return list(OutboxJob.objects.filter(kind="apply_decision").order_by("due_at", "id"))


class Worker:
    """A worker whose every job is done by a process of its own, which may be told to die."""

    def __init__(self, folder: Path) -> None:
        self.mails, self.deaths = folder / "mails", folder / "deaths"
        database, log = connection.settings_dict, (folder / "worker.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.guarantees.mortal"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "ENVIRONMENT": "demo",
                "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
                "SECRET_KEY": settings.SECRET_KEY,
                "EMAIL_URL": f"filemail:///{self.mails}",
                "MORTAL_LOG": str(self.deaths),
            },
        )
        log.close()

    def deliver(self, job: OutboxJob, die_at: int = 0) -> str:
        """Have the job done; says « done », « not done » or « killed »."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{job.pk} {die_at}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def sent(self) -> Counter[str]:
        """How often each mail left, by its Message-ID."""
        texts = [path.read_text() for path in self.mails.glob("*.log")] if self.mails.exists() else []
        return Counter(
            found for text in texts for found in re.findall(r"^Message-ID: (\S+)$", text, re.MULTILINE)
        )

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path)
    yield worker
    with suppress(BrokenPipeError):
        worker.stop()


def test_p04_p12_each_kind_of_job_survives_the_death_of_its_worker(worker: Worker) -> None:
    """Killed at each moment in turn, delivered again by the sweeper when the lease is over, then twice more."""
    tried = Counter[str]()
    for job, happened in everything_owed(make_world()):
        assert happened() == 0
        while True:
            tried[job.kind] += 1
            said = worker.deliver(job, tried[job.kind])
            assert happened() <= 1
            if said != "killed":
                break
            job.refresh_from_db()
            assert job.state == OutboxState.PENDING
            OutboxJob.objects.filter(pk=job.pk).update(attempts=0)
        assert (said, happened()) == ("done", 1), OutboxJob.objects.get(pk=job.pk).last_error
        done = everything(but={"workflows_outboxjob"})
        for _ in range(2):
            OutboxJob.objects.filter(pk=job.pk).update(state=OutboxState.PENDING)
            assert worker.deliver(job) == "done"
        assert everything(but={"workflows_outboxjob"}) == done, f"{job.kind} leaves more when done again"
    assert set(tried) == outbox.kinds(), "a kind of job has no case here"
    assert min(tried.values()) > 6
    deaths = worker.deaths.read_text().splitlines()
    unnoted = deaths.count("after mail") + deaths.count("before UPDATE workflows_notification")
    assert unnoted == 2
    assert list(worker.sent().values()) == [1 + unnoted], "a mail leaves again only after such a death"
    assert list(verify()) == []


def test_p04_a_job_that_kills_its_workers_becomes_an_incident(worker: Worker) -> None:
    calls.submitted_dossier(make_world())
    job = job_of("letter", payload__code="receipt")
    for _ in range(outbox.MAX_ATTEMPTS):
        assert worker.deliver(job, 5) == "killed"
    assert worker.deliver(job) == "not done"
    job.refresh_from_db()
    assert job.state == OutboxState.INCIDENT
    assert "died" in job.last_error
    OutboxJob.objects.filter(pk=job.pk).update(
        state=OutboxState.PENDING, attempts=0
    )  # as a person who tries again
    assert worker.deliver(job) == "done"


def outcome(call: Any) -> dict[str, Any]:
    """What a vote and a withdrawal lead to, however their jobs were done."""
    return {
        "dossiers": dict(Dossier.objects.filter(call=call).values_list("case__reference", "state")),
        "decisions": sorted(
            Decision.objects.values_list("dossier__case__reference", "outcome", "amount", "promoted")
        ),
        "letters": sorted(Letter.objects.values_list("dossier__case__reference", "kind", "state")),
        "documents": Counter(
            DocumentVersion.objects.values_list("document__case__reference", "document__code")
        ),
        "notices": Counter(Notification.objects.values_list("user__email", "case__reference", "kind")),
        "envelope": Envelope.objects.get(call=call).committed,
        "entries": Counter(Entry.objects.values_list("case__reference", "verb")),
        "owed": Counter(OutboxJob.objects.values_list("kind", "state")),
    }


def test_p12_thrice_and_in_any_order_the_same_outcome(mailoutbox: list[Any]) -> None:
    world = make_world()
    call = calls.open_call(
        world, envelope=Decimal("60000.00"), max_amount=Decimal("50000.00"), coparef="none"
    )
    dossiers = reviews.competitors(world, call, scores=(5, 4, 4))
    vote(world, reviews.validated_ranking(world, call))
    calls_actions.withdraw(
        reviews.again(dossiers[0]), by=world.applicant, now=reviews.VOTED, reasons="Renoncement."
    )
    outcomes = []
    for seed in range(6 if LONG else 2):
        frame = transaction.atomic()
        frame._from_testcase = True  # type: ignore[attr-defined]  # a verb's own transaction is durable: this is but a frame
        with frame:
            in_disorder(Random(seed))
            outcomes.append(outcome(call))
            transaction.set_rollback(True)
        assert max(Counter(mail.extra_headers["Message-ID"] for mail in mailoutbox).values()) == 1
        mailoutbox.clear()
    assert all(found == outcomes[0] for found in outcomes[1:])
    assert not {state for _kind, state in outcomes[0]["owed"]} - {"done"}
    assert outcomes[0]["envelope"] == Decimal("40000.00")


def in_disorder(random: Random) -> None:
    """Do what is owed, and what that owes in turn, three times each, shuffled."""
    done: list[Any] = []
    while waiting := [
        pk for pk in OutboxJob.objects.order_by("id").values_list("pk", flat=True) if pk not in done
    ]:
        for _ in range(3):
            OutboxJob.objects.filter(pk__in=waiting).update(state=OutboxState.PENDING, due_at=NOW)
            random.shuffle(waiting)
            for pk in waiting:
                assert outbox.deliver(pk), OutboxJob.objects.get(pk=pk).last_error
        done += waiting
    OutboxJob.objects.update(state=OutboxState.PENDING, due_at=NOW)
    random.shuffle(done)
    assert all(outbox.deliver(pk) for pk in done)
