"""Flows: every one of them is well made, and they move, stop, time out and are drawn through real verbs."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from rules import rule_exists

from calls import actions as calls
from calls.models import Dossier
from tests.calls.story import CLOSES, closed_call, filled_draft, open_call, submitted_dossier
from tests.world import NOW, World, opened
from workflows.engine import Step, verb, verbs
from workflows.engine.flow import CaseFlow, case_lock, flows, step_of
from workflows.engine.timers import fire_due
from workflows.models import Case, CaseProcess, Timer, TimerState, WorkItem, WorkItemState
from workflows.picture import draw, pictures, states_of

STEPS = [node for flow in flows() for node in flow.instance.nodes() if isinstance(node, Step)]
A_UUID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("flow", flows(), ids=lambda flow: flow.__name__)
def test_every_flow_is_ours(flow: type[CaseFlow]) -> None:
    assert flow.lock_impl is case_lock
    assert flow.process_class is CaseProcess
    assert flow.starts_on, "a flow that nothing starts"
    assert {*flow.starts_on, *flow.stopped_by} <= verbs().keys()
    assert "process_title" in flow.__dict__, "its name is shown above its picture: give it one, translated"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.reference)
def test_every_step_waits_for_verbs_that_exist(step: Step) -> None:
    for name in step.on:
        assert rule_exists(name) or verb(name).system, f"nobody has the right to {name}"
    if step.timeout:
        assert verb(step.timeout).system, "a timer can only perform a system verb"
        assert step.due is not None


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.reference)
def test_every_step_has_its_page(step: Step) -> None:
    try:
        reverse(step.page, args=[A_UUID])
    except NoReverseMatch as error:
        pytest.fail(f"{step.page}: {error}")


@pytest.mark.parametrize("flow", flows(), ids=lambda flow: flow.__name__)
def test_every_flow_can_be_drawn(flow: type[CaseFlow]) -> None:
    svg = draw(flow, states_of(flow, [], finished=False), title="Un <titre>", ident="x")
    assert svg.startswith("<svg")
    assert "style=" not in svg
    assert "Un &lt;titre&gt;" in svg
    assert svg.count('class="flow-text"') >= sum(step.flow_class is flow for step in STEPS)


def open_steps(row: Any) -> set[str]:
    items = WorkItem.objects.filter(case=row.case, state=WorkItemState.OPEN)
    return {item.step.rsplit(".", 1)[1] for item in items}


def test_a_verb_completes_the_step_that_waits_for_it_and_starts_what_follows(world: World) -> None:
    dossier = filled_draft(world, open_call(world))
    assert open_steps(dossier) == {"fill"}
    item = WorkItem.objects.get(case=dossier.case)
    assert item.due_at == CLOSES
    dossier = calls.submit(dossier, by=world.applicant, now=NOW, attestation=True)
    item.refresh_from_db()
    assert (item.state, item.outcome) == (WorkItemState.DONE, "calls.submit")
    assert "fill" not in open_steps(dossier)
    assert open_steps(dossier), "the review waits for somebody"


def test_a_withdrawal_stops_every_flow(world: World) -> None:
    dossier = submitted_dossier(world)
    calls.withdraw(dossier, by=world.applicant, now=NOW + timedelta(days=3), reasons="Projet abandonné")
    assert open_steps(dossier) == set()
    assert not CaseProcess.objects.filter(case=dossier.case, finished__isnull=True).exists()
    assert not Timer.objects.filter(case=dossier.case, state=TimerState.PENDING).exists()
    assert all(picture.finished for picture in pictures(dossier.case))


def test_a_draft_left_alone_lapses_by_itself(world: World) -> None:
    call = open_call(world)
    dossier = filled_draft(world, call)
    closed_call(world, call)
    fire_due(now=CLOSES + timedelta(days=1))
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.state == "lapsed"
    assert open_steps(dossier) == set()
    fired = fire_due(now=CLOSES + timedelta(days=2))
    assert fired == 0, "a timer fires once"


def test_the_picture_tells_what_is_done_under_way_and_not_taken(world: World) -> None:
    dossier = submitted_dossier(world)
    drawn = {picture.title: picture for picture in pictures(dossier.case)}
    assert len(drawn) >= 2
    filled = next(p for p in drawn.values() if p.finished)
    assert [step.state for step in filled.steps] == ["done"]
    assert filled.drawing is not None
    assert "flow-done" in filled.drawing
    review = next(p for p in drawn.values() if not p.finished)
    states = [step.state for step in review.steps]
    assert states.count("current") == 1
    assert "todo" in states
    current = next(step for step in review.steps if step.state == "current")
    assert current.note, "who must do it, before when"
    assert review.drawing is not None
    assert "flow-current" in review.drawing


def test_the_page_of_a_case_shows_the_picture_to_the_region_only(world: World) -> None:
    dossier = submitted_dossier(world)
    url = reverse("workflows:case", args=[dossier.case_id])
    for user, shown in ((world.officer, True), (world.auditor, True), (world.applicant, False)):
        client = Client()
        client.force_login(user)
        assert ('class="flow-frame"' in client.get(url).content.decode()) is shown


def test_the_deploy_gate_refuses_a_renamed_step(world: World) -> None:
    dossier = filled_draft(world, open_call(world))
    call_command("check_inflight", stdout=StringIO())
    with opened():
        WorkItem.objects.filter(case=dossier.case).update(step="calls.DraftFlow.renamed")
    error = StringIO()
    with pytest.raises(CommandError):
        call_command("check_inflight", stdout=StringIO(), stderr=error)
    assert "calls.DraftFlow.renamed" in error.getvalue()
    assert step_of(WorkItem.objects.get(case=dossier.case)) is None
    client = Client()
    client.force_login(world.applicant)
    page = client.get(reverse("workflows:inbox"))  # and the page still shows it, by its technical name
    assert "calls.DraftFlow.renamed" in page.content.decode()


def test_a_picture_survives_a_case_without_processes(case: Case) -> None:
    assert pictures(case) == []
