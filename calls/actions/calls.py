"""The verbs of a call: prepared by one person, published by another, extended before its closing, closed by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actors import user_audience
from accounts.models import College, Region
from calls.actions.common import listed, model_faults, told_instant
from calls.models import (
    Axis,
    Call,
    CallKind,
    CallState,
    Criterion,
    DossierState,
    Envelope,
    FormRevision,
    Pact,
    PactState,
    RequiredPiece,
)
from calls.queries import RESERVED, call_text_data, digest, frozen_text
from calls.queries.answers import schema_faults
from calls.queries.defaults import default_criteria, default_pieces
from calls.reference import TARGET_PUBLICS, form_schema, outline_text
from workflows.dates import local_date
from workflows.engine import Act, Reason, action
from workflows.engine.action import open_case
from workflows.models import CaseKind, Entry
from workflows.references import make_call_reference

#: What ``update_call`` may change on the call itself.
PLAIN_FIELDS = frozenset(
    {
        "title",
        "summary",
        "text",
        "publics",
        "territories",
        "opens_at",
        "closes_at",
        "max_rate",
        "min_amount",
        "max_amount",
        "aid_basis",
        "colleges",
        "assessors_per_dossier",
        "assessment_days",
        "opinion_days",
        "coparef",
        "coparef_days",
        "threshold",
        "advance_rate",
        "interim_rate",
        "reporting",
        "contact",
    }
)
#: What it may replace beside: the money, the axes, the grid, the pieces, the questions.
PARTS = frozenset({"envelope", "axes", "criteria", "pieces", "schema"})
#: Fields whose content is kept in the journal by its SHA-256 only, for their length.
LONG = frozenset({"text", "schema"})
PREPARING = ("calls.create_call", "calls.update_call", "calls.submit_for_validation")


@action(
    "calls.create_call", label=gettext_lazy("Create a call"), done=gettext_lazy("Call created"), opens=True
)
def create_call(
    act: Act,
    pact: Pact,
    *,
    kind: str,
    year: int,
    title: str,
    summary: str,
    opens_at: datetime,
    closes_at: datetime,
    envelope: Decimal,
    max_rate: Decimal,
    max_amount: Decimal,
    aid_basis: str,
    axes: Sequence[Axis],
    text: str = "",
    min_amount: Decimal = Decimal(0),
    publics: Sequence[str] = (),
    territories: Sequence[str] = (),
    colleges: Sequence[str] = tuple(College.values),
    reporting: Sequence[int] = (6, 12),
    contact: str = "",
    criteria: Sequence[Mapping[str, Any]] | None = None,
    pieces: Sequence[Mapping[str, Any]] | None = None,
    schema: list[dict[str, Any]] | None = None,
    **settings: Any,
) -> Call:
    """Open a call under an adopted pact; grid, pieces, questions and outline of the text are the field's own by default.

    ``envelope`` and amounts in euros, ``max_rate`` in % of the eligible cost, ``reporting`` in months after the start;
    ``settings`` are further fields of the call (days, thresholds, COPAREF…). Raises Refused.
    """
    if pact.state != PactState.ADOPTED:
        act.refuse_if(Reason(_("The pact is not adopted yet."), "pact"))
    act.refuse_if(_unknown(set(settings) - PLAIN_FIELDS))
    region = act.lock(Region, pact.case.region_id)
    sequence = 1 + (
        Call.objects.filter(case__region=region, year=year).aggregate(last=Max("sequence"))["last"] or 0
    )
    if kind not in CallKind.values:
        act.refuse_if(Reason(_("Choose the kind of call."), "kind"))
    case = open_case(
        act,
        region=region,
        kind=CaseKind.CALL,
        reference=make_call_reference(kind.upper(), region.code, year, sequence),
        title=title.strip()[:250],
        parent=pact.case,
    )
    call = Call(
        case=case,
        pact=pact,
        kind=kind,
        sequence=sequence,
        year=year,
        title=title.strip(),
        summary=summary.strip(),
        text=(text or outline_text()).replace("\r\n", "\n"),
        publics=listed(publics or [term.code for term in TARGET_PUBLICS]),
        territories=listed(territories),
        opens_at=opens_at,
        closes_at=closes_at,
        max_rate=max_rate,
        min_amount=min_amount,
        max_amount=max_amount,
        aid_basis=aid_basis,
        colleges=listed(colleges),
        reporting=sorted({int(months) for months in reporting}),
        contact=contact or region.service_email,
        prepared_by=act.person.user,
        **settings,
    )
    act.refuse_if(_draft_faults(call, envelope, axes))
    call.save(force_insert=True)
    Envelope.objects.create(call=call, amount=envelope)
    call.axes.set(axes)
    _write_criteria(act, call, default_criteria() if criteria is None else criteria)
    _write_pieces(act, call, default_pieces(local_date(closes_at, region.zone)) if pieces is None else pieces)
    FormRevision.objects.create(call=call, number=1, schema=form_schema() if schema is None else schema)
    act.record(
        call,
        snapshot={"title": call.title, "envelope": envelope, "opens_at": opens_at, "closes_at": closes_at},
    )
    return call


@action(
    "calls.update_call",
    label=gettext_lazy("Edit the call"),
    done=gettext_lazy("Call edited"),
    when={CallState.DRAFT},
)
def update_call(act: Act, call: Call, **changed: Any) -> Call:
    """Change a call in preparation: any of ``PLAIN_FIELDS`` and ``PARTS`` (as in ``create_call``). Raises Refused.

    Whoever changes it is among those who prepared it, and so cannot publish it.
    """
    act.refuse_if(_unknown(set(changed) - PLAIN_FIELDS - PARTS))
    for name in PLAIN_FIELDS & set(changed):
        setattr(call, name, changed[name])
    call.title, call.summary = call.title.strip(), call.summary.strip()
    call.text = call.text.replace("\r\n", "\n")
    call.publics, call.territories = listed(call.publics), listed(call.territories)
    call.reporting = sorted({int(months) for months in call.reporting})
    call.prepared_by = act.person.user
    axes = changed.get("axes", list(call.axes.all()))
    envelope = changed.get("envelope", call.envelope.amount)
    act.refuse_if(_draft_faults(call, envelope, axes))
    act.case.title = call.title
    call.save()
    Envelope.objects.filter(call=call).update(amount=envelope)
    call.axes.set(axes)
    if "criteria" in changed:
        _write_criteria(act, call, changed["criteria"])
    if "pieces" in changed:
        _write_pieces(act, call, changed["pieces"])
    if "schema" in changed:
        act.refuse_if(schema_faults(changed["schema"], RESERVED))
        FormRevision.objects.filter(call=call, published_at__isnull=True).update(schema=changed["schema"])
    act.record(call, snapshot={"changed": {name: _told(name, value) for name, value in changed.items()}})
    return call


@action(
    "calls.submit_for_validation",
    label=gettext_lazy("Submit the call for validation"),
    done=gettext_lazy("Call submitted for validation"),
    moves="submit_for_validation",
)
def submit_for_validation(act: Act, call: Call) -> Call:
    """Say that the preparation is finished; everything that a publication needs must be there. Raises Refused."""
    act.refuse_if(publication_faults(call, act.now))
    act.move(call, "submit_for_validation")
    call.prepared_by = act.person.user
    call.save()
    act.record(call)
    return call


@action(
    "calls.send_back_call",
    label=gettext_lazy("Send the call back for correction"),
    done=gettext_lazy("Call sent back for correction"),
    moves="send_back",
)
def send_back_call(act: Act, call: Call, *, reasons: str) -> Call:
    """Ask for changes before publication, with reasons."""
    if not reasons.strip():
        act.refuse_if(Reason(_("Say what must be corrected."), "reasons"))
    act.move(call, "send_back")
    call.save()
    with override("fr"):
        act.notify(
            [user_audience(call.prepared_by_id)],
            "call",
            _("The call must be corrected"),
            reasons,
            f"/manage/calls/{call.pk}/",
        )
    act.record(call, reasons=reasons)
    return call


@action(
    "calls.publish_call",
    label=gettext_lazy("Validate and publish the call"),
    done=gettext_lazy("Call published"),
    moves="publish",
)
def publish_call(act: Act, call: Call) -> Call:
    """Publish the call: its text, grid, pieces and form are frozen with their SHA-256, and the clock will close it.

    Raises Refused when something is missing, or to whoever took part in its preparation.
    """
    act.refuse_if(publication_faults(call, act.now))
    if Entry.objects.filter(case=act.case, actor=act.person.user, verb__in=PREPARING).exists():
        act.refuse_if(Reason(_("You took part in its preparation: somebody else validates it.")))
    act.move(call, "publish")
    revision = call.revisions.get(published_at__isnull=True)
    frozen = frozen_text(call, revision.schema)
    call.validated_by, call.published_at, call.text_sha256 = act.person.user, act.now, digest(frozen)
    call.save()
    revision.published_at, revision.sha256 = act.now, digest(revision.schema)
    revision.save()
    act.set_timer("calls.close_call", call, call.closes_at)
    act.enqueue(
        "letter",
        template="call_text",
        code="call_text",
        title="Règlement de l’appel",
        data=call_text_data(call, act.now),
    )
    with override("fr"):
        act.notify(
            [user_audience(call.prepared_by_id)],
            "call",
            _("The call is published"),
            _("“%(call)s” is published. It closes on %(closes)s.")
            % {"call": call.title, "closes": told_instant(call, call.closes_at)},
            f"/calls/{call.pk}/",
        )
    act.record(
        call,
        snapshot={
            "text_sha256": call.text_sha256,
            "form_sha256": revision.sha256,
            "closes_at": call.closes_at,
            "frozen": frozen,
        },
    )
    return call


@action(
    "calls.extend_call",
    label=gettext_lazy("Extend the deadline"),
    done=gettext_lazy("Deadline extended"),
    when={CallState.PUBLISHED},
)
def extend_call(act: Act, call: Call, *, closes_at: datetime, reasons: str) -> Call:
    """Put the closing off, before it; the reasons are public and each draft's applicant is told (P20). Raises Refused."""
    before = call.closes_at
    if act.now >= before:
        act.refuse_if(Reason(_("The call is already closed: it cannot be extended any more."), "closes_at"))
    if closes_at <= before:
        act.refuse_if(
            Reason(
                _("The new closing must come after %(before)s.") % {"before": told_instant(call, before)},
                "closes_at",
            )
        )
    if not reasons.strip():
        act.refuse_if(Reason(_("Say why the deadline is extended."), "reasons"))
    call.first_closes_at = call.first_closes_at or before
    call.closes_at = closes_at
    call.save()
    act.set_timer("calls.close_call", call, closes_at)
    for pk in call.dossiers.filter(state=DossierState.DRAFT).order_by("rank").values_list("pk", flat=True):
        act.enqueue("calls.reschedule", dossier=pk)
    act.record(call, reasons=reasons, snapshot={"before": before, "closes_at": closes_at})
    return call


