"""P26: every address × every kind of reader × every state. The addresses come from the resolver: one without a line fails.

On the same story: P27, what is not one's own reads as what is not there; P30, an auditor reads with a database role that cannot write.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth import urls as sign_in
from django.db import ProgrammingError, connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse
from psycopg import sql

from config.embedded import OWNER
from tests.database import WorkerDatabase, superuser
from tests.guarantees.asking import Asker, client_of, is_sign_in, sent, tried, undrawn, written
from tests.guarantees.matrix import Story, places, routes
from tests.guarantees.routes import EVERYBODY, LINES, SIGN_IN, Line
from tests.guarantees.routes_by_state import BY_STATE, EVERY
from workflows.case_page import _registry
from workflows.models import CaseKind

pytestmark = pytest.mark.xdist_group("story")  # it is told once, for one worker

#: Addresses that answer without signing in.
PUBLIC = {line.route for line in LINES if "anonymous" in line.who}
#: How a form is refused to who may not send it.
REFUSED = (404, 405)
#: How a form that cannot be read is answered: it is shown again, its page is, or somebody came first.
SHOWN_AGAIN = (200, 302, 409, 422)
#: Who goes through the whole of Django, from the session to the answer; the others go straight to the view.
WHOLE_WAY = ("anonymous", "owner", "officer", "auditor")
#: All the cells of the matrix by state (ten minutes), or a turn of them.
LONG = bool(os.environ.get("LONG_MATRIX"))
#: Who is asked in every state; the others of the Region's staff read what its officer reads, and a stranger is a stranger.
ASKED = (
    "owner",
    "editor",
    "other",
    "officer",
    "manager",
    "payer",
    "auditor",
    "foreign",
    "assigned",
    "expert",
    "seat",
    "coparef",
)


@pytest.fixture(autouse=True)
def _undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    if not request.function.__name__.startswith("test_p26"):
        return  # the others look at what is drawn
    undrawn(monkeypatch)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith(("tests.", "zeal."))]


def test_p26_every_address_has_its_line() -> None:
    known = {line.route for line in LINES} | set(SIGN_IN)
    found = {name for name, _pattern in routes()}
    assert found - known == set(), "say in tests/guarantees/routes.py who may come here"
    assert known - found == set(), "these addresses are no more"


def test_p26_every_tab_has_its_lines() -> None:
    tabs = {tab.code for tab in _registry.tabs if tab.kind in ("", CaseKind.DOSSIER)}
    assert (
        tabs == {line.about.partition(" / ")[2] for line in BY_STATE if line.about.startswith("case ")} & tabs
    )


def test_p26_each_reader_comes_where_the_table_says_and_nowhere_else(story: Story) -> None:
    assert set(story.people) == EVERYBODY
    clients = {role: client_of(story, role) for role in WHOLE_WAY}
    askers = askers_of(story, EVERYBODY - set(WHOLE_WAY))
    wrong = []
    for line in LINES:
        address = address_of(story, line)
        for role in story.people:
            got = (
                answered(clients[role].get(address)) if role in clients else askers[role].ask("get", address)
            )
            if not expected(line, role, got):
                wrong.append(f"GET {line.route} ({line.about or '-'}) as {role}: {got}")
    assert not wrong, "\n".join(wrong)


def test_p26_a_part_of_a_page_is_no_way_round(story: Story) -> None:
    clients = {role: client_of(story, role) for role in story.people}
    wrong = []
    for line in LINES:
        address = address_of(story, line)
        for role in ("owner", "other", "officer", "auditor", "foreign", "assigned"):
            got = answered(clients[role].get(address, headers={"HX-Request": "true", "HX-Target": "list"}))
            if not expected(line, role, got):
                wrong.append(f"GET {line.route} ({line.about or '-'}) by htmx as {role}: {got}")
    assert not wrong, "\n".join(wrong)


def test_p26_exports_are_for_those_who_read_the_list(story: Story) -> None:
    clients = {role: client_of(story, role) for role in story.people}
    wrong = []
    for line in LINES:
        if not line.exports:
            continue
        for kind in ("csv", "xlsx"):
            for role, client in clients.items():
                answer = client.get(address_of(story, line), {"export": kind})
                taken = "attachment" in answer.headers.get("Content-Disposition", "")
                answer.getvalue()
                if taken != (role in line.exports):
                    wrong.append(f"{kind} of {line.route} as {role}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_p26_a_form_is_for_those_who_may_send_it(story: Story) -> None:
    stranger, askers = client_of(story, "anonymous"), askers_of(story, EVERYBODY)
    before, wrong = places(), []
    for line in LINES:
        address = address_of(story, line)
        if line.route not in PUBLIC and answered(stranger.post(address, {})) != "sign in":
            wrong.append(f"POST {line.route} ({line.about or '-'}) as a stranger")
        for role, asker in askers.items():
            for name, data, senders in forms_of(line):
                with tried(), written() as writes:
                    got = asker.ask("post", address, data)
                if fault := fault_of(line, role, name, got, senders, writes):
                    wrong.append(f"POST {line.route} ({line.about or '-'}) {name} as {role}: {fault}")
    assert not wrong, "\n".join(wrong)
    assert places() == before


def test_p26_each_state_has_its_readers(story: Story) -> None:
    askers = askers_of(story, ASKED)
    wrong = []
    for number, line in enumerate(BY_STATE):
        address = address_of(story, line)
        for role in asked(number, line.who):
            got = askers[role].ask("get", address)
            if not (got in (200, 302) if role in line.who else got == 404):
                wrong.append(f"GET {line.route} ({line.about}) as {role}: {got}")
    assert not wrong, "\n".join(wrong)
    assert len({line.about for line in BY_STATE if line.about.startswith("dossier ")}) == len(EVERY)


def test_p26_each_state_has_its_senders(story: Story) -> None:
    askers = askers_of(story, ASKED)
    before, wrong = places(), []
    for number, line in enumerate(line for line in BY_STATE if line.forms):
        address = address_of(story, line)
        may = frozenset(role for _name, senders in line.forms for role in senders)
        for role in asked(number, line.who, may):
            for name, data, senders in forms_of(line):
                with tried(), written() as writes:
                    got = askers[role].ask("post", address, data)
                if role in senders:
                    continue  # their own form: the verb says what the state allows
                if fault := ended_wrong(name, got, writes):
                    wrong.append(f"POST {line.route} ({line.about}) {name} as {role}: {fault}")
    assert not wrong, "\n".join(wrong)
    assert places() == before


@pytest.mark.parametrize("role", ["anonymous", "owner", "auditor"])
def test_p26_the_pages_of_signing_in(story: Story, role: str) -> None:
    client, wrong = client_of(story, role), []
    for name, (args, anonymous, signed_in) in SIGN_IN.items():
        got = answered(client.get(reverse(name, args=args)))
        if got != (anonymous if role == "anonymous" else signed_in):
            wrong.append(f"GET {name} as {role}: {got}")
    assert not wrong, "\n".join(wrong)


def test_p26_what_of_the_sign_in_is_not_ours_does_not_exist() -> None:
    ours = set(SIGN_IN)
    absent = {name: path for name, path in mounted(sign_in.urlpatterns) if name not in ours}
    assert absent, "allauth has nothing more than what is mounted"
    for name in absent:
        with pytest.raises(NoReverseMatch):
            reverse(name, args=[])


def test_p26_the_mailbox_is_the_demonstration_s(story: Story) -> None:
    for role in ("anonymous", "owner", "manager", "auditor"):
        assert client_of(story, role).get("/demo/mail/").status_code == 404, role


def test_p27_what_is_not_one_s_own_reads_as_what_is_not_there(story: Story) -> None:
    clients, wrong = {role: client_of(story, role) for role in ("other", "foreign")}, []
    for line in LINES:
        if not isinstance(next(iter(story.objects[line.about]), None), UUID):
            continue
        address = address_of(story, line)
        own, *rest = story.objects[line.about]
        unknown = uuid4()
        nowhere = reverse(line.route, args=[unknown, *rest])
        for role in clients.keys() - line.who:
            for method in ("post",) if line.post else ("get", "post"):
                there, absent = (getattr(clients[role], method)(url) for url in (address, nowhere))
                if (there.status_code, len(there.content)) != (absent.status_code, len(absent.content)):
                    wrong.append(
                        f"{method} {line.route} as {role}: {there.status_code}, {absent.status_code}"
                    )
                elif there.status_code == 404 and plain(there, own) != plain(absent, unknown):
                    wrong.append(f"{method} {line.route} as {role}: the two read differently")
    assert not wrong, "\n".join(wrong)


def plain(answer: HttpResponseBase, pk: UUID) -> str:
    """A page without its own address and its masked token."""
    text = answer.getvalue().decode().replace(str(pk), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_p30_an_auditor_reads_with_a_role_that_cannot_write(
    story: Story, test_database: WorkerDatabase
) -> None:
    client = client_of(story, "auditor")
    role = sql.Identifier(f"{test_database.name}_reader")
    with superuser(test_database.name) as root:
        root.execute(sql.SQL("CREATE ROLE {}").format(role))
        for grant in (
            "USAGE ON SCHEMA public",
            "SELECT ON ALL TABLES IN SCHEMA public",
            "SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public",
            "INSERT ON workflows_accesslog",
            "INSERT, UPDATE, DELETE ON django_session",
        ):
            root.execute(sql.SQL("GRANT {} TO {}").format(sql.SQL(grant), role))
        root.execute(sql.SQL("GRANT {} TO {}").format(role, sql.Identifier(OWNER)))
    try:
        reads_only(story, client, role)
    finally:
        with superuser(test_database.name) as root:
            root.execute(sql.SQL("DROP OWNED BY {}").format(role))
            root.execute(sql.SQL("DROP ROLE {}").format(role))


def reads_only(story: Story, client: Client, role: sql.Identifier) -> None:
    """Open every page that the auditor may open, as that role."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("UPDATE workflows_case SET title = ''")  # the witness
    read = 0
    lines = [
        *LINES,
        *(line for n, line in enumerate(BY_STATE) if "auditor" in line.who and (LONG or n % 6 == 0)),
    ]
    for line in lines:
        if line.post or "auditor" not in line.who:
            continue
        answer = client.get(address_of(story, line))
        answer.getvalue()
        assert answer.status_code in (200, 302), (line, answer.status_code)
        read += 1
    assert read > 60
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def askers_of(story: Story, roles: Iterable[str]) -> dict[str, Asker]:
    return {role: Asker(user) for role in sorted(roles) if (user := story.people[role]) is not None}


