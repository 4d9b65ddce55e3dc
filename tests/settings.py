"""The product's settings in the test environment; what a developer's shell sets does not reach the tests."""

import atexit
import os
import shutil
import tempfile

for _name in (
    "ANTIVIRUS_URL",
    "BASE_URL",
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "DATABASE_OPTIONS",
    "DATABASE_PREPARE_AFTER",
    "DATABASE_URL",
    "DEBUG",
    "EMAIL_URL",
    "METRICS_TOKEN",
    "OIDC_SERVER_URL",
    "PROMETHEUS_MULTIPROC_DIR",
    "SEALS_URL",
    "SECRET_KEY",
    "STORAGE_URL",
    "TIMESTAMP_URL",
):
    os.environ.pop(_name, None)
os.environ["ENVIRONMENT"] = "test"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="quadrige-test-")
atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

from config.settings import *  # noqa: E402, F403
from config.settings import INSTALLED_APPS, MIDDLEWARE, TEMPLATES  # noqa: E402
from tests.harness import UndefinedVariable  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["tests.harness.StrictPages", "zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
ZEAL_ALLOWLIST = [
    {"model": "*", "field": "get()"}
]  # each verb reads its rows again: several verbs in a request do so
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")
CELERY_BROKER_URL = "memory://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True  # look a file up when asked for, instead of listing all for every test client
# Tests read the words of the source, in French formats; the catalogue has its own check.
LOCALE_PATHS: list[str] = []
