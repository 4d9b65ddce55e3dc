"""Verbs of the quadripartite review: declare interests, give an opinion, conclude (domain §2.7, 3-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import College, PostRole
from calls.models import Criterion, Dossier
from reviews.actions.assessments import declare
from reviews.actions.shared import required
from reviews.models import (
    Assignment,
    AssignmentState,
    BodyOpinion,
    BodyOpinionState,
    CollegeOpinion,
    OpinionState,
    OpinionValue,
    Reservation,
    ReservationKind,
    Synthesis,
)
from reviews.queries.interests import has_declared
from reviews.queries.judgments import mean_scores
from reviews.rules import grid, synthesis
from workflows.engine import Act, Reason, action


@action(
    "reviews.declare_seat_interests",
    label=gettext_lazy("Declare one's interests"),
    done=gettext_lazy("Interests declared"),
    when={OpinionState.AWAITED},
)
def declare_seat_interests(
    act: Act, opinion: CollegeOpinion, *, has_interest: bool, explanation: str = ""
) -> CollegeOpinion:
    """A seat holder declares before reading (law 2013-907 art. 2, CRPA R133-12): then the dossier opens, or closes for good."""
    recused = declare(act, opinion.dossier, has_interest=has_interest, explanation=explanation)
    if recused:
        leave_assignments(act, opinion.dossier)
    act.record(
        opinion, reasons=explanation.strip(), snapshot={"has_interest": has_interest, "recused": recused}
    )
    return opinion


@action(
    "reviews.declare_body_interests",
    label=gettext_lazy("Declare one's interests"),
    done=gettext_lazy("Interests declared"),
    when={BodyOpinionState.REQUESTED},
)
def declare_body_interests(
    act: Act, opinion: BodyOpinion, *, has_interest: bool, explanation: str = ""
) -> BodyOpinion:
    """The same for a member of the COPAREF, on the opinion about one dossier."""
    if opinion.dossier is None:
        act.refuse_if(Reason(_("Interests are declared dossier by dossier.")))
    assert opinion.dossier is not None
    recused = declare(act, opinion.dossier, has_interest=has_interest, explanation=explanation)
    if recused:
        leave_assignments(act, opinion.dossier)
    act.record(
        opinion, reasons=explanation.strip(), snapshot={"has_interest": has_interest, "recused": recused}
    )
    return opinion


def leave_assignments(act: Act, dossier: Dossier) -> None:
    """Who is recused from a dossier no longer assesses it either."""
    for assignment in Assignment.objects.filter(
        dossier=dossier,
        reviewer=act.person.user,
        state__in=[AssignmentState.ASSIGNED, AssignmentState.OPEN],
    ):
        act.move(assignment, "recuse")
        assignment.save(update_fields=["state"])
        act.touch(assignment)


@action(
    "reviews.give_opinion",
    label=gettext_lazy("Give the college's opinion"),
    done=gettext_lazy("Opinion of the college given"),
    moves="give",
)
def give_opinion(
    act: Act,
    opinion: CollegeOpinion,
    *,
    value: str,
    reasons: str = "",
    reservations: Sequence[Mapping[str, str]] = (),
    minority: str = "",
) -> CollegeOpinion:
    """Give the opinion of a college; each reservation is ``{"kind", "text"}``.

    An unfavourable opinion gives its grounds, one with reservations gives and types them. The Region decides, and is also a
    college: its opinion comes from neither the dossier's officer nor the signatory of the decision (domain §2.7, 5).
    """
    actor = act.person
    if not has_declared(opinion.dossier, actor.user):
        act.refuse_if(Reason(_("Declare your interests first.")))
    if opinion.college == College.REGION and (
        actor.user.pk == opinion.dossier.officer_id or actor.holds(act.case.region_id, PostRole.SIGNATORY)
    ):
        act.refuse_if(
            Reason(
                _(
                    "The Region's opinion is given neither by the officer in charge of the dossier nor by the signatory."
                )
            )
        )
    act.refuse_if(_faults(value, reasons, reservations))
    act.move(opinion, "give")
    opinion.value, opinion.reasons, opinion.minority = value, reasons.strip(), minority.strip()
    opinion.given_by, opinion.given_at = actor.user, act.now
    opinion.save()
    kept = [{"kind": r["kind"], "text": r["text"].strip()} for r in reservations]
    Reservation.objects.bulk_create(Reservation(case=act.case, opinion=opinion, **r) for r in kept)
    act.record(
        opinion,
        reasons=opinion.reasons,
        snapshot={
            "college": opinion.college,
            "value": value,
            "reservations": kept,
            "minority": opinion.minority,
        },
    )
    return opinion


def _faults(value: str, reasons: str, reservations: Sequence[Mapping[str, str]]) -> list[Reason]:
    faults: list[Reason | None] = []
    if value not in OpinionValue.values:
        faults.append(Reason(_("Choose the college's opinion."), "value"))
    if value == OpinionValue.UNFAVOURABLE:
        faults.append(required(reasons, _("An unfavourable opinion gives its grounds."), "reasons"))
    if value == OpinionValue.WITH_RESERVATIONS and not reservations:
        faults.append(Reason(_("Write at least one reservation."), "reservations"))
    if value != OpinionValue.WITH_RESERVATIONS and reservations:
        faults.append(
            Reason(_("Reservations belong to a favourable opinion with reservations."), "reservations")
        )
    for reservation in reservations:
        if reservation.get("kind") not in ReservationKind.values:
            faults.append(Reason(_("Say of what kind each reservation is."), "reservations"))
        if not (reservation.get("text") or "").strip():
            faults.append(Reason(_("Write what each reservation asks for."), "reservations"))
    return [fault for fault in faults if fault is not None]


@action(
    "reviews.note_opinion_not_given",
    label=gettext_lazy("Record that no opinion was given"),
    done=gettext_lazy("No opinion given in time"),
    moves="pass_over",
    system=True,
)
def note_opinion_not_given(act: Act, opinion: CollegeOpinion) -> CollegeOpinion:
    """The due date passed: the college is silent, which never counts as favourable."""
    act.move(opinion, "pass_over")
    opinion.save(update_fields=["state"])
    act.record(opinion, snapshot={"college": opinion.college, "due_at": opinion.due_at})
    return opinion


@action(
    "reviews.conclude_review",
    label=gettext_lazy("Conclude the review"),
    done=gettext_lazy("Review concluded"),
    moves="conclude_review",
    system=True,
)
def conclude_review(act: Act, dossier: Dossier) -> Dossier:
    """Reckon the mean score and the synthesis of the opinions, by the published rules whose versions are kept (CRPA L312-1-3)."""
    act.refuse_if(_unfinished(dossier))
    totals = [
        a.assessment.total or Decimal(0)
        for a in Assignment.objects.filter(dossier=dossier, state=AssignmentState.DONE).select_related(
            "assessment"
        )
    ]
    dossier.score = grid.mean(totals)
    act.move(dossier, "conclude_review")
    dossier.save()
    opinions = list(CollegeOpinion.objects.filter(dossier=dossier).order_by("college"))
    snapshot: dict[str, Any] = {"score": dossier.score, "assessments": totals}
    if opinions:
        tally = synthesis.synthesise(o.value for o in opinions)
        Synthesis.objects.create(
            case=act.case,
            dossier=dossier,
            value=tally.value,
            rule_version=synthesis.VERSION,
            counts=tally.counts,
            made_at=act.now,
        )
        snapshot |= {
            "synthesis": tally.value.value,
            "rule": synthesis.VERSION,
            "opinions": {o.college: o.value or o.state for o in opinions},
        }
    means = mean_scores([dossier.pk])[dossier.pk]
    numbers = dict(Criterion.objects.filter(call=dossier.call_id).values_list("pk", "number"))
    snapshot["criteria"] = {str(numbers[pk]): value for pk, value in means.items()}
    act.record(dossier, snapshot=snapshot)
    return dossier


def _unfinished(dossier: Dossier) -> list[Reason]:
    faults = []
    states = set(Assignment.objects.filter(dossier=dossier).values_list("state", flat=True))
    if AssignmentState.DONE not in states:
        faults.append(Reason(_("Nobody has assessed this dossier yet.")))
    if states & {AssignmentState.ASSIGNED, AssignmentState.OPEN}:
        faults.append(Reason(_("An assessment is still awaited.")))
    if CollegeOpinion.objects.filter(dossier=dossier, state=OpinionState.AWAITED).exists():
        faults.append(Reason(_("The opinion of a college is still awaited.")))
    if BodyOpinion.objects.filter(dossier=dossier, state=BodyOpinionState.REQUESTED).exists():
        faults.append(Reason(_("The COPAREF's opinion is still awaited.")))
    return faults


__all__ = [
    "conclude_review",
    "declare_body_interests",
    "declare_seat_interests",
    "give_opinion",
    "note_opinion_not_given",
]
