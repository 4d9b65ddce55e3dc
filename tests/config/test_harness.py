"""The harness itself: what it must refuse, it refuses."""

from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, Template
from django.template.base import Origin

from tests.harness import ROOT, StrictPages, UndefinedVariable


def render(source: str, origin: Path) -> str:
    engine = Engine(string_if_invalid=UndefinedVariable("%s"))
    return Template(source, Origin(str(origin)), engine=engine).render(Context({"known": "x"}))


@pytest.mark.parametrize(
    "source",
    [
        "{{ unknown }}",
        "{{ known.unknown }}",
        "{{ unknown|upper }}",
        "{% with a=unknown %}{{ a }}{% endwith %}",
    ],
)
def test_an_undefined_variable_fails_in_our_templates_only(source: str) -> None:
    with pytest.raises(AssertionError, match="unknown"):
        render(source, ROOT / "templates" / "ours.html")
    assert render(source, ROOT / ".venv" / "theirs.html") == ""


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        '<p style="color: red">',
        '<a onclick="x()">',
        '<a hx-on:click="x()">',
        '<a href=" javascript:x()">',
    ],
)
def test_inline_code_fails(page: str) -> None:
    with pytest.raises(AssertionError, match="inline code"):
        StrictPages(lambda request: HttpResponse(page))(HttpRequest())


def test_code_from_files_and_data_pass() -> None:
    page = '<script src="/static/a.js" defer></script><script type="application/json">{}</script>'
    assert StrictPages(lambda request: HttpResponse(page))(HttpRequest()).status_code == 200
