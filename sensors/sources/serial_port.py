"""A serial line, read by a thread of its own; one loop opens it and opens it again when it is lost."""

from __future__ import annotations

import logging
import termios
import threading
from collections.abc import Callable
from typing import Final

import serial

from sensors.device import Chunk
from sensors.sources.source import Link, Sink

_log = logging.getLogger(__name__)

_POLL_S: Final = 0.2
"""How soon the thread sees that it is to stop."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 2.0


class SerialPort:
    """Reads a port until it is stopped; every chunk carries the instant at which it was read."""

    def __init__(self, path: str, baud: int, now_ns: Callable[[], int], sink: Sink, greeting: bytes = b"") -> None:
        """``now_ns`` is the gateway's clock; ``greeting`` is written each time the port has been opened."""
        self._path = path
        self._baud = baud
        self._now_ns = now_ns
        self._sink = sink
        self._greeting = greeting
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"serial {path}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        is_told = False
        while not self._stopping.is_set():
            try:
                with serial.Serial(self._path, self._baud, timeout=_POLL_S, exclusive=True) as port:
                    if self._greeting:
                        port.write(self._greeting)
                    self._sink(Link.UP)
                    is_told = False
                    pause_s = _FIRST_PAUSE_S
                    self._read(port)
            except (OSError, termios.error) as error:  # pyserial's own errors are OSErrors; termios' are not
                if not is_told:
                    _log.warning("serial port %s is lost: %s", self._path, error)
                    self._sink(Link.LOST)
                    is_told = True
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _read(self, port: serial.Serial) -> None:
        while not self._stopping.is_set():
            data = port.read(port.in_waiting or 1)
            if data:
                self._sink(Chunk(data, None, self._now_ns()))
