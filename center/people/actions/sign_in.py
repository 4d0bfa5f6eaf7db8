"""Signing in: by password or passkey, with what slows down whoever guesses.

Five wrong passwords in a row block an account's password for 15 minutes, twenty close it until two persons open it
again; a passkey, which nobody can guess, goes on working, so that a stranger cannot lock anybody out. From one machine
twenty failures in 15 minutes are taken. A try is counted before it is checked: many at once gain nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select

from center.database import Transaction, storable
from center.errors import N_, Forbidden, TooOften
from center.journal import entries
from center.people import passkeys, passwords, sessions
from center.people.actions import challenges
from center.people.actions.notes import note
from center.people.demo_passkeys import SoftwarePasskey
from center.people.office import Office
from center.people.passkeys import KnownPasskey
from center.people.sessions import Proof
from center.people.tables import Account, AccountState, Passkey, RemoteFailures

BLOCKED_AFTER: Final = 5
CLOSED_AFTER: Final = 20
BLOCKED_FOR: Final = timedelta(minutes=15)
REMOTE_LIMIT: Final = 20
REMOTE_WITHIN: Final = timedelta(minutes=15)
_WRONG = N_("Name or password are wrong, or were wrong too often and are blocked for a while.")
_LONGEST_LOGIN = 64


@dataclass(frozen=True, slots=True)
class Machine:
    """From where somebody signs in."""

    address: str
    binding: str


def by_password(office: Office, machine: Machine, login: str, password: str) -> str:
    """The token of a new session; raises :class:`Forbidden`, and for a machine that guesses :class:`TooOften`."""
    with office.database.writing() as transaction:
        _count_remote(transaction, machine, office.now())
        account = _charged(transaction, office, login.strip()[:_LONGEST_LOGIN])
        stored = account.password_hash if account else None
        account_id = account.id if account else ""
    # Slow, so outside of any transaction.
    if not passwords.fits(password[: passwords.LONGEST * 4], stored):
        _note_failure(office, account_id, "password")
        raise Forbidden(_WRONG)
    with office.database.writing() as transaction:
        account = transaction.get_one(Account, account_id)
        if account.state != AccountState.ACTIVE:
            raise Forbidden(_WRONG)
        account.failures, account.blocked_until = 0, None
        _forgive_remote(transaction, machine)
        return sessions.start(transaction, Proof(account_id, None), machine.binding, office.now())


def count_try(office: Office, machine: Machine) -> None:
    """Count a machine's try at anything that could be guessed; raises :class:`TooOften`."""
    with office.database.writing() as transaction:
        _count_remote(transaction, machine, office.now())


def forgive_try(office: Office, machine: Machine) -> None:
    """Take one try off again, as it was none."""
    with office.database.writing() as transaction:
        _forgive_remote(transaction, machine)


def begin_passkey(office: Office) -> tuple[str, dict[str, Any]]:
    """What the browser's key is to sign, and the id of the attempt."""
    with office.database.writing() as transaction:
        attempt, challenge = challenges.make(transaction, challenges.SIGN_IN, None, office.now())
    return attempt, passkeys.sign_in_options(office.party, challenge)


def by_passkey(office: Office, machine: Machine, attempt: str, answer: dict[str, Any]) -> str:
    """The token of a new session; raises :class:`Forbidden` for a key that is unknown, revoked or does not hold."""
    with office.database.writing() as transaction:
        challenge = challenges.take(transaction, attempt, challenges.SIGN_IN, None, office.now())
        found = _known_key(transaction, str(answer["id"]))
    if found is None or (found.simulated and not office.demo):
        _note_failure(office, "", "passkey")
        raise Forbidden(N_("This passkey opens nothing here."))
    known = KnownPasskey(found.account_id, found.public_key, found.sign_count)
    try:
        count = passkeys.check_sign_in(office.party, challenge, answer, known)
    except Forbidden:
        _note_failure(office, found.account_id, "passkey")
        raise
    with office.database.writing() as transaction:
        key = _known_key(transaction, found.credential_id)
        if key is None:
            raise Forbidden(N_("This passkey opens nothing here."))
        key.sign_count, key.used_at = count, office.now()
        proof = Proof(key.account_id, key.id, key.simulated)
        return sessions.start(transaction, proof, machine.binding, office.now())