def asked(number: int, *groups: frozenset[str]) -> list[str]:
    """Whom to ask about the line of that number: everybody in the long form; in the short one, somebody of each group and
    somebody of none, in turn, so that each page is asked by all of them over its states."""
    if LONG:
        return list(ASKED)
    found = []
    for wanted in (*groups, frozenset(ASKED) - frozenset().union(*groups)):
        if turn := [role for role in ASKED if role in wanted]:
            found.append(turn[number % len(turn)])
    return list(dict.fromkeys(found))


def mounted(patterns: Iterable[URLPattern | URLResolver], path: str = "") -> Iterable[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from mounted(pattern.url_patterns, path + str(pattern.pattern))
        elif pattern.name:
            yield pattern.name, path + str(pattern.pattern)


def address_of(story: Story, line: Line) -> str:
    about, _, rest = line.about.partition(" / ")
    try:
        return reverse(line.route, args=[*story.objects[about], *([rest] if rest else [])])
    except (NoReverseMatch, KeyError) as error:
        raise AssertionError(f"{line.route} is not about “{line.about}”") from error


def answered(answer: HttpResponseBase) -> object:
    answer.getvalue()  # a file stays open until it is read
    return "sign in" if is_sign_in(answer) else answer.status_code


def expected(line: Line, role: str, got: object) -> bool:
    if role == "anonymous" and line.route not in PUBLIC:
        return got == "sign in"
    if line.post:
        return got == 405  # the same for all: it says nothing of what is there
    return got in (200, 302) if role in line.who else got == 404


def forms_of(line: Line) -> list[tuple[str, dict[str, str], frozenset[str]]]:
    """The forms of an address: nothing at all, then each by its name; with those who may send it."""
    nothing: tuple[str, dict[str, str], frozenset[str]] = ("nothing", {}, frozenset())
    named = [(name or "the form", sent(name), senders) for name, senders in line.forms]
    return [nothing, *named] if not line.post else [("nothing", {}, line.who)]


def fault_of(
    line: Line, role: str, name: str, got: object, senders: frozenset[str], writes: list[str]
) -> str:
    """What is wrong with an answer to a form, if anything."""
    if role in senders:
        return "" if got in (200, 302, 409, 422) else str(got)
    if writes:
        return f"{got}, and wrote {writes}"
    if role not in line.who or name != "nothing":
        return "" if got in REFUSED else str(got)
    return "" if got in REFUSED or got in SHOWN_AGAIN else str(got)


def ended_wrong(name: str, got: object, writes: list[str]) -> str:
    """What is wrong with the answer, in some state, to who may never send that form."""
    if writes:
        return f"{got}, and wrote {writes}"
    # a form that the page does not show in this state is not read; nothing at all shows the page again
    read = (*REFUSED, 409, 422) if name != "nothing" else (*REFUSED, *SHOWN_AGAIN)
    return "" if got in read else str(got)
