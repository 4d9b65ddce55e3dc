"""Structured logs: pretty in the demo, one JSON object a line in production, and no personal data in either.

What people did is in the journal, which has its own rights and retention. A log line carries ids and
durations only.
"""

import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

PRIVATE = frozenset(
    {
        "email",
        "password",
        "name",
        "first_name",
        "last_name",
        "phone",
        "address",
        "iban",
        "token",
        "secret",
        "cookies",
    }
)


def drop_personal_data(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace the value of a key that names personal data, and keep no request or user object."""
    for key in event:
        if key in PRIVATE:
            event[key] = "[removed]"
    event.pop("request", None)
    event.pop("user", None)
    return event


def logging_config(*, json: bool, level: str) -> dict[str, Any]:
    """Return Django's `LOGGING`: everything on standard error, through structlog."""
    renderer = (
        structlog.processors.JSONRenderer()
        if json
        # plain: the pretty traceback prints local variables, which hold what people typed
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    drop_personal_data,
                    *([structlog.processors.format_exc_info] if json else []),
                    renderer,
                ],
            }
        },
        "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["standard"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # boto and its kind log signed addresses at DEBUG
            "botocore": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
        },
    }


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure() -> None:
    """Let `structlog.get_logger()` and the standard library's loggers share one output."""
    structlog.configure(
        processors=[
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
