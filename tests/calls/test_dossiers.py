"""A dossier through its verbs: draft, submission and receipt, withdrawal, lapse, implicit rejection."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.actors import actor_for
from accounts.models import Organisation, User
from calls import actions
from calls.models import Call, Dossier, DossierState, Envelope, Piece, Receipt
from calls.queries import application, digest, dossiers_of, missing, section_states, visible_to
from calls.queries.answers import fault, keep
from tests.calls.story import (
    ANSWERS,
    CLOSES,
    draft,
    filled_draft,
    give_pieces,
    lines,
    open_call,
    organisation_of,
    save,
    scanned,
    stored,
    submitted_dossier,
)
from tests.world import NOW, SIRET, World, make_world
from workflows.engine import Conflict, NotAllowed, Refused
from workflows.engine.journal import verify
from workflows.engine.outbox import deliver
from workflows.engine.timers import fire_due
from workflows.models import Entry, Notification, OutboxJob, Timer, WorkItem
from workflows.queries import inbox, stranded
from workflows.references import check_reference


def places(dossier: Dossier) -> list[str]:
    return [reason.field for reason in missing(Dossier.objects.get(pk=dossier.pk))]


# -- beginning ----------------------------------------------------------------------------------------------------


def test_a_dossier_begins_with_its_reference_and_its_deadline(world: World) -> None:
    call = open_call(world)
    first, second = draft(world, call), draft(world, call, by=world.other)
    assert [d.case.reference[:22] for d in (first, second)] == [
        "PRIC-84-2026-01-00001-",
        "PRIC-84-2026-01-00002-",
    ]
    assert check_reference(first.case.reference)
    assert first.case.parent == call.case
    item = inbox(actor_for(world.applicant, NOW.date())).get()
    assert (item.step, item.due_at) == ("calls.DraftFlow.fill", CLOSES)
    assert not inbox(actor_for(world.officer, NOW.date())).exists()
    assert not stranded(NOW).exists()


def test_who_begins_a_dossier(world: World) -> None:
    call = open_call(world, opens_at=NOW + timedelta(hours=1))
    for person in (world.officer, world.state, world.auditor):
        with pytest.raises(NotAllowed):
            actions.create_dossier(
                call, by=person, now=NOW, organisation=organisation_of(world.applicant), title="X"
            )
    with pytest.raises(NotAllowed):
        actions.create_dossier(
            call, by=world.other, now=NOW, organisation=organisation_of(world.applicant), title="X"
        )
    for now in (call.opens_at - timedelta(microseconds=1), CLOSES):
        with pytest.raises(Refused):
            draft(world, call, now=now)
    assert draft(world, call, now=call.opens_at)
    with pytest.raises(Refused) as refusal:
        draft(world, call, title="  ", now=call.opens_at)
    assert refusal.value.reasons[0].field == "title"


# -- sections -----------------------------------------------------------------------------------------------------


def test_a_second_tab_is_told_and_overwrites_nothing(world: World) -> None:
    dossier = draft(world)
    actions.save_section(
        dossier, by=world.applicant, now=NOW, section="need", values={"context": "Un"}, version=0
    )
    with pytest.raises(Conflict) as conflict:
        actions.save_section(
            dossier, by=world.applicant_editor, now=NOW, section="need", values={"context": "Deux"}, version=0
        )
    assert conflict.value.entry is not None
    assert conflict.value.entry.actor == world.applicant
    saved = Dossier.objects.get()
    assert saved.answers == {"context": "Un"}
    assert saved.versions == {"need": 1}
    actions.save_section(
        dossier, by=world.applicant_editor, now=NOW, section="delivery", values={"team": "Nous"}, version=0
    )
    assert Dossier.objects.get().answers == {"context": "Un", "team": "Nous"}


def test_a_draft_keeps_what_is_not_acceptable_yet(world: World) -> None:
    dossier = draft(world)
    save(
        dossier,
        "action",
        {"beneficiaries": "soixante", "certification": "x" * 301},
        by=world.applicant_editor,
    )
    words = {reason.field: reason.message for reason in missing(Dossier.objects.get())}
    assert "not a number" in words["action.beneficiaries"] or "nombre" in words["action.beneficiaries"]
    assert "1" in words["action.certification"]


@pytest.mark.parametrize(
    ("section", "values", "field"),
    [
        ("project", {"starts_on": "31/02/2026"}, "starts_on"),
        ("project", {"starts_on": "2026-09-01", "ends_on": "2026-08-01"}, "ends_on"),
        ("project", {"axis": "A9"}, "axis"),
        ("project", {"publics": ["SENIORS"]}, "publics"),
        ("project", {"territories": ["974"]}, "territories"),
        ("project", {"title": "x" * 201}, "title"),
        ("project", {"state": "submitted"}, "state"),
        ("need", {"nature": "other"}, "nature"),
        ("need", {"needs": ["nothing"]}, "needs"),
        ("need", {"unknown": "x"}, "unknown"),
        ("need", {"context": "x" * 20001}, "context"),
        ("partners", {"partners": [{"siret": "123", "name": "A", "role": "B"}]}, "partners-0-siret"),
        (
            "partners",
            {"partners": [{"siret": SIRET["applicant"], "name": "A", "role": "B"}]},
            "partners-0-siret",
        ),
        ("partners", {"partners": [{"siret": SIRET["partner"], "name": "", "role": "B"}]}, "partners-0-name"),
        ("partners", {"partners": [{"siret": SIRET["partner"], "name": "A", "role": ""}]}, "partners-0-role"),
        ("budget", {"basis": "net"}, "basis"),
        ("budget", {"lines": [{"year": 2026, "code": "64", "amount": "-1"}]}, "64-2026"),
        ("budget", {"lines": [{"year": 2026, "code": "64", "amount": "1.005"}]}, "64-2026"),
        ("budget", {"lines": [{"year": 2026, "code": "64", "amount": "NaN"}]}, "64-2026"),
        ("budget", {"lines": [{"year": 2026, "code": "99", "amount": 1}]}, "99-2026"),
        ("budget", {"lines": [{"year": 2026, "code": "64", "side": "income", "amount": 1}]}, "64-2026"),
        ("budget", {"lines": [{"year": 2026, "code": "64", "amount": 1}] * 2}, "64-2026"),
        (
            "budget",
            {"lines": [{"year": y, "code": "64", "amount": "9999999999.99"} for y in (2026, 2027)]},
            "lines",
        ),
        (
            "indicators",
            {"indicators": [{"code": "", "label": "", "kind": "impact", "nature": "qualitative"}]},
            "P1-label",
        ),
        ("indicators", {"indicators": [{"code": "", "label": "Un", "kind": "x", "nature": "y"}]}, "P1-kind"),
        ("indicators", {"indicators": [{"code": "S-ENT", "target": "x" * 121}]}, "S-ENT-target"),
        ("indicators", {"indicators": [{"code": "S-ENT"}, {"code": "S-ENT"}]}, "indicators"),
        ("pieces", {}, ""),
        ("elsewhere", {}, ""),
    ],
)
def test_what_a_section_cannot_keep(world: World, section: str, values: dict, field: str) -> None:
    dossier = draft(world)
    with pytest.raises(Refused) as refusal:
        save(dossier, section, values, by=world.applicant_editor)
    assert {reason.field for reason in refusal.value.reasons} == {field}
    assert Dossier.objects.get().versions == {}


def test_who_writes_in_a_draft_and_until_when(world: World) -> None:
    dossier = draft(world)
    for person in (world.other, world.officer, world.manager, world.state, world.auditor):
        with pytest.raises(NotAllowed):
            save(dossier, "need", {"context": "x"}, by=person)
        with pytest.raises(NotAllowed):
            actions.attach_piece(dossier, by=person, now=NOW, code="RIB", file=stored(dossier.case))
    save(dossier, "need", {"context": "x"}, by=world.applicant, now=CLOSES - timedelta(microseconds=1))
    with pytest.raises(Refused):
        save(dossier, "need", {"context": "y"}, by=world.applicant, now=CLOSES)
    with pytest.raises(Refused):
        actions.attach_piece(dossier, by=world.applicant, now=CLOSES, code="RIB", file=stored(dossier.case))


def test_an_applicant_may_word_indicators(world: World) -> None:
    dossier = draft(world)
    own = {
        "code": "",
        "label": "Ateliers tenus",
        "kind": "follow_up",
        "nature": "quantitative",
        "unit": "ateliers",
        "target": "12",
    }
    save(
        dossier,
        "indicators",
        {"indicators": [own, {"code": "I-POS", "target": "50"}]},
        by=world.applicant_editor,
    )
    assert [i.code for i in dossier.indicators.order_by("code")] == ["I-POS", "P1"]
    assert [f for f in places(dossier) if f.startswith("indicators")] == []


def test_every_answer_is_kept_and_judged_by_its_kind() -> None:
    def question(kind: str, **more: object) -> dict:
        return {
            "code": "q",
            "label": "Q",
            "kind": kind,
            "required": True,
            "max_length": 5,
            "choices": [["a", "A"], ["b", "B"]],
            **more,
        }

    kept = [
        ("text", " ab \r\n", "ab", False),
        ("text", "abcdef", "abcdef", True),
        ("long_text", "", "", True),
        ("choice", "a", "a", False),
        ("multiple", ["a", "b", "a"], ["a", "b"], False),
        ("multiple", [], [], True),
        ("number", "1 200", "1200", False),
        ("number", "-1", "-1", True),
        ("number", "douze", "douze", True),
        ("money", "1 234,50 €", "1234.50", False),
        ("money", "1,005", "1.005", True),
        ("date", date(2026, 5, 1), "2026-05-01", False),
        ("date", "demain", "demain", True),
        ("boolean", "on", True, False),
        ("boolean", False, False, True),
    ]
    for kind, typed, stored_as, faulty in kept:
        assert keep(question(kind), typed) == stored_as
        assert bool(fault(question(kind), stored_as)) is faulty, (kind, typed)
    assert not fault(question("boolean", required=False), False)
    for kind, wrong in (("choice", "z"), ("multiple", ["a", "z"]), ("text", "x" * 20001)):
        with pytest.raises(ValueError):
            keep(question(kind), wrong)


# -- what is missing ------------------------------------------------------------------------------------------------


def test_missing_is_one_list_each_line_with_its_place(world: World) -> None:
    dossier = draft(world)
    places_of_new = places(dossier)
    assert places_of_new[:6] == [
        "project.summary",
        "project.axis",
        "project.publics",
        "project.territories",
        "project.starts_on",
        "project.ends_on",
    ]
    assert "need.context" in places_of_new
    assert "action.certification" not in places_of_new  # optional
    assert {"budget.basis", "budget.60", "indicators", "pieces.RIB", "pieces.CER"} <= set(places_of_new)
    assert "pieces.DELIB" not in places_of_new  # for public bodies
    assert "pieces.KBIS" not in places_of_new  # the administration can have it by itself
    states = {state.code: state for state in section_states(Dossier.objects.get())}
    assert list(states) == ["project", *ANSWERS, "partners", "budget", "indicators", "pieces"]
    assert len(states["need"].reasons) == 3
    assert states["partners"].optional


def test_a_complete_dossier_lacks_nothing(world: World, django_assert_max_num_queries: Any) -> None:
    dossier = Dossier.objects.select_related(*Dossier.related, "revision").get(pk=filled_draft(world).pk)
    with django_assert_max_num_queries(7):
        assert missing(dossier) == []
    assert all(state.done for state in section_states(dossier))


@pytest.mark.parametrize(
    ("changed", "expected", "said"),
    [
        (lines()[:-1], ["budget.2026", "budget.2026"], "1 500,50"),
        ([*lines(), {"year": 2026, "code": "60", "amount": "0.01"}], ["budget.2026"], "0,01"),
        ([*lines(), {"year": 2026, "code": "70", "amount": "0.01"}], ["budget.2026"], "0,01"),
        (lines(requested="60000.01", own="15000"), ["budget.74-REGION"], "80"),
        (lines(requested="60000.00", own="15000"), [], ""),
        (lines(requested="4999.99"), ["budget.74-REGION"], "5 000"),
        (lines(requested="100000.01", own="90000"), ["budget.74-REGION"], "100 000,00"),
        (lines(requested="0"), ["budget.74-REGION"], ""),
        (lines(year=2027), ["budget.2026", "budget.2027"], ""),
        ([], ["budget.60"], ""),
        (
            [
                *lines(),
                {"year": 2026, "code": "CI", "amount": "9000.01"},
                {"year": 2026, "code": "70", "amount": "9000.01"},
            ],
            ["budget.CI"],
            "9 000,00",
        ),
        (
            [
                *lines(),
                {"year": 2026, "code": "CI", "amount": "9000"},
                {"year": 2026, "code": "70", "amount": "9000"},
            ],
            [],
            "",
        ),
    ],
)
def test_a_budget_balances_to_the_cent(world: World, changed: list, expected: list[str], said: str) -> None:
    dossier = filled_draft(world)
    save(dossier, "budget", {"lines": changed}, by=world.applicant_editor)
    reasons = missing(Dossier.objects.get())
    assert [reason.field for reason in reasons] == expected
    assert not said or any(
        said in str(r.message).replace("\u202f", " ").replace("\xa0", " ") for r in reasons
    )


def test_each_year_has_its_budget(world: World) -> None:
    dossier = filled_draft(world)
    save(dossier, "project", {"ends_on": "2027-06-30"}, by=world.applicant_editor)
    assert places(dossier) == ["budget.2027"]
    save(dossier, "budget", {"lines": [*lines(), *lines(year=2027)]}, by=world.applicant_editor)
    assert places(dossier) == []
    saved = Dossier.objects.get()
    assert (saved.requested_amount, saved.total_cost, saved.eligible_cost) == (
        Decimal("80000.00"),
        Decimal("120000.00"),
        Decimal("120000.00"),
    )
    save(dossier, "project", {"ends_on": "2031-06-30"}, by=world.applicant_editor)
    assert "project.ends_on" in places(dossier)


def test_indicators_of_both_kinds_with_targets(world: World) -> None:
    dossier = filled_draft(world)
    save(dossier, "indicators", {"indicators": [{"code": "S-ENT", "target": " "}]}, by=world.applicant_editor)
    assert places(dossier) == ["indicators.S-ENT", "indicators"]


def test_pieces_depend_on_the_legal_form(world: World) -> None:
    call = open_call(world)
    company = accounts.create_organisation(
        by=world.other,
        now=NOW,
        siret="80295478400004",
        name="SAS Forma",
        legal_form="company",
        training_number="84691234567",
    )
    dossier = draft(world, call, by=world.other, organisation=company)
    asked = [field for field in places(dossier) if field.startswith("pieces")]
    assert "pieces.CER" not in asked
    assert "pieces.QUALIOPI" in asked
    public = Organisation.objects.get(pk=company.pk)
    public.legal_form = "public"
    dossier.organisation = public
    assert "pieces.DELIB" in [reason.field for reason in missing(dossier)]


def test_a_piece_is_given_replaced_quarantined_and_taken_back(world: World) -> None:
    dossier = filled_draft(world)
    piece = Piece.objects.get(dossier=dossier, required__code="RIB")
    actions.attach_piece(
        dossier, by=world.applicant, now=NOW, code="RIB", file=stored(dossier.case, name="nouveau.pdf")
    )
    assert list(piece.document.versions.values_list("number", "name")) == [(2, "nouveau.pdf"), (1, "rib.pdf")]
    assert places(dossier) == []  # being scanned: the deadline does not wait for the antivirus
    scanned(piece.document.versions.get(number=2), clean=False)
    assert places(dossier) == ["pieces.RIB"]
    actions.remove_piece(dossier, by=world.applicant, now=NOW, code="RIB")
    assert places(dossier) == ["pieces.RIB"]
    assert piece.document.versions.count() == 2
    with pytest.raises(Refused):
        actions.remove_piece(dossier, by=world.applicant, now=NOW, code="RIB")
    for code in ("DELIB", "NOTHING"):
        with pytest.raises(Refused) as refusal:
            actions.attach_piece(dossier, by=world.applicant, now=NOW, code=code, file=stored(dossier.case))
        assert refusal.value.reasons[0].field == "file"
    give_pieces(dossier, by=world.applicant, codes={"RIB"})
    assert places(dossier) == []


# -- submission -----------------------------------------------------------------------------------------------------


def test_a_submission_issues_its_receipt(world: World) -> None:
    dossier = submitted_dossier(world)
    receipt = Receipt.objects.get(dossier=dossier)
    entry = Entry.objects.get(verb="calls.submit")
    assert dossier.state == DossierState.SUBMITTED
    assert dossier.submitted_at == receipt.received_at == NOW
    assert dossier.implicit_rejection_on == receipt.implicit_rejection_on == date(2026, 5, 2)
    assert receipt.attested_by == "Applicant Signatory, Présidente"
    assert receipt.content_sha256 == entry.snapshot["sha256"] == digest(entry.snapshot["application"])
    assert entry.snapshot["application"]["budget"]["requested"] == "40000.00"
    assert digest(application(Dossier.objects.get())) == receipt.content_sha256
    told = Notification.objects.filter(kind="receipt")
    assert {notice.user for notice in told} == {
        world.applicant,
        world.applicant_editor,
    }  # the sender too: R112-11-3
    assert not WorkItem.objects.filter(case=dossier.case, state="open", step__startswith="calls.").exists()
    assert {t.verb: t.due_at for t in Timer.objects.filter(case=dossier.case, state="pending")}[
        "calls.note_implicit_rejection"
    ] == datetime(2026, 5, 2, 22, tzinfo=UTC)
    assert not Timer.objects.filter(case=dossier.case, state="pending", verb="calls.lapse").exists()
    assert list(verify()) == []


def test_the_receipt_bears_each_mention_of_the_law(world: World) -> None:
    dossier = submitted_dossier(world)
    job = OutboxJob.objects.get(case=dossier.case, kind="letter")
    data = job.payload["data"]
    assert data["received_at"].startswith("lundi 2")
    assert {data["service"][key] for key in ("name", "email", "phone", "address")} == {
        world.region.service_name,
        world.region.service_email,
        world.region.service_phone,
        world.region.service_address,
    }
    assert data["implicit_rejection_on"] == "2\xa0mai 2026"
    assert data["remedies"]["court"] == world.region.court
    assert data["place"] == "Alphaville"
    assert deliver(job.pk, now=job.due_at)
    version = dossier.case.documents.get(code="receipt").versions.get()
    assert version.content_type == "application/pdf"


@pytest.mark.parametrize(
    ("offset", "on_time"),
    [(timedelta(microseconds=-1), True), (timedelta(0), False), (timedelta(milliseconds=1), False)],
)
def test_the_bell_is_exact(world: World, offset: timedelta, on_time: bool) -> None:
    dossier = filled_draft(world)
    if on_time:
        assert actions.submit(dossier, by=world.applicant, now=CLOSES + offset, attestation=True).submitted_at
    else:
        with pytest.raises(Refused, match=r"closed|clos"):
            actions.submit(dossier, by=world.applicant, now=CLOSES + offset, attestation=True)


def test_what_was_received_in_time_may_be_recorded_after_the_bell(world: World) -> None:
    dossier = filled_draft(world)
    fire_due(now=CLOSES + timedelta(minutes=5))
    assert Call.objects.get().state == "closed"
    received = actions.submit(
        dossier, by=world.applicant, now=CLOSES - timedelta(milliseconds=100), attestation=True
    )
    assert received.state == DossierState.SUBMITTED


def test_submission_refuses_with_all_that_is_missing(world: World) -> None:
    dossier = filled_draft(world)
    save(dossier, "need", {"context": ""}, by=world.applicant_editor)
    actions.remove_piece(dossier, by=world.applicant_editor, now=NOW, code="RIB")
    with pytest.raises(Refused) as refusal:
        actions.submit(dossier, by=world.applicant, now=NOW, attestation=False)
    assert [reason.field for reason in refusal.value.reasons] == ["need.context", "pieces.RIB", "attestation"]
    assert not Receipt.objects.exists()


def test_only_a_signatory_submits_and_only_once(world: World) -> None:
    dossier = filled_draft(world)
    for person in (world.applicant_editor, world.other, world.officer, world.auditor):
        with pytest.raises(NotAllowed):
            actions.submit(dossier, by=person, now=NOW, attestation=True)
    first = actions.submit(dossier, by=world.applicant, now=NOW, attestation=True, key="one")
    again = actions.submit(dossier, by=world.applicant, now=NOW, attestation=True, key="one")
    assert first.pk == again.pk
    assert Receipt.objects.count() == Entry.objects.filter(verb="calls.submit").count() == 1
    with pytest.raises(Conflict):
        actions.submit(dossier, by=world.applicant, now=NOW, attestation=True, key="two")
    with pytest.raises(Refused):
        actions.submit(again, by=world.applicant, now=NOW, attestation=True, key="three")
    with pytest.raises(Refused):
        save(dossier, "need", {"context": "trop tard"}, by=world.applicant)


# -- after the submission ---------------------------------------------------------------------------------------------


def test_silence_is_noted_and_moves_nothing(world: World) -> None:
    dossier = submitted_dossier(world)
    with pytest.raises(Refused):
        actions.note_implicit_rejection(dossier, by=None, now=datetime(2026, 5, 2, 21, 59, tzinfo=UTC))
    with pytest.raises(NotAllowed):
        actions.note_implicit_rejection(dossier, by=world.manager, now=datetime(2026, 5, 3, tzinfo=UTC))
    actions.note_implicit_rejection(dossier, by=None, now=datetime(2026, 5, 2, 22, tzinfo=UTC))
    assert Dossier.objects.get().state == DossierState.SUBMITTED
    assert {n.user for n in Notification.objects.filter(kind="implicit_rejection")} == {
        world.officer,
        world.officer2,
    }


def test_a_case_officer_takes_charge(world: World) -> None:
    dossier = submitted_dossier(world)
    actions.take_charge(dossier, by=world.manager, now=NOW, officer=world.officer)
    assert Dossier.objects.get().officer == world.officer
    assert Notification.objects.get(kind="charge").user == world.officer
    with pytest.raises(Refused) as refusal:
        actions.take_charge(dossier, by=world.manager, now=NOW, officer=world.payer)
    assert refusal.value.reasons[0].field == "officer"
    for person in (world.applicant, world.auditor, world.pilot, world.state):
        with pytest.raises(NotAllowed):
            actions.take_charge(dossier, by=person, now=NOW, officer=world.officer)


def test_a_withdrawal_ends_everything(world: World) -> None:
    dossier = submitted_dossier(world)
    for person in (world.applicant_editor, world.other, world.officer):
        with pytest.raises(NotAllowed):
            actions.withdraw(dossier, by=person, now=NOW, reasons="x")
    with pytest.raises(Refused) as refusal:
        actions.withdraw(dossier, by=world.applicant, now=NOW, reasons=" ")
    assert refusal.value.reasons[0].field == "reasons"
    withdrawn = actions.withdraw(dossier, by=world.applicant, now=NOW, reasons="Plus de partenaire.")
    assert withdrawn.state == DossierState.WITHDRAWN
    assert withdrawn.case.closed_at == NOW
    assert not Timer.objects.filter(case=dossier.case, state="pending").exists()
    assert not WorkItem.objects.filter(case=dossier.case, state="open").exists()
    assert {n.user for n in Notification.objects.filter(kind="withdrawal")} == {world.officer, world.officer2}


def test_an_editor_may_withdraw_a_draft(world: World) -> None:
    dossier = draft(world)
    actions.withdraw(dossier, by=world.applicant_editor, now=NOW)
    assert Dossier.objects.get().state == DossierState.WITHDRAWN
    assert not Notification.objects.filter(kind="withdrawal").exists()


def test_an_award_given_up_goes_back_to_the_envelope(world: World) -> None:
    from tests.workflows.test_engine import opened

    dossier = submitted_dossier(world)
    with opened():  # as the vote of a later stage would leave it
        Dossier.objects.filter(pk=dossier.pk).update(
            state=DossierState.AWARDED, awarded_amount=Decimal("30000.00")
        )
        Envelope.objects.filter(call=dossier.call).update(committed=Decimal("70000.00"))
    actions.withdraw(Dossier.objects.get(), by=world.applicant, now=NOW, reasons="Renoncement")
    assert Envelope.objects.get().committed == Decimal("40000.00")
    assert Entry.objects.get(verb="calls.withdraw").snapshot == {"freed": "30000.00"}


def test_a_draft_lapses_after_the_bell(world: World) -> None:
    dossier = draft(world)
    with pytest.raises(NotAllowed):
        actions.lapse(dossier, by=world.manager, now=CLOSES)
    with pytest.raises(Refused):
        actions.lapse(dossier, by=None, now=CLOSES - timedelta(microseconds=1))
    fire_due(now=CLOSES + timedelta(minutes=14))
    assert Dossier.objects.get().state == DossierState.DRAFT
    fire_due(now=CLOSES + timedelta(minutes=15))
    lapsed = Dossier.objects.get()
    assert lapsed.state == DossierState.LAPSED
    assert lapsed.case.closed_at is not None
    assert {n.user for n in Notification.objects.filter(kind="lapse")} == {
        world.applicant,
        world.applicant_editor,
    }
    assert not WorkItem.objects.filter(case=dossier.case, state="open").exists()


# -- who sees what ------------------------------------------------------------------------------------------------


def test_a_draft_is_its_applicants_own(world: World) -> None:
    submitted = submitted_dossier(world)
    other = draft(world, submitted.call, by=world.other)

    def seen(person: User) -> set[Dossier]:
        return set(visible_to(actor_for(person, NOW.date())))

    assert seen(world.officer) == seen(world.auditor) == {submitted}
    assert seen(world.applicant) == seen(world.applicant_editor) == {submitted}
    assert seen(world.other) == {other}
    assert seen(world.state) == seen(world.expert) == set()
    assert list(dossiers_of(actor_for(world.other, NOW.date()))) == [other]
    beta = make_world("11", "Région Bêta", "region-beta")
    assert seen(beta.officer) == seen(beta.auditor) == set()
