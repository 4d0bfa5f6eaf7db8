"""Whether the database holds something for the intake: asked beside its thread, which must not wait for an answer."""

from __future__ import annotations

from center.database import Database
from center.driving_track import queries
from center.worker import Worker

_EVERY_S = 0.1


class Lookout(Worker):
    """Looks again and again; what it saw last is read by the intake's thread."""

    def __init__(self, database: Database) -> None:
        super().__init__("lookout", _EVERY_S, at_once=True)
        self._database = database
        self.enrolments_mark: tuple[object, ...] | None = None
        """Another one whenever the enrolments have changed; None: not seen yet."""
        self.has_orders = False
        """Whether somebody's order waits for an answer."""

    def turn(self) -> None:
        """Look once."""
        with self._database.reading() as transaction:
            self.enrolments_mark = queries.enrolments_mark(transaction)
            self.has_orders = bool(queries.open_requests(transaction))
