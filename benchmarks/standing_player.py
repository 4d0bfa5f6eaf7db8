"""Plays messages while the centre's time stands still until it has taken them in: a busy machine only takes longer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from benchmarks.acknowledged import Acknowledged
from benchmarks.centre import Bench
from benchmarks.publisher import Publisher
from messages.intake_log import RecordedMessage
from messages.steered_clock import Hand

_STEP_NS = 4_000_000_000
"""Played at once; well within what a pack lets a source be silent at this rate of simulated time."""


class StandingPlayer:
    """Owns the hand of the centre's clock."""

    def __init__(self, bench: Bench, hand: Hand, messages: Sequence[RecordedMessage]) -> None:
        """``messages`` are in source order."""
        url = bench.broker.url()
        self._hand = hand
        self._messages = messages
        self._place = 0
        self._time_ns = bench.scale.start_utc_ns
        self._publisher = Publisher(url)
        self._acknowledged = Acknowledged(url, bench.fleet.site.centre_id)

    def play_until(self, time_ns: int) -> None:
        """Publish what was said up to an instant, step by step; raises TimeoutError if it is not acknowledged."""
        while self._time_ns < time_ns:
            self._time_ns = min(self._time_ns + _STEP_NS, time_ns)
            self._hand.move_to(self._time_ns)
            rest = self._messages[self._place :]
            due = list(takewhile(lambda one: one.source_time_ns <= self._time_ns, rest))
            self._place += len(due)
            self._publisher.publish(due)
            self._acknowledged.await_all(due)

    def close(self) -> None:
        """Leave the broker."""
        self._publisher.close()
        self._acknowledged.close()
