"""One story for all the tests of a module: making it costs more than asking it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.guarantees.matrix import Story, tell


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that leaves nothing behind, in which a verb's own may begin as in any test.

    pytest-django's ``db`` would not do: at the end of each test it closes the connection, and with it the story's transaction.
    """
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]
    with around:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """The story, for the tests of a module."""
    with django_db_blocker.unblock(), undone():
        yield tell()


@pytest.fixture
def story(told: Story, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """The story, for one test: what it does to it is undone."""
    logging.disable(logging.WARNING)  # thousands of refusals, each with its line
    with django_db_blocker.unblock(), undone():
        yield told
    logging.disable(logging.NOTSET)
