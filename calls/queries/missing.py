"""What stands between a draft and its submission: one list, in the order of the form, each line with where to go.

``Reason.field`` is ``section.field``: the section is a page of the draft, the field a control on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import (
    Dossier,
    DossierIndicator,
    IndicatorKind,
    Piece,
    PieceCondition,
    RequiredPiece,
)
from calls.queries.answers import answer_faults
from calls.queries.budget import MOST_YEARS, plan_faults, plan_of
from workflows.engine import Reason
from workflows.models import Document, DocumentVersion, ScanState

PROJECT, PARTNERS, BUDGET, INDICATORS, PIECES = "project", "partners", "budget", "indicators", "pieces"

#: The sections that every draft has, beside those of its form revision.
FIXED: dict[str, Any] = {
    PROJECT: gettext_lazy("The project in brief"),
    PARTNERS: gettext_lazy("Partners"),
    BUDGET: gettext_lazy("Budget and financing plan"),
    INDICATORS: gettext_lazy("Indicators"),
    PIECES: gettext_lazy("Supporting documents"),
}
RESERVED = frozenset(FIXED)


@dataclass(frozen=True)
class SectionState:
    """A page of the draft: its code and title, and what it still lacks. ``optional`` when nothing in it is due."""

    code: str
    title: Any
    reasons: Sequence[Reason]
    touched: bool
    optional: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is missing in it."""
        return not self.reasons and (self.touched or not self.optional)


@dataclass(frozen=True)
class ExpectedPiece:
    """A piece that the dossier's applicant is asked for, and what was given.

    ``due`` when it must be there at the submission; another one may be given later, or had by the administration itself
    (CRPA L113-12, L114-5-1).
    """

    required: RequiredPiece
    piece: Piece | None
    version: DocumentVersion | None
    due: bool
    more: tuple[DocumentVersion, ...] = ()

    @property
    def files(self) -> tuple[DocumentVersion, ...]:
        """All the files given for it: the first, then those beside it."""
        return (self.version, *self.more) if self.version is not None else ()

    @property
    def infected(self) -> bool:
        """Whether one of its files was quarantined."""
        return any(version.scan == ScanState.INFECTED for version in self.files)

    @property
    def given(self) -> bool:
        """Whether files that may be read are there, or are being scanned."""
        return self.version is not None and not self.infected


def sections_of(dossier: Dossier) -> dict[str, Any]:
    """The pages of the draft in order: code → title."""
    asked = {section["code"]: section["title"] for section in dossier.revision.schema}
    return {PROJECT: FIXED[PROJECT], **asked, **{c: t for c, t in FIXED.items() if c != PROJECT}}


def missing(dossier: Dossier, *, expected: Sequence[ExpectedPiece] | None = None) -> list[Reason]:
    """Exactly what is still missing before ``dossier`` can be submitted; nothing when it is complete.

    It costs a fixed number of queries, whatever the dossier holds; ``expected`` spares those of the pieces to whoever has read
    them already.
    """
    return [
        *_project(dossier),
        *answer_faults(dossier.revision.schema, dossier.answers),
        *plan_faults(plan_of(dossier), dossier.call, basis=dossier.budget_basis),
        *_indicators(dossier.indicators.all()),
        *_pieces(expected_pieces(dossier) if expected is None else expected),
    ]


def section_states(dossier: Dossier, reasons: Sequence[Reason] | None = None) -> list[SectionState]:
    """The pages of the draft with what each one still lacks."""
    found = missing(dossier) if reasons is None else reasons
    return [
        SectionState(
            code,
            title,
            [reason for reason in found if section_of(reason) == code],
            bool(dossier.versions.get(code)),
            optional=code == PARTNERS,
        )
        for code, title in sections_of(dossier).items()
    ]


def section_of(reason: Reason) -> str:
    """The page where a reason is dealt with."""
    return reason.field.partition(".")[0]


