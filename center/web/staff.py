"""Whoever of the staff asks: what the doorkeeper found out, for the pages."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from center.errors import N_, SignInNeeded
from center.people.powers import Actor
from center.people.session_limits import LONGEST, binding
from center.people.sessions import SignedIn

FORM_TOKEN_FIELD: Final = "form_token"
FORM_TOKEN_HEADER: Final = "X-Form-Token"


def signed_in(request: Request) -> SignedIn | None:
    """Who asks, if it is somebody of the staff."""
    found = getattr(request.state, "signed_in", None)
    return found if isinstance(found, SignedIn) else None


def session_of(request: Request) -> SignedIn:
    """Who asks; raises :class:`SignInNeeded` for nobody."""
    found = signed_in(request)
    if found is None:
        raise SignInNeeded(N_("Sign in first."))
    return found


def staff_of(request: Request) -> Actor:
    """What whoever asks may act as; raises :class:`SignInNeeded` for nobody."""
    return session_of(request).actor


StaffActor = Annotated[Actor, Depends(staff_of)]
StaffSession = Annotated[SignedIn, Depends(session_of)]
"""As a route's argument: ``def take(request: Request, actor: StaffActor)``."""


def binding_of(request: Request) -> str:
    """What a session of this machine and browser is bound to."""
    address = request.client.host if request.client else ""
    return binding(address, request.headers.get("user-agent", ""))


def cookie_name(request: Request) -> str:
    """Under TLS the browser keeps the cookie to this very host and to TLS, by its name's prefix."""
    return "__Host-staff" if request.url.scheme == "https" else "staff"


def token_of(request: Request) -> str:
    """The session's token, as the browser sends it; empty for none."""
    return request.cookies.get(cookie_name(request), "")


def keep_token(request: Request, response: Response, token: str) -> None:
    """Have the browser send the session's token, to this centre's own pages only."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def drop_token(request: Request, response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        cookie_name(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )
