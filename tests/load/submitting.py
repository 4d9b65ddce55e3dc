"""B1 and B2: a submission by the verb and over HTTP, beside the one statement that writes the same rows."""

from __future__ import annotations

import http.client
import statistics
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client

from calls import actions
from calls.models import Call, Dossier, Pact
from calls.queries.defaults import default_pieces
from calls.reference import form_schema
from tests.calls import story
from tests.guarantees.drill import ATTESTED, TOKEN, Web, signed_in
from tests.load import clients, copies, plain
from tests.load.ground import VAR, Ground
from tests.load.measure import Result, compare, result, spread, timed
from workflows.engine import database_now

PIECES = ("RIB", "STATUTS", "BP_PROJET")
ANSWERS = 30
CLIENTS = 8
QUERIES_MOST = 15
TEXT = "Quatre mille demandeurs d'emploi du bassin n'ont aucune qualification reconnue. " * 4


def open_call(ground: Ground, *, title: str = "Banc d'essai", **changed: Any) -> Call:
    """A call open now, that asks thirty questions and three files."""
    now = database_now()
    asked = sum(len(values) for values in story.ANSWERS.values())
    more = {
        "code": "more",
        "title": "Compléments",
        "questions": [
            {
                "code": f"more{n}", "label": f"Question {n}", "help": "", "kind": "long_text", "required": True,
                "max_length": 2000, "choices": [],
            }
            for n in range(ANSWERS - asked)
        ],
    }  # fmt: skip
    values: dict[str, Any] = {
        "title": title,
        "year": now.year,
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=30),
        "pieces": [p for p in default_pieces(now.date()) if p["code"] in PIECES],
        "schema": [*form_schema(), more],
        **changed,
    }
    return story.open_call(ground.world, Pact.objects.get(), now=now, **values)


def filled(ground: Ground, call: Call | None = None) -> Dossier:
    """A draft that lacks nothing: thirty answers, three files."""
    now, by = database_now(), ground.world.applicant_editor
    dossier = story.filled_draft(ground.world, call or open_call(ground), by=by, now=now)
    given = {
        question["code"]: TEXT
        for section in dossier.revision.schema
        if section["code"] == "more"
        for question in section["questions"]
    }
    story.save(dossier, "more", given, by=by, now=now)
    had = set(dossier.pieces.values_list("required__code", flat=True))
    story.give_pieces(dossier, by=by, now=now, codes=set(PIECES) - had)
    dossier = Dossier.objects.select_related("case__region", "call").get(pk=dossier.pk)
    assert len(dossier.answers) == ANSWERS, f"{len(dossier.answers)} answers"
    assert dossier.pieces.count() == len(PIECES), f"{dossier.pieces.count()} files"
    return dossier


