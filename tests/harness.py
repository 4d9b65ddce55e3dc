"""What makes every page test strict: undefined template variables and inline code fail wherever they are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import FrameType

from django.http import HttpRequest, HttpResponse
from django.template.base import Node

ROOT = Path(__file__).resolve().parent.parent


class UndefinedVariable(str):
    """`string_if_invalid` that raises in our own templates, and stays empty in those of the parts."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        origin = _template_being_rendered()
        if origin is not None and Path(origin).is_relative_to(ROOT) and ".venv" not in Path(origin).parts:
            raise AssertionError(f"undefined template variable {str(variable)!r} in {origin}")
        return ""


def _template_being_rendered() -> str | None:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node):
            origin = getattr(node, "origin", None)
            return None if origin is None else str(origin.name)
        frame = frame.f_back
    return None


class InlineCode(HTMLParser):
    """Collects what a strict content security policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "style":
            self.found.append("<style>")
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
            self.found.append("<script> without src")
        for name, value in attributes.items():
            # hx-on runs its value as code, which the policy refuses too
            if name.startswith(("on", "hx-on")) or name == "style":
                self.found.append(f"<{tag} {name}=…>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}=javascript:…>")


class StrictPages:
    """Middleware: fail on a page with inline script, style or event handler."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            parser = InlineCode()
            parser.feed(response.content.decode())
            if parser.found:
                raise AssertionError(f"inline code in {request.path}: {', '.join(sorted(set(parser.found)))}")
        return response
