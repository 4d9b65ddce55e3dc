"""Notices to a person: the list behind the bell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from workflows import queries
from workflows.actions import read_notices
from workflows.components import Empty, Header
from workflows.listing import Bulk, Column, Filter, ListPage, selected
from workflows.middleware import CaseRequest
from workflows.models import Notification


class NoticeList(ListPage):
    """A person's own notices, latest first."""

    name = "notices"
    caption = gettext_lazy("Notices")
    columns = [
        Column(
            gettext_lazy("Notice"), "subject", template="workflows/notifications/notice.html", heading=True
        ),
        Column(gettext_lazy("When"), "created_at", kind="instant", sort="created_at"),
    ]
    tabs = [
        Filter("unread", gettext_lazy("Unread"), Q(read_at__isnull=True)),
        Filter("all", pgettext_lazy("notices", "All"), Q()),
    ]
    search = ["subject", "body"]
    order = ["-created_at"]
    exports = False
    empty = Empty(
        gettext_lazy("No notice"),
        gettext_lazy("You are told here, and by mail, when a dossier needs you or has moved."),
        icon="bell",
    )

    @cached_property
    def bulk(self) -> list[Bulk]:  # type: ignore[override]
        """Mark as read what is selected."""
        return [Bulk(_("Mark the selection as read"), reverse("workflows:mark_read"))]


@require_GET
def notifications(request: CaseRequest) -> HttpResponseBase:
    """The reader's notices."""
    rows = queries.notifications_of(request.actor)
    return NoticeList(request, rows).render(
        "workflows/notifications/list.html", {"header": Header(_("My notices"))}
    )


@require_POST
def mark_read(request: CaseRequest) -> HttpResponse:
    """Mark the selected notices as read, or all of them."""
    rows: Any = queries.unread_notifications(request.actor)
    if "all" not in request.POST:
        rows = selected(request, rows)
    count = read_notices(rows, now=request.now)
    messages.success(request, _("Notices marked as read: %(count)s.") % {"count": count})
    return redirect("workflows:notifications")


@require_POST
def open_notice(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Mark one notice as read and go where it leads."""
    notice = queries.notifications_of(request.actor).filter(pk=pk).first()
    if notice is None:
        raise Http404
    read_notices(Notification.objects.filter(pk=notice.pk, read_at__isnull=True), now=request.now)
    inside = notice.link.startswith("/") and url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
    return redirect(notice.link if inside else reverse("workflows:notifications"))
