"""What the simulated payment gateway keeps: intents, refunds and the events it still has to tell, safe from kill -9."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS intents (
    id TEXT PRIMARY KEY, key TEXT UNIQUE NOT NULL, reference TEXT NOT NULL, amount_tenge INTEGER NOT NULL,
    currency TEXT NOT NULL, description TEXT NOT NULL, callback_url TEXT NOT NULL, return_url TEXT NOT NULL,
    state TEXT NOT NULL, created_ns INTEGER NOT NULL, settled_ns INTEGER);
CREATE TABLE IF NOT EXISTS refunds (
    id TEXT PRIMARY KEY, key TEXT UNIQUE NOT NULL, intent TEXT NOT NULL REFERENCES intents(id),
    amount_tenge INTEGER NOT NULL, created_ns INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, intent TEXT NOT NULL REFERENCES intents(id), body TEXT NOT NULL,
    created_ns INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0);
"""

_MOVEMENTS = """
SELECT 'charge', id, id, reference, amount_tenge, settled_ns AS at_ns FROM intents
    WHERE state = 'paid' AND settled_ns >= :from_ns AND settled_ns < :to_ns
UNION ALL
SELECT 'refund', refunds.id, intents.id, refunds.key, refunds.amount_tenge, refunds.created_ns FROM refunds
    JOIN intents ON intents.id = refunds.intent
    WHERE refunds.created_ns >= :from_ns AND refunds.created_ns < :to_ns
ORDER BY at_ns
"""


@dataclass(frozen=True, slots=True)
class Intent:
    """Money that a merchant asks a payer for."""

    id: str
    key: str
    reference: str
    amount_tenge: int
    currency: str
    description: str
    callback_url: str
    return_url: str
    state: str
    """``open``, ``paid`` or ``cancelled``."""
    created_ns: int
    settled_ns: int | None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back."""

    id: str
    key: str
    intent: str
    amount_tenge: int
    created_ns: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the merchant has to be told."""

    id: str
    callback_url: str
    body: bytes


class Ledger:
    """One file; every change is on the disk when its method has returned."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """One transaction of one thread."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def intent(self, intent_id: str) -> Intent | None:
        """One intent."""
        with self._lock:
            row = self._connection.execute("SELECT * FROM intents WHERE id = ?", (intent_id,)).fetchone()
        return Intent(*row) if row else None

    def keep_intent(self, intent: Intent) -> Intent:
        """Keep a new one; the one that its key made before, if there is one."""
        with self.alone() as connection:
            values = [getattr(intent, name) for name in Intent.__slots__]
            connection.execute(f"INSERT OR IGNORE INTO intents VALUES ({', '.join('?' * len(values))})", values)
            row = connection.execute("SELECT * FROM intents WHERE key = ?", (intent.key,)).fetchone()
            return Intent(*row)

    def settle(self, intent_id: str, state: str, at_ns: int, event_id: str, told: dict[str, Any]) -> bool:
        """Open → paid or cancelled, once; the event goes in with it. False: it was settled already."""
        with self.alone() as connection:
            query = "UPDATE intents SET state = ?, settled_ns = ? WHERE id = ? AND state = 'open'"
            if connection.execute(query, (state, at_ns, intent_id)).rowcount == 0:
                return False
            self._add_event(connection, event_id, intent_id, told, at_ns)
            return True

    def keep_refund(self, refund: Refund, event_id: str, told: dict[str, Any]) -> Refund | None:
        """Keep a new one; the one that its key made before, if there is one. None: more would go back than was paid."""
        with self.alone() as connection:
            row = connection.execute("SELECT * FROM refunds WHERE key = ?", (refund.key,)).fetchone()
            if row is not None:
                return Refund(*row)
            query = "SELECT amount_tenge FROM intents WHERE id = ? AND state = 'paid'"
            paid = connection.execute(query, (refund.intent,)).fetchone()
            query = "SELECT COALESCE(SUM(amount_tenge), 0) FROM refunds WHERE intent = ?"
            (before,) = connection.execute(query, (refund.intent,)).fetchone()
            if paid is None or before + refund.amount_tenge > paid[0]:
                return None
            values = [getattr(refund, name) for name in Refund.__slots__]
            connection.execute("INSERT INTO refunds VALUES (?, ?, ?, ?, ?)", values)
            self._add_event(connection, event_id, refund.intent, told, refund.created_ns)
            return refund

    def movements(self, from_ns: int, to_ns: int) -> list[dict[str, Any]]:
        """Charges and refunds of a span, in their order; a refund's reference is the key it was ordered with."""
        names = ("kind", "id", "intent", "reference", "amount_tenge", "at_ns")
        with self._lock:
            rows = self._connection.execute(_MOVEMENTS, {"from_ns": from_ns, "to_ns": to_ns}).fetchall()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def untold(self) -> list[Event]:
        """Events that no merchant has acknowledged, in their order."""
        query = (
            "SELECT events.id, callback_url, body FROM events JOIN intents ON intents.id = events.intent"
            " WHERE told = 0 ORDER BY events.created_ns"
        )
        with self._lock:
            return [Event(row[0], row[1], row[2].encode()) for row in self._connection.execute(query)]

    def mark_told(self, event_id: str) -> None:
        """The merchant has it."""
        with self.alone() as connection:
            connection.execute("UPDATE events SET told = 1 WHERE id = ?", (event_id,))

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _add_event(
        self, connection: sqlite3.Connection, event_id: str, intent: str, told: dict[str, Any], at_ns: int
    ) -> None:
        body = json.dumps(told, separators=(",", ":"))
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, 0)", (event_id, intent, body, at_ns))
