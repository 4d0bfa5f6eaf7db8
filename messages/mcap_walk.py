"""A walk over the records of an MCAP file, as far as a damaged one is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from messages.mcap_format import HEAD, MAGIC, Opcode, chunk_records

_LARGEST_RECORD: Final = 1 << 27
_KNOWN: Final = frozenset(range(0x01, 0x10))
_LENGTHS: Final[dict[int, int]] = {Opcode.FOOTER: 20, Opcode.DATA_END: 4}
_WINDOW_BYTES: Final = 1 << 20
_CHUNK_START_BYTES: Final = 45
"""As much as the pattern looks at."""
_CHUNK_START: Final = re.compile(rb"(?=\x06...\x00{5}.{16}...\x00{5}.{4}(?:\x04\x00\x00\x00zstd|\x00{4}))", re.DOTALL)


class Damage(NamedTuple):
    """What of a file is not whole; ``offset`` is in bytes from its start."""

    offset: int
    what: str


class Record(NamedTuple):
    """One record of a file: where it starts, where the next one starts, what it is, and what it holds."""

    offset: int
    end: int
    opcode: int
    content: bytes


class Walk:
    """The records of a file from an offset on, one after the other; ``damages`` grows, ``end`` is behind the last one.

    Of a chunk come the records in it, decompressed and proven by its checksum; while ``skip_chunks`` none, unread.
    The format protects no record's kind and length, so neither is believed against a chunk that proves whole: what
    holds one of our chunks is a chunk whatever its kind says, and no length leads past one.
    """

    def __init__(self, file: BinaryIO, offset: int = 0, *, skip_chunks: bool = False) -> None:
        self._file = file
        self.skip_chunks = skip_chunks
        self._size = file.seek(0, 2)
        self.damages: list[Damage] = []
        self.end = offset

    def __iter__(self) -> Iterator[Record]:
        offset = self.end
        if offset == 0:
            self._file.seek(0)
            if self._file.read(len(MAGIC)) != MAGIC:
                self.damages.append(Damage(0, "the file does not begin as an MCAP file"))
            offset = self.end = min(len(MAGIC), self._size)
        while offset < self._size:
            record = self._record_at(offset)
            if record is not None:
                yield record
                offset = self.end = record.end
                if record.opcode == Opcode.FOOTER:
                    return
            else:
                following = self._following(offset)
                if following is None:
                    self.damages.append(Damage(offset, f"the last {self._size - offset} bytes are no whole record"))
                    return
                self.damages.append(Damage(offset, f"{following - offset} bytes are no whole record"))
                offset = self.end = following

    def _record_at(self, offset: int) -> Record | None:
        head = self._head_at(offset)
        if head is None:
            return None
        opcode, end = head
        if opcode == Opcode.CHUNK and self.skip_chunks:
            return Record(offset, end, opcode, b"")
        content = self._read(offset + HEAD.size, end)
        records = chunk_records(content)
        if records is not None:
            return Record(offset, end, Opcode.CHUNK, records)
        if opcode == Opcode.CHUNK or opcode not in _KNOWN or len(content) != _LENGTHS.get(opcode, len(content)):
            return None
        if _CHUNK_START.search(content) and self._chunk_between(offset + 1, end) is not None:
            return None
        return Record(offset, end, opcode, content)

    def _head_at(self, offset: int) -> tuple[int, int] | None:
        """What a record says of itself, its kind and where it ends; None if the file has no room for that."""
        head = self._read(offset, offset + HEAD.size)
        if len(head) < HEAD.size:
            return None
        opcode, length = HEAD.unpack(head)
        end = offset + HEAD.size + length
        return None if length > _LARGEST_RECORD or end > self._size else (opcode, end)

    def _following(self, offset: int) -> int | None:
        """Where to go on behind what is not whole: a whole chunk in it, its own end, or the next whole chunk."""
        head = self._head_at(offset)
        if head is not None:
            _, end = head
            inside = self._chunk_between(offset + 1, end)
            if inside is not None:
                return inside
            after = self._head_at(end)
            if end == self._size or (after is not None and after[0] in _KNOWN):
                return end
        return self._chunk_between(offset + 1, self._size)

    def _chunk_between(self, start: int, end: int) -> int | None:
        """Where in a stretch of the file the first chunk begins that proves whole."""
        for window in range(start, end, _WINDOW_BYTES):
            data = self._read(window, min(window + _WINDOW_BYTES, end) + _CHUNK_START_BYTES - 1)
            for match in _CHUNK_START.finditer(data):
                place = window + match.start()
                head = self._head_at(place)
                if head is not None and chunk_records(self._read(place + HEAD.size, head[1])) is not None:
                    return place
        return None

    def _read(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        return self._file.read(end - start)
