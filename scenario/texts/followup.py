"""What is written once a project lives: reports, difficulties, messages, and the reasons given along the "
"way."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from calls.reference import Measure
from scenario.texts.budgets import spent
from scenario.texts.projects import IndicatorPlan, Project
from scenario.texts.words import typeset


@dataclass(frozen=True, slots=True)
class ValueText:
    """The value of an indicator, as text in its unit, and a comment."""

    code: str
    value: str
    comment: str


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report: narrative, values and, where it is asked, expenditure by line in euros."""

    narrative: str
    difficulties: str
    outlook: str
    values: tuple[ValueText, ...]
    expenditure: Mapping[str, Decimal]


_NARRATIVES = (
    "Le projet « {title} » a accueilli {entries} personnes depuis son démarrage, pour une cible de "
    "{people}. Les premières "
    "sessions ont confirmé l'intérêt du public et la pertinence des étapes courtes.",
    "{entries} personnes sont entrées à ce jour. Deux ajustements ont été décidés en comité de pilotage : "
    "des groupes plus "
    "petits au démarrage et un accueil de deux jours au lieu d'un.",
    "La période a été celle de la montée en charge : {entries} entrées sur {people} prévues. Les "
    "entreprises partenaires "
    "ont tenu leurs engagements d'accueil et deux nouvelles nous ont rejoints.",
    "Après un démarrage prudent, le rythme prévu est atteint, avec {entries} entrées. Les participants "
    "soulignent la "
    "qualité de l'accompagnement et demandent davantage de temps en situation de travail.",
)
_FINAL = (
    "Au terme du projet, {entries} personnes ont été accueillies pour {people} prévues. Les outils sont "
    "publiés et trois "
    "organismes les utilisent déjà. L'évaluation conclut à un effet net sur l'accès à la formation, plus "
    "nuancé sur "
    "l'emploi durable.",
    "Le projet s'achève avec {entries} participants sur {people}. Il laisse une démarche stabilisée, un "
    "réseau "
    "d'entreprises et des formateurs aguerris. Deux hypothèses de départ n'ont pas été confirmées ; nous "
    "expliquons "
    "pourquoi dans la note jointe.",
)
_DIFFICULTIES = (
    "Le repérage a demandé plus de temps que prévu dans les communes les plus éloignées.",
    "Deux départs dans l'équipe ont été compensés en six semaines.",
    "Les délais d'accès aux aides à la mobilité restent longs ; le fonds d'aide directe y supplée.",
    "La livraison du matériel a été retardée de deux mois, sans effet sur les entrées.",
    "Une entreprise partenaire a réduit ses places d'accueil ; une autre a pris le relais.",
    "Aucune difficulté notable sur la période.",
)
_OUTLOOKS = (
    "La période suivante verra l'ouverture d'un second site et la première enquête à six mois.",
    "Nous concentrerons l'effort sur la suite de parcours et sur les entreprises de moins de dix salariés.",
    "Le rythme d'entrées sera maintenu ; un bilan partagé est prévu avec les participants.",
    "La publication des outils commencera, avec une journée ouverte aux autres organismes.",
)
_VALUE_COMMENTS = {
    "good": ("Cible tenue.", "Au-dessus du rythme prévu.", "Résultat confirmé par l'enquête."),
    "fair": ("En progression.", "Légèrement sous le rythme prévu.", "À consolider sur la période suivante."),
    "poor": (
        "En retard, plan d'action engagé.",
        "Effectifs trop faibles pour conclure.",
        "Données partielles.",
    ),
}


def report(
    rng: random.Random,
    project: Project,
    progress: float,
    *,
    final: bool = False,
    year: int | None = None,
) -> ReportText:
    """A report when ``progress`` (0 to 1) of the project is behind.

    :param year: the budget year whose expenditure is reported, or ``None`` for a report without money.
    """
    outcome = rng.gauss(1.0, 0.12)
    values = tuple(_value(rng, indicator, progress, outcome) for indicator in project.indicators)
    fields = {
        "title": project.title,
        "entries": values[0].value,
        "people": project.beneficiaries,
    }
    plan = next((budget for budget in project.budget if budget.year == year), None)
    return ReportText(
        narrative=typeset(rng.choice(_FINAL if final else _NARRATIVES).format_map(fields)),
        difficulties=typeset(
            " ".join(rng.sample(_DIFFICULTIES[:-1], 2)) if outcome < 1 else rng.choice(_DIFFICULTIES)
        ),
        outlook="" if final else typeset(rng.choice(_OUTLOOKS)),
        values=values,
        expenditure=spent(rng, plan, min(1.0, outcome)) if plan else {},
    )


def _value(rng: random.Random, indicator: IndicatorPlan, progress: float, outcome: float) -> ValueText:
    start, target = int(indicator.baseline), int(indicator.target)
    reached = start + (target - start) * progress * outcome * rng.uniform(0.93, 1.05)
    value = round(reached)
    if indicator.unit == "%":
        value = min(100, max(0, value))
    if indicator.measure is Measure.QUALITATIVE:
        value = min(4, max(1, value))
    level = "good" if outcome > 1.02 else "fair" if outcome > 0.9 else "poor"
    return ValueText(indicator.code, str(max(0, value)), typeset(rng.choice(_VALUE_COMMENTS[level])))


@dataclass(frozen=True, slots=True)
class MessageText:
    """One line of a thread; ``from_applicant`` says who wrote it."""

    from_applicant: bool
    subject: str
    body: str


