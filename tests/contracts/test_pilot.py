"""Steering: exact figures on a small story, the lists behind them, who may read them, and how many queries they cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import actor_for
from accounts.models import User
from calls import actions as calls_actions
from calls.models import Call, Dossier
from contracts.steering import STAGES, figures_of
from tests.calls import story as calls
from tests.contracts import story as contracts
from tests.reviews import story
from tests.world import NOW, World, make_world, opened
from workflows.models import Recusal

#: Long after the decision, when an advance is overdue but reports are still to come.
LATER = NOW + timedelta(days=150)


@pytest.fixture
def call(world: World) -> Call:
    """Four dossiers of one call: one under contract, one on the reserve list, one refused, one that stays incomplete."""
    call = calls.open_call(world, envelope=D("60000.00"), max_amount=D("50000.00"), coparef="none")
    first, _second, _third = story.competitors(world, call, scores=(5, 4, 1))
    fourth = calls.submitted_dossier(world, call, by=world.other, editor=world.other_editor, title="Retiré")
    calls_actions.withdraw(fourth, by=world.other, now=NOW + timedelta(days=9), reasons="Sans suite.")
    story.vote(world, story.validated_ranking(world, call))
    story.release(world, first)
    contract = contracts.active_contract(world, story.again(first), now=NOW + timedelta(days=60))
    contracts.paid(world, contracts.instalment(contract, "advance"), now=NOW + timedelta(days=61))
    return Call.objects.select_related("case__region", "envelope").get(pk=call.pk)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_figures_are_exact(world: World, call: Call) -> None:
    found = figures_of(actor_for(world.pilot, LATER.date()), call, LATER)
    assert list(found.reached.values()) == [4, 3, 3, 3, 3, 1, 1, 0]
    assert dict(found.out) == {"withdrawn": 1, "refused": 1}
    assert [(axis.code, axis.asked, axis.granted) for axis in found.axes] == [("A1", D(160000), D(40000))]
    assert (found.asked, found.granted, call.envelope.committed) == (D(160000), D(40000), D(40000))
    days = {delay.stage.code: (delay.dossiers, delay.median, delay.worst) for delay in found.delays}
    assert days["complete"] == (3, D(1), 1)
    assert days["eligible"] == (3, D(3), 3)
    assert days["reviewed"] == (3, D(7), 7)
    assert days["decided"] == (3, D(50), 50)
    assert days["contract"] == (1, D(60), 60)
    assert found.implicit_rejections == 0
    assert found.opinions == {c: {"favourable": 3} for c in ("employers", "region", "state", "unions")}
    assert (found.money.contracts, found.money.contracted, found.money.paid) == (1, D(40000), D(16000))
    assert (found.money.due, found.money.late, found.late_reports) == (D(0), 0, 0)


def test_what_is_late_is_counted(world: World, call: Call) -> None:
    contract = Dossier.objects.get(state="under_contract", call=call).contract
    last = contract.reports.order_by("-due_on").first()
    found = figures_of(
        actor_for(world.pilot, LATER.date()), call, contracts.at(last.due_on) + timedelta(days=1)
    )
    assert found.late_reports == contract.reports.count()
    steps = {overdue.step: overdue.tasks for overdue in found.overdue}
    assert steps["contracts.ReportFlow.fill"] == contract.reports.count()


def test_a_recused_reader_counts_without_the_dossier(world: World, call: Call) -> None:
    dossier = Dossier.objects.get(state="under_contract", call=call)
    with opened():
        Recusal.objects.create(case=dossier.case, user=world.pilot, reason="Un proche.", at=NOW)
    found = figures_of(actor_for(world.pilot, LATER.date()), call, LATER)
    assert list(found.reached.values()) == [3, 2, 2, 2, 2, 0, 0, 0]
    assert (found.asked, found.granted, found.money.paid) == (D(120000), D(0), D(0))
    assert found.opinions["state"] == {"favourable": 2}


def test_a_college_counts_the_others_once_its_own_opinion_is_in(world: World) -> None:
    dossier = story.eligible_dossier(world)
    call = Call.objects.select_related("case__region", "envelope").get(pk=dossier.call_id)
    story.advise(world, dossier, {"unions": "unfavourable"})
    seat, other = (actor_for(world.people[c], LATER.date()) for c in ("unions", "state"))
    assert figures_of(other, call, LATER).opinions == {"state": {"awaited": 1}}
    assert figures_of(seat, call, LATER).opinions["unions"] == {"unfavourable": 1}
    assert set(figures_of(seat, call, LATER).opinions) == {"employers", "region", "state", "unions"}


def test_each_figure_opens_the_dossiers_that_it_counts(world: World, call: Call) -> None:
    client = client_of(world.pilot)
    found = figures_of(actor_for(world.pilot, LATER.date()), call, LATER)
    expected = {stage.code: found.reached[stage.code] for stage in STAGES}
    expected |= {
        "withdrawn": 1,
        "refused": 1,
        "inadmissible": 0,
        "granted": 1,
        "paid": 1,
        "late_report": 0,
        "implicit": 0,
    }
    for figure, n in expected.items():
        page = client.get(reverse("contracts:pilot_dossiers", args=[call.pk]), {"figure": figure})
        assert page.context["list"].total == n, figure
    page = client.get(reverse("contracts:pilot_dossiers", args=[call.pk]), {"axis": "A1", "college": "state"})
    assert page.context["list"].total == 3


def test_the_pages_say_the_figures_and_give_them_away(world: World, call: Call) -> None:
    client = client_of(world.manager)
    overview = client.get(reverse("contracts:pilot"))
    assert overview.status_code == 200
    assert [(row.received, row.asked, row.committed, row.paid) for row in overview.context["list"].shown] == [
        (4, D(160000), D(40000), D(16000))
    ]
    page = client.get(reverse("contracts:call_pilot", args=[call.pk]))
    text = page.content.decode().replace("\u202f", " ").replace("\xa0", " ")
    assert "160 000,00 €" in text or "€160,000.00" in text
    workbook = client.get(reverse("contracts:call_pilot", args=[call.pk]), {"export": "xlsx"})
    assert BytesIO(b"".join(workbook.streaming_content)).read(2) == b"PK"


def test_the_figures_of_all_the_calls_open_their_dossiers(world: World, call: Call) -> None:
    second = calls.open_call(world, call.pact, title="Élan")
    calls.submitted_dossier(world, second, title="Ailleurs")
    client = client_of(world.manager)
    overview = client.get(reverse("contracts:pilot"))
    counts = {str(f.label): client.get(f.url).context["list"].total for f in overview.context["figures"]}
    assert counts == {"Dossiers received": 5, "Requested": 5, "Committed": 1, "Paid": 1}
    assert overview.context["figures"][0].value == 5
    row = next(row for row in overview.context["list"].shown if row.pk == call.pk)
    assert client.get(row.behind("paid")).context["list"].total == 1
    one = client.get(reverse("contracts:pilot_all"), {"call": second.pk})
    assert one.context["list"].total == 1
    seat = client_of(world.state)
    assert {figure.url for figure in seat.get(reverse("contracts:pilot")).context["figures"]} == {""}
    assert seat.get(reverse("contracts:pilot_all")).status_code == 404


READERS = [
    "officer",
    "manager",
    "signatory",
    "payer",
    "pilot",
    "auditor",
    "state",
    "unions",
    "coparef_unions",
]
OTHERS = ["applicant", "applicant_editor", "other", "expert"]


def test_only_those_who_steer_may_read(world: World, call: Call) -> None:
    beta = make_world("11", "Région Bêta", "region-beta")
    pages = [reverse("contracts:pilot"), reverse("contracts:call_pilot", args=[call.pk])]
    for name in READERS:
        client = client_of(world.people[name])
        assert [client.get(page).status_code for page in pages] == [200, 200], name
        behind = client.get(reverse("contracts:pilot_dossiers", args=[call.pk])).status_code
        assert behind == (404 if "_" in name or name in ("state", "unions") else 200), name
    for name in OTHERS:
        client = client_of(world.people[name])
        assert [client.get(page).status_code for page in pages] == [404, 404], name
    for name in ("officer", "auditor", "state"):
        client = client_of(beta.people[name])
        assert [client.get(page).status_code for page in pages] == [200, 404], name
        assert client.get(pages[0]).context["list"].total == 0
    assert Client().get(pages[0]).status_code == 302


def test_a_draft_call_has_no_figures_yet(world: World) -> None:
    call = calls.draft_call(world)
    assert client_of(world.pilot).get(reverse("contracts:call_pilot", args=[call.pk])).status_code == 404


def test_the_queries_do_not_grow_with_the_dossiers(world: World, django_assert_max_num_queries) -> None:
    call = calls.open_call(world)
    counts = []
    for n in (1, 3, 8):
        while call.dossiers.count() < n:
            calls.submitted_dossier(world, call, title=f"Projet {call.dossiers.count()}")
        client = client_of(world.pilot)
        pages = [
            reverse("contracts:pilot"),
            reverse("contracts:call_pilot", args=[call.pk]),
            reverse("contracts:pilot_dossiers", args=[call.pk]) + "?figure=received",
        ]
        spent = []
        for page in pages:
            with django_assert_max_num_queries(40) as queries:
                assert client.get(page).status_code == 200
            spent.append(len(queries))
        counts.append(spent)
    assert counts[0] == counts[1] == counts[2]
