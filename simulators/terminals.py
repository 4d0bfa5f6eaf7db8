"""Pseudo-terminals that stand for serial lines: a twin writes, a gateway reads; what nobody reads is gone."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import termios
import tty
from array import array
from pathlib import Path


class SerialLine:
    """One line, raw, under a stable name. A write never waits: what does not fit is lost, as in a UART's overrun."""

    def __init__(self, name: Path) -> None:
        """Make the line and the link ``name`` to the end that is to be opened; an old link is replaced."""
        self._writer, self._reader = pty.openpty()
        tty.setraw(self._reader)
        os.set_blocking(self._writer, False)
        self._polled = select.poll()
        self._polled.register(self._reader, select.POLLIN)
        self.name = name
        self.dropped_bytes = 0
        name.parent.mkdir(parents=True, exist_ok=True)
        name.unlink(missing_ok=True)
        name.symlink_to(os.ttyname(self._reader))

    def write(self, data: bytes) -> None:
        """Put bytes on the line; those that find no room are counted and lost."""
        try:
            written = os.write(self._writer, data)
        except BlockingIOError:
            written = 0
        self.dropped_bytes += len(data) - written

    @property
    def unread_bytes(self) -> int:
        """Bytes on the line that its reader has not taken yet."""
        # Polling brings in what the kernel still has in hand; FIONREAD alone knows nothing of it.
        if not self._polled.poll(0):
            return 0
        waiting = array("i", [0])
        fcntl.ioctl(self._reader, termios.FIONREAD, waiting)
        return waiting[0]

    def close(self) -> None:
        """Take the line and its name away."""
        self.name.unlink(missing_ok=True)
        os.close(self._writer)
        os.close(self._reader)
