"""What the hall tells the journal, always in the transaction of the change itself and as its last step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from center.casework.queue.tables import QueueTicket
from center.database import Transaction
from center.journal.entries import append


def about_ticket(
    transaction: Transaction, kind: str, ticket: QueueTicket, actor: str, now: datetime, facts: Mapping[str, Any]
) -> None:
    """Something happened to a ticket, and to the case that it stands for."""
    subject = f"case:{ticket.case_id}" if ticket.case_id else f"ticket:{ticket.id}"
    about(transaction, kind, subject, actor, now, {"ticket": ticket.id, "number": ticket.number, **facts})


def about(
    transaction: Transaction, kind: str, subject: str, actor: str, now: datetime, facts: Mapping[str, Any]
) -> None:
    """Something happened."""
    append(transaction, kind=kind, subject=subject, actor=actor, occurred_at=now, recorded_at=now, facts=dict(facts))
