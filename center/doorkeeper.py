"""Who may ask: this centre's own pages only, and of the staff those whose role the table of access names."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from center.access import ROUTES, Access
from center.database import storable
from center.errors import N_, BadRequest, CenterError, Forbidden, NotFound, RoleName, SignInNeeded
from center.people import sessions
from center.people.office import Office
from center.people.sessions import SignedIn
from center.web.staff import FORM_TOKEN_FIELD, FORM_TOKEN_HEADER, binding_of, token_of
from messages.broker import is_loopback

_OWN_PAGES = N_("Only a page of this centre may ask this.")
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Before every route: finds out who asks, and lets them through or not."""

    office: Office

    async def admit(self, request: Request) -> None:
        """Let the request through, or raise what the asker is told."""
        access = access_of(request)
        if not all(storable(str(value)) for value in request.path_params.values()):
            raise NotFound("There is no such page.")
        if access.demo_only and not self.office.demo:
            raise Forbidden(N_("This exists in the demo only."))
        person = await self._who(request)
        request.state.signed_in = person
        if access.without_sign_in(self.office.demo):
            return
        if person is None:
            raise SignInNeeded(N_("Sign in first."))
        if not access.admits(self.office.powers, person.actor):
            raise self._refusal(access, person)
        if request.method in _CHANGING:
            await _check_form_token(request, person)

    def may_open(self, request: Request, path: str) -> bool:
        """Whether whoever asks may open another page: what a page need not show them otherwise."""
        access = ROUTES.get(("GET", path))
        person = getattr(request.state, "signed_in", None)
        if access is None or (access.demo_only and not self.office.demo):
            return False
        return access.without_sign_in(self.office.demo) or (
            person is not None and access.admits(self.office.powers, person.actor)
        )

    async def _who(self, request: Request) -> SignedIn | None:
        token = token_of(request)
        if not token:
            return None
        return await run_in_threadpool(self._find, token, binding_of(request))

    def _find(self, token: str, bound_to: str) -> SignedIn | None:
        office = self.office
        return sessions.find(
            office.database, office.powers, token, bound_to, now=office.now(), today=office.today
        )  # fmt: skip

    def _refusal(self, access: Access, person: SignedIn) -> Forbidden:
        wanted = access.roles or frozenset()
        if wanted & person.actor.roles:
            return Forbidden(N_("This needs a session that was opened with a passkey."))
        only = tuple(RoleName(role) for role in sorted(wanted))
        return Forbidden(N_("This is for these roles only: %(roles)s."), roles=only)


def access_of(request: Request) -> Access:
    """The table's row for the route that was found; raises :class:`NotFound` where there is none."""
    context = request.scope.get("fastapi", {}).get("effective_route_context") or request.scope["route"]
    access = ROUTES.get((request.method, str(context.path)))
    if access is None:
        raise NotFound("There is no such page.")
    return access


async def _check_form_token(request: Request, person: SignedIn) -> None:
    given = request.headers.get(FORM_TOKEN_HEADER, "")
    # A body of parts that the route itself does not read as a form is not read here either: it may be an upload.
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_read = request._form is not None
    if not given and (is_read or kind == "application/x-www-form-urlencoded"):
        field = (await request.form()).get(FORM_TOKEN_FIELD, "")
        given = field if isinstance(field, str) else ""
    if not secrets.compare_digest(given.encode(), person.form_token.encode()):
        raise Forbidden(N_("This form was not made for this session. Open the page again and send it from there."))


class OwnPagesOnly:
    """Refuses requests that name another host, or come from another site's page.

    The Host check keeps out a foreign name that was made to resolve to this machine (DNS rebinding), the Origin check
    a foreign page that makes the browser ask.
    """

    def __init__(
        self, app: ASGIApp, refuse: Callable[[Request, CenterError], Response], public_name: str = "localhost"
    ) -> None:
        """``refuse`` answers a refusal; ``public_name``: the host in the address that browsers know the centre by."""
        self._app = app
        self._refuse = refuse
        self._public_name = public_name.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 400 or 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope, self._public_name)
        if refusal is None:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
            return
        # Without its Host, which may be no name at all: nothing that answers reads it.
        named = [(name, value) for name, value in scope["headers"] if name != b"host"]
        await self._refuse(Request({**scope, "headers": named}), refusal)(scope, receive, send)


def _refusal(scope: Scope, public_name: str) -> CenterError | None:
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name, []).append(value)
    hosts = headers.get(b"host", [])
    if len(hosts) != 1 or not is_ours(hosts[0].decode("latin-1"), public_name):
        return BadRequest(N_("This centre answers to its own name and to loopback addresses only."))
    own = f"{scope['scheme']}://{hosts[0].decode('latin-1')}"
    origins = [one.decode("latin-1") for one in headers.get(b"origin", [])]
    if any(one != own for one in origins):
        return Forbidden(_OWN_PAGES)
    sites = headers.get(b"sec-fetch-site", [])
    if scope.get("method") in _CHANGING and not origins and any(one not in (b"same-origin", b"none") for one in sites):
        return Forbidden(_OWN_PAGES)
    return None


def is_ours(host: str, public_name: str = "localhost") -> bool:
    """Whether a Host header can only mean this machine or names the centre."""
    try:
        name = urlsplit(f"//{host}").hostname
        urlsplit(f"//{host}").port  # noqa: B018  (raises for a port that is none)
    except ValueError:
        return False
    return name is not None and (is_loopback(name) or name == public_name)
