"""The system's Chromium, driven by Playwright; a page that asks the outside for anything fails its test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.services.missing import missing_service
from tests.services.processes import find_program

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_OURS = {"localhost", "127.0.0.1", "::1"}


# Per module, for while Playwright is up its event loop counts as running in this thread, and tests that start a loop
# of their own could not.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium with an empty profile."""
    with started_browser() as started:
        yield started


@contextmanager
def started_browser(*flags: str) -> Iterator[Browser]:
    """A headless Chromium with an empty profile and more flags than usual."""
    program = find_program("chromium") or find_program("chromium-browser") or find_program("google-chrome")
    if program is None:
        missing_service("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=[*_FLAGS, *flags])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh context, in English; its scripts must raise nothing, and it may load from this machine only."""
    faults: list[str] = []

    def guard(route: Route) -> None:
        address = route.request.url
        if urlsplit(address).hostname in _OURS:
            route.continue_()
        else:
            faults.append(f"asked for {address}")
            route.abort()

    with browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}) as context:
        context.route("http*://**", guard)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        yield tab
    assert not faults
