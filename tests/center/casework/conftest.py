"""Databases with the newest schema, on SQLite and on PostgreSQL: one for a test alone, or a centre in a shared one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from center.database import Database
from tests.center.casework.sample_cases import receive_blanks


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "sarytau-1")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with today's schema."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('casework') / 'centre.sqlite3'}"
    else:
        folder: Path = request.getfixturevalue("postgresql_folder")
        name = f"casework_{uuid.uuid4().hex}"
        with psycopg.connect(host=str(folder), user="speccenter", dbname="postgres", autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        url = f"postgresql+psycopg://speccenter@/{name}?host={folder}"
    database = Database(url, "schema")
    database.upgrade()
    database.close()
    return url


@pytest.fixture
def own_centre(migrated_url: str) -> Iterator[Database]:
    """A centre of its own in a database that many tests share: it sees nothing of the others, and is there at once."""
    opened = Database(migrated_url, f"sarytau-{uuid.uuid4().hex[:12]}")
    yield opened
    opened.close()


@pytest.fixture
def stocked_centre(own_centre: Database) -> Database:
    """A centre of its own that has blanks."""
    receive_blanks(own_centre)
    return own_centre
