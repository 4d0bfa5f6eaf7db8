"""A fresh database for each test: a SQLite file, and one in a real PostgreSQL that is started once per process."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.services.missing import missing_service
from tests.services.processes import (
    find_program,
    private_folder,
    start_server,
    stop_server,
    unprivileged,
    wait_until,
)

_FOLDERS = ["usr/lib/postgresql/*/bin", "usr/local/pgsql/bin", "opt/homebrew/bin"]
_USER = "speccenter"

# Nothing here outlives the tests, so nothing waits for the disk. No TCP: the socket lies in the private folder.
_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "listen_addresses": ""}


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user=_USER, dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def postgresql_folder() -> Iterator[Path]:
    """The folder with the socket of a running PostgreSQL."""
    initdb, postgres = (find_program(name, also_in=_FOLDERS) for name in ("initdb", "postgres"))
    if initdb is None or postgres is None:
        missing_service("postgresql")
    with private_folder("postgresql") as folder:
        data = folder / "data"
        subprocess.run(
            [initdb, "-D", data, "-U", _USER, "-N", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True,
            capture_output=True,
            cwd=folder,
            **unprivileged(),
        )
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        log = folder / "log"
        server = start_server([postgres, "-D", data, "-k", folder, *settings], folder=folder, log=log)
        try:
            wait_until(lambda: _answers(folder), server, log)
            yield folder
        finally:
            stop_server(server)


@contextmanager
def _fresh_postgresql(folder: Path) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(host=str(folder), user=_USER, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield f"postgresql+psycopg://{_USER}@/{name}?host={folder}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgresql_url(postgresql_folder: Path) -> Iterator[str]:
    """SQLAlchemy's address of a fresh, empty PostgreSQL database."""
    with _fresh_postgresql(postgresql_folder) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy's address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'centre.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database for all tests of a module, which keep out of one another's way; they run once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('shared') / 'centre.sqlite3'}"
        return
    with _fresh_postgresql(request.getfixturevalue("postgresql_folder")) as url:
        yield url
