"""Ideas of projects for axes 2 and 3: what is taught, and how."""

from __future__ import annotations

from scenario.texts.concept import Concept

CONTENTS: tuple[Concept, ...] = (
    Concept(
        "A2",
        ("A2.1", "A2.2"),
        ("ECONOMIE.NOUVEAUX", "QUALITE.OUTILS"),
        ("DE_PEU_QUALIFIES", "JEUNES"),
        titles=(
            "Baromètre des compétences : lire les besoins {of_place} en continu",
            "Diagnostic en atelier : écrire les métiers {sector} avec ceux qui les font",
        ),
        needs=(
            "Les enquêtes annuelles décrivent des intitulés d'emploi, quand {firms} parlent de gestes, de "
            "machines et "
            "de situations. L'écart fait échouer {pct} % des recrutements {where}.",
            "Les contenus de formation aux {metiers} ont en moyenne six ans. Avec {shift}, le travail a "
            "changé "
            "plus vite que les référentiels.",
        ),
        objectives=(
            "Observer le travail réel dans {many} postes",
            "Publier chaque trimestre une carte des compétences en tension",
            "Réécrire dix modules à partir des constats",
            "Installer un comité d'entreprises qui relit les contenus",
        ),
        pathway=(
            "Des binômes formateur et ingénieur observent des postes, caméra à l'appui et avec l'accord "
            "des salariés.",
            "Les observations sont traduites en situations, puis en modules de {days} jours.",
            "Un premier groupe éprouve chaque module avant sa diffusion.",
            "La carte des compétences est ouverte à tous les organismes de la région.",
        ),
        innovations=(
            "Le diagnostic naît de l'observation du travail et non de déclarations d'intention.",
            "La boucle entre observation et module se referme en trois mois au lieu de trois ans.",
        ),
    ),
    Concept(
        "A2",
        ("A2.4", "A2.7"),
        ("ECONOMIE.TRANSITIONS", "PROGRAMME.INGENIERIE"),
        ("DE_PEU_QUALIFIES", "SENIORS", "JEUNES"),
        titles=(
            "Blocs verts : intégrer la transition dans les {metiers}",
            "Compétences de transition {where} : des blocs courts et cumulables",
        ),
        needs=(
            "Avec {shift}, {firms} demandent des compétences nouvelles à des salariés et à des candidats "
            "formés "
            "autrement. Les formations longues n'ont pas de module court à leur proposer.",
            "Les blocs de compétences sont encore peu mobilisés : {where}, {pct} % seulement des parcours "
            "financés "
            "permettent d'en valider un séparément.",
        ),
        objectives=(
            "Créer six blocs courts, capitalisables vers le {title}",
            "Former {many} personnes sur au moins un bloc",
            "Équiper trois plateaux techniques partagés",
            "Faire reconnaître les blocs par la branche",
        ),
        pathway=(
            "Chaque bloc dure de 35 à 70 heures et se termine par une épreuve sur chantier ou en atelier.",
            "Les formateurs passent une semaine en entreprise avant d'écrire.",
            "Les stagiaires composent leur parcours avec un conseiller, à partir d'un positionnement.",
            "Les entreprises peuvent inscrire leurs salariés sur les places restantes.",
        ),
        innovations=(
            "Les blocs sont communs aux demandeurs d'emploi et aux salariés, qui apprennent ensemble.",
            "Le coût par bloc est publié, et permet à d'autres organismes de reprendre l'ingénierie.",
        ),
    ),
    Concept(
        "A2",
        ("A2.5",),
        ("ECONOMIE.CIBLES", "QUALITE.ORGANISATION"),
        ("JEUNES", "DE_PEU_QUALIFIES", "IAE_PEC"),
        titles=(
            "Apprendre au poste : la formation en situation de travail dans les petites entreprises {sector}",
            "Le tuteur d'à côté : formation en situation de travail partagée {where}",
        ),
        needs=(
            "Neuf entreprises sur dix {where} comptent moins de vingt salariés : elles n'ont ni service de "
            "formation ni "
            "temps pour écrire une progression, mais elles savent montrer.",
            "{firms_cap} refusent d'envoyer en centre un salarié dont elles ont besoin chaque jour. La "
            "formation en "
            "situation de travail y répond, à condition d'être outillée.",
        ),
        objectives=(
            "Accompagner {many} entreprises de moins de vingt salariés",
            "Former deux cents tuteurs à l'analyse du travail",
            "Conduire {pct} % des apprenants à une certification partielle",
            "Mutualiser un référent de formation pour dix entreprises",
        ),
        pathway=(
            "Un référent partagé analyse le travail et repère les situations qui apprennent.",
            "L'apprenant alterne mises en situation et temps réflexifs d'une heure, filmés ou photographiés.",
            "Le tuteur est remplacé pendant les temps réflexifs grâce à un groupement d'employeurs.",
            "Une préparation opérationnelle à l'emploi de {hours} heures précède les embauches.",
        ),
        innovations=(
            "Le référent est partagé entre entreprises voisines, ce qui rend la démarche accessible aux "
            "plus petites.",
            "Les traces du travail filmées par l'apprenant deviennent sa preuve de compétence.",
        ),
    ),
    Concept(
        "A2",
        ("A2.6", "A2.3"),
        ("ECONOMIE.NOUVEAUX", "PUBLIC.FLUIDITE"),
        ("DE_PEU_QUALIFIES", "SENIORS", "RSA"),
        titles=(
            "Passerelles : changer de métier sans repartir de zéro {where}",
            "D'un métier à l'autre : parcours courts vers les {metiers}",
        ),
        needs=(
            "Les restructurations annoncées {where} concernent {many} emplois peu qualifiés. Les "
            "compétences acquises "
            "intéressent {firms}, mais ni les salariés ni les recruteurs ne savent les nommer.",
            "Un demandeur d'emploi qui change de secteur recommence aujourd'hui un parcours complet, dont "
            "{pct} % des "
            "heures portent sur ce qu'il sait déjà.",
        ),
        objectives=(
            "Cartographier trente passerelles entre certifications",
            "Réduire d'un tiers la durée des parcours de reconversion",
            "Former {many} personnes par une passerelle",
            "Faire valider les passerelles par les certificateurs",
        ),
        pathway=(
            "Un outil de comparaison des référentiels propose les compétences communes et celles à acquérir.",
            "Un jury d'entrée valide les acquis ; le parcours ne porte que sur le reste.",
            "Un tronc commun de {days} jours couvre les habilitations exigées dans plusieurs métiers.",
            "L'immersion intervient dès la deuxième semaine.",
        ),
        innovations=(
            "La passerelle est un droit ouvert par un jury, et non une faveur négociée au cas par cas.",
            "L'outil de comparaison est libre, et utilisable par le conseil en évolution professionnelle.",
        ),
    ),
    Concept(
        "A2",
        ("A2.7", "A2.2"),
        ("ECONOMIE.TRANSITIONS", "PROGRAMME.PEDAGOGIE"),
        ("JEUNES", "DE_PEU_QUALIFIES", "ILLECTRONISME"),
        titles=(
            "Le numérique au cœur des {metiers}, pas à côté",
            "Transition numérique {sector} : refondre huit formations {of_place}",
        ),
        needs=(
            "Les outils numériques sont enseignés à part, en salle informatique, alors que {firms} les "
            "utilisent au "
            "poste. {pct} % des stagiaires disent ne pas réemployer ce qu'ils ont appris.",
            "L'étude comparée des contrats régionaux montre que la transition numérique est rarement un "
            "axe formalisé : "
            "les formations aux {metiers} {where} en sont un exemple.",
        ),
        objectives=(
            "Refondre huit formations avec les outils réels du métier",
            "Équiper les ateliers des logiciels et capteurs utilisés en entreprise",
            "Professionnaliser quarante formateurs",
            "Former {many} stagiaires dans les parcours refondus",
        ),
        pathway=(
            "Chaque module introduit l'outil numérique au moment où le geste l'appelle.",
            "Une maquette d'entreprise reproduit commande, planning, production et facture.",
            "Les stagiaires documentent leur travail avec un carnet numérique.",
            "Un parrainage relie chaque groupe à une entreprise équipée.",
        ),
        innovations=(
            "Les outils sont choisis et financés avec les entreprises, qui les mettent à jour.",
            "La refonte porte sur la formation entière, et non sur un module numérique ajouté.",
        ),
    ),
    Concept(
        "A2",
        ("A2.3",),
        ("ECONOMIE.CIBLES", "PROGRAMME.INGENIERIE"),
        ("DE_PEU_QUALIFIES", "BPI", "JEUNES"),
        titles=(
            "Le socle : habilitations et compétences communes à six métiers",
            "Prêts à l'embauche : un tronc commun {where}",
        ),
        needs=(
            "Permis, habilitations, gestes de premiers secours : ces sésames manquent à {pct} % des "
            "candidats adressés "
            "aux {firms_bare}. Chaque organisme les organise de son côté, avec des sessions incomplètes.",
            "Les compétences transversales sont attendues par tous les employeurs {of_place}, et évaluées "
            "par aucun.",
        ),
        objectives=(
            "Mutualiser les sessions d'habilitation de six organismes",
            "Former {many} personnes au socle commun",
            "Évaluer les compétences transversales par des mises en situation",
            "Réduire de 30 % le coût par personne",
        ),
        pathway=(
            "Le socle dure {weeks} semaines et s'ouvre chaque mois, sans condition de niveau.",
            "Les habilitations sont préparées et passées sur un même plateau.",
            "Les compétences transversales sont observées lors d'un défi collectif de {days} jours.",
            "Chaque personne choisit ensuite sa branche, avec une place réservée.",
        ),
        innovations=(
            "Six organismes concurrents partagent un calendrier, un plateau et un référentiel.",
            "L'évaluation des compétences transversales se fonde sur des indices observés, publiés à "
            "l'avance.",
        ),
    ),
)

