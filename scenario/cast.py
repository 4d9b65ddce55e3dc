"""Who is in the scenario: a Region installed with its people, posts, bodies, seats and applicants, by the verbs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts import actions
from accounts.models import Body, BodyKind, College, MembershipRole, PostRole, Region, User
from accounts.models import Organisation as OrganisationRow
from calls.reference import REGION_BY_CODE
from scenario import people
from scenario.organisations import Organisation, organisations

#: Short name and accent colour of the two invented Regions, and who presides over them.
REGIONS = {
    "alpha": ("region-alpha", "blue", "Camille Durand"),
    "beta": ("region-beta", "green", "Dominique Payet"),
}

POSTS = {
    people.Role.CASE_OFFICER: PostRole.CASE_OFFICER,
    people.Role.MANAGER: PostRole.MANAGER,
    people.Role.SIGNATORY: PostRole.SIGNATORY,
    people.Role.PAYMENTS: PostRole.PAYMENTS,
    people.Role.PILOT: PostRole.PILOT,
    people.Role.AUDITOR: PostRole.AUDITOR,
    people.Role.EXPERT: PostRole.EXPERT,
}


@dataclass
class Cast:
    """A Region and everybody in it, by what they do."""

    key: str
    region: Region
    posts: dict[PostRole, list[User]] = field(default_factory=dict)
    colleges: dict[str, list[User]] = field(default_factory=dict)
    coparef: dict[str, User] = field(default_factory=dict)
    companies: list[tuple[Organisation, OrganisationRow]] = field(default_factory=list)
    teams: dict[str, list[User]] = field(default_factory=dict)

    def one(self, role: PostRole, number: int = 0) -> User:
        """Somebody who holds that post; numbers go round."""
        holders = self.posts[role]
        return holders[number % len(holders)]

    def seat(self, college: str, number: int = 0) -> User:
        """Somebody who speaks for that college in the commission."""
        holders = self.colleges[college]
        return holders[number % len(holders)]

    def editor(self, organisation: Organisation) -> User:
        """Who prepares the dossiers of an organisation."""
        return self.teams[organisation.key][-1]

    def signer(self, organisation: Organisation) -> User:
        """Who submits and signs for an organisation."""
        return self.teams[organisation.key][0]


def install(key: str, *, now: datetime, applicants: int, since: date) -> Cast:
    """Install one of the two Regions, with its first ``applicants`` organisations, as of ``now``."""
    slug, accent, president = REGIONS[key]
    territory = REGION_BY_CODE[key]
    houses = people.institutions(key)["region"]
    region = actions.create_region(
        by=None,
        now=now,
        code=territory.insee,
        name=territory.label,
        slug=slug,
        siret=houses.siret,
        time_zone=territory.time_zone,
        accent=accent,
        service_name="Direction de la formation professionnelle et de l’orientation",
        service_address=f"{houses.address}\n{houses.postcode} {houses.city}",
        service_email=f"formation@{slug}.example",
        service_phone=houses.phone,
        president=president,
        court=territory.court,
    )
    cast = Cast(key, region)
    accounts: dict[str, User] = {}
    _appoint(cast, accounts, now=now, since=since)
    _seat(cast, accounts, now=now, since=since)
    _declare(cast, accounts, organisations(key)[:applicants], now=now)
    return cast


def account(person: people.Person, known: dict[str, User]) -> User:
    """The account of a person, with a verified address; made once."""
    if person.email not in known:
        user = User.objects.create(
            email=person.email,
            password=_hashed(people.DEMO_PASSWORD),
            first_name=person.first_name,
            last_name=person.last_name,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        known[person.email] = user
    return known[person.email]


@cache
def _hashed(password: str) -> str:
    """The password as it is stored; made once for all, as it is meant to be slow."""
    return make_password(password)


def _appoint(cast: Cast, known: dict[str, User], *, now: datetime, since: date) -> None:
    for person in people.staff(cast.key):
        role = POSTS[person.role]
        user = account(person, known)
        actions.give_post(cast.region, user, role, by=None, now=now, valid_from=since, capacity=person.job)
        cast.posts.setdefault(role, []).append(user)
    if cast.key == "alpha":
        auditor = people.national_auditor()
        actions.give_post(
            None,
            account(auditor, known),
            PostRole.AUDITOR,
            by=None,
            now=now,
            valid_from=since,
            capacity=auditor.job,
        )


def _seat(cast: Cast, known: dict[str, User], *, now: datetime, since: date) -> None:
    bodies: dict[str, Body] = {}
    for kind, label in BodyKind.choices:
        bodies[kind] = actions.create_body(
            by=None,
            now=now,
            region=cast.region,
            kind=kind,
            name=f"{label} – {cast.region.name}",
            valid_from=since,
        )
    for holding in people.seats(cast.key):
        if not holding.college:
            continue  # operators only advise: they have no college, hence no seat that votes
        user = account(holding.person, known)
        actions.give_seat(
            bodies[holding.body],
            user,
            by=None,
            now=now,
            college=holding.college,
            is_alternate=holding.is_alternate,
            capacity=holding.capacity,
            valid_from=since,
        )
        if holding.body == BodyKind.CREFOP_COMMISSION and not holding.is_alternate:
            cast.colleges.setdefault(holding.college, []).append(user)
        if holding.body == BodyKind.COPAREF:
            cast.coparef.setdefault(holding.college, user)
    missing = set(College.values) - set(cast.colleges)
    if missing:
        raise AssertionError(f"Nobody speaks for {missing} in {cast.region}.")


def _declare(cast: Cast, known: dict[str, User], found: Sequence[Organisation], *, now: datetime) -> None:
    teams = people.applicants(cast.key)
    for organisation in found:
        team = teams[organisation.key]
        signer = account(team[0], known)
        row = actions.create_organisation(
            by=signer,
            now=now,
            siret=organisation.siret,
            name=organisation.name,
            legal_form=organisation.legal_form.value,
            rna=organisation.rna,
            capacity=team[0].job,
            address=organisation.address,
            postcode=organisation.postcode,
            city=organisation.city,
            email=organisation.email,
            phone=organisation.phone,
            training_number=organisation.training_number,
            created_on=organisation.created_on,
        )
        cast.companies.append((organisation, row))
        cast.teams[organisation.key] = [signer]
        for helper in team[1:]:
            user = account(helper, known)
            asked = actions.ask_to_join(
                row, by=user, now=now, role=MembershipRole.EDITOR, capacity=helper.job
            )
            actions.approve_membership(asked, by=signer, now=now)
            cast.teams[organisation.key].append(user)
    rows = {organisation.key: row for organisation, row in cast.companies}
    for person, organisation in people.conflicts(cast.key):
        if organisation.key in rows:
            user = account(person, known)
            mandate = actions.ask_to_join(rows[organisation.key], by=user, now=now, capacity="Administrateur")
            actions.approve_membership(mandate, by=cast.signer(organisation), now=now)


def shuffled(rng: random.Random, cast: Cast) -> list[tuple[Organisation, OrganisationRow]]:
    """The applicants in an order of chance, always the same for the same generator."""
    found = list(cast.companies)
    rng.shuffle(found)
    return found
