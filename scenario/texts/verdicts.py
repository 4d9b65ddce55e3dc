"""What reviewers write on each criterion, by level: weak (0–1), middling (2–3), strong (4–5)."""

from __future__ import annotations

WEAK, MIDDLING, STRONG = "weak", "middling", "strong"

COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "C1": {
        WEAK: (
            "Le besoin n'est pas étayé : aucune donnée locale, et le lien avec l'axe reste affirmé.",
            "Le public décrit n'est pas celui de l'appel ; l'état des lieux n'est pas cité.",
            "Le projet répond d'abord à un besoin de la structure, non à un besoin identifié sur le "
            "territoire.",
        ),
        MIDDLING: (
            "Le besoin est réel, mais les chiffres datent et ne distinguent pas les publics prioritaires.",
            "Le lien avec l'axe est clair ; l'analyse des réponses existantes manque.",
            "Le diagnostic est convaincant pour la ville-centre, moins pour les communes rurales visées.",
            "Le public est bien défini, son nombre l'est moins.",
        ),
        STRONG: (
            "Besoin documenté par une enquête locale, partagé avec les prescripteurs et non couvert "
            "aujourd'hui.",
            "Réponse directe à un manque relevé dans l'état des lieux ; le public est précis et nombreux.",
            "Diagnostic remarquable : il part des personnes qui n'entrent pas, et non de celles qui entrent.",
            "L'articulation avec les objectifs du Pacte est explicite et chiffrée.",
        ),
    },
    "C2": {
        WEAK: (
            "Il s'agit de la reconduction d'une action connue, sous un autre nom.",
            "La plus-value par rapport au programme régional n'apparaît pas.",
        ),
        MIDDLING: (
            "L'idée est intéressante, mais plusieurs organismes la pratiquent déjà dans la région.",
            "La complémentarité avec les expérimentations nationales est mentionnée sans être vérifiée.",
            "L'innovation tient à un outil ; l'organisation, elle, ne change pas.",
        ),
        STRONG: (
            "Démarche nouvelle sur ce territoire, hypothèse claire et conditions d'échec énoncées.",
            "Le renversement proposé est réel et dépasse l'usage d'un outil.",
            "La complémentarité avec l'État a été vérifiée auprès des services ; aucune dépense ne se "
            "recouvre.",
        ),
    },
    "C3": {
        WEAK: (
            "Le parcours n'est pas décrit ; on ne sait pas ce qu'une personne fera la première semaine.",
            "Programme identique pour tous, sans positionnement ni accompagnement.",
        ),
        MIDDLING: (
            "Le parcours est clair, l'accompagnement après la sortie l'est moins.",
            "Les mises en situation sont prévues, leur part dans le parcours n'est pas indiquée.",
            "La certification visée est cohérente ; la voie pour ceux qui s'arrêtent avant reste à préciser.",
        ),
        STRONG: (
            "Positionnement en situation, étapes courtes, preuve à chaque étape : le parcours est sécurisé.",
            "L'alternance avec l'entreprise est pensée avec les tuteurs ; l'accompagnement couvre l'amont "
            "et l'aval.",
            "La pédagogie est décrite avec des exemples qui montrent une vraie pratique de ces publics.",
        ),
    },
    "C4": {
        WEAK: (
            "Les partenaires sont cités sans engagement ; aucune entreprise n'est associée.",
            "La gouvernance se limite au porteur.",
        ),
        MIDDLING: (
            "Deux lettres d'engagement sur quatre partenaires annoncés.",
            "Les rôles sont répartis, mais le service public de l'emploi n'apparaît qu'à la sortie.",
            "Le partenariat est solide localement ; les branches ne sont pas associées.",
        ),
        STRONG: (
            "Engagements signés et précis, avec des moyens apportés par chacun.",
            "Les entreprises siègent au comité de pilotage et s'engagent sur des places d'accueil.",
            "Gouvernance légère et éprouvée, ouverte aux participants eux-mêmes.",
        ),
    },
    "C5": {
        WEAK: (
            "Le calendrier est irréaliste : une première entrée est prévue avant tout recrutement.",
            "La trésorerie de la structure ne permet pas d'attendre le premier acompte.",
        ),
        MIDDLING: (
            "L'équipe est crédible, mais trop dépendante d'une seule personne.",
            "Calendrier tendu pour les trois premiers mois ; les solutions de repli sont prévues.",
            "Les comptes montrent une fragilité passagère, expliquée par le porteur.",
        ),
        STRONG: (
            "Équipe en place, calendrier progressif et risques traités un à un.",
            "Le porteur a conduit un projet comparable, dont le bilan est joint.",
            "Fonds propres et trésorerie suffisants pour la durée du projet.",
        ),
    },
    "C6": {
        WEAK: (
            "Les charges de personnel ne correspondent pas à l'équipe décrite.",
            "Le coût par bénéficiaire est plus du double de la moyenne, sans justification.",
        ),
        MIDDLING: (
            "Budget cohérent ; deux cofinancements restent à confirmer.",
            "Le poste des prestations extérieures mériterait un détail.",
            "Le coût par bénéficiaire est dans la moyenne haute.",
        ),
        STRONG: (
            "Budget détaillé et proportionné ; les cofinancements sont acquis.",
            "Coût par bénéficiaire inférieur à la moyenne, sans rogner sur l'accompagnement.",
            "Les charges indirectes sont justifiées et contenues.",
        ),
    },
    "C7": {
        WEAK: (
            "Indicateurs de moyens seulement ; aucune cible.",
            "L'évaluation est renvoyée à la fin du projet, sans méthode.",
        ),
        MIDDLING: (
            "Le suivi est bien décrit, l'impact repose sur un seul indicateur.",
            "Les cibles sont posées, les valeurs de départ manquent.",
            "L'essaimage est souhaité mais ses conditions ne sont pas décrites.",
        ),
        STRONG: (
            "Indicateurs de suivi et d'impact complets, avec valeurs de départ, cibles et méthode de "
            "recueil.",
            "L'évaluation commence avec le projet et associe les participants.",
            "Les conditions de reproduction sont précises, coûts compris.",
        ),
    },
    "C8": {
        WEAK: (
            "Les publics prioritaires sont évoqués sans objectif ni action.",
            "Rien sur l'égalité entre les femmes et les hommes ni sur l'accessibilité.",
        ),
        MIDDLING: (
            "Objectif chiffré pour les quartiers prioritaires ; rien pour les communes rurales.",
            "L'accessibilité est prévue à la demande, sans anticipation.",
            "La part des femmes est suivie, les actions pour l'augmenter sont peu nombreuses.",
        ),
        STRONG: (
            "Les publics prioritaires sont au cœur du projet, avec des moyens dédiés.",
            "Transport, garde d'enfants et aménagements sont prévus et financés.",
            "Le projet se déroule dans les communes qui en ont le plus besoin.",
        ),
    },
}

