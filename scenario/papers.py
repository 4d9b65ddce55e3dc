"""What each supporting document says: identity, dates and figures that fit the organisation that gives it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from calls.reference import LINE_BY_CODE
from scenario.organisations import Organisation
from scenario.people import Person, applicants, representative
from scenario.texts import Project
from scenario.texts.projects import MONTHS
from scenario.texts.words import at, typeset

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The content of a document, whatever the file it ends in.

    ``facts`` are label and value; ``head`` and ``rows`` make a table whose columns after the first are figures.
    """

    title: str
    issuer: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    head: Row = ()
    rows: tuple[Row, ...] = ()
    closing: str = ""
    signatory: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who gives the document, for which project, and on which day."""

    rng: random.Random
    organisation: Organisation
    on: date
    project: Project | None

    @property
    def head(self) -> Person:
        """Who may bind the organisation."""
        return representative(self.organisation)

    @property
    def signature(self) -> str:
        """Name and job of the head."""
        return f"{self.head.title} {self.head.full_name}, {self.head.job.lower()}"

    @property
    def last_accounts(self) -> int:
        """The last year whose accounts are approved: general meetings are held in May."""
        return self.on.year - (1 if (self.on.month, self.on.day) >= (5, 25) else 2)

    def ago(self, least: int, most: int) -> date:
        """A day between ``least`` and ``most`` days before."""
        return self.on - timedelta(days=self.rng.randint(least, most))

    def done(self, day: date) -> str:
        """« Fait à … le … »."""
        return f"Fait {at(self.organisation.city)}, le {long_date(day)}"


def long_date(day: date) -> str:
    """« 1er mars 2026 »."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def money(amount: Decimal) -> str:
    """« 12 345,60 »."""
    return typeset(f"{amount:,.2f}".replace(",", " ").replace(".", ","))


def identity(organisation: Organisation) -> tuple[tuple[str, str], ...]:
    """The lines that identify an organisation in most documents."""
    facts = [
        ("Dénomination", organisation.name),
        ("Forme juridique", organisation.legal_label),
        ("SIRET", organisation.siret),
        ("Adresse", f"{organisation.address}, {organisation.postcode} {organisation.city}"),
    ]
    if organisation.rna:
        facts.append(("RNA", organisation.rna))
    return tuple(facts)


def _bank_details(o: Occasion) -> Paper:
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


def _statutes(o: Occasion) -> Paper:
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


def _registration(o: Occasion) -> Paper:
    return Paper(
        title="Récépissé de déclaration de création",
        issuer="Greffe des associations",
        facts=(*identity(o.organisation), ("Déclarée le", long_date(o.organisation.created_on))),
        paragraphs=(
            "Le présent récépissé est délivré en application de la loi du 1er juillet 1901, article 5.",
        ),
    )


def _officers(o: Occasion) -> Paper:
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


def _extract(o: Occasion) -> Paper:
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


def _delegation(o: Occasion) -> Paper:
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


def _deliberation(o: Occasion) -> Paper:
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


def _budget_rows(total: str, years: Sequence[Mapping[str, Decimal]]) -> list[Row]:
    """One row per line of the budget, and their total, with a column per year and one for all."""
    codes = dict.fromkeys(code for year in years for code in year)
    lines = [(f"{c} {LINE_BY_CODE[c].label}", [year.get(c, Decimal(0)) for year in years]) for c in codes]
    lines.append((total, [sum(year.values(), Decimal(0)) for year in years]))
    return [
        (label, *(money(amount) for amount in amounts), money(sum(amounts, Decimal(0))))
        for label, amounts in lines
    ]


def _project_budget(o: Occasion) -> Paper:
    if o.project is None:
        return _structure_budget(o)
    years = o.project.budget
    rows = [
        *_budget_rows("Total des charges", [year.expenses for year in years]),
        *_budget_rows("Total des produits", [year.incomes for year in years]),
    ]
    return Paper(
        title="Budget prévisionnel du projet",
        issuer=o.organisation.name,
        paragraphs=(o.project.title,),
        head=("Poste", *(str(year.year) for year in years), "Total"),
        rows=tuple(rows),
        closing=o.done(o.ago(3, 30)),
        signatory=o.signature,
    )


_SHARES = (
    ("60 Achats", 7),
    ("61 Services extérieurs", 9),
    ("62 Autres services extérieurs", 13),
    ("63 Impôts", 4),
)


def _accounts_rows(turnover: Decimal, spent: Decimal) -> tuple[Row, ...]:
    """Charges by account, staff taking what is left, then the income and the result."""
    lines = [(label, (spent * share / 100).quantize(Decimal(1))) for label, share in _SHARES]
    lines.append(("64 Charges de personnel", spent - sum((amount for _, amount in lines), Decimal(0))))
    return (
        *((label, money(amount)) for label, amount in lines),
        ("Total des charges", money(spent)),
        ("Total des produits", money(turnover)),
        ("Résultat", money(turnover - spent)),
    )


