"""A person's own new password: the old one is asked for, and every other session ends."""

from __future__ import annotations

from sqlalchemy import update

from center.errors import N_, BadRequest, Forbidden
from center.people import passwords
from center.people.actions.notes import note
from center.people.office import Office
from center.people.session_limits import EndReason
from center.people.sessions import SignedIn
from center.people.tables import Account, StaffSession


def change(office: Office, person: SignedIn, current: str, new: str, again: str) -> None:
    """Change it; raises ``BadRequest`` or :class:`Forbidden` saying why not."""
    if new != again:
        raise BadRequest(N_("The new password was not typed the same way twice.")).at("again")
    with office.database.reading() as transaction:
        account = transaction.get_one(Account, person.account_id)
        stored, login = account.password_hash, account.login
    if not passwords.fits(current, stored):
        raise Forbidden(N_("The present password is wrong.")).at("current")
    passwords.check_new(new, [login])
    hashed = passwords.hash_of(new)
    now = office.now()
    with office.database.writing() as transaction:
        account = transaction.get_one(Account, person.account_id)
        if account.password_hash != stored:
            raise Forbidden(N_("The present password is wrong.")).at("current")
        account.password_hash = hashed
        others = StaffSession.account_id == account.id, StaffSession.id != person.session_id
        open_ones = update(StaffSession).where(*others, StaffSession.ended_at.is_(None))
        transaction.execute(open_ones.values(ended_at=now, end_reason=EndReason.EVERYWHERE))
        note(transaction, "password.changed", account.id, account.id, now)
