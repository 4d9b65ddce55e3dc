"""The verbs of a draft: save a section, give a piece, take it back. They bear the version that the person had read (P08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.actions.sections import write_section
from calls.models import Dossier, DossierState, Piece
from calls.queries import digest, last_saved, piece_code, sections_of
from workflows.engine import Act, Conflict, Reason, StoredFile, action
from workflows.models import DocumentVersion

#: States in which an applicant may give pieces.
GIVING = {DossierState.DRAFT, DossierState.PIECES_REQUESTED}
#: Files of one piece, where a call takes several.
MOST_FILES = 20


@action(
    "calls.save_section",
    label=gettext_lazy("Save the section"),
    done=gettext_lazy("Section saved"),
    when={DossierState.DRAFT},
)
def save_section(
    act: Act, dossier: Dossier, *, section: str, values: Mapping[str, Any], version: int
) -> Dossier:
    """Keep what was typed in one section of the draft; keys left out of ``values`` keep what they had.

    ``version`` is the section's version that the person had read: Conflict when somebody, or another tab, saved since.
    A draft may be incomplete and even wrong (see :func:`calls.queries.missing`); Refused is for what cannot be kept at all:
    an unreadable date or amount, a wrong SIRET, a choice that is not offered. The journal bears the SHA-256 of what was saved.
    """
    act.refuse_if(window_faults(dossier, act))
    if section not in sections_of(dossier) or section == "pieces":
        act.refuse_if(Reason(_("This form has no such section.")))
    if version != dossier.versions.get(section, 0):
        raise Conflict(last_saved(dossier, section))
    act.refuse_if(write_section(dossier, section, values))
    dossier.versions = {**dossier.versions, section: version + 1}
    dossier.save()
    act.case.title = dossier.title[:250]
    act.record(
        dossier,
        snapshot={
            "section": section,
            "version": version + 1,
            "fields": sorted(values),
            "sha256": digest(values),
        },
    )
    return dossier


@action(
    "calls.attach_piece",
    label=gettext_lazy("Upload the piece"),
    done=gettext_lazy("Piece given"),
    when=GIVING,
)
def attach_piece(act: Act, dossier: Dossier, *, code: str, file: StoredFile, beside: bool = False) -> Piece:
    """Give a piece, or replace the file given before (both stay in the case's documents). Raises Refused.

    ``beside``: one more file of a piece that the call takes several of (a letter of each partner), up to MOST_FILES.
    """
    act.refuse_if(window_faults(dossier, act))
    required = dossier.call.required_pieces.filter(code=code).first()
    if required is None or not required.concerns(dossier.organisation.legal_form):
        act.refuse_if(Reason(_("This piece is not asked for."), "file"))
    assert required is not None
    given = Piece.objects.filter(dossier=dossier, required=required).first()
    if beside and given is not None:
        version, piece = _beside(act, given, file), given
    else:
        version = act.add_file(piece_code(code), required.label, file)
        piece, _created = Piece.objects.update_or_create(
            dossier=dossier,
            required=required,
            defaults={"case": act.case, "document": version.document, "verdict": "", "comment": ""},
        )
    act.record(
        piece,
        snapshot={
            "code": version.document.code.removeprefix("piece-"),
            "name": file.name,
            "sha256": file.sha256,
            "version": version.number,
        },
    )
    return piece


def _beside(act: Act, piece: Piece, file: StoredFile) -> DocumentVersion:
    """Add a file to a piece that has one; what was found of the piece was found of other files, and is asked again."""
    if not piece.required.multiple:
        act.refuse_if(Reason(_("Only one file is taken for this piece."), "file"))
    if piece.more.count() + 1 >= MOST_FILES:
        act.refuse_if(Reason(_("%(n)s files at most for one piece.") % {"n": MOST_FILES}, "file"))
    prefix = f"{piece_code(piece.required.code)}."
    rank = act.case.documents.filter(code__startswith=prefix).count() + 2  # a number is not given twice
    version = act.add_file(f"{prefix}{rank}", piece.required.label, file)
    piece.more.add(version.document)
    piece.verdict = piece.comment = ""
    piece.save(update_fields=["verdict", "comment"])
    return version


@action(
    "calls.remove_piece",
    label=gettext_lazy("Remove the piece"),
    done=gettext_lazy("Piece removed"),
    when={DossierState.DRAFT},
)
def remove_piece(act: Act, dossier: Dossier, *, code: str, document: UUID | None = None) -> Dossier:
    """Take a piece back from the draft, or only one ``document`` beside its first file. Raises Refused.

    What was uploaded stays in the case's documents.
    """
    piece = dossier.pieces.filter(required__code=code).select_related("document").first()
    if piece is None:
        act.refuse_if(Reason(_("This piece was not given.")))
    assert piece is not None
    if document is None:
        piece.delete()
    else:
        extra = piece.more.filter(pk=document).first()
        if extra is None:
            act.refuse_if(Reason(_("This file is not part of the piece.")))
        assert extra is not None
        piece.more.remove(extra)
    act.record(dossier, snapshot={"code": code, "document": document or piece.document_id})
    return dossier


def window_faults(dossier: Dossier, act: Act) -> list[Reason]:
    """Why a draft can no longer be worked on: its call is closed. A dossier that was submitted has no window."""
    if dossier.state != DossierState.DRAFT or act.now < dossier.call.closes_at:
        return []
    return [Reason(_("The call is closed: this dossier can no longer be changed."))]