@action(
    "calls.close_call",
    label=gettext_lazy("Close the call"),
    done=gettext_lazy("Call closed"),
    moves="close",
    system=True,
)
def close_call(act: Act, call: Call) -> Call:
    """The window is over. Performed by the clock; raises Refused before the closing."""
    if act.now < call.closes_at:
        act.refuse_if(Reason(_("The call is still open.")))
    act.move(call, "close")
    call.save()
    act.cancel_timers("calls.close_call")
    counts = call.dossiers.filter(submitted_at__isnull=False).count()
    act.record(call, snapshot={"closes_at": call.closes_at, "received": counts})
    return call


@action(
    "calls.cancel_call",
    label=gettext_lazy("Cancel the call"),
    done=gettext_lazy("Call cancelled"),
    moves="cancel",
)
def cancel_call(act: Act, call: Call, *, reasons: str) -> Call:
    """Give the call up, with public reasons; not once a dossier was received, which is owed a decision. Raises Refused."""
    if not reasons.strip():
        act.refuse_if(Reason(_("Say why the call is cancelled."), "reasons"))
    act.move(call, "cancel")
    call.save()  # from here on no dossier can be submitted: a submission holds the call (see ``hold_call``)
    if call.dossiers.filter(submitted_at__isnull=False).exists():
        act.refuse_if(
            Reason(
                _("Dossiers have been received: each is owed a decision, so the call cannot be cancelled.")
            )
        )
    act.cancel_timers()
    act.case.closed_at = act.now
    for pk in call.dossiers.filter(state=DossierState.DRAFT).order_by("rank").values_list("pk", flat=True):
        act.enqueue("calls.lapse", dossier=pk)
    act.record(call, reasons=reasons)
    return call