_THREADS: Mapping[str, Sequence[Sequence[MessageText]]] = {
    "draft": (
        (
            MessageText(
                True,
                "Partenaire sans SIRET",
                "Bonjour, l'un de nos partenaires est une association récente qui n'a pas encore de SIRET. "
                "Pouvons-nous "
                "la citer quand même ?",
            ),
            MessageText(
                False,
                "Partenaire sans SIRET",
                "Bonjour, citez-la dans la rubrique « Partenariat et gouvernance ». Elle pourra être "
                "ajoutée à la liste "
                "des partenaires dès qu'elle aura son numéro.",
            ),
        ),
        (
            MessageText(
                True,
                "Charges indirectes",
                "Bonjour, le plafond de 15 % s'applique-t-il année par année ou sur l'ensemble du projet ?",
            ),
            MessageText(
                False,
                "Charges indirectes",
                "Bonjour, il s'applique à chaque année, sur les charges directes éligibles. N'hésitez pas "
                "à nous écrire "
                "pour toute autre question.",
            ),
        ),
    ),
    "pieces": (
        (
            MessageText(
                True,
                "Comptes en cours d'approbation",
                "Bonjour, notre assemblée générale se tient le 24. Les comptes seront déposés dès le "
                "lendemain.",
            ),
            MessageText(
                False,
                "Comptes en cours d'approbation",
                "Bonjour, merci de cette précision. Le délai indiqué dans la demande de pièces reste "
                "valable ; vous "
                "pouvez déposer les comptes en une seule fois.",
            ),
        ),
        (
            MessageText(
                True,
                "RIB",
                "Bonjour, le RIB déposé était celui de notre ancien compte. Nous venons de le remplacer.",
            ),
        ),
    ),
    "contract": (
        (
            MessageText(
                True,
                "Signature de la convention",
                "Bonjour, notre présidente est absente jusqu'au 12. La convention peut-elle être signée "
                "par le "
                "trésorier, qui a délégation ?",
            ),
            MessageText(
                False,
                "Signature de la convention",
                "Bonjour, oui, à condition de déposer la délégation dans les pièces du dossier avant la "
                "signature.",
            ),
        ),
    ),
    "follow_up": (
        (
            MessageText(
                True,
                "Changement de calendrier",
                "Bonjour, la deuxième session est reportée d'un mois pour laisser le temps aux entreprises "
                "de désigner "
                "leurs tuteurs. Faut-il un avenant ?",
            ),
            MessageText(
                False,
                "Changement de calendrier",
                "Bonjour, non : la date de fin du projet ne change pas. Mentionnez-le dans le prochain "
                "bilan.",
            ),
        ),
    ),
}


def thread(rng: random.Random, stage: str) -> tuple[MessageText, ...]:
    """A short exchange at ``stage``: draft, pieces, contract or follow_up."""
    return tuple(
        MessageText(line.from_applicant, typeset(line.subject), typeset(line.body))
        for line in rng.choice(_THREADS[stage])
    )


_REASONS: Mapping[str, Sequence[str]] = {
    "withdrawal": (
        "Notre conseil d'administration a décidé de recentrer ses activités ; nous renonçons au projet.",
        "Le cofinancement principal n'a pas été obtenu. Nous ne pouvons pas tenir le plan de financement.",
        "Le partenaire qui portait le plateau technique a cessé son activité.",
    ),
    "interest": (
        "Je siège au conseil d'administration d'un partenaire du projet.",
        "Un membre de ma famille est salarié de l'organisme porteur.",
        "J'ai conseillé cet organisme pour la préparation de son dossier.",
    ),
    "piece_rejected": (
        "Le document est illisible ; merci de le numériser à nouveau.",
        "Les comptes déposés ne sont pas ceux du dernier exercice clos.",
        "Le relevé n'est pas au nom exact de l'organisme.",
        "La page de signature manque.",
    ),
    "pieces_requested": (
        "Merci de compléter votre dossier avec les pièces ci-dessous. L'instruction reprendra dès leur "
        "réception.",
        "Votre dossier est presque complet : il y manque les pièces suivantes, que les textes rendent "
        "nécessaires.",
    ),
    "report_returned": (
        "Merci de préciser le mode de calcul du taux de sorties positives et de joindre le tableau des "
        "entrées.",
        "L'écart sur les charges de personnel dépasse 20 % : merci de l'expliquer.",
        "Le récit ne dit rien des publics prioritaires, pourtant au cœur de la convention.",
    ),
    "call_returned": (
        "Préciser les dépenses éligibles et relever le plafond par projet avant publication.",
        "Le calendrier laisse trop peu de temps aux collèges : porter leur délai à vingt-cinq jours.",
    ),
    "ineligible": (
        "Les actions décrites se déroulent dans leur totalité hors de la région.",
        "Le projet a commencé deux mois avant le dépôt, comme l'indique son propre calendrier.",
        "Le public visé est composé de salariés en poste, que l'appel ne retient pas.",
    ),
    "inadmissible": (
        "Malgré la demande de pièces, les comptes approuvés et l'attestation sur l'honneur n'ont pas été "
        "produits.",
        "La personne qui a attesté la demande n'est pas habilitée à engager l'organisme, et aucune "
        "délégation n'a été "
        "produite.",
    ),
    "observations": (
        "Nous reconnaissons l'écart constaté. Il tient au départ de deux salariés, dont le remplacement a "
        "pris plus de "
        "temps que prévu ; nous demandons un échelonnement du reversement.",
    ),
    "service_done": (
        "Vu le bilan intermédiaire et l'état des dépenses, le service fait est constaté pour la période.",
        "Les pièces justificatives ont été vérifiées par sondage ; aucune anomalie.",
    ),
}


def reason(rng: random.Random, occasion: str) -> str:
    """A sentence for ``occasion``: withdrawal, interest, piece_rejected, report_returned, ineligible…

    :raises KeyError: when the occasion is not one of those that are known.
    """
    return typeset(rng.choice(_REASONS[occasion]))
