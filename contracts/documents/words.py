"""How documents say things: labels, days, rates, addresses."""

from __future__ import annotations

from datetime import date, datetime

from accounts.models import LegalForm
from contracts.models import Contract, InstalmentKind, ReportKind
from workflows.dates import local_date
from workflows.formats import format_date, format_percent
from workflows.models import CaseModel

UNSAID = "Non précisé"
ACCOUNTANT = "payeur régional"

LEGAL_FORMS = {
    LegalForm.ASSOCIATION: "association",
    LegalForm.COMPANY: "société",
    LegalForm.PUBLIC: "établissement public",
    LegalForm.LOCAL_AUTHORITY: "collectivité territoriale",
}
INSTALMENT_LABELS = {
    InstalmentKind.ADVANCE: "Avance",
    InstalmentKind.INTERIM: "Acompte",
    InstalmentKind.BALANCE: "Solde",
}
CONDITIONS = {
    InstalmentKind.ADVANCE: "À la notification de la convention",
    InstalmentKind.INTERIM: "Sur demande, après acceptation d’un bilan intermédiaire",
    InstalmentKind.BALANCE: "Sur demande, après acceptation du bilan final et du compte rendu financier, dans la limite du "
    "taux appliqué aux dépenses éligibles réalisées",
}
CONTENTS = {
    ReportKind.INTERIM: "Valeurs des indicateurs, récit de la période, dépenses de la période",
    ReportKind.FINAL: "Valeurs finales des indicateurs, récit, compte rendu financier de tout le projet",
}


def long_day(day: date) -> str:
    """``1er juillet 2026``."""
    return format_date(day, weekday=False)


def day_or_unsaid(day: date | None) -> str:
    """A day that may not be known."""
    return long_day(day) if day else UNSAID


def day_of(instant: datetime | None, row: CaseModel) -> str:
    """The day of an instant where the Region is."""
    return long_day(local_date(instant, row.case.region.zone)) if instant else UNSAID


def siret(number: str) -> str:
    """``732 829 320 00074``."""
    return f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}"


def rate_words(contract: Contract) -> str:
    """The rate of the contract: « 43,4783 % »."""
    return format_percent(contract.rate / 100, decimals=4)


def report_label(kind: str, number: int) -> str:
    """« Bilan intermédiaire n° 1 », « Bilan final »."""
    return "Bilan final" if kind == ReportKind.FINAL else f"Bilan intermédiaire n° {number}"


def lower(text: str) -> str:
    """The text without its first capital, to go on with a sentence."""
    return text[:1].lower() + text[1:]