def publication_faults(call: Call, now: datetime) -> list[Reason]:
    """What a call lacks to be published, each with its field (domain §6: rules, grid of 100, indicators, evaluation plan)."""
    found: list[Reason] = []
    if not call.text.strip():
        found.append(Reason(_("Write the text of the call."), "text"))
    elif call.text.strip() == outline_text().strip():
        found.append(Reason(_("The text of the call is still its bare outline."), "text"))
    if not call.axes.exists():
        found.append(Reason(_("Choose at least one axis of the pact."), "axes"))
    if not call.publics:
        found.append(Reason(_("Choose at least one target public."), "publics"))
    if call.closes_at <= now:
        found.append(Reason(_("The closing is already past."), "closes_at"))
    weights = list(call.criteria.values_list("weight", flat=True))
    if sum(weights) != 100:
        found.append(
            Reason(
                _("The weights of the criteria add up to %(sum)s instead of 100.") % {"sum": sum(weights)},
                "criteria",
            )
        )
    if not call.colleges:
        found.append(Reason(_("Choose the colleges consulted."), "colleges"))
    if not call.reporting:
        found.append(Reason(_("Set at least one report."), "reporting"))
    if not call.pact.questions.exists():
        found.append(
            Reason(
                _("The pact has no evaluation question: a call cannot open without an evaluation plan."),
                "pact",
            )
        )
    kinds = set(call.pact.indicators.values_list("kind", flat=True))
    if not {"follow_up", "impact"} <= kinds:
        found.append(Reason(_("The pact lacks follow-up or impact indicators."), "pact"))
    revision = call.revisions.order_by("-number").first()
    if revision is None or not revision.schema:
        found.append(Reason(_("The form asks nothing."), "schema"))
    else:
        found += schema_faults(revision.schema, RESERVED)
    return found


