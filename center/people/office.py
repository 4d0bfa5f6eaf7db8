"""What every action on the staff needs: the stores, the table of powers, the clock, the centre's name for passkeys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from center.database import Database
from center.journal.vault import Vault
from center.people.passkeys import RelyingParty
from center.people.powers import Powers


@dataclass(frozen=True, slots=True)
class Office:
    """Where the staff is managed."""

    database: Database
    vault: Vault
    powers: Powers
    party: RelyingParty
    now: Callable[[], datetime]
    zone: str
    """IANA name; certificates expire by the centre's calendar."""
    demo: bool

    @property
    def today(self) -> date:
        """The centre's date."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()
