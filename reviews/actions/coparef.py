"""Verbs of the reasoned opinion of the COPAREF, on the call's shortlist or on a dossier (domain §2.4, §2.7 6; seed S25)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import body_audience
from calls.models import Call, CallState, CoparefScope, Dossier
from reviews.actions.shared import required, until
from reviews.models import BodyOpinion, BodyOpinionState, OpinionValue, Position
from reviews.queries.interests import coparef_of, has_declared
from reviews.queries.selection import candidates, still_examined, syntheses
from reviews.rules.selection import ground_against, in_order
from workflows.dates import body_opinion_due
from workflows.engine import Act, Reason, action
from workflows.models import Grant


@action(
    "reviews.request_body_opinion",
    label=gettext_lazy("Consult the COPAREF"),
    done=gettext_lazy("COPAREF consulted"),
    when={CallState.CLOSED},
)
def request_body_opinion(act: Act, call: Call, *, question: str) -> BodyOpinion:
    """Ask the COPAREF for its reasoned opinion on the shortlist: the reviewed dossiers that may be selected, best first.

    Refused as long as a dossier of the call is under review, and when the call does not provide for it.
    """
    body = coparef_of(act.case.region, act.today)
    if call.coparef == CoparefScope.NONE:
        act.refuse_if(Reason(_("The call does not provide for the COPAREF's opinion.")))
    if body is None:
        act.refuse_if(Reason(_("The Region has no COPAREF on this day.")))
    assert body is not None
    act.refuse_if(required(question, _("Say what the COPAREF is asked."), "question"))
    act.refuse_if(under_review(call))
    if (
        BodyOpinion.objects.filter(call=call, dossier__isnull=True)
        .exclude(state=BodyOpinionState.NOT_GIVEN)
        .exists()
    ):
        act.refuse_if(Reason(_("The COPAREF is already consulted on this call.")))
    opinion = BodyOpinion.objects.create(
        case=act.case,
        call=call,
        body=body,
        question=question.strip(),
        shortlist=shortlist(call),
        requested_at=act.now,
        due_at=until(act, body_opinion_due(act.today, call.coparef_days)),
    )
    Grant.objects.get_or_create(case=act.case, audience=body_audience(body.pk), defaults={"since": act.now})
    act.record(
        opinion, reasons=opinion.question, snapshot={"shortlist": opinion.shortlist, "due_at": opinion.due_at}
    )
    return opinion


def shortlist(call: Call) -> list[dict[str, str]]:
    """The dossiers that may be selected, in the order of the published rule, as the COPAREF reads them."""
    kept = [
        c for c in in_order(candidates(call)) if not ground_against(c.score, c.eliminated, call.threshold)
    ]
    dossiers = Dossier.objects.select_related("case", "organisation").in_bulk([c.key for c in kept])
    found = syntheses(call)
    return [
        {
            "dossier": str(c.key),
            "reference": dossiers[c.key].case.reference,
            "title": dossiers[c.key].title,
            "organisation": dossiers[c.key].organisation.name,
            "score": str(c.score),
            "synthesis": found.get(c.key, ""),
            "requested": str(dossiers[c.key].requested_amount),
        }
        for c in kept
    ]


def under_review(call: Call) -> Reason | None:
    """A reason as long as some dossier of the call is not reviewed."""
    left = still_examined(call).count()
    return Reason(_("%(n)s dossiers of the call are still under review.") % {"n": left}) if left else None


@action(
    "reviews.give_body_opinion",
    label=gettext_lazy("Give the reasoned opinion"),
    done=gettext_lazy("Reasoned opinion given"),
    moves="give",
)
def give_body_opinion(
    act: Act,
    opinion: BodyOpinion,
    *,
    position: str,
    value: str = "",
    reasons: str,
    employers_position: str = "",
    unions_position: str = "",
    objectives: str = "",
) -> BodyOpinion:
    """Give the opinion, always reasoned: common to the two colleges (then ``value``), or divergent (then both positions)."""
    if opinion.dossier is not None and not has_declared(opinion.dossier, act.person.user):
        act.refuse_if(Reason(_("Declare your interests first.")))
    common = position == Position.COMMON
    faults = [
        None if position in Position.values else Reason(_("Choose: common or divergent."), "position"),
        required(reasons, _("The opinion is reasoned: write why."), "reasons"),
    ]
    if common and value not in OpinionValue.values:
        faults.append(Reason(_("Choose the common opinion."), "value"))
    if position == Position.DIVERGENT:
        faults.append(required(employers_position, _("Write the employers' position."), "employers_position"))
        faults.append(required(unions_position, _("Write the unions' position."), "unions_position"))
    act.refuse_if(fault for fault in faults if fault is not None)
    act.move(opinion, "give")
    opinion.position, opinion.value = position, value if common else ""
    opinion.reasons, opinion.objectives = reasons.strip(), objectives.strip()
    opinion.employers_position, opinion.unions_position = employers_position.strip(), unions_position.strip()
    opinion.given_by, opinion.given_at = act.person.user, act.now
    opinion.save()
    act.record(
        opinion,
        reasons=opinion.reasons,
        snapshot={
            "position": position,
            "value": opinion.value,
            "employers": opinion.employers_position,
            "unions": opinion.unions_position,
            "objectives": opinion.objectives,
        },
    )
    return opinion


@action(
    "reviews.note_no_body_opinion",
    label=gettext_lazy("Record that no opinion was given"),
    done=gettext_lazy("No opinion of the COPAREF in time"),
    moves="pass_over",
    system=True,
)
def note_no_body_opinion(act: Act, opinion: BodyOpinion) -> BodyOpinion:
    """Silence at the due date: no opinion, which is not a favourable one."""
    act.move(opinion, "pass_over")
    opinion.save(update_fields=["state"])
    act.record(opinion, snapshot={"due_at": opinion.due_at})
    return opinion


__all__ = ["give_body_opinion", "note_no_body_opinion", "request_body_opinion"]
