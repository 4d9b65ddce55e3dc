"""States in the words of their reader, each with its tone and icon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import College, LegalForm
from calls.models import (
    APPLICANT_LABELS,
    AidBasis,
    BudgetBasis,
    BudgetSide,
    Call,
    CallKind,
    CallState,
    CoparefScope,
    Dossier,
    DossierState,
    IndicatorKind,
    Pact,
    PactState,
    PieceCondition,
)
from calls.reference import CHECK_BY_CODE, GROUND_BY_CODE, LINE_BY_CODE, PIECE_BY_CODE
from calls.reference.base import Coded
from calls.reference.form import QUESTION_BY_CODE
from workflows.components import StateWord, Tone
from workflows.story import tell_states
from workflows.terms import name_codes, name_values

_DOSSIER_TONES: dict[str, tuple[Tone, str]] = {
    DossierState.DRAFT: ("neutral", "pen"),
    DossierState.LAPSED: ("neutral", "minus"),
    DossierState.SUBMITTED: ("info", "inbox"),
    DossierState.PIECES_REQUESTED: ("warning", "alert"),
    DossierState.COMPLETE: ("info", "file-check"),
    DossierState.ADMISSIBLE: ("info", "check"),
    DossierState.INADMISSIBLE: ("danger", "x-circle"),
    DossierState.IN_REVIEW: ("info", "clock"),
    DossierState.INELIGIBLE: ("danger", "x-circle"),
    DossierState.REVIEWED: ("info", "check"),
    DossierState.RESERVE: ("warning", "clock"),
    DossierState.AWARDED: ("success", "check-circle"),
    DossierState.REFUSED: ("danger", "x-circle"),
    DossierState.WITHDRAWN: ("neutral", "minus"),
    DossierState.UNDER_CONTRACT: ("success", "pen"),
    DossierState.CLOSED: ("neutral", "lock"),
}

_CALL_TONES: dict[str, tuple[Tone, str]] = {
    CallState.DRAFT: ("neutral", "pen"),
    CallState.IN_VALIDATION: ("warning", "clock"),
    CallState.PUBLISHED: ("success", "check-circle"),
    CallState.CLOSED: ("info", "lock"),
    CallState.DECIDED: ("success", "flag"),
    CallState.COMPLETED: ("neutral", "lock"),
    CallState.CANCELLED: ("danger", "x-circle"),
}

tell_states("calls.dossier", APPLICANT_LABELS)


def _named(table: Mapping[str, Coded]) -> Callable[[str], str]:
    def name(code: str) -> str:
        return table[code].label if code in table else code

    return name


# What the journal records in codes.
name_codes("pieces", _named(PIECE_BY_CODE))
name_codes("checklist", _named(CHECK_BY_CODE))
name_codes("expenses", _named(LINE_BY_CODE))
name_codes("answers", _named(QUESTION_BY_CODE))
name_codes("budget_by_year", str)
name_codes("breakdown", str)
name_codes("criteria", lambda number: _("Criterion %(number)s") % {"number": number})
name_codes("opinions", lambda college: dict(College.choices).get(college, college))
name_codes("conflicts_found", str)
name_values("kind", {**dict(CallKind.choices), **dict(IndicatorKind.choices)})
name_values("coparef", dict(CoparefScope.choices))
name_values("aid_basis", dict(AidBasis.choices))
name_values("condition", dict(PieceCondition.choices))
name_values("basis", dict(BudgetBasis.choices))
name_values("side", dict(BudgetSide.choices))
name_values("legal_form", dict(LegalForm.choices))
name_values("college", dict(College.choices))
name_values("colleges", dict(College.choices))
name_values("grounds", {code: ground.label for code, ground in GROUND_BY_CODE.items()})
for _key in ("dossier_state", "from", "to"):
    name_values(_key, dict(DossierState.choices))


def dossier_word(dossier: Dossier, reader: Actor | None = None) -> StateWord:
    """Where the dossier stands, as ``reader`` is told: the Region's own word for its people, the applicant's for others."""
    state = DossierState(dossier.state)
    inside = reader is not None and (
        reader.is_staff_of(dossier.case.region_id) or reader.audits(dossier.case.region_id)
    )
    label: Any = state.label
    if not inside:
        state = dossier.told_state()
        label = APPLICANT_LABELS[state]
    tone, icon = _DOSSIER_TONES[state]
    return StateWord(label, tone, icon)


def call_word(call: Call, now: Any = None) -> StateWord:
    """Where the call stands; one that is published is open, or will be."""
    tone, icon = _CALL_TONES[call.state]
    label: Any = call.get_state_display()
    if now is not None and call.state == CallState.PUBLISHED:
        if now < call.opens_at:
            return StateWord(_("Opens soon"), "info", "calendar")
        if now < call.closes_at:
            return StateWord(_("Open"), "success", "check-circle")
        return StateWord(_("Closed"), "neutral", "lock")
    return StateWord(label, tone, icon)


def pact_word(pact: Pact) -> StateWord:
    """Where the pact stands."""
    tones: dict[str, tuple[Tone, str]] = {
        PactState.DRAFT: ("warning", "clock"),
        PactState.ADOPTED: ("success", "check-circle"),
        PactState.CLOSED: ("neutral", "lock"),
    }
    tone, icon = tones[pact.state]
    return StateWord(pact.get_state_display(), tone, icon)
