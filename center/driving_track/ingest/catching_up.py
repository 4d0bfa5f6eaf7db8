"""An exam's live picture made anew from the log, when readings came that its scorer had passed: as after a cut link.

The log is read beside the intake's thread, and folded in its thread a little at a time, so that nobody's findings wait.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path

from center.driving_track.ingest.intake import against_order
from center.driving_track.ingest.segments import Place, since
from center.driving_track.queries import DeviceFacts, ExamFacts
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.ordering import SourceKey, in_source_order, is_of_exam, source_key
from center.driving_track.scoring.path import PathPoint
from messages import codec, keys, topics
from messages.chain_check import is_signed
from messages.codec import BadMessage
from messages.envelope import Envelope
from messages.readings import Digest, ExamControl


class CatchUp:
    """A second scorer on its way to where the first one is, with all that the first one lacks."""

    def __init__(self, scorer: ExamScorer, log: Future[list[Envelope]]) -> None:
        """``log``: what had arrived so far, in source order; what arrives from now on must be noted."""
        self.scorer = scorer
        self.points: list[PathPoint | None] = []
        """Where the car was when each of ``scorer.seen`` was seen."""
        self._log = log
        self._arrived: list[Envelope] = []
        self._left: Iterator[Envelope] | None = None
        self._fed: deque[Envelope] = deque()
        self._last: SourceKey | None = None

    def note_arrival(self, envelope: Envelope) -> None:
        """A reading arrived, whether the first scorer takes it or not."""
        if self._left is None:
            self._arrived.append(envelope)

    def note_fed(self, envelope: Envelope) -> None:
        """The first scorer was fed this."""
        if self._left is not None:
            self._fed.append(envelope)

    @property
    def has_begun(self) -> bool:
        """Whether it is folding: what comes too late for the first scorer now is lacking in this one too."""
        return self._left is not None

    def go_on(self, waiting: Callable[[], Collection[SourceKey]], for_s: float) -> bool:
        """Fold on for so long; True once there. ``waiting``: what the first scorer has still to be fed.

        Raises OSError when the log cannot be read.
        """
        if self._left is None:
            if not self._log.done():
                return False
            self._left = self._all_but(waiting())
        deadline = time.monotonic() + for_s
        for envelope in self._left:
            self._feed(envelope)
            if time.monotonic() > deadline:
                return False
        while self._fed:
            self._feed(self._fed.popleft())
            if time.monotonic() > deadline:
                return not self._fed
        return True

    def _all_but(self, waiting: Collection[SourceKey]) -> Iterator[Envelope]:
        arrived = sorted(self._arrived, key=source_key)
        self._arrived = []
        for envelope in heapq.merge(self._log.result(), arrived, key=source_key):
            if source_key(envelope) not in waiting:
                yield envelope

    def _feed(self, envelope: Envelope) -> None:
        key = source_key(envelope)
        if key == self._last:
            return
        self._last = key
        self.scorer.feed(envelope.device_id, envelope.source_time_ns, envelope.body)
        while len(self.points) < len(self.scorer.seen):
            self.points.append(self.scorer.latest_point)


def read_again(
    folder: Path, facts: ExamFacts, devices: Collection[str], enrolled: Mapping[str, DeviceFacts]
) -> list[Envelope]:
    """What the log holds of an exam's devices since its call, in source order."""
    return in_source_order(envelope for _, envelope in heard(folder, facts, devices, enrolled))


def heard(
    folder: Path, facts: ExamFacts, devices: Collection[str], enrolled: Mapping[str, DeviceFacts]
) -> list[tuple[int, Envelope]]:
    """What the log holds of an exam's devices since its call and may be scored, with its arrival (UTC ns)."""
    found = []
    for message in since(folder, Place(facts.log_segment, facts.log_offset)):
        parts = topics.parts_of(message.topic)
        if parts is not None and parts[2] in devices:
            envelope = _read(message.payload, enrolled)
            if envelope is not None and is_of_exam(envelope, facts.called_ns):
                found.append((message.arrival_ns, envelope))
    own = _own_boots((envelope for _, envelope in found), enrolled)
    return [one for one in found if _is_own(one[1], own)]


def _read(payload: bytes, enrolled: Mapping[str, DeviceFacts]) -> Envelope | None:
    try:
        envelope = codec.decode(payload)
    except BadMessage:
        return None
    device = enrolled.get(envelope.device_id)
    return None if device is None or against_order(envelope, device.public_key) is not None else envelope


def _own_boots(envelopes: Iterable[Envelope], enrolled: Mapping[str, DeviceFacts]) -> dict[str, set[str]]:
    """The boots in which each device has signed a digest."""
    own: dict[str, set[str]] = {}
    for one in envelopes:
        boots = own.setdefault(one.device_id, set())
        if one.boot_id not in boots and isinstance(one.body, Digest) and _is_signed(one, one.body, enrolled):
            boots.add(one.boot_id)
    return own


def _is_signed(envelope: Envelope, digest: Digest, enrolled: Mapping[str, DeviceFacts]) -> bool:
    key = keys.public_from_hex(enrolled[envelope.device_id].public_key)
    named = envelope.centre_id, envelope.device_id, envelope.boot_id
    return is_signed(key, *named, digest.through_seq, digest.head_sha256, digest.signature)


def _is_own(envelope: Envelope, own: Mapping[str, Collection[str]]) -> bool:
    """Whether it is not a stranger's: of a boot that has not signed, under the name of a device that has in another."""
    boots = own.get(envelope.device_id)
    return not boots or envelope.boot_id in boots or isinstance(envelope.body, ExamControl)
