"""The journal in words: each entry as an event that a person can read, with what was recorded folded under it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import BodyKind, College, PostRole
from workflows.components import Event
from workflows.engine import verbs
from workflows.engine.flow import step_of
from workflows.formats import format_size
from workflows.models import Case, Entry, Notification, WorkItem
from workflows.templatetags.ui import instant
from workflows.terms import CODED, LISTED, VERBATIM, place, term, value_word

SYSTEM = gettext_lazy("Quadrige, by itself")


def act_word(name: str) -> str:
    """What a verb is called once done; its bare name when the code no longer has it."""
    found = verbs().get(name)
    return str(found.done) if found else name


def state_word(object_type: str, state: str) -> str:
    """A state as the Region's staff read it; the stored word when the model no longer has it."""
    try:
        choices = apps.get_model(object_type)._meta.get_field("state").flatchoices
    except Exception:  # the model or its field is gone: the journal outlives the code
        return state
    return str(dict(choices).get(state, state))


_told: dict[str, Mapping[str, Any]] = {}


def tell_states(object_type: str, labels: Mapping[str, Any]) -> None:
    """Register the states of a model as people outside the Region read them. A model without any tells them no state."""
    _told[object_type] = labels


def told_word(object_type: str, state: str) -> str:
    """A state in the words of who is outside the Region; nothing when they are not to know of it."""
    return str(_told.get(object_type, {}).get(state, ""))


def object_word(object_type: str) -> str:
    """What kind of thing an entry is about."""
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except LookupError:
        return object_type


def capacity_words(capacity: Mapping[str, Any]) -> str:
    """In what capacity somebody acted: posts, seats, organisation."""
    if capacity.get("system"):
        return _("automatic")
    posts = dict(PostRole.choices)
    words = [str(posts.get(role, role)) for role in capacity.get("posts", ())]
    for seat in capacity.get("seats", ()):
        kind, _sep, college = seat.partition(":")
        words.append(
            f"{dict(BodyKind.choices).get(kind, kind)} ({dict(College.choices).get(college, college)})"
        )
    if capacity.get("organisation"):
        words.append(_("for the organisation %(siret)s") % {"siret": capacity["organisation"]})
    return ", ".join(words)


def readable(value: Any, key: str = "", inside: str = "") -> Any:
    """What was recorded at ``key``, as nested lists of terms and values in words; everything in it is escaped."""
    match value:
        case None | "":
            return "—"
        case _ if key in VERBATIM:
            return _("Kept whole, as recorded.")
        case bool():
            return _("yes") if value else _("no")
        case dict():
            if not value:
                return "—"
            where = place(key, inside)
            rows = ((term(k, where), readable(item, k, where)) for k, item in value.items())
            return format_html(
                '<dl class="snapshot">{}</dl>',
                format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows),
            )
        case list():
            if not value:
                return "—"
            lines = ((readable(item, key, LISTED),) for item in value)
            return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines))
    # in a map of codes, it is the map's name that says what its values are
    return value_word(inside if inside in CODED else key, str(value))


def event(entry: Entry, *, proof: bool = True) -> Event:
    """An entry as an event; ``proof`` adds the capacity, what was decided on, the files and the fingerprint.

    Without it the reader is outside the Region: they read where the act led, in their own words. Where it came from is left
    out, since the Region may have gone further than they know.
    """
    change = ""
    if entry.from_state and entry.from_state != entry.to_state:
        if proof:
            before = state_word(entry.object_type, entry.from_state)
            change = f" · {before} → {state_word(entry.object_type, entry.to_state)}"
        elif word := told_word(entry.object_type, entry.to_state):
            change = f" · {word}"
    who = entry.actor_name if entry.actor_id else str(SYSTEM)
    return Event(
        title=f"{act_word(entry.verb)}{change}",
        at=entry.at,
        who=who,
        reasons=entry.reasons,
        tone="neutral" if entry.actor_id else "info",
        icon="circle-dot" if entry.actor_id else "clock",
        number=entry.seq if proof else None,  # its gaps would tell how much the Region does in between
        details=_details(entry) if proof else (),
    )


def events(entries: Iterable[Entry], *, proof: bool = True) -> list[Event]:
    """Entries as events, in the order given."""
    return [event(entry, proof=proof) for entry in entries]


def notice_event(notice: Notification) -> Event:
    """What a person was told, as an event of their own history."""
    subject = notice.subject
    if notice.case is not None:
        subject = subject.removeprefix(f"[{notice.case.reference}] ")
    return Event(title=subject, at=notice.created_at, reasons=notice.body, tone="info", icon="mail")


def _details(entry: Entry) -> list[tuple[Any, Any]]:
    details: list[tuple[Any, Any]] = [
        (_("Act"), entry.verb),
        (
            _("On"),
            format_html('{} <span class="mono">{}</span>', object_word(entry.object_type), entry.object_id),
        ),
        (_("In what capacity"), capacity_words(entry.capacity) or "—"),
    ]
    if entry.snapshot:
        details.append((_("What was decided on"), readable(entry.snapshot)))
        recorded = json.dumps(entry.snapshot, ensure_ascii=False, indent=2, sort_keys=True)
        details.append(
            (
                _("Technical record"),
                format_html(
                    '<details><summary>{}</summary><pre class="recorded">{}</pre></details>',
                    _("As recorded"),
                    recorded,
                ),
            )
        )
    if entry.files:
        lines = ((file["name"], format_size(file["size"]), file["sha256"]) for file in entry.files)
        details.append(
            (
                _("Files"),
                format_html(
                    "<ul>{}</ul>",
                    format_html_join("", '<li>{} · {}<br><span class="mono wrap">{}</span></li>', lines),
                ),
            )
        )
    details += [
        (_("Written at"), instant(entry.recorded_at)),
        (_("Fingerprint before"), format_html('<span class="mono wrap">{}</span>', entry.previous_hash)),
        (_("Fingerprint"), format_html('<span class="mono wrap">{}</span>', entry.hash)),
    ]
    return details


def case_url(case: Case | None) -> str:
    """The page of a case."""
    return reverse("workflows:case", args=[case.pk]) if case else ""


def task_title(item: WorkItem) -> str:
    """What a work item asks; its technical name when the code no longer has the step (P23)."""
    step = step_of(item)
    return str(step.task_title) if step else item.step


def task_url(item: WorkItem) -> str:
    """Where a work item is done, by way of the check that it is still to do."""
    return reverse("workflows:task", args=[item.pk])
