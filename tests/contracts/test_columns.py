"""The whole dossier taken away: every floor's columns, by right, with as many queries for many dossiers as for one."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import actor_for
from accounts.models import User
from calls.columns import TOGETHER, whole_columns, whole_rows
from calls.models import Dossier
from calls.queries import visible_to
from reviews.models import Assignment
from tests.contracts import story
from tests.world import World, opened
from workflows.models import AccessLog, Grant


def taken(who: User) -> list[dict[str, str]]:
    client = Client()
    client.force_login(who)
    text = b"".join(client.get("/dossiers/?export=csv")).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


def lines(who: User, dossiers: list[Dossier]) -> tuple[list[dict[str, object]], int]:
    actor = actor_for(who, story.NOW.date())
    titles = [column.title for column in whole_columns(actor)]
    with CaptureQueriesContext(connection) as queries:
        rows = list(whole_rows(actor, visible_to(actor), [dossier.pk for dossier in dossiers]))
    return [dict(zip(titles, row, strict=True)) for row in rows], len(queries)


@pytest.fixture
def signed(world: World) -> Dossier:
    return story.active_contract(world).dossier


def test_a_dossier_is_taken_away_whole_by_those_who_may_read_all_of_it(world: World, signed: Dossier) -> None:
    with opened():
        signed.partners.create(case=signed.case, name="Beta", siret="55210055400013", role="Stages")
        signed.partners.create(case=signed.case, name="Alpha", siret="55210055400021", role="Ateliers")
    (line,) = taken(world.officer)
    assert len(line) >= 60
    assert line["Organisation"] == world.organisations["applicant"].name
    assert line["Partners"] == "Alpha, Beta"
    assert line["64 Charges de personnel"] == "60000,00"
    assert (line["Public funding"], line["Other incomes"], line["Voluntary contributions"]) == (
        "40000,00", "20000,00", "1500,00"
    )  # fmt: skip
    assert line["Indicators and their targets"] == "Sorties positives : 60 ; Entrées : 60"
    assert line["Score out of 100"] == "80,00"
    assert line["Proposed list"] == "Main list"
    assert line["State of the contract"] == "In force"
    assert line["Amount of the contract"] == "40000,00"
    assert line["Signed on"]
    assert AccessLog.objects.filter(user=world.officer, kind="export").count() == 1

    with opened():  # somebody who was let in reads the application, and nothing that the Region found
        Grant.objects.create(case=signed.case, audience=f"user:{world.unions.pk}", since=story.NOW)
    (line,) = taken(world.unions)
    assert line["64 Charges de personnel"] == "60000,00"
    assert not {"Score out of 100", "Proposed list", "Contract", "Paid"} & line.keys()
    assert line["State"] == str(signed.applicant_label())


def test_many_dossiers_cost_the_queries_of_one(world: World, signed: Dossier) -> None:
    others = [story.awarded_dossier(world, account=False, rank=rank) for rank in (2, 3)]
    (one,), few = lines(world.officer, [signed])
    every, many = lines(world.officer, [others[1], signed, others[0]])
    assert many == few
    assert [line["Reference"] for line in every] == [d.case.reference for d in (others[1], signed, others[0])]
    assert every[1] == one
    assert TOGETHER > 3


def test_a_score_is_hidden_from_who_has_still_to_assess(world: World, signed: Dossier) -> None:
    assert lines(world.manager, [signed])[0][0]["Score out of 100"] == 80
    with opened():
        Assignment.objects.create(
            case=signed.case, dossier=signed, reviewer=world.manager, assigned_by=world.officer,
            assigned_at=story.NOW, due_at=story.NOW + timedelta(days=9), state="open",
        )  # fmt: skip
    assert lines(world.manager, [signed])[0][0]["Score out of 100"] is None
