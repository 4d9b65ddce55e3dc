"""The three calls of Région Alpha: one open, one in review, one decided and under contract."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from scenario.texts.words import euros, typeset


@dataclass(frozen=True, slots=True)
class CallText:
    """A call: ``kind`` is aap, ami or exp; amounts in euros; ``max_rate`` in percent."""

    key: str
    kind: str
    title: str
    summary: str
    axes: tuple[str, ...]
    publics: tuple[str, ...]
    envelope: Decimal
    max_rate: Decimal
    min_amount: Decimal
    max_amount: Decimal
    text: str


_SECTIONS = (
    (
        "Contexte",
        "Le présent appel met en œuvre le Pacte régional d’investissement dans les compétences conclu "
        "entre l’État et la "
        "{region}. Il s’articule avec le contrat de plan régional de développement des formations et de "
        "l’orientation "
        "professionnelles et avec le schéma régional de développement économique. {context}",
    ),
    ("Objectifs", "{aims}"),
    (
        "Porteurs éligibles",
        "Toute personne morale existant depuis au moins un an à la date du dépôt, ayant un établissement "
        "dans la région : "
        "association, entreprise, établissement public, chambre consulaire, collectivité. L’organisme qui "
        "réalise des "
        "actions de formation est déclaré et certifié au titre de la qualité.",
    ),
    (
        "Projets éligibles",
        "Le projet se déroule dans la région, sur une durée de six à trente-six mois. Il ne commence pas "
        "avant le dépôt du "
        "dossier. Il précise ses objectifs ainsi que ses indicateurs de suivi et d’impact.",
    ),
    (
        "Financement",
        "L’enveloppe est de {envelope}. La subvention ne dépasse pas {rate} % des dépenses éligibles de "
        "chaque année ; elle "
        "est comprise entre {least} et {most}. Les charges indirectes sont retenues dans la limite de 15 % "
        "des charges "
        "directes. Une même dépense ne peut être financée deux fois.",
    ),
    (
        "Dépôt",
        "Le dossier est déposé en ligne, sur la plateforme de la Région, avant la date et l’heure de "
        "clôture (heure de la "
        "Région). La date et l’heure de réception font foi. Un accusé de réception est délivré aussitôt.",
    ),
    (
        "Instruction et sélection",
        "La recevabilité puis l’éligibilité sont vérifiées. Chaque dossier est évalué selon la grille "
        "publiée avec le "
        "présent règlement, puis soumis à l’avis des quatre collèges du CREFOP : État, Région, employeurs "
        "et syndicats. Le "
        "COPAREF rend un avis motivé sur la présélection. Le comité de sélection classe les dossiers ; la "
        "commission "
        "permanente attribue les subventions dans la limite de l’enveloppe. Ces avis ne lient pas la "
        "Région. Le silence "
        "gardé pendant deux mois sur une demande vaut rejet ; une décision expresse peut le remplacer.",
    ),
    (
        "Convention, versements et bilans",
        "Une convention fixe les engagements de chacun. La subvention est versée par une avance, un "
        "acompte et un solde. Les "
        "bilans sont remis selon le calendrier de la convention ; un bilan en retard suspend le versement "
        "suivant.",
    ),
    (
        "Contrôle et reversement",
        "La Région contrôle l’emploi de la subvention sur pièces et sur place. Les sommes non justifiées "
        "sont reversées, "
        "après que le bénéficiaire a pu présenter ses observations.",
    ),
    (
        "Données personnelles",
        "Les données recueillies servent à l’instruction, au suivi et à l’évaluation des projets. Les "
        "personnes concernées "
        "exercent leurs droits auprès du délégué à la protection des données de la Région.",
    ),
)


def _text(region: str, call: CallText, context: str, aims: str) -> str:
    fields = {
        "region": region,
        "context": context,
        "aims": aims,
        "envelope": euros(call.envelope),
        "rate": f"{call.max_rate:f}",
        "least": euros(call.min_amount),
        "most": euros(call.max_amount),
    }
    return "\n\n".join(
        f"{number}. {title}\n\n{typeset(body.format_map(fields))}"
        for number, (title, body) in enumerate(_SECTIONS, start=1)
    )


_CALLS = (
    (
        CallText(
            "open",
            "aap",
            "Modernisation des pédagogies et transitions",
            "Pour les organismes qui veulent transformer leurs contenus et leurs façons de former : "
            "modules, situation de "
            "travail, parcours mixtes, formation des formateurs.",
            ("A2", "A3"),
            ("DE_PEU_QUALIFIES", "JEUNES", "RURAUX", "SENIORS"),
            Decimal(3_500_000),
            Decimal(70),
            Decimal(15_000),
            Decimal(300_000),
            "",
        ),
        "L’état des lieux montre que les contenus évoluent moins vite que le travail, et que "
        "l’individualisation reste "
        "l’exception.",
        "Transformer durablement les contenus et les pédagogies ; professionnaliser les formateurs ; "
        "mesurer les effets sur "
        "les parcours des moins qualifiés.",
    ),
    (
        CallText(
            "review",
            "exp",
            "Rejoindre les publics qui n’accèdent pas à la formation",
            "Expérimentations pour repérer, rejoindre et accompagner celles et ceux qui n’entrent pas en "
            "formation : "
            "territoires ruraux, quartiers prioritaires, handicap, illettrisme, personnes placées sous "
            "main de justice.",
            ("A4",),
            ("INVISIBLES", "RURAUX", "QPV", "HANDICAP", "ILLETTRISME", "PPSMJ", "PARENTS_ISOLES"),
            Decimal(1_800_000),
            Decimal(80),
            Decimal(10_000),
            Decimal(250_000),
            "",
        ),
        "Les personnes les moins qualifiées restent celles qui se forment le moins. Le non-recours tient à "
        "la distance, à "
        "la méconnaissance des droits et à des expériences scolaires difficiles.",
        "Expérimenter des façons d’aller vers les personnes ; lever les freins ; produire des "
        "enseignements utiles aux "
        "politiques de droit commun, en complémentarité avec les expérimentations financées par l’État.",
    ),
    (
        CallText(
            "decided",
            "aap",
            "Parcours certifiants par étapes",
            "Pour conduire vers une qualification, par étapes courtes et accompagnées, des jeunes et des "
            "demandeurs d’emploi "
            "peu qualifiés.",
            ("A1",),
            ("JEUNES", "DE_PEU_QUALIFIES", "NON_RECOURS", "IAE_PEC", "RSA"),
            Decimal(2_400_000),
            Decimal(75),
            Decimal(15_000),
            Decimal(300_000),
            "",
        ),
        "Les étapes entre la remobilisation et la certification s’enchaînent mal : l’attente et les "
        "ruptures découragent "
        "les personnes comme les entreprises.",
        "Développer des parcours certifiants, des premiers savoirs jusqu’à l’accès à la qualification ; "
        "garantir un "
        "accompagnement en amont, pendant et en aval ; associer les entreprises à chaque étape.",
    ),
)


def calls(region: str = "Région Alpha") -> dict[str, CallText]:
    """The calls by key (open, review, decided), with their full text."""
    return {
        call.key: replace(
            call,
            title=typeset(call.title),
            summary=typeset(call.summary),
            text=_text(region, call, context, aims),
        )
        for call, context, aims in _CALLS
    }
