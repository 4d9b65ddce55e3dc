"""The clauses of a contract, the default payment schedule and the default reporting calendar.

Clauses are plain text with named fields in braces, out of the closed list ``CLAUSE_FIELDS``; whoever fills
them uses ``Clause.filled``, which knows no expression. Letters and contracts are in French only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from calls.reference.base import Term, index

CLAUSE_FIELDS = frozenset(
    {
        "region",
        "president",
        "beneficiary",
        "beneficiary_siret",
        "representative",
        "call",
        "dossier",
        "project",
        "deliberation",
        "deliberation_date",
        "amount",
        "amount_words",
        "rate",
        "eligible_base",
        "starts_on",
        "ends_on",
        "instalments",
        "reports",
        "aid_basis",
        "reservations",
        "service",
        "court",
        "account_holder",
        "account",
        "vat_basis",
        "lapse_on",
    }
)

LAW_2000 = "Loi n° 2000-321 du 12 avril 2000, art. 10"


@dataclass(frozen=True, slots=True)
class Clause:
    """An article of the contract.

    Without its ``mandatory`` clauses a contract may not be generated; ``non_profit_only`` are
    left out for companies and public bodies.
    """

    code: str
    label: str
    text: str
    mandatory: bool = True
    non_profit_only: bool = False
    legal_basis: str = ""

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with its fields replaced.

        :raises KeyError: when ``values`` lacks a field of the clause.
        """
        return self.text.format_map(dict(values))


