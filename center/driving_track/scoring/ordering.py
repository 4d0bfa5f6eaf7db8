"""Readings in source order: by a sort once a recording is closed, by a watermark while an exam runs."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from operator import attrgetter

from messages.envelope import Envelope
from messages.readings import Birth, Digest, ExamControl, Heartbeat

SourceKey = tuple[int, str, str, int]
"""Source time, device, boot and sequence: the one order of readings, whatever way they came."""

FUTURE_NS = 2_000_000_000
"""A reading dated later than its arrival by more than this has a wrong clock and is not scored."""


OVERTAKES_NS = 1_000_000_000
"""What a device says of itself may overtake by so much a reading that is still being made of bytes."""
_OF_ITSELF = (Heartbeat, Digest, Birth)


def told_until_ns(envelope: Envelope, *, speaks_steadily: bool) -> int:
    """Up to which source time an envelope says that its device has nothing more to tell.

    A device that speaks steadily tells by its readings; its heartbeats are made beside them.
    """
    told_ns = envelope.source_time_ns
    return told_ns - OVERTAKES_NS if speaks_steadily and isinstance(envelope.body, _OF_ITSELF) else told_ns


def source_key(envelope: Envelope) -> SourceKey:
    """Where an envelope stands in source order."""
    return envelope.source_time_ns, envelope.device_id, envelope.boot_id, envelope.seq


# The same key, made in C: a recording has tens of thousands.
_source_key = attrgetter("source_time_ns", "device_id", "boot_id", "seq")


def is_of_exam(envelope: Envelope, called_ns: int) -> bool:
    """Whether it is of the time of an exam: what an outbox held of an earlier time may come only after the call."""
    return envelope.source_time_ns >= called_ns or isinstance(envelope.body, ExamControl)


def in_source_order(envelopes: Iterable[Envelope]) -> list[Envelope]:
    """Sort a closed recording; of doubles (same device, boot and sequence) the first stays."""
    ordered = sorted(envelopes, key=_source_key)
    doubles = {
        at
        for at, (one, other) in enumerate(pairwise(ordered), 1)
        if one.source_time_ns == other.source_time_ns and source_key(one) == source_key(other)
    }
    return [one for at, one in enumerate(ordered) if at not in doubles] if doubles else ordered


class Watermark:
    """Holds readings back until no live device can still send an earlier one.

    The watermark is the smallest latest source time of the devices that are live: those heard of within their
    ``silent_after``. What comes in below it is late: it is counted here and scored only from the closed recording.
    """

    def __init__(self, silent_after_ns: dict[str, int], steady: Collection[str] = ()) -> None:
        """``steady``: the devices whose readings come all the time, so that heartbeats tell nothing of them."""
        self._silent_after_ns = silent_after_ns
        self._steady = frozenset(steady)
        self._latest_ns: dict[str, int] = {}
        self._heard_ns: dict[str, int] = {}
        self._waiting: list[tuple[SourceKey, Envelope]] = []
        self._passed_ns = 0
        self.late = 0

    def put(self, envelope: Envelope, arrival_ns: int) -> None:
        """Take in a reading as it arrives."""
        device = envelope.device_id
        self._heard_ns[device] = arrival_ns
        told_ns = told_until_ns(envelope, speaks_steadily=device in self._steady)
        if told_ns > self._latest_ns.get(device, -1):
            self._latest_ns[device] = told_ns
        if envelope.source_time_ns < self._passed_ns:
            self.late += 1
            return
        heapq.heappush(self._waiting, (source_key(envelope), envelope))

    def ready(self, now_ns: int) -> Iterator[Envelope]:
        """The readings that have come of age, in source order."""
        watermark_ns = self.watermark_ns(now_ns)
        waiting = self._waiting
        while waiting and waiting[0][0][0] <= watermark_ns:
            key, envelope = heapq.heappop(waiting)
            self._passed_ns = key[0]
            yield envelope

    def watermark_ns(self, now_ns: int) -> int:
        """Up to which source time everything has come, as far as live devices go."""
        live = [
            self._latest_ns[device]
            for device, heard_ns in self._heard_ns.items()
            if now_ns - heard_ns <= self._silent_after_ns.get(device, 0)
        ]
        return min(live) if live else now_ns

    def waiting(self) -> set[SourceKey]:
        """The places in source order of what is held back."""
        return {key for key, _ in self._waiting}

    def __len__(self) -> int:
        return len(self._waiting)
