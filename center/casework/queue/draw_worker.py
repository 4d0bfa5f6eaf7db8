"""The one thread that draws inspectors: as soon as a step is due and enough of them are free, and by nobody's hand."""

from __future__ import annotations

from typing import Final

from center.casework.queue.actions import assigning
from center.casework.queue.hall import Hall
from center.worker import Worker

_EVERY_S: Final = 1.0


class DrawWorker(Worker):
    """Runs until it is stopped. Two of them draw once for each step."""

    def __init__(self, hall: Hall, every_s: float = _EVERY_S) -> None:
        super().__init__("draws", every_s)
        self._hall = hall

    def turn(self) -> None:
        """Draw for what waits."""
        assigning.assign_waiting(self._hall)
