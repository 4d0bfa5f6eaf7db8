"""The one worker that chains the journal within a second of each commit."""

from __future__ import annotations

from center.database import Database
from center.journal.chain import chain_new_entries, has_waiting
from center.worker import Worker

_EVERY_S = 0.3


class ChainWorker(Worker):
    """Numbers and chains new entries until it is stopped, and what is left then."""

    def __init__(self, database: Database, every_s: float = _EVERY_S) -> None:
        super().__init__("journal-chain", every_s, finishes=True)
        self._database = database

    def turn(self) -> None:
        """Chain all that waits."""
        while chain_waiting(self._database):
            pass


def chain_waiting(database: Database) -> int:
    """Chain one batch; how many entries. Looks first, so that an idle centre writes nothing."""
    with database.reading() as transaction:
        if not has_waiting(transaction):
            return 0
    with database.writing() as transaction:
        return chain_new_entries(transaction)
