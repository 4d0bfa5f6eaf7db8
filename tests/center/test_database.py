"""The database comes up by itself, keeps instants, and lets writers wait rather than fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import alembic.autogenerate
import alembic.command
import alembic.config
import alembic.migration
import psycopg
import pytest
import sqlalchemy
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from center.database import Base, Database, new_id
from center.driving_track.tables import Enrolment, FindingRow
from center.journal.tables import JournalEntry

MIGRATIONS = Path(__file__).parents[2] / "center" / "migrations"
NOON = datetime(2026, 4, 14, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "sarytau-1")
    opened.upgrade()
    yield opened
    opened.close()


def _enrolment(enrolled_at: datetime, device_id: str = "car-1-gnss") -> Enrolment:
    return Enrolment(
        centre_id="sarytau-1",
        device_id=device_id,
        gateway_id="car-1",
        public_key="00" * 32,
        simulated=True,
        enrolled_at=enrolled_at,
    )


def _says_what_the_tables_say(database: Database) -> bool:
    with database.engine.connect() as connection:
        context = alembic.migration.MigrationContext.configure(connection)
        return alembic.autogenerate.compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_what_the_tables_say(empty_database_url: str) -> None:
    database = Database(empty_database_url, "sarytau-1")
    database.upgrade()
    assert _says_what_the_tables_say(database)
    database.close()


def test_an_older_schema_is_brought_up(empty_database_url: str) -> None:
    database = Database(empty_database_url, "sarytau-1")
    oldest = ScriptDirectory(str(MIGRATIONS)).get_base()
    assert oldest is not None
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, oldest)
    assert not _says_what_the_tables_say(database)
    database.upgrade()
    assert _says_what_the_tables_say(database)
    database.close()


def test_a_schema_of_a_newer_program_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandError, match="9999"):
        database.upgrade()
    with database.engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT version_num FROM alembic_version")) == "9999"


def test_an_upgrade_twice_and_at_once_is_no_harm(empty_database_url: str) -> None:
    databases = [Database(empty_database_url, "sarytau-1") for _ in range(3)]
    threads = [threading.Thread(target=one.upgrade) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    databases[0].upgrade()
    with databases[0].reading() as transaction:
        assert transaction.scalars(select(JournalEntry)).all() == []
    for one in databases:
        one.close()


def test_every_table_has_a_uuidv7_and_its_centre() -> None:
    for table in Base.metadata.sorted_tables:
        assert [column.name for column in table.primary_key] == ["id"]
        assert not table.columns["centre_id"].nullable
    assert new_id()[14] == "7"


def test_an_instant_comes_back_aware_in_utc_to_the_microsecond(database: Database) -> None:
    almaty = NOON.astimezone(timezone(timedelta(hours=5)))
    with database.writing() as transaction:
        transaction.add(_enrolment(almaty))
    with database.reading() as transaction:
        (read,) = transaction.scalars(select(Enrolment.enrolled_at))
    assert read == NOON
    assert read.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="has no time zone"), database.writing() as transaction:
        transaction.add(_enrolment(NOON.replace(tzinfo=None)))


def test_foreign_keys_hold(database: Database) -> None:
    orphan = FindingRow(
        centre_id="sarytau-1", exam_id=new_id(), stage="final", ordinal=1, rule_id="belt", outcome="fault", points=1,
        found_at=NOON, stored_at=NOON, content={},
    )  # fmt: skip
    with pytest.raises(IntegrityError), database.writing() as transaction:
        transaction.add(orphan)


def test_writers_wait_for_one_another(database: Database) -> None:
    def write(name: int) -> None:
        for number in range(10):
            with database.writing() as transaction:
                transaction.scalars(select(Enrolment)).all()
                transaction.add(_enrolment(NOON, f"device-{name}-{number}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as transaction:
        assert transaction.scalar(select(sqlalchemy.func.count()).select_from(Enrolment)) == 40


def test_while_somebody_writes_nobody_else_does(database: Database) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False), "sarytau-1")
    seen: list[str] = []

    def write() -> None:
        with other.writing() as transaction:
            seen.extend(transaction.scalars(select(Enrolment.device_id)))

    thread = threading.Thread(target=write)
    with database.writing() as transaction:
        assert transaction.scalars(select(Enrolment)).all() == []
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        transaction.add(_enrolment(NOON))
    thread.join()
    assert seen == ["car-1-gnss"]
    other.close()


def test_a_server_that_closed_what_lay_idle_is_asked_anew(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("center.database._IDLE_S", 0.0)
    database = Database(postgresql_url, "sarytau-1")
    database.upgrade()
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with database.reading() as transaction:
        assert transaction.scalars(select(Enrolment)).all() == []
    database.close()


def test_connections_of_a_busy_moment_stay_for_the_next(database: Database) -> None:
    made: list[object] = []
    sqlalchemy.event.listen(database.engine, "connect", lambda connection, _record: made.append(connection))

    def busy_moment() -> None:
        with ExitStack() as stack:
            for _ in range(12):
                stack.enter_context(database.reading()).execute(select(Enrolment.id))

    busy_moment()
    made.clear()
    busy_moment()
    assert made == []
