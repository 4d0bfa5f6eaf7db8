"""The browser of the tests opens a page of this machine, and what came with it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

VENDOR = Path(__file__).parents[2] / "center" / "web" / "static" / "vendor"

_PAGE = """<!doctype html><html lang="kk"><title>Сарытау</title>
<link rel="stylesheet" href="/govuk-frontend.min.css"><script src="/htmx.min.js"></script>
<body class="govuk-template__body"><button class="govuk-button" onclick="document.title = typeof htmx">Бастау</button>
<script type="module">import * as govuk from "/govuk-frontend.min.js"; import uPlot from "/uPlot.esm.js";
document.body.dataset.loaded = typeof govuk.initAll + " " + typeof uPlot;</script></body></html>"""


class _Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(_PAGE.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class names it so)
        pass


@pytest.fixture
def address() -> Iterator[str]:
    handler = functools.partial(_Handler, directory=str(VENDOR))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}/"
        server.shutdown()


def test_what_setup_brought_works_in_a_page(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function("document.body.dataset.loaded")
    assert page.evaluate("document.body.dataset.loaded") == "function function"
    page.get_by_role("button", name="Бастау").click()
    assert page.title() == "object"
    colour = page.evaluate("getComputedStyle(document.querySelector('.govuk-button')).color")
    assert colour == "rgb(255, 255, 255)"