PEDAGOGIES: tuple[Concept, ...] = (
    Concept(
        "A3",
        ("A3.1",),
        ("PROGRAMME.PEDAGOGIE", "QUALITE.ORGANISATION"),
        ("RURAUX", "DE_PEU_QUALIFIES"),
        titles=(
            "Présence augmentée : une pédagogie mixte qui n'abandonne personne",
            "Distance accompagnée : {days} tiers-lieux pour se former {where}",
        ),
        needs=(
            "Les périodes à distance ont montré leurs limites : {pct} % des stagiaires les moins qualifiés "
            "ont décroché "
            "faute d'équipement, de calme ou d'accompagnement.",
            "Les plateformes existantes reproduisent le cours magistral. Les formateurs {of_place} "
            "demandent des "
            "scénarios conçus pour des publics qui lisent peu.",
        ),
        objectives=(
            "Produire trente scénarios mêlant présence, distance et situation de travail",
            "Ouvrir des lieux accompagnés à moins de vingt kilomètres",
            "Ramener l'abandon à distance sous le niveau de la présence",
            "Former {many} stagiaires dans ces modalités",
        ),
        pathway=(
            "La distance se vit en petit groupe, dans un tiers-lieu, avec un accompagnateur présent.",
            "Les ressources sont d'abord visuelles et sonores, utilisables sur téléphone et hors connexion.",
            "Chaque semaine comprend un jour de pratique sur plateau.",
            "Un tableau de bord signale les absences de plus de deux jours.",
        ),
        innovations=(
            "La distance n'est plus solitaire : le tiers-lieu et l'accompagnateur en font partie.",
            "Les ressources sont publiées sous licence libre, avec leurs sources.",
        ),
    ),
    Concept(
        "A3",
        ("A3.1",),
        ("PROGRAMME.PEDAGOGIE", "QUALITE.OUTILS"),
        ("JEUNES", "HANDICAP", "DE_PEU_QUALIFIES"),
        titles=(
            "Simuler pour oser : la réalité virtuelle au service des {metiers}",
            "Gestes sûrs : un simulateur mobile {where}",
        ),
        needs=(
            "Certaines situations des {metiers} sont dangereuses, rares ou coûteuses à reproduire. Les "
            "stagiaires les "
            "découvrent en entreprise, au moment où l'erreur compte.",
            "{firms_cap} {of_place} signalent que {pct} % des ruptures de contrat suivent un incident que "
            "la formation "
            "n'avait pas préparé.",
        ),
        objectives=(
            "Développer dix scénarios de simulation avec les professionnels",
            "Équiper un véhicule qui dessert tous les organismes partenaires",
            "Former {many} stagiaires et quarante formateurs",
            "Mesurer l'effet sur la réussite aux épreuves pratiques",
        ),
        pathway=(
            "La simulation s'insère entre la démonstration et le geste réel.",
            "L'erreur est permise, enregistrée et analysée en groupe.",
            "Les scénarios existent en version debout, assise et sans casque.",
            "Un formateur référent par organisme anime et adapte.",
        ),
        innovations=(
            "Les scénarios sont écrits à partir d'incidents réels, rendus anonymes.",
            "Le matériel est partagé : son coût par stagiaire est divisé par quatre.",
        ),
    ),
    Concept(
        "A3",
        ("A3.3",),
        ("PROGRAMME.PEDAGOGIE", "QUALITE.ORGANISATION"),
        ("DE_PEU_QUALIFIES", "JEUNES"),
        titles=(
            "Formateurs en réseau : apprendre les uns des autres {where}",
            "L'atelier des formateurs {of_place}",
        ),
        needs=(
            "Les formateurs travaillent seuls, souvent à temps partiel et pour plusieurs organismes. {pct} "
            "% n'ont suivi "
            "aucune formation depuis trois ans.",
            "Le passage à l'individualisation transforme le métier. Les organismes {of_place}, petits pour "
            "la plupart, "
            "ne peuvent y préparer seuls leurs équipes.",
        ),
        objectives=(
            "Réunir {many} formateurs dans une communauté active",
            "Proposer à chacun deux jours de visite croisée par an",
            "Certifier soixante formateurs sur des blocs de leur métier",
            "Produire et partager quarante ressources éprouvées",
        ),
        pathway=(
            "Des visites croisées, préparées et exploitées, sont l'entrée principale.",
            "Un laboratoire pédagogique ouvre chaque vendredi pour essayer avant d'utiliser.",
            "Les formateurs vacataires sont rémunérés pour participer.",
            "Les blocs du titre de formateur se préparent sur le lieu de travail.",
        ),
        innovations=(
            "Des organismes concurrents ouvrent leurs salles les uns aux autres.",
            "La communauté est animée par les formateurs, élus pour un an.",
        ),
    ),
    Concept(
        "A3",
        ("A3.1",),
        ("PROGRAMME.INGENIERIE", "QUALITE.OUTILS"),
        ("DE_PEU_QUALIFIES", "ILLETTRISME", "RSA"),
        titles=(
            "Au juste niveau : positionner et évaluer autrement",
            "Évaluer pour faire grandir : un référentiel partagé {where}",
        ),
        needs=(
            "Le positionnement d'entrée dure souvent une heure, sur table. Il place {pct} % des stagiaires "
            "dans un groupe "
            "qui ne leur convient pas, constatent les équipes {of_place}.",
            "Les acquis de la formation sont évalués, leur transformation en compétences ne l'est pas : "
            "{firms} "
            "redemandent un essai à chaque embauche.",
        ),
        objectives=(
            "Construire douze situations de positionnement dans les {metiers}",
            "Réduire de moitié les changements de groupe",
            "Suivre la compétence jusqu'à trois mois après l'embauche",
            "Outiller {many} formateurs et tuteurs",
        ),
        pathway=(
            "Le positionnement prend une journée, en atelier, avec deux observateurs.",
            "Chaque compétence est décrite par des indices que le stagiaire peut lire.",
            "L'évaluation finale associe un professionnel qui ne connaît pas le stagiaire.",
            "Une visite à trois mois vérifie le transfert en entreprise.",
        ),
        innovations=(
            "L'évaluation va jusqu'au poste de travail, trois mois après.",
            "Les indices sont communs au formateur, au tuteur et au stagiaire.",
        ),
    ),
    Concept(
        "A3",
        ("A3.1", "A3.3"),
        ("PROGRAMME.INGENIERIE", "PUBLIC.FLUIDITE"),
        ("DE_PEU_QUALIFIES", "PARENTS_ISOLES", "JEUNES"),
        titles=(
            "Entrer chaque lundi : modulariser les parcours vers les {metiers}",
            "À la carte, pas au hasard : individualiser {where}",
        ),
        needs=(
            "Deux sessions par an : c'est le rythme de la plupart des formations aux {metiers} {where}. "
            "Une personne "
            "prête en février attend septembre, et {pct} % renoncent.",
            "L'individualisation reste un mot tant que les plannings, les salles et les contrats sont "
            "pensés par groupe.",
        ),
        objectives=(
            "Ouvrir des entrées hebdomadaires dans six formations",
            "Découper les contenus en soixante modules autonomes",
            "Réduire à trois semaines le délai d'entrée",
            "Accueillir {many} stagiaires en parcours individualisé",
        ),
        pathway=(
            "Chaque module précise ce qu'il faut savoir avant, ce que l'on saura après, et comment on le "
            "prouve.",
            "Un atelier permanent accueille les stagiaires entre deux modules.",
            "Le planning est tenu par un logiciel, ajusté chaque vendredi avec le stagiaire.",
            "Le formateur devient référent de dix parcours.",
        ),
        innovations=(
            "L'organisation entière de l'établissement change, des plannings aux contrats des formateurs.",
            "Les modules sont décrits dans un format ouvert, échangeable entre organismes.",
        ),
    ),
    Concept(
        "A3",
        ("A3.2",),
        ("QUALITE.ORGANISATION", "PROGRAMME.PEDAGOGIE"),
        ("DE_PEU_QUALIFIES", "QPV"),
        titles=(
            "Paroles de stagiaires : une boucle de qualité {where}",
            "Acheter mieux, former mieux : un cahier des charges par la preuve",
        ),
        needs=(
            "Les enquêtes de satisfaction recueillent plus de 90 % d'avis favorables, quand {pct} % des "
            "stagiaires "
            "s'arrêtent avant la fin : elles n'interrogent que ceux qui restent.",
            "Les commandes de formation décrivent des heures et des moyens. Les organismes {of_place} "
            "proposent qu'elles "
            "décrivent des effets, observés avec les stagiaires.",
        ),
        objectives=(
            "Recueillir la parole de {many} stagiaires, y compris de ceux qui sont partis",
            "Former des stagiaires à l'enquête par les pairs",
            "Proposer un cahier des charges fondé sur des effets observables",
            "Éprouver ce cahier des charges sur quatre lots",
        ),
        pathway=(
            "Des stagiaires enquêteurs, formés en {days} jours, interrogent leurs pairs.",
            "Un forum trimestriel réunit stagiaires, formateurs et acheteurs.",
            "Chaque constat donne lieu à une réponse écrite de l'organisme dans le mois.",
            "Les critères d'achat sont ajustés après chaque forum.",
        ),
        innovations=(
            "Les stagiaires passent du rôle d'enquêtés à celui d'enquêteurs.",
            "L'évaluation devient une clause de la commande, et non un rapport final.",
        ),
    ),
)
