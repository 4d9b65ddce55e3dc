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


ENTRIES = (
    NavEntry(_("My inbox"), "workflows:inbox", "inbox", signed_in),
    NavEntry(_("My dossiers"), "calls:my_dossiers", "folder", applicant),
    NavEntry(_("My projects"), "contracts:mine", "flag", applicant),
    NavEntry(_("Dossiers"), "calls:dossiers", "list", reader),
    NavEntry(_("Calls"), "calls:calls", "flag", staff),
    NavEntry(_("Sessions"), "reviews:sessions", "users", steering),
    NavEntry(_("Letters"), "reviews:letters", "mail", sends_letters),
    NavEntry(_("Contracts"), "contracts:contracts", "pen", staff),
    NavEntry(pgettext_lazy("navigation", "Steering"), "contracts:pilot", "chart", steering),
    NavEntry(_("Audit"), "workflows:audit", "shield", auditor),
    NavEntry(_("Open calls"), "calls:open_calls", "calendar", everybody),
)
