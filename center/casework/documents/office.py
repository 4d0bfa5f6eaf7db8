"""What every action on scans needs at hand: database, the vault for keys, the store for files, the clock."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from center.casework.documents.store import ScanStore
from center.database import Database
from center.errors import NotFound
from center.journal.vault import Vault


@dataclass(frozen=True, slots=True)
class DocumentOffice:
    """The parts that work together."""

    database: Database
    vault: Vault
    store: ScanStore
    now: Callable[[], datetime]

    def keep_key(self, case_id: str, scan_id: str, key: bytes) -> None:
        """Put a scan's key into the vault, under its case."""
        self.vault.seal(f"case:{case_id}", {_field(scan_id): base64.b64encode(key).decode()}, self.now())

    def key_of(self, case_id: str, scan_id: str) -> bytes:
        """A scan's key; raises :class:`NotFound` once the case was shredded."""
        text = self.vault.reveal(f"case:{case_id}").get(_field(scan_id))
        if text is None:
            raise NotFound("This scan is not kept any more.")
        return base64.b64decode(text)


def _field(scan_id: str) -> str:
    return f"scan:{scan_id}"
