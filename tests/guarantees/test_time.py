"""P16, P17, P18, P19, P20: the bell, the hours that do not exist or come twice, clocks that are wrong, timers, extensions."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from psycopg import sql

from accounts.models import Region
from calls import actions
from calls.models import Call, Dossier
from tests.calls.story import CLOSES, draft, filled_draft, open_call, submitted_dossier
from tests.guarantees.drill import (
    ATTESTED,
    TOKEN,
    Sending,
    Web,
    is_receipt,
    plain_call,
    ready_draft,
    signed_in,
)
from tests.guarantees.test_races import at_once
from tests.world import NOW, World, make_world, opened
from workflows import actions as case_actions
from workflows.engine import Refused, outbox, timers
from workflows.engine.clock import database_now
from workflows.engine.journal import verify
from workflows.models import Case, Entry, Notification, OutboxJob, Timer, TimerState, WorkItem

MILLISECOND = timedelta(milliseconds=1)
AROUND = [(-MILLISECOND, True), (timedelta(0), False), (MILLISECOND, False)]
FORM = {"attestation": "on", "attested_capacity": "Présidente"}


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def press(client: Client, dossier: Dossier) -> Any:
    """Press the button of the page; the answer."""
    return client.post(reverse("calls:submit", args=[dossier.pk]), {**FORM, "key": str(uuid4())})


# -- P16: the bell -----------------------------------------------------------------------------------------------------


@contextmanager
def database_clock(instant: datetime) -> Iterator[None]:
    """Stop PostgreSQL's own clock at an instant, for this connection: what asks it the time is answered that."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA stopped")
        cursor.execute(
            sql.SQL("CREATE FUNCTION stopped.clock_timestamp() RETURNS timestamptz RETURN {}").format(instant)
        )
        cursor.execute("SET LOCAL search_path = stopped, pg_catalog, public")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = DEFAULT")
        cursor.execute("DROP SCHEMA stopped CASCADE")


@pytest.mark.parametrize(("after", "accepted"), AROUND)
def test_p16_the_verb_at_the_bell(world: World, after: timedelta, accepted: bool) -> None:
    dossier = filled_draft(world)
    if accepted:
        actions.submit(dossier, by=world.applicant, now=CLOSES + after, attestation=True)
    else:
        with pytest.raises(Refused, match="too late"):
            actions.submit(dossier, by=world.applicant, now=CLOSES + after, attestation=True)
    assert Entry.objects.filter(verb="calls.submit").exists() is accepted


@pytest.mark.parametrize(("after", "accepted"), AROUND)
def test_p16_the_page_at_the_bell(world: World, after: timedelta, accepted: bool) -> None:
    dossier, client = filled_draft(world), browser(world.applicant)
    with database_clock(CLOSES + after):
        response = press(client, dossier)
    assert response.status_code == (302 if accepted else 422)
    assert ("Received too late" in response.content.decode()) is not accepted
    entries = Entry.objects.filter(verb="calls.submit")
    assert [entry.at for entry in entries] == ([CLOSES + after] if accepted else [])


@contextmanager
def held_beyond_the_bell(call: Call, dossier: Dossier) -> Iterator[None]:
    """Somebody acts on the dossier until its call has closed."""
    held = Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).get(pk=dossier.case_id)
            held.set()
            while database_now() < call.closes_at + 100 * MILLISECOND:
                connection.connection.execute("SELECT pg_sleep(0.05)")
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(10)
        yield
        holding.result()


@pytest.mark.django_db(transaction=True)
def test_p16_who_was_received_before_the_bell_may_wait_beyond_it() -> None:
    """The instant that counts is that of the reception: the lock is waited for afterwards."""
    world, now = make_world(), database_now()
    call = plain_call(world, now=now, closes_at=now + timedelta(seconds=4))
    dossier, late = (ready_draft(world, call, now=now) for _ in range(2))
    client = browser(world.applicant)
    with held_beyond_the_bell(call, dossier):
        connection.connection.execute("SELECT pg_sleep_until(%s)", [call.closes_at - timedelta(seconds=1)])
        received = press(client, dossier)
        assert database_now() > call.closes_at
        assert received.status_code == 302
    assert press(client, late).status_code == 422
    entry = Entry.objects.get(verb="calls.submit")
    assert entry.at < call.closes_at < entry.recorded_at


