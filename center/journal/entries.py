"""Writing the journal: an entry's canonical bytes go in with the action's own transaction, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import rfc8785
from sqlalchemy import func, select

from center.database import Transaction, new_id
from center.errors import N_, BadRequest
from center.journal.tables import JournalEntry

SCHEMA: Final = 1
_PLACES: Final = select(func.max(JournalEntry.place))
_HIGHEST: Final = "journal place"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Personal values that lie in the vault: here only the commitment (hex) to each, by the field's name."""

    commitments: Mapping[str, str] = field(default_factory=dict)


NOTHING_PERSONAL: Final = Sealed()


def append(
    transaction: Transaction,
    *,
    kind: str,
    subject: str,
    actor: str,
    occurred_at: datetime,
    recorded_at: datetime,
    facts: Mapping[str, Any],
    personal: Sealed = NOTHING_PERSONAL,
) -> str:
    """Add an entry to the caller's transaction, as its last step; returns the entry's id.

    ``personal`` can only be what the vault gave for values it keeps, so a value itself cannot get in here. Facts are
    JSON without floats that RFC 8785 would refuse, integers within ±(2⁵³ − 1). Raises :class:`BadRequest` for others.
    """
    entry_id = new_id()
    data = canonical(
        {
            "schema": SCHEMA,
            "id": entry_id,
            "centre_id": transaction.centre_id,
            "kind": kind,
            "subject": subject,
            "actor": actor,
            "occurred_at": _text(occurred_at),
            "recorded_at": _text(recorded_at),
            "facts": dict(facts),
            "personal": dict(personal.commitments),
        }
    )
    entry = JournalEntry(
        id=entry_id,
        centre_id=transaction.centre_id,
        place=_next_place(transaction),
        kind=kind,
        subject=subject,
        recorded_at=recorded_at,
        data=data,
    )
    transaction.add(entry)
    transaction.flush()
    return entry_id


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value; raises :class:`BadRequest` naming what cannot be written."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise BadRequest(N_("A journal entry cannot hold this: %(error)s."), error=str(error)) from error


def _next_place(transaction: Transaction) -> int:
    # Nobody else writes before this transaction ends: places are in order of commit, and the first tells the others.
    if _HIGHEST not in transaction.info:
        transaction.info[_HIGHEST] = transaction.scalar(_PLACES) or 0
    transaction.info[_HIGHEST] += 1
    return int(transaction.info[_HIGHEST])


def _text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise BadRequest(N_("A journal entry's instant '%(moment)s' has no time zone."), moment=moment)
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
