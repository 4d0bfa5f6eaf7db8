"""The databases of the tests are fresh, and speak Kazakh."""

from __future__ import annotations

import pytest
import sqlalchemy


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(database_url: str, turn: int) -> None:
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.execute(sqlalchemy.text("CREATE TABLE people (name TEXT)"))
        connection.execute(sqlalchemy.text("INSERT INTO people VALUES ('Әбдіғаппар')"))
        assert connection.scalar(sqlalchemy.text("SELECT name FROM people")) == "Әбдіғаппар"
    engine.dispose()
