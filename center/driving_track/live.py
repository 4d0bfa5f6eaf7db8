"""From the process that takes messages in to the one that serves pages: what is live now, as datagrams.

A datagram is whole or not there at all. When the pages do not keep up, moments are left out, never the intake held up.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence

import msgspec

from center.driving_track.views import LiveFinding, LiveView

_log = logging.getLogger(__name__)
_LARGEST = 1 << 20


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """What the track shows now, and whether the broker is there."""

    view: LiveView
    broker_connected: bool


class Fallen(msgspec.Struct, frozen=True, tag="findings"):
    """Every finding of the running (or last) exam so far."""

    exam_id: str
    findings: tuple[LiveFinding, ...]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Moment | Fallen)


class LiveSender:
    """The intake's end."""

    def __init__(self, channel: socket.socket | None) -> None:
        self._channel = channel
        if channel is not None:
            channel.setblocking(False)
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LARGEST)

    def send(self, message: Moment | Fallen) -> None:
        """Send, or leave it out if nobody keeps up."""
        if self._channel is None:
            return
        try:
            self._channel.send(_encoder.encode(message))
        except (BlockingIOError, ConnectionError):
            return
        except OSError as error:
            _log.warning("A live moment was left out: %s", error)


class LiveHub:
    """The pages' end: the newest of each, kept by a thread."""

    def __init__(self) -> None:
        self._moment = Moment(LiveView(now_ms=0), broker_connected=False)
        self._fallen = Fallen("", ())

    @property
    def view(self) -> LiveView:
        """The newest moment."""
        return self._moment.view

    @property
    def broker_connected(self) -> bool:
        """Whether the intake has a broker."""
        return self._moment.broker_connected

    @property
    def findings(self) -> Sequence[LiveFinding]:
        """The running (or last) exam's findings, oldest first."""
        return self._fallen.findings

    def listen(self, channel: socket.socket) -> threading.Thread:
        """Keep what comes until the other end is gone."""
        thread = threading.Thread(target=self._listen, args=(channel,), name="live", daemon=True)
        thread.start()
        return thread

    def take(self, data: bytes) -> None:
        """Keep one datagram."""
        message = _decoder.decode(data)
        if isinstance(message, Moment):
            self._moment = message
        else:
            self._fallen = message

    def _listen(self, channel: socket.socket) -> None:
        while data := channel.recv(_LARGEST):
            try:
                self.take(data)
            except msgspec.MsgspecError as error:
                _log.warning("A live moment could not be read: %s", error)