def expected_pieces(dossier: Dossier) -> list[ExpectedPiece]:
    """The pieces that concern the applicant, in the call's order, with the last version of what was given."""
    has_partners = dossier.partners.exists()
    given = {
        piece.required_id: piece
        for piece in Piece.objects.filter(dossier=dossier)
        .select_related("document")
        .prefetch_related(Prefetch("more", Document.objects.order_by("created_at", "code")))
    }
    beside = {key: [document.pk for document in piece.more.all()] for key, piece in given.items()}
    held = [piece.document_id for piece in given.values()] + [pk for pks in beside.values() for pk in pks]
    latest = {
        version.document_id: version
        for version in DocumentVersion.objects.filter(document__in=held)
        .select_related("document")
        .order_by("document_id", "-number")
        .distinct("document_id")
    }
    expected = []
    for required in RequiredPiece.objects.filter(call=dossier.call_id).order_by("number"):
        piece = given.get(required.pk)
        if piece is None and not _is_asked(required, dossier, has_partners):
            continue
        version = latest.get(piece.document_id) if piece else None
        due = required.indispensable and required.condition != PieceCondition.IF_CONCERNED
        more = tuple(latest[pk] for pk in beside.get(required.pk, ()))
        expected.append(ExpectedPiece(required, piece, version, due, more))
    return expected


def _is_asked(required: RequiredPiece, dossier: Dossier, has_partners: bool) -> bool:
    if not required.concerns(dossier.organisation.legal_form):
        return False
    if required.condition == PieceCondition.PARTNERS:
        return has_partners
    if required.condition == PieceCondition.TRAINING:
        return bool(dossier.organisation.training_number)
    return True


def _project(dossier: Dossier) -> list[Reason]:
    call = dossier.call
    found: list[Reason] = []
    if not dossier.title.strip():
        found.append(Reason(_("The project has no title."), "project.title"))
    if not dossier.summary.strip():
        found.append(Reason(_("The project has no summary."), "project.summary"))
    if dossier.axis_id is None:
        found.append(Reason(_("Choose the main axis of the project."), "project.axis"))
    if call.publics and not dossier.publics:
        found.append(Reason(_("Choose at least one target public."), "project.publics"))
    if call.territories and not dossier.territories:
        found.append(Reason(_("Choose at least one territory."), "project.territories"))
    if dossier.starts_on is None:
        found.append(Reason(_("Say when the project starts."), "project.starts_on"))
    if dossier.ends_on is None:
        found.append(Reason(_("Say when the project ends."), "project.ends_on"))
    if dossier.starts_on and dossier.ends_on and dossier.ends_on.year - dossier.starts_on.year >= MOST_YEARS:
        found.append(
            Reason(
                _("The project may spread over %(n)s calendar years at most.") % {"n": MOST_YEARS},
                "project.ends_on",
            )
        )
    return found


def _indicators(indicators: Sequence[DossierIndicator] | Any) -> list[Reason]:
    found = [
        Reason(
            _("The indicator “%(label)s” has no target.") % {"label": indicator.label},
            f"indicators.{indicator.code}",
        )
        for indicator in indicators
        if not indicator.target.strip()
    ]
    kinds = {indicator.kind for indicator in indicators}
    if IndicatorKind.FOLLOW_UP not in kinds:
        found.append(Reason(_("Choose at least one follow-up indicator."), "indicators"))
    if IndicatorKind.IMPACT not in kinds:
        found.append(Reason(_("Choose at least one impact indicator."), "indicators"))
    return found


def _pieces(expected: Sequence[ExpectedPiece]) -> list[Reason]:
    found = []
    for item in expected:
        where = f"pieces.{item.required.code}"
        if item.infected:
            words = _("The file given for “%(piece)s” was quarantined: replace it.")
        elif item.due and item.version is None:
            words = _("The piece “%(piece)s” is missing.")
        else:
            continue
        found.append(Reason(words % {"piece": item.required.label}, where))
    return found
