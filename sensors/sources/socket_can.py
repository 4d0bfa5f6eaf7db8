"""A CAN interface of the kernel (SocketCAN) through python-can; the kernel stamps the frames."""

from __future__ import annotations

from contextlib import AbstractContextManager

import can

from sensors.can_frame import EXTENDED, pack
from sensors.device import Chunk
from sensors.sources.reopened import POLL_S, Reopened
from sensors.sources.source import Sink


class SocketCan:
    """Reads an interface until it is stopped."""

    def __init__(self, channel: str, sink: Sink, interface: str = "socketcan") -> None:
        """``interface`` is python-can's name of the kind of bus."""
        self._channel = channel
        self._interface = interface
        self._sink = sink
        lost_by = (OSError, can.CanError)
        self._line = Reopened(f"CAN interface {channel}", self._open, self._read_once, sink, lost_by=lost_by)

    def start(self) -> None:
        """Begin to read."""
        self._line.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._line.stop()

    def _open(self) -> AbstractContextManager[can.BusABC]:
        return can.Bus(channel=self._channel, interface=self._interface)

    def _read_once(self, bus: can.BusABC) -> None:
        message = bus.recv(POLL_S)
        if message is None or message.is_error_frame or message.is_remote_frame:
            return
        time_ns = round(message.timestamp * 1e9)
        identifier = message.arbitration_id | (EXTENDED if message.is_extended_id else 0)
        self._sink(Chunk(pack(identifier, bytes(message.data)), time_ns, time_ns))
