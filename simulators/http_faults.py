"""Faults on demand of a simulated outside system: what goes wrong with which requests, how often, and until when."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

KINDS: Final[Mapping[str, str]] = {
    "delay": "answers rightly, but so many seconds late",
    "hang": "takes the request and never answers",
    "error": "answers with status 500",
    "garbage": "answers with bytes that are no JSON",
    "drip": "sends its answer one byte at a time, without end",
    "flood": "sends an answer without end",
    "truncated": "says how long its answer is, and closes half-way",
    "drop": "closes the connection without an answer",
    "kill": "ends its own process as kill -9 does",
    "wrong": "answers another question than was asked",
    "repeat": "tells each event three times",
    "mute": "tells no events",
}
MOMENTS: Final = ("before", "after")
"""Whether it goes wrong before the request has had its effect, or after."""


class BadFault(ValueError):
    """A fault that cannot be ordered; the text says what is allowed."""


@dataclass(slots=True)
class Fault:
    """One ordered fault."""

    path: str
    """Of the requests that begin so; empty: of all."""
    kind: str
    when: str = "before"
    seconds: float = 1.0
    times: int | None = None
    """How many requests it still spoils; None: all, until it is mended."""


class Faults:
    """The faults ordered now; safe to use from all of a server's threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self.mended = threading.Event()
        """Set while nothing hangs; what hangs waits for it."""

    def order(self, told: Mapping[str, Any]) -> Fault:
        """Add a fault told as JSON; raises :class:`BadFault`."""
        fault = _read(told)
        with self._lock:
            self._faults.append(fault)
            self.mended.clear()
        return fault

    def mend(self) -> None:
        """Everything works again, and what hangs is let go."""
        with self._lock:
            self._faults.clear()
            self.mended.set()

    def take(self, path: str) -> Fault | None:
        """The fault that spoils this request, if any; it counts as one of its times."""
        with self._lock:
            for fault in self._faults:
                if path.startswith(fault.path):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
        return None

    def as_fields(self) -> list[dict[str, Any]]:
        """What is broken now, as JSON."""
        with self._lock:
            return [asdict(one) for one in self._faults]


def _read(told: Mapping[str, Any]) -> Fault:
    unknown = set(told) - {"path", "kind", "when", "seconds", "times"}
    if unknown:
        raise BadFault(f"{', '.join(sorted(unknown))}: not known here")
    fault = Fault(str(told.get("path", "")), str(told.get("kind")), str(told.get("when", "before")))
    if fault.kind not in KINDS:
        raise BadFault(f"{fault.kind!r} is no fault; there are {', '.join(KINDS)}")
    if fault.when not in MOMENTS:
        raise BadFault(f"{fault.when!r} is neither before nor after")
    seconds, times = told.get("seconds", 1.0), told.get("times")
    if not isinstance(seconds, int | float) or not 0 <= seconds <= 3600:
        raise BadFault(f"{seconds!r} is not between 0 and 3600 seconds")
    if times is not None and (not isinstance(times, int) or times < 1):
        raise BadFault(f"{times!r} is no number of times")
    fault.seconds, fault.times = float(seconds), times
    return fault
