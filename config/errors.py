"""Error pages: in the reader's language, saying what happened and what to do, with a way on.

403, 404, 409, 422 and 429 keep the frame of the house. 400, 500 and 503 read neither database nor session.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.actors import Actor
from workflows.engine import Conflict, NotAllowed, Refused, verb
from workflows.models import Case, Entry

log = logging.getLogger(__name__)

#: PostgreSQL says no for want of something that comes back: space, connections, a server that is starting.
OUT_OF_SERVICE = ("53", "57P", "08")
#: What a form carries that nobody typed.
GUARDS = frozenset({"csrfmiddlewaretoken", "key", "seen", "version", "next"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read (too large, malformed, wrong host)."""
    return _plain(HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known to be there, but not for this person."""
    return _framed(request, HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not to be known of; the two read the same (guarantee P27)."""
    return _framed(request, HTTPStatus.NOT_FOUND)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many attempts in a short time."""
    return _framed(request, HTTPStatus.TOO_MANY_REQUESTS)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when what failed comes back by itself."""
    error = sys.exc_info()[1]
    return _plain(
        HTTPStatus.SERVICE_UNAVAILABLE if is_out_of_service(error) else HTTPStatus.INTERNAL_SERVER_ERROR
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old, or came from elsewhere: 403 that gives back what was typed, to copy it."""
    typed = [
        (n, v)
        for n in request.POST
        if n not in GUARDS and "password" not in n
        for v in request.POST.getlist(n)
        if v
    ]
    return _framed(request, HTTPStatus.FORBIDDEN, {"typed": typed, "expired_form": True})


def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """409: somebody acted before; says who, what and when to whoever may know it (guarantee P10)."""
    entry = error.entry
    told = entry is not None and _may_be_told(getattr(request, "actor", None), entry)
    context = {
        "entry": entry,
        "told": told,
        "done": verb(entry.verb).done if entry is not None and told else "",
    }
    return _framed(request, HTTPStatus.CONFLICT, context)


class VerbErrors:
    """Middleware: what a verb raises and no view has caught becomes the page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; only exceptions matter here."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a verb that did not take place, and for a service that is out for a while."""
        if isinstance(exception, NotAllowed):
            return page_not_found(request)
        if isinstance(exception, Conflict):
            return conflict(request, exception)
        if isinstance(exception, Refused):
            context = {"reasons": [reason.message for reason in exception.reasons]}
            return _framed(request, HTTPStatus.UNPROCESSABLE_ENTITY, context)
        if is_out_of_service(exception):
            log.error("Out of service for a while: %s", str(exception).strip())
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE)
        return None


def is_out_of_service(error: BaseException | None) -> bool:
    """Whether a fault is one of means (disk full, database away), which comes back by itself."""
    if isinstance(error, InterfaceError):
        return True
    if isinstance(error, OperationalError):
        state = getattr(error.__cause__, "sqlstate", None)
        return state is None or state.startswith(OUT_OF_SERVICE)
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _may_be_told(reader: Actor | None, entry: Entry) -> bool:
    # Who judges, and what is done inside the Region, is not for applicants to read (P31).
    if reader is None:
        return False
    region = Case.objects.values_list("region_id", flat=True).get(pk=entry.case_id)
    return entry.actor_id == reader.user.pk or reader.is_staff_of(region) or reader.audits(region)


def _framed(request: HttpRequest, status: HTTPStatus, context: dict[str, Any] | None = None) -> HttpResponse:
    return render(request, f"errors/{status.value}.html", context, status=status)


def _plain(status: HTTPStatus) -> HttpResponse:
    return HttpResponse(render_to_string(f"errors/{status.value}.html"), status=status)
