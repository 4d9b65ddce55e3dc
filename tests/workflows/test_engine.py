"""The engine's promises, through the verbs of any case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actors import actor_for, organisation_audience, user_audience
from tests.world import NOW, World, opened
from workflows import actions
from workflows.engine import Conflict, NotAllowed, Refused, allowed
from workflows.engine.journal import verify
from workflows.models import Case, Entry, Message, Notification, OutboxJob, WorkItem
from workflows.store import store_bytes


def test_a_verb_writes_one_entry_and_its_effects(world: World, case: Case) -> None:
    message = actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
    entry = Entry.objects.get(case=case)
    assert (entry.seq, entry.verb, entry.object_id) == (1, "workflows.send_message", str(message.pk))
    assert entry.capacity["posts"] == ["case_officer"]
    assert {n.user for n in Notification.objects.all()} == {world.applicant, world.applicant_editor}
    assert OutboxJob.objects.filter(kind="mail", entry=entry).count() == 2
    assert list(verify()) == []


def test_the_same_key_gives_the_same_outcome(world: World, case: Case) -> None:
    first = actions.send_message(case, by=world.officer, now=NOW, body="Bonjour", key="k1")
    second = actions.send_message(case, by=world.officer, now=NOW, body="Bonjour", key="k1")
    assert first.pk == second.pk
    assert Message.objects.count() == Entry.objects.count() == 1


def test_a_key_is_looked_up_and_not_walked_to(world: World, case: Case) -> None:
    """Prepared, "the first in the journal's order" would be found by walking the whole journal (decision 0019)."""
    with CaptureQueriesContext(connection) as asked:
        actions.send_message(case, by=world.officer, now=NOW, body="Bonjour", key="k1")
    by_key = [q["sql"] for q in asked if 'idempotency_key" = ' in q["sql"]]
    assert by_key, "the witness: the key is asked for"
    assert not [sql for sql in by_key if "ORDER BY" in sql]


def test_a_refusal_leaves_nothing(world: World, case: Case) -> None:
    with pytest.raises(Refused) as refusal:
        actions.send_message(case, by=world.officer, now=NOW, body="  ")
    assert refusal.value.reasons[0].field == "body"
    assert not Entry.objects.exists()
    assert not Message.objects.exists()


def test_a_stranger_may_not(world: World, case: Case) -> None:
    with pytest.raises(NotAllowed):
        actions.send_message(case, by=world.auditor, now=NOW, body="Bonjour")


def test_a_stale_page_names_who_came_first(world: World, case: Case) -> None:
    actions.send_message(case, by=world.officer, now=NOW, body="Un", seen=0)
    with pytest.raises(Conflict) as conflict:
        actions.send_message(case, by=world.officer2, now=NOW, body="Deux", seen=0)
    assert conflict.value.entry.actor == world.officer


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE workflows_case SET title = 'x'",
        "DELETE FROM workflows_case",
        "INSERT INTO workflows_grant (case_id, audience, since) SELECT id, 'x', now() FROM workflows_case",
    ],
)
def test_the_database_refuses_a_write_outside_a_verb(case: Case, sql: str) -> None:
    with pytest.raises(DatabaseError, match="outside a verb"), transaction.atomic(), connection.cursor() as c:
        c.execute(sql)


@pytest.mark.parametrize("sql", ["UPDATE workflows_entry SET verb = 'x'", "DELETE FROM workflows_entry"])
def test_the_journal_is_append_only(world: World, case: Case, sql: str) -> None:
    actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_claim_and_hand_over(world: World, case: Case) -> None:
    with opened():
        item = WorkItem.objects.create(
            case=case,
            step="x.Y.z",
            audience=organisation_audience(case.organisation_id),
            object_type="workflows.case",
            object_id=case.pk,
            opened_at=NOW,
            due_at=NOW + timedelta(days=3),
        )
    actions.claim(item, by=world.applicant_editor, now=NOW)
    with pytest.raises(Refused):
        actions.claim(item, by=world.applicant, now=NOW)
    with pytest.raises(Refused):
        actions.hand_over(item, by=world.applicant, now=NOW, to=world.officer)
    actions.hand_over(item, by=world.applicant, now=NOW, to=world.applicant)
    item.refresh_from_db()
    assert item.claimed_by == world.applicant


def test_a_closed_case_can_only_be_read(world: World, case: Case) -> None:
    with opened():
        Case.objects.filter(pk=case.pk).update(closed_at=NOW)
    case.refresh_from_db()
    item = WorkItem(case=case, state="open", audience=user_audience(world.officer.pk))
    assert not allowed("workflows.claim", actor_for(world.officer, NOW.date()), item)
    with opened():
        item.step, item.object_type, item.object_id, item.opened_at = "x.Y.z", "workflows.case", case.pk, NOW
        item.save()
    with pytest.raises(Refused, match="closed"):
        actions.claim(item, by=world.officer, now=NOW)
    with pytest.raises(NotAllowed):
        actions.claim(item, by=world.applicant, now=NOW)  # who has no right learns nothing of it
    stored = store_bytes(case, "closure", "cloture.pdf", b"%PDF-1.7", "application/pdf")
    actions.attach_letter(case, by=None, now=NOW, code="closure", title="Clôture", file=stored)
    assert [e.verb for e in Entry.objects.filter(case=case)] == ["workflows.attach_letter"]
