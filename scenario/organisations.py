"""Invented organisations of the training sector, with valid identifiers.

Everything is drawn from a seeded generator: the same region and seed give the same organisations, whatever
the machine. No name is that of a real body; the places that names are built on do not exist. E-mail addresses
use the reserved domain ``.example`` and telephone numbers the range kept for fiction.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from stdnum import luhn

from calls.reference import CATEGORY_BY_CODE, REGION_BY_CODE, Commune, Departement, Family

SEED = 2019

COUNTS = {"alpha": 80, "beta": 10}
"""How many applicants each Region has."""

LA_POSTE = "356000000"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A legal person at one of its establishments.

    ``key`` names it in the scenario; ``legal_form`` is the family of ``legal_category``; ``turnover`` is its
    yearly budget in euros; ``training_number`` its declaration of activity (NDA), if it trains anybody;
    ``quality_number`` its Qualiopi certificate; ``tags`` mark the awkward cases.
    """

    key: str
    region: str
    name: str
    kind: str
    legal_category: str
    siret: str
    rna: str
    ape: str
    address: str
    postcode: str
    city: str
    commune: str
    departement: str
    phone: str
    domain: str
    created_on: date
    staff: int
    turnover: Decimal
    iban: str
    training_number: str = ""
    quality_number: str = ""
    vat_recovered: bool = False
    tags: frozenset[str] = field(default=frozenset())

    @property
    def siren(self) -> str:
        """The legal person's nine digits."""
        return self.siret[:9]

    @property
    def legal_form(self) -> Family:
        """The family of its legal category."""
        return CATEGORY_BY_CODE[self.legal_category].family

    @property
    def legal_label(self) -> str:
        """Its legal category in words."""
        return CATEGORY_BY_CODE[self.legal_category].label

    @property
    def email(self) -> str:
        """Its general address."""
        return f"contact@{self.domain}"


def slug(text: str, limit: int = 30) -> str:
    """``text`` in lower-case ASCII letters, digits and hyphens, at most ``limit`` characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return "-".join(words)[:limit].strip("-")


def siret(rng: random.Random, siren: str = "") -> str:
    """A SIRET with its Luhn keys, under ``siren`` or a new one."""
    siren = siren or _with_key(str(rng.randint(3, 9)) + _digits(rng, 7))
    return _with_key(siren + "000" + str(rng.randint(1, 9)))


def siret_of_la_poste(rng: random.Random) -> str:
    """A SIRET that only La Poste's own rule accepts: a sum of digits that five divides, no Luhn key."""
    while True:
        number = LA_POSTE + _digits(rng, 5)
        if sum(map(int, number)) % 5 == 0 and not luhn.is_valid(number):
            return number


def rna(rng: random.Random, departement: str, *, letter: bool = False) -> str:
    """An RNA number: W, three characters for the registry, six digits; overseas and Corsica have a letter."""
    if letter:
        registry = "9R" if departement.startswith("97") else rng.choice(("2A", "2B"))
        return f"W{registry}{rng.randint(1, 9)}{_digits(rng, 6)}"
    return f"W{departement[:2]}{rng.randint(1, 4)}{_digits(rng, 6)}"


def iban(rng: random.Random) -> str:
    """A French IBAN with its two keys, at a bank code that no bank has."""
    bank, branch, account = "99999", _digits(rng, 5), _digits(rng, 11)
    rib_key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    bban = f"{bank}{branch}{account}{rib_key:02d}"
    return f"FR{98 - int(bban + '152700') % 97:02d}{bban}"


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _with_key(number: str) -> str:
    return number + luhn.calc_check_digit(number)


_PLACES = (
    "Val d'Orsène",
    "Haute-Sorelle",
    "Trois-Moulins",
    "Plateau de Trévigne",
    "Vallée de l'Aubrelle",
    "Marches d'Arvane",
    "Bords de Lume",
    "Forêt de Tersanne",
    "Coteaux de Mirande-Basse",
    "Grand-Étang",
    "Pays de Corvielle",
    "Deux-Rives",
    "Clairval",
    "Sept-Fontaines",
    "Basse-Valorne",
    "Plaine d'Ossac",
)

