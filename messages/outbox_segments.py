"""The records of an outbox's segment files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

FRAME: Final = struct.Struct("<II")
_HEAD: Final = struct.Struct("<qqB")


class Stored(NamedTuple):
    """One message as it waits."""

    boot_id: str
    seq: int
    kind: str
    source_time_ns: int
    payload: bytes


@dataclass(slots=True)
class Segment:
    """One file: what it holds, and how many of its bytes are whole and synced."""

    number: int
    boot_id: str
    first_seq: int = 0
    last_seq: int = -1
    size: int = 0


def frame(seq: int, kind: str, source_time_ns: int, payload: bytes) -> bytes:
    """The record of one message."""
    name = kind.encode("ascii")
    rest = _HEAD.pack(seq, source_time_ns, len(name)) + name + payload
    return FRAME.pack(len(rest), zlib.crc32(rest)) + rest


def records_in(data: bytes, boot_id: str) -> Iterator[tuple[int, Stored]]:
    """Whole records from the start of ``data``, each with the offset behind it; ends at the first that is not whole."""
    offset = 0
    while offset + FRAME.size <= len(data):
        length, checksum = FRAME.unpack_from(data, offset)
        start, end = offset + FRAME.size, offset + FRAME.size + length
        rest = data[start:end]
        if length < _HEAD.size or end > len(data) or zlib.crc32(rest) != checksum:
            return
        seq, source_time_ns, name_length = _HEAD.unpack_from(rest)
        name_end = _HEAD.size + name_length
        kind = rest[_HEAD.size : name_end].decode("ascii")
        yield end, Stored(boot_id, seq, kind, source_time_ns, rest[name_end:])
        offset = end


def read_segment(path: Path, number: int, boot_id: str) -> tuple[Segment, Stored | None, str | None]:
    """What a file holds up to its first broken record, its last whole message, and what is broken, if anything."""
    data = path.read_bytes()
    segment = Segment(number, boot_id)
    last: Stored | None = None
    for end, stored in records_in(data, boot_id):
        if last is None:
            segment.first_seq = stored.seq
        last = stored
        segment.last_seq, segment.size = stored.seq, end
    if segment.size == len(data):
        return segment, last, None
    return segment, last, f"{len(data) - segment.size} bytes from offset {segment.size} on are no whole record"
