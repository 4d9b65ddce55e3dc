"""The verbs of a dossier, from its first line to its receipt, and what may end it before a decision."""

from __future__ import annotations

from django.db.models import F, Max, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actors import organisation_audience, post_audience, user_audience
from accounts.models import MembershipRole, Organisation, PostRole, User
from accounts.queries import audience_members
from calls.actions.common import GRACE, hold_call, told_instant
from calls.models import (
    FINAL_STATES,
    UNDER_EXAMINATION,
    Call,
    CallState,
    Dossier,
    DossierState,
    Envelope,
    Receipt,
)
from calls.queries import application, digest, expected_pieces, missing, receipt_data
from calls.reference import ATTESTATION_TEXT
from calls.rules import has_a_say
from workflows.dates import end_of_day, implicit_rejection, window_is_open
from workflows.engine import Act, NotAllowed, Reason, action
from workflows.engine.action import open_case
from workflows.formats import format_date
from workflows.models import CaseKind, WorkItem, WorkItemState
from workflows.references import make_reference


@action(
    "calls.create_dossier",
    label=gettext_lazy("Start a dossier"),
    done=gettext_lazy("Dossier started"),
    opens=True,
)
def create_dossier(act: Act, call: Call, *, organisation: Organisation, title: str) -> Dossier:
    """Begin an application of ``organisation`` to ``call``; its reference is given now and never changes.

    Raises NotAllowed for an organisation that the person does not act for, Refused outside the call's window.
    """
    if not act.person.may_edit(organisation.pk):
        raise NotAllowed("calls.create_dossier")
    call = act.lock(Call, call.pk)
    if call.state != CallState.PUBLISHED or not window_is_open(call.opens_at, call.closes_at, act.now):
        act.refuse_if(Reason(_("This call does not receive dossiers now.")))
    title = title.strip()
    if not title or len(title) > 200:
        act.refuse_if(Reason(_("Give the project a title, in 200 characters at most."), "title"))
    rank = 1 + (Dossier.objects.filter(call=call).aggregate(last=Max("rank"))["last"] or 0)
    region = call.case.region
    case = open_case(
        act,
        region=region,
        kind=CaseKind.DOSSIER,
        reference=make_reference(region.code, call.year, call.sequence, rank),
        title=title,
        organisation=organisation,
        parent=call.case,
    )
    axes = list(call.axes.all()[:2])
    dossier = Dossier.objects.create(
        case=case,
        call=call,
        organisation=organisation,
        revision=call.revisions.filter(published_at__isnull=False).latest("number"),
        rank=rank,
        title=title,
        axis=axes[0] if len(axes) == 1 else None,
        territories=call.territories if len(call.territories) == 1 else [],
        created_by=act.person.user,
    )
    act.set_timer("calls.lapse", dossier, call.closes_at + GRACE)
    act.record(
        dossier, snapshot={"call": call.case.reference, "organisation": organisation.siret, "title": title}
    )
    return dossier


