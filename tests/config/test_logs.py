"""The logs: what went wrong, and nothing of what people typed."""

from __future__ import annotations

import io
import logging.config

import pytest

from config.logs import logging_config


@pytest.mark.parametrize("json", [False, True], ids=["demo", "production"])
def test_a_traceback_bears_no_value_of_a_variable(json: bool) -> None:
    stream, configured = io.StringIO(), logging_config(json=json, level="INFO")
    handler = logging.StreamHandler(stream)
    formatter = configured["formatters"]["structured"]
    handler.setFormatter(logging.config.DictConfigurator(configured).configure_formatter(formatter))
    log = logging.getLogger("tests.logs")
    log.addHandler(handler)
    typed = "a secret that somebody typed"
    try:
        raise ValueError(len(typed))
    except ValueError:
        log.exception("It failed")
    finally:
        log.removeHandler(handler)
    assert "ValueError" in stream.getvalue()
    assert "test_logs" in stream.getvalue()
    assert typed not in stream.getvalue()
