"""The main navigation: one table, in the order in which it is shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from accounts.models import PostRole
from workflows.context_processors import NavEntry


def everybody(actor: Actor | None) -> bool:
    """Signed in or not."""
    return True


def signed_in(actor: Actor | None) -> bool:
    """Anybody whom we know."""
    return actor is not None


def applicant(actor: Actor | None) -> bool:
    """Whoever acts for an organisation, or has no capacity yet."""
    return actor is not None and bool(actor.memberships or not (actor.posts or actor.seats))


def staff(actor: Actor | None) -> bool:
    """The Region's own people."""
    return actor is not None and bool(actor.staff_regions)


def auditor(actor: Actor | None) -> bool:
    """Whoever audits a Region."""
    return actor is not None and bool(actor.audited_regions)


def reviewer(actor: Actor | None) -> bool:
    """Seat holders and experts, who read dossiers to judge them."""
    return actor is not None and bool(actor.seats or any(p.role == PostRole.EXPERT for p in actor.posts))


def reader(actor: Actor | None) -> bool:
    """Whoever reads other people's dossiers."""
    return staff(actor) or auditor(actor) or reviewer(actor)


def steering(actor: Actor | None) -> bool:
    """Whoever follows a whole call: staff, auditors and seat holders."""
    return staff(actor) or auditor(actor) or (actor is not None and bool(actor.seats))


def sends_letters(actor: Actor | None) -> bool:
    """Whoever releases the Region's letters."""
    return actor is not None and any(p.role in (PostRole.MANAGER, PostRole.SIGNATORY) for p in actor.posts)


TASKS = {"workflows:task", "workflows:hand_over"}
#: A dossier until its decision, for its applicant and for who reads it.
DOSSIER = {
    "case:dossier",
    "calls:application",
    "calls:receipt",
    "calls:withdraw",
    "reviews:production",
    "reviews:open_letter",
}
DRAFT = {"calls:start", "calls:draft", "calls:pieces", "calls:submit"}
EXAMINATION = {
    "calls:take_charge",
    "calls:take_one",
    "reviews:completeness",
    "reviews:admissibility",
    "reviews:eligibility",
    "reviews:assignments",
    "reviews:interests",
    "reviews:assess",
    "reviews:review",
    "reviews:conclude",
    "reviews:seat_interests",
    "reviews:opinion",
    "reviews:promote",
}
CALLS = {
    "case:call",
    "case:pact",
    "calls:create_call",
    "calls:pacts",
    "calls:create_pact",
    "calls:pact",
    "calls:adopt_pact",
    "reviews:body_interests",
    "reviews:body_opinion",
    "reviews:selection",
    "reviews:applying",
    "reviews:ranking",
    "reviews:adjust",
    "reviews:vote",
}
#: A project from its contract to its closure.
PROJECT = {
    "contracts:prepare",
    "contracts:lift",
    "contracts:contract",
    "contracts:sign",
    "contracts:signed",
    "contracts:payments",
    "contracts:closure",
    "contracts:worklist",
    "contracts:instalment",
    "contracts:reports",
    "contracts:report",
    "contracts:evidence",
    "contracts:recovery",
}

ENTRIES = (
    NavEntry(_("My inbox"), "workflows:inbox", "inbox", signed_in, TASKS),
    NavEntry(_("My dossiers"), "calls:my_dossiers", "folder", applicant, DOSSIER | DRAFT),
    NavEntry(_("My projects"), "contracts:mine", "flag", applicant, PROJECT),
    NavEntry(_("Dossiers"), "calls:dossiers", "list", reader, DOSSIER | EXAMINATION),
    NavEntry(_("Calls"), "calls:calls", "flag", staff, CALLS),
    NavEntry(_("Letters"), "reviews:letters", "mail", sends_letters),
    NavEntry(_("Contracts"), "contracts:contracts", "pen", staff, PROJECT),
    NavEntry(
        pgettext_lazy("navigation", "Steering"),
        "contracts:pilot",
        "chart",
        steering,
        {"contracts:call_pilot", "contracts:pilot_dossiers"},
    ),
    NavEntry(_("Audit"), "workflows:audit", "shield", auditor, {"workflows:verification"}),
    NavEntry(_("Open calls"), "calls:open_calls", "calendar", everybody),
)
