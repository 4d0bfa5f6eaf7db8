"""The centre's running log of every message that arrives, durable every few milliseconds, as an MCAP file.

Each sync appends one closed, uncompressed chunk: an open chunk would not be durable, and a message outside any chunk
has no checksum. Schemas and channels stand before the first chunk that needs them, and once more in it. A log cut off
anywhere is whole up to its last sync, and is continued there.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from messages import topics
from messages.mcap_format import (
    MAGIC,
    Opcode,
    RawMessage,
    channel_topic,
    chunk_record,
    message_record,
    messages_in,
    record,
    take_string,
    text,
)
from messages.mcap_walk import Damage, Record, Walk
from messages.schemas import viewer_schema_of

_LARGEST_GROUP: Final = 1 << 22


class RecordedMessage(msgspec.Struct, frozen=True, gc=False):
    """One message as it arrived."""

    arrival_ns: int
    source_time_ns: int
    topic: str
    payload: bytes


class LogWriter:
    """Appends to one log; used by one thread. What ``sync`` has returned for is on the disk."""

    def __init__(self, path: Path) -> None:
        """Open or begin a log. A torn end, which no sync had covered, is cut off; see ``damages``."""
        self._path = path
        self._channels: dict[str, int] = {}
        self._schemas: dict[str, int] = {}
        self._declared = 0
        self._declarations = bytearray()
        self._group = bytearray()
        self._group_first_ns = 0
        self._group_last_ns = 0
        self._sequence = 0
        self.damages: list[Damage] = []
        """What of an existing log was not whole when it was opened."""
        is_new = not path.exists()
        self._file = path.open("ab", buffering=0)
        self._offset = 0 if is_new else self._recover()
        if self._offset == 0:
            self._file.truncate(0)
            self._write(MAGIC + record(Opcode.HEADER, text("") + text("speccenter")))
        if is_new:
            _sync_folder(path.parent)

    @property
    def offset(self) -> int:
        """The end of what is synced; ``read_messages`` from here on yields what comes later."""
        return self._offset

    def append(self, topic: str, payload: bytes, arrival_ns: int, source_time_ns: int) -> None:
        """Take a message in; it is on the disk after the next ``sync``."""
        group = self._group
        if not group:
            self._group_first_ns = self._group_last_ns = arrival_ns
        elif arrival_ns > self._group_last_ns:
            self._group_last_ns = arrival_ns
        elif arrival_ns < self._group_first_ns:
            self._group_first_ns = arrival_ns
        channel_id = self._channels.get(topic)
        if channel_id is None:
            channel_id = self._declare(topic)
        self._sequence = (self._sequence + 1) & 0xFFFFFFFF
        group += message_record(channel_id, self._sequence, arrival_ns, source_time_ns, payload)
        if len(group) > _LARGEST_GROUP:
            self._close_group()

    def sync(self) -> int:
        """Write and fsync what was appended; the new ``offset``. Raises OSError (a full disk), then keeps it."""
        if self._group:
            self._close_group()
        if self._declarations:
            self._write(bytes(self._declarations))
            self._declarations.clear()
        return self._offset

    def close(self) -> None:
        """Sync and close. The log has no index and no footer: it is continued, or cut into recordings."""
        self.sync()
        self._file.close()

    def _declare(self, topic: str) -> int:
        parts = topics.parts_of(topic)
        kind = parts[3] if parts else ""
        schema_id = self._schemas.get(kind, 0)
        schema = viewer_schema_of(kind)
        if schema_id == 0 and schema is not None:
            self._declared += 1
            schema_id = self._schemas[kind] = self._declared
            data = (
                struct.pack("<H", schema_id) + text(kind) + text("jsonschema") + struct.pack("<I", len(schema)) + schema
            )
            self._add_declaration(record(Opcode.SCHEMA, data))
        self._declared += 1
        channel_id = self._channels[topic] = self._declared
        data = struct.pack("<HH", channel_id, schema_id) + text(topic) + text("json") + struct.pack("<I", 0)
        self._add_declaration(record(Opcode.CHANNEL, data))
        return channel_id

    def _add_declaration(self, declaration: bytes) -> None:
        # Outside the chunk, where a reader that begins later finds it quickly; and inside, where a checksum covers it.
        self._declarations += declaration
        self._group += declaration

    def _close_group(self) -> None:
        self._declarations += chunk_record(self._group_first_ns, self._group_last_ns, bytes(self._group))
        self._group.clear()

    def _write(self, data: bytes) -> None:
        try:
            written = 0
            while written < len(data):
                written += self._file.write(data[written:]) or 0
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(self._offset)
            raise
        self._offset += len(data)

    def _recover(self) -> int:
        with self._path.open("rb") as file:
            walk = Walk(file)
            end = 0
            for found in walk:
                if found.opcode in (Opcode.SCHEMA, Opcode.CHANNEL):
                    self._declared += 1  # the chunk behind it may be cut off; its number is not given again
                elif found.opcode == Opcode.CHUNK:
                    self._take_declarations(found.content)
                end = found.end
        self.damages = walk.damages
        if end > 0:  # behind damage that is followed by nothing, too; a log without one record is begun anew
            end = walk.end
        self._file.truncate(end)
        return end

    def _take_declarations(self, chunk: bytes) -> None:
        """Learn what a chunk declares: what stands between chunks says the same, without a checksum."""
        others: list[tuple[int, bytes]] = []
        messages_in(chunk, [], others)
        for opcode, content in others:
            if opcode == Opcode.CHANNEL:
                number, topic = channel_topic(content)
                self._channels[topic] = number
            elif opcode == Opcode.SCHEMA:
                (number,) = struct.unpack_from("<H", content)
                self._schemas[take_string(content, 2)[0]] = number
            else:
                continue
            self._declared = max(self._declared, number)


class LogReader:
    """The messages of a log, in order of arrival, also while it is being written: it ends where the log ends by now.

    ``offset`` is then the place to go on from with another reader.
    """

    def __init__(self, path: Path, offset: int = 0) -> None:
        self._path = path
        self.offset = offset
        self.damages: list[Damage] = []

    def __iter__(self) -> Iterator[RecordedMessage]:
        with self._path.open("rb") as file:
            topic_of = self._channels_before(file) if self.offset else {}
            walk = Walk(file, self.offset)
            for found in walk:
                if found.opcode == Opcode.CHANNEL:
                    self._take_channel(found.offset, found.content, topic_of)
                elif found.opcode == Opcode.CHUNK:
                    yield from self._messages_of(found, topic_of)
                self.offset = found.end
            self.offset = walk.end
            self.damages += walk.damages

    def _channels_before(self, file: BinaryIO) -> dict[int, str]:
        """What was declared up to the offset; every chunk is read only where a length led astray."""
        walk = Walk(file, skip_chunks=True)
        topic_of = self._channels_of(walk, skipping=True)
        if walk.damages or walk.end != self.offset:
            topic_of = self._channels_of(Walk(file), skipping=False)
        return topic_of

    def _channels_of(self, walk: Walk, *, skipping: bool) -> dict[int, str]:
        topic_of: dict[int, str] = {}
        for found in walk:
            if found.offset >= self.offset:
                break
            if found.opcode == Opcode.CHANNEL:
                self._take_channel(found.offset, found.content, topic_of)
            elif found.opcode == Opcode.CHUNK and found.content:
                list(self._messages_of(found, topic_of))
            # A declaration between chunks has no checksum: the chunk behind it holds it once more.
            walk.skip_chunks = skipping and found.opcode == Opcode.CHUNK
        return topic_of

    def _take_channel(self, offset: int, content: bytes, topic_of: dict[int, str]) -> None:
        try:
            channel_id, topic = channel_topic(content)
        except (ValueError, struct.error) as error:
            self.damages.append(Damage(offset, f"a channel cannot be read: {error}"))
        else:
            topic_of[channel_id] = topic

    def _messages_of(self, chunk: Record, topic_of: dict[int, str]) -> Iterator[RecordedMessage]:
        messages: list[RawMessage] = []
        others: list[tuple[int, bytes]] = []
        messages_in(chunk.content, messages, others)
        for opcode, inner in others:
            if opcode == Opcode.CHANNEL:
                self._take_channel(chunk.offset, inner, topic_of)
        for arrival_ns, source_time_ns, channel_id, payload in messages:
            yield RecordedMessage(arrival_ns, source_time_ns, topic_of.get(channel_id, ""), payload)


def read_messages(path: Path, offset: int = 0) -> LogReader:
    """Iterate over a log, or the rest of it from an offset on."""
    return LogReader(path, offset)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
