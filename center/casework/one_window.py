"""What the pages of the one window work with, opened once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from center.casework.documents.store import ScanStore
from center.casework.payments.office import PaymentOffice
from center.casework.queue.hall import Hall
from center.casework.registers.office import RegisterOffice
from center.clock import Clock
from center.database import Database
from center.journal.vault import Vault
from center.people.names import StaffNames
from center.people.powers import Powers


@dataclass(frozen=True, slots=True)
class OneWindow:
    """The parts that work together."""

    database: Database
    vault: Vault
    clock: Clock
    zone: str
    """IANA name: whose day is meant by today."""
    origin: str
    """Address at which browsers reach the pages: where a payer returns to."""
    powers: Powers
    names: StaffNames
    hall: Hall
    payments: PaymentOffice
    registers: RegisterOffice
    scans: ScanStore

    def now(self) -> datetime:
        """The centre's instant."""
        return self.clock.now()

    def today(self) -> date:
        """The centre's date."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()
