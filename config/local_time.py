"""The time of the reader's Region: overseas Regions do not live by the clock of Paris."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from workflows.context_processors import region_of


class LocalTime:
    """Show instants, and read those that are typed, in the zone of the Region whose page it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request` with that zone in force; signed-out pages say their zone themselves."""
        region = region_of(request) if getattr(request, "actor", None) is not None else None
        with timezone.override(region.time_zone if region else None):
            return self.get_response(request)
