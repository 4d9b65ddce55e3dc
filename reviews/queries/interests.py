"""Conflicts of interest: the organisations in common, found by SIREN (domain §4.11, law 2013-907 art. 2, CRPA R133-12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import Body, BodyKind, Membership, Post, PostRole, Region, Seat, User, Voice
from accounts.models.base import valid_on
from accounts.queries import body_of
from calls.models import CoparefScope, Dossier
from reviews.models import Assignment, AssignmentState, InterestDeclaration
from workflows.models import Recusal

#: The body whose colleges give the opinions: a commission where there is one, else the bureau, else the plenary.
CONSULTED = (BodyKind.CREFOP_COMMISSION, BodyKind.CREFOP_BUREAU, BodyKind.CREFOP_PLENARY)


def consulted_body(region: Region, day: date) -> Body | None:
    """The body of the CREFOP that examines dossiers on that day."""
    found = (body_of(region, kind, day) for kind in CONSULTED)
    return next((body for body in found if body is not None), None)


def coparef_of(region: Region, day: date) -> Body | None:
    """The COPAREF, or what took its place, if the Region has one on that day."""
    return body_of(region, BodyKind.COPAREF, day)


def sirens_of(dossier: Dossier) -> dict[str, str]:
    """The legal persons behind a dossier, applicant and partners: SIREN → name."""
    found = {partner.siret[:9]: partner.name for partner in dossier.partners.all()}
    return found | {dossier.organisation.siren: dossier.organisation.name}


def conflicts(dossier: Dossier, people: Iterable[UUID], day: date) -> dict[UUID, list[str]]:
    """Who among ``people`` belongs to, or sits for, an organisation of the dossier, and which (three queries)."""
    sirens, ids = sirens_of(dossier), list(people)
    found: dict[UUID, set[str]] = defaultdict(set)
    memberships = valid_on(Membership.objects.filter(user__in=ids, approved_at__isnull=False), day)
    seats = valid_on(Seat.objects.filter(user__in=ids, organisation__isnull=False), day)
    for rows in (memberships, seats):
        for user_id, siret in rows.values_list("user_id", "organisation__siret"):
            if siret[:9] in sirens:
                found[user_id].add(sirens[siret[:9]])
    return {user_id: sorted(names) for user_id, names in found.items()}


def judges_of(dossier: Dossier, body: Body, day: date) -> set[UUID]:
    """Everybody whose seat may bring the dossier before them: the consulted colleges', and the COPAREF's."""
    seats = Q(body=body, college__in=dossier.call.colleges)
    coparef = coparef_of(dossier.case.region, day)
    if coparef is not None and dossier.call.coparef == CoparefScope.DOSSIER:
        seats |= Q(body=coparef)
    return set(valid_on(Seat.objects.filter(seats), day).values_list("user_id", flat=True))


def has_declared(dossier: Dossier, user: User) -> bool:
    """Whether the person declared that they have no interest in the dossier."""
    return InterestDeclaration.objects.filter(dossier=dossier, user=user, has_interest=False).exists()


def recused_ids(user: User) -> set[UUID]:
    """The cases that the person was kept out of."""
    return set(Recusal.objects.filter(user=user).values_list("case_id", flat=True))


@dataclass(frozen=True)
class ReviewerChoice:
    """Somebody who could assess a dossier: how much they already have to do, and what stands against it."""

    user: User
    load: int
    expert: bool
    conflicts: list[str]
    recused: bool
    assigned: bool

    @property
    def available(self) -> bool:
        """Whether nothing stands against it."""
        return not (self.conflicts or self.recused or self.assigned)


def reviewer_choices(dossier: Dossier, day: date) -> list[ReviewerChoice]:
    """Experts and seat holders of the CREFOP, the least loaded first; the dossier's own officer is not among them."""
    region = dossier.case.region
    experts = set(
        valid_on(Post.objects.filter(region=region, role=PostRole.EXPERT), day).values_list(
            "user_id", flat=True
        )
    )
    seated = set(
        valid_on(
            Seat.objects.filter(body__region=region, body__kind__in=CONSULTED, voice=Voice.DELIBERATIVE), day
        ).values_list("user_id", flat=True)
    )
    ids = (experts | seated) - {dossier.officer_id}
    pending = Q(assignments__state__in=[AssignmentState.ASSIGNED, AssignmentState.OPEN])
    people = User.objects.filter(pk__in=ids, is_active=True).annotate(
        load=Count("assignments", filter=pending, distinct=True)
    )
    against = conflicts(dossier, ids, day)
    recused = set(Recusal.objects.filter(case=dossier.case_id).values_list("user_id", flat=True))
    assigned = set(Assignment.objects.filter(dossier=dossier).values_list("reviewer_id", flat=True))
    choices = [
        ReviewerChoice(
            user,
            user.load,
            user.pk in experts,
            against.get(user.pk, []),
            user.pk in recused,
            user.pk in assigned,
        )
        for user in people
    ]
    return sorted(choices, key=lambda c: (not c.available, c.load, c.user.last_name, c.user.first_name))
