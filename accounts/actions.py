"""Verbs about people and organisations. They belong to no case, so their record is the append-only account log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actors import actor_for, organisation_audience
from accounts.identifiers import normalise_rna, normalise_siret
from accounts.models import (
    AccountEvent,
    Body,
    Membership,
    MembershipRole,
    Organisation,
    Post,
    Region,
    Seat,
    User,
)
from accounts.notices import Notice, tell
from accounts.queries import audience_members
from accounts.rules import may

#: Where memberships are decided on and seen.
PROFILE = "/profile/"


@contextmanager
def recorded(
    verb: str, *, by: User | None, now: datetime
) -> Iterator[list[tuple[models.Model, Mapping[str, Any]]]]:
    """One durable transaction, open to writes, whose touched rows are listed by the body and written to the log."""
    touched: list[tuple[models.Model, Mapping[str, Any]]] = []
    try:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('quadrige.verb', %s, true)", [verb])
            yield touched
            AccountEvent.objects.bulk_create(
                AccountEvent(
                    at=now,
                    actor=by,
                    verb=verb,
                    object_type=row._meta.label_lower,
                    object_id=str(row.pk),
                    data=dict(data),
                )
                for row, data in touched
            )
    finally:
        if connection.in_atomic_block and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('quadrige.verb', '', true)")


def create_region(*, by: User | None, now: datetime, **fields: Any) -> Region:
    """Install a Region."""
    with recorded("accounts.create_region", by=by, now=now) as touched:
        region = Region.objects.create(**fields)
        touched.append((region, {"code": region.code, "name": region.name}))
    return region


def create_body(*, by: User | None, now: datetime, **fields: Any) -> Body:
    """Install a body of a Region."""
    with recorded("accounts.create_body", by=by, now=now) as touched:
        body = Body.objects.create(**fields)
        touched.append((body, {"kind": body.kind, "name": body.name}))
    return body


def give_seat(body: Body, user: User, *, by: User | None, now: datetime, **fields: Any) -> Seat:
    """Appoint a person to a seat of a body, for a college."""
    with recorded("accounts.give_seat", by=by, now=now) as touched:
        seat = Seat.objects.create(body=body, user=user, **fields)
        touched.append((seat, {"body": body.name, "user": user.email, "college": seat.college}))
    return seat


def give_post(
    region: Region | None, user: User, role: str, *, by: User | None, now: datetime, **fields: Any
) -> Post:
    """Appoint a person to a post of a Region (an auditor's may be national)."""
    with recorded("accounts.give_post", by=by, now=now) as touched:
        post = Post.objects.create(region=region, user=user, role=role, **fields)
        touched.append((post, {"region": region.code if region else "", "user": user.email, "role": role}))
    return post


def end_right(row: Post | Seat | Membership, *, last_day: date, by: User | None, now: datetime) -> None:
    """End a post, a seat or a membership; the next request of the person is refused accordingly (P29)."""
    with recorded("accounts.end_right", by=by, now=now) as touched:
        row.valid_to = max(last_day, row.valid_from)
        row.save(update_fields=["valid_to"])
        touched.append((row, {"valid_to": row.valid_to.isoformat()}))


def create_organisation(
    *,
    by: User,
    now: datetime,
    siret: str,
    name: str,
    legal_form: str,
    rna: str = "",
    capacity: str = "",
    **fields: Any,
) -> Organisation:
    """Make an organisation known by its SIRET; who declares it becomes its first signatory.

    Raises ValidationError, by field, for a wrong number or an organisation already known.
    """
    siret, rna = normalise_siret(siret), normalise_rna(rna) if rna else ""
    if Organisation.objects.filter(siret=siret).exists():
        raise ValidationError({"siret": _("This organisation is already known: ask to join it.")})
    with recorded("accounts.create_organisation", by=by, now=now) as touched:
        organisation = Organisation(siret=siret, name=name, legal_form=legal_form, rna=rna, **fields)
        organisation.full_clean()
        organisation.save(force_insert=True)
        membership = Membership.objects.create(
            user=by,
            organisation=organisation,
            role=MembershipRole.SIGNATORY,
            capacity=capacity,
            valid_from=now.date(),
            approved_at=now,
            approved_by=by,
        )
        touched.append((organisation, {"siret": siret, "name": name}))
        touched.append((membership, {"user": by.email, "role": membership.role}))
    return organisation


def ask_to_join(
    organisation: Organisation,
    *,
    by: User,
    now: datetime,
    role: str = MembershipRole.EDITOR,
    capacity: str = "",
) -> Membership:
    """Ask to act for an organisation; nothing is granted until one of its signatories approves.

    Raises ValidationError when the person already belongs to it or has already asked.
    """
    if Membership.objects.filter(user=by, organisation=organisation, valid_to__isnull=True).exists():
        raise ValidationError(
            {"siret": _("You already belong to this organisation, or have asked to join it.")}
        )
    with recorded("accounts.ask_to_join", by=by, now=now) as touched:
        membership = Membership.objects.create(
            user=by, organisation=organisation, role=role, capacity=capacity, valid_from=now.date()
        )
        touched.append((membership, {"user": by.email, "siret": organisation.siret, "role": role}))
        signatories = organisation_audience(organisation.pk, MembershipRole.SIGNATORY)
        _tell(
            audience_members(signatories, now.date()),
            gettext_lazy("%(who)s asks to join %(name)s"),
            gettext_lazy(
                "%(who)s asks to act for your organisation. Accept or refuse the request on your profile page."
            ),
            membership,
            who=by,
            now=now,
        )
    return membership


def approve_membership(membership: Membership, *, by: User, now: datetime, role: str = "") -> Membership:
    """Let a person act for the organisation, in the role asked for or in ``role``.

    Raises PermissionError when ``by`` may not sign for it.
    """
    if not may(actor_for(by, now.date()), "accounts.approve_membership", membership):
        raise PermissionError("accounts.approve_membership")
    with recorded("accounts.approve_membership", by=by, now=now) as touched:
        membership.approved_at, membership.approved_by = now, by
        membership.role = MembershipRole(role or membership.role)
        membership.save(update_fields=["approved_at", "approved_by", "role"])
        touched.append((membership, {"user": membership.user.email, "role": membership.role}))
        _tell(
            [membership.user],
            gettext_lazy("You can now act for %(name)s"),
            gettext_lazy("%(who)s has accepted your request. Sign in to begin or follow dossiers."),
            membership,
            who=by,
            now=now,
        )
    return membership


def decline_membership(membership: Membership, *, by: User, now: datetime) -> Membership:
    """Turn a request down, or end a membership, at once: the person's next request is refused (P29).

    Signatories decide for others; anybody may leave. Raises PermissionError for anybody else, ValidationError for the last
    signatory, without whom nobody could act for the organisation any more.
    """
    if membership.user_id != by.pk and not may(
        actor_for(by, now.date()), "accounts.approve_membership", membership
    ):
        raise PermissionError("accounts.decline_membership")
    signatories = Membership.objects.filter(
        organisation=membership.organisation,
        role=MembershipRole.SIGNATORY,
        approved_at__isnull=False,
        valid_to__isnull=True,
    )
    if membership.approved_at and not signatories.exclude(pk=membership.pk).exists():
        raise ValidationError(_("This is the organisation's last signatory: appoint another one first."))
    with recorded("accounts.decline_membership", by=by, now=now) as touched:
        membership.valid_to = max(now.date() - timedelta(days=1), membership.valid_from)
        membership.approved_at = None  # one that began today would last until midnight
        membership.save(update_fields=["valid_to", "approved_at"])
        touched.append(
            (membership, {"user": membership.user.email, "valid_to": membership.valid_to.isoformat()})
        )
        if membership.user_id != by.pk:
            _tell(
                [membership.user],
                gettext_lazy("You do not act for %(name)s"),
                gettext_lazy("%(who)s has turned your request down, or ended your membership."),
                membership,
                who=by,
                now=now,
            )
    return membership


def _tell(
    people: Iterable[User], subject: Any, body: Any, membership: Membership, *, who: User, now: datetime
) -> None:
    """Leave a notice to each person in their language, inside the verb's transaction."""
    names = {"who": who, "name": membership.organisation.name}
    notices = []
    for person in people:
        with override(person.language):
            notices.append(Notice(person, "membership", str(subject) % names, str(body) % names, PROFILE))
    tell(notices, now=now)


def update_profile(
    user: User, *, by: User, now: datetime, first_name: str, last_name: str, language: str
) -> User:
    """Change one's own name and language. Raises PermissionError for anybody else's, ValidationError by field."""
    if user.pk != by.pk:
        raise PermissionError("accounts.update_profile")
    user.first_name, user.last_name, user.language = first_name.strip(), last_name.strip(), language
    user.full_clean(exclude=["password"])
    with recorded("accounts.update_profile", by=by, now=now) as touched:
        user.save(update_fields=["first_name", "last_name", "language"])
        touched.append((user, {"name": user.get_full_name(), "language": language}))
    return user


def update_organisation(
    organisation: Organisation, *, by: User, now: datetime, **fields: Any
) -> Organisation:
    """Correct what letters and contracts say of an organisation; its SIRET never changes.

    Raises PermissionError when ``by`` may not sign for it, ValidationError by field.
    """
    if not actor_for(by, now.date()).may_sign(organisation.pk):
        raise PermissionError("accounts.update_organisation")
    for name in fields.keys() - {"siret", "id"}:
        setattr(organisation, name, fields[name])
    organisation.full_clean()
    with recorded("accounts.update_organisation", by=by, now=now) as touched:
        organisation.save()
        touched.append((organisation, {name: str(value or "") for name, value in fields.items()}))
    return organisation