_PLACES_OVERSEAS = ("Ravine-Blanche-Haute", "Piton des Vacoas", "Pointe aux Filaos", "Hauts de Bel-Azur")

_ASSOCIATION_NAMES = (
    "Passerelle {place}",
    "Tremplin pour tous {place}",
    "Les Ateliers du Chemin ({place})",
    "Savoirs en partage {place}",
    "Cap Étincelle {place}",
    "Mosaïque Insertion {place}",
    "La Fabrique des Possibles ({place})",
    "Le Fil d'Ariane Formation ({place})",
    "Horizon Compétences {place}",
    "L'Escale des apprentissages ({place})",
    "Entraide et Métiers {place}",
    "Clés en main {place}",
    "Agir et Apprendre {place}",
    "Les Compagnons du Geste ({place})",
    "Second Souffle {place}",
    "École de la seconde marche ({place})",
    "Mots et Métiers {place}",
    "La Ruche des talents ({place})",
)

_COMPANY_NAMES = (
    "Novaléa Formation",
    "Atelier 47 Compétences",
    "Kairos Pédagogie",
    "Maestria Conseil et Formation",
    "Digiscop Apprentissages",
    "Trajectoires Plurielles",
    "Form'Action Sorelle",
    "Altéris Métiers",
    "Bleu Cobalt Learning",
    "Geste Juste",
    "Pédagolab Arvane",
    "Sillage Développement",
    "Corvielle Industrie Formation",
    "Orsène Numérique",
    "Mains Vertes Formation",
    "Logistia Campus",
    "Tersanne Bâti Formation",
    "Silver Savoir-faire",
    "Alternances Nouvelles",
    "Cuisine & Compétences",
    "Rail et Route Formation",
    "Éco-Gestes Conseil",
    "Le Labo des formateurs",
    "Immersia Simulation",
)

_PUBLIC_NAMES = (
    ("greta", "7331", "GRETA {place}"),
    ("lycee", "7331", "Lycée professionnel Aurore-Delmas ({place})"),
    ("lycee", "7331", "Lycée des métiers de l'habitat ({place})"),
    ("lycee_agricole", "7331", "Établissement d'enseignement agricole {place}"),
    ("national_operator", "4110", "Centre public de formation des adultes {place}"),
    ("chamber", "7381", "Chambre de métiers et de l'artisanat {place}"),
    ("chamber", "7381", "Chambre de commerce et d'industrie {place}"),
    ("university", "7383", "Service de formation continue de l'Université {place}"),
    ("gip", "7410", "GIP Formation et Insertion {place}"),
)

_AUTHORITY_NAMES = (
    ("7346", "Communauté de communes {place}"),
    ("7348", "Communauté d'agglomération {place}"),
    ("7355", "Syndicat mixte de développement {place}"),
    ("7361", "Centre communal d'action sociale {place}"),
)

_STREETS = (
    "rue des Tanneurs",
    "avenue de la Gare",
    "rue Jeanne-Labourbe",
    "allée des Peupliers",
    "boulevard du Maréchal-Ferrant",
    "rue de l'Écluse",
    "place du Marché-Couvert",
    "chemin des Vignes-Rouges",
    "rue du Moulin-à-Tan",
    "avenue des Droits-de-l'Homme",
    "rue Simone-Iff",
    "impasse des Charrons",
)

