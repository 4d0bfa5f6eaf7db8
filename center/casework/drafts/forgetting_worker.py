"""The one thread that forgets drafts when their time is over, so that what was paid for them goes back at once."""

from __future__ import annotations

import logging
from typing import Final

from center.casework.drafts import queries
from center.casework.drafts.actions.forgetting import forget_old
from center.clock import Clock
from center.database import Database
from center.journal.vault import Vault
from center.worker import Worker

_log = logging.getLogger(__name__)
_LONGEST_S: Final = 3600.0
"""A draft is kept for days: none that is begun meanwhile ends sooner."""
_SHORTEST_S: Final = 0.05


class ForgettingWorker(Worker):
    """Wakes when the next draft ends; what ended while the centre was down is forgotten at its start."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        super().__init__("forgetting-drafts", _LONGEST_S, at_once=True)
        self._database = database
        self._vault = vault
        self._clock = clock

    def turn(self) -> float:
        """Forget what is over; the machine's seconds until the next draft ends."""
        now = self._clock.now()
        if forgotten := forget_old(self._database, self._vault, now):
            _log.info("%s drafts that nobody came for were forgotten.", forgotten)
        with self._database.reading() as transaction:
            ends_at = queries.next_end(transaction)
        left_s = _LONGEST_S if ends_at is None else min((ends_at - now).total_seconds(), _LONGEST_S)
        # A steered clock may run slower than its rate: then this wakes early, and reckons again.
        return max(left_s / self._clock.scale.rate, _SHORTEST_S)
