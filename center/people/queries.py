"""What is known of the staff; every answer is plain frozen data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from center.database import Transaction
from center.errors import NotFound
from center.people.powers import Powers
from center.people.tables import Account, Passkey, Relative, RoleGrant, StaffCertificate


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role that an account holds; closed when its certificate is missing or has expired."""

    role: str
    granted_at: datetime
    expires_on: date | None
    """Last day of the newest certificate for it, if any is recorded."""
    is_open: bool


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account without its secrets; the person's name lies in the vault, under :func:`subject_of`."""

    account_id: str
    login: str
    state: str
    simulated: bool
    created_at: datetime
    blocked_until: datetime | None
    has_password: bool
    passkeys: int
    roles: tuple[RoleFacts, ...]

    @property
    def open_roles(self) -> frozenset[str]:
        """Those that may be acted in."""
        return frozenset(one.role for one in self.roles if one.is_open)


def subject_of(account_id: str) -> str:
    """The person in the vault."""
    return f"staff:{account_id}"


def accounts(transaction: Transaction, powers: Powers, today: date) -> list[AccountFacts]:
    """Everybody, by login."""
    return _facts(transaction, powers, today)


def account(transaction: Transaction, powers: Powers, account_id: str, today: date) -> AccountFacts:
    """One of them; raises :class:`NotFound`."""
    found = _facts(transaction, powers, today, Account.id == account_id)
    if not found:
        raise NotFound(f"There is no account {account_id!r}.")
    return found[0]


def open_roles(transaction: Transaction, powers: Powers, account_id: str, today: date) -> frozenset[str]:
    """The roles in which an account may act today."""
    held = _roles(transaction, powers, [account_id], today).get(account_id, [])
    return frozenset(one.role for one in held if one.is_open)


def accounts_in_role(transaction: Transaction, powers: Powers, role: str, today: date) -> list[str]:
    """Ids of the active accounts for whom a role is open today, in a fixed order."""
    found = accounts(transaction, powers, today)
    return sorted(one.account_id for one in found if role in one.open_roles and one.state == "active")


def concerned(transaction: Transaction, fingerprints: Iterable[str]) -> frozenset[str]:
    """Accounts that are one of these persons, or have declared one of them as a relative (keyed hashes of IINs)."""
    wanted = list(fingerprints)
    own = select(Account.id).where(Account.centre_id == transaction.centre_id, Account.iin_fingerprint.in_(wanted))
    kin = select(Relative.account_id).where(
        Relative.centre_id == transaction.centre_id, Relative.fingerprint.in_(wanted), Relative.ended_at.is_(None)
    )
    return frozenset(transaction.scalars(own)) | frozenset(transaction.scalars(kin))


def _facts(transaction: Transaction, powers: Powers, today: date, *wanted: ColumnElement[bool]) -> list[AccountFacts]:
    rows = transaction.scalars(
        select(Account).where(Account.centre_id == transaction.centre_id, *wanted).order_by(Account.login)
    ).all()
    ids = [row.id for row in rows]
    roles = _roles(transaction, powers, ids, today)
    keys: dict[str, int] = {}
    query = select(Passkey.account_id).where(Passkey.account_id.in_(ids), Passkey.revoked_at.is_(None))
    for owner in transaction.scalars(query):
        keys[owner] = keys.get(owner, 0) + 1
    return [
        AccountFacts(
            row.id,
            row.login,
            row.state,
            row.simulated,
            row.created_at,
            row.blocked_until,
            row.password_hash is not None,
            keys.get(row.id, 0),
            tuple(roles.get(row.id, ())),
        )
        for row in rows
    ]


def _roles(transaction: Transaction, powers: Powers, ids: Sequence[str], today: date) -> dict[str, list[RoleFacts]]:
    newest: dict[tuple[str, str], date] = {}
    query = select(StaffCertificate).where(StaffCertificate.account_id.in_(ids)).order_by(StaffCertificate.id)
    for one in transaction.scalars(query):
        newest[one.account_id, one.role] = one.expires_on
    found: dict[str, list[RoleFacts]] = {}
    grants = select(RoleGrant).where(RoleGrant.account_id.in_(ids), RoleGrant.revoked_at.is_(None))
    for grant in transaction.scalars(grants.order_by(RoleGrant.role)):
        row = powers.roles.get(grant.role)
        expires_on = newest.get((grant.account_id, grant.role))
        is_open = row is not None and (not row.certificate or (expires_on is not None and expires_on >= today))
        found.setdefault(grant.account_id, []).append(RoleFacts(grant.role, grant.granted_at, expires_on, is_open))
    return found
