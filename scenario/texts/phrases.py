"""Sentences that any project may hold, whatever its idea; fields in braces as in ``words.slots``."""

from __future__ import annotations

SUMMARIES = (
    "{org} propose, avec {partners}, {aim} {where}. Le projet accueille {people} {public} sur {duration} "
    "mois ; il "
    "vise {result} et prévoit de transmettre ses outils aux autres organismes de la région.",
    "Porté par {org}, ce projet s'adresse à {people} {public} {where}. Il entend {aim_verb}, en lien avec "
    "{partners}. Au terme des {duration} mois, {result} est attendu.",
    "En {duration} mois et pour {people} participants, le projet veut {aim_verb}. Il réunit {partners} "
    "autour de {org}, "
    "et se déroule principalement {at_city}. Résultat attendu : {result}.",
)

SUPPORT = (
    "Avant l'entrée, un entretien de deux heures établit avec la personne ses acquis, ses contraintes et "
    "ses attentes ; "
    "il n'écarte personne. Pendant, un point hebdomadaire est tenu par le référent. Après, le lien est "
    "maintenu six "
    "mois, par téléphone et lors de trois rencontres.",
    "L'accompagnement est assuré par une personne distincte des formateurs. Elle coordonne les aides à la "
    "mobilité, à la "
    "garde d'enfants et au logement, et rencontre l'employeur avant toute embauche.",
    "Une convention avec le conseil en évolution professionnelle précise qui fait quoi en amont et en "
    "aval. Le conseiller "
    "participe au bilan de mi-parcours et reçoit le passeport de compétences à la sortie.",
    "Chaque participant choisit un pair, ancien stagiaire, qui l'accompagne de l'accueil au troisième mois "
    "suivant la "
    "sortie. L'équipe soutient ces pairs par une réunion mensuelle.",
    "Un fonds d'aide directe de {fund} permet de répondre en deux jours à une difficulté matérielle. Son "
    "emploi est "
    "décidé par le référent et rendu public, sans les noms, en comité de pilotage.",
)

COMPLEMENTARITY = (
    "Nous avons interrogé les services de l'État : aucune expérimentation nationale en cours {where} ne "
    "vise ce public "
    "avec cette démarche. Les personnes repérées par les programmes nationaux peuvent nous être adressées "
    "sans double "
    "comptage.",
    "Le projet prend la suite d'un programme national de remobilisation : il accueille ses sortants et ne "
    "finance aucune "
    "des dépenses qu'il couvre. Un état croisé des participants est tenu avec l'organisme concerné.",
    "Une expérimentation financée par l'État existe dans un département voisin. Nous en reprenons les "
    "enseignements, et "
    "nos territoires ne se recouvrent pas ; une réunion commune est prévue chaque semestre.",
    "Le projet ne reçoit aucun crédit national. Il complète le droit commun : les heures de formation "
    "qualifiante restent "
    "financées par le programme régional.",
)

TEAMS = (
    "L'équipe comprend une cheffe de projet à mi-temps, {fte} équivalents temps plein de formation et un "
    "référent "
    "d'accompagnement. Les locaux et le plateau technique de {org} sont mis à disposition.",
    "Un coordonnateur à temps plein est recruté pour la durée du projet ; {fte} formateurs permanents de "
    "{org} y "
    "consacrent une part de leur temps, précisée au budget. Le suivi financier est assuré par notre "
    "service comptable.",
    "La direction de {org} pilote le projet. L'équipe réunit {fte} équivalents temps plein, dont un "
    "ingénieur "
    "pédagogique, et fait appel à des professionnels rémunérés comme intervenants.",
    "Le projet s'appuie sur une équipe stable : {fte} équivalents temps plein, en poste depuis plus de "
    "trois ans. Seul le "
    "poste de référent entreprises est créé.",
)

STEPS = (
    "Préparation et recrutement de l'équipe ({m1})\nPremière session et ajustements ({m2})\nSessions "
    "suivantes ({m3})\n"
    "Évaluation et transmission ({m4})",
    "Installation du comité de pilotage ({m1})\nConception avec les entreprises ({m2})\nExpérimentation "
    "sur deux sites "
    "({m3})\nBilan, publication des outils ({m4})",
    "Mobilisation des partenaires ({m1})\nRepérage et premiers parcours ({m2})\nMontée en charge "
    "({m3})\nMesure des effets "
    "et essaimage ({m4})",
)

GOVERNANCE = (
    "Un comité de pilotage semestriel réunit la Région, la DREETS, les partenaires et deux stagiaires "
    "élus. Un comité "
    "technique mensuel suit les entrées, les difficultés et les dépenses.",
    "Chaque partenaire a signé une lettre qui précise ses apports en temps, en lieux ou en places "
    "d'accueil. Les décisions "
    "se prennent par consentement, et leur relevé est partagé dans la semaine.",
    "Les entreprises tiennent la moitié des sièges du comité de pilotage. Un président tournant, choisi "
    "parmi elles, "
    "garantit que les contenus restent proches du travail.",
    "La gouvernance s'appuie sur l'instance locale de l'emploi déjà en place, sans comité supplémentaire. "
    "Un point y est "
    "inscrit chaque trimestre.",
)

