"""Reads of the engine: cases a person may see, their inbox, a case's story, incidents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.http import Http404

from accounts.actors import Actor
from accounts.compiled import by_key
from accounts.models import Body, College, Organisation, PostRole, User
from accounts.queries import audience_members
from accounts.rules import may
from workflows.models import (
    AccessLog,
    Case,
    CaseKind,
    DocumentVersion,
    Entry,
    Grant,
    Notification,
    OutboxJob,
    OutboxState,
    Readers,
    Recusal,
    Timer,
    TimerState,
    WorkItem,
    WorkItemState,
)
from workflows.rules import private_cases


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases that ``actor`` may know of: own Region's, own organisations', those opened to them; never a recused one.

    A case that is still private (a draft) is its organisation's alone.
    """
    mine = Q(organisation__in=actor.organisations)
    return Case.objects.filter(reach_of(actor)).filter(mine | ~private_cases())


def reach_of(actor: Actor, case: str = "") -> Q:
    """Of ``cases_visible_to`` what goes by the case alone, for rows whose path to it is ``case`` (``"case__"``).

    A join and a condition on rows already joined: a subquery of cases would be worked out once more beside the rows.
    """
    reach = Q(**{f"{case}region__in": actor.staff_regions}) | Q(
        **{f"{case}organisation__in": actor.organisations}
    )
    if None in actor.audited_regions:
        reach = Q()
    elif actor.audited_regions:
        reach |= Q(**{f"{case}region__in": actor.audited_regions})
    if reach:
        granted = Grant.objects.filter(audience__in=actor.audiences).values("case")
        reach |= Q(**{f"{case}id__in": granted})
    recused = Recusal.objects.filter(user=actor.user).values("case")
    return reach & ~Q(**{f"{case}id__in": recused})


def get_visible(actor: Actor, model: type[Any], pk: UUID, right: str = "workflows.view_case") -> Any:
    """Fetch a row of a case for ``actor``, or 404 when it does not exist, is out of sight, or ``right`` is missing."""
    row = by_key(model, UUID, *getattr(model, "related", ())).first(pk)
    if row is None or not may(actor, "workflows.view_case", row) or not may(actor, right, row):
        raise Http404
    return row


def inbox(actor: Actor) -> QuerySet[WorkItem]:
    """What ``actor`` must do, across all flows, earliest due first."""
    return (
        WorkItem.objects.filter(state=WorkItemState.OPEN)
        .filter(is_mine(actor))
        .exclude(case__in=Recusal.objects.filter(user=actor.user).values("case"))
        .select_related("case__region", "case__organisation", "claimed_by")
    )


def work_known_to(actor: Actor) -> QuerySet[WorkItem]:
    """All the open work that ``actor`` may know of: their own, their colleagues', and what the Region waits for."""
    return (
        WorkItem.objects.filter(state=WorkItemState.OPEN)
        .filter(
            Q(audience__in=actor.audiences)
            | Q(case__region__in=actor.staff_regions)
            & ~Q(case__in=Case.objects.filter(private_cases()).values("pk"))
        )
        .exclude(case__in=Recusal.objects.filter(user=actor.user).values("case"))
        .select_related("case__region", "case__organisation", "claimed_by")
    )


def earliest_due(actor: Actor, cases: Any) -> Iterable[tuple[UUID, datetime]]:
    """When the first of the tasks known to ``actor`` is due, for those of ``cases`` (ids, visible to them) that have one."""
    known = Q(audience__in=actor.audiences) | Q(case__region__in=actor.staff_regions)
    rows = WorkItem.objects.filter(known, state=WorkItemState.OPEN, case__in=cases, due_at__isnull=False)
    return rows.order_by().values_list("case").annotate(Min("due_at"))


def is_mine(actor: Actor) -> Q:
    """Among work items, those that ``actor`` may do now: of their audiences, and in nobody else's hands."""
    return Q(audience__in=actor.audiences) & (Q(claimed_by__isnull=True) | Q(claimed_by=actor.user))


def may_take(item: WorkItem, day: date) -> QuerySet[User]:
    """The people into whose hands a task may go on ``day``: those of its audience who are not recused from its case."""
    return audience_members(item.audience, day).exclude(
        pk__in=Recusal.objects.filter(case=item.case_id).values("user")
    )


def names_of(audiences: Iterable[str]) -> dict[str, str]:
    """Audience keys in words: a post, a college of a body, a body, an organisation, a person. At most three queries."""
    found: dict[str, tuple[str, UUID, str]] = {}
    for key in set(audiences):
        kind, _, rest = key.partition(":")
        ident, _, detail = rest.partition(":")
        found[key] = (kind, UUID(ident), detail)
    wanted = {kind: {pk for k, pk, _ in found.values() if k == kind} for kind, _, _ in found.values()}
    seated = wanted.get("seat", set()) | wanted.get("body", set())
    bodies = Body.objects.in_bulk(seated) if seated else {}
    organisations = Organisation.objects.in_bulk(wanted["organisation"]) if "organisation" in wanted else {}
    users = User.objects.in_bulk(wanted["user"]) if "user" in wanted else {}

    def name(kind: str, pk: UUID, detail: str) -> str:
        if kind == "post":
            return str(PostRole(detail).label)
        if kind == "seat":
            return f"{bodies[pk].get_kind_display()} · {College(detail).label}" if pk in bodies else detail
        if kind == "body":
            return str(bodies[pk].get_kind_display()) if pk in bodies else kind
        row = (organisations if kind == "organisation" else users).get(pk)
        return str(row or detail)

    return {key: name(*parts) for key, parts in found.items()}


