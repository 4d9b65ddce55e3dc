"""Who acts: a person with all their capacities on a day, and the audiences that these make them part of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from accounts.compiled import Compiled
from accounts.models import (
    Membership,
    MembershipRole,
    Post,
    PostRole,
    Seat,
    User,
)
from accounts.models.base import valid_on

#: Posts of the Region's own staff, who see all the dossiers of their Region.
STAFF_ROLES = frozenset(
    {PostRole.CASE_OFFICER, PostRole.MANAGER, PostRole.SIGNATORY, PostRole.PAYMENTS, PostRole.PILOT}
)


def post_audience(region_id: UUID | str, role: str) -> str:
    """The audience "everybody who holds ``role`` in that Region"."""
    return f"post:{region_id}:{role}"


def seat_audience(body_id: UUID | str, college: str) -> str:
    """The audience "everybody who sits for ``college`` in that body"."""
    return f"seat:{body_id}:{college}"


def body_audience(body_id: UUID | str) -> str:
    """The audience "everybody who sits in that body", whatever the college (the COPAREF speaks as a whole)."""
    return f"body:{body_id}"


def organisation_audience(organisation_id: UUID | str, role: str = MembershipRole.EDITOR) -> str:
    """The audience "everybody who may ``role`` for that organisation" (a signatory may also edit)."""
    return f"organisation:{organisation_id}:{role}"


def user_audience(user_id: UUID | str) -> str:
    """The audience of one person."""
    return f"user:{user_id}"


@dataclass(frozen=True)
class Actor:
    """A person, and all that they may act as on one day: read once a request, then asked without queries.

    Rights tables and ``visible_to`` take an actor, never a bare person.
    """

    user: User
    day: date
    posts: tuple[Post, ...]
    seats: tuple[Seat, ...]
    memberships: tuple[Membership, ...]

    def holds(self, region_id: UUID | None, *roles: str) -> bool:
        """Whether the person holds one of ``roles`` in that Region."""
        return any(p.role in roles and p.region_id == region_id for p in self.posts)

    def audits(self, region_id: UUID | None) -> bool:
        """Whether the person audits that Region (a national auditor audits all of them)."""
        return any(p.role == PostRole.AUDITOR and p.region_id in (None, region_id) for p in self.posts)

    def is_staff_of(self, region_id: UUID | None) -> bool:
        """Whether the person belongs to the Region's staff."""
        return self.holds(region_id, *STAFF_ROLES)

    def sits(self, body_id: UUID | None, college: str | None = None) -> bool:
        """Whether the person has a seat in the body (for that college)."""
        return any(s.body_id == body_id and college in (None, s.college) for s in self.seats)

    def sits_in(self, region_id: UUID | None, *kinds: str) -> bool:
        """Whether the person has a seat in a body of one of these kinds of that Region."""
        return any(s.body.region_id == region_id and s.body.kind in kinds for s in self.seats)

    def seat_in(self, region_id: UUID | None, kind: str) -> Seat | None:
        """The person's seat in the Region's body of that kind, if any."""
        return next((s for s in self.seats if s.body.region_id == region_id and s.body.kind == kind), None)

    def may_edit(self, organisation_id: UUID | None) -> bool:
        """Whether the person prepares dossiers for that organisation."""
        return any(m.organisation_id == organisation_id for m in self.memberships)

    def may_sign(self, organisation_id: UUID | None) -> bool:
        """Whether the person submits and signs for that organisation."""
        return any(
            m.organisation_id == organisation_id and m.role == MembershipRole.SIGNATORY
            for m in self.memberships
        )

    @cached_property
    def staff_regions(self) -> frozenset[UUID]:
        """Regions whose staff the person belongs to."""
        return frozenset(p.region_id for p in self.posts if p.role in STAFF_ROLES and p.region_id)

    @cached_property
    def audited_regions(self) -> frozenset[UUID | None]:
        """Regions that the person audits; ``None`` stands for all."""
        return frozenset(p.region_id for p in self.posts if p.role == PostRole.AUDITOR)

    @cached_property
    def organisations(self) -> frozenset[UUID]:
        """Organisations that the person acts for."""
        return frozenset(m.organisation_id for m in self.memberships)

    @cached_property
    def sirens(self) -> frozenset[str]:
        """SIREN numbers of the organisations that employ or delegate the person (interests, domain §4.11)."""
        own = {m.organisation.siren for m in self.memberships}
        return frozenset(own | {s.organisation.siren for s in self.seats if s.organisation})

    @cached_property
    def regions(self) -> frozenset[UUID]:
        """Regions in which the person has a post or a seat."""
        return frozenset(
            {p.region_id for p in self.posts if p.region_id} | {s.body.region_id for s in self.seats}
        )

    @cached_property
    def audiences(self) -> frozenset[str]:
        """Every audience the person is part of: what the inbox is filtered by."""
        keys = {user_audience(self.user.pk)}
        keys |= {post_audience(p.region_id, p.role) for p in self.posts if p.region_id}
        keys |= {seat_audience(s.body_id, s.college) for s in self.seats}
        keys |= {body_audience(s.body_id) for s in self.seats}
        for membership in self.memberships:
            keys.add(organisation_audience(membership.organisation_id, MembershipRole.EDITOR))
            if membership.role == MembershipRole.SIGNATORY:
                keys.add(organisation_audience(membership.organisation_id, MembershipRole.SIGNATORY))
        return frozenset(keys)

    def capacity_for(self, region_id: UUID | None, organisation_id: UUID | None = None) -> dict[str, object]:
        """The capacities that matter in a case, as written in the journal: posts, seats, memberships."""
        return {
            "posts": sorted(p.role for p in self.posts if p.region_id in (None, region_id)),
            "seats": sorted(
                f"{s.body.kind}:{s.college}" for s in self.seats if s.body.region_id == region_id
            ),
            "organisation": next(
                (m.organisation.siret for m in self.memberships if m.organisation_id == organisation_id), ""
            ),
        }


#: By id: the models' own orders would join tables that nothing here reads.
_posts = Compiled(
    lambda user, day: valid_on(Post.objects.filter(user=user).select_related("region"), day).order_by("id"),
    UUID,
    date,
)
_seats = Compiled(
    lambda user, day: valid_on(
        Seat.objects.filter(user=user).select_related("body", "organisation"), day
    ).order_by("id"),
    UUID,
    date,
)
_memberships = Compiled(
    lambda user, day: valid_on(
        Membership.objects.filter(user=user, approved_at__isnull=False).select_related("organisation"), day
    ).order_by("id"),
    UUID,
    date,
)


def actor_for(user: User, day: date) -> Actor:
    """Read what ``user`` may act as on ``day`` (three queries; nothing for an inactive or unsaved person)."""
    if not user.is_active or user.pk is None:
        return Actor(user, day, (), (), ())
    return Actor(
        user,
        day,
        tuple(_posts(user.pk, day)),
        tuple(_seats(user.pk, day)),
        tuple(_memberships(user.pk, day)),
    )
