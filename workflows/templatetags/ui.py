"""The components of the interface as template tags: ``{% load ui %}``. See docs/interface.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

from workflows.charts import Chart
from workflows.components import (
    TONE_ICONS,
    Empty,
    Event,
    Figure,
    Header,
    NextStep,
    Progress,
    Recap,
    StateWord,
    Step,
    Tab,
)
from workflows.formats import MONTHS, NBSP, Language, format_date, format_instant, format_money, format_size
from workflows.models import DocumentVersion, ScanState

register = template.Library()

STEP_MARKS = {
    "done": ("success", "check"),
    "current": ("info", "arrow-right"),
    "todo": ("neutral", "circle"),
    "problem": ("danger", "alert"),
    "skipped": ("neutral", "minus"),
}


def _lang() -> Language:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


# Words, numbers and dates


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of ``static/img/icons.svg``; decorative unless it bears a label."""
    source = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, source
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', source
    )


@register.simple_tag
def state_badge(state: StateWord) -> SafeString:
    """A state as a word and an icon."""
    return format_html(
        '<span class="state tone-{}">{}{}</span>',
        state.tone,
        icon(state.icon or TONE_ICONS[state.tone]),
        state.label,
    )


@register.simple_tag
def badge(label: Any, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """A state written in the template itself."""
    return state_badge(StateWord(label, tone, icon_name))  # type: ignore[arg-type]


@register.filter
def money(amount: Decimal | None) -> str:
    """``1 234,50 €`` in the reader's language; a dash when there is no amount."""
    return "—" if amount is None else format_money(amount, _lang())


@register.filter
def day(value: date | None) -> str:
    """``samedi 28 novembre 2026``; a dash when there is no date."""
    return "—" if value is None else format_date(_local(value), _lang())


@register.filter
def short_day(value: date | None) -> str:
    """``28/11/2026`` (``28 Nov 2026`` in English), for the columns of a table."""
    if value is None:
        return "—"
    local = _local(value)
    if _lang() == "fr":
        return f"{local:%d/%m/%Y}"
    return f"{local.day} {MONTHS['en'][local.month - 1][:3]} {local.year}"


def _local(value: date) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


@register.simple_tag
def instant(value: datetime | None, zone: str = "") -> SafeString:
    """An instant with its zone, and the reader's own when the browser's differs (added by clock.js).

    ``zone`` is the Region's zone by default; the text then says e.g. « (heure de Paris) ».
    """
    if value is None:
        return format_html("—")
    tz = ZoneInfo(zone or timezone.get_current_timezone_name())
    return format_html(
        '<time class="instant" datetime="{}" data-zone="{}">{}</time>',
        value.isoformat(),
        str(tz),
        format_instant(value, tz, _lang()),
    )


def days_left(due: datetime | date, today: date) -> tuple[str, str]:
    """How far off a due date is, in words, and the tone it deserves."""
    days = (_local(due) - today).days
    if days < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}, "danger"
    if days == 0:
        return gettext("today"), "warning"
    if days == 1:
        return gettext("tomorrow"), "warning"
    return ngettext("in %(n)d day", "in %(n)d days", days) % {
        "n": days
    }, "warning" if days <= 3 else "neutral"


@register.simple_tag(takes_context=True)
def due(context: template.Context, value: datetime | date | None) -> SafeString:
    """A due date and how far off it is: « 3 mars 2026 · dans 3 jours », « en retard de 2 jours ».

    Days are counted from ``today`` in the context when the page sets it, else from the Region's current day.
    """
    if value is None:
        return format_html('<span class="muted">{}</span>', gettext("no due date"))
    today = context.get("today") or timezone.localdate()
    words, tone = days_left(value, today)
    if isinstance(value, datetime) and value < timezone.now() and tone != "danger":
        words, tone = gettext("late"), "danger"
    return format_html(
        '<span class="due tone-{}"><time datetime="{}">{}</time> <span class="due-left">{}</span></span>',
        tone,
        value.isoformat(),
        short_day(value),
        words,
    )


@register.simple_tag(takes_context=True)
def countdown(context: template.Context, value: datetime) -> SafeString:
    """Time left until an instant, kept up to date by clock.js from the server's clock."""
    now = timezone.now()
    words, tone = days_left(value, context.get("today") or timezone.localdate(now))
    if value <= now:
        words, tone = pgettext("a window", "closed"), "danger"
    return format_html(
        '<span class="tone-{} due-left" data-countdown="{}" data-now="{}" data-closed="{}">{}</span>',
        tone,
        value.isoformat(),
        now.isoformat(),
        pgettext("a window", "closed"),
        words,
    )


# Blocks of a page


@register.inclusion_tag("components/page_header.html")
def page_header(header: Header) -> dict[str, Any]:
    """The head of a page with its only ``h1``; call it in ``{% block heading %}``."""
    return {"header": header}


@register.inclusion_tag("components/empty_state.html")
def empty_state(empty: Empty) -> dict[str, Any]:
    """Why there is nothing here, and what to do."""
    return {"empty": empty}


