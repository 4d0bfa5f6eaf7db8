"""The one thread that reminds holders and tells the supervisor what is late."""

from __future__ import annotations

import logging
import threading
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from center.casework.actions.clock_turn import turn
from center.clock import Clock
from center.database import Database

_log = logging.getLogger(__name__)
_EVERY_S: Final = 2.0


class ClockWorker:
    """Runs until it is stopped. Two of them tell everything once."""

    def __init__(self, database: Database, clock: Clock, every_s: float = _EVERY_S) -> None:
        self._database = database
        self._clock = clock
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="case-clocks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                turn(self._database, self._clock.now())
            except SQLAlchemyError:
                _log.exception("The clocks of cases could not be read; they are read again at the next turn.")