@action(
    "calls.submit",
    label=gettext_lazy("Submit the dossier"),
    done=gettext_lazy("Dossier submitted"),
    moves="submit",
)
def submit(act: Act, dossier: Dossier, *, attestation: bool, attested_capacity: str = "") -> Dossier:
    """Submit the dossier and issue its receipt, with the mentions of CRPA R112-11-1, in the same transaction.

    What counts is the instant at which the request was received: half-open, ``opens_at <= now < closes_at`` (P16). Raises Refused
    with everything that is missing. The journal keeps the whole application and its SHA-256.
    """
    call = dossier.call = hold_call(dossier.call)
    if call.state == CallState.CANCELLED:
        act.refuse_if(Reason(_("This call was cancelled.")))
    if not window_is_open(call.opens_at, call.closes_at, act.now):
        act.refuse_if(
            Reason(
                _("Received too late: the call closed on %(closes)s.")
                % {"closes": told_instant(call, call.closes_at)}
            )
        )
    prefetch_related_objects([dossier], "budget", "indicators", "partners")
    pieces = expected_pieces(dossier)
    reasons = missing(dossier, expected=pieces)
    if not attestation:
        reasons.append(Reason(_("Tick the attestation on honour."), "attestation"))
    act.refuse_if(reasons)
    region = act.case.region
    zone = region.zone
    rejected_on = implicit_rejection(act.now, tz=zone)
    act.move(dossier, "submit")
    dossier.submitted_at, dossier.submitted_by = act.now, act.person.user
    dossier.implicit_rejection_on = rejected_on
    dossier.save()
    whole = application(dossier, expected=pieces)
    signed = _signed_by(act, dossier.organisation, attested_capacity)
    Receipt.objects.create(
        case=act.case,
        dossier=dossier,
        received_at=act.now,
        implicit_rejection_on=rejected_on,
        attested_by=signed,
        attestation=ATTESTATION_TEXT,
        content_sha256=digest(whole),
    )
    act.cancel_timers("calls.lapse")
    act.set_timer("calls.note_implicit_rejection", dossier, end_of_day(rejected_on, zone))
    act.enqueue(
        "letter",
        template="receipt",
        code="receipt",
        title="Accusé de réception",
        data=receipt_data(
            dossier,
            submitted_by=signed,
            received_at=act.now,
            implicit_rejection_on=rejected_on,
            pieces=pieces,
        ),
    )
    with override("fr"):
        act.notify(
            [organisation_audience(dossier.organisation_id)],
            "receipt",
            _("Your dossier was received"),
            _(
                "Your dossier “%(title)s” was received on %(received)s. If it is complete and you have had no answer by"
                " %(rejection)s, it is deemed rejected. The receipt says how to challenge a rejection."
            )
            % {
                "title": dossier.title,
                "received": told_instant(call, act.now),
                "rejection": format_date(rejected_on, weekday=False),
            },
            f"/dossiers/{dossier.pk}/receipt/",
            include_actor=True,
        )
    act.record(
        dossier,
        snapshot={
            "application": whole,
            "sha256": digest(whole),
            "attestation": ATTESTATION_TEXT,
            "attested_by": signed,
            "implicit_rejection_on": rejected_on,
        },
    )
    return dossier


@action(
    "calls.withdraw",
    label=gettext_lazy("Withdraw the dossier"),
    done=gettext_lazy("Dossier withdrawn"),
    moves="withdraw",
)
def withdraw(act: Act, dossier: Dossier, *, reasons: str = "") -> Dossier:
    """Give the application up, for good. What was awarded goes back to the call's envelope. Raises Refused."""
    submitted = dossier.submitted_at is not None
    if submitted and not reasons.strip():
        act.refuse_if(Reason(_("Say why you withdraw the dossier."), "reasons"))
    freed = dossier.awarded_amount if dossier.state == DossierState.AWARDED else None
    act.move(dossier, "withdraw")
    dossier.save()
    if freed:
        envelope = act.lock(Envelope, dossier.call.envelope.pk)
        Envelope.objects.filter(pk=envelope.pk).update(committed=F("committed") - freed)
    act.cancel_timers()
    act.case.closed_at = act.now
    if submitted:
        with override("fr"):
            act.notify(
                [_in_charge(dossier)],
                "withdrawal",
                _("A dossier was withdrawn"),
                _("“%(title)s” (%(organisation)s) was withdrawn: %(reasons)s")
                % {
                    "title": dossier.title,
                    "organisation": dossier.organisation.name,
                    "reasons": reasons.strip(),
                },
                f"/cases/{act.case.pk}/",
            )
    act.record(dossier, reasons=reasons.strip(), snapshot={"freed": freed} if freed else {})
    return dossier


@action(
    "calls.lapse",
    label=gettext_lazy("Let the draft lapse"),
    done=gettext_lazy("Draft lapsed"),
    moves="lapse",
    system=True,
)
def lapse(act: Act, dossier: Dossier) -> Dossier:
    """The call closed, or was cancelled, before the draft was submitted. Performed by the clock; raises Refused before."""
    call = hold_call(dossier.call)
    if call.state != CallState.CANCELLED and act.now < call.closes_at:
        act.refuse_if(Reason(_("The call is still open.")))
    act.move(dossier, "lapse")
    dossier.save()
    act.cancel_timers()
    act.case.closed_at = act.now
    with override("fr"):
        words = (
            _("The call “%(call)s” was cancelled. Your draft “%(title)s” stays readable.")
            if call.state == CallState.CANCELLED
            else _(
                "The call “%(call)s” is closed and your draft “%(title)s” was not submitted. It stays readable."
            )
        )
        act.notify(
            [organisation_audience(dossier.organisation_id)],
            "lapse",
            _("Your draft was not submitted"),
            words % {"call": call.title, "title": dossier.title},
            f"/dossiers/{dossier.pk}/draft/",
        )
    act.record(dossier)
    return dossier