def _draft_faults(call: Call, envelope: Decimal, axes: Sequence[Axis]) -> list[Reason]:
    found = []
    if call.closes_at <= call.opens_at:
        found.append(Reason(_("The call closes before it opens."), "closes_at"))
    if call.max_amount < call.min_amount:
        found.append(Reason(_("The largest subsidy is smaller than the smallest."), "max_amount"))
    if envelope <= 0:
        found.append(Reason(_("The envelope is more than zero."), "envelope"))
    elif call.max_amount > envelope:
        found.append(Reason(_("The largest subsidy is more than the whole envelope."), "max_amount"))
    if not set(call.colleges) <= set(College.values):
        found.append(Reason(_("Unknown college."), "colleges"))
    if any(not 1 <= months <= 60 for months in call.reporting):
        found.append(Reason(_("A report is due 1 to 60 months after the start of the project."), "reporting"))
    if any(axis.pact_id != call.pact_id for axis in axes):
        found.append(Reason(_("An axis does not belong to the pact."), "axes"))
    if found:
        return found
    return model_faults(
        call,
        exclude={
            "case",
            "pact",
            "prepared_by",
            "validated_by",
            "publics",
            "territories",
            "colleges",
            "reporting",
        },
    )


def _write_criteria(act: Act, call: Call, criteria: Sequence[Mapping[str, Any]]) -> None:
    call.criteria.all().delete()
    rows = [
        Criterion(
            call=call,
            number=number,
            label=str(item["label"]).strip(),
            guidance=item.get("guidance", ""),
            weight=int(item["weight"]),
            eliminatory=bool(item.get("eliminatory")),
        )
        for number, item in enumerate(criteria, 1)
    ]
    for row in rows:
        act.refuse_if(Reason(reason.message, "criteria") for reason in model_faults(row, exclude={"call"}))
    Criterion.objects.bulk_create(rows)


def _write_pieces(act: Act, call: Call, pieces: Sequence[Mapping[str, Any]]) -> None:
    codes = [item["code"] for item in pieces]
    if len(set(codes)) < len(codes):
        act.refuse_if(Reason(_("Two pieces have the same code."), "pieces"))
    call.required_pieces.all().delete()
    rows = [
        RequiredPiece(
            call=call,
            number=number,
            code=item["code"],
            label=str(item["label"]).strip(),
            guidance=item.get("guidance", ""),
            legal_forms=listed(item.get("legal_forms", [])),
            condition=item.get("condition", "always"),
            indispensable=bool(item.get("indispensable", True)),
            multiple=bool(item.get("multiple", False)),
        )
        for number, item in enumerate(pieces, 1)
    ]
    for row in rows:
        act.refuse_if(
            Reason(reason.message, "pieces") for reason in model_faults(row, exclude={"call", "legal_forms"})
        )
    RequiredPiece.objects.bulk_create(rows)


def _unknown(names: set[str]) -> list[Reason]:
    return [Reason(_("“%(name)s” cannot be changed.") % {"name": name}, name) for name in sorted(names)]


def _told(name: str, value: Any) -> Any:
    if name in LONG:
        return {"sha256": digest(value)}
    if name == "axes":
        return sorted(axis.code for axis in value)
    return value
