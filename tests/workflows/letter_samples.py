"""Data for every letter and document, as a Region would fill them: what one looks at, and what tests start from."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from workflows.formats import format_date, format_instant, format_money, format_percent, format_size

PARIS = ZoneInfo("Europe/Paris")
RECEIVED = format_instant(datetime(2021, 5, 28, 15, 0, tzinfo=UTC), PARIS)
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def euros(amount: str) -> str:
    return format_money(Decimal(amount))


def day(year: int, month: int, number: int) -> str:
    return format_date(date(year, month, number))


REGION = {
    "name": "Région Alpha",
    "address": "1 place de la Région\nCS 12345\n35000 Rennes",
    "website": "www.region-alpha.example",
    "accent": "#1d3c6b",
}
COMMON: dict[str, Any] = {
    "region": REGION,
    "reference": "PRIC-53-2021-01-00042-17/C3",
    "date": "11 juin 2021",
}
SIGNATORY = {
    "name": "Anne-Gaëlle Le Goff",
    "capacity": "Directrice de la formation professionnelle",
    "service": "Direction de la formation professionnelle et de l’apprentissage",
    "delegation": "Pour le Président du conseil régional\net par délégation,",
}
LETTER: dict[str, Any] = COMMON | {
    "service": {
        "name": "Service Pacte et innovation dans la formation",
        "address": "1 place de la Région\nCS 12345\n35000 Rennes",
        "email": "pacte@region-alpha.example",
        "phone": "02 99 00 00 00",
        "officer": "Yann Kerbrat",
    },
    "recipient": {
        "name": "Association Tremplin vers l’emploi",
        "attention": "Mme Nadège Brûlé, présidente",
        "address": "14 bis rue de l’Hôtel-Dieu\n29200 Brest",
    },
    "place": "Rennes",
    "salutation": "Madame la Présidente",
    "signatories": [SIGNATORY],
    "by_portal": True,
}
DOCUMENT: dict[str, Any] = COMMON | {"signatories": [SIGNATORY]}
DOSSIER = {
    "reference": "PRIC-53-2021-01-00042-17",
    "title": "Cap compétences : remobiliser par le geste professionnel",
    "organisation": "Association Tremplin vers l’emploi",
    "call": "Développer des parcours certifiants – appel à projets 2021",
}
DELIBERATION = {
    "body": "commission permanente du conseil régional",
    "number": "21_0204_05",
    "date": "8 novembre 2021",
}
REMEDIES = {
    "authority": "le Président du conseil régional",
    "court": "tribunal administratif de Rennes",
    "court_address": "3 contour de la Motte\n35044 Rennes Cedex",
    "delay": "deux mois",
}
PIECES = [
    {
        "label": "Statuts signés",
        "filename": "statuts-2019.pdf",
        "size": format_size(245_000),
        "sha256": SHA256,
    },
    {
        "label": "Budget prévisionnel du projet",
        "filename": "Budget prévisionnel – Cap compétences (version définitive n° 3).xlsx",
        "size": format_size(48_200),
        "sha256": SHA256[::-1],
    },
]
CONTRACT = {
    "number": "CONV-53-2021-0117",
    "project": DOSSIER["title"],
    "beneficiary": DOSSIER["organisation"],
    "amount": euros("110000.00"),
}
GROUNDS = [
    {
        "label": "Dossier reçu hors délai",
        "rule": "Article 6 du règlement de l’appel : dépôt avant le 28 mai 2021 à 17 h 00 (heure de Paris)",
        "fact": "Le dossier a été reçu le 28 mai 2021 à 17 h 02, après la clôture.",
    },
    {
        "label": "Attestation non signée",
        "rule": "Article 7 du règlement de l’appel",
        "fact": "L’attestation sur l’honneur ne porte ni le nom ni la qualité de son signataire.",
    },
]
INSTALMENTS = [
    {
        "label": "Avance",
        "share": format_percent(Decimal("0.5")),
        "amount": euros("55000.00"),
        "condition": "À la notification de la convention",
        "due": "février 2022",
    },
    {
        "label": "Acompte",
        "share": format_percent(Decimal("0.3")),
        "amount": euros("33000.00"),
        "condition": "Sur bilan intermédiaire et état des dépenses acquittées certifié",
        "due": "janvier 2023",
    },
    {
        "label": "Solde",
        "share": format_percent(Decimal("0.2")),
        "amount": euros("22000.00"),
        "condition": "Sur bilan final et compte rendu financier",
        "due": "juin 2024",
    },
]
BUDGET = {
    "basis": "toutes taxes comprises",
    "years": ["2022", "2023", "2024"],
    "expenses": [
        {
            "label": label,
            "amounts": [euros(amount) for amount in amounts],
            "total": euros(str(sum(Decimal(amount) for amount in amounts))),
        }
        for label, amounts in (
            ("60 – Achats", ("12000.00", "8000.00", "3500.50")),
            ("61 – Services extérieurs", ("9500.00", "9500.00", "4000.00")),
            ("64 – Charges de personnel", ("62000.00", "81000.00", "30499.50")),
            ("Charges indirectes (forfait de 15 %)", ("12525.00", "14775.00", "5700.00")),
        )
    ],
    "expense_totals": [euros("96025.00"), euros("113275.00"), euros("43700.00")],
    "expense_total": euros("253000.00"),
    "resources": [
        {"label": "74 – Région Alpha, Pacte", "amounts": [euros("45000.00"), euros("48000.00"), euros("17000.00")], "total": euros("110000.00")},
        {"label": "74 – Département du Finistère", "amounts": [euros("20000.00"), euros("20000.00"), euros("0.00")], "total": euros("40000.00")},
        {"label": "75 – Fonds propres", "amounts": [euros("31025.00"), euros("45275.00"), euros("26700.00")], "total": euros("103000.00")},
    ],
    "resource_totals": [euros("96025.00"), euros("113275.00"), euros("43700.00")],
    "resource_total": euros("253000.00"),
}  # fmt: skip
INDICATORS = [
    {
        "label": "Part des stagiaires sans baccalauréat à l’entrée",
        "kind": "suivi",
        "nature": "quantitatif",
        "baseline": format_percent(Decimal("0.62")),
        "target": format_percent(Decimal("0.8")),
        "source": "Déclaration du porteur",
        "frequency": "Chaque semestre",
    },
    {
        "label": "Levée des freins à l’entrée en formation longue",
        "kind": "impact",
        "nature": "qualitatif",
        "target": "Niveau 3 sur 4, avec récit et preuves",
        "source": "Entretiens à six mois",
    },
]
PARTIES: dict[str, Any] = {
    "grantor": {
        "siret": "233 500 016 00040",
        "represented_by": "Loïg Chesnais",
        "capacity": "Président du conseil régional",
        "empowered_by": "la délibération n° 21_DAJ_02 du 2 juillet 2021",
    },
    "beneficiary": {
        "name": "Association Tremplin vers l’emploi",
        "legal_form": "association déclarée",
        "siret": "732 829 320 00074",
        "rna": "W291234567",
        "address": "14 bis rue de l’Hôtel-Dieu\n29200 Brest",
        "represented_by": "Nadège Brûlé",
        "capacity": "présidente",
    },
    "signing": [
        {
            "party": "Pour le bénéficiaire",
            "name": "Nadège Brûlé",
            "capacity": "Présidente",
            "signed_at": format_instant(datetime(2021, 12, 6, 9, 12, tzinfo=UTC), PARIS),
            "sha256": SHA256,
        },
        {"party": "Pour la Région", "name": "Loïg Chesnais", "capacity": "Président du conseil régional"},
    ],
}
OPINIONS = [
    {"college": "État", "opinion": "favorable", "reasons": ""},
    {
        "college": "Région",
        "opinion": "favorable avec réserves",
        "reasons": "À lever en convention : préciser l’accompagnement après la sortie.\nRecommandation : associer la "
        "mission locale dès le repérage.",
    },
    {"college": "Employeurs", "opinion": "favorable", "reasons": "Répond aux besoins de recrutement de l’industrie agroalimentaire."},
    {
        "college": "Organisations syndicales",
        "opinion": "défavorable",
        "reasons": "La rémunération des stagiaires n’est pas garantie. Position minoritaire de la CFTC : favorable.",
    },
]  # fmt: skip
RANKED = [
    {
        "rank": rank,
        "reference": f"PRIC-53-2021-01-{rank:05}-{17 + rank}",
        "organisation": organisation,
        "title": project,
        "score": score,
        "opinions": "consensus favorable",
        "requested": euros("120000.00"),
        "proposed": euros("110000.00"),
    }
    for rank, (organisation, project, score) in enumerate(
        (
            ("Association Tremplin vers l’emploi", "Cap compétences : remobiliser par le geste professionnel", "87,5"),
            ("GRETA-CFA de Bretagne occidentale", "Parcours modulaires en situation de travail pour la filière navale", "84"),
            ("Chambre de métiers et de l’artisanat", "L’atelier-école itinérant des métiers du bâtiment", "79,25"),
        ),
        start=1,
    )
]  # fmt: skip

SAMPLES: dict[str, dict[str, Any]] = {
    "receipt": LETTER
    | {
        "dossier": DOSSIER,
        "remedies": REMEDIES,
        "received_at": RECEIVED,
        "submitted_by": "Mme Nadège Brûlé",
        "implicit_rejection_on": day(2021, 7, 28),
        "pieces": PIECES,
        "next_steps": [
            {"date": "juin 2021", "label": "Vérification des pièces et de la recevabilité"},
            {"date": "novembre 2021", "label": "Décision de la commission permanente"},
        ],
    },
    "missing_pieces": LETTER
    | {
        "dossier": DOSSIER,
        "received_at": RECEIVED,
        "due_on": day(2021, 6, 23),
        "implicit_rejection_on": day(2021, 8, 12),
        "consequence": "Sans ces pièces à cette date, votre dossier est déclaré irrecevable (article 8 du règlement).",
        "reply_url": "https://portail.region-alpha.example/dossiers/PRIC-53-2021-01-00042-17/pieces",
        "pieces": [
            {
                "label": "Budget prévisionnel par année",
                "reason": "Le budget joint ne distingue pas 2022 et 2023.",
                "legal_basis": "Article 7.3 du règlement de l’appel",
                "indispensable": True,
            },
            {
                "label": "Attestation sur l’honneur",
                "reason": "Signature absente",
                "legal_basis": "Article 7.1 du règlement de l’appel",
                "indispensable": True,
            },
            {"label": "Lettre du partenaire", "legal_basis": "Article 7.6 du règlement de l’appel"},
        ],
    },
    "inadmissible": LETTER
    | {"dossier": DOSSIER, "grounds": GROUNDS, "remedies": REMEDIES, "received_at": RECEIVED},
    "ineligible": LETTER
    | {"dossier": DOSSIER, "grounds": GROUNDS, "remedies": REMEDIES, "received_at": RECEIVED},
    "award": LETTER
    | {
        "dossier": DOSSIER,
        "deliberation": DELIBERATION,
        "remedies": REMEDIES,
        "amount": euros("110000.00"),
        "eligible_cost": euros("253000.00"),
        "rate": format_percent(Decimal("0.434783")),
        "eligible_from": "1er janvier 2022",
        "eligible_until": "30 juin 2024",
        "aid_basis": "aide de minimis",
        "de_minimis": {
            "regulation": "règlement (UE) n° 1407/2013 du 18 décembre 2013",
            "amount": euros("110000.00"),
        },
        "conditions": ["Justifier du cofinancement du département avant le premier acompte."],
        "reservations": [
            {"kind": "à lever en convention", "text": "Préciser l’accompagnement après la sortie."}
        ],
        "convention": {"sign_before": day(2022, 1, 10)},
        "instalments": [{key: item[key] for key in ("label", "amount", "condition")} for item in INSTALMENTS],
        "pieces": [{"label": "Relevé d’identité bancaire au nom de l’association"}],
    },
    "refusal": LETTER
    | {
        "dossier": DOSSIER,
        "deliberation": DELIBERATION,
        "remedies": REMEDIES,
        "received": 187,
        "funded": 56,
        "reasons": [
            "La note obtenue (58 sur 100) est inférieure au seuil de sélection du règlement (60 sur 100)."
        ],
    },
    "reserve_list": LETTER
    | {
        "dossier": DOSSIER,
        "deliberation": DELIBERATION,
        "remedies": REMEDIES,
        "rank": 4,
        "proposed_amount": euros("80000.00"),
        "valid_until": day(2022, 6, 30),
    },
    "convocation": LETTER
    | {
        "signatories": [
            {"name": "Emmanuel Berthelot", "capacity": "Préfet de région"},
            {"name": "Loïg Chesnais", "capacity": "Président du conseil régional"},
        ],
        "by_portal": False,
        "session": {
            "body": "Bureau du CREFOP",
            "starts_at": format_instant(datetime(2021, 7, 27, 7, 30, tzinfo=UTC), PARIS),
            "place": "Hôtel de Région, salle Anita-Conti",
            "remote": "https://visio.region-alpha.example/crefop",
            "second": True,
            "rules": "Chaque membre ne peut détenir qu’un mandat.",
        },
        "agenda": [
            {"title": "Approbation du procès-verbal de la séance précédente"},
            {"title": "Appel 2021 : avis sur 42 dossiers", "kind": "pour avis", "reporter": "Yann Kerbrat"},
        ],
        "documents": ["Relevé des avis des collèges", "Fiches de synthèse des dossiers"],
        "reply_by": day(2021, 7, 23),
        "portal_url": "https://portail.region-alpha.example/seances",
    },
    "opinions_record": DOCUMENT
    | {
        "call": DOSSIER["call"],
        "session": {
            "body": "Bureau du CREFOP",
            "held_at": format_instant(datetime(2021, 7, 27, 7, 30, tzinfo=UTC), PARIS),
            "place": "Hôtel de Région, salle Anita-Conti, et à distance",
            "chairs": "Emmanuel Berthelot, préfet de région, et Loïg Chesnais, président du conseil régional",
            "quorum": "12 membres présents ou représentés sur 16 : quorum atteint",
        },
        "rule": "Majoritaire favorable : au moins trois collèges favorables, avec ou sans réserves, et un "
        "défavorable au plus (règle du Pacte, version 1).",
        "attendance": [
            {"name": "Soazig Le Bihan", "capacity": "DREETS", "college": "État", "presence": "présente"},
            {
                "name": "Marc Évrard",
                "capacity": "CPME",
                "college": "Employeurs",
                "presence": "représenté par Ève Noël",
            },
        ],
        "items": [
            {
                "reference": item["reference"],
                "organisation": item["organisation"],
                "title": item["title"],
                "synthesis": "majoritaire favorable",
                "opinions": OPINIONS,
                "recusals": ["Marc Évrard (CPME), administrateur du porteur"],
                "vote": "11 voix pour, 1 abstention",
                "dissents": ["La CGT regrette l’absence d’engagement sur la rémunération."],
            }
            for item in RANKED
        ],
    },
    "coparef_opinion": DOCUMENT
    | {
        "body": "COPAREF d’Alpha",
        "call": DOSSIER["call"],
        "referred_on": day(2021, 7, 28),
        "due_on": day(2021, 8, 18),
        "given_on": day(2021, 8, 17),
        "result": "avis commun",
        "opinion": "Le COPAREF émet un avis favorable sur la liste proposée, assorti de deux observations.",
        "reasons": "Les projets répondent aux besoins identifiés dans l’état des lieux partagé.\n\nLe COPAREF "
        "souhaite que la part des formations en situation de travail augmente.",
        "colleges": [
            {"name": "Employeurs", "position": "favorable"},
            {
                "name": "Organisations syndicales",
                "position": "favorable",
                "reasons": "Vigilance sur les effectifs.",
            },
        ],
        "objectives": ["Porter à 30 % la part des parcours comportant une action en situation de travail."],
        "dossiers": [
            {
                "reference": item["reference"],
                "organisation": item["organisation"],
                "title": item["title"],
                "opinion": "favorable",
            }
            for item in RANKED
        ],
    },
    "ranking": DOCUMENT
    | {
        "call": DOSSIER["call"],
        "envelope": euros("4000000.00"),
        "status": "Proposition du comité de sélection",
        "rule": "Seuil de 60 sur 100. Départage : critère 1, puis critère 2, puis heure de réception.",
        "criteria": [
            {"label": "Pertinence", "weight": 20},
            {"label": "Caractère innovant", "weight": 15},
            {"label": "Qualité du parcours", "weight": 15},
        ],
        "lists": [
            {
                "title": "Liste principale",
                "requested": euros("360000.00"),
                "proposed": euros("330000.00"),
                "rows": RANKED,
            },
            {
                "title": "Liste complémentaire",
                "requested": euros("0.00"),
                "proposed": euros("0.00"),
                "rows": [],
            },
        ],
    },
    "deliberation_annex": DOCUMENT
    | {
        "call": DOSSIER["call"],
        "deliberation": DELIBERATION,
        "budget_line": "chapitre 931, programme P00204",
        "rows": [
            {
                "reference": item["reference"],
                "beneficiary": item["organisation"],
                "siret": "732 829 320 00074",
                "place": "Brest (29)",
                "title": item["title"],
                "eligible_cost": euros("253000.00"),
                "rate": format_percent(Decimal("0.4348")),
                "amount": euros("110000.00"),
                "aid_basis": "hors champ des aides d’État",
            }
            for item in RANKED
        ],
        "total_eligible": euros("759000.00"),
        "total_amount": euros("330000.00"),
        "recusals": ["Mme Gwenn Hamon, présidente de la mission locale partenaire (projet n° 1)"],
    },
    "contract": COMMON
    | PARTIES
    | {
        "reference": CONTRACT["number"],
        "deliberation": DELIBERATION,
        "budget": BUDGET,
        "indicators": INDICATORS,
        "call": DOSSIER["call"],
        "pact": "Pacte régional d’investissement dans les compétences 2019-2022",
        "application": DOSSIER["reference"],
        "whereas": ["le code général des collectivités territoriales", "le code du travail, sixième partie"],
        "project": {
            "title": DOSSIER["title"],
            "summary": "Le projet propose à 96 personnes sans qualification un parcours de neuf mois.\n\nChaque étape "
            "est validée par un bloc de compétences :\n– découverte du métier ;\n– mise en situation ;\n– certification.",
            "axes": "Axe 1 – Développer des parcours certifiants",
            "publics": "Personnes sans baccalauréat, habitants des quartiers prioritaires",
            "territory": "Brest métropole",
            "partners": ["Mission locale du pays de Brest : repérage", "Cap emploi : adaptation des postes"],
            "starts_on": "1er janvier 2022",
            "ends_on": "30 juin 2024",
        },
        "eligible_from": "1er janvier 2022",
        "eligible_until": "30 juin 2024",
        "amount": euros("110000.00"),
        "eligible_cost": euros("253000.00"),
        "rate": format_percent(Decimal("0.434783")),
        "articles": [
            {
                "title": "Objet",
                "text": "La présente convention fixe les conditions dans lesquelles la Région soutient le projet.",
            },
            {
                "title": "Modalités de versement",
                "text": "La subvention est versée selon l’échéancier de l’annexe 4.",
            },
            {
                "title": "Litiges",
                "text": "À défaut d’accord amiable, le litige est porté devant le tribunal administratif de Rennes.",
            },
        ],
        "reports": [
            {
                "label": "Bilan intermédiaire",
                "content": "Indicateurs, récit, dépenses",
                "due": day(2022, 12, 31),
            },
            {
                "label": "Bilan final",
                "content": "Indicateurs, récit, compte rendu financier",
                "due": day(2024, 9, 30),
            },
        ],
        "instalments": INSTALMENTS,
        "annexes": ["contrat d’engagement républicain signé", "relevé d’identité bancaire"],
    },
    "amendment": COMMON
    | PARTIES
    | {
        "number": 1,
        "contract": CONTRACT["number"],
        "contract_notified_on": "20 décembre 2021",
        "project": DOSSIER["title"],
        "deliberation": DELIBERATION,
        "reasons": "L’ouverture de la deuxième session a été retardée de quatre mois.",
        "changes": [
            {
                "subject": "Fin de la période d’éligibilité",
                "before": "30 juin 2024",
                "after": "31 octobre 2024",
            },
            {"subject": "Article 3, montant", "before": euros("110000.00"), "after": euros("125000.00")},
        ],
        "instalments": [
            {key: item[key] for key in ("label", "amount", "condition", "due")} for item in INSTALMENTS
        ],
        "total": euros("125000.00"),
        "court": "tribunal administratif de Rennes",
    },
    "service_done": DOCUMENT
    | {
        "contract": CONTRACT,
        "instalment": "Premier acompte",
        "claimed_on": day(2023, 1, 9),
        "proposed_by": "Yann Kerbrat, chargé de mission",
        "checks": [
            {
                "label": "Bilan intermédiaire",
                "result": "Reçu le 29 décembre 2022, accepté le 6 janvier 2023.",
            },
            {"label": "Dépenses acquittées", "result": "État certifié par le commissaire aux comptes."},
        ],
        "spending": [
            {
                "label": "60 – Achats",
                "declared": euros("12500.00"),
                "accepted": euros("12000.00"),
                "reason": "Facture hors période",
            },
            {"label": "64 – Personnel", "declared": euros("62000.00"), "accepted": euros("62000.00")},
        ],
        "spending_declared": euros("74500.00"),
        "spending_accepted": euros("74000.00"),
        "payable": euros("33000.00"),
    },
    "payment_statement": DOCUMENT
    | {
        "contract": CONTRACT,
        "deliberation": DELIBERATION,
        "instalment": "Solde",
        "siret": "732 829 320 00074",
        "account_holder": "Association Tremplin vers l’emploi",
        "iban": "FR76 3000 6000 0112 3456 7890 189",
        "budget_line": "chapitre 931, programme P00204",
        "commitment": "2021-E-04417",
        "certified_on": day(2024, 10, 14),
        "certified_by": "Maël Le Dû, contrôleur de gestion",
        "steps": [
            {"label": "Dépenses éligibles réalisées", "amount": euros("241500.00")},
            {"label": "Taux de la convention", "amount": format_percent(Decimal("0.434783"))},
            {"label": "Subvention due, dans la limite du montant attribué", "amount": euros("105000.09")},
            {"label": "Déjà versé", "amount": euros("-88000.00")},
        ],
        "paid_before": [
            {"label": "Avance", "date": day(2022, 2, 14), "amount": euros("55000.00")},
            {"label": "Acompte", "date": day(2023, 2, 20), "amount": euros("33000.00")},
        ],
        "payable": euros("17000.09"),
        "payable_words": "dix-sept mille euros et neuf centimes",
        "pay_by": day(2024, 12, 13),
        "vouchers": [
            "Délibération n° 21_0204_05",
            "Convention CONV-53-2021-0117",
            "Certificat de service fait",
        ],
        "accountant": "payeur régional d’Alpha",
    },
    "report_reminder": LETTER
    | {
        "contract": CONTRACT,
        "report": "Bilan intermédiaire 2022",
        "rank": "première",
        "was_due_on": day(2022, 12, 31),
        "due_on": day(2023, 1, 31),
        "content": [
            "les valeurs des indicateurs ;",
            "le récit de l’année ;",
            "l’état des dépenses acquittées.",
        ],
        "report_url": "https://portail.region-alpha.example/remontees",
    },
    "formal_notice": LETTER
    | {
        "contract": CONTRACT,
        "breaches": [
            {
                "clause": "Article 7 – Suivi",
                "fact": "Le bilan intermédiaire dû le 31 décembre 2022 n’a pas été remis.",
            }
        ],
        "earlier": ["relance du 10 janvier 2023 ;", "deuxième relance du 8 février 2023."],
        "demands": ["remettre le bilan intermédiaire complet ;", "justifier l’emploi de l’avance."],
        "due_on": day(2023, 3, 31),
        "consequences": "La Région pourra résilier la convention et demander le reversement de l’avance.",
    },
    "recovery_notice": LETTER
    | {
        "contract": CONTRACT,
        "paid": euros("88000.00"),
        "due": euros("71200.40"),
        "recoverable": euros("16799.60"),
        "findings": [
            {
                "rule": "Article 2 de la convention : période d’éligibilité",
                "fact": "Trois factures sont datées d’après le 30 juin 2024.",
                "amount": euros("16799.60"),
            }
        ],
        "reply_by": day(2024, 12, 2),
        "file_access": "sur le portail, ou sur rendez-vous au service",
    },
    "recovery_decision": LETTER
    | {
        "contract": CONTRACT,
        "grounds": GROUNDS,
        "remedies": REMEDIES,
        "notice_sent_on": day(2024, 11, 12),
        "observations": "Vous avez produit une facture rectifiée.\n\nElle est admise pour 400,00 €.",
        "withdrawal": True,
        "paid": euros("88000.00"),
        "due": euros("71600.40"),
        "recoverable": euros("16399.60"),
        "pay_by": day(2025, 2, 3),
        "accountant": "payeur régional d’Alpha",
    },
    "closure": LETTER
    | {
        "contract": CONTRACT,
        "starts_on": "1er janvier 2022",
        "ends_on": "30 juin 2024",
        "eligible_spent": euros("241500.00"),
        "payments": [
            {"label": "Avance", "date": day(2022, 2, 14), "amount": euros("55000.00")},
            {"label": "Solde", "date": day(2024, 12, 9), "amount": euros("50000.09")},
        ],
        "paid": euros("105000.09"),
        "final_grant": euros("105000.09"),
        "closed_on": day(2024, 12, 20),
        "results": [
            {
                "label": INDICATORS[0]["label"],
                "target": INDICATORS[0]["target"],
                "value": format_percent(Decimal("0.83")),
            }
        ],
        "keep_until": day(2034, 12, 9),
    },
    "call_text": COMMON
    | {
        "kind": "Appel à projets",
        "title": DOSSIER["call"],
        "number": "AAP-2021-01",
        "pact": "Pacte régional d’investissement dans les compétences 2019-2022",
        "opens_at": format_instant(datetime(2021, 3, 15, 8, 0, tzinfo=UTC), PARIS),
        "closes_at": RECEIVED,
        "envelope": euros("4000000.00"),
        "max_rate": format_percent(Decimal("0.8")),
        "floor": euros("8000.00"),
        "ceiling": euros("900000.00"),
        "published_on": day(2021, 3, 1),
        "frozen_sha256": SHA256,
        "sections": [
            {
                "title": "Contexte",
                "text": "Le Pacte vise à former les personnes les moins qualifiées.\n\nIl s’articule avec le CPRDFOP.",
            },
            {
                "title": "Publics",
                "text": "Personnes sans qualification ; habitants des quartiers prioritaires.",
            },
        ],
        "criteria": [
            {
                "label": "Pertinence : réponse à un besoin de l’état des lieux",
                "weight": 20,
                "eliminatory": True,
            },
            {"label": "Qualité du parcours", "weight": 80},
        ],
        "pieces": [
            {"label": "Statuts", "who": "Associations et fondations", "indispensable": True},
            {"label": "Lettre de partenariat", "who": "Groupements"},
        ],
        "reports": [{"label": "Bilan intermédiaire", "due": "31 décembre de chaque année"}],
        "consulted": ["les quatre collèges du CREFOP, dans un délai de vingt-cinq jours"],
        "contact": "pacte@region-alpha.example",
        "deliberation": "délibération n° 21_0204_01 du 8 février 2021",
    },
    "dossier_print": DOCUMENT
    | {
        "signatories": [],
        "dossier": DOSSIER,
        "budget": BUDGET,
        "indicators": INDICATORS,
        "submitted_at": RECEIVED,
        "submitted_by": "Mme Nadège Brûlé",
        "state": "Déposé",
        "requested": euros("110000.00"),
        "sections": [
            {
                "title": "Le projet",
                "answers": [
                    {
                        "question": "À quel besoin répond le projet ?",
                        "answer": "Le bassin compte 4 200 demandeurs d’emploi sans diplôme.\n\nTrois freins :\n– la mobilité ;\n– la garde d’enfants ;\n– le rapport à l’école.",
                    },
                    {"question": "En quoi est-il nouveau ?"},
                ],
            },
            {"title": "Le public", "answers": [{"question": "Combien de bénéficiaires ?", "answer": "96"}]},
        ],
        "partners": [
            {
                "name": "Mission locale du pays de Brest",
                "siret": "356 000 000 00048",
                "role": "Repérage",
                "amount": euros("12000.00"),
            }
        ],
        "pieces": PIECES,
        "attestations": ["J’atteste sur l’honneur l’exactitude des informations de ce dossier."],
    },
}
