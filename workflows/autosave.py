"""Answers to the autosave of a draft (``static/js/autosave.js``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows.templatetags.ui import clock_time, saved_words


def saved(version: int, at: datetime, *, unread: Sequence[str] = (), **more: Any) -> JsonResponse:
    """The draft is saved as ``version`` at ``at``; ``more`` goes to the page's ``draft:saved`` event.

    ``unread`` names the fields that could not be read and kept what they had; the device keeps what was typed in them.
    """
    message = saved_words(at)
    if unread:
        message += " · " + _("to be corrected: %(fields)s") % {"fields": ", ".join(unread)}
    return JsonResponse({"version": version, "message": message, "partial": bool(unread), **more})


def refused(reasons: Sequence[str]) -> JsonResponse:
    """Nothing was saved, for these reasons; the page tries again with the next change."""
    return JsonResponse({"message": " ".join(reasons)}, status=422)


def conflict(who: str, at: datetime, url: str) -> JsonResponse:
    """Somebody, or another tab, saved first; ``url`` shows what is saved. Nothing was overwritten (P08)."""
    message = _(
        "Not saved: %(who)s changed this section at %(time)s, elsewhere. What you typed is kept here."
    )
    words = message % {"who": who, "time": clock_time(timezone.localtime(at))}
    return JsonResponse({"message": words, "url": url}, status=409)
