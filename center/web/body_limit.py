"""No request is read beyond what its route needs: past the limit it is answered 413 and the connection let go."""

from __future__ import annotations

import contextlib
import re
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from center.errors import TooLarge

LARGEST_FORM_BYTES: Final = 1_000_000
_MOST_DIGITS: Final = 18


class BodyLimit:
    """Counts what a request brings; ``uploads`` tells which paths may bring ``largest_upload_bytes``."""

    def __init__(self, app: ASGIApp, uploads: re.Pattern[str], largest_upload_bytes: int) -> None:
        self._app = app
        self._uploads = uploads
        self._largest_upload_bytes = largest_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = self._uploads.fullmatch(scope["path"]) is not None
        most = self._largest_upload_bytes if is_upload else LARGEST_FORM_BYTES
        if _declared_bytes(scope) > most:
            await _refuse(scope, receive, send, most)
            return
        counted = _Counted(receive, send, most)
        with contextlib.suppress(TooLarge):
            await self._app(scope, counted.receive, counted.send)
        if counted.exceeded and not counted.answered:
            await _refuse(scope, receive, send, most)


class _Counted:
    """A request's two ends with a count; once it is too much, no answer of the route's gets out."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send = receive, send
        self._most, self._bytes = most, 0
        self.exceeded = self.answered = False

    async def receive(self) -> Message:
        """The next piece; raises once it is too much."""
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._most:
            self.exceeded = True
            raise TooLarge(_sentence(self._most))
        return message

    async def send(self, message: Message) -> None:
        """Pass an answer on; once the request was too large, only one that says so."""
        if message["type"] == "http.response.start":
            self.answered = not self.exceeded or message["status"] == TooLarge.status
        if not self.answered:
            return
        await self._send(message)


def _declared_bytes(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:_MOST_DIGITS])
    return 0


async def _refuse(scope: Scope, receive: Receive, send: Send, most: int) -> None:
    await JSONResponse({"error": _sentence(most)}, TooLarge.status, {"connection": "close"})(scope, receive, send)


def _sentence(most: int) -> str:
    return f"A request of more than {most} bytes is not read here."
