"""What every action on drafts needs at hand: stores, the hall's rules, the clock, and how often one may try."""

from __future__ import annotations

from dataclasses import dataclass, field

from center.casework.attempts import Attempts
from center.casework.queue.hall import Hall
from center.journal.vault import Vault


@dataclass(frozen=True, slots=True)
class DraftOffice:
    """The parts that work together."""

    hall: Hall
    vault: Vault
    beginnings: Attempts = field(default_factory=lambda: Attempts("20/hour"))
    """How many drafts one address may begin."""
    codes: Attempts = field(default_factory=lambda: Attempts("60/5minutes"))
    """How often one address may show a code, right or wrong."""
