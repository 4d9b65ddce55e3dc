"""Reads about people: bodies of a Region, the members of an audience, organisations by number."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Body, BodyKind, Membership, MembershipRole, Organisation, Post, Region, Seat, User
from accounts.models.base import valid_on


def body_of(region: Region, kind: BodyKind | str, day: date) -> Body | None:
    """The Region's body of that kind on that day, if it has one."""
    return valid_on(Body.objects.filter(region=region, kind=kind), day).order_by("valid_from", "id").first()


def audience_members(audience: str, day: date) -> QuerySet[User]:
    """The active people that an audience key stands for on ``day``."""
    kind, _, rest = audience.partition(":")
    ident, _, detail = rest.partition(":")
    pk = UUID(ident)
    active = User.objects.filter(is_active=True)
    if kind == "post":
        return active.filter(pk__in=valid_on(Post.objects.filter(region=pk, role=detail), day).values("user"))
    if kind == "seat":
        return active.filter(
            pk__in=valid_on(Seat.objects.filter(body=pk, college=detail), day).values("user")
        )
    if kind == "body":
        return active.filter(pk__in=valid_on(Seat.objects.filter(body=pk), day).values("user"))
    if kind == "organisation":
        members = valid_on(Membership.objects.filter(organisation=pk, approved_at__isnull=False), day)
        if detail == MembershipRole.SIGNATORY:
            members = members.filter(role=detail)
        return active.filter(pk__in=members.values("user"))
    if kind == "user":
        return active.filter(pk=pk)
    raise ValueError(f"Unknown audience {audience!r}.")


def organisation_by_siret(siret: str) -> Organisation | None:
    """The organisation known under that SIRET, if any."""
    return Organisation.objects.filter(siret=siret).first()