def done_by(item: WorkItem) -> Entry | None:
    """The journal entry of the act that completed a work item."""
    if item.finished_at is None:
        return None
    return (
        Entry.objects.filter(case=item.case_id, verb=item.outcome, at=item.finished_at)
        .select_related("actor")
        .order_by("-seq")
        .first()
    )


def require(actor: Actor | None, right: str, row: Any = None) -> None:
    """Raise Http404 unless the rights tables grant ``right`` on ``row``."""
    if not may(actor, right, row):
        raise Http404


def open_items(case: Case) -> QuerySet[WorkItem]:
    """What comes next in a case, and who must do it."""
    return WorkItem.objects.filter(case=case, state=WorkItemState.OPEN).select_related("claimed_by")


def journal(case: Case) -> QuerySet[Entry]:
    """The case's acts, latest first."""
    return Entry.objects.filter(case=case).select_related("actor").order_by("-seq")


def accesses(case: Case) -> QuerySet[AccessLog]:
    """Who read, downloaded or exported the case, latest first."""
    return AccessLog.objects.filter(case=case).select_related("user").order_by("-id")


def readable(actor: Actor, case: Case) -> list[str]:
    """Which documents of a case that ``actor`` sees are theirs to read: the same as the rule ``workflows.read_document``."""
    if actor.audits(case.region_id) or actor.holds(case.region_id, PostRole.PAYMENTS):
        return list(Readers.values)
    if actor.is_staff_of(case.region_id):
        return [Readers.CASE, Readers.PARTIES, Readers.STAFF]
    return [Readers.CASE, Readers.PARTIES] if actor.may_edit(case.organisation_id) else [Readers.CASE]


#: The verbs that take a document back before anybody relied on it; what they record as ``document`` names it.
TAKE_BACK: set[str] = set()


def taken_back(case: Case) -> dict[str, Entry]:
    """Documents of the case that were given and taken back since, each with the entry that says so. Nothing is erased."""
    found = {}
    for entry in Entry.objects.filter(case=case, verb__in=TAKE_BACK).order_by("seq"):
        found[str(entry.snapshot["document"])] = entry
    return found


def files(case: Case, actor: Actor) -> QuerySet[DocumentVersion]:
    """The last version of each document of the case that ``actor`` may read."""
    versions = DocumentVersion.objects.filter(
        document__case=case, document__audience__in=readable(actor, case)
    ).select_related("document")
    return versions.order_by("document__code", "document_id", "-number").distinct(
        "document__code", "document_id"
    )


def notifications_of(actor: Actor) -> QuerySet[Notification]:
    """The notices to a person, without those of a case that they were kept out of since (R133-12)."""
    return Notification.objects.filter(user=actor.user).exclude(case__recusals__user=actor.user)


def unread_notifications(actor: Actor) -> QuerySet[Notification]:
    """Notices that the person has not read."""
    return notifications_of(actor).filter(read_at__isnull=True).select_related("case")


def has_document(case: Case, code: str, sha256: str) -> bool:
    """Whether the case already holds this very content under that code."""
    return DocumentVersion.objects.filter(document__case=case, document__code=code, sha256=sha256).exists()


def incidents(actor: Actor) -> tuple[QuerySet[OutboxJob], QuerySet[Timer]]:
    """Jobs given up and timers refused, in the actor's Regions: nothing fails in silence (P15)."""
    reach = Q(case__region__in=actor.staff_regions | {r for r in actor.audited_regions if r})
    if None in actor.audited_regions:
        reach = Q(case__isnull=False)
    reach &= ~Q(case__in=Recusal.objects.filter(user=actor.user).values("case"))
    jobs = OutboxJob.objects.filter(reach | Q(case__isnull=True), state=OutboxState.INCIDENT)
    timers = Timer.objects.filter(reach, state=TimerState.PENDING, failures__gt=0)
    return jobs.select_related("case").order_by("due_at", "id"), timers.select_related("case")


def stranded(now: datetime) -> QuerySet[Case]:
    """Open dossiers without a next step or a timer: there must be none (P15)."""
    return (
        Case.objects.filter(kind=CaseKind.DOSSIER, closed_at__isnull=True)
        .exclude(work_items__state=WorkItemState.OPEN)
        .exclude(timers__state=TimerState.PENDING)
    )