CLAUSES: tuple[Clause, ...] = (
    Clause(
        "OBJET",
        "Objet",
        "La présente convention fixe les conditions dans lesquelles {region} soutient le projet "
        "« {project} » "
        "(dossier {dossier}), présenté par {beneficiary} (SIRET {beneficiary_siret}) en réponse à l’appel "
        "« {call} » "
        "et décrit dans l’annexe 1. Le bénéficiaire a pris l’initiative de ce projet, le définit et le met "
        "en œuvre "
        "sous sa responsabilité.",
        legal_basis="Loi n° 2000-321 du 12 avril 2000, art. 9-1",
    ),
    Clause(
        "DUREE",
        "Durée et période d’éligibilité des dépenses",
        "Le projet se déroule du {starts_on} au {ends_on}. Seules les dépenses engagées et acquittées pour "
        "cette "
        "période sont éligibles. La convention prend effet à sa notification et prend fin avec le "
        "versement du "
        "solde ou le recouvrement du trop-perçu.",
    ),
    Clause(
        "MONTANT",
        "Montant de la subvention",
        "Par délibération n° {deliberation} du {deliberation_date}, la commission permanente a attribué au "
        "bénéficiaire une subvention maximale de {amount} ({amount_words}), soit {rate} d’une dépense "
        "éligible de "
        "{eligible_base}. Ce montant est un plafond : il ne peut être réévalué que par avenant, après un "
        "nouveau "
        "vote.",
        legal_basis=LAW_2000,
    ),
    Clause(
        "TVA",
        "Taxe sur la valeur ajoutée",
        "La subvention ne rémunère ni une livraison de biens ni une prestation de services rendue à la Région. Les "
        "dépenses éligibles sont retenues {vat_basis}. Un changement de ce régime est signalé à la Région avant le "
        "bilan suivant.",
        legal_basis="Code général des impôts, art. 256 et 271",
    ),
    Clause(
        "VERSEMENT",
        "Modalités de versement",
        "La subvention est versée selon l’échéancier suivant : {instalments}. Chaque versement intervient "
        "dans les "
        "soixante jours, après certification du service fait. Un bilan dû et non remis suspend le "
        "versement suivant. Les sommes sont versées sur le compte ouvert au nom de {account_holder}, IBAN {account}. Un "
        "changement de compte demandé après la signature n’est pris en compte qu’une fois vérifié par la Région auprès "
        "du bénéficiaire.",
        legal_basis=f"{LAW_2000} ; loi n° 2021-875 du 1er juillet 2021, art. 2",
    ),
    Clause(
        "UTILISATION",
        "Conditions d’utilisation",
        "La subvention est employée au seul projet décrit dans l’annexe 1. Elle ne peut être reversée à un "
        "tiers "
        "que dans la mesure prévue par cette annexe. Les écarts entre postes du budget supérieurs à 20 % "
        "sont "
        "soumis à l’accord préalable de la Région.",
        legal_basis=LAW_2000,
    ),
    Clause(
        "RESERVES",
        "Réserves levées par la convention",
        "Le bénéficiaire s’engage à satisfaire aux réserves suivantes, formulées lors de l’instruction : "
        "{reservations}.",
        mandatory=False,
    ),
    Clause(
        "CADUCITE",
        "Caducité",
        "La part de la subvention qui n’a pas été versée devient caduque si le projet n’a pas commencé dans les douze "
        "mois qui suivent la notification de la convention, ou si le bilan final et la demande de solde ne sont pas "
        "déposés au plus tard le {lapse_on}. La Région peut accorder par avenant un délai demandé avant ce terme.",
        legal_basis="CGCT, art. L4312-5 (règlement budgétaire et financier)",
    ),
    Clause(
        "CESSION",
        "Incessibilité et sous-traitance",
        "La convention est conclue en considération du bénéficiaire, qui ne peut en céder ni les droits ni les "
        "obligations sans l’accord écrit de la Région. Il peut confier à des prestataires l’exécution de tâches précises "
        "du projet, à des conditions normales de concurrence et de prix ; il en reste seul responsable devant la Région "
        "et leur impose les obligations de contrôle, de conservation et de protection des données de la convention.",
        legal_basis="Code civil, art. 1216",
    ),
    Clause(
        "SUIVI",
        "Indicateurs, bilans et évaluation",
        "Le bénéficiaire renseigne les indicateurs de suivi et d’impact de l’annexe 3 et remet les bilans "
        "suivants : "
        "{reports}. Il participe à l’évaluation du Pacte et transmet les éléments utiles à la "
        "capitalisation.",
        legal_basis=LAW_2000,
    ),
    Clause(
        "CRF",
        "Compte rendu financier",
        "Dans les six mois suivant la fin de l’exercice pour lequel la subvention a été attribuée, le "
        "bénéficiaire "
        "dépose un compte rendu financier qui atteste de la conformité des dépenses effectuées à l’objet "
        "de la "
        "subvention.",
        legal_basis=f"{LAW_2000} ; arrêté du 11 octobre 2006",
    ),
    Clause(
        "COMPTABILITE",
        "Comptabilité séparée et conservation",
        "Le bénéficiaire tient une comptabilité séparée du projet, ou une codification comptable adéquate. Les états de "
        "dépenses sont signés par son représentant légal et certifiés par la personne qui tient ses comptes : "
        "expert-comptable, commissaire aux comptes s’il en est doté, ou comptable public. Il conserve pendant dix ans, à "
        "compter du dernier versement, les pièces qui justifient les dépenses et les réalisations.",
        legal_basis="Code de commerce, art. L123-22",
    ),
    Clause(
        "CONTROLE",
        "Contrôle",
        "La Région, ou toute personne qu’elle mandate, peut contrôler sur pièces et sur place l’emploi de la "
        "subvention, pendant la durée de la convention et les dix années qui suivent. Un rapport "
        "provisoire est "
        "soumis aux observations du bénéficiaire avant tout rapport définitif.",
        legal_basis=f"{LAW_2000} ; CGCT, art. L1611-4",
    ),
    Clause(
        "EXCEDENT",
        "Part de la subvention non dépensée",
        "Si une part de la subvention n’est pas dépensée, le bénéficiaire peut la conserver, dans la "
        "limite d’un "
        "excédent raisonnable constaté au compte rendu financier et affecté à une action de même objet, "
        "après accord "
        "écrit de la Région.",
        non_profit_only=True,
        legal_basis="Loi n° 2000-321, art. 10, dans sa rédaction issue de la loi n° 2021-875",
    ),
    Clause(
        "REVERSEMENT",
        "Reversement",
        "Les sommes versées en excédent du solde, ou employées en méconnaissance de la convention, sont "
        "reversées "
        "à la Région. La décision est motivée et précédée d’une invitation à présenter des observations "
        "dans un "
        "délai d’au moins quinze jours.",
        legal_basis="CRPA, art. L211-2, L121-1, L122-1 et L242-2",
    ),
    Clause(
        "ENGAGEMENTS",
        "Principes de la République",
        "Le bénéficiaire a souscrit le contrat d’engagement républicain et en informe ses membres. Un "
        "manquement "
        "entraîne le retrait de la subvention pour la période restant à courir, après une procédure "
        "contradictoire.",
        non_profit_only=True,
        legal_basis="Loi n° 2000-321, art. 10-1 ; décret n° 2021-1947 du 31 décembre 2021",
    ),
    Clause(
        "AIDES",
        "Régime d’aides d’État",
        "La subvention est accordée sur le fondement suivant : {aid_basis}.",
        legal_basis="Traité sur le fonctionnement de l’Union européenne, art. 107 et 108",
    ),
    Clause(
        "COMMUNICATION",
        "Communication",
        "Le bénéficiaire fait état du soutien de la Région et de l’État au titre du Pacte sur tout support "
        "relatif "
        "au projet et auprès de ses participants.",
    ),
    Clause(
        "CAPITALISATION",
        "Propriété intellectuelle et capitalisation",
        "Le bénéficiaire reste titulaire de ses droits sur les résultats. Il concède à la Région, à titre "
        "gratuit et "
        "non exclusif, le droit de reproduire et de diffuser les livrables à des fins de capitalisation.",
    ),
    Clause(
        "DONNEES",
        "Données personnelles et ouvertes",
        "Chaque partie est responsable des traitements qu’elle met en œuvre. Les bilans portent sur des "
        "données "
        "agrégées. Les données essentielles de la convention sont publiées dans les trois mois de sa "
        "signature.",
        legal_basis="Règlement (UE) 2016/679 ; décret n° 2017-779 du 5 mai 2017",
    ),
    Clause(
        "AVENANT",
        "Avenant",
        "Toute modification de la convention ou de ses annexes fait l’objet d’un avenant signé dans les "
        "mêmes "
        "formes.",
    ),
    Clause(
        "RESILIATION",
        "Suspension et résiliation",
        "En cas de manquement, et après une mise en demeure restée sans effet pendant trente jours, la "
        "Région peut "
        "suspendre les versements ou résilier la convention sans indemnité.",
    ),
    Clause(
        "LITIGES",
        "Litiges",
        "À défaut d’accord amiable, les litiges relèvent du {court}.",
        legal_basis="Code de justice administrative, art. R312-1",
    ),
    Clause(
        "ANNEXES",
        "Annexes",
        "Font partie de la convention : l’annexe 1, fiche du projet ; l’annexe 2, plan de financement ; "
        "l’annexe 3, indicateurs et calendrier des bilans ; l’annexe 4, échéancier de versement ; et, pour une "
        "association ou une fondation, l’annexe 5, contrat d’engagement républicain.",
    ),
)


