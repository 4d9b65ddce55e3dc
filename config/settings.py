"""Settings: one file, everything that differs between machines comes from the environment.

`ENVIRONMENT` is `production` as soon as `DATABASE_URL` is set by hand, `demo` on the embedded database, and
`test` under pytest. Production refuses to start without what it needs; docs/deploy.md lists every variable.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import logs
from config.storages import storage_from_url

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
ENVIRONMENT = env.str("ENVIRONMENT", default="production" if "DATABASE_URL" in env.ENVIRON else "demo")
if ENVIRONMENT not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"ENVIRONMENT is production, demo or test, not {ENVIRONMENT!r}")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"


def required(name: str, otherwise: str) -> str:
    """Return the variable `name`; in production it must be set, elsewhere `otherwise` will do."""
    value = env.str(name, default="" if PRODUCTION else otherwise)
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"production needs {name}: see docs/deploy.md")
    return value


def secret_key() -> str:
    """Return SECRET_KEY; outside production one is made once and kept under var/."""
    given = env.str("SECRET_KEY", default="")
    if given:
        return given
    if PRODUCTION:
        raise ImproperlyConfigured("production needs SECRET_KEY: see docs/deploy.md")
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


# --- Who and where -------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = required("BASE_URL", f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
if PRODUCTION and not HTTPS:
    raise ImproperlyConfigured("production needs a BASE_URL that starts with https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname])
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "testserver"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
REGION = env.str("REGION", default="region-alpha")
"""Short name of the Region that this installation serves; its name and rules are in the database."""

# --- The house -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    # ours, top floor first, so that our templates win over those of the parts
    "config.apps.HouseConfig",
    "scenario",
    "contracts",
    "reviews",
    "calls",
    "workflows",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "viewflow",
    "viewflow.workflow",
    "crispy_forms",
    "crispy_bootstrap5",
    "bootstrap",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rules.apps.AutodiscoverRulesConfig",
    "csp",
]

MIDDLEWARE = [
    "config.metrics.RequestMetrics",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.SecurityHeaders",
    "workflows.middleware.engine_middleware",
    "config.local_time.LocalTime",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # everything is closed unless it says otherwise
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.errors.VerbErrors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
VIEWFLOW = {"AUTOREGISTER": False}  # it would add middleware and menus of its own

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflows.context_processors.shell",
            ],
        },
    }
]
NAVIGATION = "config.navigation.ENTRIES"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Data ----------------------------------------------------------------------------------------

# A dummy address lets commands that read no data (type checking, collectstatic) run without a server.
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.db_url_config(required("DATABASE_URL", "postgresql://quadrige@127.0.0.1:1/quadrige")),
        "ATOMIC_REQUESTS": False,  # a verb opens its own durable transaction
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    # Said on every connection: some hosted databases preset `off`, which loses acknowledged submissions; and a list that
    # one person opens takes one core, for parallel workers make it hardly quicker and everybody else wait.
    "options": env.str(
        "DATABASE_OPTIONS", default="-c synchronous_commit=on -c max_parallel_workers_per_gather=0"
    ),
    "application_name": "quadrige",
    # A verb asks the same few dozen questions, most of them wide joins: planned once per connection, not each time.
    "server_side_binding": True,
    "prepare_threshold": env.int("DATABASE_PREPARE_AFTER", default=5) or None,
}
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=0)
"""Connections that one process may hold; config/gunicorn.py sets it to the number of threads."""
if DATABASE_POOL_SIZE and not TESTING:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 10}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache_url_config(required("CACHE_URL", f"filecache://{VAR_DIR / 'cache'}"))}

STORAGES = {
    "default": storage_from_url(f"file://{VAR_DIR / 'files'}"),
    "documents": storage_from_url(required("STORAGE_URL", f"file://{VAR_DIR / 'documents'}")),
    # The seals' own copy is worth something only where the database's administrators cannot write.
    "seals": storage_from_url(required("SEALS_URL", f"file://{VAR_DIR / 'seals'}")),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
# outside production, files are found where they are
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")) if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.static.PagesFinder",
]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# --- People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "accounts.backends.Backend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workflows:home"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_ADAPTER = "config.sign_in.SignInAdapter"
ACCOUNT_RATE_LIMITS = {
    # Passwords that fail (config.sign_in): nobody can guess for long, and nobody can keep somebody else out.
    "login_from_address": "20/m/ip",
    "login_from_address_to_account": "10/5m/key",
    "login_to_account": "100/h/key",  # from everywhere; a browser known for the account is not held to it
    "login_from_known_device": "10/5m/key",
    "login_failed": "20/m/ip,10/5m/key",  # second factors that fail, by person
    "login": "",  # a whole Region may sign in from one address at nine o'clock
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Quadrige"
SOCIALACCOUNT_ADAPTER = "allauth.socialaccount.adapter.DefaultSocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an account is linked by the provider's own identifier only
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": env.str("OIDC_ID", default="proconnect"),
                "name": env.str("OIDC_NAME", default="ProConnect"),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_SERVER_URL, "uid_field": "sub"},
            }
        ],
    }

# --- The browser ---------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws check marks and arrows as data: images
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
if OIDC_SERVER_URL:
    _provider = urlsplit(OIDC_SERVER_URL)  # browsers apply form-action to the redirect after a form too
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(f"{_provider.scheme}://{_provider.netloc}")

SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"

# --- Languages and time --------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- Jobs ----------------------------------------------------------------------------------------

CELERY_BROKER_URL = required("CELERY_BROKER_URL", "filesystem://localhost")  # kombu warns of a missing host
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if CELERY_BROKER_URL.startswith("filesystem:"):
    _broker = VAR_DIR / "broker"
    for _folder in ("messages", "control"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "control_folder": str(_broker / "control"),
    }
elif CELERY_BROKER_URL.startswith(("redis:", "rediss:")):
    # One that takes connections and says nothing is as good as gone.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 5, "socket_timeout": 15}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# The clockwork of the house: what the workers were not told of, what is due, and the hourly seal.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep the outbox": {"task": "workflows.sweep", "schedule": 20.0, "options": {"expires": 60}},
    "fire timers": {"task": "workflows.fire_timers", "schedule": 10.0, "options": {"expires": 30}},
    "seal the journals": {"task": "workflows.seal_journals", "schedule": crontab(minute=0)},
}

# --- Mail and outside services -------------------------------------------------------------------

vars().update(env.email_url_config(required("EMAIL_URL", f"filemail:///{VAR_DIR / 'mail'}")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Quadrige <ne-pas-repondre@region-alpha.example>"
)
DEMO_MAILBOX = ENVIRONMENT == "demo" and "EMAIL_URL" not in env.ENVIRON
"""Whether the mails written to a folder can be read on a page: in the demonstration only."""
ANTIVIRUS_URL = required("ANTIVIRUS_URL", "")
"""`tcp://host:port` or `unix:///path` of clamd. Empty (no scanner) is allowed only outside production."""
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="")
"""RFC 3161 time-stamp authority that seals the journal."""
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
"""Bearer token for /metrics; without one, only this machine may read it."""
METRICS_DIR = env.str("PROMETHEUS_MULTIPROC_DIR", default="")
"""Where the processes of one machine add up their metrics."""

logs.configure()
LOGGING = logs.logging_config(
    json=PRODUCTION, level=env.str("LOG_LEVEL", default="WARNING" if TESTING else "INFO")
)
