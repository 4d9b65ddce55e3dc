"""What several verbs of the reviews do alike: move the legal clock, draft a letter, end the examination, recuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import User
from calls.models import Dossier
from reviews.models import Letter, LetterKind, LetterState
from reviews.queries.completeness import rejection_date
from reviews.queries.letters import SUBJECTS
from workflows.dates import Suspension, appeal_deadline, calendar_for, end_of_day
from workflows.engine import Act, Reason
from workflows.models import Recusal

#: The verb that notes the birth of the implicit rejection; its timer is set when the dossier is submitted.
IMPLICIT_REJECTION = "calls.note_implicit_rejection"

#: Days after which a letter left on the platform is deemed notified, at the latest (CRPA R112-20).
CONSULTATION_DAYS = 15


def zone(act: Act) -> ZoneInfo:
    """The Region's time zone."""
    return act.case.region.zone


def until(act: Act, day: date) -> datetime:
    """The instant from which what is due on ``day`` is late."""
    return end_of_day(day, zone(act))


def move_clock(act: Act, dossier: Dossier, extra: Iterable[Suspension] = ()) -> date:
    """Reckon the day of the implicit rejection anew, and move its timer there (CRPA L114-5, L231-4 3°)."""
    day = rejection_date(dossier, extra)
    if day != dossier.implicit_rejection_on:
        dossier.implicit_rejection_on = day
        if until(act, day) > act.now:
            act.set_timer(IMPLICIT_REJECTION, dossier, until(act, day))
    return day


def answer(act: Act, dossier: Dossier) -> None:
    """An express decision is taken: silence means nothing any more."""
    act.cancel_timers(IMPLICIT_REJECTION, object_id=dossier.pk)


def draft_letter(act: Act, dossier: Dossier, kind: LetterKind, facts: Mapping[str, Any]) -> Letter:
    """Write a letter, to be looked at and released by a person; it takes the place of one not yet released."""
    cancel_letters(dossier)
    return Letter.objects.create(
        case=act.case,
        dossier=dossier,
        kind=kind,
        subject=SUBJECTS[kind],
        data=dict(facts),
        drafted_at=act.now,
    )


def cancel_letters(dossier: Dossier) -> list[UUID]:
    """Give up the letters that are no longer true; returns them."""
    cancelled = []
    for letter in Letter.objects.filter(dossier=dossier, state=LetterState.DRAFTED):
        letter.cancel()
        letter.save(update_fields=["state"])
        cancelled.append(letter.pk)
    return cancelled


def remedies_end(act: Act) -> datetime:
    """When a decision released now can no longer be challenged, whenever it is read."""
    calendar = calendar_for(act.case.region.code)
    last = appeal_deadline(act.today + timedelta(days=CONSULTATION_DAYS), calendar)
    return until(act, last)


def recuse(act: Act, users: Mapping[UUID, str], *, detected: bool) -> None:
    """Keep these people out of the case, each for its reason: from now on it does not exist for them (R133-12)."""
    Recusal.objects.bulk_create(
        [
            Recusal(case=act.case, user=User(pk=pk), reason=reason, detected=detected, at=act.now)
            for pk, reason in users.items()
        ],
        ignore_conflicts=True,
    )


def required(value: str, message: Any, field: str) -> Reason | None:
    """A reason when a text is empty."""
    return None if value.strip() else Reason(message, field)
