"""The office of a centre, from its settings and stores."""

from __future__ import annotations

from center.database import Database
from center.journal.vault import Vault
from center.people import powers_file
from center.people.office import Office
from center.people.passkeys import RelyingParty
from center.settings import Settings


def open_office(settings: Settings, database: Database, vault: Vault, zone: str) -> Office:
    """Ready for actions on the staff; ``zone`` is the centre's (IANA)."""
    party = RelyingParty("Speccenter", settings.public_origin)
    return Office(database, vault, powers_file.load(), party, settings.clock.now, zone, settings.demo)