def as_demo_person(office: Office, seed: bytes, machine: Machine, account_id: str) -> str:
    """Sign in one of the demo's people with the software passkey that the demo holds for them."""
    if not office.demo:
        raise Forbidden(N_("One-click people exist in the demo only."))
    attempt, options = begin_passkey(office)
    key = SoftwarePasskey(seed, account_id, office.party.origin)
    return by_passkey(office, machine, attempt, key.get(options))


def _charged(transaction: Transaction, office: Office, login: str) -> Account | None:
    """The account with one more failure on it, which success takes off; None if no password is tried now."""
    query = select(Account).where(Account.centre_id == transaction.centre_id, Account.login == login)
    account = transaction.scalar(query) if storable(login) else None
    if account is None or account.state != AccountState.ACTIVE or account.password_hash is None:
        return None
    now = office.now()
    if account.failures >= CLOSED_AFTER or (account.blocked_until is not None and account.blocked_until > now):
        return None
    account.failures += 1
    if account.failures >= BLOCKED_AFTER:
        account.blocked_until = now + BLOCKED_FOR
    return account


def _known_key(transaction: Transaction, credential_id: str) -> Passkey | None:
    query = (
        select(Passkey)
        .join(Account, Account.id == Passkey.account_id)
        .where(
            Passkey.centre_id == transaction.centre_id,
            Passkey.credential_id == credential_id,
            Passkey.revoked_at.is_(None),
            Account.state == AccountState.ACTIVE,
        )
    )
    return transaction.scalar(query)


def _count_remote(transaction: Transaction, machine: Machine, now: datetime) -> None:
    row = _remote(transaction, machine)
    if row is None or now - row.last_at > REMOTE_WITHIN:
        if row is None:
            row = RemoteFailures(
                centre_id=transaction.centre_id, remote_sha256=_remote_hash(machine), failures=0, last_at=now
            )  # fmt: skip
            transaction.add(row)
        row.failures = 0
    if row.failures >= REMOTE_LIMIT:
        raise TooOften(
            N_("From this machine too many sign-ins have failed. Wait some minutes."),
            int(REMOTE_WITHIN.total_seconds()),
        )
    row.failures += 1
    row.last_at = now


def _forgive_remote(transaction: Transaction, machine: Machine) -> None:
    """A success takes its own try off, not those before it: a guesser may have an account too."""
    row = _remote(transaction, machine)
    if row is not None and row.failures > 0:
        row.failures -= 1


def _remote(transaction: Transaction, machine: Machine) -> RemoteFailures | None:
    wanted = _remote_hash(machine)
    query = select(RemoteFailures).where(
        RemoteFailures.centre_id == transaction.centre_id, RemoteFailures.remote_sha256 == wanted
    )
    return transaction.scalar(query)


def _remote_hash(machine: Machine) -> str:
    return sha256(f"speccenter remote {machine.address}".encode()).hexdigest()


def _note_failure(office: Office, account_id: str, way: str) -> None:
    now = office.now()
    with office.database.writing() as transaction:
        if account_id:
            failures = transaction.get_one(Account, account_id).failures
            note(transaction, "sign_in.failed", account_id, account_id, now, {"way": way, "failures": failures})
            return
        # What was typed is not written down: it may be a password in the wrong field.
        entries.append(
            transaction,
            kind="sign_in.failed",
            subject="staff:unknown",
            actor="staff:unknown",
            occurred_at=now,
            recorded_at=now,
            facts={"way": way},
        )
