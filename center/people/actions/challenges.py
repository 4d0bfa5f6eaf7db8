"""Challenges that passkeys sign: random, kept on the server, good once and for some minutes."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from center.database import Transaction, storable
from center.errors import N_, Forbidden
from center.people.tables import Challenge

GOOD_FOR: Final = timedelta(minutes=5)
_BYTES: Final = 32
SIGN_IN: Final = "sign_in"
ENROL: Final = "enrol"


def make(transaction: Transaction, purpose: str, account_id: str | None, now: datetime) -> tuple[str, bytes]:
    """A fresh challenge and the id under which it is asked for again; those too old are swept out."""
    transaction.execute(delete(Challenge).where(Challenge.made_at < now - GOOD_FOR))
    row = Challenge(
        centre_id=transaction.centre_id,
        purpose=purpose,
        account_id=account_id,
        challenge=os.urandom(_BYTES),
        made_at=now,
    )
    transaction.add(row)
    transaction.flush()
    return row.id, row.challenge


def take(transaction: Transaction, challenge_id: str, purpose: str, account_id: str | None, now: datetime) -> bytes:
    """The challenge, which is gone then; raises :class:`Forbidden` for one that is used, old or another's."""
    row = transaction.get(Challenge, challenge_id) if storable(challenge_id) else None
    if row is None or row.purpose != purpose or row.account_id != account_id or now - row.made_at > GOOD_FOR:
        raise Forbidden(N_("This attempt with a passkey was begun too long ago or is used already. Begin again."))
    # Whoever deletes it has it: two at once cannot both.
    taken = transaction.execute(delete(Challenge).where(Challenge.id == challenge_id))
    if getattr(taken, "rowcount", 0) != 1:
        raise Forbidden(N_("This attempt with a passkey is used already. Begin again."))
    transaction.expunge(row)
    return row.challenge
