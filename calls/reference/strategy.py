"""Objectives, axes, needs and publics of a Pact, as the CNEFOP's recommendations of 2018 word them.

The labels of the four axes are verbatim. A signed Pact may have other axes: these are the default taxonomy
that a Pact copies when it is created, never a constant that a rule tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.reference.base import Term, index


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the structuring axes, with the kinds of projects it may target.

    ``statement`` is the whole sentence of the source, ``label`` the part that names the axis.
    """

    code: str
    number: int
    label: str
    statement: str
    sub_themes: tuple[Term, ...]


OBJECTIVES: tuple[Term, ...] = (
    Term(
        "O1",
        "Améliorer la qualification de la population des jeunes ou demandeurs d’emploi peu qualifiés",
        "qui sont fragilisés dans un contexte de fortes mutations",
    ),
    Term(
        "O2",
        "Favoriser l’accélération des transformations du système de formation professionnelle",
        "pour augmenter la valeur ajoutée et l’efficacité des parcours de formation",
    ),
)

AXES: tuple[Axis, ...] = (
    Axis(
        code="A1",
        number=1,
        label="Développer des parcours certifiants",
        statement=(
            "Développer des parcours certifiants, des premiers savoirs jusqu’à l’accès à la qualification, à "
            "l’attention des publics les plus fragiles, en particulier les jeunes et les demandeurs "
            "d’emploi, "
            "qui rencontrent des difficultés dans l’accès à la formation"
        ),
        sub_themes=(
            Term(
                "A1.1",
                "L’identification et la mobilisation des moins qualifiés",
                "Quartiers prioritaires, territoires ruraux, freins à l’accès, « non recours », prévention "
                "des "
                "ruptures",
            ),
            Term(
                "A1.2",
                "L’ingénierie de parcours « compétences » par étapes",
                "VAE, situation de travail, positionnement amont et aval, passeport compétences, sortie vers "
                "l’emploi",
            ),
            Term(
                "A1.3",
                "La qualité des pratiques d’accompagnement",
                "Conseil en évolution professionnelle, insertion par l’activité économique, parcours emploi "
                "compétences",
            ),
        ),
    ),
    Axis(
        code="A2",
        number=2,
        label=(
            "Accélérer la transformation des contenus des formations pour répondre aux besoins immédiats "
            "et en "
            "devenir de l’économie"
        ),
        statement=(
            "Accélérer la transformation des contenus des formations pour répondre aux besoins immédiats "
            "et en "
            "devenir de l’économie"
        ),
        sub_themes=(
            Term("A2.1", "Les nouvelles approches de diagnostic, renouvelées dans leur outillage"),
            Term(
                "A2.2",
                "Les approches prospectives avec les branches professionnelles",
                "Numérique, transition énergétique, transport, agriculture",
            ),
            Term(
                "A2.3",
                "L’approche intersectorielle",
                "Compétences transversales et formations obligatoires des métiers réglementés",
            ),
            Term("A2.4", "La mobilisation des blocs de compétences"),
            Term(
                "A2.5",
                "Le développement des formations en situation de travail",
                "Au bénéfice des jeunes non qualifiés ou demandeurs d’emploi, par exemple dans le cadre de "
                "la POE",
            ),
            Term(
                "A2.6",
                "L’identification et la promotion des passerelles entre certifications",
                "Compétences transversales et transférables d’un métier à l’autre",
            ),
            Term("A2.7", "L’accompagnement de la transition environnementale ou de la transition numérique"),
        ),
    ),
    Axis(
        code="A3",
        number=3,
        label="S’engager dans la modernisation des pédagogies mises en œuvre",
        statement="S’engager dans la modernisation des pédagogies mises en œuvre",
        sub_themes=(
            Term(
                "A3.1",
                "La réingénierie et/ou l’innovation des approches pédagogiques",
                "Modularisation, individualisation, mixte présentiel et digital, situations de travail, "
                "évaluation "
                "des acquis",
            ),
            Term(
                "A3.2",
                "L’évolution des commandes de formation au service de la qualité des achats",
                "Pratiques d’évaluation incluses",
            ),
            Term(
                "A3.3",
                "La professionnalisation des acteurs",
                "Formateurs, animation et régulation qualité des organismes de formation",
            ),
        ),
    ),
    Axis(
        code="A4",
        number=4,
        label=(
            "Encourager le déploiement au niveau régional et territorial des politiques publiques pour "
            "l’insertion "
            "professionnelle des publics les plus fragiles"
        ),
        statement=(
            "Encourager le déploiement au niveau régional et territorial des politiques publiques pour "
            "l’insertion "
            "professionnelle des publics les plus fragiles"
        ),
        sub_themes=(
            Term("A4.1", "Contribuer à l’égalité femme / homme dans la formation"),
            Term(
                "A4.2",
                "Renforcer l’enjeu de cohésion du territoire",
                "Quartiers prioritaires de la politique de la ville, territoires ruraux, parents isolés et "
                "notamment des femmes",
            ),
            Term("A4.3", "Contribuer à l’intégration des personnes en situation de handicap"),
            Term("A4.4", "Contribuer à la lutte contre l’illettrisme et l’illectronisme"),
            Term("A4.5", "Contribuer à la formation des personnes sous-main de justice"),
        ),
    ),
)