def required_clauses(*, non_profit: bool) -> tuple[str, ...]:
    """The codes of the clauses without which no contract leaves the Region, for that kind of beneficiary."""
    return tuple(c.code for c in CLAUSES if c.mandatory and (non_profit or not c.non_profit_only))


#: The seven commitments of associations and foundations, by their titles (décret n° 2021-1947 du 31 décembre 2021, annexe).
REPUBLICAN_COMMITMENTS: tuple[str, ...] = (
    "le respect des lois de la République",
    "la liberté de conscience",
    "la liberté des membres de l’association",
    "l’égalité et la non-discrimination",
    "la fraternité et la prévention de la violence",
    "le respect de la dignité de la personne humaine",
    "le respect des symboles de la République",
)


class Trigger(StrEnum):
    """What makes an instalment claimable."""

    NOTIFICATION = "notification"
    INTERIM_REPORT = "interim_report"
    FINAL_REPORT = "final_report"


@dataclass(frozen=True, slots=True)
class InstalmentRule:
    """A share of the amount, claimable from ``trigger`` on; shares sum to one."""

    code: str
    label: str
    share: Decimal
    trigger: Trigger


INSTALMENTS: tuple[InstalmentRule, ...] = (
    InstalmentRule("advance", "Avance", Decimal("0.40"), Trigger.NOTIFICATION),
    InstalmentRule("interim", "Acompte", Decimal("0.40"), Trigger.INTERIM_REPORT),
    InstalmentRule("balance", "Solde", Decimal("0.20"), Trigger.FINAL_REPORT),
)


class Anchor(StrEnum):
    """The day that a report's due date counts from."""

    START = "start"
    END = "end"
    YEAR_END = "year_end"


@dataclass(frozen=True, slots=True)
class ReportRule:
    """A line of the reporting calendar.

    Due ``months_after`` its anchor; ``every_months`` repeats it until the project ends. It opens
    ``opens_days_before`` its due date and is reminded of ``reminders_days_before`` it.
    """

    code: str
    label: str
    anchor: Anchor
    months_after: int
    every_months: int | None = None
    opens_days_before: int = 30
    reminders_days_before: tuple[int, ...] = (15, 3)
    narrative: bool = True
    indicators: bool = True
    expenditure: bool = False


REPORTING_CALENDAR: tuple[ReportRule, ...] = (
    ReportRule("interim", "Bilan intermédiaire", Anchor.START, 6, every_months=6),
    ReportRule(
        "financial",
        "Compte rendu financier",
        Anchor.YEAR_END,
        6,
        opens_days_before=90,
        narrative=False,
        indicators=False,
        expenditure=True,
    ),
    ReportRule("final", "Bilan final", Anchor.END, 3, opens_days_before=60, expenditure=True),
)

AID_BASES: tuple[Term, ...] = (
    Term(
        "no_aid",
        "aucune aide d’État, la formation de demandeurs d’emploi n’étant pas pour le bénéficiaire une "
        "activité économique",
    ),
    Term("de_minimis", "règlement (UE) 2023/2831 du 13 décembre 2023 relatif aux aides de minimis"),
    Term("sgei", "décision 2012/21/UE relative aux services d’intérêt économique général"),
    Term("exempted", "régime exempté d’aides à la formation, règlement (UE) n° 651/2014, art. 31"),
)
"""State-aid bases, worded for the clause ``AIDES``."""

CLAUSE_BY_CODE = index(CLAUSES)
