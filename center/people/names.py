"""What the people of the staff are called; names lie in the vault and change hardly ever."""

from __future__ import annotations

from center.errors import NotFound
from center.journal.vault import Vault
from center.people.actions.accounts import NAME
from center.people.queries import subject_of


class StaffNames:
    """Remembers what it was told; the sign-in name stands where the vault knows nobody."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[str, str] = {}

    def of(self, account_id: str, otherwise: str = "") -> str:
        """A person's name."""
        if account_id not in self._known:
            try:
                name = self._vault.reveal(subject_of(account_id)).get(NAME)
            except NotFound:
                name = None
            if name is None:
                return otherwise
            self._known[account_id] = name
        return self._known[account_id]
