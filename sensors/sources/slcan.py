r"""CAN frames from an adapter that writes text on a serial line (slcan, as LAWICEL's CAN232 manual describes it).

A line is ``t``, three hex digits of identifier (``T``: eight), one digit of length, the payload in hex, and four hex
digits of milliseconds where the adapter was told to stamp; it ends with CR. Written here rather than with python-can's
reader, which reads byte by byte and passes over the stamp.

>>> reader = SlcanReader()
>>> reader.feed(b"t2B029CF20FA0\rt2B0", arrival_ns=1_000)
[Chunk(data=b'\x00\x00\x02\xb0\x9c\xf2', source_time_ns=1000, arrival_ns=1000)]
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from sensors.can_frame import EXTENDED, MAX_EXTENDED_ID, pack
from sensors.device import Chunk
from sensors.stamps import StampClock, Stamps

OPEN: Final = b"C\rS6\rZ1\rO\r"
"""Close, 500 kbit/s, stamps on, open: what the adapter is told when the line comes up."""

_LINE = re.compile(rb"(?:t([0-9A-Fa-f]{3})|T([0-9A-Fa-f]{8}))([0-8])([0-9A-Fa-f]*)")
_MAX_LINE: Final = 64
_STAMPS: Final = 60_000
_ANSWERS: Final = (b"", b"Z", b"z", b"\x07")
"""What an adapter says to an order: nothing, sent, or no."""
_REMOTE: Final = (b"r", b"R")


class SlcanReader:
    """Cuts the adapter's bytes into frames; what cannot be read is counted by reason."""

    def __init__(self, stamps: Stamps | None = None, rejected: Counter[str] | None = None) -> None:
        """``stamps`` gives the frames their instants, by default as at an adapter that runs in real time."""
        self.rejected: Counter[str] = Counter() if rejected is None else rejected
        self._stamps = stamps or StampClock()
        self._held = b""

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """The frames that are complete with these bytes; their source time is None where the adapter does not stamp."""
        *lines, self._held = (self._held + data).replace(b"\n", b"\r").split(b"\r")
        if len(self._held) > _MAX_LINE:
            self._held = self._held[-_MAX_LINE:]
        frames = []
        for line in lines:
            frame = self._frame(line, arrival_ns)
            if frame is not None:
                frames.append(frame)
        return frames

    def restart(self) -> None:
        """The line was lost: drop what is half read, and believe the stamps anew."""
        if self._held:
            self.rejected["truncated"] += 1
        self._held = b""
        self._stamps.restart()

    def _frame(self, line: bytes, arrival_ns: int) -> Chunk | None:
        match = _LINE.fullmatch(line)
        if match is None:
            if line not in _ANSWERS and line[:1] not in _REMOTE:
                self.rejected["unreadable"] += 1
            return None
        standard, extended, length, rest = match.groups()
        identifier = int(standard or extended, 16)
        digits = 2 * int(length)
        stamp = rest[digits:]
        if len(rest) < digits or len(stamp) not in (0, 4) or identifier > MAX_EXTENDED_ID:
            self.rejected["unreadable"] += 1
            return None
        source_time_ns = None
        if stamp:
            stamp_ms = int(stamp, 16)
            if stamp_ms >= _STAMPS:
                self.rejected["bad_stamp"] += 1
                return None
            source_time_ns = self._stamps.utc_ns(stamp_ms, arrival_ns)
        payload = bytes.fromhex(rest[:digits].decode())
        return Chunk(pack(identifier | (EXTENDED if extended else 0), payload), source_time_ns, arrival_ns)