@pytest.mark.django_db(transaction=True)
def test_p16_who_was_received_before_the_bell_may_wait_for_a_thread(tmp_path: Path) -> None:
    """The rush fills every thread of the server: what is received counts, not what is taken up; nor who only came to the door."""
    world = make_world()
    with Web(tmp_path / "gunicorn.log", environment={"WEB_WORKERS": "1", "WEB_THREADS": "1"}) as web:
        now = database_now()
        call = plain_call(world, now=now, closes_at=now + timedelta(seconds=5))
        session = signed_in(world.applicant)
        busy, waiting, late, idle = (
            Sending(session, ready_draft(world, call, now=now).pk, str(uuid4())) for _ in range(4)
        )
        address = ("127.0.0.1", int(web.url.rpartition(":")[2]))
        with (
            socket.create_connection(address) as door,
            ThreadPoolExecutor(2) as pool,
            held_beyond_the_bell(call, Dossier.objects.get(pk=busy.dossier)),
        ):
            connection.connection.execute(
                "SELECT pg_sleep_until(%s)", [call.closes_at - timedelta(seconds=2)]
            )
            pool.submit(busy.to, web)
            connection.connection.execute(
                "SELECT pg_sleep_until(%s)", [call.closes_at - timedelta(seconds=1)]
            )
            answer = pool.submit(waiting.to, web)
            connection.connection.execute("SELECT pg_sleep_until(%s)", [call.closes_at])
            door.sendall(
                as_bytes(idle)
            )  # connected in time, sent too late, while the only thread is still taken
            assert is_receipt(answer.result(), waiting)
            assert door.recv(100).startswith(b"HTTP/1.1 422 ")
        assert late.to(web).status_code == 422
    entry = Entry.objects.get(verb="calls.submit", object_id=str(waiting.dossier))
    assert entry.at < call.closes_at < entry.recorded_at


