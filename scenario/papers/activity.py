"""Documents about what the organisation does: budgets, accounts, partners, indicators, proofs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from calls.reference import LINE_BY_CODE
from scenario.papers.base import Occasion, Paper, Row, identity, long_date, money
from scenario.people import applicants


def _budget_rows(total: str, years: Sequence[Mapping[str, Decimal]]) -> list[Row]:
    """One row per line of the budget, and their total, with a column per year and one for all."""
    codes = dict.fromkeys(code for year in years for code in year)
    lines = [(f"{c} {LINE_BY_CODE[c].label}", [year.get(c, Decimal(0)) for year in years]) for c in codes]
    lines.append((total, [sum(year.values(), Decimal(0)) for year in years]))
    return [
        (label, *(money(amount) for amount in amounts), money(sum(amounts, Decimal(0))))
        for label, amounts in lines
    ]


def project_budget(o: Occasion) -> Paper:
    """The project's budget, line by line and year by year."""
    if o.project is None:
        return structure_budget(o)
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


def structure_budget(o: Occasion) -> Paper:
    """The organisation's budget of the year."""
    turnover = o.organisation.turnover
    return Paper(
        title=f"Budget prévisionnel {o.on.year}",
        issuer=o.organisation.name,
        head=("Poste", "Montant (€)"),
        rows=_accounts_rows(turnover, turnover),
        signatory=o.signature,
    )


def accounts(years_back: int) -> Callable[[Occasion], Paper]:
    """A builder of the accounts approved ``years_back`` years before the last."""

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


def auditor_report(o: Occasion) -> Paper:
    """The auditor's report on the accounts."""
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


def activity_report(o: Occasion) -> Paper:
    """The report of activity."""
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


def partner_letter(o: Occasion) -> Paper:
    """A partner commits itself."""
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


def partnership(o: Occasion) -> Paper:
    """The agreement between partners."""
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


def resume(o: Occasion) -> Paper:
    """A member of the team's curriculum vitae."""
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


def indicators(o: Occasion) -> Paper:
    """The project's indicators, on paper."""
    plans = o.project.indicators if o.project else ()
    return Paper(
        title="Indicateurs de suivi et d'impact",
        issuer=o.organisation.name,
        head=("Indicateur", "Départ", "Cible", "Unité"),
        rows=tuple((f"{p.code} {p.label}", p.baseline, p.target, p.unit) for p in plans),
    )


def attendance(o: Occasion) -> Paper:
    """An attendance sheet, without names."""
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


def invoice(o: Occasion) -> Paper:
    """An invoice."""
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
