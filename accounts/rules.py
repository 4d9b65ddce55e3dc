"""Rights: how a table is registered, and the predicates that every app composes its table from.

Each app has one table ``{verb or page: predicate}``. A predicate takes an :class:`~accounts.actors.Actor` and a row; the
row knows its Region through its case. What is in no table is refused.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import rules
from django.db.models import Model
from rules.predicates import Predicate, predicate

from accounts.actors import Actor
from accounts.compiled import Compiled
from accounts.models import BodyKind, PostRole, Region


def register(table: Mapping[str, Predicate]) -> None:
    """Add an app's table to the rights; a name defined twice is a fault of the programme (KeyError)."""
    for name, test in table.items():
        rules.add_rule(name, test)


def may(actor: Actor | None, name: str, row: Any = None) -> bool:
    """Whether the rights tables grant ``name`` on ``row``; nobody has a right that no table names."""
    return actor is not None and rules.rule_exists(name) and bool(rules.test_rule(name, actor, row))


def region_of(row: Any) -> UUID | None:
    """The Region that a row belongs to."""
    if row is None:
        return None
    if isinstance(row, Region):
        return row.pk
    case = getattr(row, "case", row)
    return getattr(case, "region_id", None)


def holds(*roles: str) -> Predicate:
    """The actor holds one of these posts in the row's Region."""

    @predicate(f"holds:{'|'.join(roles)}")
    def test(actor: Actor, row: Any) -> bool:
        return actor.holds(region_of(row), *roles)

    return test


def holds_somewhere(*roles: str) -> Predicate:
    """The actor holds one of these posts in some Region: who comes to a page that spans cases."""

    @predicate(f"holds_somewhere:{'|'.join(roles)}")
    def test(actor: Actor, row: Any) -> bool:
        return any(post.role in roles for post in actor.posts)

    return test


def sits_in(*kinds: str) -> Predicate:
    """The actor has a seat in a body of one of these kinds of the row's Region."""

    @predicate(f"sits_in:{'|'.join(kinds)}")
    def test(actor: Actor, row: Any) -> bool:
        return actor.sits_in(region_of(row), *kinds)

    return test


@predicate
def anybody(actor: Actor, row: Any) -> bool:
    """Any person signed in."""
    return actor.user.is_active


@predicate
def is_staff(actor: Actor, row: Any) -> bool:
    """The actor belongs to the Region's staff."""
    return actor.is_staff_of(region_of(row))


@predicate
def is_auditor(actor: Actor, row: Any) -> bool:
    """The actor audits the Region."""
    return actor.audits(region_of(row))


is_case_officer = holds(PostRole.CASE_OFFICER)
is_manager = holds(PostRole.MANAGER)
is_signatory = holds(PostRole.SIGNATORY)
is_payments_officer = holds(PostRole.PAYMENTS)
is_pilot = holds(PostRole.PILOT)
is_expert = holds(PostRole.EXPERT)
sits_in_coparef = sits_in(BodyKind.COPAREF)
sits_in_crefop = sits_in(BodyKind.CREFOP_PLENARY, BodyKind.CREFOP_BUREAU, BodyKind.CREFOP_COMMISSION)


@predicate
def edits_for_organisation(actor: Actor, row: Any) -> bool:
    """The actor prepares dossiers for the case's organisation."""
    return actor.may_edit(getattr(getattr(row, "case", row), "organisation_id", None))


@predicate
def signs_for_organisation(actor: Actor, row: Any) -> bool:
    """The actor submits and signs for the case's organisation."""
    return actor.may_sign(getattr(getattr(row, "case", row), "organisation_id", None))


@predicate
def not_recused(actor: Actor, row: Any) -> bool:
    """The actor was not kept out of the case for a conflict of interest."""
    case = getattr(row, "case", row)
    return not _recusals(type(case)._meta.get_field("recusals").related_model)(case.pk, actor.user.pk)


@functools.cache
def _recusals(model: type[Model]) -> Compiled[Model]:
    """A person's recusals from a case; ``model`` is a floor above, and known by the case alone."""
    return Compiled(
        lambda case, user: model._base_manager.filter(case=case, user=user).order_by(), UUID, UUID
    )


@predicate
def signs_for_that_organisation(actor: Actor, row: Any) -> bool:
    """The actor signs for the organisation that a membership is about."""
    return actor.may_sign(row.organisation_id)


RIGHTS = {
    "accounts.approve_membership": signs_for_that_organisation,
}

register(RIGHTS)


__all__ = [
    "anybody",
    "edits_for_organisation",
    "holds",
    "holds_somewhere",
    "is_auditor",
    "is_case_officer",
    "is_expert",
    "is_manager",
    "is_payments_officer",
    "is_pilot",
    "is_signatory",
    "is_staff",
    "may",
    "not_recused",
    "region_of",
    "register",
    "signs_for_organisation",
    "sits_in",
    "sits_in_coparef",
    "sits_in_crefop",
]
