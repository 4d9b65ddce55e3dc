"""What letters and documents of a Region have in common, as the PDF templates take it; French only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.identifiers import REGION_CODES
from accounts.models import Organisation, Region
from calls.models import Call, Criterion, Dossier, RequiredPiece
from calls.queries.application import dossier_heading, printed_pieces
from calls.queries.missing import ExpectedPiece
from calls.reference import read_sections
from workflows.dates import add_months
from workflows.formats import format_date, format_instant, format_money, format_percent
from workflows.models import Case

ACCENTS = {
    "blue": "#1f4e9e",
    "teal": "#0b5f6b",
    "green": "#1c6538",
    "violet": "#583c99",
    "ruby": "#96193a",
    "ochre": "#7d4b08",
    "slate": "#37475d",
}
#: Overseas Regions, whose courts give one month more to who lives elsewhere (CJA R421-7).
OVERSEAS = frozenset(code for code in REGION_CODES if code.startswith("0"))

_KINDS = {"aap": "Appel à projets", "ami": "Appel à manifestation d’intérêt", "exp": "Expérimentation"}
_FORMS = {
    "association": "associations et fondations",
    "company": "entreprises",
    "public": "établissements publics et chambres",
    "local_authority": "collectivités territoriales",
}
_COLLEGES = {
    "state": "de l’État",
    "region": "de la Région",
    "employers": "des employeurs",
    "unions": "des syndicats",
}


def document_frame(case: Case, now: datetime, *, reference: str = "") -> dict[str, Any]:
    """The keys common to every document of a Region: letterhead, reference, date; no signatory."""
    region = case.region
    return {
        "region": region_block(region),
        "reference": reference or case.reference,
        "date": format_date(_local(region, now).date(), weekday=False),
        "signatories": [],
        "by_portal": True,
    }


def letter_frame(
    case: Case, now: datetime, *, reference: str = "", officer: str = "", attention: str = ""
) -> dict[str, Any]:
    """The keys common to every letter to the organisation of ``case``: service, recipient, signature, place and date.

    The Region's president is the author; a letter given by the portal bears no handwritten signature (CRPA L212-2).
    """
    region = case.region
    assert case.organisation is not None
    return document_frame(case, now, reference=reference) | {
        "service": {
            "name": region.service_name,
            "address": region.service_address,
            "email": region.service_email,
            "phone": region.service_phone,
            "officer": officer,
        },
        "recipient": recipient_block(case.organisation, attention),
        "place": place_of(region),
        "signatories": [{"name": region.president, "capacity": "Présidence du conseil régional"}],
    }


def region_block(region: Region) -> dict[str, str]:
    """The letterhead."""
    return {
        "name": region.name,
        "address": region.service_address,
        "accent": ACCENTS.get(region.accent, ACCENTS["blue"]),
    }


def recipient_block(organisation: Organisation, attention: str = "") -> dict[str, str]:
    """Whom a letter is written to."""
    lines = [organisation.address.strip(), f"{organisation.postcode} {organisation.city}".strip()]
    address = "\n".join(line for line in lines if line) or f"SIRET {organisation.siret}"
    return {"name": organisation.name, "attention": attention, "address": address}


def place_of(region: Region) -> str:
    """The town of the service: the last line of its address without its postal code."""
    last = region.service_address.strip().splitlines()[-1]
    return last.lstrip("0123456789 ") or region.name


def remedies(region: Region) -> dict[str, str]:
    """How and until when a decision can be challenged (CRPA L411-1 to L411-7, CJA R421-1 and R421-7)."""
    note = (
        "Ce délai est augmenté d’un mois pour les personnes qui ne demeurent pas dans la collectivité, et de deux mois "
        "pour celles qui demeurent à l’étranger (code de justice administrative, art. R. 421-7)."
        if region.code in OVERSEAS
        else ""
    )
    return {
        "authority": "la présidence du conseil régional",
        "court": region.court,
        "delay": "deux mois",
        "note": note,
    }


def receipt_data(
    dossier: Dossier,
    *,
    submitted_by: str,
    received_at: datetime,
    implicit_rejection_on: Any,
    pieces: Sequence[ExpectedPiece],
) -> dict[str, Any]:
    """The data of the acknowledgement of receipt of ``pieces`` and the rest, with each mention of CRPA R112-11-1."""
    region = dossier.case.region
    call = dossier.call
    zone = region.zone
    closing = call.closes_at.astimezone(zone).date()
    steps = [
        (add_months(closing, 1), "Vérification des pièces et de la recevabilité"),
        (add_months(closing, 2), "Évaluation et avis des collèges"),
        (add_months(closing, 4), "Sélection et vote de la commission permanente"),
    ]
    return letter_frame(dossier.case, received_at, attention=submitted_by) | {
        "dossier": dossier_heading(dossier),
        "remedies": remedies(region),
        "received_at": format_instant(received_at, zone),
        "submitted_by": submitted_by,
        "implicit_rejection_on": format_date(implicit_rejection_on, weekday=False),
        "pieces": printed_pieces(pieces),
        "next_steps": [
            {"date": f"vers {format_date(day, weekday=False).split(' ', 1)[1]}", "label": label}
            for day, label in steps
        ],
    }


def call_text_data(call: Call, now: datetime) -> dict[str, Any]:
    """The data of the call's published text."""
    region = call.case.region
    zone = region.zone
    sections = [
        {"title": title or "Objet de l’appel", "text": body or "—"}
        for title, body in read_sections(call.text)
    ]
    return document_frame(call.case, now) | {
        "kind": _KINDS[call.kind],
        "title": call.title,
        "number": call.case.reference,
        "pact": call.pact.title,
        "opens_at": format_instant(call.opens_at, zone),
        "closes_at": format_instant(call.closes_at, zone),
        "envelope": format_money(call.envelope.amount),
        "max_rate": format_percent(call.max_rate / 100),
        "floor": format_money(call.min_amount) if call.min_amount else "",
        "ceiling": format_money(call.max_amount),
        "published_on": format_date(now.astimezone(zone).date(), weekday=False),
        "frozen_sha256": call.text_sha256,
        "sections": sections,
        "criteria": [_criterion(criterion) for criterion in call.criteria.all()],
        "pieces": [_piece(piece) for piece in call.required_pieces.all()],
        "reports": [
            {
                "label": "Bilan final" if months == max(call.reporting) else "Bilan intermédiaire",
                "due": f"{months} mois après le début du projet",
            }
            for months in call.reporting
        ],
        "consulted": _consulted(call),
        "contact": call.contact,
    }


def _consulted(call: Call) -> list[str]:
    said = []
    if call.colleges:
        named = ", ".join(_COLLEGES[college] for college in call.colleges)
        said.append(f"les collèges {named}, dans un délai de {call.opinion_days} jours")
    if call.coparef != "none":
        said.append(f"le COPAREF, dans un délai de {call.coparef_days} jours")
    return said


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {"label": criterion.label, "weight": criterion.weight, "eliminatory": criterion.eliminatory}


def _piece(piece: RequiredPiece) -> dict[str, Any]:
    who = ", ".join(_FORMS[form] for form in piece.legal_forms if form in _FORMS) or "tous les porteurs"
    when = {"partners": " (si le projet a des partenaires)", "training": " (organismes de formation)"}
    who += when.get(piece.condition, " (si vous êtes concerné)" if piece.condition == "if_concerned" else "")
    return {"label": piece.label, "who": who, "indispensable": piece.indispensable}


def _local(region: Region, now: datetime) -> datetime:
    return now.astimezone(region.zone)
