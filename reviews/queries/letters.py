"""What letters are made of (French only): the facts of each kind, and the frame that every letter of the Region has.

A letter keeps its facts from the day it is drafted; the frame (date, signatory) is added when it is released, and both are
frozen. Keys are those of the templates' contracts (``workflows/letters.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from accounts.actors import Actor
from accounts.models import PostRole, Region
from calls.models import AidBasis, Call, Dossier, DossierState
from calls.queries import dossier_heading, letter_frame, remedies
from calls.reference import GROUND_BY_CODE
from reviews.models import (
    Deliberation,
    Letter,
    LetterKind,
    LetterState,
    OpinionState,
    RankingLine,
    Reservation,
    ReservationKind,
)
from reviews.rules.grid import CENT
from reviews.rules.selection import reserve_valid_until
from workflows.dates import electronic_notification_date
from workflows.formats import format_date, format_instant, format_money, format_percent
from workflows.models import Recusal

#: Days left to the beneficiary to sign the contract (domain §2.7).
SIGNATURE_DAYS = 60
DELEGATION = "Pour le Président du conseil régional\net par délégation,"
DE_MINIMIS = "règlement (UE) 2023/2831 du 13 décembre 2023"

SUBJECTS: dict[str, str] = {
    LetterKind.INADMISSIBLE: "Notification d’irrecevabilité",
    LetterKind.INELIGIBLE: "Notification d’inéligibilité",
    LetterKind.AWARD: "Notification d’attribution de subvention",
    LetterKind.RESERVE: "Notification d’inscription en liste complémentaire",
    LetterKind.REFUSAL: "Notification de refus",
}

_AID = {
    AidBasis.NO_AID: "hors champ des aides d’État",
    AidBasis.DE_MINIMIS: "aide de minimis",
    AidBasis.SGEI: "compensation de service d’intérêt économique général (décision 2012/21/UE)",
    AidBasis.EXEMPTED: "régime cadre exempté d’aides à la formation",
}
_RESERVATION = {
    ReservationKind.SUSPENSIVE: "suspensive, à lever avant tout versement",
    ReservationKind.IN_CONTRACT: "à lever en convention",
    ReservationKind.RECOMMENDATION: "recommandation",
}


def frame(
    dossier: Dossier, *, number: str, now: datetime, signatory: Mapping[str, str], draft: bool = False
) -> dict[str, Any]:
    """Letterhead, recipient, date and signature. ``number`` is that of the letter in the dossier, e.g. ``C2``."""
    head = letter_frame(
        dossier.case,
        now,
        reference=f"{dossier.case.reference}/{number}",
        officer=dossier.officer.get_full_name() if dossier.officer else "",
        attention=dossier.submitted_by.get_full_name() if dossier.submitted_by else "",
    )
    return head | {
        "signatories": [dict(signatory)],
        "draft": draft,
        "dossier": dossier_heading(dossier),
    }


def signatory(actor: Actor, region: Region) -> dict[str, str]:
    """Who signs, with the capacity that CRPA L212-1 wants shown."""
    post = next(
        (
            p
            for role in (PostRole.SIGNATORY, PostRole.MANAGER, PostRole.CASE_OFFICER)
            for p in actor.posts
            if p.role == role and p.region_id == region.pk
        ),
        None,
    )
    with override("fr"):
        capacity = (post.capacity or post.get_role_display()) if post else "Agent de la Région"
    return {
        "name": actor.user.get_full_name(),
        "capacity": str(capacity),
        "service": region.service_name,
        "delegation": DELEGATION,
    }


def received(dossier: Dossier) -> str:
    """The instant of reception, in full."""
    assert dossier.submitted_at is not None
    return format_instant(dossier.submitted_at, dossier.case.region.zone)


def missing_pieces_facts(
    dossier: Dossier, items: Iterable[Mapping[str, Any]], *, due_on: date, rejection_on: date
) -> dict[str, Any]:
    """The request for pieces (CRPA L114-5, R112-11-4)."""
    return {
        "received_at": received(dossier),
        "due_on": format_date(due_on),
        "implicit_rejection_on": format_date(rejection_on),
        "consequence": "Si les pièces indispensables manquent encore à cette date, votre dossier peut être déclaré irrecevable.",
        "pieces": [
            {
                "label": item["label"],
                "reason": item["reason"],
                "legal_basis": "Règlement de l’appel publié, liste des pièces à fournir",
                "indispensable": item["indispensable"],
            }
            for item in items
        ],
    }


def grounds_facts(dossier: Dossier, grounds: Iterable[str], explanation: str) -> dict[str, Any]:
    """Inadmissibility or ineligibility: each ground in law, and what was found (CRPA L211-5)."""
    return {
        "received_at": received(dossier),
        "remedies": remedies(dossier.case.region),
        "grounds": [
            {
                "label": GROUND_BY_CODE[code].label,
                "rule": GROUND_BY_CODE[code].legal_basis,
                "fact": f"{GROUND_BY_CODE[code].sentence}\n{explanation}",
            }
            for code in grounds
        ],
    }


def decision_facts(deliberation: Deliberation, region: Region) -> dict[str, Any]:
    """What a letter recalls of the vote, and how it can be challenged."""
    return {
        "deliberation": {
            "body": "commission permanente du conseil régional",
            "number": deliberation.number,
            "date": format_date(deliberation.voted_on, weekday=False),
        },
        "remedies": remedies(region),
    }


def award_facts(dossier: Dossier, deliberation: Deliberation, amount: Decimal, day: date) -> dict[str, Any]:
    """The award: amount, base, conditions, the colleges' reservations, payments."""
    call = dossier.call
    assert dossier.starts_on is not None
    assert dossier.ends_on is not None
    facts = decision_facts(deliberation, dossier.case.region) | {
        "amount": format_money(amount),
        "eligible_cost": format_money(dossier.eligible_cost),
        "rate": format_percent(amount / dossier.eligible_cost),
        "eligible_from": format_date(dossier.starts_on, weekday=False),
        "eligible_until": format_date(dossier.ends_on, weekday=False),
        "aid_basis": aid_words(call),
        "reservations": [
            {"kind": _RESERVATION[ReservationKind(r.kind)], "text": r.text}
            for r in Reservation.objects.filter(
                opinion__dossier=dossier, opinion__state=OpinionState.GIVEN
            ).order_by("opinion__college", "kind", "id")
        ],
        "convention": {"sign_before": format_date(day + timedelta(days=SIGNATURE_DAYS))},
        "instalments": instalments(call, amount),
    }
    if call.aid_basis == AidBasis.DE_MINIMIS:
        facts["de_minimis"] = {"regulation": DE_MINIMIS, "amount": format_money(amount)}
    return facts


