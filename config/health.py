"""What machines ask of us: are you alive, can you work, how are you doing?"""

import hmac
import ipaddress
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess

from config.celery import app as celery_app

log = structlog.get_logger(__name__)


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as this process can answer at all."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, document store and broker all work, else 503 naming those that do not."""
    parts = {name: _works(name, check) for name, check in CHECKS.items()}
    return JsonResponse(
        {name: "ok" if works else "failing" for name, works in parts.items()},
        status=200 if all(parts.values()) else 503,
    )


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the Prometheus metrics to a caller with the token, or without one on this machine only."""
    if not _may_read_metrics(request):
        raise Http404
    registry = REGISTRY
    if settings.METRICS_DIR:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, path=settings.METRICS_DIR)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # Behind a proxy everybody comes from this machine: then only the token will do.
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _works(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # whatever breaks, the answer is the same: not ready
        log.warning("not_ready", part=name, error=type(error).__name__)
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")


def _documents() -> None:
    store = storages["documents"]
    name = store.save(f"health/{uuid.uuid4()}", ContentFile(b"ok"))
    store.delete(name)


def _broker() -> None:
    with celery_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "documents": _documents, "broker": _broker}
