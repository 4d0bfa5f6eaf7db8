"""A file of what hardware once wrote: a receiver's bytes as they came, a candump log, or an adapter's slcan lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sensors.can_frame import EXTENDED, MAX_EXTENDED_ID, MAX_STANDARD_ID, pack
from sensors.device import Chunk
from sensors.sources.slcan import SlcanReader
from sensors.stamps import RecordedStamps

_READ_BYTES: Final = 1 << 16
_CANDUMP = re.compile(
    rb"\((\d{1,10})\.(\d{6})\)\s+\S+\s+([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#((?:[0-9A-Fa-f]{2}){0,8})(?: [RT])?"
)


def read_bytes(path: Path) -> Iterator[Chunk]:
    """A receiver's bytes; they count as having arrived when the file was last written. Raises OSError."""
    arrival_ns = path.stat().st_mtime_ns
    with path.open("rb") as file:
        while data := file.read(_READ_BYTES):
            yield Chunk(data, None, arrival_ns)


def read_frames(path: Path, rejected: Counter[str]) -> Iterator[Chunk]:
    """The CAN frames of a candump log or of slcan lines; what is neither is counted. Raises OSError."""
    arrival_ns = path.stat().st_mtime_ns
    slcan = SlcanReader(RecordedStamps(arrival_ns), rejected)
    with path.open("rb") as file:
        for line in file:
            stripped = line.strip()
            if stripped[:1] in (b"t", b"T", b"r", b"R"):
                yield from slcan.feed(stripped + b"\r", arrival_ns)
            elif stripped:
                frame = _candump_frame(stripped)
                if frame is None:
                    rejected["unreadable"] += 1
                else:
                    yield frame


def _candump_frame(line: bytes) -> Chunk | None:
    match = _CANDUMP.fullmatch(line)
    if match is None:
        return None
    seconds, microseconds, digits, payload = match.groups()
    identifier = int(digits, 16)
    is_extended = len(digits) == 8
    if identifier > (MAX_EXTENDED_ID if is_extended else MAX_STANDARD_ID):
        return None
    time_ns = int(seconds) * 1_000_000_000 + int(microseconds) * 1000
    data = bytes.fromhex(payload.decode())
    return Chunk(pack(identifier | (EXTENDED if is_extended else 0), data), time_ns, time_ns)
