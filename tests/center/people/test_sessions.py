"""Sessions: found by their token only, ended by time, by their owner, and by another machine that shows the token."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from center.database import Database, Transaction
from center.people import powers_file, sessions
from center.people.powers import Strength
from center.people.session_limits import EndReason, binding, token_hash
from center.people.sessions import Proof, SignedIn
from center.people.tables import Account, AccountState, StaffSession
from tests.center.people.staff import NINE, TODAY, add_account, database

__all__ = ["database"]
HERE = binding("10.0.0.7", "Firefox")
ELSEWHERE = binding("10.0.0.66", "Firefox")


def _signed_in(database: Database, *roles: str) -> str:
    with database.writing() as transaction:
        account = add_account(transaction, "akbota", *roles)
        return sessions.start(transaction, Proof(account, None), HERE, NINE)


def _find(database: Database, token: str, bound: str = HERE, now: datetime = NINE) -> SignedIn | None:
    return sessions.find(database, powers_file.load(), token, bound, now=now, today=TODAY)


def _stored(transaction: Transaction, token: str) -> StaffSession:
    return transaction.scalars(select(StaffSession).where(StaffSession.token_sha256 == token_hash(token))).one()


def _end_reason(database: Database, token: str) -> str | None:
    with database.reading() as transaction:
        return _stored(transaction, token).end_reason


def test_a_session_is_found_by_its_token_with_the_open_roles(database: Database) -> None:
    token = _signed_in(database, "operator", "examiner")
    found = _find(database, token)
    assert found is not None
    assert found.login.startswith("akbota")
    assert found.actor.strength is Strength.PASSWORD
    assert found.actor.roles == {"operator"}, "an examiner without a certificate is none"


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\x00", "токен"])
def test_any_other_token_is_nobodys(database: Database, token: str) -> None:
    _signed_in(database)
    assert _find(database, token) is None


def test_the_token_itself_is_nowhere_in_the_database(database: Database) -> None:
    token = _signed_in(database)
    with database.reading() as transaction:
        row = _stored(transaction, token)
        assert token not in {str(value) for value in vars(row).values()}


def test_shown_by_another_machine_it_ends_for_both(database: Database) -> None:
    token = _signed_in(database)
    assert _find(database, token, ELSEWHERE) is None
    assert _end_reason(database, token) == EndReason.OTHER_MACHINE
    assert _find(database, token) is None


def test_it_lasts_while_it_is_used_and_ends_when_idle(database: Database) -> None:
    token = _signed_in(database)
    later = NINE
    for _ in range(4):
        later += timedelta(minutes=29)
        assert _find(database, token, now=later) is not None
    assert _find(database, token, now=later + timedelta(minutes=31)) is None
    assert _end_reason(database, token) == EndReason.IDLE


def test_it_ends_after_twelve_hours_however_busy(database: Database) -> None:
    token = _signed_in(database)
    for quarter in range(1, 48):
        assert _find(database, token, now=NINE + timedelta(minutes=15 * quarter)) is not None
    assert _find(database, token, now=NINE + timedelta(hours=12)) is None
    assert _end_reason(database, token) == EndReason.TOO_LONG


def test_a_locked_account_has_no_session(database: Database) -> None:
    token = _signed_in(database)
    with database.writing() as transaction:
        account = _stored(transaction, token).account_id
        transaction.get_one(Account, account).state = AccountState.LOCKED
    assert _find(database, token) is None
    assert _end_reason(database, token) == EndReason.ACCOUNT_LOCKED


def test_signing_out_ends_it(database: Database) -> None:
    token = _signed_in(database)
    found = _find(database, token)
    assert found is not None
    with database.writing() as transaction:
        sessions.end(transaction, found.session_id, NINE)
    assert _find(database, token) is None


def test_signing_out_everywhere_ends_all_of_one_account_only(database: Database) -> None:
    with database.writing() as transaction:
        anna, boris = add_account(transaction, "anna"), add_account(transaction, "boris")
        tokens = [sessions.start(transaction, Proof(anna, None), HERE, NINE) for _ in range(3)]
        other = sessions.start(transaction, Proof(boris, None), HERE, NINE)
        assert sessions.end_all(transaction, anna, EndReason.EVERYWHERE, NINE) == 3
    assert [_find(database, token) for token in tokens] == [None] * 3
    assert _find(database, other) is not None