RISKS = (
    "Le principal risque est un recrutement plus lent que prévu du public visé. Nous y répondons par des "
    "entrées toute "
    "l'année et par l'élargissement du territoire à mi-parcours, après accord de la Région.",
    "Si le poste de coordonnateur n'est pas pourvu dans les deux mois, la direction l'assure et le "
    "calendrier est décalé "
    "d'autant, sans effet sur le nombre de participants.",
    "La trésorerie peut se tendre entre l'avance et le premier acompte. Une ligne de crédit est ouverte "
    "auprès de notre "
    "banque, dont le coût reste à notre charge.",
    "Les entreprises peuvent réduire leurs capacités d'accueil en cas de baisse d'activité. Dix places de "
    "réserve sont "
    "prévues dans les plateaux des partenaires.",
)

INCLUSION = (
    "Au moins {share} % des participants résident en quartier prioritaire ou en commune rurale. L'égalité "
    "entre les femmes "
    "et les hommes est suivie à chaque étape, de l'information à la sortie, et les horaires sont "
    "compatibles avec la "
    "garde d'enfants.",
    "Le référent handicap de {org} étudie tout besoin d'aménagement dans les dix jours. Nous visons "
    "{share} % de femmes, y "
    "compris dans les métiers où elles sont rares, et choisissons nos intervenants en conséquence.",
    "Les frais de transport sont pris en charge dès le premier jour. {share} % des places sont réservées "
    "aux publics "
    "prioritaires du Pacte jusqu'à quinze jours avant l'entrée.",
    "L'information se fait par des relais de proximité et des supports lisibles par tous. {share} % des "
    "participants "
    "relèveront d'au moins un public prioritaire ; la part des femmes sera publiée chaque semestre.",
)

EVALUATION = (
    "Les indicateurs sont relevés chaque mois et discutés chaque trimestre avec les participants. Une "
    "évaluation externe, "
    "engagée dès le démarrage, suit un groupe de vingt personnes et un groupe comparable.",
    "Deux questions guident l'évaluation : qui est entré qui ne serait pas entré sans le projet, et "
    "qu'est-ce qui a "
    "changé dans les pratiques ? Les réponses sont étayées par des entretiens et par les données de suivi.",
    "Une enquête à trois et six mois est menée par téléphone par d'anciens stagiaires formés, avec un "
    "objectif de 70 % de "
    "réponses. Ses résultats sont comparés à ceux des actions de droit commun.",
    "Un carnet de bord partagé consigne les essais, les échecs et les ajustements. Il sert de matière à "
    "une revue "
    "semestrielle avec la Région et le Carif-Oref.",
)

DISSEMINATION = (
    "Les outils sont publiés sous licence libre au fur et à mesure, accompagnés d'un mode d'emploi et du "
    "coût réel de leur "
    "mise en œuvre. Deux journées d'essaimage sont prévues.",
    "Trois organismes volontaires, hors du partenariat, essaieront la démarche la dernière année avec "
    "notre appui. Leur "
    "retour d'expérience sera présenté en CREFOP.",
    "Un récit illustré, des fiches par étape et un tableur de coûts permettront à un autre territoire de "
    "reprendre le "
    "projet. Nous nous engageons à accueillir les équipes intéressées.",
    "Les conditions de réussite et d'échec seront décrites dans une note annuelle, remise à la Région et "
    "diffusée par le "
    "Carif-Oref.",
)

PARTNER_ROLES = (
    "Accueil en situation de travail et tutorat",
    "Repérage et orientation des publics",
    "Mise à disposition d'un plateau technique",
    "Ingénierie pédagogique et formation de formateurs",
    "Accompagnement social et levée des freins",
    "Évaluation et capitalisation",
    "Prêt de locaux et relais d'information",
    "Mobilisation des entreprises du territoire",
    "Certification et participation aux jurys",
)

AIMS = {
    "A1": (
        "un parcours certifiant par étapes",
        "conduire vers la qualification des personnes qui en sont loin",
    ),
    "A2": ("une refonte des contenus de formation", "rapprocher les contenus de formation du travail réel"),
    "A3": ("une pédagogie renouvelée", "transformer durablement les façons de former"),
    "A4": (
        "une action pour les publics les plus fragiles",
        "ouvrir la formation à des publics qui n'y accèdent pas",
    ),
}

RESULTS = (
    "une entrée en emploi ou en formation pour six participants sur dix",
    "une certification totale ou partielle pour la moitié des participants",
    "un abandon ramené sous les 15 %",
    "une démarche reproductible par d'autres organismes",
)
