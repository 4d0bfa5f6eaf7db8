"""Where a page that answers a form can be opened by its address: the nearest one above that can be asked for."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Match


def page_above(request: Request) -> str:
    """The request's own path, or the first above it that a link can open; a form's address takes only what is sent."""
    path: str = request.url.path
    if request.method in ("GET", "HEAD"):
        return path
    while path and not _opens(request, path):
        path = path.rpartition("/")[0]
    return path or "/"


def _opens(request: Request, path: str) -> bool:
    scope = {**request.scope, "method": "GET", "path": path, "path_params": {}}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
