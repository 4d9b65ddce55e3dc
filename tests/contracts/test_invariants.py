"""What holds in the whole database is looked at again by one command, which names what does not (P14, P15, P33, P48)."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from calls.models import Dossier, Envelope, Pact, Receipt
from contracts.models import Contract, Instalment
from reviews.models import Ranking
from tests.guarantees.conftest import undone
from tests.guarantees.test_walk import settled
from tests.world import World, opened
from workflows.models import Timer, WorkItem


def found() -> str:
    """What `check_invariants` has to say; nothing when all holds."""
    said = StringIO()
    try:
        call_command("check_invariants", stdout=StringIO(), stderr=said)
    except CommandError:
        return said.getvalue()
    return ""


def change(model: Any, **values: Any) -> Callable[[], None]:
    def do() -> None:
        model.objects.update(**values)

    return do


def no_receipt() -> None:
    Receipt.objects.all().delete()


def nothing_to_come() -> None:
    WorkItem.objects.all().delete()
    Timer.objects.all().delete()


BREAKS: list[tuple[Callable[[], None], str]] = [
    (change(Envelope, committed=F("committed") - 1), "awarded"),
    (change(Dossier, awarded_amount=F("awarded_amount") - 1), "awarded"),
    (change(Contract, paid=F("paid") - 1), "its instalments"),
    (change(Instalment, amount=F("amount") + 1), "its instalments"),
    (change(Pact, adopted_by=F("prepared_by")), "adopted by who prepared it"),
    (change(Ranking, validated_by=F("proposed_by")), "validated by who proposed it"),
    (change(Instalment, certified_by=F("proposed_by")), "certified by who proposed it"),
    (change(Instalment, paid_by=F("certified_by")), "paid by who certified it"),
    (change(Contract, version=None), "signed by 0"),
    (no_receipt, "has no receipt"),
    (nothing_to_come, "neither a next step nor a timer"),
]


def test_p48_what_does_not_hold_is_named(world: World) -> None:
    settled(world)
    assert found() == ""
    named = 0
    for spoil, problem in BREAKS:
        with undone(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            try:
                with opened(), transaction.atomic():
                    spoil()
            except IntegrityError:
                continue  # the database itself does not let it happen
            assert problem in found(), problem
            named += 1
    assert named >= 6
