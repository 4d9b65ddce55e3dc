"""What Prometheus is told about requests; each app counts its own work beside its tasks."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

REQUESTS = Histogram(
    "quadrige_request_seconds",
    "Time to answer, by named route (never by address: addresses hold ids).",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMetrics:
    """Middleware: time every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request` and record how long it took."""
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        REQUESTS.labels(
            method=request.method if request.method in METHODS else "other",
            route=(match.view_name or match.route) if match else "none",
            status=response.status_code,
        ).observe(time.perf_counter() - start)
        return response
