"""What the centre has not acknowledged yet: a device's messages in order, in append-only files that survive kill -9.

One folder per device holds segments ``00000007.<boot id>.segment`` of framed records, and ``cursor.json`` with what the
centre has acknowledged of each boot. A record is: length of the rest and its CRC-32 (little-endian u32 each), sequence
number and source time (i64 each), length of the kind (u8), kind, payload.
"""

from __future__ import annotations

import errno
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from messages.outbox_segments import FRAME, Segment, Stored, frame, read_segment, records_in

_SEGMENT_NAME: Final = re.compile(r"(\d{8})\.([A-Za-z0-9_-]+)\.segment")
_FULL_ERRORS: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_BYTES: Final = 1 << 18


class OutboxFull(OSError):
    """The disk has no room for another message. Nothing that was synced is lost; what was not is not published."""


class Position(NamedTuple):
    """A place between two records."""

    segment: int
    offset: int


_START: Final = Position(0, 0)


class Outbox:
    """One device's unacknowledged messages. Any method may be called from any thread.

    What is appended is kept in memory until ``sync`` has written and fsynced it; only then ``pending`` shows it, so
    that nothing is ever published which a crash could still take back.
    """

    def __init__(
        self, folder: Path, boot_id: str, *, segment_bytes: int = 1 << 20, buffer_bytes: int = 1 << 22
    ) -> None:
        """Open a folder (made if missing) for a new boot; raises OutboxFull or OSError if it cannot be used."""
        self._folder = folder
        self._boot_id = boot_id
        self._segment_bytes = segment_bytes
        self._buffer_bytes = buffer_bytes
        self._buffer = bytearray()
        self._buffered_seqs: list[int] = []
        self._buffer_lock = threading.Lock()
        self._file_lock = threading.Lock()
        self._segments: list[Segment] = []
        self._acknowledged: dict[str, int] = {}
        self._cursor_changed = False
        self._descriptor = -1
        self.damages: list[str] = []
        """What was found broken at opening: torn tails of unsynced writes, and anything worse."""
        self.last: Stored | None = None
        """The last message that an earlier boot left here, acknowledged or not; None if there is none."""
        folder.mkdir(parents=True, exist_ok=True)
        self._open()

    def append(self, seq: int, kind: str, source_time_ns: int, payload: bytes) -> None:
        """Take a message in. Raises :class:`OutboxFull` when unwritten messages fill the memory meant for them."""
        record = frame(seq, kind, source_time_ns, payload)
        with self._buffer_lock:
            if len(self._buffer) + len(record) > self._buffer_bytes:
                raise OutboxFull(errno.ENOSPC, "messages wait for a disk that takes none", str(self._folder))
            self._buffer += record
            self._buffered_seqs.append(seq)

    @property
    def has_room(self) -> bool:
        """Whether another message of the largest size can be appended: asked before a sequence number is spent."""
        return len(self._buffer) + (1 << 15) <= self._buffer_bytes

    def sync(self) -> bool:
        """Write and fsync what was appended; False if there was nothing. Raises :class:`OutboxFull`, then keeps it."""
        with self._file_lock:
            self._write_cursor()
            with self._buffer_lock:
                data, seqs = bytes(self._buffer), self._buffered_seqs
                self._buffered_seqs = []
            if not seqs:
                return False
            try:
                self._write(data, seqs)
            except OSError as error:
                with self._buffer_lock:
                    self._buffered_seqs = seqs + self._buffered_seqs
                if error.errno in _FULL_ERRORS:
                    raise OutboxFull(error.errno, "the disk is full", str(self._folder)) from error
                raise
            with self._buffer_lock:
                del self._buffer[: len(data)]
            return True

    def pending(self, after: Position | None = None) -> Iterator[tuple[Position, Stored]]:
        """Synced messages that are not acknowledged, in order, each with the position behind it.

        ``after`` continues behind an earlier one. Older boots come first.
        """
        start = after or _START
        for segment in self._snapshot():
            if segment.number < start.segment or segment.size == 0:
                continue
            offset = start.offset if segment.number == start.segment else 0
            yield from self._pending_in(segment, offset)

    def has_more(self, after: Position | None) -> bool:
        """Whether ``pending`` would go on behind this position."""
        segments = [segment for segment in self._snapshot() if segment.size]
        return bool(segments) and Position(segments[-1].number, segments[-1].size) > (after or _START)

    def acknowledge(self, boot_id: str, through_seq: int) -> bool:
        """The centre holds everything of that boot up to this number; False if that was known or cannot be."""
        with self._file_lock:
            of_boot = [segment for segment in self._segments if segment.boot_id == boot_id and segment.size]
            if not of_boot or through_seq > of_boot[-1].last_seq:
                return False
            if through_seq <= self._acknowledged.get(boot_id, -1):
                return False
            self._acknowledged[boot_id] = through_seq
            self._cursor_changed = True
            for segment in of_boot:
                if segment is not self._segments[-1] and segment.last_seq <= through_seq:
                    self._drop(segment)
            return True

    @property
    def waiting(self) -> int:
        """How many synced messages the centre has not acknowledged."""
        return sum(
            max(0, segment.last_seq - max(segment.first_seq - 1, self._acknowledged.get(segment.boot_id, -1)))
            for segment in self._snapshot()
            if segment.size
        )

    def close(self) -> None:
        """Sync and close."""
        self.sync()
        with self._file_lock:
            self._write_cursor()
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> None:
        self._read_cursor()
        found = sorted(
            (int(match[1]), match[2])
            for path in self._folder.iterdir()
            if (match := _SEGMENT_NAME.fullmatch(path.name))
        )
        for number, boot_id in found:
            self._recover(number, boot_id)
        self._begin_segment(found[-1][0] + 1 if found else 1)

    def _recover(self, number: int, boot_id: str) -> None:
        path = self._path(number, boot_id)
        segment, last, damage = read_segment(path, number, boot_id)
        if damage is not None:
            self.damages.append(f"{path.name}: {damage}")
            os.truncate(path, segment.size)
        self.last = last or self.last
        if segment.size == 0 or segment.last_seq <= self._acknowledged.get(boot_id, -1):
            path.unlink()
        else:
            self._segments.append(segment)

    def _begin_segment(self, number: int) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        path = self._path(number, self._boot_id)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._sync_folder()
        segment = Segment(number, self._boot_id)
        with self._buffer_lock:
            self._segments = [*self._segments, segment]

    def _write(self, data: bytes, seqs: list[int]) -> None:
        if self._segments[-1].size >= self._segment_bytes or self._descriptor < 0:
            self._begin_segment(self._segments[-1].number + 1)
            self._drop_acknowledged()
        segment = self._segments[-1]
        try:
            written = 0
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
            os.fsync(self._descriptor)
        except OSError:
            os.ftruncate(self._descriptor, segment.size)
            raise
        if segment.size == 0:
            segment.first_seq = seqs[0]
        segment.last_seq = seqs[-1]
        segment.size += len(data)

    def _drop_acknowledged(self) -> None:
        for segment in self._segments[:-1]:
            if segment.last_seq <= self._acknowledged.get(segment.boot_id, -1):
                self._drop(segment)

    def _drop(self, segment: Segment) -> None:
        with self._buffer_lock:
            self._segments = [other for other in self._segments if other is not segment]
        self._path(segment.number, segment.boot_id).unlink(missing_ok=True)

    def _snapshot(self) -> list[Segment]:
        with self._buffer_lock:
            return self._segments

    def _pending_in(self, segment: Segment, offset: int) -> Iterator[tuple[Position, Stored]]:
        try:
            file = self._path(segment.number, segment.boot_id).open("rb")
        except FileNotFoundError:
            return  # acknowledged and deleted meanwhile
        with file:
            while offset < segment.size:
                file.seek(offset)
                data = file.read(min(_READ_BYTES, segment.size - offset))
                end = 0
                for end, stored in records_in(data, segment.boot_id):
                    if stored.seq > self._acknowledged.get(segment.boot_id, -1):
                        yield Position(segment.number, offset + end), stored
                if end == 0:
                    if len(data) < FRAME.size or offset + len(data) >= segment.size:
                        return  # unreadable since it was synced; noted at the next opening
                    raise ValueError(f"{self._folder}: a record is longer than {_READ_BYTES} bytes")
                offset += end

    def _path(self, number: int, boot_id: str) -> Path:
        return self._folder / f"{number:08d}.{boot_id}.segment"

    def _read_cursor(self) -> None:
        try:
            self._acknowledged = msgspec.json.decode((self._folder / "cursor.json").read_bytes(), type=dict[str, int])
        except FileNotFoundError:
            return
        except msgspec.MsgspecError as error:
            # What was acknowledged is sent again, which does no harm.
            self.damages.append(f"cursor.json: {error}")

    def _write_cursor(self) -> None:
        """Not fsynced: an older cursor only means that the centre hears something twice."""
        if not self._cursor_changed:
            return
        kept = {segment.boot_id for segment in self._segments}
        self._acknowledged = {boot: seq for boot, seq in self._acknowledged.items() if boot in kept}
        fresh = self._folder / "cursor.json.new"
        try:
            fresh.write_bytes(msgspec.json.encode(self._acknowledged))
            fresh.replace(self._folder / "cursor.json")
        except OSError as error:
            if error.errno not in _FULL_ERRORS:
                raise
            return
        self._cursor_changed = False

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
