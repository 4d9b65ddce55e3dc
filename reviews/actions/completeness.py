"""Verbs of the case officer before the review: pieces, completeness, admissibility, eligibility (domain §3.3, §4.1, §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actors import organisation_audience
from calls.models import CoparefScope, Dossier, DossierState, Piece
from calls.reference import GROUND_BY_CODE, Stage
from reviews.actions.shared import answer, draft_letter, move_clock, recuse, required, until
from reviews.models import (
    Admissibility,
    BodyOpinion,
    CollegeOpinion,
    LetterKind,
    PieceRequest,
    PieceRequestState,
)
from reviews.queries.completeness import PieceLine, found_by_the_programme, piece_lines, points_at
from reviews.queries.interests import conflicts, consulted_body, coparef_of, judges_of
from reviews.queries.letters import frame, grounds_facts, missing_pieces_facts, signatory
from workflows.dates import Suspension, body_opinion_due, college_opinion_due, days_after
from workflows.engine import Act, Reason, action

#: The longest time that may be allowed to produce pieces, in days.
LONGEST_REQUEST = 60

#: Grounds that the law allows only after the applicant was asked to put things right (CRPA L114-5, L114-6).
AFTER_A_REQUEST = frozenset({"IRR-INCOMPLET", "IRR-SIGNATAIRE", "IRR-LANGUE"})


@action(
    "reviews.review_piece",
    label=gettext_lazy("Check the piece"),
    done=gettext_lazy("Piece checked"),
    when={DossierState.SUBMITTED},
)
def review_piece(act: Act, dossier: Dossier, *, code: str, verdict: str, comment: str = "") -> Piece:
    """Say whether a piece is accepted or to be replaced (then why); an empty verdict takes it back."""
    line = next((line for line in piece_lines(dossier) if line.required.code == code), None)
    if line is None or line.piece is None:
        act.refuse_if(Reason(_("This piece was not given."), "code"))
    assert line is not None
    assert line.piece is not None
    if verdict not in ("", "accepted", "rejected"):
        act.refuse_if(Reason(_("Choose: accepted, or to be replaced."), "verdict"))
    if verdict == "rejected":
        act.refuse_if(required(comment, _("Say what is wrong: the applicant will read it."), "comment"))
    piece = line.piece
    piece.verdict, piece.comment = verdict, comment.strip() if verdict == "rejected" else ""
    piece.save(update_fields=["verdict", "comment"])
    act.record(
        piece,
        reasons=piece.comment,
        snapshot={"code": code, "verdict": verdict, "version": line.number},
        files=[line.version] if line.version else (),
    )
    return piece


@action(
    "reviews.request_pieces",
    label=gettext_lazy("Request missing pieces"),
    done=gettext_lazy("Missing pieces requested"),
    moves="request_pieces",
)
def request_pieces(
    act: Act, dossier: Dossier, *, codes_and_reasons: Mapping[str, str], due_on: date, comment: str = ""
) -> PieceRequest:
    """Ask for pieces before a day; the legal clock stands still meanwhile (CRPA L114-5, R112-11-4).

    Without an indispensable piece among them the examination may not be held up (L114-5-1): refused. So is a due day that
    is not later than today, or too far away.
    """
    lines = {line.required.code: line for line in piece_lines(dossier)}
    if not codes_and_reasons:
        act.refuse_if(Reason(_("Choose at least one piece."), "codes_and_reasons"))
    act.refuse_if(
        Reason(_("“%(code)s” is not a piece of this call.") % {"code": code}, "codes_and_reasons")
        for code in codes_and_reasons
        if code not in lines
    )
    act.refuse_if(
        Reason(_("“%(piece)s” is already accepted.") % {"piece": lines[code].required.label}, code)
        for code in codes_and_reasons
        if lines[code].verdict == "accepted"
    )
    if not any(lines[code].required.indispensable for code in codes_and_reasons):
        act.refuse_if(
            Reason(
                _("None of these pieces is indispensable: the examination goes on without them (L114-5-1)."),
                "codes_and_reasons",
            )
        )
    act.refuse_if(_due_fault(act.today, due_on))
    items = [
        {
            "code": code,
            "label": lines[code].required.label,
            "reason": reason.strip(),
            "indispensable": lines[code].required.indispensable,
            "version": lines[code].number,
        }
        for code, reason in codes_and_reasons.items()
    ]
    act.move(dossier, "request_pieces")
    before = dossier.implicit_rejection_on
    rejection_on = move_clock(act, dossier, [Suspension(act.today, due_on)])
    dossier.save()
    request = PieceRequest.objects.create(
        case=act.case,
        dossier=dossier,
        items=items,
        comment=comment.strip(),
        requested_by=act.person.user,
        requested_on=act.today,
        due_on=due_on,
    )
    number = PieceRequest.objects.filter(dossier=dossier).count()
    head = frame(
        dossier,
        number=f"P{number}",
        now=act.now,
        signatory=signatory(act.person, act.case.region),
    )
    facts = missing_pieces_facts(dossier, items, due_on=due_on, rejection_on=rejection_on)
    act.enqueue(
        "letter",
        template="missing_pieces",
        code=f"pieces-request-{number}",
        title="Demande de pièces",
        data=head | facts | {"note": request.comment},
        audience="parties",
    )
    act.record(
        request,
        reasons=request.comment,
        snapshot={
            "items": items,
            "due_on": due_on,
            "implicit_rejection_on": {"before": before, "after": rejection_on},
            "dossier": {"from": DossierState.SUBMITTED, "to": dossier.state},
        },
    )
    return request


def _due_fault(today: date, due_on: date) -> Reason | None:
    if due_on <= today:
        return Reason(_("Give at least until tomorrow."), "due_on")
    if due_on > days_after(today, LONGEST_REQUEST):
        return Reason(_("Give at most %(days)s days.") % {"days": LONGEST_REQUEST}, "due_on")
    return None


@action(
    "reviews.produce_pieces",
    label=gettext_lazy("Send the requested pieces"),
    done=gettext_lazy("Requested pieces sent"),
    when={PieceRequestState.PENDING},
)
def produce_pieces(act: Act, request: PieceRequest) -> PieceRequest:
    """Say that all the requested pieces are there; the legal clock runs again from this day (CRPA L114-5)."""
    dossier = request.dossier
    dossier.case = act.case
    lines = {line.required.code: line for line in piece_lines(dossier)}
    act.refuse_if(
        Reason(_("“%(piece)s” is still missing.") % {"piece": item["label"]}, item["code"])
        for item in request.items
        if lines[item["code"]].number <= item["version"]
    )
    before = dossier.implicit_rejection_on
    request.produce()
    request.produced_on = act.today
    request.save(update_fields=["state", "produced_on"])
    act.move(dossier, "resume_check")
    rejection_on = move_clock(act, dossier)
    dossier.save()
    requested = [lines[item["code"]] for item in request.items]
    for line in requested:
        assert line.piece is not None
        line.piece.verdict = line.piece.comment = ""
        line.piece.save(update_fields=["verdict", "comment"])
    act.touch(dossier)
    act.record(
        request,
        snapshot={
            "produced_on": act.today,
            "implicit_rejection_on": {"before": before, "after": rejection_on},
            "dossier": {"from": DossierState.PIECES_REQUESTED, "to": dossier.state},
        },
        files=[line.version for line in requested if line.version],
    )
    return request


@action(
    "reviews.expire_piece_request",
    label=gettext_lazy("Note that the time allowed is over"),
    done=gettext_lazy("Pieces not produced in time"),
    when={PieceRequestState.PENDING},
    system=True,
)
def expire_piece_request(act: Act, request: PieceRequest) -> PieceRequest:
    """The due day has passed: the clock runs again from it, and the case officer decides on what there is."""
    dossier = request.dossier
    dossier.case = act.case
    request.expire()
    request.save(update_fields=["state"])
    act.move(dossier, "resume_check")
    move_clock(act, dossier)
    dossier.save()
    act.touch(dossier)
    with override("fr"):
        act.notify(
            [organisation_audience(dossier.organisation_id)],
            "pieces_expired",
            _("The time allowed for the missing pieces is over"),
            _("The pieces requested were not all produced. The Region decides on what your dossier holds."),
            f"/cases/{act.case.pk}/",
        )
    act.record(request, snapshot={"due_on": request.due_on, "dossier": {"to": dossier.state}})
    return request


@action(
    "reviews.declare_complete",
    label=gettext_lazy("Declare complete"),
    done=gettext_lazy("Dossier declared complete"),
    moves="declare_complete",
)
def declare_complete(act: Act, dossier: Dossier) -> Dossier:
    """Every indispensable piece is there and accepted; another one missing stops nothing (CRPA L114-5-1)."""
    lines = piece_lines(dossier)
    act.refuse_if(_why_it_blocks(line) for line in lines if line.blocks)
    act.move(dossier, "declare_complete")
    dossier.save()
    act.record(
        dossier,
        snapshot={"pieces": {line.required.code: line.verdict for line in lines}},
        files=[line.version for line in lines if line.version],
    )
    return dossier


def _why_it_blocks(line: PieceLine) -> Reason:
    label, code = {"piece": line.required.label}, line.required.code
    if line.piece is None:
        return Reason(_("“%(piece)s” is missing.") % label, code)
    if line.verdict == "rejected":
        return Reason(_("“%(piece)s” is to be replaced.") % label, code)
    return Reason(_("“%(piece)s” is not checked yet.") % label, code)


@action(
    "reviews.declare_admissible",
    label=gettext_lazy("Declare admissible"),
    done=gettext_lazy("Dossier declared admissible"),
    moves="declare_admissible",
)
def declare_admissible(act: Act, dossier: Dossier, *, checklist: Mapping[str, bool]) -> Dossier:
    """Every point of form is verified (domain §3.3): a point without « yes » is refused."""
    act.refuse_if(_unverified(dossier, Stage.ADMISSIBILITY, checklist))
    act.move(dossier, "declare_admissible")
    dossier.save()
    _judge(act, dossier, Stage.ADMISSIBILITY, favourable=True, points=checklist)
    act.record(dossier, snapshot={"checklist": dict(checklist)})
    return dossier


@action(
    "reviews.declare_inadmissible",
    label=gettext_lazy("Declare inadmissible"),
    done=gettext_lazy("Dossier declared inadmissible"),
    moves="declare_inadmissible",
)
def declare_inadmissible(act: Act, dossier: Dossier, *, grounds: list[str], explanation: str) -> Dossier:
    """Reject on form, with grounds in law and in fact (CRPA L211-2, L211-5); the letter is drafted.

    What can be put right is rejected only after it was asked for (L114-5, L114-6).
    """
    act.refuse_if(_ground_faults(grounds, explanation, Stage.ADMISSIBILITY))
    asked = PieceRequest.objects.filter(dossier=dossier).exists()
    act.refuse_if(
        Reason(
            _("Ask the applicant to put this right first: %(ground)s.") % {"ground": _label(code)}, "grounds"
        )
        for code in grounds
        if code in AFTER_A_REQUEST and not asked
    )
    act.move(dossier, "declare_inadmissible")
    dossier.save()
    return _reject(act, dossier, Stage.ADMISSIBILITY, LetterKind.INADMISSIBLE, grounds, explanation)


@action(
    "reviews.declare_eligible",
    label=gettext_lazy("Declare eligible"),
    done=gettext_lazy("Dossier declared eligible"),
    moves="declare_eligible",
)
def declare_eligible(act: Act, dossier: Dossier, *, checklist: Mapping[str, bool]) -> Dossier:
    """Every condition of the call is met: the colleges are asked for their opinions, and the reviewers may be assigned.

    Whoever sits for an organisation of the dossier is kept out of it from the start.
    """
    act.refuse_if(_unverified(dossier, Stage.ELIGIBILITY, checklist))
    body = consulted_body(act.case.region, act.today)
    if body is None and dossier.call.colleges:
        act.refuse_if(Reason(_("No body of the CREFOP is installed to give the colleges' opinions.")))
    act.move(dossier, "declare_eligible")
    dossier.save()
    _judge(act, dossier, Stage.ELIGIBILITY, favourable=True, points=checklist)
    found: dict[str, list[str]] = {}
    if body is not None:
        due = until(act, college_opinion_due(act.today, dossier.call.opinion_days))
        CollegeOpinion.objects.bulk_create(
            CollegeOpinion(case=act.case, dossier=dossier, body=body, college=college, due_at=due)
            for college in dossier.call.colleges
        )
        against = conflicts(dossier, judges_of(dossier, body, act.today), act.today)
        recuse(act, {user: ", ".join(names) for user, names in against.items()}, detected=True)
        found = {str(user): names for user, names in against.items()}
    coparef = coparef_of(act.case.region, act.today)
    if coparef is not None and dossier.call.coparef == CoparefScope.DOSSIER:
        BodyOpinion.objects.create(
            case=act.case,
            call=dossier.call,
            dossier=dossier,
            body=coparef,
            requested_at=act.now,
            due_at=until(act, body_opinion_due(act.today, dossier.call.coparef_days)),
        )
    act.record(
        dossier,
        snapshot={"checklist": dict(checklist), "colleges": dossier.call.colleges, "conflicts_found": found},
    )
    return dossier


@action(
    "reviews.declare_ineligible",
    label=gettext_lazy("Declare ineligible"),
    done=gettext_lazy("Dossier declared ineligible"),
    moves="declare_ineligible",
)
def declare_ineligible(act: Act, dossier: Dossier, *, grounds: list[str], explanation: str) -> Dossier:
    """Reject on the conditions of the call, with grounds in law and in fact; the letter is drafted."""
    act.refuse_if(_ground_faults(grounds, explanation, Stage.ELIGIBILITY))
    act.move(dossier, "declare_ineligible")
    dossier.save()
    return _reject(act, dossier, Stage.ELIGIBILITY, LetterKind.INELIGIBLE, grounds, explanation)


def _reject(
    act: Act, dossier: Dossier, stage: Stage, kind: LetterKind, grounds: list[str], explanation: str
) -> Dossier:
    _judge(act, dossier, stage, favourable=False, grounds=grounds, explanation=explanation.strip())
    answer(act, dossier)
    draft_letter(act, dossier, kind, grounds_facts(dossier, grounds, explanation.strip()))
    act.record(dossier, reasons=explanation.strip(), snapshot={"grounds": grounds})
    return dossier


def _judge(
    act: Act,
    dossier: Dossier,
    stage: Stage,
    *,
    favourable: bool,
    points: Mapping[str, bool] | None = None,
    grounds: list[str] | None = None,
    explanation: str = "",
) -> None:
    Admissibility.objects.create(
        case=act.case,
        dossier=dossier,
        subject=stage.value,
        favourable=favourable,
        checklist=dict(points or {}),
        grounds=grounds or [],
        explanation=explanation,
        decided_by=act.person.user,
        decided_at=act.now,
    )


def _unverified(dossier: Dossier, stage: Stage, points: Mapping[str, bool]) -> list[Reason]:
    """The points without « yes », and those that the programme found false whatever was answered."""
    found = found_by_the_programme(dossier)
    faults = []
    for item in points_at(dossier, stage):
        if not found.get(item.code, True):
            faults.append(
                Reason(
                    _("“%(point)s”: the dossier shows that it is not so.") % {"point": item.label}, item.code
                )
            )
        elif points.get(item.code) is not True and not (item.only_training and item.code not in points):
            faults.append(Reason(_("“%(point)s” is not verified.") % {"point": item.label}, item.code))
    return faults


def _ground_faults(grounds: list[str], explanation: str, stage: Stage) -> list[Reason]:
    faults = []
    if not grounds:
        faults.append(Reason(_("Choose at least one ground."), "grounds"))
    if any(code not in GROUND_BY_CODE or GROUND_BY_CODE[code].stage is not stage for code in grounds):
        faults.append(Reason(_("This ground does not belong to this decision."), "grounds"))
    if not explanation.strip():
        faults.append(
            Reason(_("Explain what was found in this dossier: the letter must say it."), "explanation")
        )
    return faults


def _label(code: str) -> str:
    return GROUND_BY_CODE[code].label


__all__ = [
    "declare_admissible",
    "declare_complete",
    "declare_eligible",
    "declare_inadmissible",
    "declare_ineligible",
    "expire_piece_request",
    "produce_pieces",
    "request_pieces",
    "review_piece",
]
