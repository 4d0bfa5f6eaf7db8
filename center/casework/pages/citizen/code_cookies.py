"""The code that somebody showed, kept by their browser for a quarter of an hour and sent to these pages alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class CodeCookie:
    """One cookie."""

    name: str
    path: str
    kept_s: int
    samesite: Literal["lax", "strict"]


CASE: Final = CodeCookie("case_code", "/my", 15 * 60, "strict")
DRAFT: Final = CodeCookie("draft_code", "/apply", 15 * 60, "lax")
"""Lax, for whoever comes back from the payment gateway: following a link to these pages changes nothing."""
FRESH: Final = CodeCookie("draft_fresh", "/apply/draft/code", 5 * 60, "lax")
"""The code was given out just now and can still be written down."""


def keep(request: Request, response: Response, cookie: CodeCookie, value: str) -> Response:
    """Have the browser keep it."""
    response.set_cookie(
        cookie.name, value, max_age=cookie.kept_s, path=cookie.path, secure=request.url.scheme == "https",
        httponly=True, samesite=cookie.samesite,
    )  # fmt: skip
    return response


def forget(request: Request, response: Response, *cookies: CodeCookie) -> Response:
    """Have the browser forget them."""
    for one in cookies:
        response.delete_cookie(
            one.name, path=one.path, secure=request.url.scheme == "https", httponly=True, samesite=one.samesite
        )  # fmt: skip
    return response