GENERAL: dict[str, tuple[str, ...]] = {
    WEAK: (
        "Le dossier n'est pas mûr. Une nouvelle présentation, après un travail avec les partenaires, "
        "serait utile.",
        "Les réponses restent générales ; trop d'éléments manquent pour engager des fonds publics.",
    ),
    MIDDLING: (
        "Projet utile, dont plusieurs points restent à préciser avant tout engagement.",
        "L'intention est bonne ; la mise en œuvre demande un accompagnement de la Région.",
        "Un projet sérieux, qui gagnerait à resserrer son périmètre.",
    ),
    STRONG: (
        "Projet abouti, prêt à démarrer, dont les enseignements seront utiles au-delà du territoire.",
        "Excellente connaissance du public et du terrain. À soutenir.",
        "Un des projets les plus convaincants de l'appel sur cet axe.",
    ),
}

COLLEGE_VIEW: dict[str, tuple[str, ...]] = {
    "state": (
        "Le projet complète les programmes nationaux sans les recouvrir.",
        "Il contribue au repérage des publics que les services de l'État n'atteignent pas.",
        "Il répond aux priorités territoriales partagées avec les préfectures de département.",
    ),
    "region": (
        "Le projet s'inscrit dans les objectifs du contrat de plan régional et les prolonge.",
        "Il renforce une offre insuffisante sur ce bassin.",
        "Il prépare une évolution possible des commandes de formation de la Région.",
    ),
    "employers": (
        "Les compétences visées correspondent à des recrutements ouverts dans les entreprises du territoire.",
        "Les petites entreprises sont associées dès la conception, ce qui est rare.",
        "La place de la situation de travail répond à une demande constante des employeurs.",
    ),
    "unions": (
        "Le projet garantit une qualification reconnue, et pas seulement une adaptation au poste.",
        "L'accompagnement des personnes et la sécurisation de leur parcours sont réels.",
        "Les conditions d'accueil en entreprise et le rôle des tuteurs sont précisés.",
    ),
}

RESERVATIONS: dict[str, tuple[str, ...]] = {
    "suspensive": (
        "Produire la lettre d'engagement du principal partenaire avant le vote",
        "Confirmer par écrit le cofinancement annoncé avant le vote",
        "Fournir l'accord de l'autorité judiciaire ou de l'établissement d'accueil",
        "Présenter un calendrier révisé des trois premiers mois",
    ),
    "in_contract": (
        "Fixer dans la convention une part minimale d'heures en situation de travail",
        "Ajouter à la convention un indicateur d'emploi à six mois",
        "Plafonner les charges indirectes à 10 % des charges directes",
        "Prévoir un point d'étape avec les collèges à mi-parcours",
        "Préciser dans la convention le rôle et la disponibilité des tuteurs",
    ),
    "recommendation": (
        "Associer la mission locale dès le repérage",
        "Se rapprocher du projet voisin pour partager le plateau technique",
        "Publier les outils sans attendre la fin du projet",
        "Ouvrir le comité de pilotage à un représentant des stagiaires",
        "Prévoir des horaires compatibles avec la garde d'enfants",
    ),
}

UNFAVOURABLE = (
    "Le projet recouvre une action déjà financée sur le même bassin, pour le même public.",
    "La qualification visée n'est pas reconnue par la branche et ne débouche sur aucun recrutement "
    "identifié.",
    "L'équilibre économique repose sur des recettes que rien ne garantit.",
    "Les conditions d'accueil en entreprise n'offrent pas de garanties suffisantes aux participants.",
    "La part consacrée aux participants est trop faible au regard des dépenses de structure.",
)

ABSTENTION = (
    "Le collège n'a pas arrêté de position commune.",
    "Faute d'éléments sur les cofinancements, le collège ne prend pas position.",
)
