"""The harness of every test: a fresh copy of one migrated database, and strict pages (tests/harness.py)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker
from zeal.listeners import n_plus_one_listener
from zeal.patch import get_instance_key

from accounts.compiled import Compiled
from tests.database import WorkerDatabase
from tests.world import NOW, World, make_world, opened
from workflows.models import Case, CaseKind

database = WorkerDatabase(os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this process its copy of the template database."""
    with django_db_blocker.unblock():
        database.create()
    yield
    with django_db_blocker.unblock():
        database.destroy()


def _fresh_database(self: TransactionTestCase) -> None:
    # Django would truncate every table: the journal refuses that, and what migrations put in would be lost.
    database.reset()


TransactionTestCase._fixture_teardown = _fresh_database  # type: ignore[attr-defined]

_first = Compiled.first


def _first_alone(self: Compiled[Any], *values: Any) -> Any:
    # A row that is read alone may be asked twice for the same thing: zeal lets pass what `.get()` gives, and this as well.
    row = _first(self, *values)
    if row is not None:
        n_plus_one_listener.ignore(get_instance_key(row))
    return row


Compiled.first = _first_alone  # type: ignore[method-assign]


@pytest.fixture
def test_database() -> WorkerDatabase:
    """The database of this test process, for tests that connect to it on their own."""
    return database


@pytest.fixture
def world(db: None) -> World:
    """A Region with everybody in it."""
    return make_world()


@pytest.fixture
def case(world: World) -> Case:
    """A bare case of the applicant's, for what any case can do."""
    with opened():
        return Case.objects.create(
            region=world.region,
            kind=CaseKind.DOSSIER,
            reference="PRIC-TEST",
            title="Un projet",
            organisation=world.organisations["applicant"],
            opened_at=NOW,
        )
