"""Records only grow: as the application's own role on PostgreSQL, and through any connection on SQLite."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from center.append_only import GUARDED, grant
from center.database import Database
from center.errors import BadRequest
from center.journal.chain import chain_new_entries, verify
from tests.center.casework.sample_cases import AKBOTA, command, do, open_case, receive_blanks

REFUSED = "append-only|permission denied|must be owner"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A centre with records; on PostgreSQL signed in as an application role that owns nothing."""
    owner = Database(database_url, "sarytau-1")
    owner.upgrade()
    url = sqlalchemy.make_url(database_url)
    if owner.engine.dialect.name == "postgresql":
        role = f"app_{uuid.uuid4().hex[:12]}"
        with owner.engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
            grant(connection, role)
        url = url.set(username=role)
    application = Database(url.render_as_string(hide_password=False), "sarytau-1")
    application.upgrade()
    receive_blanks(application)
    state = open_case(application)
    do(application, AKBOTA, command("step.take", state.case_id, "accept"))
    yield application
    application.close()
    if owner.engine.dialect.name == "postgresql":
        with owner.engine.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))
    owner.close()


@contextmanager
def _refused(database: Database) -> Iterator[Connection]:
    with pytest.raises(DatabaseError, match=REFUSED), database.engine.connect() as connection, connection.begin():
        yield connection


def _rows(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY id"))]


def test_no_record_is_updated_deleted_replaced_or_truncated(database: Database) -> None:
    for table in GUARDED:
        before = _rows(database, table)
        assert before
        for statement in (
            f"UPDATE {table} SET kind = 'other'",
            f"UPDATE {table} SET centre_id = 'elsewhere' WHERE id = (SELECT min(id) FROM {table})",
            f"DELETE FROM {table}",
            f"DELETE FROM {table} WHERE id = (SELECT min(id) FROM {table})",
        ):
            with _refused(database) as connection:
                connection.execute(text(statement))
        if database.engine.dialect.name == "postgresql":
            for statement in (
                f"TRUNCATE {table} CASCADE",
                f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                f"DROP TRIGGER {table}_no_update ON {table}",
                f"DROP TABLE {table} CASCADE",
            ):
                with _refused(database) as connection:
                    connection.execute(text(statement))
        else:
            with _refused(database) as connection:
                connection.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
        assert _rows(database, table) == before


def test_the_journal_is_numbered_once_and_never_again(database: Database) -> None:
    with database.writing() as transaction:
        assert chain_new_entries(transaction) == 3
    for change in ("number = number + 100", "number = NULL", "leaf_sha256 = 'x'", "head_sha256 = NULL"):
        with _refused(database) as connection:
            connection.execute(text(f"UPDATE journal_entries SET {change}"))
    with database.reading() as transaction:
        found = verify(transaction)
    assert (found.chained, found.waiting, found.faults) == (3, 0, ())


def test_the_application_role_can_do_all_else(database: Database) -> None:
    state = open_case(database)
    do(database, AKBOTA, command("step.take", state.case_id, "accept"))
    do(database, AKBOTA, command("step.release", state.case_id, "accept"))


def test_roles_are_granted_on_postgresql_only_and_to_roles_that_exist(database_url: str) -> None:
    database = Database(database_url, "sarytau-1")
    database.upgrade()
    told = r"no role 'nobody-such'|Only PostgreSQL has roles"
    with pytest.raises(BadRequest, match=told), database.engine.begin() as connection:
        grant(connection, "nobody-such")
    database.close()
