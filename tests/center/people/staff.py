"""A few people in a fresh database, for the tests of the staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from center.database import Database, Transaction, new_id
from center.people.tables import Account, AccountState, RoleGrant, StaffCertificate

NINE = datetime(2026, 4, 14, 9, tzinfo=UTC)
TODAY = date(2026, 4, 14)


@pytest.fixture(scope="module")
def database(shared_database_url: str) -> Iterator[Database]:
    opened = Database(shared_database_url, "sarytau")
    opened.upgrade()
    yield opened
    opened.close()


def add_account(transaction: Transaction, login: str, *roles: str, until: date | None = None) -> str:
    """An account as rows, without the ceremony; roles with a certificate until that day, if one is given.

    Its sign-in name is made unique, as tests share a database.
    """
    login = f"{login}-{new_id()[-6:]}"
    account = Account(
        centre_id=transaction.centre_id, login=login, state=AccountState.ACTIVE, password_hash=None,
        iin_fingerprint=f"iin of {login}", simulated=False, created_at=NINE, failures=0, blocked_until=None,
    )  # fmt: skip
    transaction.add(account)
    transaction.flush()
    owned = {"centre_id": transaction.centre_id, "account_id": account.id}
    for role in roles:
        transaction.add(RoleGrant(**owned, role=role, granted_at=NINE, revoked_at=None))
        if until is not None:
            transaction.add(StaffCertificate(**owned, role=role, issued_on=TODAY, expires_on=until, recorded_at=NINE))
    transaction.flush()
    return account.id
