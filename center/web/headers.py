"""What every answer tells the browser about safety: nothing from elsewhere, no inline script, no frame."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from messages.broker import is_loopback

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SafetyHeaders:
    """Adds them to every HTTP answer, errors and files among them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's head."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if _is_public(scope):
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, complete if scope["type"] == "http" else send)


def _is_public(scope: Scope) -> bool:
    """Whether the centre is asked over TLS by a name of its own: on localhost other programs speak plain HTTP too."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return scope.get("scheme") == "https" and not is_loopback(host.rsplit(":", 1)[0].strip("[]"))


class Assets(StaticFiles):
    """Files of our own, which the browser asks after each time (and mostly hears "not modified")."""

    def is_not_modified(self, response_headers: MutableHeaders, request_headers: MutableHeaders) -> bool:  # type: ignore[override]
        """As always, and ask again next time."""
        response_headers["Cache-Control"] = "no-cache"
        return super().is_not_modified(response_headers, request_headers)
