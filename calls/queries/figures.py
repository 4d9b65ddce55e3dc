"""What a call has received and what it grants: the dossiers that a reader's figures are made of, and their amounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from accounts.actors import Actor
from calls.models import Call, Dossier
from calls.queries.access import AWARDED_STATES, PUBLIC_STATES
from workflows.models import Recusal

ZERO = Decimal(0)


def followed_calls(actor: Actor) -> QuerySet[Call]:
    """The published calls that ``actor`` follows as a whole: of the Regions where they have a post, a seat or an audit."""
    calls = Call.objects.filter(state__in=PUBLIC_STATES).select_related("case__region", "envelope")
    if None in actor.audited_regions:
        return calls
    seats = {seat.body.region_id for seat in actor.seats}
    return calls.filter(case__region__in=actor.staff_regions | actor.audited_regions | seats)


def received_dossiers(actor: Actor) -> QuerySet[Dossier]:
    """Dossiers that were submitted, but those from which ``actor`` is recused: for them these do not exist."""
    recused = Recusal.objects.filter(case=OuterRef("case"), user=actor.user)
    return Dossier.objects.filter(~Exists(recused), submitted_at__isnull=False)


@dataclass(frozen=True, slots=True)
class AxisAmounts:
    """The money of an axis, in euros: asked for, and granted and still so."""

    code: str
    label: str
    asked: Decimal
    granted: Decimal


def amounts_by_axis(dossiers: QuerySet[Dossier]) -> list[AxisAmounts]:
    """What ``dossiers`` ask for and are granted, axis by axis (one query)."""
    rows = (
        dossiers.order_by("axis__code")
        .values_list("axis__code", "axis__label")
        .annotate(
            asked=Sum("requested_amount"),
            granted=Sum("awarded_amount", filter=Q(state__in=AWARDED_STATES)),
        )
    )
    return [
        AxisAmounts(code or "", label or "", asked or ZERO, granted or ZERO)
        for code, label, asked, granted in rows
    ]


__all__ = ["AxisAmounts", "amounts_by_axis", "followed_calls", "received_dossiers"]
