"""The database: typed SQLAlchemy over SQLite (default) or PostgreSQL, brought to the newest schema at start-up."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import alembic.command
import alembic.config
import sqlalchemy
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import DateTime, Dialect, Engine, String, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_MS = 30_000
_CONNECTIONS = 15
"""At most so many of one engine, and all of them stay: one made anew for a request costs PostgreSQL a process, and all
that it had prepared."""
_IDLE_S = 1.0


class Utc(TypeDecorator[datetime]):
    """An aware UTC instant in microseconds; SQLite, which knows no zones, keeps it as sortable text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sqlalchemy.types.TypeEngine[Any]:
        """The column's type on this database."""
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database; raises ValueError for an instant without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.isoformat(timespec="microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        read = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        assert isinstance(read, datetime)
        return read.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables of the centre share; their schema is that of the migrations."""


class Owned:
    """An id that sorts by time (UUIDv7), and the centre it belongs to: in every table."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: new_id())
    centre_id: Mapped[str] = mapped_column(String(64))


class Transaction(Session):
    """A session in one transaction of one centre."""

    centre_id: str = ""


def new_id() -> str:
    """A fresh UUIDv7."""
    return str(uuid7())


class Database:
    """The centre's database at an address."""

    def __init__(self, url: str, centre_id: str) -> None:
        self.centre_id = centre_id
        self.engine = open_engine(url)
        self._writers = self.engine.execution_options(writes=True)
        self._turn = Lock()
        """Writers of one process wait here: SQLite has each ask again after pauses, while others pass it by."""

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """One transaction that may write, the only one: committed at the end, rolled back on an error.

        On both kinds of database nobody else writes meanwhile, so what was read stays true until the end, two writers
        never wait for one another, and the journal's order is that of the commits.
        """
        with self._turn, Transaction(self._writers, expire_on_commit=False) as transaction, transaction.begin():
            transaction.centre_id = self.centre_id
            # SQLite's has begun IMMEDIATE.
            if self.engine.dialect.name == "postgresql":
                lock_until_commit(transaction, "writers")
            yield transaction

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """One transaction that only reads, of one state of the database."""
        with Transaction(self.engine, expire_on_commit=False) as transaction:
            transaction.centre_id = self.centre_id
            yield transaction

    def upgrade(self) -> None:
        """Bring the schema to the newest revision; several programs may start at once.

        Raises alembic's CommandError for a schema whose revision this program does not know.
        """
        with self._writers.begin() as connection:
            if connection.dialect.name == "postgresql":
                lock_until_commit(connection, "writers")
            if MigrationContext.configure(connection).get_current_heads() == (_newest_revision(),):
                return
            config = alembic.config.Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine with the settings that both kinds of database need here."""
    address = sqlalchemy.make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = sqlalchemy.create_engine(address, pool_size=_CONNECTIONS, max_overflow=0, pool_use_lifo=True)
        _try_what_lay_idle(engine)
        return engine
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sqlalchemy.create_engine(address, pool_size=_CONNECTIONS, max_overflow=0)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@cache
def _newest_revision() -> str | None:
    # Those of this program: what an update lays into the folder meanwhile is for the program that it starts.
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def storable(text: str) -> bool:
    """Whether both kinds of database take a text: PostgreSQL knows no zero byte, not even in a question."""
    return "\x00" not in text


def lock_until_commit(connection: sqlalchemy.Connection | Session, name: str) -> None:
    """Let one transaction at a time through here, by name; SQLite's writers are alone anyhow."""
    key = int.from_bytes(hashlib.sha256(f"speccenter {name}".encode()).digest()[:8], "big", signed=True)
    connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _try_what_lay_idle(engine: Engine) -> None:
    """A server that was started again has closed it; to try each time would cost every page some round trips."""

    def note_use(_connection: object, record: Any) -> None:
        record.info["used_s"] = time.monotonic()

    def try_it(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used_s", math.inf) < _IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sqlalchemy.exc.DisconnectionError from error

    event.listen(engine, "checkin", note_use)
    event.listen(engine, "checkout", try_it)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own idea of when a transaction begins is switched off: _begin_sqlite says it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # A verdict that was told must survive a power cut; WAL's usual NORMAL would not promise that.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: sqlalchemy.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
