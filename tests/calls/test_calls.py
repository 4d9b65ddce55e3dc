"""Pacts and calls through their verbs: two people, frozen text, a window that the clock closes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.actors import actor_for
from calls import actions
from calls.models import Call, CallState, Dossier, DossierState, FormRevision, Pact
from calls.queries import calls_visible_to, digest, frozen_text, open_calls
from calls.queries.defaults import default_axes, default_criteria, default_indicators, default_pieces
from tests.calls.story import CLOSES, adopted_pact, draft, draft_call, filled_draft, open_call
from tests.world import NOW, World
from workflows.engine import NotAllowed, Refused
from workflows.engine.journal import verify
from workflows.engine.outbox import deliver
from workflows.engine.timers import fire_due
from workflows.models import Entry, Notification, OutboxJob, Timer, TimerState, WorkItem
from workflows.queries import inbox


def fields(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.field for reason in refusal.value.reasons}


def pact_values() -> dict[str, object]:
    return {
        "title": "Pacte",
        "first_year": 2026,
        "last_year": 2027,
        "stakes": "Former.",
        "budget_by_year": {2026: Decimal(1), 2027: Decimal(2)},
        "axes": default_axes(),
        "indicators": default_indicators(),
        "questions": ["Le Pacte a-t-il permis… ?"],
    }


def test_a_pact_is_prepared_by_one_and_adopted_by_another(world: World) -> None:
    pact = adopted_pact(world)
    assert pact.case.reference == "PACTE-84-2026-01"
    assert [axis.code for axis in pact.axes.all()] == ["A1", "A2", "A3", "A4"]
    assert pact.axes.get(code="A2").objectives.get().nature == "new"
    assert pact.indicators.filter(kind="impact", axis__isnull=True).count() == 0
    assert pact.questions.count() == 3
    assert not WorkItem.objects.filter(case=pact.case, state="open").exists()
    second = actions.create_pact(world.region, by=world.manager, now=NOW, **pact_values())
    assert second.case.reference == "PACTE-84-2026-02"
    assert inbox(actor_for(world.manager2, NOW.date())).get().step == "calls.PactFlow.adopt"
    with pytest.raises(NotAllowed):
        actions.adopt_pact(second, by=world.manager, now=NOW)
    with pytest.raises(NotAllowed):
        actions.adopt_pact(second, by=world.pilot, now=NOW)
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"stakes": ""}, "stakes"),
        ({"last_year": 2025}, "last_year"),
        ({"budget_by_year": {2026: Decimal(1)}}, "budget_by_year"),
        ({"budget_by_year": {2026: Decimal(1), 2027: Decimal(-2)}}, "budget_by_year"),
        ({"axes": [{**axis, "label": ""} for axis in default_axes()]}, "axes"),
        ({"axes": [*default_axes(), default_axes()[0]]}, "axes"),
        ({"indicators": []}, "indicators"),
        ({"indicators": [i for i in default_indicators() if i["kind"] == "impact"]}, "indicators"),
        ({"indicators": [{**i, "axis": ""} for i in default_indicators()]}, "indicators"),
        ({"questions": ["  "]}, "questions"),
    ],
)
def test_what_a_pact_cannot_be(world: World, changed: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        actions.create_pact(world.region, by=world.pilot, now=NOW, **{**pact_values(), **changed})
    assert fields(refusal) == {field}
    assert not Pact.objects.exists()


def test_an_officer_does_not_create_pacts(world: World) -> None:
    for person in (world.officer, world.applicant, world.auditor):
        with pytest.raises(NotAllowed):
            actions.create_pact(world.region, by=person, now=NOW, **pact_values())


def test_a_call_comes_with_the_grid_the_pieces_and_the_form(world: World) -> None:
    call = draft_call(world, pieces=None)
    assert call.case.reference == "AAP-84-2026-01"
    assert sum(call.criteria.values_list("weight", flat=True)) == 100
    codes = {piece.code: piece for piece in call.required_pieces.all()}
    assert codes["CER"].legal_forms == ["association"]
    assert codes["LETTRE_PART"].condition == "partners"
    assert codes["RIB"].legal_forms == []
    assert call.revisions.get().schema[0]["code"] == "need"
    assert call.contact == world.region.service_email
    second = draft_call(world, call.pact, kind="ami")
    assert second.case.reference == "AMI-84-2026-02"


def test_the_republican_commitment_is_asked_for_from_2022_on() -> None:
    from datetime import date

    assert "CER" not in {p["code"] for p in default_pieces(date(2021, 12, 31))}
    assert "CER" in {p["code"] for p in default_pieces(date(2022, 1, 2))}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"closes_at": NOW - timedelta(days=2)}, "closes_at"),
        ({"max_amount": Decimal(1)}, "max_amount"),
        ({"max_amount": Decimal(300001)}, "max_amount"),
        ({"envelope": Decimal(0)}, "envelope"),
        ({"max_rate": Decimal(101)}, "max_rate"),
        ({"colleges": ["nobody"]}, "colleges"),
        ({"reporting": [0]}, "reporting"),
        ({"title": "x" * 201}, "title"),
        ({"aid_basis": "none"}, "aid_basis"),
        ({"kind": "xyz"}, "kind"),
        ({"advance_rate": 60}, "advance_rate"),
        ({"state": "published"}, "state"),
        ({"criteria": [{"label": "", "weight": 100}]}, "criteria"),
        ({"pieces": [{"code": "A", "label": "A"}, {"code": "A", "label": "B"}]}, "pieces"),
    ],
)
def test_what_a_call_cannot_be(world: World, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        draft_call(world, **changed)
    assert fields(refusal) == {field}


def test_a_call_needs_an_adopted_pact(world: World) -> None:
    pact = actions.create_pact(world.region, by=world.pilot, now=NOW, **pact_values())
    with pytest.raises(Refused) as refusal:
        draft_call(world, pact)
    assert fields(refusal) == {"pact"}


def test_a_call_is_changed_as_long_as_it_is_a_draft(world: World) -> None:
    call = draft_call(world)
    changed = actions.update_call(
        call,
        by=world.officer2,
        now=NOW,
        title="Autre titre",
        envelope=Decimal(200000),
        axes=[call.pact.axes.get(code="A1")],
        criteria=[{"label": "Un", "weight": 60, "eliminatory": True}, {"label": "Deux", "weight": 40}],
        pieces=default_pieces(CLOSES.date())[:2],
    )
    changed = Call.objects.get(pk=changed.pk)
    assert changed.case.title == "Autre titre"
    assert changed.envelope.amount == Decimal(200000)
    assert [c.number for c in changed.criteria.all()] == [1, 2]
    assert changed.required_pieces.count() == 2
    entry = Entry.objects.get(case=changed.case, verb="calls.update_call")
    assert entry.snapshot["changed"]["axes"] == ["A1"]
    for values, field in (({"state": "published"}, "state"), ({"closes_at": call.opens_at}, "closes_at")):
        with pytest.raises(Refused) as refusal:
            actions.update_call(call, by=world.officer, now=NOW, **values)
        assert fields(refusal) == {field}
    bad_form = [
        {
            "code": "budget",
            "title": "X",
            "questions": [{"code": "q", "label": "Q", "kind": "choice", "required": True}],
        }
    ]
    with pytest.raises(Refused) as refusal:
        actions.update_call(call, by=world.officer, now=NOW, schema=bad_form)
    assert len(refusal.value.reasons) == 2
    assert fields(refusal) == {"schema"}


def test_publication_needs_everything(world: World) -> None:
    call = draft_call(world, text="", publics=["JEUNES"], criteria=[{"label": "Un", "weight": 99}])
    with pytest.raises(Refused) as refusal:
        actions.submit_for_validation(call, by=world.officer, now=NOW)
    assert fields(refusal) == {"text", "criteria"}
    assert "99" in str(refusal.value)
    with pytest.raises(Refused) as refusal:
        actions.submit_for_validation(call, by=world.officer, now=CLOSES)
    assert "closes_at" in fields(refusal)


def test_publication_freezes_text_and_form(world: World) -> None:
    call = draft_call(world)
    assert inbox(actor_for(world.officer, NOW.date())).get().object_id == call.pk
    actions.submit_for_validation(call, by=world.officer, now=NOW)
    assert inbox(actor_for(world.manager, NOW.date())).get().step == "calls.CallFlow.validate"
    actions.send_back_call(call, by=world.manager, now=NOW, reasons="Précisez les publics.")
    assert Notification.objects.get(user=world.officer, kind="call").body == "Précisez les publics."
    assert inbox(actor_for(world.officer, NOW.date())).get().step == "calls.CallFlow.prepare"
    actions.update_call(call, by=world.officer, now=NOW, publics=["JEUNES"])
    actions.submit_for_validation(call, by=world.officer, now=NOW)
    published = actions.publish_call(call, by=world.manager, now=NOW)
    revision = FormRevision.objects.get(call=call)
    assert published.state == CallState.PUBLISHED
    assert published.text_sha256 == digest(frozen_text(Call.objects.get(pk=call.pk), revision.schema))
    assert revision.sha256 == digest(revision.schema)
    assert revision.published_at == NOW
    assert not WorkItem.objects.filter(case=call.case, state="open").exists()
    assert Timer.objects.get(case=call.case, state=TimerState.PENDING).due_at == CLOSES
    job = OutboxJob.objects.get(case=call.case, kind="letter")
    assert job.payload["data"]["sections"][1] == {"title": "Financement", "text": "Jusqu'à 80 %."}
    with pytest.raises(Refused):
        actions.update_call(published, by=world.officer, now=NOW, title="Trop tard")


def test_the_published_text_is_a_document(world: World) -> None:
    call = open_call(world)
    job = OutboxJob.objects.get(case=call.case, kind="letter")
    assert deliver(job.pk, now=job.due_at)
    assert call.case.documents.get(code="call_text").versions.get().scan == "clean"


def test_who_prepared_does_not_publish(world: World) -> None:
    call = draft_call(world)
    actions.update_call(call, by=world.manager, now=NOW, summary="Revu.")
    actions.submit_for_validation(call, by=world.officer, now=NOW)
    with pytest.raises(Refused, match="preparation"):
        actions.publish_call(call, by=world.manager, now=NOW)
    for person in (world.officer, world.officer2, world.pilot, world.auditor, world.applicant):
        with pytest.raises(NotAllowed):
            actions.publish_call(call, by=person, now=NOW)
    actions.publish_call(call, by=world.manager2, now=NOW)


def test_the_clock_closes_the_call(world: World) -> None:
    call = open_call(world)
    with pytest.raises(NotAllowed):
        actions.close_call(call, by=world.manager, now=CLOSES)
    with pytest.raises(Refused):
        actions.close_call(call, by=None, now=CLOSES - timedelta(microseconds=1))
    assert list(open_calls(NOW)) == [call]
    assert list(open_calls(CLOSES)) == []
    fire_due(now=CLOSES - timedelta(seconds=1))
    assert Call.objects.get().state == CallState.PUBLISHED
    fire_due(now=CLOSES)
    fire_due(now=CLOSES)
    assert Call.objects.get().state == CallState.CLOSED
    assert Entry.objects.filter(verb="calls.close_call").count() == 1


def test_an_extension_moves_the_drafts(world: World) -> None:
    call = open_call(world)
    late, done = draft(world, call), filled_draft(world, call)
    actions.submit(done, by=world.applicant, now=NOW, attestation=True)
    later = CLOSES + timedelta(days=7)
    for person in (world.officer, world.applicant):
        with pytest.raises(NotAllowed):
            actions.extend_call(call, by=person, now=NOW, closes_at=later, reasons="Grève")
    for values, field in (
        ({"closes_at": CLOSES, "reasons": "x"}, "closes_at"),
        ({"closes_at": later, "reasons": " "}, "reasons"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.extend_call(call, by=world.manager, now=NOW, **values)
        assert fields(refusal) == {field}
    with pytest.raises(Refused):
        actions.extend_call(call, by=world.manager, now=CLOSES, closes_at=later, reasons="Trop tard")
    extended = actions.extend_call(
        call, by=world.manager, now=NOW, closes_at=later, reasons="Grève des transports"
    )
    assert (extended.first_closes_at, extended.closes_at) == (CLOSES, later)
    jobs = OutboxJob.objects.filter(kind="calls.reschedule")
    assert [job.payload["dossier"] for job in jobs] == [str(late.pk)]
    # an old timer that fires before the job is done ends nothing
    fire_due(now=CLOSES + timedelta(hours=1))
    assert Dossier.objects.get(pk=late.pk).state == DossierState.DRAFT
    for job in jobs:
        assert deliver(job.pk, now=job.due_at)
    assert WorkItem.objects.get(case=late.case, state="open").due_at == later
    assert Timer.objects.get(case=late.case, state="pending").due_at > later
    assert Notification.objects.filter(kind="extension").count() == 2
    # delivered again after a crash, it says nothing twice
    OutboxJob.objects.filter(kind="calls.reschedule").update(state="pending")
    for job in jobs:
        assert deliver(job.pk, now=job.due_at + timedelta(days=1))
    assert Notification.objects.filter(kind="extension").count() == 2
    fire_due(now=CLOSES)
    assert Call.objects.get().state == CallState.PUBLISHED
    fire_due(now=later + timedelta(hours=1))
    assert Call.objects.get().state == CallState.CLOSED
    assert Dossier.objects.get(pk=late.pk).state == DossierState.LAPSED
    assert list(verify()) == []


def test_a_cancelled_call_takes_its_drafts_along(world: World) -> None:
    call = open_call(world)
    dossier = draft(world, call)
    with pytest.raises(Refused) as refusal:
        actions.cancel_call(call, by=world.manager, now=NOW, reasons="")
    assert fields(refusal) == {"reasons"}
    actions.cancel_call(call, by=world.manager, now=NOW, reasons="Plus de crédits.")
    for job in OutboxJob.objects.filter(kind="calls.lapse"):
        assert deliver(job.pk, now=job.due_at)
    assert Dossier.objects.get(pk=dossier.pk).state == DossierState.LAPSED
    assert not Timer.objects.filter(state="pending").exists()
    assert not WorkItem.objects.filter(state="open").exists()


def test_a_call_that_received_a_dossier_is_not_cancelled(world: World) -> None:
    call = open_call(world)
    actions.submit(filled_draft(world, call), by=world.applicant, now=NOW, attestation=True)
    with pytest.raises(Refused, match="received"):
        actions.cancel_call(call, by=world.manager, now=NOW, reasons="Plus de crédits.")
    assert Call.objects.get().state == CallState.PUBLISHED


def test_who_sees_a_call(world: World) -> None:
    call = draft_call(world)
    for person, sees in (
        (world.officer, True),
        (world.auditor, True),
        (world.applicant, False),
        (world.state, False),
    ):
        assert calls_visible_to(actor_for(person, NOW.date())).exists() is sees
    assert not calls_visible_to(None).exists()
    actions.submit_for_validation(call, by=world.officer, now=NOW)
    actions.publish_call(call, by=world.manager, now=NOW)
    assert calls_visible_to(None).get() == call
    assert default_criteria()[0]["eliminatory"] is True
