"""Verbs of the letters: complete, release, read, and close the file when nothing can be challenged any more."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actors import organisation_audience
from accounts.models import College
from calls.models import FINAL_STATES, Dossier, DossierState
from reviews.actions.shared import remedies_end
from reviews.models import CollegeOpinion, Letter, LetterState
from reviews.queries.letters import content
from workflows.engine import Act, Reason, action
from workflows.models import Document


@action(
    "reviews.edit_letter",
    label=gettext_lazy("Save the paragraph"),
    done=gettext_lazy("Letter completed"),
    when={LetterState.DRAFTED},
)
def edit_letter(act: Act, letter: Letter, *, note: str) -> Letter:
    """Add a paragraph of the service to a letter not yet released (an empty text takes it away)."""
    if len(note) > 3000:
        act.refuse_if(Reason(_("At most 3000 characters."), "note"))
    letter.note = note.strip()
    letter.save(update_fields=["note"])
    act.record(letter, snapshot={"note": letter.note})
    return letter


@action(
    "reviews.release_letter",
    label=gettext_lazy("Release the letter"),
    done=gettext_lazy("Letter released"),
    moves="release",
)
def release_letter(act: Act, letter: Letter) -> Letter:
    """Notify the applicant: the content is frozen with its date and signatory, the PDF follows, the embargo ends (L311-2).

    From this day the letter is available on the platform (CRPA L212-2); it is deemed notified at its first reading, or on
    this day when it is not read within 15 days (R112-20).
    """
    dossier = letter.dossier
    dossier.case = act.case
    spoke = CollegeOpinion.objects.filter(dossier=dossier, college=College.REGION, given_by=act.person.user)
    if spoke.exists():
        act.refuse_if(
            Reason(_("You gave the Region's opinion on this dossier: somebody else signs its decision."))
        )
    letter.data = content(letter, actor=act.person, now=act.now)
    code = f"letter-{letter.pk}"
    letter.document = Document.objects.create(
        case=act.case, code=code, label=letter.subject, audience="parties", created_at=act.now
    )
    act.move(letter, "release")
    letter.released_by, letter.released_at = act.person.user, act.now
    letter.save()
    dossier.decision_released_at = act.now
    dossier.save(update_fields=["decision_released_at"])
    if dossier.state in FINAL_STATES:
        act.set_timer("reviews.close_file", dossier, remedies_end(act))
    act.enqueue(
        "letter",
        template=letter.kind,
        code=code,
        title=letter.subject,
        data=letter.data,
        audience="parties",
    )
    with override("fr"):
        act.notify(
            [organisation_audience(dossier.organisation_id)],
            "letter",
            _("A letter of the Region is available"),
            _("The Region has answered your application “%(title)s”. Open the letter on the platform.")
            % {"title": dossier.title},
            f"/letters/{letter.pk}/",
        )
    act.record(
        letter,
        snapshot={"kind": letter.kind, "data": letter.data, "dossier_state": dossier.state},
    )
    return letter


@action(
    "reviews.read_letter",
    label=gettext_lazy("Open the letter"),
    done=gettext_lazy("Letter read by the applicant"),
    when={LetterState.RELEASED},
)
def read_letter(act: Act, letter: Letter) -> Letter:
    """The applicant opens a letter: the first time makes the date of its notification (CRPA R112-20)."""
    first = letter.first_read_at is None
    if first:
        letter.first_read_at = act.now
        letter.save(update_fields=["first_read_at"])
    act.record(letter, snapshot={"first": first, "released_at": letter.released_at})
    return letter


@action(
    "reviews.close_file",
    label=gettext_lazy("Close the file"),
    done=gettext_lazy("File closed"),
    when={DossierState.INADMISSIBLE, DossierState.INELIGIBLE, DossierState.REFUSED},
    system=True,
)
def close_file(act: Act, dossier: Dossier) -> Dossier:
    """The time to challenge a refusal is over: the case becomes read-only."""
    act.case.closed_at = act.now
    act.record(dossier, snapshot={"closed_at": act.now})
    return dossier


__all__ = ["close_file", "edit_letter", "read_letter", "release_letter"]
