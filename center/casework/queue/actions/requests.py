"""The same request again is the same action: a double click calls nobody twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from center.casework.queue.hall import check_client_key
from center.casework.queue.tables import QueueRequest
from center.database import Transaction
from center.errors import N_, Conflict


def earlier(transaction: Transaction, key: str, action: str) -> QueueRequest | None:
    """What was done under this key; raises :class:`Conflict` if that was another action."""
    query = select(QueueRequest).where(
        QueueRequest.centre_id == transaction.centre_id, QueueRequest.client_key == check_client_key(key)
    )
    found = transaction.scalar(query)
    if found is not None and found.action != action:
        raise Conflict(N_("The key of this request was used for something else before."))
    return found


def note(transaction: Transaction, key: str, action: str, leg_id: str | None, now: datetime) -> None:
    """Remember that it was done."""
    row = QueueRequest(centre_id=transaction.centre_id, client_key=key, action=action, leg_id=leg_id, asked_at=now)
    transaction.add(row)
