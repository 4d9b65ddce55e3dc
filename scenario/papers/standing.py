"""Documents about the organisation itself: identity, authority, standing with the administrations."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from scenario.papers.base import Occasion, Paper, identity, long_date, money
from scenario.people import applicants
from scenario.texts.words import at


def bank_details(o: Occasion) -> Paper:
    """A bank statement of identity."""
    iban = o.organisation.iban
    return Paper(
        title="Relevé d'identité bancaire",
        issuer="Banque de démonstration",
        facts=(
            ("Titulaire", o.organisation.name),
            ("Code banque", iban[4:9]),
            ("Code guichet", iban[9:14]),
            ("Numéro de compte", iban[14:25]),
            ("Clé RIB", iban[25:]),
            ("IBAN", " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))),
            ("BIC", "DEMOFRPPXXX"),
        ),
        closing=f"Édité le {long_date(o.ago(5, 200))}",
    )


def statutes(o: Occasion) -> Paper:
    """An association's statutes."""
    name = o.organisation.name
    articles = (
        f"Article 1. Il est fondé entre les adhérents aux présents statuts une association régie par la "
        f"loi du 1er juillet "
        f"1901, ayant pour titre : {name}.",
        "Article 2. L'association a pour objet de favoriser l'accès à la formation, à la qualification et "
        "à l'emploi de "
        "toute personne, en particulier des moins qualifiées.",
        f"Article 3. Le siège est fixé {at(o.organisation.city)}. Il peut être transféré par décision du "
        f"conseil "
        "d'administration.",
        "Article 4. L'association se compose de membres actifs et de membres bienfaiteurs. Est membre "
        "actif toute personne "
        "qui adhère aux statuts et acquitte sa cotisation.",
        "Article 5. L'assemblée générale se réunit au moins une fois par an. Elle approuve les comptes et "
        "élit le conseil "
        "d'administration.",
        "Article 6. Le conseil d'administration élit en son sein un bureau composé d'une présidence, d'un "
        "secrétariat et "
        "d'une trésorerie.",
        "Article 7. Les ressources comprennent les cotisations, les subventions, les dons et les produits "
        "d'activité.",
        "Article 8. En cas de dissolution, l'actif est dévolu à une association poursuivant un but "
        "semblable.",
    )
    return Paper(
        title="Statuts",
        issuer=name,
        paragraphs=articles,
        closing=o.done(o.organisation.created_on),
        signatory=o.signature,
    )


def registration(o: Occasion) -> Paper:
    """The receipt of an association's declaration."""
    return Paper(
        title="Récépissé de déclaration de création",
        issuer="Greffe des associations",
        facts=(*identity(o.organisation), ("Déclarée le", long_date(o.organisation.created_on))),
        paragraphs=(
            "Le présent récépissé est délivré en application de la loi du 1er juillet 1901, article 5.",
        ),
    )


def officers(o: Occasion) -> Paper:
    """Who runs the association."""
    team = applicants(o.organisation.region)[o.organisation.key]
    offices = ("Présidence", "Trésorerie", "Secrétariat")
    return Paper(
        title="Liste des personnes chargées de l'administration",
        issuer=o.organisation.name,
        head=("Nom", "Fonction", "Depuis"),
        rows=tuple(
            (f"{p.title} {p.full_name}", office, str(o.on.year - o.rng.randint(1, 6)))
            for p, office in zip(team, offices, strict=False)
        ),
        closing=o.done(o.ago(10, 300)),
        signatory=o.signature,
    )


def extract(o: Occasion) -> Paper:
    """A Kbis extract, or a Sirene notice for who is not in trade."""
    company = o.organisation.kind == "company"
    return Paper(
        title="Extrait Kbis" if company else "Avis de situation au répertoire Sirene",
        issuer="Greffe du tribunal de commerce (document de démonstration)"
        if company
        else "Répertoire Sirene",
        facts=(
            *identity(o.organisation),
            ("Code APE", f"{o.organisation.ape[:2]}.{o.organisation.ape[2:]}"),
            ("Immatriculée le", long_date(o.organisation.created_on)),
            ("Effectif", str(o.organisation.staff)),
            ("Représentant légal", o.signature),
        ),
        closing=f"Extrait à jour au {long_date(o.ago(2, 80))}",
    )


def delegation(o: Occasion) -> Paper:
    """A delegation of signature."""
    return Paper(
        title="Délégation de signature",
        issuer=o.organisation.name,
        paragraphs=(
            f"Je soussigné(e) {o.signature}, donne délégation à la personne responsable des projets pour "
            f"déposer la demande "
            "de subvention, attester de son exactitude et signer tout document qui s'y rapporte.",
            "La présente délégation vaut jusqu'à révocation écrite.",
        ),
        closing=o.done(o.ago(5, 120)),
        signatory=o.signature,
    )


