"""What a visitor reads when something cannot be shown or done: plain words, and never a stack trace."""

from __future__ import annotations

import logging
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from center.errors import CenterError, SignInNeeded
from center.web.languages import N_
from center.web.templating import Web

log = logging.getLogger(__name__)

# Status → headline and what to do, in the visitor's language.
WORDS = {
    400: (N_("This request cannot be used"), N_("Go back and try again from the page you came from.")),
    401: (N_("Sign in first"), N_("This page is for the staff of the centre.")),
    403: (N_("This is not allowed here"), N_("What you asked for is not open to you in this way.")),
    404: (N_("Page not found"), N_("Check the address, or start again from the home page.")),
    405: (N_("This request cannot be used"), N_("Go back and try again from the page you came from.")),
    409: (
        N_("This cannot be done now"),
        N_("Something has changed since the page was opened. Look at its present state and decide again."),
    ),
    413: (N_("This is too large"), N_("Send a smaller file: fewer pages, or a scan of lower resolution.")),
    415: (N_("This file is not taken"), N_("Send a JPEG, a PNG or a PDF that shows the paper and holds nothing else.")),
    422: (N_("Some of what was sent cannot be read"), N_("Check the address or what was filled in, and try again.")),
    429: (N_("Too many tries"), N_("Wait some minutes, then try again.")),
    500: (
        N_("Something went wrong on our side"),
        N_("The fault has been recorded. Nothing that was measured is lost. Try again in a minute."),
    ),
    503: (
        N_("The centre cannot store anything at the moment"),
        N_("Running exams end void rather than pass without evidence. Try again when the fault is mended."),
    ),
}
# What any route may answer beside its own; for the description of the interface.
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    204: {"description": "Nothing is new, or done without anything to show."},
    303: {"description": "Done; what came of it is elsewhere."},
    **{status: {"description": headline} for status, (headline, _) in WORDS.items() if status != 500},
}
_INTERFACES: Final = ("/api/", "/payments/callback")
TOLD: Final = {400, 403, 409, 413, 415, 422, 429, 503}


def refused_at_the_door(web: Web, request: Request, error: CenterError) -> Response:
    """What is refused before any route: no link of that page leads back to where the request pointed."""
    return error_page(web, request, error.status, error, at="/")


def error_page(
    web: Web, request: Request, status: int, error: CenterError | None = None, at: str | None = None
) -> Response:
    """The page that tells of an error in the visitor's language; to an interface JSON, in English."""
    status = status if status in WORDS else (500 if status >= 500 else 400)
    if request.url.path.startswith(_INTERFACES):
        return JSONResponse({"error": str(error) if error else WORDS[status][0]}, status)
    headline, advice = WORDS[status]
    told = web.reader(request).refusal(error) if error and status in TOLD else ""
    return web.page(request, "error.html", status, at, code=status, headline=headline, advice=advice, detail=told)


def install_error_pages(app: FastAPI, web: Web) -> None:
    """Answer every error with a page (to interfaces with JSON), the unforeseen ones too."""

    def answer(request: Request, status: int, error: CenterError | None = None) -> Response:
        return error_page(web, request, status, error)

    def nobody(request: Request, error: Exception) -> Response:
        path = request.url.path
        if request.method != "GET" or path.startswith("/api/") or "hx-request" in request.headers:
            return answer(request, 401)
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?next={quote(path + query, safe='/')}", 303)

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, CenterError)
        return answer(request, error.status, error)

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(request, error.status_code)

    def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(request, 422)

    def unforeseen(request: Request, error: Exception) -> Response:
        log.error("%s %s failed: %s", request.method, request.url.path, type(error).__name__)
        return answer(request, 500)

    app.add_exception_handler(SignInNeeded, nobody)
    app.add_exception_handler(CenterError, refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(Exception, unforeseen)
