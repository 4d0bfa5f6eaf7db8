"""Passkeys enrolled and revoked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from center.database import Transaction
from center.errors import N_, Conflict, NotFound
from center.people import passkeys
from center.people.actions import challenges
from center.people.actions.notes import note
from center.people.office import Office
from center.people.session_limits import EndReason
from center.people.sessions import end_all
from center.people.tables import Account, Passkey


def begin(transaction: Transaction, office: Office, account_id: str) -> tuple[str, dict[str, Any]]:
    """What the browser is to make a key from, and the id of the attempt."""
    account = transaction.get_one(Account, account_id)
    attempt, challenge = challenges.make(transaction, challenges.ENROL, account_id, office.now())
    known = [one.credential_id for one in _keys(transaction, account_id)]
    return attempt, passkeys.enrolment_options(office.party, challenge, account_id, account.login, known)


def enrol(
    transaction: Transaction,
    office: Office,
    account_id: str,
    attempt: str,
    answer: dict[str, Any],
    *,
    replaces: bool = False,
    simulated: bool = False,
) -> str:
    """Keep a key that has signed its challenge; raises ``Forbidden``, or :class:`Conflict` for one that is known."""
    now = office.now()
    challenge = challenges.take(transaction, attempt, challenges.ENROL, account_id, now)
    new = passkeys.check_enrolment(office.party, challenge, answer)
    if transaction.scalar(select(Passkey.id).where(Passkey.credential_id == new.credential_id)) is not None:
        raise Conflict(N_("This passkey is enrolled already."))
    if replaces:
        for old in _keys(transaction, account_id):
            _revoke(transaction, old, account_id, office)
    row = Passkey(
        centre_id=transaction.centre_id,
        account_id=account_id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        simulated=simulated,
        enrolled_at=now,
        used_at=None,
        revoked_at=None,
    )
    transaction.add(row)
    transaction.flush()
    note(transaction, "passkey.enrolled", account_id, account_id, now, {"passkey": row.id, "simulated": simulated})
    return row.id


def revoke(transaction: Transaction, office: Office, passkey_id: str, by: str) -> None:
    """A key opens nothing any more, and the sessions that it opened end."""
    row = transaction.get(Passkey, passkey_id)
    if row is None or row.revoked_at is not None:
        raise NotFound("There is no such passkey in use.")
    _revoke(transaction, row, by, office)


def _keys(transaction: Transaction, account_id: str) -> list[Passkey]:
    query = select(Passkey).where(Passkey.account_id == account_id, Passkey.revoked_at.is_(None))
    return list(transaction.scalars(query.order_by(Passkey.id)))


def _revoke(transaction: Transaction, row: Passkey, by: str, office: Office) -> None:
    now = office.now()
    row.revoked_at = now
    ended = end_all(transaction, row.account_id, EndReason.PASSKEY_REVOKED, now, passkey_id=row.id)
    note(transaction, "passkey.revoked", row.account_id, by, now, {"passkey": row.id, "sessions_ended": ended})
