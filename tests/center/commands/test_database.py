"""``center database grant``: PostgreSQL's application role serves and changes no record; SQLite has no roles."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from center.commands.line import main
from center.database import Database
from center.settings import load_settings
from messages import site as survey
from tests.center.casework.sample_cases import AKBOTA, command, do, open_case

GRANTED = "may serve this centre, and can change or delete no record."


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], str]:
    """Names a database to the commands; returns the centre's id."""
    monkeypatch.setenv("SPECCENTER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SPECCENTER_BROKER_URL", "mqtt://centre:secret@127.0.0.1:1")
    (tmp_path / "data").mkdir()

    def use(database_url: str) -> str:
        monkeypatch.setenv("SPECCENTER_DATABASE_URL", database_url)
        return survey.load(load_settings().site).centre_id

    return use


@pytest.fixture
def role(empty_postgresql_url: str) -> Iterator[str]:
    """A role of PostgreSQL with a name that only quoting makes one."""
    name = f'App "{uuid.uuid4().hex[:12]}"; --'
    engine = sqlalchemy.create_engine(empty_postgresql_url)
    quoted = engine.dialect.identifier_preparer.quote(name)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {quoted} LOGIN")
    yield name
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {quoted}")
        connection.exec_driver_sql(f"DROP ROLE {quoted}")
    engine.dispose()


def test_from_an_empty_database_the_role_can_serve_and_change_no_record(
    settings: Callable[[str], str], empty_postgresql_url: str, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    centre_id = settings(empty_postgresql_url)
    # Again too, as after each update: what it had beyond its rights is taken back.
    for _ in range(2):
        assert main(["database", "grant", role]) == 0
        assert capsys.readouterr().out == f"{role} {GRANTED}\n"
        _gives_too_much(empty_postgresql_url, role)
    assert main(["database", "grant", role]) == 0
    url = sqlalchemy.make_url(empty_postgresql_url).set(username=role)
    application = Database(url.render_as_string(hide_password=False), centre_id)
    application.upgrade()
    state = open_case(application)
    do(application, AKBOTA, command("step.take", state.case_id, "accept"))
    for statement in (
        "UPDATE case_actions SET kind = 'other'",
        "DELETE FROM journal_entries",
        "TRUNCATE case_actions",
        "DELETE FROM alembic_version",
        "DROP TABLE cases",
    ):
        with pytest.raises(ProgrammingError, match=r"denied|owner"), application.engine.begin() as connection:
            connection.execute(text(statement))
    application.close()


def _gives_too_much(url: str, role: str) -> None:
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        name = engine.dialect.identifier_preparer.quote(role)
        connection.exec_driver_sql(f"GRANT ALL ON case_actions, journal_entries, alembic_version TO {name}")
    engine.dispose()


def test_a_role_that_nobody_made_is_told(
    settings: Callable[[str], str], empty_postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(empty_postgresql_url)
    assert main(["database", "grant", "nobody-such"]) == 2
    told = capsys.readouterr()
    assert "no role 'nobody-such'; make it with CREATE ROLE first" in told.err
    assert told.out == ""


def test_sqlite_has_no_roles_and_its_schema_is_brought_up_all_the_same(
    settings: Callable[[str], str], empty_sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    centre_id = settings(empty_sqlite_url)
    assert main(["database", "grant", "application"]) == 2
    assert "Only PostgreSQL has roles; in SQLite the triggers alone guard the records." in capsys.readouterr().err
    database = Database(empty_sqlite_url, centre_id)
    assert open_case(database).ordinal == 1
    database.close()