def deliberation(o: Occasion) -> Paper:
    """The deliberation that authorises the request."""
    project = o.project.title if o.project else "le projet présenté"
    number = f"{o.on.year}-{o.rng.randint(11, 98):03d}"
    return Paper(
        title=f"Délibération n° {number}",
        issuer=o.organisation.name,
        paragraphs=(
            f"L'assemblée, réunie le {long_date(o.ago(10, 60))}, après en avoir délibéré, autorise la "
            f"demande de subvention "
            f"auprès de la Région pour « {project} ».",
            "Elle approuve le plan de financement joint et autorise sa présidence à signer la convention.",
            f"Votants : {o.rng.randint(18, 33)}. Adoptée à l'unanimité.",
        ),
        signatory=o.signature,
    )


def social_certificate(o: Occasion) -> Paper:
    """The certificate of social standing."""
    return Paper(
        title="Attestation de vigilance",
        issuer="Organisme de recouvrement (document de démonstration)",
        facts=(*identity(o.organisation), ("Effectif déclaré", str(o.organisation.staff))),
        paragraphs=("L'employeur désigné ci-dessus est à jour de ses obligations sociales.",),
        closing=f"Établie le {long_date(o.ago(5, 150))}, valable six mois",
    )


def tax_certificate(o: Occasion) -> Paper:
    """The certificate of tax standing."""
    return Paper(
        title="Attestation de régularité fiscale",
        issuer="Service des impôts des entreprises (document de démonstration)",
        facts=identity(o.organisation),
        paragraphs=("L'organisme désigné ci-dessus est en règle au regard de ses obligations fiscales.",),
        closing=f"Établie le {long_date(o.ago(3, 80))}",
    )


def word_of_honour(o: Occasion) -> Paper:
    """The attestation on the honour."""
    return Paper(
        title="Attestation sur l'honneur",
        issuer=o.organisation.name,
        paragraphs=(
            f"Je soussigné(e) {o.signature}, ayant pouvoir d'engager l'organisme, atteste :",
            "que les informations de la demande sont exactes et sincères ;",
            "que l'organisme est à jour de ses obligations administratives, comptables, fiscales et "
            "sociales ;",
            f"que le total des aides de minimis reçues au cours des trois dernières années s'élève à "
            f"{money(Decimal(o.rng.choice((0, 0, 12_000, 35_500, 60_000))))} € ;",
            f"que l'organisme {'récupère' if o.organisation.vat_recovered else 'ne récupère pas'} la taxe "
            f"sur la valeur "
            "ajoutée sur les dépenses du projet ;",
            "que le projet n'a pas commencé à la date de la demande.",
        ),
        closing=o.done(o.ago(0, 10)),
        signatory=o.signature,
    )


def republican_commitment(o: Occasion) -> Paper:
    """The contract of republican commitment (decree 2021-1947)."""
    return Paper(
        title="Contrat d'engagement républicain",
        issuer=o.organisation.name,
        paragraphs=(
            "L'association souscrit les sept engagements annexés au décret n° 2021-1947 du 31 décembre "
            "2021 : respect des lois "
            "de la République, liberté de conscience, liberté des membres, égalité et non-discrimination, "
            "fraternité et "
            "prévention de la violence, respect de la dignité de la personne, respect des symboles de la "
            "République.",
            "Elle en informe ses membres par affichage dans ses locaux.",
        ),
        closing=o.done(o.ago(5, 400)),
        signatory=o.signature,
    )


def training_declaration(o: Occasion) -> Paper:
    """The receipt of the declaration of activity."""
    return Paper(
        title="Récépissé de déclaration d'activité",
        issuer="Service régional de contrôle de la formation professionnelle",
        facts=(
            *identity(o.organisation),
            ("Numéro de déclaration", o.organisation.training_number or "sans objet"),
        ),
        paragraphs=(
            "Cet enregistrement ne vaut pas agrément de l'État (code du travail, article L6352-12).",
        ),
    )


def quality_certificate(o: Occasion) -> Paper:
    """The Qualiopi certificate, valid on the day."""
    since = o.ago(30, 800)
    return Paper(
        title="Certificat Qualiopi",
        issuer="Organisme certificateur de démonstration",
        facts=(
            *identity(o.organisation),
            ("Certificat n°", o.organisation.quality_number or "sans objet"),
            ("Catégorie", "Actions de formation"),
            ("Valable du", long_date(since)),
            ("Jusqu'au", long_date(since + timedelta(days=3 * 365))),
        ),
        paragraphs=("La certification qualité a été délivrée au titre de la catégorie d'action ci-dessus.",),
    )


def habilitation(o: Occasion) -> Paper:
    """The right to prepare a certification."""
    title = str(o.project.answers["certification"]) if o.project else ""
    return Paper(
        title="Habilitation à préparer une certification",
        issuer="Organisme certificateur de démonstration",
        facts=(
            ("Organisme habilité", o.organisation.name),
            ("Certification", title or "selon la convention"),
        ),
        closing=f"Le {long_date(o.ago(90, 700))}",
    )
