"""Answers to the autosave of a draft (``static/js/autosave.js``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows.templatetags.ui import clock_time, saved_words


def saved(version: int, at: datetime, **more: Any) -> JsonResponse:
    """The draft is saved as ``version`` at ``at``; ``more`` goes to the page's ``draft:saved`` event."""
    return JsonResponse({"version": version, "message": saved_words(at), **more})


def conflict(who: str, at: datetime, url: str) -> JsonResponse:
    """Somebody, or another tab, saved first; ``url`` shows what is saved. Nothing was overwritten (P08)."""
    message = _(
        "Not saved: %(who)s changed this section at %(time)s, elsewhere. What you typed is kept here."
    )
    words = message % {"who": who, "time": clock_time(timezone.localtime(at))}
    return JsonResponse({"message": words, "url": url}, status=409)
