"""P21, P23, P25: what runs keeps what it started with; a deploy that would strand it is refused; migrations only add."""

from __future__ import annotations

import hashlib
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_migration_linter import MigrationLinter

from calls.models import Dossier
from tests.calls.story import draft, draft_call, open_call, submitted_dossier
from tests.test_migrations import OUR_APPS
from tests.world import NOW, World, opened
from workflows.engine.flow import CaseFlow
from workflows.models import OutboxJob, Timer, WorkItem, WorkItemState


def rows_of(dossier: Dossier) -> dict[str, str]:
    """A hash of each table's rows that belong to a dossier's case, its form included: every byte of it."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = {
                column.name for column in connection.introspection.get_table_description(cursor, table)
            }
            if "case_id" in columns and table != "django_session":
                cursor.execute(f'SELECT t::text FROM "{table}" t WHERE case_id = %s', [dossier.case_id])
                found[table] = sorted(row for (row,) in cursor.fetchall())
        cursor.execute("SELECT t::text FROM calls_formrevision t WHERE id = %s", [dossier.revision_id])
        found["form"] = cursor.fetchall()
        cursor.execute("SELECT t::text FROM calls_call t WHERE id = %s", [dossier.call_id])
        found["call"] = cursor.fetchall()
        cursor.execute(
            "SELECT t::text FROM viewflow_task t JOIN workflows_caseprocess p ON p.process_ptr_id = t.process_id"
            " WHERE p.case_id = %s ORDER BY t.id",
            [dossier.case_id],
        )
        found["tasks"] = cursor.fetchall()
    return {table: hashlib.sha256(repr(rows).encode()).hexdigest() for table, rows in found.items() if rows}


def other_form(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A form without its last section, and another question in its first."""
    question = {"code": "new", "label": "Une autre question", "help": "", "kind": "text", "required": True}
    question |= {"max_length": 200, "choices": []}
    first, *others = sections[:-1]
    return [{**first, "questions": [*first["questions"], question]}, *others]


def test_p21_a_second_call_changes_no_byte_of_the_first(world: World) -> None:
    from calls import actions

    first = open_call(world)
    running = [
        draft(world, first),
        submitted_dossier(world, first, by=world.other, editor=world.other_editor),
    ]
    before = [rows_of(dossier) for dossier in running]
    schema = other_form(running[0].revision.schema)
    second = draft_call(world, first.pact, title="Parcours certifiants, deuxième vague", schema=schema)
    actions.submit_for_validation(second, by=world.officer, now=NOW)
    actions.publish_call(second, by=world.manager, now=NOW)
    newer = draft(world, second)
    assert newer.revision.schema == schema
    assert newer.revision.sha256 != running[0].revision.sha256
    assert [rows_of(dossier) for dossier in running] == before
    assert len(before[1]) > 12
    draft_row = Dossier.objects.get(pk=running[0].pk)
    actions.save_section(draft_row, by=world.applicant_editor, now=NOW, section="need", values={}, version=0)
    assert rows_of(running[0]) != before[0], "the comparison would see a change"


def gate() -> str:
    """What the deploy gate complains of; nothing when it lets the version pass."""
    complaints = StringIO()
    try:
        call_command("check_inflight", stdout=StringIO(), stderr=complaints)
    except CommandError:
        return complaints.getvalue()
    assert not complaints.getvalue()
    return ""


def test_p23_the_gate_names_a_task_whose_step_is_missing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it would be after a deploy: the database is the same, the code has lost a node that tasks wait in."""
    submitted_dossier(world)
    assert gate() == ""
    item = WorkItem.objects.filter(state=WorkItemState.OPEN).exclude(step__startswith="calls.").first()
    assert item is not None
    app, flow_name, node = item.step.split(".")
    flow = next(
        f for f in CaseFlow.__subclasses__() if f.__name__ == flow_name and f.instance.app_label == app
    )
    monkeypatch.delitem(flow.instance._nodes_by_name, node)
    assert f"1 open task(s) wait in {item.step}" in gate()
    monkeypatch.undo()
    assert gate() == ""


@pytest.mark.parametrize(
    ("rows", "change", "complaint"),
    [
        (WorkItem.objects.filter(state="open"), {"verbs": ["calls.gone"]}, "wait for calls.gone"),
        (Timer.objects.filter(state="pending"), {"verb": "calls.gone"}, "unknown verb calls.gone"),
        (OutboxJob.objects.filter(state="pending"), {"kind": "gone"}, "unknown kind gone"),
    ],
    ids=["verb of a step", "timer", "job"],
)
def test_p23_the_gate_names_what_else_would_be_stranded(
    world: World, rows: Any, change: dict[str, Any], complaint: str
) -> None:
    submitted_dossier(world)
    with opened():
        one = rows.all().first()
        type(one).objects.filter(pk=one.pk).update(**change)
    assert complaint in gate()


@pytest.mark.django_db
def test_p25_every_migration_is_linted(capsys: pytest.CaptureFixture[str]) -> None:
    """The first ones too: they make tables, still empty (a NOT NULL costs nothing), and neither rename, drop nor rewrite."""
    linter = MigrationLinter(
        include_apps=OUR_APPS, no_cache=True, quiet=["ok", "ignore"], exclude_migration_tests=["NOT_NULL"]
    )
    linter.lint_all_migrations()
    assert linter.nb_total >= len(OUR_APPS)
    assert not linter.has_errors, capsys.readouterr().out
