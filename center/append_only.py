"""Tables that only grow: triggers that refuse UPDATE, DELETE and TRUNCATE, and what a role of PostgreSQL is granted.

On SQLite the triggers also refuse INSERT OR REPLACE, which deletes without telling the delete trigger. On PostgreSQL
the centre serves as an application role that owns nothing, so it cannot switch the triggers off either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import sqlalchemy
from sqlalchemy import Connection

from center.errors import BadRequest

GUARDED: Final[Mapping[str, tuple[str, ...]]] = {
    "journal_entries": ("number", "leaf_sha256", "head_sha256"),
    "case_actions": (),
    "center_actions": (),
}
"""Append-only table → columns that may be set once, while they are NULL: the journal's worker numbers entries."""


def guard(connection: Connection, table: str, set_once: Sequence[str], unique: Iterable[Sequence[str]]) -> None:
    """Add the triggers of one table; ``unique`` are the keys by which SQLite's REPLACE would push a row out."""
    statements = (
        _postgresql(connection, table, set_once)
        if connection.dialect.name == "postgresql"
        else _sqlite(connection, table, set_once, unique)
    )
    for statement in statements:
        connection.exec_driver_sql(statement)


def grant(connection: Connection, role: str) -> None:
    """Give an application role what serving needs and no more; the role exists already. PostgreSQL only."""
    if connection.dialect.name != "postgresql":
        raise BadRequest("Only PostgreSQL has roles; in SQLite the triggers alone guard the records.")
    if connection.scalar(sqlalchemy.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}) is None:
        raise BadRequest(f"The database has no role {role!r}; make it with CREATE ROLE first.")
    name = connection.dialect.identifier_preparer.quote(role)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
    for table in sqlalchemy.inspect(connection).get_table_names():
        _grant_table(connection, name, table)


def _grant_table(connection: Connection, name: str, table: str) -> None:
    connection.exec_driver_sql(f'REVOKE ALL ON "{table}" FROM {name}')
    rights = "SELECT"
    if table in GUARDED:
        rights = "SELECT, INSERT"
    elif table != "alembic_version":
        rights = "SELECT, INSERT, UPDATE, DELETE"
    connection.exec_driver_sql(f'GRANT {rights} ON "{table}" TO {name}')
    if columns := GUARDED.get(table):
        connection.exec_driver_sql(f'GRANT UPDATE ({", ".join(columns)}) ON "{table}" TO {name}')


def _sqlite(connection: Connection, table: str, set_once: Sequence[str], unique: Iterable[Sequence[str]]) -> list[str]:
    refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
    same = " OR ".join("(" + " AND ".join(f"{column} = NEW.{column}" for column in columns) + ")" for columns in unique)
    replaces = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
    changes = _changes(connection, table, set_once, "IS NOT")
    return [
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}; END",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {replaces} BEGIN {refuse}; END",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {changes} BEGIN {refuse}; END",
    ]


def _postgresql(connection: Connection, table: str, set_once: Sequence[str]) -> list[str]:
    changes = _changes(connection, table, set_once, "IS DISTINCT FROM")
    act = f"EXECUTE FUNCTION {table}_append_only()"
    raising = f"BEGIN RAISE EXCEPTION '{table} is append-only'; END"
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ {raising} $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changes}) {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}",
    ]


def _changes(connection: Connection, table: str, set_once: Sequence[str], differs: str) -> str:
    """When an update is refused: always, or when it touches more than what is still unset."""
    if not set_once:
        return "1 = 1"
    columns = [column["name"] for column in sqlalchemy.inspect(connection).get_columns(table)]
    fixed = [f"OLD.{name} {differs} NEW.{name}" for name in columns if name not in set_once]
    once = [f"(OLD.{name} IS NOT NULL AND OLD.{name} {differs} NEW.{name})" for name in set_once]
    return " OR ".join([*fixed, *once])
