"""The first two people: once, on an empty database, both present, and the journal's first entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from center.database import Transaction
from center.errors import BadRequest, Conflict
from center.journal.tables import JournalEntry
from center.people import passwords
from center.people.actions import accounts, ways_in
from center.people.actions.notes import note
from center.people.office import Office
from center.people.persons import Person
from center.people.queries import subject_of
from center.people.slips import half_hash, new_half
from center.people.tables import Account, RoleGrant

ROLES: Final = ("administrator", "supervisor")


@dataclass(frozen=True, slots=True)
class Founder:
    """One of the two; the password may come later, with the slip."""

    person: Person
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Founded:
    """An account that was made, and both halves of the slip with which its owner enrols a passkey."""

    account_id: str
    login: str
    role: str
    halves: tuple[str, str]


def refuse_if_founded(transaction: Transaction) -> None:
    """Raise :class:`Conflict` unless nobody has an account and nothing has been journalled."""
    if transaction.scalar(select(Account.id).limit(1)) is not None:
        raise Conflict("This centre has its people already; more are proposed by one and confirmed by another.")
    if transaction.scalar(select(JournalEntry.id).limit(1)) is not None:
        raise Conflict("The journal has entries already: the first two people come before everything else.")


def refuse_unfounded(transaction: Transaction) -> None:
    """Raise :class:`Conflict` while nobody has an account."""
    if transaction.scalar(select(Account.id).limit(1)) is None:
        raise Conflict("Nobody has an account yet. Two people begin with: center people bootstrap")


def bootstrap(office: Office, first: Founder, second: Founder, *, simulated: bool = False) -> tuple[Founded, Founded]:
    """An administrator and a supervisor; raises :class:`Conflict` the second time and where anything has happened."""
    if first.person.login == second.person.login or first.person.iin == second.person.iin:
        raise BadRequest("It takes two different people.")
    hashes = [_hashed(one) for one in (first, second)]
    with office.database.writing() as transaction:
        refuse_if_founded(transaction)
        made = [accounts.create(transaction, office, one.person, simulated=simulated) for one in (first, second)]
        _found(transaction, office, made)
        for account, founder, hashed in zip(made, (first, second), hashes, strict=True):
            account.password_hash = hashed
            accounts.note_created(transaction, office, account, founder.person, made[0].id)
        one, two = (
            _slip(transaction, office, account, role, with_password=hashed is None)
            for account, role, hashed in zip(made, ROLES, hashes, strict=True)
        )
    return one, two


def _found(transaction: Transaction, office: Office, made: list[Account]) -> None:
    now = office.now()
    for account, role in zip(made, ROLES, strict=True):
        grant = RoleGrant(
            centre_id=transaction.centre_id, account_id=account.id, role=role, granted_at=now, revoked_at=None
        )  # fmt: skip
        transaction.add(grant)
    present = {subject_of(account.id): role for account, role in zip(made, ROLES, strict=True)}
    note(transaction, "people.bootstrapped", made[0].id, made[1].id, now, {"present": present})


def _slip(transaction: Transaction, office: Office, account: Account, role: str, *, with_password: bool) -> Founded:
    halves = (new_half(), new_half())
    hashes = (half_hash(halves[0]), half_hash(halves[1]))
    ways_in.give(transaction, office, account.id, hashes, sets_password=with_password, enrols_passkey=True)
    return Founded(account.id, account.login, role, halves)


def _hashed(founder: Founder) -> str | None:
    if founder.password is None:
        return None
    passwords.check_new(founder.password, [founder.person.login, *founder.person.name.split()])
    return passwords.hash_of(founder.password)
