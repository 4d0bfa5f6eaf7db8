"""The databases of the tests are fresh, are what the migrations make, and speak Kazakh."""

from __future__ import annotations

import pytest
import sqlalchemy

from center.database import Database, open_engine


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(empty_database_url: str, turn: int) -> None:
    engine = sqlalchemy.create_engine(empty_database_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.execute(sqlalchemy.text("CREATE TABLE people (name TEXT)"))
        connection.execute(sqlalchemy.text("INSERT INTO people VALUES ('Әбдіғаппар')"))
        assert connection.scalar(sqlalchemy.text("SELECT name FROM people")) == "Әбдіғаппар"
    engine.dispose()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_the_schema_and_no_rows(database_url: str, turn: int) -> None:
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        tables = set(sqlalchemy.inspect(connection).get_table_names()) - {"alembic_version"}
        assert "journal_entries" in tables
        for table in tables:
            assert connection.scalar(sqlalchemy.text(f'SELECT count(*) FROM "{table}"')) == 0, table
        connection.execute(sqlalchemy.text("CREATE TABLE people (name TEXT)"))
        connection.execute(sqlalchemy.text("INSERT INTO people VALUES ('Әбдіғаппар')"))
    engine.dispose()


_MADE = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
    "postgresql": """
        SELECT 'trigger', tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'column', table_name || '.' || column_name,
            concat_ws(' ', data_type, collation_name, is_nullable, column_default)
            FROM information_schema.columns WHERE table_schema = 'public'
        ORDER BY 1, 2, 3
    """,
}


def _made(url: str) -> list[tuple[object, ...]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(_MADE[engine.dialect.name].replace("%", "%%"))]
    engine.dispose()
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_schema_given_to_tests_is_the_one_of_a_new_centre(request: pytest.FixtureRequest, kind: str) -> None:
    empty = request.getfixturevalue(f"empty_{kind}_url")
    database = Database(empty, "sarytau-1")
    database.upgrade()
    database.close()
    made = _made(empty)
    assert "journal_entries_no_update" in [name for _, name, _ in made]
    assert _made(request.getfixturevalue(f"{kind}_url")) == made
