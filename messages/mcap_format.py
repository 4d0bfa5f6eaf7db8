"""MCAP records as far as we need them (https://mcap.dev/spec): taken apart fast, and put together."""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from typing import Final, NamedTuple

import zstandard

MAGIC: Final = b"\x89MCAP0\r\n"
LARGEST_CHUNK: Final = 1 << 24
"""No chunk of ours is larger: what claims to be is damaged."""

HEAD: Final = struct.Struct("<BQ")
_MESSAGE: Final = struct.Struct("<BQHIQQ")
_CHUNK: Final = struct.Struct("<QQQI")


class Opcode(IntEnum):
    """The kinds of records we read or write."""

    HEADER = 0x01
    FOOTER = 0x02
    SCHEMA = 0x03
    CHANNEL = 0x04
    MESSAGE = 0x05
    CHUNK = 0x06
    ATTACHMENT = 0x09
    METADATA = 0x0C
    DATA_END = 0x0F


class RawMessage(NamedTuple):
    """One message as it is stored; its topic is the channel's."""

    arrival_ns: int
    source_time_ns: int
    channel_id: int
    payload: bytes


def chunk_records(content: bytes) -> bytes | None:
    """The records in a chunk, decompressed; None if they cannot be read or do not match its lengths and checksum."""
    if len(content) < _CHUNK.size + 12:
        return None
    _, _, size, checksum = _CHUNK.unpack_from(content)
    try:
        compression, place = take_string(content, _CHUNK.size)
        (stored_size,) = struct.unpack_from("<Q", content, place)
    except (ValueError, struct.error):
        return None
    stored = content[place + 8 :]
    if size > LARGEST_CHUNK or stored_size != len(stored) or compression not in ("", "zstd"):
        return None
    try:
        records = zstandard.ZstdDecompressor().decompress(stored, max_output_size=size) if compression else stored
    except zstandard.ZstdError:
        return None
    return records if len(records) == size and zlib.crc32(records) == checksum else None


def messages_in(records: bytes, messages: list[RawMessage], others: list[tuple[int, bytes]]) -> None:
    """Sort a chunk's records into messages and others (opcode, content). The chunk's checksum has been verified."""
    unpack = _MESSAGE.unpack_from
    append = messages.append
    place, end = 0, len(records)
    while place < end:
        if records[place] == Opcode.MESSAGE:
            _, length, channel_id, _, arrival_ns, source_time_ns = unpack(records, place)
            following = place + 9 + length
            append(RawMessage(arrival_ns, source_time_ns, channel_id, records[place + 31 : following]))
        else:
            opcode, length = HEAD.unpack_from(records, place)
            following = place + 9 + length
            others.append((opcode, records[place + 9 : following]))
        place = following


def payloads_in(records: bytes, payloads: list[tuple[int, bytes]]) -> None:
    """Arrival and payload of each message of a chunk: the shortest way, for scoring a whole recording again."""
    unpack = _MESSAGE.unpack_from
    append = payloads.append
    place, end = 0, len(records)
    while place < end:
        if records[place] == 5:
            _, length, _, _, arrival_ns, _ = unpack(records, place)
            following = place + 9 + length
            append((arrival_ns, records[place + 31 : following]))
            place = following
        else:
            place += 9 + HEAD.unpack_from(records, place)[1]


def channel_topic(content: bytes) -> tuple[int, str]:
    """Id and topic of a channel record."""
    (channel_id,) = struct.unpack_from("<H", content)
    topic, _ = take_string(content, 4)
    return channel_id, topic


def take_string(data: bytes, place: int) -> tuple[str, int]:
    """A length-prefixed string and the place behind it; what is not whole or no UTF-8 raises ValueError."""
    if place + 4 > len(data):
        raise ValueError("a string's length is cut off")
    (length,) = struct.unpack_from("<I", data, place)
    end = place + 4 + length
    if end > len(data):
        raise ValueError("a string is cut off")
    return data[place + 4 : end].decode("utf-8"), end


def take_map(data: bytes, place: int) -> dict[str, str]:
    """A length-prefixed map of strings; raises ValueError."""
    if place + 4 > len(data):
        raise ValueError("a map's length is cut off")
    (length,) = struct.unpack_from("<I", data, place)
    end = place + 4 + length
    place += 4
    found: dict[str, str] = {}
    while place < end:
        key, place = take_string(data, place)
        found[key], place = take_string(data, place)
    return found


def record(opcode: Opcode, content: bytes) -> bytes:
    """The bytes of a record."""
    return HEAD.pack(opcode, len(content)) + content


def message_record(channel_id: int, sequence: int, arrival_ns: int, source_time_ns: int, payload: bytes) -> bytes:
    """The bytes of a message record."""
    return _MESSAGE.pack(5, 22 + len(payload), channel_id, sequence, arrival_ns, source_time_ns) + payload


def chunk_record(first_ns: int, last_ns: int, records: bytes) -> bytes:
    """The bytes of an uncompressed chunk."""
    head = _CHUNK.pack(first_ns, last_ns, len(records), zlib.crc32(records))
    return record(Opcode.CHUNK, head + text("") + struct.pack("<Q", len(records)) + records)


def text(value: str) -> bytes:
    """A length-prefixed string."""
    data = value.encode("utf-8")
    return struct.pack("<I", len(data)) + data
