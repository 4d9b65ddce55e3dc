"""B3: the last minutes before a call closes, over HTTP: people who save, submit, double-click and come too late."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings

from calls.models import Call, Receipt
from tests.guarantees.drill import ATTESTED, TOKEN, Web, signed_in
from tests.load import copies
from tests.load.ground import VAR, Ground
from tests.load.measure import Result, percentile
from tests.load.submitting import filled, open_call
from tests.world import opened
from workflows.engine import database_now
from workflows.models import Entry

STAFF = 10
EVERY = 10.0
SUBMIT, DOUBLE, RETRY, LATE = 0.60, 0.10, 0.05, 0.05
LAST = 60.0
SLOWEST = 2.0
#: Nobody sends in the last moments: what the bell separates is proved to the millisecond elsewhere (P16).
MARGIN = 0.5
PAGES = ("/dossiers/", "/dossiers/?tab=review", "/dossiers/?sort=-requested_amount&size=50", "/calls/")


@dataclass
class Storm:
    """What is known of the storm while it blows."""

    web: Web
    bell: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    took: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    acknowledged: set[UUID] = field(default_factory=set)
    late: set[UUID] = field(default_factory=set)

    def send(self, session: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        """One request on a connection of its own; its time counts when it began before the bell."""
        start = time.time()
        line = http.client.HTTPConnection(self.web.url.removeprefix("http://"), timeout=60)
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            if form is None:
                line.request("GET", path, headers=headers)
            else:
                line.request("POST", path, urlencode({**form, "csrfmiddlewaretoken": TOKEN}), headers)
            answer = line.getresponse()
            body = answer.read()
            status, place = answer.status, answer.headers.get("Location", "")
        except OSError as error:
            status, place, body = 0, type(error).__name__, b""
        finally:
            line.close()
        if start < self.bell:
            with self.lock:
                self.took.append(time.time() - start)
        return status, place, body

    def fault(self, what: str) -> None:
        """Something that must not happen."""
        with self.lock:
            self.faults[what] += 1


class Applicant:
    """One person with one draft: saves every ten seconds, and perhaps submits."""

    def __init__(
        self, storm: Storm, n: int, session: str, dossier: UUID, begin: float, rng: random.Random
    ) -> None:
        self.storm, self.n, self.session, self.dossier = storm, n, session, dossier
        self.version = 1
        self.key = str(uuid4())
        self.next = begin + rng.uniform(0, EVERY)
        fate = rng.random()
        span = min(LAST, (storm.bell - begin) / 2)
        self.at = storm.bell - rng.uniform(MARGIN, span) if fate < SUBMIT else None
        if SUBMIT <= fate < SUBMIT + LATE:
            self.at = storm.bell + MARGIN + rng.uniform(0, 4)
        self.double, self.retry = rng.random() < DOUBLE, rng.random() < RETRY

    def live(self) -> None:
        """Save until it is time to submit, or until the bell."""
        until = self.storm.bell - MARGIN if self.at is None else min(self.at, self.storm.bell - MARGIN)
        while self.next < until:
            time.sleep(max(0.0, self.next - time.time()))
            self._save()
            self.next += EVERY
        if self.at is not None:
            time.sleep(max(0.0, self.at - time.time()))
            self._submit()

    def _save(self) -> None:
        # the whole section, as the page sends it
        need = {"needs": "PUBLIC.REPERAGE", "nature": "new", "context": f"Version {self.version}"}
        form = {"version": str(self.version), **need}
        status, _place, body = self.storm.send(
            self.session, f"/dossiers/{self.dossier}/draft/need/save/", form
        )
        if status == 200:
            self.version = json.loads(body)["version"]
        else:
            self.storm.fault(f"a save answered {status}")

    def _submit(self) -> None:
        assert self.at is not None
        if self.double:
            twin = threading.Thread(target=self._press)
            twin.start()
            self._press()
            twin.join()
        else:
            self._press()
        if self.retry:
            self._press()

    def _press(self) -> None:
        assert self.at is not None
        before = self.at < self.storm.bell
        path = f"/dossiers/{self.dossier}/submit/"
        status, place, _body = self.storm.send(self.session, path, {**ATTESTED, "key": self.key})
        done = status == 302 and place == f"/dossiers/{self.dossier}/receipt/"
        if done:
            with self.storm.lock:
                (self.storm.acknowledged if before else self.storm.late).add(self.dossier)
        elif before:
            self.storm.fault(f"a submission before the bell answered {status} {place}")


def b3(ground: Ground) -> Iterator[Result]:
    """The storm, and what the database holds after it."""
    people, seconds, world = ground.sizes.storm_people, ground.sizes.storm_seconds, ground.world
    call = open_call(ground, title="Dernières minutes")
    drafts = [copied.dossier for copied in copies.make(filled(ground, call), people)]
    sessions = [signed_in(world.applicant) for _n in range(20)]
    officers = [signed_in(world.officer) for _n in range(STAFF)]
    rng = random.Random(7)  # the same chance each time
    with Web(VAR / "gunicorn.log") as web:
        for session in officers[:2]:  # both workers have read their templates
            Storm(web, 0.0).send(session, PAGES[0])
        begin = time.time() + 1
        storm = Storm(web, begin + seconds)
        _close_at(call, database_now() + timedelta(seconds=storm.bell - time.time()))
        crowd = [
            Applicant(storm, n, sessions[n % len(sessions)], dossier, begin, rng)
            for n, dossier in enumerate(drafts)
        ]
        threads = [threading.Thread(target=one.live) for one in crowd]
        threads += [
            threading.Thread(target=_browse, args=(storm, session, n)) for n, session in enumerate(officers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    yield _told(storm, crowd, seconds)


def _close_at(call: Call, instant: datetime) -> None:
    """The bell rings at this instant: nobody extends a call by seconds, so no verb does."""
    with opened():
        Call.objects.filter(pk=call.pk).update(closes_at=instant)


def _browse(storm: Storm, session: str, n: int) -> None:
    for turn in range(10**6):
        if time.time() >= storm.bell:
            return
        status, _place, _body = storm.send(session, PAGES[(n + turn) % len(PAGES)])
        if status != 200:
            storm.fault(f"a page of the staff answered {status}")
        time.sleep(2 + n % 3)


def _told(storm: Storm, crowd: list[Applicant], seconds: int) -> Result:
    ours = [one.dossier for one in crowd]
    receipts = set(Receipt.objects.filter(dossier__in=ours).values_list("dossier", flat=True))
    acts: Counter[Any] = Counter(
        Entry.objects.filter(verb="calls.submit", object_id__in=map(str, ours)).values_list(
            "object_id", flat=True
        )
    )
    lost = storm.acknowledged - receipts
    doubled = [one for one, times in acts.items() if times > 1]
    tardy = [one for one in crowd if one.at is not None and one.at >= storm.bell]
    let_in = storm.late | ({one.dossier for one in tardy} & receipts)
    slow = percentile(storm.took, 0.95)
    wrong = sum(storm.faults.values())
    words = "; ".join(f"{times} × {what}" for what, times in storm.faults.most_common(3))
    return Result(
        "B3",
        f"deadline storm: {len(crowd)} applicants, {STAFF} staff, {seconds} s, gunicorn on this machine too",
        f"offered {len(storm.took) / seconds:.0f} requests/s",
        f"{len(storm.acknowledged)} acknowledged, {len(lost)} lost, {len(doubled)} doubled, {wrong} errors before the bell,"
        f" {len(let_in)} of {len(tardy)} late ones let in; p95 {slow:.2f} s{f' ({words})' if words else ''}",
        None,
        f"0 lost, 0 doubled, 0 errors, 0 let in late, p95 < {SLOWEST:g} s",
        not lost and not doubled and not wrong and not let_in and bool(tardy) and slow < SLOWEST,
    )
