"""What every device driver is: a pure machine that is fed bytes and gives readings with their instants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from messages.readings import Reading


class Chunk(NamedTuple):
    """Bytes as a source delivers them: a stretch of a serial line, or one CAN frame packed by ``sensors.can_frame``."""

    data: bytes
    source_time_ns: int | None
    """UTC ns at the hardware, where the source can tell it."""
    arrival_ns: int
    """UTC ns when the bytes were read."""


class Timed(NamedTuple):
    """A reading and the UTC instant (ns) of what it tells."""

    source_time_ns: int
    reading: Reading


@dataclass(slots=True)
class Counts:
    """What a driver has seen since it began."""

    accepted: Counter[str] = field(default_factory=Counter)
    """Sentences or frames by kind."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Sentences or frames that were not used, by reason."""
    gaps: int = 0
    """Holes in a cycle or a counter."""

    @property
    def rejected_in_all(self) -> int:
        """How many were refused, whatever the reason."""
        return sum(self.rejected.values())


class Device(Protocol):
    """A driver: the same bytes give the same readings in whatever pieces; garbage is counted, never raised."""

    counts: Counts

    @property
    def model(self) -> str:
        """The name of the model, as in the site's list of devices."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of reading it gives."""

    @property
    def faults(self) -> tuple[str, ...]:
        """Open faults by code, for the heartbeat."""

    def read(self, chunk: Chunk) -> list[Timed]:
        """The readings that are complete with this chunk, in order."""

    def restart(self) -> None:
        """Forget what is half read: bytes have been lost between the last chunk and the next."""

    def finish(self) -> list[Timed]:
        """The readings that only waited for more bytes: there will be none."""

    def summary(self) -> dict[str, object]:
        """What ``sensors decode --summary`` shows beside the counts."""