_INSTITUTIONS = (
    # key, college or side, legal category, name
    ("region", "region", "7230", "{region}"),
    ("prefecture", "state", "7171", "Préfecture de la {region}"),
    ("dreets", "state", "7171", "DREETS {region}"),
    ("rectorat", "state", "7171", "Rectorat de la {region}"),
    ("draaf", "state", "7171", "DRAAF {region}"),
    ("justice", "state", "7171", "Direction interrégionale des services pénitentiaires, {region}"),
    ("union-1", "unions", "8410", "Union syndicale Delta"),
    ("union-2", "unions", "8410", "Confédération Epsilon"),
    ("union-3", "unions", "8410", "Confédération des travailleurs Zêta"),
    ("union-4", "unions", "8410", "Syndicat de l'encadrement Êta"),
    ("union-5", "unions", "8410", "Force syndicale Thêta"),
    ("union-6", "unions", "8410", "Fédération syndicale de l'enseignement Iota"),
    ("union-7", "unions", "8410", "Union des syndicats libres Sigma"),
    ("employers-1", "employers", "8420", "Fédération patronale Kappa"),
    ("employers-2", "employers", "8420", "Confédération des petites entreprises Lambda"),
    ("employers-3", "employers", "8420", "Union de l'artisanat et des proximités Mu"),
    ("employers-4", "employers", "8420", "Union des employeurs de l'économie sociale Nu"),
    ("employers-5", "employers", "8420", "Fédération des exploitants agricoles Xi"),
    ("employers-6", "employers", "8420", "Union des employeurs du spectacle Omicron"),
    ("operator-1", "operators", "7389", "Service public de l'emploi, {region}"),
    ("operator-2", "operators", "9220", "Association des missions locales de la {region}"),
    ("operator-3", "operators", "9220", "Réseau pour l'emploi des personnes handicapées, {region}"),
    ("operator-4", "operators", "7410", "Carif-Oref de la {region}"),
    ("operator-5", "operators", "9220", "Transitions professionnelles Pi"),
)
"""Invented institutions: the State's services by their function, the social partners by Greek letters."""

_ASSOCIATION_CATEGORIES = ("9220", "9220", "9220", "9220", "9221", "9222", "9223", "9230", "9300")
_COMPANY_CATEGORIES = ("5710", "5499", "5710", "5499", "5720", "5458", "5460", "5498", "5599")
_APE = {
    "association": ("8559A", "8559A", "8559B", "8899B", "9499Z"),
    "company": ("8559A", "8559A", "7022Z", "8559B", "6202A"),
    "greta": ("8559A",),
    "lycee": ("8532Z",),
    "lycee_agricole": ("8532Z",),
    "national_operator": ("8559A",),
    "chamber": ("9411Z",),
    "university": ("8542Z",),
    "gip": ("8413Z",),
    "authority": ("8411Z",),
}


def _quotas(count: int) -> list[str]:
    """Kinds of applicants in the mix: 44 % associations, 27 % companies, 21 % public, 8 % authorities."""
    companies, public, authorities = round(count * 0.27), round(count * 0.21), round(count * 0.08)
    associations = count - companies - public - authorities
    return (
        ["association"] * associations
        + ["company"] * companies
        + ["public"] * public
        + ["authority"] * authorities
    )


def _namer(rng: random.Random, places: Sequence[str]) -> Callable[[str], tuple[str, str, str]]:
    """A source of (kind, legal category, name) that never gives a name twice."""
    used: set[str] = set()

    def name(group: str) -> tuple[str, str, str]:
        while True:
            place = rng.choice(places)
            if group == "association":
                kind, category = group, rng.choice(_ASSOCIATION_CATEGORIES)
                pattern = rng.choice(_ASSOCIATION_NAMES)
            elif group == "company":
                kind, category = group, rng.choice(_COMPANY_CATEGORIES)
                pattern = rng.choice(_COMPANY_NAMES)
            elif group == "public":
                kind, category, pattern = rng.choice(_PUBLIC_NAMES)
            else:
                kind, (category, pattern) = group, rng.choice(_AUTHORITY_NAMES)
            text = pattern.format(place=place)
            if text not in used:
                used.add(text)
                return kind, category, text

    return name


@dataclass(frozen=True, slots=True)
class _Place:
    departement: Departement
    commune: Commune


def _places_of(region: str) -> list[_Place]:
    territory = REGION_BY_CODE[region]
    return [
        _Place(departement, commune)
        for departement in territory.departements
        for commune in departement.communes
    ]