def aid_words(call: Call) -> str:
    """The legal basis in State-aid law, in words."""
    return _AID[AidBasis(call.aid_basis)]


def instalments(call: Call, amount: Decimal) -> list[dict[str, str]]:
    """How the award will be paid, by the rates of the call; the balance takes the rounding."""
    advance = (amount * call.advance_rate / 100).quantize(CENT, ROUND_DOWN)
    interim = (amount * call.interim_rate / 100).quantize(CENT, ROUND_DOWN)
    parts = (
        ("Avance", advance, "À la notification de la convention"),
        ("Acompte", interim, "Sur bilan intermédiaire et état des dépenses acquittées"),
        ("Solde", amount - advance - interim, "Sur bilan final et compte rendu financier"),
    )
    return [
        {"label": label, "amount": format_money(part), "condition": condition}
        for label, part, condition in parts
        if part
    ]


def reserve_facts(dossier: Dossier, deliberation: Deliberation, line: RankingLine) -> dict[str, Any]:
    """The reserve list: rank on it, amount that could be awarded, last day."""
    before = RankingLine.objects.filter(ranking=line.ranking_id, list=line.list, rank__lt=line.rank).count()
    return decision_facts(deliberation, dossier.case.region) | {
        "rank": before + 1,
        "proposed_amount": format_money(line.amount),
        "valid_until": format_date(reserve_valid_until(deliberation.voted_on)),
    }


def refusal_facts(dossier: Dossier, deliberation: Deliberation, reasons: list[str]) -> dict[str, Any]:
    """The refusal. Reasons are not owed in a competition, but those given are true (CRPA L211-2)."""
    call = Dossier.objects.filter(call=dossier.call_id)
    examined = call.exclude(state__in=[DossierState.DRAFT, DossierState.LAPSED, DossierState.WITHDRAWN])
    funded = RankingLine.objects.filter(ranking=deliberation.ranking_id, voted_amount__gt=0, list="main")
    return decision_facts(deliberation, dossier.case.region) | {
        "received": examined.count(),
        "funded": funded.count(),
        "reasons": reasons,
    }


def letters_visible_to(actor: Actor) -> QuerySet[Letter]:
    """The letters of the actor's Regions, those recused excepted (applicants reach theirs from the dossier)."""
    rows = Letter.objects.select_related(*Letter.related)
    if None not in actor.audited_regions:
        rows = rows.filter(case__region__in=actor.staff_regions | actor.audited_regions)
    return rows.exclude(case__in=Recusal.objects.filter(user=actor.user).values("case"))


def notified_on(letter: Letter, today: date) -> date | None:
    """The day a released letter is deemed received, as known on ``today`` (CRPA R112-20); ``None`` while it is open."""
    if letter.released_at is None:
        return None
    zone = letter.case.region.zone
    return electronic_notification_date(letter.released_at, letter.first_read_at, today=today, tz=zone)


def content(letter: Letter, *, actor: Actor, now: datetime, draft: bool = False) -> dict[str, Any]:
    """The whole letter as it would be if ``actor`` released it at ``now``; once released, as it was."""
    if letter.state == LetterState.RELEASED:
        return dict(letter.data)
    dossier = letter.dossier
    rank = Letter.objects.filter(dossier=dossier, drafted_at__lt=letter.drafted_at).count() + 1
    head = frame(
        dossier, number=f"C{rank}", now=now, signatory=signatory(actor, dossier.case.region), draft=draft
    )
    return head | letter.data | {"note": letter.note}