class Drafts:
    """Drafts to submit: copies of one, each used once, by the verb or by the floor."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.original = filled(ground)
        self.by = ground.world.applicant
        first = copies.make(self.original, 1)[0]
        self.written = copies.written_by(first, partial(self.submit, self.read(first)))

    def take(self, number: int) -> list[copies.Copy]:
        """So many fresh drafts."""
        return copies.make(self.original, number)

    def read(self, copied: copies.Copy) -> Dossier:
        """The dossier as a view has it in its hands."""
        return Dossier.objects.select_related(*Dossier.related).get(pk=copied.dossier)

    def submit(self, dossier: Dossier) -> object:
        """The verb."""
        return actions.submit(
            dossier, by=self.by, now=database_now(), key=str(uuid4()), attestation=True, attested_capacity="X"
        )

    def statements(self, number: int) -> list[str]:
        """The floor's statements, ready to be sent."""
        with self.ground.raw() as raw:
            return [copies.statement(*self.written.of(copied)).as_string(raw) for copied in self.take(number)]

    # -- one client -------------------------------------------------------------------------------------------

    def verb_alone(self, number: int) -> list[float]:
        """Seconds of each of so many submissions, one after the other."""
        dossiers = [self.read(copied) for copied in self.take(number)]
        return [timed(partial(self.submit, dossier)) for dossier in dossiers]

    def floor_alone(self, number: int) -> list[float]:
        """Seconds of each of so many statements."""
        statements = self.statements(number)
        with self.ground.raw() as raw:
            return [timed(partial(raw.execute, text)) for text in statements]  # type: ignore[arg-type]

    def plain_alone(self, number: int) -> list[float]:
        """Seconds of each of so many submissions in plain viewflow, the database open to its writes beforehand."""
        plain.known_to_viewflow()
        todo = [(plain.begun(), copied.dossier, *self.written.of(copied)) for copied in self.take(number)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('quadrige.verb', 'bench', false)")
        try:
            return [timed(partial(plain.submit, *one)) for one in todo]
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('quadrige.verb', '', false)")

    # -- eight clients ----------------------------------------------------------------------------------------

    def verb_apart(self, number: int) -> list[float]:
        """Seconds for each submission when eight processes submit so many in all."""
        dossiers = [self.read(copied) for copied in self.take(number)]

        def begin() -> Callable[[Dossier], object]:
            connection.ensure_connection()
            return self.submit

        return [clients.apart(CLIENTS, dossiers, begin)[0] / number]

    def floor_apart(self, number: int) -> list[float]:
        """Seconds for each statement when eight processes send so many in all."""

        def begin() -> Callable[[str], object]:
            raw = self.ground.raw()
            return lambda text: bool(raw.execute(text))  # type: ignore[call-overload]

        return [clients.apart(CLIENTS, self.statements(number), begin)[0] / number]


def b1(ground: Ground) -> Iterator[Result]:
    """A submission by the verb; then eight processes."""
    drafts, rounds = Drafts(ground), ground.sizes.rounds
    drafts.verb_alone(3)
    found = compare(partial(drafts.floor_alone, 10), partial(drafts.verb_alone, 10), rounds=rounds)
    what = f"submit by the verb, {ANSWERS} answers, {len(PIECES)} files, {drafts.written.count} rows written: 1 client"
    yield result("B1a", what, found, 2.5)
    found = compare(partial(drafts.floor_apart, 80), partial(drafts.verb_apart, 80), rounds=rounds)
    yield Result(
        "B1b",
        f"the same, {CLIENTS} clients: submissions per second",
        f"{1 / statistics.median(found.floor):.0f}/s",
        f"{1 / statistics.median(found.ours):.0f}/s",
        found.ratio,
        "≥ 50 % of the floor's",
        found.ratio <= 2,
        found.stable,
    )

    found = compare(partial(drafts.verb_alone, 10), partial(drafts.plain_alone, 10), rounds=rounds)
    yield Result(
        "B1c",
        "the same stage in plain viewflow (its floor here is the verb), each row by a model's save: 1 client",
        spread(found.floor),
        spread(found.ours),
        found.ratio,
        "≥ 3 × the verb's",
        found.ratio >= 3,
        found.stable,
    )


def b2(ground: Ground) -> Iterator[Result]:
    """A submission over HTTP, from POST to redirect."""
    drafts = Drafts(ground)
    session, queries = signed_in(drafts.by), _queries(drafts)
    with Web(VAR / "gunicorn.log") as web:
        line = http.client.HTTPConnection(web.url.removeprefix("http://"), timeout=30)
        post = partial(_posted, line, session, drafts)
        post(3)
        found = compare(partial(_floor, line, drafts), post, rounds=ground.sizes.rounds)
        line.close()
    yield result(
        "B2",
        "submit over HTTP under gunicorn, POST to redirect; floor: B1's and an empty view",
        found,
        3,
        more=f"{queries} queries (at most {QUERIES_MOST})",
        also=queries <= QUERIES_MOST,
    )


def _form(line: http.client.HTTPConnection, session: str, dossier: Any) -> tuple[int, str]:
    body = urlencode({**ATTESTED, "key": str(uuid4()), "csrfmiddlewaretoken": TOKEN})
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    line.request("POST", f"/dossiers/{dossier}/submit/", body, headers)
    answer = line.getresponse()
    answer.read()
    return answer.status, answer.headers.get("Location", "")


def _posted(line: http.client.HTTPConnection, session: str, drafts: Drafts, number: int = 10) -> list[float]:
    took = []
    for copied in drafts.take(number):
        told: list[tuple[int, str]] = []
        took.append(timed(lambda one=copied, told=told: told.append(_form(line, session, one.dossier))))  # type: ignore[misc]
        assert told == [(302, f"/dossiers/{copied.dossier}/receipt/")], told
    return took


def _floor(line: http.client.HTTPConnection, drafts: Drafts, number: int = 10) -> list[float]:
    def empty() -> None:
        line.request("GET", "/health/live")
        assert line.getresponse().read() is not None

    return [bare + timed(empty) for bare in drafts.floor_alone(number)]


def _queries(drafts: Drafts) -> int:
    """Statements of one submission over HTTP, session and all, but for the transaction's own."""
    client, count = Client(), 0
    client.force_login(drafts.by)

    def counting(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    form = {**ATTESTED, "key": str(uuid4())}
    (copied,) = drafts.take(1)
    with connection.execute_wrapper(counting):
        answer = client.post(f"/dossiers/{copied.dossier}/submit/", form)
    assert answer.status_code == 302, answer.status_code
    return count