def _organisation(
    rng: random.Random, region: str, key: str, kind: str, category: str, name: str, place: _Place
) -> Organisation:
    family = CATEGORY_BY_CODE[category].family
    trains = family is not Family.LOCAL_AUTHORITY
    staff = max(2, int(rng.lognormvariate(3.0 if trains else 4.5, 0.8)))
    overseas = region == "beta"
    created = date(1975, 1, 1) + timedelta(days=rng.randrange(365 * 41))
    return Organisation(
        key=key,
        region=region,
        name=name,
        kind=kind,
        legal_category=category,
        siret=siret(rng),
        rna=rna(rng, place.departement.code, letter=overseas) if _declared(category) else "",
        ape=rng.choice(_APE[kind]),
        address=f"{rng.randint(1, 140)} {rng.choice(_STREETS)}",
        postcode=place.commune.postcode,
        city=place.commune.label,
        commune=place.commune.code,
        departement=place.departement.code,
        phone="06 39 98 " + " ".join(_digits(rng, 2) for _ in range(2)),
        domain=f"{slug(name, 50)}{'-beta' if overseas else ''}.example",
        created_on=created,
        staff=staff,
        turnover=Decimal(staff * rng.randint(42, 71) * 1000),
        iban=iban(rng),
        training_number=_training_number(rng, region, place.departement.code) if trains else "",
        quality_number=f"{rng.randint(20, 23)}FOR{_digits(rng, 5)}" if trains else "",
        vat_recovered=kind == "company" and rng.random() < 0.4,
    )


def _declared(category: str) -> bool:
    """Whether a body of this legal category is in the register of associations."""
    return category in {"9220", "9221", "9222", "9223", "9230"}


def _training_number(rng: random.Random, region: str, departement: str) -> str:
    """Eleven digits: region, département, five digits, and two more (three fewer overseas)."""
    head = ("98" if region == "beta" else "24") + departement
    return head + _digits(rng, 11 - len(head))


@cache
def organisations(
    region: str = "alpha", count: int | None = None, seed: int = SEED
) -> tuple[Organisation, ...]:
    """The applicants of ``region`` ("alpha" or "beta"), always the same for the same arguments.

    Alpha holds the awkward cases too: one SIRET under La Poste's rule, RNA numbers with a letter, foundations
    without an RNA number.
    """
    rng = random.Random(f"{seed}:{region}:organisations")  # noqa: S311 - reproducible, not secret
    name = _namer(rng, _PLACES_OVERSEAS if region == "beta" else _PLACES)
    places = _places_of(region)
    groups = _quotas(COUNTS[region] if count is None else count)
    rng.shuffle(groups)
    found = []
    for number, group in enumerate(groups, start=1):
        kind, category, text = name(group)
        found.append(
            _organisation(rng, region, f"{region}-{number:03d}", kind, category, text, rng.choice(places))
        )
    return _with_awkward_cases(rng, region, found)


def _with_awkward_cases(
    rng: random.Random, region: str, found: list[Organisation]
) -> tuple[Organisation, ...]:
    if region != "alpha":
        return tuple(found)
    declared = [i for i, organisation in enumerate(found) if organisation.rna]
    for i in declared[:: max(1, len(declared) // 3)][:3]:
        found[i] = replace(
            found[i], rna=rna(rng, found[i].departement, letter=True), tags=found[i].tags | {"rna_letter"}
        )
    i = next(i for i, organisation in enumerate(found) if organisation.kind == "company")
    found[i] = replace(
        found[i],
        name="Institut des métiers du courrier et du colis",
        legal_category="5599",
        siret=siret_of_la_poste(rng),
        domain="institut-courrier-colis.example",
        tags=found[i].tags | {"la_poste"},
    )
    return tuple(found)


@cache
def institutions(region: str = "alpha", seed: int = SEED) -> dict[str, Organisation]:
    """The institutions whose people sit in the bodies of ``region``, by key ("dreets", "union-1", …).

    ``kind`` is the side they sit on: region, state, unions, employers or operators.
    """
    rng = random.Random(f"{seed}:{region}:institutions")  # noqa: S311 - reproducible, not secret
    territory = REGION_BY_CODE[region]
    place = _places_of(region)[0]
    found = {}
    for key, side, category, pattern in _INSTITUTIONS:
        name = pattern.format(region=territory.label)
        organisation = _organisation(rng, region, f"{region}-{key}", "authority", category, name, place)
        found[key] = replace(
            organisation,
            kind=side,
            domain=f"{slug(key)}-{region}.example" if side != "region" else f"region-{region}.example",
            ape="9420Z" if side == "unions" else "9411Z" if side == "employers" else "8411Z",
            training_number="",
            quality_number="",
        )
    return found
