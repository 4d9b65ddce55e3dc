"""Ideas of projects for axes 1 and 4: access to qualification, and the publics who are furthest from it."""

from __future__ import annotations

from scenario.texts.concept import Concept

ACCESS: tuple[Concept, ...] = (
    Concept(
        "A1",
        ("A1.1",),
        ("PUBLIC.REPERAGE", "PUBLIC.RUPTURE"),
        ("RURAUX", "NON_RECOURS", "QPV"),
        titles=(
            "Le bus des métiers {sector} : aller vers les habitants {of_place}",
            "Compétences en route : une antenne mobile autour {of_city}",
            "Porte-à-porte vers la qualification {where}",
        ),
        needs=(
            "{where_cap}, {pct} % des demandeurs d'emploi sans diplôme n'ont ouvert aucun dossier de "
            "formation depuis "
            "deux ans. La distance, le coût du déplacement et la méconnaissance des droits se cumulent : les "
            "permanences installées {at_city} ne touchent que ceux qui s'y rendent déjà.",
            "Une enquête menée auprès de {many} habitants autour {of_city} montre que la formation est "
            "perçue comme "
            "« pas pour eux ». Le premier frein cité est l'absence d'interlocuteur proche, avant le "
            "financement.",
        ),
        objectives=(
            "Rencontrer {many} personnes là où elles vivent, hors de toute prescription",
            "Proposer à chacune un essai de métier dans les dix jours",
            "Ouvrir un parcours qualifiant à une personne sur trois",
            "Outiller les mairies et les associations relais pour repérer à leur tour",
            "Mesurer ce qui fait lever ou non chaque frein",
        ),
        pathway=(
            "Un véhicule aménagé en plateau technique tient {days} haltes par semaine, sur les marchés, "
            "devant les "
            "écoles et au pied des immeubles.",
            "L'essai des gestes {of_trade} précède l'entretien : on parle de formation après avoir fait, "
            "non avant.",
            "Chaque personne repart avec un rendez-vous daté et le nom d'un référent.",
            "Une étape de préparation de {weeks} semaines consolide le projet et lève les freins de "
            "mobilité.",
            "L'entrée en parcours se fait par petits groupes, toute l'année.",
        ),
        innovations=(
            "Le projet inverse l'ordre habituel : l'essai du métier vient avant la prescription, et "
            "l'équipe va au "
            "public au lieu de l'attendre.",
            "L'antenne mobile réunit pour la première fois le repérage, l'essai et l'inscription en un "
            "même lieu.",
        ),
    ),
    Concept(
        "A1",
        ("A1.2",),
        ("PUBLIC.FLUIDITE", "ECONOMIE.CIBLES"),
        ("DE_PEU_QUALIFIES", "JEUNES", "RSA"),
        titles=(
            "Par étapes vers les {metiers}",
            "Escalier : un parcours qualifiant en quatre marches {where}",
            "De la découverte au titre : parcours sans couture {of_place}",
        ),
        needs=(
            "Les recrutements de {jobs} restent difficiles {where}, alors que {many} demandeurs d'emploi "
            "peu qualifiés "
            "visent ces métiers. Les actions existantes s'enchaînent mal : entre deux étapes, l'attente "
            "dépasse trois "
            "mois et un stagiaire sur trois abandonne.",
            "Le parcours actuel oblige à recommencer un dossier à chaque étape. Les entreprises, elles, "
            "attendent des "
            "candidats qui connaissent déjà l'atelier et les horaires.",
        ),
        objectives=(
            "Réduire à moins de quinze jours l'attente entre deux étapes",
            "Conduire {pct} % des entrants jusqu'au {title}",
            "Faire valider au moins un bloc de compétences à ceux qui s'arrêtent en route",
            "Associer {days} entreprises à chaque session",
            "Construire un passeport de compétences lisible par les employeurs",
        ),
        pathway=(
            "Le positionnement repère les acquis de la personne en situation réelle plutôt que par un test "
            "écrit.",
            "Le parcours alterne {hours} heures en centre et des périodes en entreprise, avec le même "
            "tuteur.",
            "Chaque étape se conclut par une preuve versée au passeport de compétences.",
            "La certification visée est le {title} ; ses blocs se passent séparément.",
            "La validation des acquis de l'expérience complète le parcours des plus expérimentés.",
        ),
        innovations=(
            "Un seul contrat pédagogique couvre tout le parcours, de la découverte à l'emploi, quels que "
            "soient les "
            "financeurs de chaque étape.",
            "Les étapes sont conçues avec les entreprises, qui s'engagent par écrit sur des périodes "
            "d'accueil.",
        ),
    ),
    Concept(
        "A1",
        ("A1.2", "A1.3"),
        ("PUBLIC.ACCOMPAGNEMENT", "QUALITE.OUTILS"),
        ("ILLETTRISME", "IAE_PEC", "BPI"),
        titles=(
            "Lire, compter, travailler : les premiers savoirs par les {metiers}",
            "Mots d'atelier : les compétences de base en situation {where}",
        ),
        needs=(
            "Les structures d'insertion {of_place} estiment que {pct} % de leurs salariés ne maîtrisent "
            "pas l'écrit "
            "nécessaire pour suivre une formation qualifiante. Les ateliers de savoirs de base existent, "
            "mais loin du "
            "travail et sans lien avec lui.",
            "Les consignes de sécurité, les bons de livraison et les plannings sont devenus numériques : "
            "celles et ceux "
            "qui lisent mal sont écartés des {metiers} avant même d'avoir essayé.",
        ),
        objectives=(
            "Faire progresser {many} personnes d'au moins un degré en lecture et en calcul",
            "Produire vingt séquences à partir de documents de travail réels",
            "Former les encadrants techniques à repérer et à accompagner",
            "Engager la moitié des participants vers une formation qualifiante",
        ),
        pathway=(
            "Les séquences partent d'un geste professionnel et remontent vers l'écrit qui l'accompagne.",
            "Un binôme réunit un formateur et un encadrant technique, sur le poste de travail.",
            "L'évaluation est continue, orale d'abord, et rendue visible par un carnet de réussites.",
            "Le parcours dure {weeks} semaines à raison de deux demi-journées, prises sur le temps de "
            "travail.",
            "Les participants qui le souhaitent préparent un certificat de connaissances et de compétences.",
        ),
        innovations=(
            "La matière pédagogique vient de l'atelier lui-même : consignes, étiquettes, échanges radio.",
            "Le projet remplace le test d'entrée par l'observation du travail, moins intimidante et plus "
            "juste.",
        ),
    ),
    Concept(
        "A1",
        ("A1.3",),
        ("PUBLIC.ACCOMPAGNEMENT", "PUBLIC.RUPTURE"),
        ("RSA", "DE_PEU_QUALIFIES", "PARENTS_ISOLES"),
        titles=(
            "Un référent, un parcours : sécuriser l'entrée et la sortie de formation {where}",
            "Fil continu : l'accompagnement avant, pendant et après {of_place}",
        ),
        needs=(
            "Sur {many} entrées en formation suivies {where}, {pct} % se terminent par un abandon, le plus "
            "souvent dans "
            "les six premières semaines et pour des raisons étrangères au contenu : garde d'enfants, "
            "transport, "
            "logement, santé.",
            "À la sortie, l'accompagnement s'interrompt au moment où il serait le plus utile : trois mois "
            "après, la "
            "moitié des certifiés n'a plus aucun contact avec un conseiller.",
        ),
        objectives=(
            "Diviser par deux les abandons des six premières semaines",
            "Maintenir le lien pendant six mois après la sortie",
            "Mobiliser un fonds de secours sous quarante-huit heures",
            "Partager un même carnet de liaison entre tous les intervenants",
        ),
        pathway=(
            "Un référent unique suit au plus vingt-cinq personnes, de l'orientation au sixième mois "
            "d'emploi.",
            "Un point hebdomadaire de dix minutes détecte les signes de décrochage.",
            "Une cellule réunit chaque quinzaine les partenaires qui peuvent lever un frein.",
            "Le fonds de secours règle sans délai un titre de transport, une garde ou une réparation.",
            "Des groupes de pairs, animés par d'anciens stagiaires, se réunissent chaque mois.",
        ),
        innovations=(
            "Le référent ne dépend ni du financeur ni de l'organisme de formation : il suit la personne.",
            "Les anciens stagiaires sont formés et indemnisés pour accompagner les suivants.",
        ),
    ),
    Concept(
        "A1",
        ("A1.2",),
        ("PROGRAMME.INGENIERIE", "QUALITE.OUTILS"),
        ("IAE_PEC", "SENIORS", "NON_RECOURS"),
        titles=(
            "Passeport compétences : reconnaître ce que l'on sait déjà faire",
            "Valider en chemin : VAE collective dans les {metiers}",
        ),
        needs=(
            "Beaucoup {of_public} exercent depuis des années sans aucun titre. Les démarches de validation "
            "des acquis "
            "sont jugées longues et solitaires : {where}, moins d'un dossier commencé sur quatre va au jury.",
            "Les compétences acquises en insertion ou dans des emplois courts ne laissent aucune trace "
            "lisible pour "
            "{firms}, qui déclarent pourtant ne pas trouver de {jobs}.",
        ),
        objectives=(
            "Accompagner {many} personnes dans une validation totale ou partielle",
            "Raccourcir le délai entre le premier rendez-vous et le jury à huit mois",
            "Délivrer des attestations numériques vérifiables par les employeurs",
            "Faire entrer en formation complémentaire ceux à qui il manque un bloc",
        ),
        pathway=(
            "Le repérage des acquis se fait par la photographie commentée du poste de travail.",
            "L'écriture du livret se mène en groupe, avec un écrivain public et un professionnel du métier.",
            "Un jury blanc est tenu dans une entreprise partenaire.",
            "Les blocs manquants sont préparés en {hours} heures au plus, dont la moitié en situation de "
            "travail.",
        ),
        innovations=(
            "La validation devient collective, située dans l'entreprise, et nourrie d'images plutôt que de "
            "textes.",
            "Les attestations sont conçues avec les recruteurs, qui en ont écrit les intitulés.",
        ),
    ),
    Concept(
        "A1",
        ("A1.1", "A1.3"),
        ("PUBLIC.RUPTURE", "PUBLIC.REPERAGE"),
        ("JEUNES", "INVISIBLES", "QPV"),
        titles=(
            "Rebond : douze semaines pour reprendre pied {at_city}",
            "La troupe des métiers : remobiliser par le geste et la scène {where}",
            "Premier pas : une préparation active aux {metiers}",
        ),
        needs=(
            "Dans les quartiers {of_city}, près de {many} jeunes ne sont ni en emploi, ni en études, ni en "
            "formation. "
            "Les dispositifs de droit commun leur demandent un projet qu'ils n'ont pas encore.",
            "Les sorties sans qualification restent stables {where}, mais les jeunes concernés sont plus "
            "isolés : {pct} % "
            "n'ont poussé aucune porte depuis un an.",
        ),
        objectives=(
            "Accueillir {many} jeunes sans condition de projet",
            "Redonner un rythme et des repères en {weeks} semaines",
            "Faire découvrir au moins quatre métiers à chacun",
            "Conduire deux jeunes sur trois vers une formation ou un contrat",
        ),
        pathway=(
            "Le groupe construit une réalisation utile à la commune : un spectacle, un jardin, une "
            "rénovation.",
            "Les matinées sont consacrées au chantier, les après-midi aux savoirs qu'il appelle.",
            "Des professionnels {of_trade} viennent travailler avec le groupe, et l'accueillent ensuite.",
            "Un entraînement sportif hebdomadaire soutient la santé et la confiance.",
            "La sortie se prépare dès la première semaine, avec un parrain de l'entreprise.",
        ),
        innovations=(
            "Le projet professionnel n'est pas la condition d'entrée mais le résultat du parcours.",
            "La réalisation collective sert de preuve : elle est présentée aux employeurs par les jeunes "
            "eux-mêmes.",
        ),
    ),
)

