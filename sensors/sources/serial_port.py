"""A serial line; every chunk carries the instant at which it was read."""

from __future__ import annotations

import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import serial

from sensors.device import Chunk
from sensors.sources.reopened import POLL_S, Reopened
from sensors.sources.source import Sink


class SerialPort:
    """Reads a port until it is stopped."""

    def __init__(self, path: str, baud: int, now_ns: Callable[[], int], sink: Sink, greeting: bytes = b"") -> None:
        """``now_ns`` is the gateway's clock; ``greeting`` is written each time the port has been opened."""
        self._path = path
        self._baud = baud
        self._now_ns = now_ns
        self._sink = sink
        self._greeting = greeting
        # pyserial's own errors are OSErrors; termios' are not.
        lost_by = (OSError, termios.error)
        self._line = Reopened(f"serial port {path}", self._open, self._read_once, sink, lost_by=lost_by)

    def start(self) -> None:
        """Begin to read."""
        self._line.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._line.stop()

    @contextmanager
    def _open(self) -> Iterator[serial.Serial]:
        with serial.Serial(self._path, self._baud, timeout=POLL_S, exclusive=True) as port:
            if self._greeting:
                port.write(self._greeting)
            yield port

    def _read_once(self, port: serial.Serial) -> None:
        data = port.read(port.in_waiting or 1)
        if data:
            self._sink(Chunk(data, None, self._now_ns()))
