"""The journal's entries about the staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from center.database import Transaction
from center.journal import entries
from center.journal.entries import NOTHING_PERSONAL, Sealed
from center.people.queries import subject_of


def note(
    transaction: Transaction,
    kind: str,
    account_id: str,
    by: str,
    now: datetime,
    facts: Mapping[str, Any] = MappingProxyType({}),
    personal: Sealed = NOTHING_PERSONAL,
) -> None:
    """That something was done to an account, by another one or its owner (account ids)."""
    entries.append(
        transaction,
        kind=kind,
        subject=subject_of(account_id),
        actor=subject_of(by),
        occurred_at=now,
        recorded_at=now,
        facts=facts,
        personal=personal,
    )
