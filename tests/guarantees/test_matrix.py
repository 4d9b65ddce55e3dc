"""P26: every address × every kind of reader. The addresses come from the resolver: one without a line fails.

First form: one state for most objects, GET for all, POST for those who may not come at all (what may be posted by whom among those who
may read a page is each verb's right, tried by the walk). Sign-in's own addresses are left to allauth's tests and ours.
"""

from __future__ import annotations

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.guarantees.matrix import Story, places, routes, tell
from tests.guarantees.routes import EVERYBODY, LINES, Line

#: Addresses that answer without signing in.
PUBLIC = {line.route for line in LINES if "anonymous" in line.who}


@pytest.fixture
def story(db: None) -> Story:
    return tell()


def test_p26_every_address_has_its_line() -> None:
    known = {line.route for line in LINES}
    found = {name for name, _pattern in routes()}
    assert found - known == set(), "say in tests/guarantees/routes.py who may come here"
    assert known - found == set(), "these addresses are no more"


def test_p26_each_reader_comes_where_the_table_says_and_nowhere_else(story: Story) -> None:
    assert set(story.people) == EVERYBODY
    clients = {role: client_of(story, role) for role in story.people}
    wrong = []
    for line in LINES:
        address = address_of(story, line)
        for role, client in clients.items():
            answer = client.get(address)
            answer.getvalue()  # a file stays open until it is read
            got = "sign in" if is_sign_in(answer) else answer.status_code
            if not expected(line, role, got):
                wrong.append(f"GET {line.route} ({line.about or '-'}) as {role}: {got}")
    assert not wrong, "\n".join(wrong)


def test_p26_p27_who_may_not_come_changes_nothing_by_posting(story: Story) -> None:
    clients = {role: client_of(story, role) for role in story.people}
    wrong = []
    for line in LINES:
        address, before = address_of(story, line), places()
        for role in story.people.keys() - line.who:
            answer = clients[role].post(address, {})
            # asking a stranger who they are says no more than 404: it comes before anything is looked up
            if not (answer.status_code in (404, 405) or is_sign_in(answer, again=role != "anonymous")):
                wrong.append(f"POST {line.route} ({line.about or '-'}) as {role}: {answer.status_code}")
        if written := sorted(dict(places().items() - before.items())):
            wrong.append(f"POST {line.route} ({line.about or '-'}) wrote something in {written}")
    assert not wrong, "\n".join(wrong)


def client_of(story: Story, role: str) -> Client:
    client = Client()
    user = story.people[role]
    if user is not None:
        client.force_login(user)
    return client


def address_of(story: Story, line: Line) -> str:
    try:
        return reverse(line.route, args=story.objects[line.about])
    except (NoReverseMatch, KeyError) as error:
        raise AssertionError(f"{line.route} is not about “{line.about}”") from error


def is_sign_in(answer: HttpResponseBase, *, again: bool = False) -> bool:
    page = "/accounts/reauthenticate/" if again else "/accounts/login/"
    return answer.status_code == 302 and answer.headers["Location"].startswith(page)


def expected(line: Line, role: str, got: object) -> bool:
    if role == "anonymous" and line.route not in PUBLIC:
        return got == "sign in"
    if line.post:
        return got == 405  # the same for all: it says nothing of what is there
    return got in (200, 302) if role in line.who else got == 404