@action(
    "calls.reschedule",
    label=gettext_lazy("Follow the new deadline"),
    done=gettext_lazy("New deadline announced"),
    when={DossierState.DRAFT},
    system=True,
)
def reschedule(act: Act, dossier: Dossier) -> Dossier:
    """The call's closing moved: so do the draft's timer and due date, and its applicant is told (P20)."""
    call = hold_call(dossier.call)
    act.set_timer("calls.lapse", dossier, call.closes_at + GRACE)
    WorkItem.objects.filter(case=act.case, object_id=dossier.pk, state=WorkItemState.OPEN).update(
        due_at=call.closes_at
    )
    with override("fr"):
        act.notify(
            [organisation_audience(dossier.organisation_id)],
            "extension",
            _("The deadline is extended"),
            _("You have until %(closes)s to submit “%(title)s”.")
            % {"closes": told_instant(call, call.closes_at), "title": dossier.title},
            f"/dossiers/{dossier.pk}/draft/",
        )
    act.record(dossier, snapshot={"closes_at": call.closes_at})
    return dossier


@action(
    "calls.note_implicit_rejection",
    label=gettext_lazy("Note the implicit rejection"),
    done=gettext_lazy("Implicit rejection born: no decision within the legal time"),
    when=UNDER_EXAMINATION,
    system=True,
)
def note_implicit_rejection(act: Act, dossier: Dossier) -> Dossier:
    """Silence has become a rejection (CRPA L231-4, 3°). It moves nothing: an express decision will replace it."""
    assert dossier.implicit_rejection_on is not None
    zone = act.case.region.zone
    if act.now < end_of_day(dossier.implicit_rejection_on, zone):
        act.refuse_if(Reason(_("The legal time is not over.")))
    with override("fr"):
        act.notify(
            [_in_charge(dossier)],
            "implicit_rejection",
            _("Silence now means rejection"),
            _(
                "The legal time for “%(title)s” ended on %(day)s without a decision. The examination goes on: an express"
                " decision will replace the implicit one."
            )
            % {"title": dossier.title, "day": format_date(dossier.implicit_rejection_on, weekday=False)},
            f"/cases/{act.case.pk}/",
        )
    act.record(dossier, snapshot={"implicit_rejection_on": dossier.implicit_rejection_on})
    return dossier


@action(
    "calls.take_charge",
    label=gettext_lazy("Take charge of the dossier"),
    done=gettext_lazy("Dossier taken in charge"),
    when=set(DossierState) - FINAL_STATES - {DossierState.DRAFT},
)
def take_charge(act: Act, dossier: Dossier, *, officer: User) -> Dossier:
    """Entrust the dossier to a case officer of the Region; raises Refused for anybody else."""
    holders = audience_members(post_audience(act.case.region_id, PostRole.CASE_OFFICER), act.today)
    if not holders.filter(pk=officer.pk).exists():
        act.refuse_if(
            Reason(_("%(person)s is not a case officer of the Region.") % {"person": officer}, "officer")
        )
    if act.case.recusals.filter(user=officer).exists():
        act.refuse_if(
            Reason(_("%(person)s has an interest in this dossier.") % {"person": officer}, "officer")
        )
    if has_a_say(officer, dossier):
        act.refuse_if(
            Reason(
                _("%(person)s gives an opinion on this dossier: who examines it must be somebody else.")
                % {"person": officer},
                "officer",
            )
        )
    before, dossier.officer = dossier.officer, officer
    dossier.save()
    with override("fr"):
        act.notify(
            [user_audience(officer.pk)],
            "charge",
            _("A dossier is entrusted to you"),
            _("“%(title)s”, %(organisation)s.")
            % {"title": dossier.title, "organisation": dossier.organisation.name},
            f"/cases/{act.case.pk}/",
        )
    act.record(dossier, snapshot={"officer": str(officer), "before": str(before or "")})
    return dossier


def _in_charge(dossier: Dossier) -> str:
    """Whom the Region's side of a dossier concerns: its officer, or all of them before it has one."""
    if dossier.officer_id:
        return user_audience(dossier.officer_id)
    return post_audience(dossier.case.region_id, PostRole.CASE_OFFICER)


def _signed_by(act: Act, organisation: Organisation, capacity: str) -> str:
    """Who attests, and in what capacity (CRPA L112-3 asks for the identity of the sender)."""
    own = next(
        (
            m.capacity
            for m in act.person.memberships
            if m.organisation_id == organisation.pk and m.role == MembershipRole.SIGNATORY
        ),
        "",
    )
    words = capacity.strip() or own
    return ", ".join(part for part in (act.person.user.get_full_name(), words) if part)[:200]
