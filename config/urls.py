"""Every address of the product starts here."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from config import health
from config.mailbox import mailbox

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", health.metrics, name="metrics"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("accounts/", include("config.sign_in_urls")),
    path("", include("accounts.urls")),
    path("", include("workflows.urls")),
    path("", include("calls.urls")),
    path("", include("reviews.urls")),
    path("", include("contracts.urls")),
]

if settings.DEMO_MAILBOX:
    urlpatterns.append(path("demo/mail/", mailbox, name="demo_mailbox"))

if settings.DEBUG or settings.TESTING:
    urlpatterns.append(path("style/", include("config.style")))  # every component, for those who build pages

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler429 = "config.errors.too_many_requests"
handler500 = "config.errors.server_error"