TARGET_PUBLICS: tuple[Term, ...] = (
    Term("JEUNES", "Jeunes de moins de 26 ans sans qualification"),
    Term("DE_PEU_QUALIFIES", "Demandeurs d’emploi peu qualifiés"),
    Term("NON_RECOURS", "Personnes moins qualifiées n’accédant pas à la formation (« non recours »)"),
    Term("QPV", "Habitants des quartiers prioritaires de la politique de la ville"),
    Term("RURAUX", "Résidents des territoires ruraux"),
    Term("PARENTS_ISOLES", "Parents isolés, et notamment des femmes"),
    Term("HANDICAP", "Personnes en situation de handicap"),
    Term("ILLETTRISME", "Personnes en situation d’illettrisme"),
    Term("ILLECTRONISME", "Personnes en situation d’illectronisme"),
    Term("PPSMJ", "Personnes placées sous main de justice"),
    Term("INVISIBLES", "Jeunes ne mobilisant pas spontanément les services"),
    Term("IAE_PEC", "Salariés de l’insertion par l’activité économique ou en parcours emploi compétences"),
    Term("RSA", "Bénéficiaires du revenu de solidarité active"),
    Term("BPI", "Bénéficiaires de la protection internationale"),
    Term("SENIORS", "Demandeurs d’emploi de 55 ans et plus"),
)

NEEDS: tuple[Term, ...] = (
    Term("PUBLIC.REPERAGE", "Repérer les publics qui n’accèdent pas à la formation"),
    Term("PUBLIC.RUPTURE", "Répondre aux situations de rupture ou de décrochage"),
    Term("PUBLIC.ACCOMPAGNEMENT", "Accompagner en amont et en aval de la formation"),
    Term("PUBLIC.FLUIDITE", "Fluidifier les étapes vers la qualification et l’emploi"),
    Term("ECONOMIE.CIBLES", "Renforcer les besoins déjà ciblés par le CPRDFOP ou le SRDEII"),
    Term("ECONOMIE.NOUVEAUX", "Couvrir des besoins nouveaux en compétences"),
    Term("ECONOMIE.TRANSITIONS", "Répondre aux transitions numérique et écologique"),
    Term("PROGRAMME.INGENIERIE", "Faire progresser l’ingénierie des programmes installés"),
    Term("PROGRAMME.PEDAGOGIE", "Faire évoluer les pratiques pédagogiques et les ressources existantes"),
    Term("QUALITE.OUTILS", "Créer ou expérimenter de nouveaux outils"),
    Term("QUALITE.ORGANISATION", "Créer ou expérimenter de nouvelles organisations"),
)

PROJECT_NATURES: tuple[Term, ...] = (
    Term(
        "strengthened",
        "Renforcement",
        "Un projet existant que l’on souhaite renforcer ou décliner plus largement",
    ),
    Term("new", "Projet nouveau", "Une réponse à des besoins émergents ou plus spécifiquement ciblés"),
)

PROJECT_KINDS: tuple[Term, ...] = (
    Term("pathway", "Parcours de formation"),
    Term("experimentation", "Expérimentation"),
)

EVALUATION_QUESTIONS: tuple[Term, ...] = (
    Term(
        "QE1",
        "En quoi les expérimentations lancées dans le cadre du Pacte ont-elles permis une transformation "
        "de l’offre "
        "de formation au service des parcours des moins qualifiés ?",
    ),
    Term("QE2", "Le Pacte a-t-il permis de faire accéder à la formation des publics non accédant ?"),
    Term("QE3", "Le Pacte a-t-il permis de développer les parcours de formation par étape ?"),
)

AXIS_BY_CODE = index(AXES)
SUB_THEME_BY_CODE = index(term for axis in AXES for term in axis.sub_themes)
PUBLIC_BY_CODE = index(TARGET_PUBLICS)
NEED_BY_CODE = index(NEEDS)