def _structure_budget(o: Occasion) -> Paper:
    turnover = o.organisation.turnover
    return Paper(
        title=f"Budget prévisionnel {o.on.year}",
        issuer=o.organisation.name,
        head=("Poste", "Montant (€)"),
        rows=_accounts_rows(turnover, turnover),
        signatory=o.signature,
    )


def _accounts(years_back: int) -> Callable[[Occasion], Paper]:
    def paper(o: Occasion) -> Paper:
        year = o.last_accounts - years_back
        turnover = (o.organisation.turnover * Decimal(str(round(1 - 0.03 * years_back, 2)))).quantize(
            Decimal(1)
        )
        spent = (turnover * Decimal(str(round(o.rng.uniform(0.95, 1.01), 3)))).quantize(Decimal(1))
        return Paper(
            title=f"Comptes annuels, exercice clos le 31 décembre {year}",
            issuer=o.organisation.name,
            facts=identity(o.organisation),
            head=("Compte de résultat", f"{year} (€)"),
            rows=_accounts_rows(turnover, spent),
            paragraphs=(
                f"Comptes approuvés par l'assemblée générale du {long_date(date(year + 1, 5, 20))}.",
            ),
            signatory=o.signature,
        )

    return paper


def _auditor_report(o: Occasion) -> Paper:
    return Paper(
        title="Rapport du commissaire aux comptes",
        issuer="Cabinet de démonstration",
        paragraphs=(
            f"En exécution de la mission qui nous a été confiée, nous avons audité les comptes de "
            f"{o.organisation.name} "
            f"relatifs à l'exercice {o.last_accounts}.",
            "Nous certifions que les comptes annuels sont, au regard des règles et principes comptables "
            "français, réguliers "
            "et sincères et donnent une image fidèle du résultat et du patrimoine.",
        ),
        closing=f"Le {long_date(o.ago(60, 200))}",
    )


def _activity_report(o: Occasion) -> Paper:
    staff = o.organisation.staff
    return Paper(
        title=f"Rapport d'activité {o.last_accounts}",
        issuer=o.organisation.name,
        paragraphs=(
            f"L'année a vu {staff * 14} personnes accueillies, dont une majorité de demandeurs d'emploi "
            f"peu qualifiés.",
            f"L'équipe compte {staff} salariés. Deux chantiers ont marqué l'exercice : l'individualisation "
            f"des parcours et "
            "le rapprochement avec les entreprises du territoire.",
            "Les perspectives portent sur l'accompagnement après la sortie et sur la reconnaissance des "
            "acquis.",
        ),
        head=("Action", "Entrées", "Heures"),
        rows=tuple(
            (action, str(o.rng.randint(20, 260)), str(o.rng.randint(2, 40) * 350))
            for action in (
                "Remobilisation",
                "Savoirs de base",
                "Parcours qualifiants",
                "Accompagnement à l'emploi",
            )
        ),
    )


def _social_certificate(o: Occasion) -> Paper:
    return Paper(
        title="Attestation de vigilance",
        issuer="Organisme de recouvrement (document de démonstration)",
        facts=(*identity(o.organisation), ("Effectif déclaré", str(o.organisation.staff))),
        paragraphs=("L'employeur désigné ci-dessus est à jour de ses obligations sociales.",),
        closing=f"Établie le {long_date(o.ago(5, 150))}, valable six mois",
    )


def _tax_certificate(o: Occasion) -> Paper:
    return Paper(
        title="Attestation de régularité fiscale",
        issuer="Service des impôts des entreprises (document de démonstration)",
        facts=identity(o.organisation),
        paragraphs=("L'organisme désigné ci-dessus est en règle au regard de ses obligations fiscales.",),
        closing=f"Établie le {long_date(o.ago(3, 80))}",
    )


def _word_of_honour(o: Occasion) -> Paper:
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


def _republican_commitment(o: Occasion) -> Paper:
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


def _partner_letter(o: Occasion) -> Paper:
    if o.project is not None and o.project.partners:
        partner = o.rng.choice(o.project.partners)
        name, role = partner.name, partner.role
    else:
        name, role = "Un partenaire du territoire", "Accueil et tutorat"
    return Paper(
        title="Lettre d'engagement",
        issuer=name,
        paragraphs=(
            f"Nous confirmons notre participation au projet porté par {o.organisation.name}.",
            f"Notre contribution : {role.lower()}. Nous y consacrerons les moyens humains et matériels "
            f"nécessaires pendant "
            "toute la durée du projet.",
        ),
        closing=f"Le {long_date(o.ago(5, 60))}",
        signatory="La direction",
    )


