"""The two Regions of the demonstration, and where people may live in them.

The Regions are invented; they borrow the codes of real départements so that postal codes, INSEE codes and
time zones are consistent. Région Bêta lies overseas, with its own time zone and holidays.
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.reference.base import index


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune: INSEE code, postal code, and whether it has a priority district or is in a rural zone."""

    code: str
    label: str
    postcode: str
    qpv: str = ""
    rural: bool = False


@dataclass(frozen=True, slots=True)
class Departement:
    """A département of a Region, with how French says « in » it and « of » it."""

    code: str
    label: str
    inside: str
    of: str
    communes: tuple[Commune, ...]


@dataclass(frozen=True, slots=True)
class RegionTerritory:
    """A Region as a territory: ``insee`` is its official code, ``time_zone`` an IANA name."""

    code: str
    label: str
    insee: str
    time_zone: str
    court: str
    departements: tuple[Departement, ...]


ALPHA = RegionTerritory(
    code="alpha",
    label="Région Alpha",
    insee="24",
    time_zone="Europe/Paris",
    court="Tribunal administratif d’Orléans",
    departements=(
        Departement(
            "18",
            "Cher",
            "dans le Cher",
            "du Cher",
            (
                Commune("18033", "Bourges", "18000", qpv="QN01802M"),
                Commune("18279", "Vierzon", "18100", qpv="QN01804M"),
                Commune("18197", "Saint-Amand-Montrond", "18200", rural=True),
            ),
        ),
        Departement(
            "28",
            "Eure-et-Loir",
            "en Eure-et-Loir",
            "d’Eure-et-Loir",
            (
                Commune("28085", "Chartres", "28000", qpv="QN02801M"),
                Commune("28134", "Dreux", "28100", qpv="QN02803M"),
                Commune("28280", "Nogent-le-Rotrou", "28400", rural=True),
                Commune("28088", "Châteaudun", "28200"),
            ),
        ),
        Departement(
            "36",
            "Indre",
            "dans l’Indre",
            "de l’Indre",
            (
                Commune("36044", "Châteauroux", "36000", qpv="QN03601M"),
                Commune("36088", "Issoudun", "36100"),
                Commune("36018", "Le Blanc", "36300", rural=True),
                Commune("36046", "La Châtre", "36400", rural=True),
            ),
        ),
        Departement(
            "37",
            "Indre-et-Loire",
            "en Indre-et-Loire",
            "d’Indre-et-Loire",
            (
                Commune("37261", "Tours", "37000", qpv="QN03702M"),
                Commune("37122", "Joué-lès-Tours", "37300", qpv="QN03705M"),
                Commune("37003", "Amboise", "37400"),
                Commune("37132", "Loches", "37600", rural=True),
                Commune("37072", "Chinon", "37500", rural=True),
            ),
        ),
        Departement(
            "41",
            "Loir-et-Cher",
            "en Loir-et-Cher",
            "de Loir-et-Cher",
            (
                Commune("41018", "Blois", "41000", qpv="QN04101M"),
                Commune("41269", "Vendôme", "41100"),
                Commune("41194", "Romorantin-Lanthenay", "41200", rural=True),
            ),
        ),
        Departement(
            "45",
            "Loiret",
            "dans le Loiret",
            "du Loiret",
            (
                Commune("45234", "Orléans", "45000", qpv="QN04501M"),
                Commune("45147", "Fleury-les-Aubrais", "45400"),
                Commune("45208", "Montargis", "45200", qpv="QN04506M"),
                Commune("45252", "Pithiviers", "45300", rural=True),
                Commune("45155", "Gien", "45500", rural=True),
            ),
        ),
    ),
)

BETA = RegionTerritory(
    code="beta",
    label="Région Bêta",
    insee="04",
    time_zone="Indian/Reunion",
    court="Tribunal administratif de La Réunion",
    departements=(
        Departement(
            "974",
            "La Réunion",
            "à La Réunion",
            "de La Réunion",
            (
                Commune("97411", "Saint-Denis", "97400", qpv="QN97403M"),
                Commune("97416", "Saint-Pierre", "97410", qpv="QN97420M"),
                Commune("97415", "Saint-Paul", "97460"),
                Commune("97407", "Le Port", "97420", qpv="QN97411M"),
                Commune("97409", "Saint-André", "97440", qpv="QN97430M"),
                Commune("97412", "Saint-Joseph", "97480", rural=True),
            ),
        ),
    ),
)

REGIONS: tuple[RegionTerritory, ...] = (ALPHA, BETA)
REGION_BY_CODE = index(REGIONS)
DEPARTEMENT_BY_CODE = index(departement for region in REGIONS for departement in region.departements)
