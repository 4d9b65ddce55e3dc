"""Who sees which calls and dossiers, and the lists of the public and applicant pages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from accounts.actors import Actor
from accounts.models import Organisation, Post, PostRole, User
from accounts.models.base import valid_on
from calls.models import Call, CallState, Dossier, DossierState, Pact
from workflows.models import Document, DocumentVersion, Entry
from workflows.queries import reach_of

#: States of a call that anybody may read of.
PUBLIC_STATES = (CallState.PUBLISHED, CallState.CLOSED, CallState.DECIDED, CallState.COMPLETED)
#: States of a dossier whose award may be published once it was notified.
AWARDED_STATES = (DossierState.AWARDED, DossierState.UNDER_CONTRACT, DossierState.CLOSED)


def visible_to(actor: Actor) -> QuerySet[Dossier]:
    """The dossiers that ``actor`` may know of: what the case's rights say, and drafts only for their own organisation.

    A draft is the applicant's own until it is submitted: the Region's staff do not read it. That is all that is private
    among the cases of dossiers (``drafts``), so that it is asked of the dossier's own row.
    """
    return (
        Dossier.objects.filter(reach_of(actor, "case__"))
        .filter(Q(submitted_at__isnull=False) | Q(organisation__in=actor.organisations))
        .select_related("case", "call__case__region", "organisation", "axis", "officer")
    )


def dossiers_of(actor: Actor) -> QuerySet[Dossier]:
    """The dossiers of the organisations that ``actor`` acts for, what is due first."""
    return (
        Dossier.objects.filter(organisation__in=actor.organisations)
        .select_related("case", "call__case__region", "call__envelope", "organisation", "axis", "revision")
        .order_by("call__closes_at", "case__reference")
    )


def public_calls() -> QuerySet[Call]:
    """The calls that were published."""
    return Call.objects.filter(state__in=PUBLIC_STATES).select_related("case__region", "pact", "envelope")


def extension_reasons(call: Call) -> str:
    """Why the closing was put off, the last time it was: the reasons are public."""
    if call.first_closes_at is None:
        return ""
    extensions = Entry.objects.filter(case=call.case_id, verb="calls.extend_call").order_by("-seq")
    return extensions.values_list("reasons", flat=True).first() or ""


def calls_visible_to(actor: Actor | None) -> QuerySet[Call]:
    """Published calls for anybody; those being prepared for the Region's staff and auditors only."""
    calls = Call.objects.select_related("case__region", "pact", "envelope")
    if actor is None:
        return calls.filter(state__in=PUBLIC_STATES)
    own = Q(case__region__in=actor.staff_regions)
    if None in actor.audited_regions:
        return calls
    own |= Q(case__region__in=[r for r in actor.audited_regions if r])
    return calls.filter(Q(state__in=PUBLIC_STATES) | own)


def open_calls(now: datetime) -> QuerySet[Call]:
    """Published calls that receive dossiers at ``now`` or will, the first to close first."""
    return public_calls().filter(state=CallState.PUBLISHED, closes_at__gt=now).order_by("closes_at", "title")


def past_calls(now: datetime) -> QuerySet[Call]:
    """Published calls whose window is over at ``now``, the last to close first."""
    return public_calls().filter(closes_at__lte=now).order_by("-closes_at", "title")


def get_call(actor: Actor | None, pk: UUID) -> Call:
    """A call that ``actor`` may read of; raises Http404."""
    call = calls_visible_to(actor).filter(pk=pk).first()
    if call is None:
        raise Http404
    return call


def results(call: Call) -> QuerySet[Dossier]:
    """The awards of a call that were notified, which anybody may read: name, project, amount."""
    return (
        call.dossiers.filter(state__in=AWARDED_STATES, decision_released_at__isnull=False)
        .select_related("organisation", "case", "axis")
        .order_by("-awarded_amount", "organisation__name")
    )


def received(call: Call) -> dict[str, int | Decimal]:
    """How many dossiers a call has received, and what they ask for in all."""
    found = call.dossiers.filter(submitted_at__isnull=False).aggregate(
        n=Count("pk"), asked=Sum("requested_amount")
    )
    return {"n": found["n"], "asked": found["asked"] or Decimal(0)}


def pacts_visible_to(actor: Actor) -> QuerySet[Pact]:
    """The pacts of the actor's Regions."""
    pacts = Pact.objects.select_related("case__region", "prepared_by", "adopted_by")
    if None in actor.audited_regions:
        return pacts
    return pacts.filter(case__region__in=actor.staff_regions | {r for r in actor.audited_regions if r})


def last_saved(dossier: Dossier, section: str) -> Entry | None:
    """The journal entry that last saved a section: who, and when."""
    return (
        Entry.objects.filter(case_id=dossier.case_id, verb="calls.save_section", snapshot__section=section)
        .order_by("-seq")
        .first()
    )


def produced(case_id: UUID, code: str) -> DocumentVersion | None:
    """The last version of a document of a case, such as its receipt or the call's text."""
    return (
        DocumentVersion.objects.filter(document__case=case_id, document__code=code)
        .select_related("document")
        .order_by("-number")
        .first()
    )


def piece_document(dossier: Dossier, code: str) -> Document | None:
    """The document that holds the piece ``code`` of a dossier, even if the piece was removed since."""
    return Document.objects.filter(case_id=dossier.case_id, code=piece_code(code)).first()


def piece_code(code: str) -> str:
    """The code of the document of a piece."""
    return f"piece-{code.lower()}"


def officers(actor: Actor) -> QuerySet[User]:
    """The case officers of the actor's Regions, today."""
    holders = valid_on(
        Post.objects.filter(region__in=actor.staff_regions, role=PostRole.CASE_OFFICER), actor.day
    )
    return User.objects.filter(pk__in=holders.values("user"), is_active=True).order_by(
        "last_name", "first_name"
    )


def signing_organisations(actor: Actor) -> list[Organisation]:
    """The organisations that the person prepares dossiers for."""
    return sorted({m.organisation for m in actor.memberships}, key=lambda o: (o.name, o.siret))
