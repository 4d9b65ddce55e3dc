"""Reads of the completeness check: the pieces, what the law's clock says, what the programme can verify by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from calls.models import Dossier, DossierState
from calls.queries import ExpectedPiece, expected_pieces
from calls.reference import CHECKLIST, CheckItem, Family, Stage
from reviews.models import PieceRequest, PieceRequestState
from workflows.dates import Suspension, implicit_rejection


@dataclass(frozen=True)
class PieceLine(ExpectedPiece):
    """A piece that concerns the applicant, as the case officer checks it."""

    @property
    def verdict(self) -> str:
        """What the case officer found: ``accepted``, ``rejected``, or ``""`` while unchecked or missing."""
        return self.piece.verdict if self.piece else ""

    @property
    def blocks(self) -> bool:
        """Whether the dossier cannot be declared complete as long as this piece is not accepted (CRPA L114-5-1)."""
        return self.due and self.verdict != "accepted"

    @property
    def number(self) -> int:
        """How many contents were received for it: it grows with a file replaced as with one added beside; 0 without any."""
        return sum(version.number for version in self.files)


def piece_lines(dossier: Dossier) -> list[PieceLine]:
    """The pieces that concern the applicant, in the call's order, with what was given."""
    return [PieceLine(p.required, p.piece, p.version, p.due, p.more) for p in expected_pieces(dossier)]


# The legal clock (domain §4.2)


class ClockState(StrEnum):
    """What silence is worth on a day."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    BORN = "born"
    ANSWERED = "answered"


CLOCK_LABELS: dict[ClockState, Any] = {
    ClockState.RUNNING: _("Running"),
    ClockState.SUSPENDED: _("Suspended"),
    ClockState.BORN: _("Implicit rejection born"),
    ClockState.ANSWERED: _("Express decision"),
}

#: States in which the Region has answered: silence means nothing any more.
ANSWERED = frozenset(
    {
        DossierState.INADMISSIBLE,
        DossierState.INELIGIBLE,
        DossierState.RESERVE,
        DossierState.AWARDED,
        DossierState.REFUSED,
        DossierState.UNDER_CONTRACT,
        DossierState.CLOSED,
        DossierState.WITHDRAWN,
    }
)


@dataclass(frozen=True)
class LegalClock:
    """Where the two months of CRPA L231-4 3° stand. ``rejection_on`` is the day at whose end silence means rejection."""

    state: ClockState
    rejection_on: date
    suspended_until: date | None = None

    @property
    def label(self) -> Any:
        """The state in words."""
        return CLOCK_LABELS[self.state]


def suspensions(requests: Iterable[PieceRequest]) -> list[Suspension]:
    """The requests for pieces as suspensions of the clock."""
    return [Suspension(r.requested_on, r.due_on, r.produced_on) for r in requests]


def rejection_date(dossier: Dossier, extra: Iterable[Suspension] = ()) -> date:
    """The day of the implicit rejection, reckoned anew from all the requests for pieces (and ``extra`` ones)."""
    assert dossier.submitted_at is not None
    stops = [*suspensions(PieceRequest.objects.filter(dossier=dossier).order_by("requested_on")), *extra]
    return implicit_rejection(dossier.submitted_at, stops, tz=dossier.case.region.zone)


def legal_clock(dossier: Dossier, today: date, *, told: bool = True) -> LegalClock | None:
    """The legal clock of a submitted dossier on a day; ``None`` for a draft.

    ``told`` is false for a reader who must not learn of a decision before it is notified.
    """
    if dossier.implicit_rejection_on is None:
        return None
    if (dossier.state if told else dossier.told_state()) in ANSWERED:
        return LegalClock(ClockState.ANSWERED, dossier.implicit_rejection_on)
    if today > dossier.implicit_rejection_on:
        return LegalClock(ClockState.BORN, dossier.implicit_rejection_on)
    if dossier.state == DossierState.PIECES_REQUESTED:
        pending = PieceRequest.objects.filter(dossier=dossier, state=PieceRequestState.PENDING).first()
        if pending is not None:
            return LegalClock(ClockState.SUSPENDED, dossier.implicit_rejection_on, pending.due_on)
    return LegalClock(ClockState.RUNNING, dossier.implicit_rejection_on)


# The checklists


def points_at(dossier: Dossier, stage: Stage) -> list[CheckItem]:
    """The points to verify at ``stage`` for this applicant's legal form."""
    family = Family(dossier.organisation.legal_form)
    return [item for item in CHECKLIST if item.stage is stage and family in item.families]


def found_by_the_programme(dossier: Dossier) -> dict[str, bool]:
    """What can be verified without a person, by code of the checklist: a « no » here cannot be overruled by a « yes »."""
    call = dossier.call
    assert dossier.submitted_at is not None
    asked, most = dossier.requested_amount, call.max_rate * dossier.eligible_cost / 100
    return {
        "R-DELAI": call.opens_at <= dossier.submitted_at < call.closes_at,
        "R-CANAL": True,
        "R-PIECES": not any(line.blocks for line in piece_lines(dossier)),
        "E-EQUILIBRE": _balanced(dossier),
        "E-TAUX": asked <= most and call.min_amount <= asked <= call.max_amount,
    }


def _balanced(dossier: Dossier) -> bool:
    sums: dict[tuple[int, str], Any] = {}
    for line in dossier.budget.all():
        sums[line.year, line.side] = sums.get((line.year, line.side), 0) + line.amount
    years = {year for year, _side in sums}
    return all(sums.get((year, "expense"), 0) == sums.get((year, "income"), 0) for year in years)
