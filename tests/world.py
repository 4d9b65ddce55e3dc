"""A small Region with everybody in it, made by the verbs. Tests take their people from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db import connection, transaction

from accounts import actions as accounts
from accounts.models import Body, BodyKind, College, Organisation, PostRole, Region, User
from workflows.models import Notification, OutboxJob

#: The instant at which tests begin, on a working day.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SINCE = date(2019, 1, 1)
PASSWORD = "correct-horse-battery"

SIRET = {"applicant": "73282932000074", "other": "35600000000048", "partner": "55210055400013"}


def person(first: str, last: str, *, domain: str = "region-alpha.example") -> User:
    """A person who can sign in with PASSWORD and a verified address."""
    user = User.objects.create_user(
        f"{first}.{last}@{domain}".lower(), PASSWORD, first_name=first, last_name=last
    )
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@dataclass
class World:
    """One Region, its people by role, its bodies by kind, its organisations by name."""

    region: Region
    people: dict[str, User] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError as error:
            raise AttributeError(name) from error


POSTS = {
    "officer": PostRole.CASE_OFFICER,
    "officer2": PostRole.CASE_OFFICER,
    "manager": PostRole.MANAGER,
    "manager2": PostRole.MANAGER,
    "signatory": PostRole.SIGNATORY,
    "payer": PostRole.PAYMENTS,
    "pilot": PostRole.PILOT,
    "expert": PostRole.EXPERT,
    "expert2": PostRole.EXPERT,
    "auditor": PostRole.AUDITOR,
}


def make_region(code: str, name: str, slug: str) -> Region:
    """A Region with all that its letters need."""
    return accounts.create_region(
        by=None,
        now=NOW,
        code=code,
        name=name,
        slug=slug,
        siret="20005374200017",
        service_name="Direction de la formation professionnelle",
        service_address="1 place de la Région\n69000 Alphaville",
        service_email=f"formation@{slug}.example",
        service_phone="04 00 00 00 00",
        president="Camille Durand",
        court="tribunal administratif d'Alphaville",
    )


def make_world(code: str = "84", name: str = "Région Alpha", slug: str = "region-alpha") -> World:
    """Build the Region: posts, CREFOP and COPAREF with both colleges, two organisations with their people."""
    world = World(make_region(code, name, slug))
    domain = f"{slug}.example"
    for key, role in POSTS.items():
        world.people[key] = person(key.capitalize(), "Staff", domain=domain)
        accounts.give_post(world.region, world.people[key], role, by=None, now=NOW, valid_from=SINCE)
    for kind, label in BodyKind.choices:
        world.bodies[kind] = accounts.create_body(
            by=None, now=NOW, region=world.region, kind=kind, name=f"{label} {name}", valid_from=SINCE
        )
    for college in College.values:
        user = world.people[college] = person(college.capitalize(), "Seat", domain=domain)
        for kind in (BodyKind.CREFOP_BUREAU, BodyKind.CREFOP_COMMISSION):
            accounts.give_seat(world.bodies[kind], user, by=None, now=NOW, college=college, valid_from=SINCE)
    for college in (College.EMPLOYERS, College.UNIONS):
        user = world.people[f"coparef_{college}"] = person("Coparef", college.capitalize(), domain=domain)
        accounts.give_seat(
            world.bodies[BodyKind.COPAREF], user, by=None, now=NOW, college=college, valid_from=SINCE
        )
    for key, siret in (("applicant", SIRET["applicant"]), ("other", SIRET["other"])):
        if Organisation.objects.filter(siret=siret).exists():
            continue
        owner = world.people[key] = person(key.capitalize(), "Signatory", domain=f"{key}-{slug}.example")
        world.organisations[key] = accounts.create_organisation(
            by=owner,
            now=NOW,
            siret=siret,
            name=f"Association {key}",
            legal_form="association",
            rna="W751515517",
            capacity="Présidente",
            address="2 rue des Essais",
            postcode="69000",
            city="Alphaville",
        )
        editor = world.people[f"{key}_editor"] = person(
            key.capitalize(), "Editor", domain=f"{key}-{slug}.example"
        )
        accounts.approve_membership(
            accounts.ask_to_join(world.organisations[key], by=editor, now=NOW), by=owner, now=NOW
        )
    forget_notices()
    return world


def forget_notices() -> None:
    """A world begins with nobody told anything yet, and nothing owed: what made it is not what a test looks at."""
    OutboxJob.objects.filter(case__isnull=True).delete()
    Notification.objects.filter(case__isnull=True).delete()


class opened:
    """Open the database to writes, as a verb would."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('quadrige.verb', 'test', true)")

    def __exit__(self, *args: object) -> None:
        if args[0] is None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('quadrige.verb', '', true)")
        self.atomic.__exit__(*args)
