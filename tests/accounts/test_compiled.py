"""A compiled question gives what its queryset gives, asked again with other values, on the thread's own connection."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from accounts.compiled import Compiled
from accounts.models import Post, Region, User
from accounts.models.base import valid_on
from tests.world import NOW, World

TODAY = NOW.date()


def posts_of(user: UUID, day: date) -> QuerySet[Post]:
    """What is asked here: two filters by the day, one by the person, and a joined table."""
    return valid_on(Post.objects.filter(user=user).select_related("region"), day).order_by("id")


def test_it_gives_the_rows_of_its_queryset(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    compiled = Compiled(posts_of, UUID, date)
    for user in User.objects.all():
        for day in (TODAY, TODAY - timedelta(days=40_000)):
            with django_assert_num_queries(1):  # the Region is there already
                found = [
                    (post.pk, post.role, post.region and post.region.name) for post in compiled(user.pk, day)
                ]
            asked = posts_of(user.pk, day)
            assert found == [(post.pk, post.role, post.region and post.region.name) for post in asked]
    assert compiled(world.officer.pk, TODAY), "the witness: somebody has a post"


def test_the_question_is_made_once_and_the_answer_never_kept(world: World) -> None:
    made: list[UUID] = []

    def ask(user: UUID) -> QuerySet[User]:
        made.append(user)
        return User.objects.filter(pk=user)

    compiled = Compiled(ask, UUID)
    assert compiled.one(world.officer.pk) == world.officer
    assert compiled.one(world.applicant.pk) == world.applicant
    with transaction.atomic():
        User.objects.filter(pk=world.officer.pk).update(first_name="Aimée")
    assert compiled.one(world.officer.pk).first_name == "Aimée"
    assert len(made) == 1


def test_no_row_is_the_models_own_error(world: World) -> None:
    with pytest.raises(User.DoesNotExist):
        Compiled(lambda pk: User.objects.filter(pk=pk), UUID).one(uuid4())


def test_a_value_that_is_in_no_filter_is_refused(db: None) -> None:
    with pytest.raises(AssertionError, match="in no filter"):
        Compiled(lambda pk, day: Region.objects.filter(pk=pk), UUID, date)(uuid4(), TODAY)
    with pytest.raises(TypeError):
        Compiled(lambda pk: Region.objects.filter(pk=pk), UUID)(uuid4(), TODAY)


def test_another_thread_asks_on_its_own_connection(world: World) -> None:
    compiled = Compiled(lambda pk: User.objects.filter(pk=pk), UUID)
    assert compiled(world.officer.pk)

    def elsewhere() -> list[User]:
        try:
            return compiled(world.officer.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:  # the world is not committed: only this test's connection sees it
        assert thread.submit(elsewhere).result() == []
    assert compiled(world.officer.pk)
