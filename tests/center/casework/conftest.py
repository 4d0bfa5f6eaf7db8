"""A database with the newest schema, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from center.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "sarytau-1")
    opened.upgrade()
    yield opened
    opened.close()
