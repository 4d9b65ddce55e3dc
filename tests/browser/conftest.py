"""A real browser against a real server: Debian's Chromium, driven by playwright.

Without Chromium these tests are skipped on a developer's machine, and fail where `CI` is set.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    ViewportSize,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

PHONE: ViewportSize = {"width": 360, "height": 740}
ZOOMED: ViewportSize = {"width": 640, "height": 450}  # a screen at 200 %
SCREEN: ViewportSize = {"width": 1280, "height": 900}

Open = Callable[..., Page]

# Without those on background traffic, Chromium looks for its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A refused request is an answer, and a network that a test cuts is cut.
EXPECTED = re.compile(r"status of 4\d\d|net::ERR_(FAILED|INTERNET_DISCONNECTED)")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="session", autouse=True)
def sync_calls_allowed() -> Iterator[None]:
    """Playwright runs an event loop in this thread, which Django takes for a view that forgot to be async."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the whole run: the shell without a window's own pages, which is several times quicker."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        reason = "no Chromium here: apt-get install chromium-headless-shell"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Open pages of the live server: `open_page("/inbox/", width=…, dark=…, javascript=…, as_user=…)`.

    At the end the test fails if a page refused something by its content security policy, opened a dialog, or
    raised an error in its scripts (guarantee P37).
    """
    contexts = []
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            faults.append(message.text)

    def answer(dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # the page's own warning before typed work is left
            dialog.accept()
        else:
            faults.append(f"dialog: {dialog.message}")
            dialog.dismiss()

    def open_(
        path: str,
        *,
        size: ViewportSize = SCREEN,
        dark: bool = False,
        javascript: bool = True,
        language: str = "fr-FR",
        zone: str = "Europe/Paris",
        as_user: User | None = None,
    ) -> Page:
        context = chromium.new_context(
            viewport=size,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale=language,
            timezone_id=zone,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if as_user is not None:
            login_as(context, as_user, live_server.url)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", listen)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", answer)
        response = page.goto(live_server.url + path)
        assert response is not None
        assert response.status < 500, f"{path} answers {response.status}"
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def login_as(context: BrowserContext, user: User, base_url: str) -> None:
    """Give the browser a session of `user`, without passing by the sign-in page."""
    client = Client()
    client.force_login(user)
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": base_url,
            }
        ]
    )


def assert_accessible(page: Page) -> None:
    """Fail with what axe finds (WCAG 2.2 AA and good practice), and if the page scrolls sideways."""
    results = Axe().run(page, options=RULES)
    found = [
        f"{v['id']}: {v['help']}\n"
        + "\n".join(f"    {n['html'][:160]}\n      {n['failureSummary']}" for n in v["nodes"][:4])
        for v in results.response["violations"]
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than its window"


def assert_accessible_at_each_width(page: Page, name: str) -> None:
    """The same page on a screen, then as narrow as a phone, with a picture of each."""
    for size in (SCREEN, PHONE):
        page.set_viewport_size(size)
        screenshot(page, f"{name}-{size['width']}")
        assert_accessible(page)


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page under `SCREENSHOTS` (a folder), when that is set."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
