"""A pseudo-terminal in place of a serial port: a stable path, and the end at which the hardware writes."""

from __future__ import annotations

import os
import time
import tty
from collections.abc import Callable
from pathlib import Path


class Terminal:
    """Opened anew by ``plug``; what is written goes to whoever has the path open, and is dropped if nobody has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._hardware = -1
        self._line = -1
        self.plug()

    def plug(self) -> None:
        """Make the port appear."""
        self._hardware, self._line = os.openpty()
        tty.setraw(self._line)
        os.set_blocking(self._hardware, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self._line))

    def unplug(self) -> None:
        """Take the port away, as when a cable is pulled."""
        self.path.unlink(missing_ok=True)
        os.close(self._hardware)
        os.close(self._line)
        self._hardware = -1

    def write(self, data: bytes) -> None:
        """Write as a UART does, but wait while the kernel's buffer is full: these tests count every byte."""
        while data:
            try:
                data = data[os.write(self._hardware, data) :]
            except BlockingIOError:
                time.sleep(0.001)

    def read(self) -> bytes:
        """What the other side has written to the hardware."""
        try:
            return os.read(self._hardware, 4096)
        except BlockingIOError:
            return b""

    def close(self) -> None:
        """Take it away, if it is there."""
        if self._hardware >= 0:
            self.unplug()


def wait_until(condition: Callable[[], object], within_s: float = 20.0, what: str = "") -> None:
    """Wait for something to become true; fails if it is late."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what or condition}"
        time.sleep(0.01)
