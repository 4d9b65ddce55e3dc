"""The benches' own rules, and the loader: what a figure rests upon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, transaction

from calls.models import Dossier
from tests.calls import story
from tests.database import WorkerDatabase, superuser
from tests.load import bulk, copies, measure, report
from tests.world import World
from workflows.engine import journal
from workflows.models import Case, Entry


def test_the_bulk_journals_verify(world: World) -> None:
    call = story.open_call(world)
    bulk.load(world, [call], dossiers=40, entries=203, organisations=20)
    loaded = Case.objects.filter(parent=call.case)
    checked = list(journal.check(loaded))
    assert len(checked) == 40
    assert sum(one.entries for one in checked) == 203
    assert [one.fault for one in checked if one.fault] == []
    assert {d.state for d in Dossier.objects.filter(call=call)} > {"draft", "submitted", "awarded", "closed"}


def test_any_text_is_verified_from_what_the_database_holds(world: World) -> None:
    """The check puts the canonical form together by itself: it must be, byte for byte, the one that was hashed."""
    call = story.open_call(world)
    odd = "\x01\x1f\x7f\b\f\n\r\t \"'\\/ é \u2028\ud7ff\U0001f600 %s {} </script>"
    with transaction.atomic():
        bulk.opened_to("test")
        for micro, actor in ((0, world.officer), (120, None), (999_999, world.officer)):
            at = story.NOW.replace(microsecond=micro)
            case = Case.objects.get(pk=call.case_id)
            snapshot = {
                "zz": [1, -2, True, None, {}],
                "é": odd,
                "a": {"bb": odd, "b": "", "B": "10.50"},
                odd: [],
            }
            journal.append(
                case,
                Entry(
                    at=at, recorded_at=at, actor=actor, actor_name=odd, capacity={odd: [odd]}, verb="tests.odd",
                    object_type="x", object_id=odd[:10], from_state=odd[:20], to_state=odd[:20], reasons=odd,
                    snapshot=snapshot, files=[{"sha256": odd}], idempotency_key="",
                ),
            )  # fmt: skip
    assert [f.problem for f in journal.verify()] == []


@pytest.mark.django_db(transaction=True)
def test_a_changed_entry_among_the_bulk_is_found(world: World, test_database: WorkerDatabase) -> None:
    call = story.open_call(world)
    bulk.load(world, [call], dossiers=20, entries=100, organisations=5)
    victim = Entry.objects.filter(case__parent=call.case, seq=3)[0]
    with superuser(test_database.name) as intruder:
        intruder.execute("SET session_replication_role = replica")
        intruder.execute("UPDATE workflows_entry SET actor_name = 'Nobody' WHERE id = %s", [victim.pk])
    faults = list(journal.verify())
    assert [(f.case.pk, f.seq, f.problem) for f in faults] == [(victim.case_id, 3, "content changed")]


def test_a_copy_has_a_journal_of_its_own_and_the_floor_writes_what_the_verb_writes(world: World) -> None:
    draft = Dossier.objects.select_related("case__region", "call").get(pk=story.filled_draft(world).pk)
    one, two = copies.make(draft, 2)

    def submit(copied: copies.Copy) -> object:
        dossier = Dossier.objects.get(pk=copied.dossier)
        return story.actions.submit(dossier, by=world.applicant, now=story.NOW, attestation=True)

    written = copies.written_by(one, partial(submit, one))
    with transaction.atomic(), connection.cursor() as cursor:
        bulk.opened_to("test")
        cursor.execute(copies.statement(*written.of(two)))
    first, second = copies.rows_of(one.case), copies.rows_of(two.case)
    assert {m: len(rows) for m, rows in first.items()} == {m: len(rows) for m, rows in second.items()}
    assert Dossier.objects.get(pk=two.dossier).state == "submitted"
    assert [f.case.reference for f in journal.verify()] == []


def sides(floors: list[float]) -> tuple[measure.Side, measure.Side]:
    given: Iterator[float] = iter(floors)
    return (lambda: [next(given)]), (lambda: [3.0])


def test_a_floor_that_moves_is_tried_three_times_and_then_rejected() -> None:
    found = measure.compare(*sides([1.0, 1.0, 1.3, 1.3] * 3), rounds=4)
    assert not found.stable
    line = measure.result("B9", "anything", found, 5)
    assert line.stable is False


def test_a_floor_that_settles_is_taken() -> None:
    found = measure.compare(*sides([1.0, 1.0, 1.3, 1.3, 2.0, 2.0, 2.1, 2.1]), rounds=4)
    assert found.stable
    assert found.ratio == pytest.approx(3 / 2.05)


def test_a_busy_machine_is_refused_unless_forced_and_then_not_valid() -> None:
    with pytest.raises(measure.Busy):
        measure.require_idle(force=False, share=lambda: 0.16)
    assert measure.require_idle(force=True, share=lambda: 0.16) is False
    assert measure.require_idle(force=False, share=lambda: 0.14) is True


def test_the_busy_share_is_read_from_the_kernel(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 0 0 900 0 0 0 0 0 0\n")

    def wait() -> None:
        stat.write_text("cpu  130 0 10 950 10 0 0 0 0 0\n")

    assert measure.busy_share(stat, wait) == pytest.approx(0.4)


def test_percentiles_are_nearest_rank() -> None:
    hundred = [float(n) for n in range(100, 0, -1)]
    assert measure.percentile(hundred, 0.95) == 95
    assert measure.percentile(hundred, 0.5) == 50
    assert measure.percentile([7.0], 0.99) == 7


def test_the_table_is_written_and_keeps_what_was_not_run(tmp_path: Path) -> None:
    path, write = (
        tmp_path / "docs" / "benchmarks.md",
        partial(report.write, machine="2 cores", day=date(2026, 1, 2)),
    )
    one = measure.Result("B1a", "submit", "1 ms", "2 ms", 2.0, "≤ 2.5 ×", True)
    four = measure.Result("B4a", "a | b", "1 ms", "9 ms", 9.0, "≤ 3 ×", False, stable=False, valid=False)
    write(path, [four])
    write(path, [one])
    rows = [line for line in path.read_text().splitlines() if line.startswith("| B")]
    assert rows[0] == "| B1a | submit | 1 ms | 2 ms | 2.00 × | ≤ 2.5 × | yes | yes | 2026-01-02 |"
    assert "a / b" in rows[1]
    assert rows[1].endswith("| **no** | **no**, machine busy: **not valid** | 2026-01-02 |")
    write(path, [one, four])
    assert len([line for line in path.read_text().splitlines() if line.startswith("| B")]) == 2
