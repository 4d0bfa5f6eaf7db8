"""Who may ask: only this machine's own pages and programs, until staff accounts exist; and what role a route wants."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from fastapi.routing import iter_route_contexts
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from messages.broker import is_loopback

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# Path → role that may ask. A route that is not here is not served.
ROLES: dict[str, str] = {
    "/": "public",
    "/static/web": "public",
    "/static/track": "public",
    "/track": "public",
    "/track/events": "public",
    "/track/faults": "public",
    "/track/faults/{fault_id}": "public",
    "/exams": "public",
    "/exams/{exam_id}": "public",
    "/exams/{exam_id}/sheet.json": "public",
    "/exams/{exam_id}/recording.mcap": "public",
    "/exams/{exam_id}/traces.json": "public",
    "/exams/{exam_id}/findings/{number}.svg": "public",
    "/health": "public",
    "/health/now": "public",
    "/api/exams": "public",
    "/api/exams/{exam_id}": "public",
    "/api/exams/{exam_id}/sheet": "public",
    "/api/exams/{exam_id}/recording": "public",
    "/api/live": "public",
    "/api/health": "public",
}


def routes_without_role(routes: Sequence[BaseRoute]) -> list[str]:
    """The paths of an application that the table does not name."""
    return [path for path in paths_of(routes) if path not in ROLES]


def paths_of(routes: Sequence[BaseRoute]) -> list[str]:
    """The path of every route, those of included routers too."""
    return [str(context.path) for context in iter_route_contexts(routes)]


class Doorkeeper:
    """Refuses requests that name another host, or come from another site's page.

    The Host check keeps out a foreign name that was made to resolve to this machine (DNS rebinding), the Origin check
    a foreign page that makes the browser ask.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 400 or 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send)
            return
        status, sentence = refusal
        await JSONResponse({"error": sentence}, status)(scope, receive, send)


def _refusal(scope: Scope) -> tuple[int, str] | None:
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name, []).append(value)
    hosts = headers.get(b"host", [])
    if len(hosts) != 1 or not is_here(hosts[0].decode("latin-1")):
        return 400, "This centre answers to a loopback address only."
    origins = [one.decode("latin-1") for one in headers.get(b"origin", [])]
    if any(urlsplit(one).netloc != hosts[0].decode("latin-1") for one in origins):
        return 403, "Only a page of this centre may ask this."
    sites = headers.get(b"sec-fetch-site", [])
    if scope.get("method") in _CHANGING and not origins and any(one not in (b"same-origin", b"none") for one in sites):
        return 403, "Only a page of this centre may ask this."
    return None


def is_here(host: str) -> bool:
    """Whether a Host header can only mean this machine."""
    try:
        name = urlsplit(f"//{host}").hostname
        urlsplit(f"//{host}").port  # noqa: B018  (raises for a port that is none)
    except ValueError:
        return False
    return name is not None and is_loopback(name)
