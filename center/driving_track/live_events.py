"""The live page's server-sent events: the moment at most ten times a second, findings as soon as they fall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import msgspec

from center.driving_track.views import LiveFinding, LiveView, TrackData

STATE_EVERY_S = 0.1
LOOK_EVERY_S = 0.01
ALIVE_EVERY_S = 10.0
"""A comment goes out at least so often, by which a broken connection is noticed."""

_encoder = msgspec.json.Encoder()


def encoded(view: LiveView) -> bytes:
    """A moment as JSON."""
    return _encoder.encode(view)


async def events(data: TrackData, findings_html: Callable[[], str]) -> AsyncIterator[bytes]:
    """Events until the reader goes: ``state`` (JSON) when it changed, ``findings`` (HTML) when one fell or changed."""
    loop = asyncio.get_running_loop()
    sent: LiveView | None = None
    fallen: tuple[str | None, Sequence[LiveFinding]] | None = None
    sent_at = told_at = 0.0
    yield b"retry: 1000\n\n"
    while True:
        view, now = data.live(), loop.time()
        findings = (view.exam_id, data.live_findings())
        if findings != fallen:
            fallen, told_at = findings, now
            yield event("findings", await asyncio.to_thread(findings_html))
        if view != sent and now - sent_at >= STATE_EVERY_S:
            sent, sent_at, told_at = view, now, now
            yield event("state", encoded(view).decode())
        if now - told_at >= ALIVE_EVERY_S:
            told_at = now
            yield b": alive\n\n"
        await asyncio.sleep(LOOK_EVERY_S)


def event(name: str, text: str) -> bytes:
    """One server-sent event; every line of its text is a ``data`` line."""
    lines = "".join(f"data: {line}\n" for line in text.splitlines())
    return f"event: {name}\n{lines}\n".encode()
