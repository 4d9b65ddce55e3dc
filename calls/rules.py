"""Rights of ``calls``: who may do each verb and read each page. What is not in the table is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rules.predicates import always_deny, predicate

from accounts.actors import Actor
from accounts.models import PostRole, User
from accounts.rules import (
    anybody,
    edits_for_organisation,
    holds_somewhere,
    is_auditor,
    is_case_officer,
    is_manager,
    is_pilot,
    is_staff,
    not_recused,
    register,
    signs_for_organisation,
)
from calls.models import Dossier, DossierState
from workflows.rules import keep_private, sees_case


@predicate
def belongs_to_an_organisation(actor: Actor, row: Any) -> bool:
    """The actor acts for some organisation."""
    return bool(actor.memberships)


@predicate
def prepared_by_another(actor: Actor, row: Any) -> bool:
    """Somebody else prepared the pact or the call (separation of duties, domain §3.9)."""
    return row.prepared_by_id != actor.user.pk


@predicate
def is_draft(actor: Actor, row: Any) -> bool:
    """The dossier was never submitted."""
    return row.state == DossierState.DRAFT


@predicate
def was_submitted(actor: Actor, row: Any) -> bool:
    """The Region has received the dossier: before that it is the applicant's own."""
    return row.submitted_at is not None


@keep_private
def drafts() -> QuerySet[Any]:
    """The cases of dossiers never submitted: their organisation's own, wherever cases are shown or searched."""
    return Dossier.objects.filter(submitted_at__isnull=True).values("case")


_judgments: list[Callable[[Dossier], QuerySet[Any]]] = []


def judged_by(people: Callable[[Dossier], QuerySet[Any]]) -> Callable[[Dossier], QuerySet[Any]]:
    """Register who judges a dossier, as a query of their ids. This floor knows no opinion: the floors above say it."""
    _judgments.append(people)
    return people


def has_a_say(person: User, dossier: Dossier) -> bool:
    """Whether the person judges the dossier: who examines it must be somebody else (domain §3.9)."""
    return any(find(dossier).filter(person=person.pk).exists() for find in _judgments)


prepares_calls = is_case_officer | is_manager
steers = is_pilot | is_manager
system_only = always_deny

RIGHTS = {
    # verbs
    "calls.create_pact": steers,
    "calls.adopt_pact": is_manager & prepared_by_another,
    "calls.create_call": prepares_calls,
    "calls.update_call": prepares_calls,
    "calls.submit_for_validation": prepares_calls,
    "calls.send_back_call": is_manager & prepared_by_another,
    "calls.publish_call": is_manager & prepared_by_another,
    "calls.extend_call": is_manager,
    "calls.cancel_call": is_manager,
    "calls.close_call": system_only,
    "calls.create_dossier": belongs_to_an_organisation,
    "calls.save_section": edits_for_organisation,
    "calls.attach_piece": edits_for_organisation,
    "calls.remove_piece": edits_for_organisation,
    "calls.submit": signs_for_organisation,
    "calls.withdraw": signs_for_organisation | (edits_for_organisation & is_draft),
    "calls.lapse": system_only,
    "calls.reschedule": system_only,
    "calls.note_implicit_rejection": system_only,
    "calls.take_charge": (is_case_officer | is_manager) & not_recused,
    # pages
    "calls.view_pacts": is_staff | is_auditor,
    "calls.view_calls": is_staff | is_auditor,
    "calls.view_dossiers": anybody,
    "calls.take_several": holds_somewhere(PostRole.CASE_OFFICER, PostRole.MANAGER),
    "calls.view_own_dossiers": anybody,
    "calls.view_draft": edits_for_organisation,
    "calls.view_application": sees_case & (edits_for_organisation | was_submitted),
    "calls.view_receipt": sees_case & was_submitted,
}

register(RIGHTS)