@register.inclusion_tag("components/next_step.html", takes_context=True)
def next_step(context: template.Context, step: NextStep) -> dict[str, Any]:
    """What comes next, who must do it and by when."""
    return {"step": step, "today": context.get("today")}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Tab], label: str = "") -> dict[str, Any]:
    """Tabs that are links; ``label`` names the landmark."""
    return {"items": items, "label": label or gettext("Parts of this page")}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[Step], label: str = "", across: bool = False) -> dict[str, Any]:
    """The sections of a form, or the stages of a process (``across=True`` on wide screens)."""
    words = {
        "done": pgettext("a step", "done"),
        "current": pgettext("a step", "in progress"),
        "todo": pgettext("a step", "to do"),
        "problem": pgettext("a step", "to be mended"),
        "skipped": pgettext("a step", "not needed"),
    }
    marked = [(step, *STEP_MARKS[step.state], words[step.state]) for step in steps]
    return {"steps": marked, "label": label or gettext("Steps"), "across": across}


@register.inclusion_tag("components/definition_list.html")
def definition_list(
    items: Iterable[tuple[Any, Any]] | Mapping[Any, Any], narrow: bool = False
) -> dict[str, Any]:
    """Terms and their values; ``narrow`` puts the value under its term."""
    return {"items": items.items() if isinstance(items, Mapping) else items, "narrow": narrow}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Sequence[Event]) -> dict[str, Any]:
    """What happened, latest first or in order, as given."""
    return {"events": [(event, event.icon or TONE_ICONS[event.tone]) for event in events]}


FILE_TYPES = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/zip": "ZIP",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "text/csv": "CSV",
}


@register.inclusion_tag("components/file_link.html")
def file_link(version: DocumentVersion, url: str = "", label: str = "") -> dict[str, Any]:
    """A stored file: name, type, size, beginning of its SHA-256. No link before it is checked."""
    return {
        "version": version,
        "url": url if version.scan == ScanState.CLEAN else "",
        "label": label or version.name,
        "type": FILE_TYPES.get(version.content_type, version.content_type),
        "size": format_size(version.size, _lang()),
        "clean": version.scan == ScanState.CLEAN,
        "infected": version.scan == ScanState.INFECTED,
    }


@register.inclusion_tag("components/progress.html")
def progress(item: Progress) -> dict[str, Any]:
    """Long work; asks its ``url`` again every two seconds until finished (a link without JavaScript)."""
    return {"item": item}


@register.inclusion_tag("components/recap.html")
def recap(item: Recap) -> dict[str, Any]:
    """What a decision will record, its consequences and who else must act."""
    return {"item": item}


@register.inclusion_tag("components/figure_card.html")
def figure_card(figure: Figure) -> dict[str, Any]:
    """One number, a link to the list behind it. Put several in ``<dl class="figures">``."""
    return {"figure": figure}


@register.inclusion_tag("components/chart.html")
def chart(item: Chart) -> dict[str, Any]:
    """A drawing with its title and description, and its data table below."""
    return {"chart": item}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All the errors of a form on top of it, each a link to its field."""
    lines = [
        (field.id_for_label or field.auto_id, field.label, error) for field in form for error in field.errors
    ]
    return {
        "lines": lines,
        "general": form.non_field_errors(),
        "count": len(lines) + len(form.non_field_errors()),
    }


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: Any) -> str:
    """The current address with some parameters changed (``None`` removes one): ``{% address page=2 %}``."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None and value != "":
            query[name] = value
    return f"?{query.urlencode()}"


MESSAGE_TONES = {
    "debug": "neutral",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "error": "danger",
}


@register.filter
def message_tone(level: str) -> str:
    """The tone of one of Django's messages."""
    return MESSAGE_TONES.get(level, "info")


@register.filter
def message_icon(level: str) -> str:
    """The icon of one of Django's messages."""
    return TONE_ICONS[message_tone(level)]


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, head: Any) -> dict[str, Any]:
    """The head of a column of ``ListPage``: a link that sorts, and the order in force."""
    marks = {"ascending": "sort-up", "descending": "sort-down", "": "sort"}
    return {"request": context["request"], "head": head, "mark": marks[head.direction]}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, listing: Any) -> dict[str, Any]:
    """Pages, page size and export of a ``ListPage``."""
    return {
        "request": context["request"],
        "list": listing,
        "previous": listing.page - 1,
        "next": listing.page + 1,
    }


def clock_time(local: datetime) -> str:
    """The time of day: « 14 h 02 » in French, 14:02 in English."""
    return f"{local.hour}{NBSP}h{NBSP}{local:%M}" if _lang() == "fr" else f"{local:%H:%M}"


@register.simple_tag
def saved_words(at: datetime) -> str:
    """« Enregistré à 14 h 02 », in the Region's time."""
    return gettext("Saved at %(time)s") % {"time": clock_time(timezone.localtime(at))}