def _partnership(o: Occasion) -> Paper:
    partners = ", ".join(p.name for p in o.project.partners) if o.project else ""
    return Paper(
        title="Convention de partenariat",
        issuer=o.organisation.name,
        paragraphs=(
            f"Entre {o.organisation.name}, chef de file, et ses partenaires : {partners or 'à préciser'}.",
            "Article 1. Les parties mettent en commun leurs moyens pour conduire le projet décrit en annexe.",
            "Article 2. Le chef de file dépose la demande, reçoit la subvention et rend compte à la Région.",
            "Article 3. Chaque partie justifie ses dépenses et participe au comité de pilotage.",
        ),
        closing=o.done(o.ago(5, 90)),
        signatory=o.signature,
    )


def _resume(o: Occasion) -> Paper:
    person = o.rng.choice(applicants(o.organisation.region)[o.organisation.key])
    since = o.on.year - o.rng.randint(2, 12)
    return Paper(
        title=f"Curriculum vitae : {person.full_name}",
        issuer=o.organisation.name,
        facts=(("Fonction", person.job), ("En poste depuis", str(since))),
        paragraphs=(
            "Ingénierie de parcours, animation d'équipes pédagogiques et relations avec les entreprises.",
            f"Auparavant : formation d'adultes et coordination de projets ({since - 6}–{since}).",
        ),
    )


def _training_declaration(o: Occasion) -> Paper:
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


def _quality_certificate(o: Occasion) -> Paper:
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


def _habilitation(o: Occasion) -> Paper:
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


def _indicators(o: Occasion) -> Paper:
    plans = o.project.indicators if o.project else ()
    return Paper(
        title="Indicateurs de suivi et d'impact",
        issuer=o.organisation.name,
        head=("Indicateur", "Départ", "Cible", "Unité"),
        rows=tuple((f"{p.code} {p.label}", p.baseline, p.target, p.unit) for p in plans),
    )


def _attendance(o: Occasion) -> Paper:
    return Paper(
        title="Feuille d'émargement",
        issuer=o.organisation.name,
        paragraphs=(f"Séance du {long_date(o.ago(3, 60))}. Les noms sont remplacés par des numéros.",),
        head=("Participant", "Matin", "Après-midi"),
        rows=tuple(
            (f"Participant {n:02d}", "présent", o.rng.choice(("présent", "présent", "absent")))
            for n in range(1, 13)
        ),
        signatory=o.signature,
    )


def _invoice(o: Occasion) -> Paper:
    net = Decimal(o.rng.randint(300, 4800))
    return Paper(
        title=f"Facture F{o.on.year}-{o.rng.randint(1, 999):03d}",
        issuer="Fournisseur de démonstration",
        facts=(("Client", o.organisation.name), ("Date", long_date(o.ago(5, 90)))),
        head=("Désignation", "Montant (€)"),
        rows=(
            ("Intervention pédagogique", money(net)),
            ("TVA 20 %", money(net / 5)),
            ("Total", money(net * Decimal("1.2"))),
        ),
    )


_BUILDERS: dict[str, Callable[[Occasion], Paper]] = {
    "RIB": _bank_details,
    "STATUTS": _statutes,
    "RECEP": _registration,
    "DIRIG": _officers,
    "KBIS": _extract,
    "SIRENE": _extract,
    "POUVOIR": _delegation,
    "DELIB": _deliberation,
    "BP_PROJET": _project_budget,
    "BP_STRUCT": _structure_budget,
    "COMPTES_N1": _accounts(0),
    "COMPTES_N2": _accounts(1),
    "CAC": _auditor_report,
    "RAPPORT_ACT": _activity_report,
    "ATT_URSSAF": _social_certificate,
    "ATT_FISC": _tax_certificate,
    "ATT_HONNEUR": _word_of_honour,
    "CER": _republican_commitment,
    "LETTRE_PART": _partner_letter,
    "CONV_PART": _partnership,
    "CV": _resume,
    "NDA": _training_declaration,
    "QUALIOPI": _quality_certificate,
    "RNCP": _habilitation,
    "ANNEXE_INDIC": _indicators,
    # Proofs that come with reports, beside the catalogue of the application.
    "EMARGEMENT": _attendance,
    "FACTURE": _invoice,
}

PROOFS = ("EMARGEMENT", "FACTURE")
"""Codes of documents that come with reports and claims."""


def paper(
    rng: random.Random, piece_code: str, organisation: Organisation, on: date, project: Project | None = None
) -> Paper:
    """The document ``piece_code`` (of the catalogue, or of ``PROOFS``) as ``organisation`` would give it on a day.

    :raises KeyError: when the code is neither.
    """
    return _BUILDERS[piece_code](Occasion(rng, organisation, on, project))
