"""The verbs of a draft: save a section, give a piece, take it back. They bear the version that the person had read (P08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.actions.sections import write_section
from calls.models import Dossier, DossierState, Piece
from calls.queries import digest, last_saved, piece_code, sections_of
from workflows.engine import Act, Conflict, Reason, StoredFile, action

#: States in which an applicant may give pieces.
GIVING = {DossierState.DRAFT, DossierState.PIECES_REQUESTED}


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
def attach_piece(act: Act, dossier: Dossier, *, code: str, file: StoredFile) -> Piece:
    """Give a piece, or replace the file given before (both stay in the case's documents). Raises Refused."""
    act.refuse_if(window_faults(dossier, act))
    required = dossier.call.required_pieces.filter(code=code).first()
    if required is None or not required.concerns(dossier.organisation.legal_form):
        act.refuse_if(Reason(_("This piece is not asked for."), "file"))
    assert required is not None
    version = act.add_file(piece_code(code), required.label, file)
    piece, _created = Piece.objects.update_or_create(
        dossier=dossier,
        required=required,
        defaults={"case": act.case, "document": version.document, "verdict": "", "comment": ""},
    )
    act.record(
        piece, snapshot={"code": code, "name": file.name, "sha256": file.sha256, "version": version.number}
    )
    return piece


@action(
    "calls.remove_piece",
    label=gettext_lazy("Remove the piece"),
    done=gettext_lazy("Piece removed"),
    when={DossierState.DRAFT},
)
def remove_piece(act: Act, dossier: Dossier, *, code: str) -> Dossier:
    """Take a piece back from the draft; what was uploaded stays in the case's documents. Raises Refused."""
    piece = dossier.pieces.filter(required__code=code).select_related("document").first()
    if piece is None:
        act.refuse_if(Reason(_("This piece was not given.")))
    assert piece is not None
    piece.delete()
    act.record(dossier, snapshot={"code": code, "document": piece.document_id})
    return dossier


def window_faults(dossier: Dossier, act: Act) -> list[Reason]:
    """Why a draft can no longer be worked on: its call is closed. A dossier that was submitted has no window."""
    if dossier.state != DossierState.DRAFT or act.now < dossier.call.closes_at:
        return []
    return [Reason(_("The call is closed: this dossier can no longer be changed."))]
