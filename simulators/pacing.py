"""Keeps simulated instants to the demo's clock, or moves that clock: then a machine that stalls stops time with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

from messages.clock import TimeScale
from messages.steered_clock import Hand, machine_clock

_LONGEST_SLEEP_S: Final = 0.02
_CAUGHT_UP_NS: Final = 50_000_000
"""Of the machine's time: so much of a delay is made good; what is longer was a stall, and is forgotten."""
_PATIENCE_NS: Final = 5_000_000_000
_LOOK_AGAIN_S: Final = 0.0002


class Pace(Protocol):
    """What tells the simulators when an instant has come."""

    latest_ns: int
    """By how much demo time the last instant was missed; 0 when it was waited for."""

    def now_ns(self) -> int:
        """The demo's time."""

    def wait_until(self, time_ns: int) -> None:
        """Return when that instant has come; at once if it is past."""


class Pacing:
    """Follows a clock that nobody here moves: never sleeps when late, and makes good whatever was missed."""

    def __init__(
        self,
        scale: TimeScale,
        *,
        machine_ns: Callable[[], int] = time.time_ns,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.scale = scale
        self._machine_ns = machine_ns
        self._sleep = sleep
        self.latest_ns = 0

    def now_ns(self) -> int:
        """The demo's time."""
        return self.scale.at(self._machine_ns())

    def wait_until(self, time_ns: int) -> None:
        """Return when that instant has come; at once if it is past."""
        due = self.scale.machine_ns_at(time_ns)
        while (left_ns := due - self._machine_ns()) > 0:
            self._sleep(min(left_ns / 1e9, _LONGEST_SLEEP_S))
        self.latest_ns = max(0, self.now_ns() - time_ns)


class Line(Protocol):
    """A serial line, as far as its reader is waited for."""

    @property
    def unread_bytes(self) -> int:
        """Bytes on the line that its reader has not taken yet."""


class Steering:
    """Moves the demo's clock from instant to instant, at most as fast as its rate.

    When this process was kept from running, the time it missed does not exist. With ``lines`` it also waits until their
    readers have taken what was written, for a reader that is starved is a stall of the machine too; who reads nothing
    for so long that he must be dead, or has never read, is not waited for, and his bytes are lost as on a real line.
    """

    def __init__(
        self,
        scale: TimeScale,
        lines: Sequence[Line] = (),
        *,
        real_ns: Callable[[], int] = time.monotonic_ns,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises ValueError or OSError if the scale names no clock."""
        self.now_ns = machine_clock(scale)
        """The demo's time."""
        self._hand = Hand(Path(scale.clock_file))
        self._readers = [_Reader(line) for line in lines]
        self._real_ns = real_ns
        self._sleep = sleep
        self._began = self.now_ns(), real_ns()
        self._rate = scale.rate
        self._missed_ns = 0
        self.latest_ns = 0

    def wait_until(self, time_ns: int) -> None:
        """Return when that instant has come, and show it to everybody."""
        began_ns, really_began_ns = self._began
        due_ns = really_began_ns + round((time_ns - began_ns) / self._rate)
        while (left_ns := due_ns + self._missed_ns - self._real_ns()) > 0:
            self._sleep(min(left_ns / 1e9, _LONGEST_SLEEP_S))
        since_ns = self._real_ns()
        while any(one.is_waited_for(self._real_ns() - since_ns) for one in self._readers):
            self._sleep(_LOOK_AGAIN_S)
        self._missed_ns = max(self._missed_ns, self._real_ns() - due_ns - _CAUGHT_UP_NS)
        self._hand.move_to(max(time_ns, self.now_ns()))


class _Reader:
    """Whether somebody takes what is written on a line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._most_unread = 0
        self._reads = False

    def is_waited_for(self, waited_ns: int) -> bool:
        """Whether its reader lives and has not taken everything yet."""
        unread = self._line.unread_bytes
        if unread < self._most_unread:
            self._reads = True
        elif unread and waited_ns > _PATIENCE_NS:
            self._reads = False
        self._most_unread = unread
        return self._reads and unread > 0
