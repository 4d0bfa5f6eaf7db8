"""The intake log as a row of files, each named for the instant it was begun, and places in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from messages.intake_log import LogWriter, RecordedMessage, read_messages

_LARGEST_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log: everything from here on came later."""

    segment: str
    offset: int


class Segments:
    """The log that is being written; used by one thread."""

    def __init__(self, folder: Path, now_ns: int) -> None:
        """Go on with the newest segment, or begin the first."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        names = segments_in(folder)
        self._name = names[-1] if names else _name(now_ns)
        self._writer = LogWriter(folder / self._name)

    @property
    def place(self) -> Place:
        """Where the next message will be written."""
        return Place(self._name, self._writer.offset)

    def append(self, topic: str, payload: bytes, arrival_ns: int, source_time_ns: int) -> None:
        """Take a message in; it is on the disk after the next ``sync``."""
        self._writer.append(topic, payload, arrival_ns, source_time_ns)

    def sync(self, now_ns: int) -> None:
        """Write and fsync what was appended; raises OSError, then everything is kept for the next try."""
        if self._writer.sync() > _LARGEST_BYTES:
            fresh = _name(now_ns)
            if fresh > self._name:
                writer = LogWriter(self._folder / fresh)
                self._writer.close()
                self._writer, self._name = writer, fresh

    def close(self) -> None:
        """Sync and close."""
        self._writer.close()


def segments_in(folder: Path) -> list[str]:
    """The segments' names, oldest first."""
    return sorted(path.name for path in folder.glob("intake-*.mcap"))


def since(folder: Path, place: Place) -> Iterator[RecordedMessage]:
    """Every message from a place on, in order of arrival, up to where the log ends by now."""
    read = ""
    while names := [name for name in segments_in(folder) if name >= place.segment and name > read]:
        read = names[0]
        yield from read_messages(folder / read, place.offset if read == place.segment else 0)


def forget(folder: Path, *, ended_before_ns: int, needed_from: str | None) -> list[str]:
    """Delete the segments that ended before an instant; the names of those deleted. Raises OSError.

    A segment ends where the next begins, so the newest always stays; ``needed_from`` names the oldest that somebody
    still reads.
    """
    names = segments_in(folder)
    gone = []
    for name, following in pairwise(names):
        if _began_ns(following) >= ended_before_ns or (needed_from is not None and name >= needed_from):
            break
        (folder / name).unlink()
        gone.append(name)
    return gone


def newest(folder: Path) -> Iterator[RecordedMessage]:
    """Every message of the newest segment."""
    names = segments_in(folder)
    if names:
        yield from read_messages(folder / names[-1])


def _began_ns(name: str) -> int:
    return int(name.removeprefix("intake-").removesuffix(".mcap"))


def _name(now_ns: int) -> str:
    return f"intake-{now_ns:020d}.mcap"
