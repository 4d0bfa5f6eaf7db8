"""A CAN interface of the kernel (SocketCAN) through python-can; the kernel stamps the frames."""

from __future__ import annotations

import logging
import threading
from typing import Final

import can

from sensors.can_frame import EXTENDED, pack
from sensors.device import Chunk
from sensors.sources.source import Link, Sink

_log = logging.getLogger(__name__)

_POLL_S: Final = 0.2
_PAUSE_S: Final = 1.0


class SocketCan:
    """Reads an interface until it is stopped; one loop opens it and opens it again when it is lost."""

    def __init__(self, channel: str, sink: Sink, interface: str = "socketcan") -> None:
        """``interface`` is python-can's name of the kind of bus."""
        self._channel = channel
        self._interface = interface
        self._sink = sink
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"can {channel}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        is_told = False
        while not self._stopping.is_set():
            try:
                with can.Bus(channel=self._channel, interface=self._interface) as bus:
                    self._sink(Link.UP)
                    is_told = False
                    self._read(bus)
            except (OSError, can.CanError) as error:
                if not is_told:
                    _log.warning("CAN interface %s is lost: %s", self._channel, error)
                    self._sink(Link.LOST)
                    is_told = True
                self._stopping.wait(_PAUSE_S)

    def _read(self, bus: can.BusABC) -> None:
        while not self._stopping.is_set():
            message = bus.recv(_POLL_S)
            if message is None or message.is_error_frame or message.is_remote_frame:
                continue
            time_ns = round(message.timestamp * 1e9)
            identifier = message.arbitration_id | (EXTENDED if message.is_extended_id else 0)
            self._sink(Chunk(pack(identifier, bytes(message.data)), time_ns, time_ns))
