"""Words that the invented projects are made of: sectors, publics and places, with their French agreements."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from calls.reference import DEPARTEMENT_BY_CODE, Commune, Departement

NBSP = "\u00a0"

_OPENING = re.compile(r"«[ \u00a0]?")
_CLOSING = re.compile(r"[ \u00a0]?»")
_BEFORE = re.compile(r" (?=[;:!?%€](?:\s|$))")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}\b)")


def typeset(text: str) -> str:
    """``text`` with the non-breaking spaces of French typography."""
    text = _OPENING.sub(f"«{NBSP}", text)
    text = _CLOSING.sub(f"{NBSP}»", text)
    return _THOUSANDS.sub(NBSP, _BEFORE.sub(NBSP, text))


def of(noun: str) -> str:
    """« de » before ``noun``, with its elision or contraction: d'Orléans, du Blanc, de Tours."""
    if noun.startswith("Le "):
        return f"du {noun[3:]}"
    return f"d'{noun}" if noun[0].lower() in "aeiouéèêhîy" else f"de {noun}"


def at(city: str) -> str:
    """« à » before the name of a city: au Blanc, à Tours."""
    return f"au {city[3:]}" if city.startswith("Le ") else f"à {city}"


def listed(items: Sequence[str]) -> str:
    """``items`` as « a, b et c »."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} et {items[-1]}"


def euros(amount: object) -> str:
    """A whole amount as « 12 500 € »."""
    return typeset(f"{amount:,.0f} €".replace(",", " "))


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of activity: ``of`` follows « métiers », ``title`` is a certification, ``shift`` what "
    "changes it."""

    of: str
    jobs: str
    title: str
    firms: str
    shift: str


SECTORS: tuple[Sector, ...] = (
    Sector(
        "du bâtiment",
        "maçons, couvreurs et poseurs d'isolants",
        "titre professionnel d'agent de maintenance des bâtiments",
        "les entreprises artisanales du bâtiment",
        "la rénovation énergétique des logements",
    ),
    Sector(
        "de l'aide à domicile",
        "auxiliaires de vie et assistants de vie aux familles",
        "titre professionnel d'assistant de vie aux familles",
        "les services d'aide à domicile",
        "le vieillissement de la population",
    ),
    Sector(
        "de la logistique",
        "préparateurs de commandes, caristes et agents de quai",
        "titre professionnel d'agent magasinier",
        "les plateformes logistiques",
        "l'automatisation des entrepôts",
    ),
    Sector(
        "de l'industrie",
        "opérateurs de production et techniciens de maintenance",
        "titre professionnel de conducteur d'installations et de machines automatisées",
        "les petites entreprises industrielles",
        "la robotisation des lignes de production",
    ),
    Sector(
        "de l'hôtellerie et de la restauration",
        "commis de cuisine et employés d'étage",
        "CAP cuisine",
        "les restaurants et hôtels indépendants",
        "l'alimentation durable et les circuits courts",
    ),
    Sector(
        "de l'agriculture et du paysage",
        "ouvriers agricoles, maraîchers et jardiniers paysagistes",
        "certificat de spécialisation en maraîchage biologique",
        "les exploitations et entreprises du paysage",
        "l'agroécologie",
    ),
    Sector(
        "du numérique",
        "techniciens de proximité, intégrateurs et médiateurs numériques",
        "titre professionnel de technicien d'assistance en informatique",
        "les entreprises de services du numérique",
        "la généralisation des outils d'intelligence artificielle",
    ),
    Sector(
        "du transport",
        "conducteurs de véhicules légers, agents d'exploitation et régulateurs",
        "titre professionnel de conducteur livreur sur véhicule utilitaire léger",
        "les transporteurs de la région",
        "la décarbonation des flottes",
    ),
    Sector(
        "du réemploi et de l'économie circulaire",
        "valoristes, réparateurs et agents de déchèterie",
        "titre professionnel d'agent de collecte et de valorisation",
        "les recycleries et entreprises de réparation",
        "l'allongement de la durée de vie des objets",
    ),
    Sector(
        "du commerce",
        "employés de commerce et vendeurs conseil",
        "titre professionnel d'employé commercial",
        "les commerces de centre-ville",
        "la vente en ligne de proximité",
    ),
    Sector(
        "de la petite enfance",
        "assistants maternels et agents de crèche",
        "CAP accompagnant éducatif petite enfance",
        "les crèches et maisons d'assistants maternels",
        "le manque de places d'accueil",
    ),
    Sector(
        "de la propreté",
        "agents d'entretien et chefs d'équipe",
        "titre professionnel d'agent de propreté et d'hygiène",
        "les entreprises de propreté",
        "le travail en journée et les produits sans danger",
    ),
    Sector(
        "du soin et du médico-social",
        "agents de service hospitalier et aides-soignants",
        "blocs de compétences du diplôme d'aide-soignant",
        "les établissements pour personnes âgées",
        "les nouvelles organisations du soin",
    ),
    Sector(
        "de la métallerie et du soudage",
        "soudeurs, chaudronniers et serruriers",
        "titre professionnel de soudeur assembleur industriel",
        "les ateliers de métallerie",
        "le soudage robotisé",
    ),
)

PUBLIC_WORDS: dict[str, str] = {
    "JEUNES": "jeunes de moins de 26 ans sans qualification",
    "DE_PEU_QUALIFIES": "demandeurs d'emploi peu qualifiés",
    "NON_RECOURS": "adultes qui n'entrent jamais en formation",
    "QPV": "habitants des quartiers prioritaires",
    "RURAUX": "habitants des communes rurales",
    "PARENTS_ISOLES": "parents isolés",
    "HANDICAP": "personnes en situation de handicap",
    "ILLETTRISME": "personnes en situation d'illettrisme",
    "ILLECTRONISME": "personnes éloignées du numérique",
    "PPSMJ": "personnes placées sous main de justice",
    "INVISIBLES": "jeunes inconnus des services de l'emploi",
    "IAE_PEC": "salariés de l'insertion par l'activité économique",
    "RSA": "bénéficiaires du revenu de solidarité active",
    "BPI": "bénéficiaires de la protection internationale",
    "SENIORS": "demandeurs d'emploi de plus de 55 ans",
}


def slots(
    rng: random.Random, departement: str, commune: str, sector: Sector, public: str, **more: object
) -> dict[str, object]:
    """The fields that the sentences of a project may name; ``more`` adds to them."""
    place: Departement = DEPARTEMENT_BY_CODE[departement]
    city: Commune = next(c for c in place.communes if c.code == commune)
    words = PUBLIC_WORDS[public]
    return {
        "metiers": f"métiers {sector.of}",
        "sector": sector.of,
        "jobs": sector.jobs,
        "title": sector.title,
        "firms": sector.firms,
        "shift": sector.shift,
        "firms_cap": sector.firms[0].upper() + sector.firms[1:],
        "firms_bare": sector.firms.removeprefix("les "),
        "public": words,
        "of_public": of(words),
        "where": place.inside,
        "where_cap": place.inside[0].upper() + place.inside[1:],
        "of_trade": f"des métiers {sector.of}",
        "of_place": place.of,
        "city": city.label,
        "of_city": of(city.label),
        "at_city": at(city.label),
        "pct": rng.randint(18, 46),
        "many": rng.choice((120, 180, 240, 310, 420, 560)),
        "hours": rng.choice((140, 175, 210, 280, 350, 420)),
        "weeks": rng.choice((6, 8, 10, 12, 14)),
        "days": rng.choice((2, 3, 5, 8)),
        **more,
    }