def as_bytes(sending: Sending) -> bytes:
    """The same request as it goes over the line."""
    body = urlencode({**ATTESTED, "key": sending.key, "csrfmiddlewaretoken": TOKEN})
    return (
        f"POST /dossiers/{sending.dossier}/submit/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={sending.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


# -- P17: hours that do not exist, or come twice -----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2027-03-28T02:30", "2027-10-31T02:30"])
def test_p17_an_hour_that_is_none_or_two_is_not_taken(world: World, typed: str) -> None:
    call = open_call(world, closes_at=datetime(2027, 3, 1, 12, tzinfo=UTC))
    with database_clock(NOW):
        page = browser(world.manager).post(
            reverse("calls:extend_call", args=[call.pk]),
            {"closes_at": typed, "reasons": "Congés.", "key": str(uuid4())},
        )
    assert page.status_code == 422
    assert "closes_at" in page.context["form"].errors
    assert Call.objects.get().closes_at == datetime(2027, 3, 1, 12, tzinfo=UTC)


SHOWN = [
    # first and second 02:30 of the night in which clocks go back, then the last minute before they go forward
    (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "Europe/Paris", "2 h 30 (heure de Paris, UTC+2)"),
    (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "Europe/Paris", "2 h 30 (heure de Paris, UTC+1)"),
    (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "Europe/Paris", "1 h 59 (heure de Paris, UTC+1)"),
    (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "Europe/Paris", "3 h 00 (heure de Paris, UTC+2)"),
    (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "Indian/Reunion", "5 h 30 (heure de La Réunion, UTC+4)"),
    (
        datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
        "America/Guadeloupe",
        "21 h 00 (heure de la Guadeloupe, UTC−4)",
    ),
]


@pytest.mark.parametrize(("closes_at", "zone", "words"), SHOWN)
def test_p17_a_closing_is_told_with_its_zone_and_offset(
    world: World, closes_at: datetime, zone: str, words: str
) -> None:
    with opened():
        Region.objects.filter(pk=world.region.pk).update(time_zone=zone)
    call = open_call(world, closes_at=closes_at)
    dossier = filled_draft(world, call)
    with database_clock(NOW):
        pages = [
            Client().get(reverse("calls:call", args=[call.pk])),
            browser(world.applicant).get(reverse("calls:submit", args=[dossier.pk])),
            browser(world.manager).get(reverse("calls:call_admin", args=[call.pk])),
        ]
    for page in pages:
        text = " ".join(page.content.decode().split()).replace("\N{NO-BREAK SPACE}", " ")
        assert words in text
        assert (
            f'datetime="{closes_at.isoformat()}"' in text
        )  # what the browser tells in its reader's own zone


@pytest.mark.parametrize(("closes_at", "zone", "words"), SHOWN[:2])
def test_p17_the_hour_that_comes_twice_closes_at_its_own_turn(
    world: World, closes_at: datetime, zone: str, words: str
) -> None:
    dossier = filled_draft(world, open_call(world, closes_at=closes_at))
    with pytest.raises(Refused, match="too late"):
        actions.submit(
            dossier, by=world.applicant, now=closes_at.astimezone(ZoneInfo(zone)), attestation=True
        )
    actions.submit(dossier, by=world.applicant, now=closes_at - MILLISECOND, attestation=True)


# -- P18: clocks that are wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("off", [timedelta(minutes=5), timedelta(minutes=-5)], ids=["fast", "slow"])
def test_p18_the_clock_of_the_application_decides_nothing(world: World, off: timedelta) -> None:
    now = database_now()
    call = plain_call(world, now=now)
    dossier, late = (ready_draft(world, call, now=now) for _ in range(2))
    clients = [browser(world.applicant) for _ in range(2)]
    with time_machine.travel(datetime.now(UTC) + off):
        for n, (row, closes_in, accepted) in enumerate([(dossier, 2, True), (late, -2, False)]):
            with opened():
                Call.objects.filter(pk=call.pk).update(
                    closes_at=database_now() + timedelta(minutes=closes_in)
                )
            before = database_now()
            assert press(clients[n], row).status_code == (302 if accepted else 422)
    entry = Entry.objects.get(verb="calls.submit")
    assert before - timedelta(minutes=1) < entry.at <= entry.recorded_at <= database_now()
    assert OutboxJob.objects.filter(entry=entry).exclude(due_at=entry.recorded_at).count() == 0


@pytest.mark.django_db(transaction=True)
def test_p18_in_a_case_time_never_goes_back() -> None:
    world = make_world()
    dossier = submitted_dossier(world)
    before = dossier.case.entries.count()

    def write(n: int) -> Callable[[], Any]:
        return lambda: case_actions.send_message(dossier.case, by=world.officer, now=NOW, body=str(n))

    for _ in range(3):
        at_once(*[write(n) for n in range(8)])
    times = list(
        Entry.objects.filter(case=dossier.case).order_by("seq").values_list("recorded_at", flat=True)
    )
    assert len(times) == before + 24
    assert times == sorted(times)


# -- P19: timers -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_p19_two_schedulers_fire_each_timer_once() -> None:
    world = make_world()
    call = open_call(world, pieces=[])
    for _ in range(4):
        draft(world, call)
    done = at_once(*[lambda: timers.fire_due(now=CLOSES + timedelta(hours=1))] * 2)
    done.append(timers.fire_due(now=CLOSES + timedelta(hours=1)))  # what one left to the other
    assert sum(done) == 5
    assert Entry.objects.filter(verb="calls.lapse").count() == 4
    assert Entry.objects.filter(verb="calls.close_call").count() == 1
    assert not Timer.objects.filter(state=TimerState.PENDING).exists()
    assert not Timer.objects.filter(failures__gt=0).exists(), "to come second is no failure"


@pytest.mark.django_db(transaction=True)
def test_p19_witness_without_its_timer_a_verb_is_performed_twice() -> None:
    """What moves no state is told apart from its repetition by nothing but the timer."""
    world = make_world()
    dossier = submitted_dossier(world)
    timer = Timer.objects.get(verb="calls.note_implicit_rejection", case=dossier.case)
    inside = Barrier(2)

    def naive() -> Dossier:
        inside.wait(10)
        return actions.note_implicit_rejection(dossier, by=None, now=timer.due_at)

    at_once(naive, naive)
    assert Entry.objects.filter(verb="calls.note_implicit_rejection").count() == 2
    timers.fire_due(now=timer.due_at)
    timers.fire_due(now=timer.due_at)
    assert Entry.objects.filter(verb="calls.note_implicit_rejection").count() == 3


def test_p19_after_three_days_down_what_was_due_happens_in_order(world: World) -> None:
    pact = open_call(world).pact
    calls = [open_call(world, pact, closes_at=CLOSES + timedelta(hours=n)) for n in (30, 10, 50, 71)]
    later = open_call(world, pact, closes_at=CLOSES + timedelta(days=4))
    submitted_dossier(world, calls[0])
    fired = timers.fire_due(now=CLOSES + timedelta(days=3))
    closed = Entry.objects.filter(verb="calls.close_call").order_by("pk").values_list("object_id", flat=True)
    by_due = sorted(Call.objects.exclude(pk=later.pk), key=lambda call: call.closes_at)
    assert fired == 5
    assert list(closed) == [str(call.pk) for call in by_due]
    assert Call.objects.get(pk=later.pk).state == "published"
    assert list(verify()) == []


def test_p19_a_withdrawn_dossier_is_left_in_peace(world: World) -> None:
    dossier = submitted_dossier(world)
    assert Timer.objects.filter(case=dossier.case, state=TimerState.PENDING).exists()
    actions.withdraw(dossier, by=world.applicant, now=NOW, reasons="Renoncement.")
    before = dossier.case.entries.count()
    timers.fire_due(now=NOW + timedelta(days=2000))
    timers.fire_due(now=NOW + timedelta(days=2001))
    acts = dossier.case.entries.order_by("seq").values_list("verb", flat=True)[before:]
    assert "calls.note_implicit_rejection" not in set(acts)
    assert set(acts) <= {"reviews.settle_withdrawal"}  # which its own withdrawal began
    assert not Timer.objects.filter(case=dossier.case, state=TimerState.PENDING).exists()


# -- P20: the extension of a deadline ----------------------------------------------------------------------------------


def test_p20_an_extension_is_seen_at_once_and_moves_everything(world: World) -> None:
    call = open_call(world)
    dossier, done = (
        filled_draft(world, call),
        submitted_dossier(world, call, by=world.other, editor=world.other_editor),
    )
    later = CLOSES + timedelta(days=7)
    actions.extend_call(call, by=world.manager, now=CLOSES - MILLISECOND, closes_at=later, reasons="Grève.")
    entry = Entry.objects.get(verb="calls.extend_call")
    assert (entry.reasons, entry.snapshot["closes_at"][:10]) == ("Grève.", later.date().isoformat())
    with database_clock(CLOSES + timedelta(hours=1)):
        public = Client().get(reverse("calls:call", args=[call.pk])).content.decode()
        assert later.isoformat() in public
        assert "Grève." in public
        own = browser(world.applicant).get(reverse("calls:submit", args=[dossier.pk])).content.decode()
        assert later.isoformat() in own
    timers.fire_due(now=CLOSES + timedelta(hours=1))  # the old instant has lost its meaning, told or not
    assert Call.objects.get(pk=call.pk).state == "published"
    assert Dossier.objects.get(pk=dossier.pk).state == "draft"
    told = Notification.objects.filter(kind="extension")
    assert not told.exists()
    for job in OutboxJob.objects.filter(kind="calls.reschedule"):
        assert outbox.deliver(job.pk)
    assert {notice.case_id for notice in told} == {dossier.case_id}
    assert WorkItem.objects.get(case=dossier.case, state="open").due_at == later
    assert not Entry.objects.filter(case=done.case, verb="calls.reschedule").exists()
    actions.submit(dossier, by=world.applicant, now=later - MILLISECOND, attestation=True)
    with pytest.raises(Refused):
        actions.extend_call(
            Call.objects.get(), by=world.manager, now=later, closes_at=later + timedelta(days=1), reasons="x"
        )


@pytest.mark.django_db(transaction=True)
def test_p20_the_clock_and_an_extension_at_once_have_one_outcome() -> None:
    world = make_world()
    pact = open_call(world, pieces=[]).pact
    for _ in range(5):
        call = open_call(world, pact, pieces=[])
        later = CLOSES + timedelta(days=1)
        extended, _fired = at_once(
            lambda call=call, later=later: actions.extend_call(
                call, by=world.manager, now=CLOSES - MILLISECOND, closes_at=later, reasons="Grève."
            ),
            lambda: timers.fire_due(now=CLOSES),
        )
        call = Call.objects.get(pk=call.pk)
        verbs = set(Entry.objects.filter(case=call.case).values_list("verb", flat=True))
        won = isinstance(extended, Call)
        assert [call.closes_at == later, "calls.extend_call" in verbs] == [won, won]
        assert [call.state == "closed", "calls.close_call" in verbs] == [not won, not won]
        assert not Timer.objects.filter(case=call.case, failures__gt=0).exists()
