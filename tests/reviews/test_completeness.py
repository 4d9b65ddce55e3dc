"""Completeness, admissibility, eligibility: the verbs, the legal clock, who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from calls import actions as calls
from calls.models import APPLICANT_LABELS, Dossier
from calls.reference import Stage
from reviews import actions
from reviews.models import Admissibility, BodyOpinion, CollegeOpinion, Letter, PieceRequest
from reviews.queries.completeness import ClockState, legal_clock, piece_lines
from tests.calls.story import open_call, stored, submitted_dossier
from tests.reviews.story import (
    CHECKED,
    DAY,
    accept_pieces,
    admissible_dossier,
    again,
    complete_dossier,
    eligible_dossier,
    yes,
)
from tests.world import NOW, World
from workflows.engine import Conflict, NotAllowed, Refused, timers
from workflows.engine.journal import verify
from workflows.models import Entry, Notification, OutboxJob, Timer, TimerState, WorkItem, WorkItemState

CLOCK = "calls.note_implicit_rejection"


@pytest.fixture
def dossier(world: World) -> Dossier:
    return again(submitted_dossier(world))


def pieces(dossier: Dossier) -> list[str]:
    return [line.required.code for line in piece_lines(again(dossier)) if line.piece is not None]


def indispensable(dossier: Dossier) -> str:
    return next(line.required.code for line in piece_lines(again(dossier)) if line.due)


def waiting(dossier: Dossier) -> set[str]:
    items = WorkItem.objects.filter(case=dossier.case, state=WorkItemState.OPEN)
    return {item.step.rsplit(".", 1)[1] for item in items}


def clock(dossier: Dossier) -> Timer:
    return Timer.objects.get(case=dossier.case, verb=CLOCK, state=TimerState.PENDING)


def ask(
    world: World, dossier: Dossier, *, days: int = 15, now: Any = CHECKED, code: str = ""
) -> PieceRequest:
    return actions.request_pieces(
        again(dossier),
        by=world.officer,
        now=now,
        codes_and_reasons={code or indispensable(dossier): "Illisible"},
        due_on=(now + days * DAY).date(),
        comment="Merci de votre attention.",
    )


def produce(world: World, request: PieceRequest, *, now: Any) -> PieceRequest:
    dossier = again(request.dossier)
    for item in request.items:
        file = stored(dossier.case, item["code"], name="nouveau.pdf")
        calls.attach_piece(dossier, by=world.applicant_editor, now=now, code=item["code"], file=file)
    return actions.produce_pieces(request, by=world.applicant_editor, now=now)


def test_the_officer_has_ten_working_days(world: World, dossier: Dossier) -> None:
    item = WorkItem.objects.get(case=dossier.case, state=WorkItemState.OPEN)
    assert item.step == "reviews.ReviewFlow.completeness"
    assert item.due_at is not None
    assert item.due_at.date() == date(2026, 3, 16)  # the 17th at midnight in Paris


def test_a_piece_is_checked(world: World, dossier: Dossier) -> None:
    code = pieces(dossier)[0]
    piece = actions.review_piece(dossier, by=world.officer, now=CHECKED, code=code, verdict="accepted")
    assert piece.verdict == "accepted"
    entry = Entry.objects.filter(case=dossier.case).latest("seq")
    assert entry.files[0]["sha256"]
    with pytest.raises(Refused) as refusal:
        actions.review_piece(
            dossier, by=world.officer, now=CHECKED, code=code, verdict="rejected", comment=" "
        )
    assert refusal.value.reasons[0].field == "comment"
    with pytest.raises(Refused):
        actions.review_piece(dossier, by=world.officer, now=CHECKED, code="NOTHING", verdict="accepted")
    with pytest.raises(Refused):
        actions.review_piece(dossier, by=world.officer, now=CHECKED, code=code, verdict="perhaps")


@pytest.mark.parametrize("who", ["manager", "applicant", "expert", "auditor", "state", "payer"])
def test_only_a_case_officer_examines(world: World, dossier: Dossier, who: str) -> None:
    by = world.people[who]
    with pytest.raises(NotAllowed):
        actions.review_piece(dossier, by=by, now=CHECKED, code=pieces(dossier)[0], verdict="accepted")
    with pytest.raises(NotAllowed):
        actions.declare_complete(dossier, by=by, now=CHECKED)
    with pytest.raises(NotAllowed):
        actions.request_pieces(dossier, by=by, now=CHECKED, codes_and_reasons={}, due_on=CHECKED.date())
    with pytest.raises(NotAllowed):
        actions.declare_inadmissible(dossier, by=by, now=CHECKED, grounds=[], explanation="")


def test_complete_needs_every_indispensable_piece_accepted(world: World, dossier: Dossier) -> None:
    with pytest.raises(Refused) as refusal:
        actions.declare_complete(dossier, by=world.officer, now=CHECKED)
    due = {line.required.code for line in piece_lines(dossier) if line.due}
    assert {reason.field for reason in refusal.value.reasons} == due
    accept_pieces(world, dossier)
    assert actions.declare_complete(again(dossier), by=world.officer, now=CHECKED).state == "complete"
    assert waiting(dossier) == {"admissibility"}


def test_a_request_stops_the_legal_clock_and_moves_its_timer(world: World, dossier: Dossier) -> None:
    assert dossier.implicit_rejection_on == date(2026, 5, 2)
    request = ask(world, dossier)
    dossier = again(dossier)
    assert dossier.state == "pieces_requested"
    assert dossier.implicit_rejection_on == date(2026, 5, 17)
    assert clock(dossier).due_at.isoformat() == "2026-05-17T22:00:00+00:00"
    assert waiting(dossier) == {"production"}
    assert {n.user for n in Notification.objects.filter(case=dossier.case, kind="task")} >= {
        world.applicant,
        world.applicant_editor,
    }
    letter = OutboxJob.objects.get(kind="letter", payload__template="missing_pieces")
    assert letter.payload["data"]["pieces"][0]["indispensable"] is True
    found = legal_clock(dossier, date(2026, 3, 10))
    assert found is not None
    assert (found.state, found.suspended_until) == (ClockState.SUSPENDED, request.due_on)


def test_producing_early_ends_the_suspension(world: World, dossier: Dossier) -> None:
    request = ask(world, dossier)
    with pytest.raises(Refused) as refusal:
        actions.produce_pieces(request, by=world.applicant_editor, now=CHECKED + DAY)
    assert refusal.value.reasons[0].field == indispensable(dossier)
    produced = produce(world, request, now=CHECKED + 10 * DAY)
    dossier = again(dossier)
    assert (produced.state, produced.produced_on, dossier.state) == (
        "produced",
        date(2026, 3, 13),
        "submitted",
    )
    assert dossier.implicit_rejection_on == date(2026, 5, 12)
    assert clock(dossier).due_at.isoformat() == "2026-05-12T22:00:00+00:00"
    assert waiting(dossier) == {"completeness"}
    assert not Timer.objects.filter(verb="reviews.expire_piece_request", state=TimerState.PENDING).exists()
    found = legal_clock(dossier, date(2026, 5, 12))
    assert found is not None
    assert found.state == ClockState.RUNNING


def test_a_request_not_answered_expires_by_itself(world: World, dossier: Dossier) -> None:
    request = ask(world, dossier)
    assert timers.fire_due(now=CHECKED + 15 * DAY) == 0
    assert timers.fire_due(now=CHECKED + 16 * DAY) == 1
    request, dossier = PieceRequest.objects.get(pk=request.pk), again(dossier)
    assert (request.state, dossier.state) == ("expired", "submitted")
    assert dossier.implicit_rejection_on == date(2026, 5, 17)
    assert waiting(dossier) == {"completeness"}
    with pytest.raises((Refused, Conflict)):
        actions.produce_pieces(request, by=world.applicant, now=CHECKED + 16 * DAY)


def test_two_requests_add_up(world: World, dossier: Dossier) -> None:
    produce(world, ask(world, dossier), now=CHECKED + 10 * DAY)
    request = ask(world, dossier, now=CHECKED + 20 * DAY, days=5)
    assert again(dossier).implicit_rejection_on == date(2026, 5, 17)
    produce(world, request, now=CHECKED + 22 * DAY)
    assert again(dossier).implicit_rejection_on == date(2026, 5, 14)


def test_the_implicit_rejection_is_noted_and_moves_nothing(world: World, dossier: Dossier) -> None:
    late = NOW + timedelta(days=65)
    timers.fire_due(now=late)
    assert again(dossier).state == "submitted"
    assert Entry.objects.filter(case=dossier.case).latest("seq").verb == CLOCK
    found = legal_clock(again(dossier), late.date())
    assert found is not None
    assert found.state == ClockState.BORN


def test_what_a_request_refuses(world: World, dossier: Dossier) -> None:
    code = indispensable(dossier)

    def refused(field: str, **values: Any) -> None:
        with pytest.raises(Refused) as refusal:
            actions.request_pieces(
                again(dossier),
                by=world.officer,
                now=CHECKED,
                **{"codes_and_reasons": {code: "?"}, "due_on": (CHECKED + 5 * DAY).date(), **values},
            )
        assert refusal.value.reasons[0].field == field

    refused("codes_and_reasons", codes_and_reasons={})
    refused("codes_and_reasons", codes_and_reasons={"NOTHING": "?"})
    refused("due_on", due_on=CHECKED.date())
    refused("due_on", due_on=(CHECKED + 61 * DAY).date())
    optional = next(line.required.code for line in piece_lines(dossier) if not line.required.indispensable)
    refused("codes_and_reasons", codes_and_reasons={optional: "?"})  # L114-5-1
    actions.review_piece(dossier, by=world.officer, now=CHECKED, code=code, verdict="accepted")
    refused(code)


def test_a_piece_given_again_is_checked_again(world: World, dossier: Dossier) -> None:
    code = indispensable(dossier)
    actions.review_piece(
        dossier, by=world.officer, now=CHECKED, code=code, verdict="rejected", comment="Illisible"
    )
    produce(world, ask(world, dossier, code=code), now=CHECKED + 2 * DAY)
    line = next(line for line in piece_lines(again(dossier)) if line.required.code == code)
    assert (line.number, line.verdict) == (2, "")


def test_another_organisation_may_not_produce(world: World, dossier: Dossier) -> None:
    request = ask(world, dossier)
    for who in (world.other, world.officer, world.expert):
        with pytest.raises(NotAllowed):
            actions.produce_pieces(request, by=who, now=CHECKED + DAY)


def test_admissible_needs_every_point(world: World) -> None:
    dossier = complete_dossier(world)
    with pytest.raises(Refused) as refusal:
        actions.declare_admissible(dossier, by=world.officer, now=CHECKED, checklist={"R-DELAI": True})
    assert "R-DELAI" not in {r.field for r in refusal.value.reasons}
    assert "R-LANGUE" in {r.field for r in refusal.value.reasons}
    points = yes(dossier, Stage.ADMISSIBILITY)
    with pytest.raises(Refused):
        actions.declare_admissible(
            dossier, by=world.officer, now=CHECKED, checklist=points | {"R-SIGNATAIRE": False}
        )
    assert (
        actions.declare_admissible(dossier, by=world.officer, now=CHECKED, checklist=points).state
        == "admissible"
    )
    assert Admissibility.objects.get(dossier=dossier).favourable
    assert waiting(dossier) == {"eligibility"}


def test_inadmissible_needs_grounds_in_law_and_in_fact(world: World, dossier: Dossier) -> None:
    def refused(**values: Any) -> set[str]:
        with pytest.raises(Refused) as refusal:
            actions.declare_inadmissible(dossier, by=world.officer, now=CHECKED, **values)
        return {r.field for r in refusal.value.reasons}

    assert refused(grounds=[], explanation="") == {"grounds", "explanation"}
    assert refused(grounds=["INE-CHAMP"], explanation="Hors champ") == {"grounds"}
    assert refused(grounds=["IRR-INCOMPLET"], explanation="Sans RIB") == {
        "grounds"
    }  # not before asking: L114-5
    found = actions.declare_inadmissible(
        dossier, by=world.officer, now=CHECKED, grounds=["IRR-TARDIF"], explanation="Reçu à 17 h 02."
    )
    assert found.state == "inadmissible"
    letter = Letter.objects.get(dossier=dossier)
    assert (letter.kind, letter.state) == ("inadmissible", "drafted")
    assert "17 h 02" in letter.data["grounds"][0]["fact"]
    assert not Timer.objects.filter(case=dossier.case, state=TimerState.PENDING).exists()
    assert waiting(dossier) == {"release"}


def test_incomplete_after_a_request_is_inadmissible(world: World, dossier: Dossier) -> None:
    ask(world, dossier)
    late = CHECKED + 20 * DAY
    timers.fire_due(now=late)
    found = actions.declare_inadmissible(
        again(dossier), by=world.officer, now=late, grounds=["IRR-INCOMPLET"], explanation="RIB absent."
    )
    assert found.state == "inadmissible"


def test_eligible_asks_the_four_colleges(world: World) -> None:
    dossier = eligible_dossier(world)
    assert dossier.state == "in_review"
    opinions = CollegeOpinion.objects.filter(dossier=dossier)
    assert {o.college for o in opinions} == {"state", "region", "employers", "unions"}
    assert {o.body for o in opinions} == {world.bodies["crefop_commission"]}
    assert {o.due_at.date() for o in opinions} == {date(2026, 3, 30)}
    assert waiting(dossier) == {
        "assessments",
        "state_opinion",
        "region_opinion",
        "employers_opinion",
        "unions_opinion",
    }
    assert not BodyOpinion.objects.exists()


def test_only_the_colleges_of_the_call_are_asked(world: World) -> None:
    call = open_call(world, colleges=["state", "unions"], coparef="dossier")
    dossier = eligible_dossier(world, call=call)
    assert waiting(dossier) == {"assessments", "state_opinion", "unions_opinion", "coparef_opinion"}
    assert BodyOpinion.objects.get(dossier=dossier).due_at.date() == date(2026, 3, 26)


def test_who_decides_on_eligibility(world: World) -> None:
    dossier = admissible_dossier(world)
    for who in ("officer", "applicant", "expert", "auditor", "state"):
        with pytest.raises(NotAllowed):
            actions.declare_eligible(again(dossier), by=world.people[who], now=CHECKED, checklist={})
        with pytest.raises(NotAllowed):
            actions.declare_ineligible(
                again(dossier), by=world.people[who], now=CHECKED, grounds=[], explanation=""
            )


def test_eligible_needs_what_the_dossier_shows(world: World) -> None:
    dossier = admissible_dossier(world)
    points = yes(dossier, Stage.ELIGIBILITY)
    with pytest.raises(Refused) as refusal:
        actions.declare_eligible(
            again(dossier), by=world.manager, now=CHECKED, checklist=points | {"E-DETTE": False}
        )
    assert {r.field for r in refusal.value.reasons} == {"E-DETTE"}


def test_ineligible(world: World) -> None:
    dossier = admissible_dossier(world)
    found = actions.declare_ineligible(
        again(dossier),
        by=world.manager,
        now=CHECKED + DAY,
        grounds=["INE-CHAMP"],
        explanation="Aucun public de l'appel.",
    )
    assert found.state == "ineligible"
    assert Letter.objects.get(dossier=dossier).kind == "ineligible"
    assert waiting(dossier) == {"release"}
    assert again(dossier).applicant_label() == APPLICANT_LABELS["admissible"]  # until the letter is released


def test_a_withdrawal_stops_the_review(world: World, dossier: Dossier) -> None:
    ask(world, dossier)
    calls.withdraw(again(dossier), by=world.applicant, now=CHECKED + DAY, reasons="Abandon")
    assert waiting(dossier) == set()
    assert not Timer.objects.filter(case=dossier.case, state=TimerState.PENDING).exists()
    timers.fire_due(now=CHECKED + 100 * DAY)
    assert again(dossier).state == "withdrawn"


def test_two_officers_act_at_once(world: World, dossier: Dossier) -> None:
    """The second decision on the same page is a conflict that names the first (P10)."""
    stale = again(dossier)
    ask(world, dossier)
    with pytest.raises(Conflict) as conflict:
        actions.declare_inadmissible(
            stale, by=world.officer2, now=CHECKED, grounds=["IRR-TARDIF"], explanation="Tard"
        )
    assert conflict.value.entry is not None
    assert conflict.value.entry.actor == world.officer


def test_the_journal_tells_it_all(world: World) -> None:
    eligible_dossier(world)
    assert list(verify()) == []
