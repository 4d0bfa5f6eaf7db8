"""The one thread that reminds holders and tells the supervisor what is late."""

from __future__ import annotations

from typing import Final

from center.casework.actions import clock_turn
from center.clock import Clock
from center.database import Database
from center.worker import Worker

_EVERY_S: Final = 2.0


class ClockWorker(Worker):
    """Runs until it is stopped. Two of them tell everything once."""

    def __init__(self, database: Database, clock: Clock, every_s: float = _EVERY_S) -> None:
        super().__init__("case-clocks", every_s)
        self._database = database
        self._clock = clock

    def turn(self) -> None:
        """Remind and tell of what is due by now."""
        clock_turn.turn(self._database, self._clock.now())
