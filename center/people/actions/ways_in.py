"""Slips made and used: how a person gets a first or another way in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from center.database import Transaction, storable
from center.errors import N_, Forbidden
from center.people import passwords
from center.people.actions import keys
from center.people.actions.notes import note
from center.people.office import Office
from center.people.session_limits import EndReason
from center.people.sessions import end_all
from center.people.slips import GOOD_FOR, half_hash, slip_hash
from center.people.tables import Account, AccountState, Slip

_WRONG: Final = N_("Name and codes do not belong together, or the slip has expired.")


@dataclass(frozen=True, slots=True)
class SlipCode:
    """What a person typed from a slip."""

    login: str
    first_half: str
    second_half: str


@dataclass(frozen=True, slots=True)
class Way:
    """What a slip still allows."""

    slip_id: str
    account_id: str
    login: str
    sets_password: bool
    enrols_passkey: bool


def give(
    transaction: Transaction,
    office: Office,
    account_id: str,
    halves: tuple[str, str],
    *,
    sets_password: bool = False,
    enrols_passkey: bool = False,
    replaces: bool = False,
) -> None:
    """Make a slip from the hashes of its two halves."""
    now = office.now()
    slip = Slip(
        centre_id=transaction.centre_id,
        account_id=account_id,
        sets_password=sets_password,
        enrols_passkey=enrols_passkey,
        replaces=replaces,
        code_sha256=slip_hash(*halves),
        made_at=now,
        expires_at=now + GOOD_FOR,
        password_set_at=None,
        passkey_enrolled_at=None,
    )
    transaction.add(slip)
    transaction.flush()


def look(transaction: Transaction, office: Office, code: SlipCode) -> Way:
    """What a slip allows; raises :class:`Forbidden` for a code that is none, is used up or has expired."""
    slip, account = _found(transaction, office, code)
    return Way(slip.id, account.id, account.login, _may_set(slip), _may_enrol(slip))


def set_password(office: Office, code: SlipCode, password: str) -> None:
    """Set the password that the slip allows, once; every session ends."""
    with office.database.reading() as transaction:
        way = look(transaction, office, code)
    passwords.check_new(password, [way.login])
    hashed = passwords.hash_of(password)  # slow, so outside of any transaction
    with office.database.writing() as transaction:
        slip, account = _found(transaction, office, code)
        if not _may_set(slip):
            raise Forbidden(N_("This slip sets no password, or has set one."))
        now = office.now()
        slip.password_set_at = now
        account.password_hash, account.failures, account.blocked_until = hashed, 0, None
        end_all(transaction, account.id, EndReason.EVERYWHERE, now)
        note(transaction, "password.set", account.id, account.id, now)


def begin_passkey(transaction: Transaction, office: Office, code: SlipCode) -> tuple[str, dict[str, Any]]:
    """What the browser makes a key from, and the id of the attempt."""
    slip, account = _found(transaction, office, code)
    if not _may_enrol(slip):
        raise Forbidden(N_("This slip enrols no passkey, or has enrolled one."))
    return keys.begin(transaction, office, account.id)


def enrol_passkey(
    transaction: Transaction, office: Office, code: SlipCode, attempt: str, answer: dict[str, Any], *, simulated: bool
) -> None:
    """Enrol the passkey that the slip allows, once; a replacement revokes those before it."""
    slip, account = _found(transaction, office, code)
    if not _may_enrol(slip):
        raise Forbidden(N_("This slip enrols no passkey, or has enrolled one."))
    slip.passkey_enrolled_at = office.now()
    keys.enrol(transaction, office, account.id, attempt, answer, replaces=slip.replaces, simulated=simulated)


def _found(transaction: Transaction, office: Office, code: SlipCode) -> tuple[Slip, Account]:
    if not storable(code.login):
        raise Forbidden(_WRONG)
    wanted = slip_hash(half_hash(code.first_half), half_hash(code.second_half))
    row = transaction.execute(
        select(Slip, Account)
        .join(Account, Account.id == Slip.account_id)
        .where(
            Slip.centre_id == transaction.centre_id,
            Slip.code_sha256 == wanted,
            Slip.expires_at > office.now(),
            Account.login == code.login.strip(),
            Account.state == AccountState.ACTIVE,
        )
    ).one_or_none()
    if row is None:
        raise Forbidden(_WRONG)
    return row[0], row[1]


def _may_set(slip: Slip) -> bool:
    return slip.sets_password and slip.password_set_at is None


def _may_enrol(slip: Slip) -> bool:
    return slip.enrols_passkey and slip.passkey_enrolled_at is None
