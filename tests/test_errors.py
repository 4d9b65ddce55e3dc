"""Error pages: what each fault answers, and what it tells to whom."""

from __future__ import annotations

import errno

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.actors import actor_for
from accounts.models import User
from config import errors
from tests.world import NOW, World
from workflows import actions
from workflows.engine import Conflict, NotAllowed, Reason, Refused
from workflows.models import Case, Entry


def asked_by(user: User | None) -> HttpRequest:
    request = RequestFactory().get("/somewhere/")
    request.user = user  # type: ignore[assignment]
    request.actor = actor_for(user, NOW.date()) if user else None  # type: ignore[attr-defined]
    return request


def answer(exception: Exception, user: User | None = None) -> HttpResponse:
    with translation.override("en"):
        response = errors.VerbErrors(lambda request: HttpResponse()).process_exception(
            asked_by(user), exception
        )
    assert response is not None
    return response


def entry_of(world: World, case: Case) -> Entry:
    actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
    return Entry.objects.get()


def test_p10_a_conflict_tells_staff_who_did_what_and_when(world: World, case: Case) -> None:
    response = answer(Conflict(entry_of(world, case)), world.officer2)
    assert response.status_code == 409
    page = response.content.decode()
    assert world.officer.get_full_name() in page
    assert "Message sent" in page
    assert NOW.isoformat() in page


def test_p31_a_conflict_does_not_tell_an_applicant_who_acts_inside(world: World, case: Case) -> None:
    page = answer(Conflict(entry_of(world, case)), world.applicant).content.decode()
    assert world.officer.get_full_name() not in page
    assert "Message sent" not in page
    assert NOW.isoformat() in page


def test_a_case_under_way_asks_to_wait(world: World) -> None:
    response = answer(Conflict(None), world.officer)
    assert response.status_code == 409
    assert "Wait a few seconds" in response.content.decode()


def test_no_right_and_no_such_page_read_the_same(world: World) -> None:
    assert answer(NotAllowed("x"), world.officer).status_code == 404
    with translation.override("en"):
        missing = errors.page_not_found(asked_by(world.officer))
    assert len(missing.content) == len(answer(NotAllowed("x"), world.officer).content)


def test_a_refusal_that_no_form_shows_says_why(world: World) -> None:
    response = answer(Refused(Reason("The call has <b>closed</b>.")), world.officer)
    assert response.status_code == 422
    assert "The call has &lt;b&gt;closed&lt;/b&gt;." in response.content.decode()


@pytest.mark.parametrize(
    "fault",
    [OperationalError("server closed the connection"), OSError(errno.ENOSPC, "no space")],
    ids=["db", "disk"],
)
def test_p06_what_comes_back_by_itself_is_503_and_reads_no_database(fault: Exception) -> None:
    assert answer(fault).status_code == 503


def test_other_faults_go_on_to_500() -> None:
    assert (
        errors.VerbErrors(lambda r: HttpResponse()).process_exception(asked_by(None), ValueError("x")) is None
    )
    assert errors.server_error(asked_by(None)).status_code == 500
    try:
        raise OperationalError("gone")
    except OperationalError:
        assert errors.server_error(asked_by(None)).status_code == 503


def test_a_form_too_old_gives_back_what_was_typed_but_no_secret(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    data = {"title": "<b>Un projet</b>", "password": "s3cret-s3cret", "csrfmiddlewaretoken": "old"}
    response = client.post("/style/", data)
    assert response.status_code == 403
    page = response.content.decode()
    assert "&lt;b&gt;Un projet&lt;/b&gt;" in page
    assert "s3cret" not in page


def test_a_malformed_request_is_400(client: Client) -> None:
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_too_many_attempts_is_429(world: World) -> None:
    assert errors.too_many_requests(asked_by(world.officer)).status_code == 429


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
def test_pages_speak_the_readers_language(client: Client, world: World, code: str) -> None:
    response = client.get("/no/such/page/", headers={"accept-language": code})
    assert response.status_code == 404
    assert f'<html lang="{code}"' in response.content.decode()
