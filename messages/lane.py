"""How far one device's outbox has been handed to the broker, and when to begin again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from messages.outbox import Outbox, Position

_LONGEST_RESEND_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a link sends and how patient it is."""

    window: int = 500
    """Messages handed to the broker and not yet acknowledged by it."""
    turn: int = 100
    """Messages of a device that are handed over before it is the next device's turn."""
    ahead: int = 20_000
    """Messages of a device that the broker may hold before the centre has acknowledged any of them."""
    resend_after_s: float = 5.0
    """Without an acknowledgement by the centre for so long, everything is sent again; doubles each time."""
    first_backoff_s: float = 0.2
    longest_backoff_s: float = 5.0


@dataclass(slots=True)
class Lane:
    """One device's way through a link. Times are the machine's monotonic seconds."""

    outbox: Outbox
    pace: Pace
    sent: Position | None = None
    ahead: int = 0
    """Messages handed over since the centre last acknowledged any, or since the lane last began again."""
    _progress_at: float = 0.0
    _resend_after_s: float = 0.0

    def begin(self, now: float) -> None:
        """A connection stands: send everything that the centre has not acknowledged."""
        self._resend_after_s = self.pace.resend_after_s
        self._rewind(now)

    def go_on(self, now: float) -> None:
        """The centre has acknowledged something more."""
        self.ahead = 0
        self._progress_at = now
        self._resend_after_s = self.pace.resend_after_s

    def rewind_if_stuck(self, now: float) -> bool:
        """Begin again if the centre has been silent for too long about what was sent; whether it has."""
        if self.sent is None or not self.outbox.waiting:
            self._progress_at = now
            return False
        if now - self._progress_at <= self._resend_after_s:
            return False
        self._resend_after_s = min(self._resend_after_s * 2.0, _LONGEST_RESEND_S)
        self._rewind(now)
        return True

    def _rewind(self, now: float) -> None:
        self.sent = None
        self.ahead = 0
        self._progress_at = now
