"""The one thread that lets personal data go in time while the centre runs."""

from __future__ import annotations

import logging
from typing import Final

from center.casework.actions.shredding import shred_due
from center.casework.documents.actions import removing
from center.casework.documents.office import DocumentOffice
from center.casework.documents.store import ScanStore
from center.clock import Clock
from center.database import Database
from center.journal.vault import Vault
from center.worker import Worker

_log = logging.getLogger(__name__)
_EVERY_S: Final = 3600.0


class RetentionWorker(Worker):
    """Looks each hour; a centre that shreds takes its next backup of the vault afterwards."""

    def __init__(
        self, database: Database, vault: Vault, scans: ScanStore, clock: Clock, zone: str, every_s: float = _EVERY_S
    ) -> None:
        super().__init__("retention", every_s)
        self._documents = DocumentOffice(database, vault, scans, clock.now)
        self._database = database
        self._vault = vault
        self._clock = clock
        self._zone = zone

    def turn(self) -> None:
        """One look."""
        shredded = shred_due(self._database, self._vault, self._clock.now(), self._zone)
        if shredded:
            _log.warning("%s cases were shredded; back the vault up now.", len(shredded))
        # After the vault, which alone can read them; what a crash left over goes at the next look.
        removed = removing.shred_over(self._documents)
        if removed:
            _log.info("The files of %s scans were removed.", removed)
