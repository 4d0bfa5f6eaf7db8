"""What the administrator's pages ask beside accounts: keys, sessions, relatives of one person; proposals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.database import Transaction
from center.people.tables import Passkey, Relative, RequestState, StaffRequest, StaffSession


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A passkey in use."""

    passkey_id: str
    simulated: bool
    enrolled_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A proposal."""

    request_id: str
    action: str
    account_id: str | None
    details: Mapping[str, Any]
    proposer_id: str
    proposed_at: datetime
    expires_at: datetime
    state: str
    decider_id: str | None
    decided_at: datetime | None
    reason: str | None


def keys(transaction: Transaction, account_id: str) -> list[KeyFacts]:
    """A person's passkeys in use, oldest first."""
    query = select(Passkey).where(Passkey.account_id == account_id, Passkey.revoked_at.is_(None))
    rows = transaction.scalars(query.order_by(Passkey.id))
    return [KeyFacts(row.id, row.simulated, row.enrolled_at, row.used_at) for row in rows]


def relatives(transaction: Transaction, account_id: str) -> list[tuple[str, datetime]]:
    """Id and day of each declared relative; who they are is kept nowhere."""
    query = select(Relative).where(Relative.account_id == account_id, Relative.ended_at.is_(None))
    return [(row.id, row.declared_at) for row in transaction.scalars(query.order_by(Relative.id))]


def open_sessions(transaction: Transaction, account_id: str) -> int:
    """How many sessions have not ended (those that time ended are counted until they are asked for)."""
    query = select(func.count()).select_from(StaffSession)
    query = query.where(StaffSession.account_id == account_id, StaffSession.ended_at.is_(None))
    return transaction.scalar(query) or 0


def requests(
    transaction: Transaction, *, waiting: bool, limit: int = 50, account_id: str | None = None
) -> list[RequestFacts]:
    """Proposals that wait, or the newest that are decided; about one account only, if it is given."""
    query = select(StaffRequest).where(StaffRequest.centre_id == transaction.centre_id)
    if account_id is not None:
        query = query.where(StaffRequest.account_id == account_id)
    is_waiting = StaffRequest.state == RequestState.WAITING
    query = query.where(is_waiting if waiting else ~is_waiting)
    rows = transaction.scalars(query.order_by(StaffRequest.id.desc()).limit(limit))
    return [
        RequestFacts(
            row.id, row.action, row.account_id, row.details, row.proposer_id, row.proposed_at, row.expires_at,
            row.state, row.decider_id, row.decided_at, row.reason,
        )
        for row in rows
    ]  # fmt: skip