FRAGILE: tuple[Concept, ...] = (
    Concept(
        "A4",
        ("A4.1",),
        ("ECONOMIE.CIBLES", "PUBLIC.ACCOMPAGNEMENT"),
        ("PARENTS_ISOLES", "DE_PEU_QUALIFIES", "QPV"),
        titles=(
            "Elles aussi : des femmes dans les {metiers}",
            "Bleu de travail au féminin {where}",
        ),
        needs=(
            "Les femmes représentent moins de 12 % des entrées en formation vers les {metiers} {where}, "
            "alors que "
            "{firms} recrutent. Les plateaux, les équipements et les horaires n'ont pas été pensés pour "
            "elles.",
            "Les conseillères et conseillers orientent encore selon des représentations anciennes : sur "
            "{many} "
            "entretiens analysés, une femme sur vingt s'est vu proposer un métier technique.",
        ),
        objectives=(
            "Former {many} femmes aux {metiers}",
            "Adapter les plateaux techniques et les équipements",
            "Sensibiliser les prescripteurs et les tuteurs aux représentations",
            "Obtenir d'au moins dix entreprises une charte d'accueil",
        ),
        pathway=(
            "Des immersions de {days} jours, en binôme avec une professionnelle, ouvrent le parcours.",
            "La formation de {hours} heures suit les horaires scolaires.",
            "Un atelier mensuel traite des situations vécues en entreprise.",
            "Les tuteurs reçoivent une journée de préparation avant toute période d'accueil.",
        ),
        innovations=(
            "Le projet agit à la fois sur les candidates, sur les prescripteurs et sur les lieux de travail.",
            "Les professionnelles du métier sont formatrices à part entière, et non témoins d'un jour.",
        ),
    ),
    Concept(
        "A4",
        ("A4.2",),
        ("PUBLIC.REPERAGE", "QUALITE.ORGANISATION"),
        ("RURAUX", "PARENTS_ISOLES", "SENIORS"),
        titles=(
            "Se former près de chez soi : cinq lieux autour {of_city}",
            "Villages apprenants {of_place}",
        ),
        needs=(
            "Autour {of_city}, {pct} % des ménages concernés n'ont pas de véhicule disponible en journée. "
            "Le centre de "
            "formation le plus proche est à plus de quarante minutes.",
            "Les maisons de services, les médiathèques et les ateliers communaux {of_place} sont équipés "
            "mais peu "
            "occupés en semaine : ils pourraient devenir des lieux de formation.",
        ),
        objectives=(
            "Ouvrir cinq lieux de formation à moins de vingt minutes de chaque habitant",
            "Accueillir {many} personnes, dont la moitié de femmes",
            "Organiser le transport et la garde d'enfants avec les communes",
            "Former un animateur par lieu",
        ),
        pathway=(
            "La formation alterne deux jours au village, un jour en entreprise et un jour à distance "
            "accompagnée.",
            "Un plateau technique mobile rejoint chaque lieu une semaine par mois.",
            "Les communes prêtent les salles et participent au choix des métiers.",
            "Le covoiturage est organisé et défrayé par le projet.",
        ),
        innovations=(
            "Le centre de formation se déplace, et le stagiaire reste dans son bassin de vie.",
            "Les communes sont coproductrices du parcours : elles apportent lieux, publics et métiers en "
            "tension.",
        ),
    ),
    Concept(
        "A4",
        ("A4.3",),
        ("PUBLIC.ACCOMPAGNEMENT", "PROGRAMME.PEDAGOGIE"),
        ("HANDICAP", "SENIORS"),
        titles=(
            "Tous capables : accessibilité réelle des formations aux {metiers}",
            "Compenser pour qualifier : un plateau ressource {where}",
        ),
        needs=(
            "Le taux de chômage des personnes en situation de handicap reste près du double de la moyenne "
            "{where}. Les "
            "référents existent dans les organismes mais manquent de temps et d'outils pour adapter un "
            "parcours.",
            "Sur {many} parcours étudiés, les aménagements arrivent en moyenne sept semaines après "
            "l'entrée : trop tard "
            "pour éviter l'abandon.",
        ),
        objectives=(
            "Adapter {many} parcours dans les dix jours suivant la demande",
            "Prêter un matériel de compensation à tout organisme {of_place}",
            "Former les référents handicap à l'analyse des situations",
            "Rendre accessibles vingt modules des {metiers}",
        ),
        pathway=(
            "Une équipe mobile intervient dans l'organisme, auprès du stagiaire et de son formateur.",
            "Le prêt de matériel est immédiat, l'achat vient ensuite avec le financeur compétent.",
            "Les modules sont repris selon les principes de la conception universelle.",
            "Des périodes d'essai en milieu de travail vérifient les adaptations.",
        ),
        innovations=(
            "L'aménagement précède l'entrée en formation au lieu de la suivre.",
            "Les stagiaires concernés participent à la conception des modules et à leur recette.",
        ),
    ),
    Concept(
        "A4",
        ("A4.4",),
        ("PUBLIC.REPERAGE", "QUALITE.OUTILS"),
        ("ILLECTRONISME", "ILLETTRISME", "RURAUX"),
        titles=(
            "Clic après clic : sortir de l'illectronisme par le travail {where}",
            "Écrits et écrans : un même atelier {at_city}",
        ),
        needs=(
            "Une personne sans diplôme sur trois renonce à une démarche en ligne {where}. L'inscription en "
            "formation est "
            "elle-même devenue numérique, et écarte ceux qu'elle vise.",
            "Les permanences numériques {of_city} répondent à l'urgence d'une démarche sans faire "
            "progresser la "
            "personne : {pct} % des usagers reviennent pour la même difficulté.",
        ),
        objectives=(
            "Rendre {many} personnes autonomes dans les démarches liées à l'emploi",
            "Repérer les difficultés d'écrit derrière les difficultés d'écran",
            "Former cinquante aidants de proximité",
            "Déboucher sur une entrée en formation pour la moitié des participants",
        ),
        pathway=(
            "Chaque atelier part d'une démarche réelle, faite avec la personne et non à sa place.",
            "Un diagnostic discret distingue ce qui relève de l'outil et ce qui relève de l'écrit.",
            "Le matériel est prêté, et l'atelier se tient dans un lieu familier.",
            "Le parcours de {weeks} semaines se conclut par une certification de base.",
        ),
        innovations=(
            "Illettrisme et illectronisme sont traités ensemble, par une même équipe.",
            "Les aidants de proximité, commerçants et agents d'accueil, entrent dans le dispositif de "
            "repérage.",
        ),
    ),
    Concept(
        "A4",
        ("A4.5",),
        ("PUBLIC.FLUIDITE", "PUBLIC.RUPTURE"),
        ("PPSMJ", "JEUNES"),
        titles=(
            "Dedans, dehors : un parcours continu vers les {metiers}",
            "Préparer la sortie : se qualifier pendant la peine {where}",
        ),
        needs=(
            "Les formations commencées en détention s'arrêtent le jour de la sortie. {where_cap}, sur "
            "{many} personnes "
            "suivies, {pct} % n'ont repris aucune démarche dans les trois mois.",
            "Les personnes en milieu ouvert n'accèdent presque jamais aux formations qualifiantes : les "
            "obligations "
            "judiciaires sont mal connues des organismes, et les calendriers incompatibles.",
        ),
        objectives=(
            "Assurer la continuité de {many} parcours entre l'intérieur et l'extérieur",
            "Adapter les calendriers aux obligations judiciaires",
            "Engager dix entreprises à recruter à la sortie",
            "Former les équipes pédagogiques au cadre judiciaire",
        ),
        pathway=(
            "Le même formateur intervient dedans et dehors, sur le même référentiel.",
            "Les blocs du {title} sont découpés en unités de deux semaines.",
            "Un sas de {weeks} semaines, en chantier-école, accueille à la sortie.",
            "Le parcours est suivi avec le service d'insertion et de probation.",
        ),
        innovations=(
            "Le parcours ne s'interrompt pas avec la levée d'écrou : même équipe, mêmes unités, même "
            "dossier.",
            "Les employeurs rencontrent les candidats pendant la peine, et s'engagent sur une date.",
        ),
    ),
    Concept(
        "A4",
        ("A4.2", "A4.1"),
        ("PUBLIC.REPERAGE", "PUBLIC.ACCOMPAGNEMENT"),
        ("INVISIBLES", "QPV", "JEUNES"),
        titles=(
            "Hors radar : rejoindre les jeunes que personne ne voit {at_city}",
            "Maraudes de jour : le repérage des invisibles {where}",
        ),
        needs=(
            "Près de {many} jeunes {of_place} ne sont connus d'aucun service. Ils sont hébergés, "
            "travaillent par éclipses "
            "et communiquent par messagerie, jamais par courrier.",
            "Les structures d'accueil {of_city} constatent que les jeunes les plus fragiles n'ouvrent pas "
            "la porte : il "
            "faut aller là où ils sont, y compris en ligne.",
        ),
        objectives=(
            "Entrer en relation avec {many} jeunes, en rue et en ligne",
            "Proposer une première activité rémunérée dans le mois",
            "Remettre à jour les droits de chacun",
            "Transmettre aux services de l'État les constats utiles au repérage",
        ),
        pathway=(
            "Un binôme éducateur et pair parcourt les lieux de vie trois soirs par semaine.",
            "Une présence en ligne tenue par des jeunes répond tous les jours.",
            "Des chantiers de {days} jours, rémunérés, servent de première marche.",
            "L'entrée en parcours se fait avec la mission locale, sans nouveau dossier.",
        ),
        innovations=(
            "Le repérage en ligne obéit à une charte écrite avec les jeunes, et à des règles de discrétion "
            "vérifiées.",
            "Le chantier rémunéré vient avant l'inscription, et crée la confiance.",
        ),
    ),
)
