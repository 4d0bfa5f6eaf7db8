"""Relatives of the staff, declared by the keyed hash of their IIN: nobody acts in a case of theirs."""

from __future__ import annotations

from sqlalchemy import select

from center.database import Transaction
from center.errors import N_, Conflict, NotFound
from center.people.actions.accounts import fingerprint_of
from center.people.actions.notes import note
from center.people.office import Office
from center.people.tables import Relative


def declare(transaction: Transaction, office: Office, account_id: str, iin: str) -> None:
    """Declare a relative; the IIN is not kept. Raises :class:`Conflict` for one that is declared."""
    fingerprint = fingerprint_of(office.vault, iin)
    if any(one.fingerprint == fingerprint for one in declared(transaction, account_id)):
        raise Conflict(N_("This relative is declared already."))
    now = office.now()
    row = Relative(
        centre_id=transaction.centre_id,
        account_id=account_id,
        fingerprint=fingerprint,
        declared_at=now,
        ended_at=None,
    )
    transaction.add(row)
    transaction.flush()
    note(transaction, "relative.declared", account_id, account_id, now, {"relative": row.id})


def withdraw(transaction: Transaction, office: Office, account_id: str, relative_id: str, by: str) -> None:
    """Strike a relative off."""
    loaded(transaction, account_id, relative_id).ended_at = office.now()
    note(transaction, "relative.withdrawn", account_id, by, office.now(), {"relative": relative_id})


def declared(transaction: Transaction, account_id: str) -> list[Relative]:
    """Whom somebody has declared."""
    query = select(Relative).where(Relative.account_id == account_id, Relative.ended_at.is_(None))
    return list(transaction.scalars(query.order_by(Relative.id)))


def loaded(transaction: Transaction, account_id: str, relative_id: str) -> Relative:
    """One of them; raises :class:`NotFound`."""
    for one in declared(transaction, account_id):
        if one.id == relative_id:
            return one
    raise NotFound("There is no such declared relative.")
