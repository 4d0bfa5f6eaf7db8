"""Accounts made, locked and opened; roles given and taken; certificates recorded."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, select

from center.database import Transaction
from center.errors import N_, Conflict, NotFound, RoleName, Text
from center.journal.vault import Vault
from center.people.actions.notes import note
from center.people.office import Office
from center.people.persons import Person
from center.people.queries import subject_of
from center.people.session_limits import EndReason
from center.people.sessions import end_all
from center.people.tables import Account, AccountState, RoleGrant, StaffCertificate

NAME = "name"
IIN = "iin"
"""Fields of a person in the vault."""


def fingerprint_of(vault: Vault, iin: str) -> str:
    """The keyed hash under which a person is found by their IIN, whoever they are to the centre."""
    return vault.fingerprint(IIN, iin)


def refuse_known(transaction: Transaction, vault: Vault, person: Person) -> None:
    """Raise :class:`Conflict` if the sign-in name or the person has an account already."""
    if _one(transaction, Account.login == person.login) is not None:
        raise Conflict(N_("The sign-in name '%(login)s' is taken."), login=person.login).at("login")
    if _one(transaction, Account.iin_fingerprint == fingerprint_of(vault, person.iin)) is not None:
        raise Conflict(N_("This person has an account already.")).at("iin")


def create(transaction: Transaction, office: Office, person: Person, *, simulated: bool) -> Account:
    """An account without roles and without any way in; nothing is journalled yet."""
    refuse_known(transaction, office.vault, person)
    account = Account(
        centre_id=transaction.centre_id,
        login=person.login,
        state=AccountState.ACTIVE,
        password_hash=None,
        iin_fingerprint=fingerprint_of(office.vault, person.iin),
        simulated=simulated,
        created_at=office.now(),
        failures=0,
        blocked_until=None,
    )
    transaction.add(account)
    transaction.flush()
    return account


def note_created(transaction: Transaction, office: Office, account: Account, person: Person, by: str) -> None:
    """Keep name and IIN in the vault and journal the account with the commitments to them."""
    now = office.now()
    sealed = office.vault.seal(subject_of(account.id), {NAME: person.name, IIN: person.iin}, now)
    facts = {"login": account.login, "simulated": account.simulated}
    note(transaction, "account.created", account.id, by, now, facts, sealed)


def refuse_clash(transaction: Transaction, office: Office, account_id: str, role: str) -> None:
    """Raise :class:`Conflict` for a role that is held, or that another role excludes."""
    held = frozenset(one.role for one in _grants(transaction, account_id))
    if role in held:
        raise Conflict(N_("The account has this role already: %(role)s."), role=RoleName(role))
    clash = office.powers.clash(held, role)
    if clash is not None:
        text = N_("Nobody has both these roles: %(roles)s. The reason: %(reason)s")
        both = RoleName(clash.first), RoleName(clash.second)
        raise Conflict(text, roles=both, reason=Text(clash.reason))


def grant(transaction: Transaction, office: Office, account_id: str, role: str, by: str) -> None:
    """Give a role; raises :class:`Conflict` for one that is held, or that another role excludes."""
    refuse_clash(transaction, office, account_id, role)
    now = office.now()
    transaction.add(
        RoleGrant(centre_id=transaction.centre_id, account_id=account_id, role=role, granted_at=now, revoked_at=None)
    )
    transaction.flush()
    note(transaction, "role.granted", account_id, by, now, {"role": role})


def revoke_role(transaction: Transaction, office: Office, account_id: str, role: str, by: str, reason: str) -> None:
    """Take a role away at once; raises :class:`Conflict` for the last administrator's."""
    row = next((one for one in _grants(transaction, account_id) if one.role == role), None)
    if row is None:
        raise NotFound(N_("The account has no role '%(role)s'."), role=role)
    if role == "administrator" and _holders(transaction, role) == {account_id}:
        raise Conflict(N_("The last administrator stays one: nobody could propose anything any more."))
    row.revoked_at = office.now()
    note(transaction, "role.revoked", account_id, by, office.now(), {"role": role, "reason": reason})


def record_certificate(
    transaction: Transaction, office: Office, account_id: str, role: str, dates: tuple[date, date], by: str
) -> None:
    """Record a staff certificate for a role: the days of issue and of expiry, both included."""
    now = office.now()
    issued_on, expires_on = dates
    row = StaffCertificate(
        centre_id=transaction.centre_id,
        account_id=account_id,
        role=role,
        issued_on=issued_on,
        expires_on=expires_on,
        recorded_at=now,
    )
    transaction.add(row)
    transaction.flush()
    told = {"role": role, "issued_on": issued_on.isoformat(), "expires_on": expires_on.isoformat()}
    note(transaction, "certificate.recorded", account_id, by, now, told)


def lock(transaction: Transaction, office: Office, account_id: str, by: str, reason: str) -> None:
    """Close an account at once, and end its sessions."""
    account = loaded(transaction, account_id)
    if account.state == AccountState.LOCKED:
        raise Conflict(N_("The account is locked already."))
    account.state = AccountState.LOCKED
    ended = end_all(transaction, account_id, EndReason.ACCOUNT_LOCKED, office.now())
    note(transaction, "account.locked", account_id, by, office.now(), {"reason": reason, "sessions_ended": ended})


def unlock(transaction: Transaction, office: Office, account_id: str, by: str) -> None:
    """Open a locked account again, and forget its wrong passwords."""
    account = loaded(transaction, account_id)
    account.state, account.failures, account.blocked_until = AccountState.ACTIVE, 0, None
    note(transaction, "account.unlocked", account_id, by, office.now())


def sign_out_everywhere(transaction: Transaction, office: Office, account_id: str, by: str) -> int:
    """End all sessions of an account; returns how many."""
    loaded(transaction, account_id)
    ended = end_all(transaction, account_id, EndReason.EVERYWHERE, office.now())
    note(transaction, "account.signed_out_everywhere", account_id, by, office.now(), {"sessions_ended": ended})
    return ended


def loaded(transaction: Transaction, account_id: str) -> Account:
    """An account of this centre; raises :class:`NotFound`."""
    account = _one(transaction, Account.id == account_id)
    if account is None:
        raise NotFound(N_("There is no account '%(account_id)s'."), account_id=account_id[:40])
    return account


def _one(transaction: Transaction, wanted: ColumnElement[bool]) -> Account | None:
    return transaction.scalar(select(Account).where(Account.centre_id == transaction.centre_id, wanted))


def _grants(transaction: Transaction, account_id: str) -> list[RoleGrant]:
    query = select(RoleGrant).where(RoleGrant.account_id == account_id, RoleGrant.revoked_at.is_(None))
    return list(transaction.scalars(query))


def _holders(transaction: Transaction, role: str) -> set[str]:
    query = (
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == role, RoleGrant.revoked_at.is_(None), Account.state == AccountState.ACTIVE)
    )
    return set(transaction.scalars(query))
