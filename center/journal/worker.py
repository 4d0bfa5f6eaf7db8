"""The one worker that chains the journal within a second of each commit."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from center.database import Database
from center.journal.chain import chain_new_entries, has_waiting

_log = logging.getLogger(__name__)
_EVERY_S = 0.3


class ChainWorker:
    """A thread that numbers and chains new entries until it is stopped."""

    def __init__(self, database: Database, every_s: float = _EVERY_S) -> None:
        self._database = database
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-chain", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Chain what is left, and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self._turn()
        self._turn()

    def _turn(self) -> None:
        try:
            while chain_waiting(self._database):
                pass
        except SQLAlchemyError:
            _log.exception("The journal could not be chained; its entries wait for the next turn.")


def chain_waiting(database: Database) -> int:
    """Chain one batch; how many entries. Looks first, so that an idle centre writes nothing."""
    with database.reading() as transaction:
        if not has_waiting(transaction):
            return 0
    with database.writing() as transaction:
        return chain_new_entries(transaction)
