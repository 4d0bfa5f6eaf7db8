"""One HTTP request to a system outside the centre: bounded in time and size, and never half an answer."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Final

import httpx

_LONGEST_BYTES: Final = 1 << 20


class Failure(StrEnum):
    """Why there is no answer."""

    UNREACHABLE = "unreachable"
    """Nobody took the request: it had no effect."""
    TIMEOUT = "timeout"
    BROKEN = "broken"
    """The connection ended before the answer did."""
    TOO_LONG = "too_long"
    ERROR_STATUS = "error_status"
    GARBAGE = "garbage"
    """An answer came that cannot be understood."""


class NoAnswer(Exception):
    """There is no answer, and whether the request had its effect is not known unless it was unreachable."""

    def __init__(self, failure: Failure, sentence: str) -> None:
        super().__init__(sentence)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request. Personal values belong in the body, never in the address: addresses are logged on the way."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A whole answer, of any status below 500."""

    status: int
    body: bytes = field(repr=False)


def call(request: Outgoing, *, within_s: float, longest_bytes: int = _LONGEST_BYTES) -> Incoming:
    """Ask once. Takes at most ``within_s``, however slowly bytes drip; raises :class:`NoAnswer`.

    For threads without a running event loop, such as those that handle a page.
    """
    return asyncio.run(_call(request, within_s, longest_bytes))


async def _call(request: Outgoing, within_s: float, longest_bytes: int) -> Incoming:
    try:
        async with asyncio.timeout(within_s):
            return await _exchange(request, within_s, longest_bytes)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise NoAnswer(Failure.TIMEOUT, f"no answer within {within_s:g} s") from error
    except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise NoAnswer(Failure.UNREACHABLE, "nobody is reached at the address") from error
    except httpx.HTTPError as error:
        raise NoAnswer(Failure.BROKEN, f"the answer broke off ({type(error).__name__})") from error


async def _exchange(request: Outgoing, within_s: float, longest_bytes: int) -> Incoming:
    # A client of its own for each request: none is so frequent that a kept connection would be worth a stale one.
    async with httpx.AsyncClient(
        verify=_trust(), trust_env=False, follow_redirects=False, timeout=httpx.Timeout(within_s)
    ) as client:
        sending = client.stream(request.method, request.url, content=request.body, headers=dict(request.headers))
        async with sending as answer:
            body = b""
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > longest_bytes:
                    raise NoAnswer(Failure.TOO_LONG, f"the answer is longer than {longest_bytes} bytes")
    if answer.status_code >= 500:
        raise NoAnswer(Failure.ERROR_STATUS, f"the answer is status {answer.status_code}")
    return Incoming(answer.status_code, body)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
