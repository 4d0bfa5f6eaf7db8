"""The one thread that lets personal data go in time while the centre runs."""

from __future__ import annotations

import logging
import threading
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from center.casework.actions.shredding import shred_due
from center.clock import Clock
from center.database import Database
from center.errors import CenterError
from center.journal.vault import Vault

_log = logging.getLogger(__name__)
_EVERY_S: Final = 3600.0


class RetentionWorker:
    """Looks each hour; a centre that shreds takes its next backup of the vault afterwards."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, zone: str, every_s: float = _EVERY_S) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._zone = zone
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, once a shredding that is under way is done."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self.turn()

    def turn(self) -> None:
        """One look."""
        try:
            shredded = shred_due(self._database, self._vault, self._clock.now(), self._zone)
        except (SQLAlchemyError, CenterError, OSError):
            _log.exception("Cases could not be shredded; they wait for the next hour.")
            return
        if shredded:
            _log.warning("%s cases were shredded; back the vault up now.", len(shredded))
