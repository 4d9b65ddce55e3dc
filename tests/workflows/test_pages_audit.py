"""What auditors and staff check: journal, verification, evidence, access log, incidents; and how pages say no."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent
from tests.workflows.test_pages import Browse, browse, case, item, officers, version
from tests.world import NOW, World, make_world, opened
from workflows import actions, seals
from workflows.engine import NotAllowed, Refused
from workflows.engine.timers import MAX_FAILURES, fire_due
from workflows.models import AccessLog, Case, CaseKind, Entry, OutboxJob, OutboxState, Timer

__all__ = ["browse", "case"]


def talk(case: Case, world: World, count: int = 2) -> None:
    for number in range(count):
        actions.send_message(
            case, by=world.officer, now=NOW + timedelta(days=number), body=f"Message {number}"
        )


def test_the_journal_tells_who_did_what_why_and_having_seen_what(
    world: World, case: Case, browse: Browse
) -> None:
    talk(case, world)
    page = browse(world.auditor).get(reverse("workflows:journal", args=[case.pk]))
    text = page.content.decode()
    entry = Entry.objects.get(case=case, seq=1)
    for expected in ("Officer Staff", "Message 0", entry.hash, entry.previous_hash, "workflows.send_message"):
        assert expected in text
    assert [event.number for event in page.context["list"].events] == [2, 1]


def test_the_journal_filters_by_act_person_and_date(world: World, case: Case, browse: Browse) -> None:
    talk(case, world)
    actions.claim(item(case, officers(case)), by=world.officer2, now=NOW + timedelta(days=5))
    url = reverse("workflows:journal", args=[case.pk])
    client = browse(world.auditor)

    def found(**filters: str) -> list[int | None]:
        return [event.number for event in client.get(url, filters).context["list"].events]

    assert found() == [3, 2, 1]
    assert found(verb="workflows.claim") == [3]
    assert found(actor="Officer Staff") == [2, 1]
    assert found(since="2026-03-03") == [3, 2]
    assert found(until="2026-03-02") == [1]
    assert found(since="rubbish") == [3, 2, 1]


def test_verifying_says_what_was_checked(world: World, case: Case, browse: Browse) -> None:
    talk(case, world)
    one = version(case)
    seals.seal(now=NOW + timedelta(days=9))
    client = browse(world.auditor)
    url = reverse("workflows:journal", args=[case.pk])
    checks = client.get(url, {"verify": "1"}).context["checks"]
    assert [check.holds for check in checks] == [True, True, True]
    storages["documents"].delete(one.path)
    checks = client.get(url, {"verify": "1"}).context["checks"]
    assert [check.holds for check in checks] == [True, True, False]
    assert one.name in checks[2].found


@pytest.mark.django_db(transaction=True)
def test_a_journal_changed_behind_our_back_is_found(test_database: Any, browse: Browse) -> None:
    from tests.database import superuser

    world = make_world()
    with opened():
        case = Case.objects.create(
            region=world.region, kind=CaseKind.SESSION, reference="PRIC-X", title="x", opened_at=NOW
        )
    talk(case, world)
    with superuser(test_database.name) as intruder:
        intruder.execute("ALTER TABLE workflows_entry DISABLE TRIGGER ALL")
        intruder.execute("UPDATE workflows_entry SET actor_name = 'Personne' WHERE seq = 1")
        intruder.execute("ALTER TABLE workflows_entry ENABLE TRIGGER ALL")
    client = browse(world.auditor)
    checks = client.get(reverse("workflows:journal", args=[case.pk]), {"verify": "1"}).context["checks"]
    assert checks[0].holds is False
    assert "1" in checks[0].found
    faults = client.get(reverse("workflows:verification")).context["faults"]
    assert [(fault.case.pk, fault.seq) for fault in faults] == [(case.pk, 1)]


def test_all_the_journals_are_verified_in_parts_that_go_on_by_themselves(
    world: World, case: Case, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.views.audit.AT_ONCE", 1)
    with opened():
        others = [
            Case.objects.create(
                region=world.region, kind=CaseKind.SESSION, reference=f"S-{number}", title="…", opened_at=NOW
            )
            for number in range(2)
        ]
    for other in others:
        talk(other, world)
    talk(case, world)
    client = browse(world.auditor)
    steps, address = [], reverse("workflows:verification")
    while address:
        answer = client.get(address, headers={"HX-Request": "true"} if steps else {})
        steps.append(answer.context["done"]["cases"])
        assert ("<html" in answer.content.decode()) == (len(steps) == 1)
        assert ("All the journals verify." in answer.content.decode()) == (not answer.context["onward"])
        address = answer.context["onward"]
    assert steps == [1, 2, 3]
    assert answer.context["done"] == answer.context["every"] == {"cases": 3, "entries": 6}
    assert client.get(reverse("workflows:verification"), {"after": "x", "bad": "y"}).status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_journal_is_taken_away_and_that_is_written_down(
    world: World, case: Case, browse: Browse, kind: str
) -> None:
    talk(case, world)
    answer = browse(world.auditor).get(reverse("workflows:journal", args=[case.pk]), {"export": kind})
    data = b"".join(answer.streaming_content)
    assert (b"workflows.send_message" in data) if kind == "csv" else data.startswith(b"PK")
    assert AccessLog.objects.filter(kind="export", user=world.auditor, detail=f"journal.{kind}").exists()


def test_the_evidence_bundle_verifies_alone_and_is_written_down(
    world: World, case: Case, browse: Browse, tmp_path: Path
) -> None:
    talk(case, world)
    version(case)
    url = reverse("workflows:evidence", args=[case.pk])
    assert browse(world.auditor).get(url).status_code == 405
    for user in (world.officer, world.applicant, world.other):
        assert browse(user).post(url).status_code == 404
    answer = browse(world.auditor).post(url)
    data = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == 'attachment; filename="PRIC-TEST.zip"'
    assert int(answer["Content-Length"]) == len(data)
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    assert json.loads((tmp_path / "manifest.json").read_text())["head"]["seq"] == 2
    assert subprocess.run([sys.executable, tmp_path / "verify.py"], check=False).returncode == 0
    assert AccessLog.objects.filter(kind="evidence", user=world.auditor).count() == 1


def test_the_audit_home_is_for_auditors_and_shows_their_regions(
    world: World, case: Case, browse: Browse
) -> None:
    elsewhere = make_world("11", "Région Bêta", "region-beta")
    talk(case, world)
    seals.seal(now=NOW + timedelta(days=9))
    for name in ("workflows:audit", "workflows:verification"):
        for user in (world.officer, world.manager, world.applicant, world.state):
            assert browse(user).get(reverse(name)).status_code == 404
    page = browse(world.auditor).get(reverse("workflows:audit"))
    assert [row.reference for row in page.context["list"].shown] == ["PRIC-TEST"]
    assert browse(elsewhere.auditor).get(reverse("workflows:audit")).context["list"].total == 0
    verified = browse(world.auditor).get(reverse("workflows:verification")).context
    assert (verified["faults"], verified["done"]) == ([], {"cases": 1, "entries": 2})


def test_an_auditor_changes_nothing(world: World, case: Case, browse: Browse) -> None:
    one = item(case, officers(case))
    client = browse(world.auditor)
    for url in (
        reverse("workflows:claim", args=[one.pk]),
        reverse("workflows:give_back", args=[one.pk]),
        reverse("workflows:hand_over", args=[one.pk]),
        reverse("workflows:case_tab", args=[case.pk, "messages"]),
    ):
        assert client.post(url, {"body": "x"}).status_code == 404
    assert not Entry.objects.exists()


# Incidents


@pytest.fixture
def incident(world: World, case: Case) -> OutboxJob:
    talk(case, world, 1)
    job = OutboxJob.objects.filter(case=case).first()
    assert job is not None
    OutboxJob.objects.filter(pk=job.pk).update(
        state=OutboxState.INCIDENT, attempts=5, last_error="SMTPServerDisconnected: gone"
    )
    return job


def test_an_incident_is_seen_with_its_cause_and_tried_again(
    world: World, case: Case, incident: OutboxJob, browse: Browse
) -> None:
    url = reverse("workflows:incidents")
    retry = reverse("workflows:retry_job", args=[incident.pk])
    text = browse(world.officer).get(url).content.decode()
    assert "SMTPServerDisconnected" in text
    assert retry in text
    seen_by_auditor = browse(world.auditor).get(url).content.decode()
    assert "SMTPServerDisconnected" in seen_by_auditor
    assert retry not in seen_by_auditor
    for user in (world.auditor, world.payer, world.applicant):
        assert browse(user).post(retry).status_code == 404
    for user in (world.applicant, world.state):
        assert browse(user).get(url).status_code == 404
    elsewhere = make_world("11", "Région Bêta", "region-beta")
    assert "SMTPServerDisconnected" not in browse(elsewhere.manager).get(url).content.decode()
    assert browse(elsewhere.manager).post(retry).status_code == 404
    assert browse(world.officer).post(retry).status_code == 302
    tried = OutboxJob.objects.get(pk=incident.pk)
    assert (tried.state, tried.attempts) == (OutboxState.PENDING, 0)
    entry = Entry.objects.get(case=case, verb="workflows.retry_job")
    assert (entry.actor, entry.object_id) == (world.officer, str(incident.pk))
    assert entry.snapshot == {
        "kind": incident.kind,
        "attempts": 5,
        "cause": "SMTPServerDisconnected: gone",
    }
    assert browse(world.officer).post(retry).status_code == 404  # it is no incident any more
    with pytest.raises(Refused):
        actions.retry_job(tried, by=world.officer, now=NOW)


def test_what_a_closed_case_is_still_owed_is_tried_again(
    world: World, case: Case, incident: OutboxJob
) -> None:
    with opened():
        Case.objects.filter(pk=case.pk).update(closed_at=NOW)
    incident.refresh_from_db()
    assert actions.retry_job(incident, by=world.manager, now=NOW).state == OutboxState.PENDING
    with pytest.raises(NotAllowed):
        actions.send_message(Case.objects.get(pk=case.pk), by=world.officer, now=NOW, body="Trop tard.")


@pytest.mark.parametrize("who", ["applicant", "auditor", "payer", "state"])
def test_who_may_not_try_again(world: World, case: Case, incident: OutboxJob, who: str) -> None:
    incident.refresh_from_db()
    with pytest.raises(NotAllowed):
        actions.retry_job(incident, by=world.people[who], now=NOW)


def test_a_notice_without_a_case_is_tried_again_and_kept_in_the_account_log(
    world: World, browse: Browse
) -> None:
    job = OutboxJob.objects.create(
        kind="mail",
        payload={"notification": str(uuid4())},
        due_at=NOW,
        state=OutboxState.INCIDENT,
        last_error="Gone",
    )
    retry = reverse("workflows:retry_job", args=[job.pk])
    assert browse(world.payer).post(retry).status_code == 404
    assert browse(world.officer).post(retry).status_code == 302
    job.refresh_from_db()
    assert job.state == OutboxState.PENDING
    event = AccountEvent.objects.get(verb="workflows.retry_job")
    assert (event.actor, event.object_id, event.data["cause"]) == (world.officer, str(job.pk), "Gone")
    with pytest.raises(NotAllowed):
        actions.retry_job_of_nobody(job, by=world.auditor, now=NOW)


def test_a_refused_timer_is_seen_and_let_try_again(world: World, case: Case, browse: Browse) -> None:
    timer = Timer.objects.create(
        case=case,
        verb="workflows.send_message",  # no system verb: the engine refuses it each time
        object_type="workflows.case",
        object_id=case.pk,
        due_at=NOW,
    )
    for _ in range(MAX_FAILURES + 1):
        fire_due(now=NOW)
    timer.refresh_from_db()
    assert timer.failures == MAX_FAILURES
    assert timer.last_error in browse(world.officer).get(reverse("workflows:incidents")).content.decode()
    assert browse(world.officer).post(reverse("workflows:retry_timer", args=[timer.pk])).status_code == 302
    timer.refresh_from_db()
    assert timer.failures == 0
    entry = Entry.objects.get(case=case, verb="workflows.retry_timer")
    assert (entry.actor, entry.snapshot["failures"]) == (world.officer, MAX_FAILURES)
    with pytest.raises(Refused, match="not refused"):
        actions.retry_timer(timer, by=world.officer, now=NOW)
    with pytest.raises(NotAllowed):
        actions.retry_timer(timer, by=world.auditor, now=NOW)


def test_an_open_dossier_that_nothing_will_move_is_named(world: World, case: Case, browse: Browse) -> None:
    with opened():
        Case.objects.filter(pk=case.pk).update(kind=CaseKind.DOSSIER)
    assert "PRIC-TEST" in browse(world.officer).get(reverse("workflows:incidents")).content.decode()
    item(case, officers(case))
    assert "PRIC-TEST" not in browse(world.officer).get(reverse("workflows:incidents")).content.decode()


# How pages say no


def test_a_stale_page_names_who_acted_before(world: World, case: Case, browse: Browse) -> None:
    one = item(case, officers(case))
    url = reverse("workflows:hand_over", args=[one.pk])
    client = browse(world.officer)
    talk(case, world, 1)
    form = client.get(url).context["form"]
    data = {"to": world.officer2.pk, "key": form["key"].initial, "seen": "0"}
    answer = client.post(url, data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Officer Staff" in text
    assert f'href="{url}"' in text
    one.refresh_from_db()
    assert one.claimed_by is None


def _answers(client: Client, urls: list[str]) -> set[tuple[int, int]]:
    found = set()
    for url in urls:
        answer = client.get(url)
        found.add((answer.status_code, len(answer.content.replace(url.encode(), b""))))
    return found


def test_what_one_may_not_know_of_answers_as_what_is_not_there(
    world: World, case: Case, browse: Browse
) -> None:
    nothing = "00000000-0000-4000-8000-000000000000"
    one = item(case, officers(case))
    pairs: list[tuple[str, Any]] = [
        ("workflows:case", case.pk),
        ("workflows:journal", case.pk),
        ("workflows:task", one.pk),
        ("workflows:hand_over", one.pk),
        ("workflows:download", version(case).pk),
    ]
    client = browse(world.other)
    for name, pk in pairs:
        answers = _answers(client, [reverse(name, args=[pk]), reverse(name, args=[nothing])])
        assert len(answers) == 1, (name, answers)
        assert next(iter(answers))[0] == 404


def test_everything_is_closed_to_those_not_signed_in(world: World, case: Case) -> None:
    for name, args in (
        ("inbox", []),
        ("case", [case.pk]),
        ("journal", [case.pk]),
        ("download", [version(case).pk]),
        ("notifications", []),
        ("search", []),
        ("audit", []),
        ("incidents", []),
    ):
        answer = Client().get(reverse(f"workflows:{name}", args=args))
        assert answer.status_code == 302, name
        assert "login" in answer["Location"]
