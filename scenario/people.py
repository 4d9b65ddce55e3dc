"""Invented people of every role: applicants, staff of the Region, holders of seats, experts and auditors.

Deterministic, like the organisations. Addresses end in ``.example``: no mail can reach anybody.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from scenario.organisations import SEED, Organisation, institutions, organisations, slug

DEMO_PASSWORD = "quadrige-demo-2026"  # noqa: S105 - printed by `make demo`, never used outside of it
"""The one password of the demonstration. For the demonstration only: no other installation loads these "
"people."""

NATIONAL = "national"
"""The region of a person who belongs to none."""


class Role(StrEnum):
    """What somebody mainly is in the scenario; posts and seats say the rest."""

    APPLICANT = "applicant"
    CASE_OFFICER = "case_officer"
    MANAGER = "manager"
    SIGNATORY = "signatory"
    PAYMENTS = "payments"
    PILOT = "pilot"
    AUDITOR = "auditor"
    NATIONAL_AUDITOR = "national_auditor"
    EXPERT = "expert"
    REVIEWER = "reviewer"
    MEMBER = "member"
    ELECTED = "elected"


STAFF_ROLES = frozenset(
    {Role.CASE_OFFICER, Role.MANAGER, Role.SIGNATORY, Role.PAYMENTS, Role.PILOT, Role.AUDITOR, Role.EXPERT}
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account.

    ``organisation`` is the key of an ``Organisation`` that employs or is represented by the person;
    ``can_sign`` tells an applicant who may bind the organisation from one who only prepares.
    """

    email: str
    title: str
    first_name: str
    last_name: str
    role: Role
    region: str
    job: str
    organisation: str = ""
    can_sign: bool = False

    @property
    def full_name(self) -> str:
        """First name and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class SeatHolding:
    """A person in a body: ``body`` and ``college`` as the models name them, ``college`` empty for "
    "operators."""

    body: str
    college: str
    person: Person
    organisation: str
    capacity: str
    is_alternate: bool = False
    deliberative: bool = True


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


_WOMEN = _names(
    "Amina, Brigitte, Camille, Delphine, Élodie, Fatoumata, Gaëlle, Hélène, Inès, Joséphine, Karima, "
    "Léa, Maëlys, Nathalie, Océane, Pascale, Rokhaya, Sandrine, Thi Mai, Valérie, Yasmine, Zoé, Agnès, "
    "Chloé, Dominique, Françoise, Isabelle, Lucie, Mireille, Sophie"
)
_MEN = _names(
    "Adrien, Bakary, Cédric, Didier, Étienne, Farid, Guillaume, Hugo, Ismaël, Jérôme, Kévin, Loïc, "
    "Mathieu, Nicolas, Olivier, Patrice, Rachid, Stéphane, Thierry, Vincent, Yann, Antoine, Benoît, "
    "Christophe, Frédéric, Jean-Luc, Karim, Laurent, Marc, Sylvain"
)
_LAST = _names(
    "Abadie, Arnoult, Aubrac, Barbet, Belkacem, Benoist, Besson, Bonnefoy, Bouvard, Brossard, Caillaud, "
    "Camara, Castagnier, Chabrol, Charpentier, Coulibaly, Courtin, Dacosta, Delaunay, Delmas, "
    "Desmoulins, Diallo, Dos Santos, Drouet, Dujardin, Esnault, Fauvel, Ferrandi, Fontanel, Gaillard, "
    "Garnier, Gauthier, Girardin, Godard, Granger, Guérin, Haddad, Hamon, Imbert, Jacquemin, Joubert, "
    "Kerleau, Lachenal, Lagarde, Lambert, Langlois, Le Goff, Lemaire, Lenoir, Loiseau, Maillard, "
    "Marchetti, Marsault, Mercadier, Meunier, Monnier, Moreau, Nguyen, Ollivier, Pascalin, Pelletier, "
    "Perrault, Pichon, Poirier, Prévost, Quentin, Rabier, Renaudin, Ribeiro, Rivoire, Roussel, "
    "Sabatier, Sauvageot, Simonet, Tardieu, Tessier, Thibaud, Traoré, Vallet, Vasseur, Vaugelade, "
    "Vidalin, Voisin, Weber, Ximenes, Yvon, Zampieri, Zerbib"
)


class _Register:
    """Hands out people with distinct names and addresses."""

    def __init__(self, rng: random.Random, region: str) -> None:
        self._rng = rng
        self._region = region
        self._names: set[tuple[str, str]] = set()

    def person(
        self, role: Role, job: str, domain: str, organisation: str = "", *, can_sign: bool = False
    ) -> Person:
        """A new person, woman or man in equal chances; ``job`` is « her word|his word » where they differ."""
        while True:
            woman = self._rng.random() < 0.5
            first, last = self._rng.choice(_WOMEN if woman else _MEN), self._rng.choice(_LAST)
            if (first, last) not in self._names:
                break
        self._names.add((first, last))
        return Person(
            email=f"{slug(first)}.{slug(last)}@{domain}",
            title="Mme" if woman else "M.",
            first_name=first,
            last_name=last,
            role=role,
            region=self._region,
            job=job.split("|")[0 if woman else -1],
            organisation=organisation,
            can_sign=can_sign,
        )


_STAFF = {
    "alpha": (
        (Role.CASE_OFFICER, 3, "Chargée d'instruction|Chargé d'instruction"),
        (Role.MANAGER, 2, "Cheffe du service des appels à projets|Chef du service des appels à projets"),
        (Role.SIGNATORY, 1, "Vice-présidente|Vice-président"),
        (Role.PAYMENTS, 2, "Gestionnaire financier"),
        (Role.PILOT, 1, "Cheffe de projet du Pacte|Chef de projet du Pacte"),
        (Role.AUDITOR, 1, "Auditrice interne|Auditeur interne"),
    ),
    "beta": (
        (Role.CASE_OFFICER, 2, "Chargée d'instruction|Chargé d'instruction"),
        (Role.MANAGER, 1, "Cheffe du service des appels à projets|Chef du service des appels à projets"),
        (Role.SIGNATORY, 1, "Vice-présidente|Vice-président"),
        (Role.PAYMENTS, 1, "Gestionnaire financier"),
        (Role.PILOT, 1, "Cheffe de projet du Pacte|Chef de projet du Pacte"),
        (Role.AUDITOR, 1, "Auditrice interne|Auditeur interne"),
    ),
}


def _register(region: str, part: str) -> _Register:
    return _Register(random.Random(f"{SEED}:{region}:{part}"), region)  # noqa: S311 - reproducible


@cache
def staff(region: str = "alpha") -> tuple[Person, ...]:
    """The Region's posts: case officers, managers, signatory, payments officers, pilot, auditor; and "
    "experts."""
    register = _register(region, "staff")
    domain = institutions(region)["region"].domain
    key = institutions(region)["region"].key
    people = [
        register.person(role, job, domain, key) for role, count, job in _STAFF[region] for _ in range(count)
    ]
    experts = (
        ("Experte en ingénierie pédagogique|Expert en ingénierie pédagogique", "pedagogie"),
        ("Experte en insertion|Expert en insertion", "insertion"),
        ("Experte en économie de la formation|Expert en économie de la formation", "economie"),
    )
    people += [register.person(Role.EXPERT, job, f"expertise-{name}.example") for job, name in experts]
    return tuple(people)


@cache
def national_auditor() -> Person:
    """The auditor who crosses the Regions."""
    return _register(NATIONAL, "audit").person(
        Role.NATIONAL_AUDITOR,
        "Auditrice nationale des Pactes|Auditeur national des Pactes",
        "audit-national.example",
    )


@cache
def applicants(region: str = "alpha") -> dict[str, tuple[Person, ...]]:
    """By organisation key: who may sign for it, first, then who prepares its dossiers (one of them for "
    "small ones)."""
    register = _register(region, "applicants")
    return {organisation.key: _team(register, organisation) for organisation in organisations(region)}


_HEADS = {
    "association": "Présidente|Président",
    "company": "Dirigeante|Dirigeant",
    "chamber": "Présidente|Président",
    "authority": "Présidente|Président",
    "university": "Directrice du service|Directeur du service",
}


def _team(register: _Register, organisation: Organisation) -> tuple[Person, ...]:
    head = _HEADS.get(organisation.kind, "Directrice|Directeur")
    signatory = register.person(Role.APPLICANT, head, organisation.domain, organisation.key, can_sign=True)
    helpers = ("Responsable de projets", "Assistante administrative|Assistant administratif")[
        : 1 + (organisation.staff > 30)
    ]
    return (
        signatory,
        *(register.person(Role.APPLICANT, job, organisation.domain, organisation.key) for job in helpers),
    )


@dataclass(frozen=True, slots=True)
class _Bench:
    """Seats of one college in one body: which institutions, whether each has an alternate."""

    body: str
    college: str
    institutions: tuple[str, ...]
    alternates: bool = True
    deliberative: bool = True


_UNIONS = tuple(f"union-{n}" for n in range(1, 6))
_EMPLOYERS = tuple(f"employers-{n}" for n in range(1, 4))

_BENCHES = {
    "alpha": (
        # C. trav. R6123-3-10: 4 + 4 + one per representative organisation.
        _Bench("crefop_bureau", "state", ("prefecture", "dreets", "rectorat", "draaf")),
        _Bench("crefop_bureau", "region", ("region",) * 4),
        _Bench("crefop_bureau", "employers", _EMPLOYERS),
        _Bench("crefop_bureau", "unions", _UNIONS),
        # The commission that reviews the dossiers.
        _Bench("crefop_commission", "state", ("dreets", "dreets", "rectorat", "justice")),
        _Bench("crefop_commission", "region", ("region",) * 4),
        _Bench("crefop_commission", "employers", (*_EMPLOYERS, "employers-4")),
        _Bench("crefop_commission", "unions", ("union-1", "union-2", "union-3", "union-5")),
        _Bench("crefop_commission", "", ("operator-1", "operator-4"), alternates=False, deliberative=False),
        # C. trav. R6123-6 (2014): ten and ten.
        _Bench("coparef", "employers", ("employers-1",) * 6 + ("employers-2",) * 3 + ("employers-3",), False),
        _Bench("coparef", "unions", _UNIONS * 2, False),
        _Bench("selection_committee", "state", ("dreets", "prefecture"), False),
        _Bench("selection_committee", "region", ("region",) * 3, False),
        _Bench("commission_permanente", "region", ("region",) * 7, False),
    ),
    "beta": (
        # Overseas (C. trav. R6523-21): 3 + 3 + 2 + 2.
        _Bench("crefop_bureau", "state", ("prefecture", "dreets", "rectorat"), False),
        _Bench("crefop_bureau", "region", ("region",) * 3, False),
        _Bench("crefop_bureau", "employers", _EMPLOYERS[:2], False),
        _Bench("crefop_bureau", "unions", _UNIONS[:2], False),
        _Bench("crefop_commission", "state", ("dreets",)),
        _Bench("crefop_commission", "region", ("region",)),
        _Bench("crefop_commission", "employers", ("employers-1",)),
        _Bench("crefop_commission", "unions", ("union-1",)),
        _Bench("coparef", "employers", (*_EMPLOYERS, "employers-4"), False),
        _Bench("coparef", "unions", _UNIONS[:4], False),
        _Bench("selection_committee", "region", ("region",) * 2, False),
        _Bench("commission_permanente", "region", ("region",) * 3, False),
    ),
}

_ELECTED_BODIES = frozenset({"commission_permanente"})
_REVIEWING_BODIES = frozenset({"crefop_commission"})


@cache
def seats(region: str = "alpha") -> tuple[SeatHolding, ...]:
    """Who sits where. A person holds one seat in a body; nobody sits in two bodies.

    No member of the Region's staff holds a seat: the officer in charge and the signatory never speak for the
    Region's college. ``conflicts`` names the reviewers who also hold a mandate in an applicant organisation.
    """
    register = _register(region, "seats")
    found = [seat for bench in _BENCHES[region] for seat in _fill(register, region, bench)]
    return tuple(found)


def _fill(register: _Register, region: str, bench: _Bench) -> Iterable[SeatHolding]:
    bodies = institutions(region)
    if bench.body in _ELECTED_BODIES:
        role, job = Role.ELECTED, "Conseillère régionale|Conseiller régional"
    elif bench.body in _REVIEWING_BODIES:
        role, job = Role.REVIEWER, "Membre de la commission du CREFOP"
    else:
        role, job = Role.MEMBER, "Représentante|Représentant"
    for key in bench.institutions:
        employer = bodies[key]
        for alternate in (False, True) if bench.alternates else (False,):
            person = register.person(role, job, employer.domain, employer.key)
            yield SeatHolding(
                body=bench.body,
                college=bench.college,
                person=person,
                organisation=employer.key,
                capacity=f"{employer.name}, {'suppléance' if alternate else 'titulaire'}",
                is_alternate=alternate,
                deliberative=bench.deliberative,
            )


def conflicts(region: str = "alpha") -> tuple[tuple[Person, Organisation], ...]:
    """Reviewers who also hold a mandate in an applicant organisation, for the scenario to declare or "
    "detect."""
    reviewers = [
        seat.person
        for seat in seats(region)
        if seat.body == "crefop_commission"
        and seat.college in {"employers", "unions"}
        and not seat.is_alternate
    ]
    mandates = [o for o in organisations(region) if o.kind in {"company", "chamber"}]
    return tuple(zip(reviewers[::4], mandates, strict=False))


@cache
def everybody(region: str = "alpha") -> tuple[Person, ...]:
    """All the people of ``region``, each once, the national auditor left out."""
    teams = [person for team in applicants(region).values() for person in team]
    return tuple(dict.fromkeys([*staff(region), *(seat.person for seat in seats(region)), *teams]))


def representative(organisation: Organisation) -> Person:
    """Who may bind an applicant organisation.

    :raises KeyError: for an institution, which applies to nothing.
    """
    return applicants(organisation.region)[organisation.key][0]


def demo_people() -> list[tuple[str, str, str]]:
    """Whom one can be in the demonstration: (address, role, note), one of each kind."""
    by_role = {role: [p for p in staff("alpha") if p.role is role] for role in STAFF_ROLES}
    first_organisation = next(o for o in organisations("alpha") if o.kind == "association")
    team = applicants("alpha")[first_organisation.key]
    rows: list[tuple[Person, str, str]] = [
        (team[1], "Porteur de projet", f"prépare les dossiers de {first_organisation.name}"),
        (team[0], "Porteur de projet", f"dépose et signe pour {first_organisation.name}"),
        (by_role[Role.CASE_OFFICER][0], "Instruction", "complétude, recevabilité, courriers"),
        (by_role[Role.MANAGER][0], "Responsable de service", "valide, publie, déclare éligible"),
        (by_role[Role.SIGNATORY][0], "Signature", "signe les conventions pour la Région"),
        (by_role[Role.PAYMENTS][0], "Paiements", "propose et enregistre les versements"),
        (by_role[Role.PILOT][0], "Pilotage du Pacte", "prépare les appels, suit les chiffres"),
        (by_role[Role.EXPERT][0], "Expertise", "évalue sans siéger"),
    ]
    colleges = {"state": "État", "region": "Région", "employers": "Employeurs", "unions": "Syndicats"}
    for college, label in colleges.items():
        seat = next(s for s in seats("alpha") if s.body == "crefop_commission" and s.college == college)
        rows.append((seat.person, f"Collège {label}", "évalue, rend l'avis du collège"))
    coparef = next(s for s in seats("alpha") if s.body == "coparef")
    rows += [
        (coparef.person, "COPAREF", "rend l'avis motivé"),
        (
            by_role[Role.AUDITOR][0],
            "Audit",
            "lit toute la Région Alpha, ne change rien",
        ),
        (national_auditor(), "Audit national", "lit toutes les Régions"),
        (staff("beta")[0], "Instruction", "une autre Région : Région Bêta"),
    ]
    return [(person.email, role, note) for person, role, note in rows]
