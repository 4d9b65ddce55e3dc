"""Rights of the engine: who sees a case, and what may be done in any case whatever its kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from rules.predicates import predicate

from accounts.actors import Actor
from accounts.models import PostRole
from accounts.rules import (
    edits_for_organisation,
    is_auditor,
    is_case_officer,
    is_manager,
    is_payments_officer,
    is_staff,
    not_recused,
    register,
)
from workflows.models import Case, Readers, WorkItem

_private: list[Callable[[], QuerySet[Any]]] = []


def keep_private(cases: Callable[[], QuerySet[Any]]) -> Callable[[], QuerySet[Any]]:
    """Register which cases are still their organisation's own, as a query of their ids (a draft not yet submitted).

    Nobody else knows of them, the Region's staff included. The engine knows no dossier: the floors above say it.
    """
    _private.append(cases)
    return cases


def private_cases() -> Q:
    """The cases that only their own organisation may know of."""
    return reduce(or_, (Q(pk__in=find()) for find in _private), Q(pk__in=[]))


@predicate
def is_not_anothers_own(actor: Actor, row: Any) -> bool:
    """The case is no longer private to an organisation, or it is the actor's organisation."""
    case = getattr(row, "case", row)
    if actor.may_edit(case.organisation_id):
        return True
    return not Case.objects.filter(private_cases(), pk=case.pk).exists()


@predicate
def is_let_in(actor: Actor, row: Any) -> bool:
    """The actor is part of an audience that the case was opened to (a college's seats, a reviewer)."""
    case = getattr(row, "case", row)
    return case.grants.filter(audience__in=actor.audiences).exists()


@predicate
def is_for_me(actor: Actor, item: Any) -> bool:
    """The work item waits for an audience that the actor is part of."""
    return isinstance(item, WorkItem) and item.audience in actor.audiences


@predicate
def is_open(actor: Actor, row: Any) -> bool:
    """The case is not closed: it is read-only from its closure on."""
    case = row if isinstance(row, Case) else row.case
    return case.closed_at is None


@predicate
def reads_a_region(actor: Actor, row: Any) -> bool:
    """Without a row: the actor belongs to some Region's staff, or audits one (pages that span cases)."""
    return row is None and bool(actor.staff_regions or actor.audited_regions)


@predicate
def audits_somewhere(actor: Actor, row: Any) -> bool:
    """The actor audits at least one Region."""
    return bool(actor.audited_regions)


@predicate
def is_open_to_case(actor: Actor, document: Any) -> bool:
    """The document is for everybody who sees its case: the application and its pieces."""
    return document.audience == Readers.CASE


@predicate
def is_for_the_parties(actor: Actor, document: Any) -> bool:
    """The document is between the applicant and the Region: who judges the application does not read it."""
    return document.audience == Readers.PARTIES


@predicate
def is_for_payments(actor: Actor, document: Any) -> bool:
    """The document bears a bank account."""
    return document.audience == Readers.PAYMENTS


@predicate
def belongs_to_no_case(actor: Actor, job: Any) -> bool:
    """The job hangs on no case: whoever handles cases somewhere looks after it."""
    return getattr(job, "case_id", True) is None and any(
        post.role in (PostRole.CASE_OFFICER, PostRole.MANAGER) for post in actor.posts
    )


sees_case = (is_staff | edits_for_organisation | is_auditor | is_let_in) & not_recused & is_not_anothers_own

RIGHTS = {
    "workflows.view_case": sees_case,
    "workflows.view_journal": (is_staff | is_auditor) & not_recused,
    "workflows.view_access_log": is_auditor | is_manager,
    "workflows.take_evidence": is_auditor | is_manager,
    "workflows.view_own_acts": edits_for_organisation & not_recused,
    "workflows.read_document": (
        (is_open_to_case & sees_case)
        | (is_for_the_parties & edits_for_organisation)
        | (is_staff & ~is_for_payments)
        | is_payments_officer
        | is_auditor
    )
    & not_recused,
    "workflows.read_messages": (is_staff | edits_for_organisation | is_auditor) & not_recused,
    "workflows.view_flow": (is_staff | is_auditor) & not_recused,
    "workflows.view_incidents": is_staff | is_auditor | reads_a_region,
    "workflows.retry_job": ((is_case_officer | is_manager) & not_recused) | belongs_to_no_case,
    "workflows.retry_timer": (is_case_officer | is_manager) & not_recused,
    "workflows.audit": audits_somewhere,
    "workflows.claim": is_for_me & not_recused,
    "workflows.hand_over": (is_for_me | is_manager) & not_recused,
    "workflows.send_message": (is_case_officer | is_manager | edits_for_organisation) & not_recused & is_open,
}

register(RIGHTS)
