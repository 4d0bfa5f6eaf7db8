"""A fresh database for each test: a SQLite file, and one in a real PostgreSQL that is started once per process.

The migrations run once per process and kind, and each test has a copy of what they made. Only tests of how a database
comes up begin with an empty one.
"""

from __future__ import annotations

import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from center.database import Database
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
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "256MB",
    "listen_addresses": "",
}

# A copy of a database is hundreds of small files: 10 ms in memory, 120 ms on a disk.
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2 << 30


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user=_USER, dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _roomy_folder() -> Path:
    """Memory, where there is such a folder with room for several servers (that of a container may be small)."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    return _MEMORY if roomy else Path("/tmp")


@pytest.fixture(scope="session")
def postgresql_folder() -> Iterator[Path]:
    """The folder with the socket of a running PostgreSQL."""
    initdb, postgres = (find_program(name, also_in=_FOLDERS) for name in ("initdb", "postgres"))
    if initdb is None or postgres is None:
        missing_service("postgresql")
    with private_folder("postgresql", _roomy_folder()) as folder:
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
def _fresh_postgresql(folder: Path, template: str = "template1") -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(host=str(folder), user=_USER, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield _postgresql_url(folder, name)
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _postgresql_url(folder: Path, name: str) -> str:
    return f"postgresql+psycopg://{_USER}@/{name}?host={folder}"


def _migrate(url: str) -> None:
    database = Database(url, "template")
    database.upgrade()
    database.close()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_folder: Path) -> str:
    """The name of a PostgreSQL database with today's schema, to be copied: nobody is connected to it."""
    name = "migrated"
    with psycopg.connect(host=str(postgresql_folder), user=_USER, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    _migrate(_postgresql_url(postgresql_folder, name))
    return name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with today's schema, to be copied: it is closed, so nothing of it lies beside it."""
    path = tmp_path_factory.mktemp("migrated") / "centre.sqlite3"
    _migrate(_sqlite_url(path))
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    return path


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_folder: Path, migrated_postgresql: str) -> Iterator[str]:
    """SQLAlchemy's address of a fresh PostgreSQL database that has the schema and no rows."""
    with _fresh_postgresql(postgresql_folder, migrated_postgresql) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """SQLAlchemy's address of a fresh SQLite file that has the schema and no rows."""
    return _sqlite_url(Path(shutil.copyfile(migrated_sqlite, tmp_path / "centre.sqlite3")))


@pytest.fixture
def empty_postgresql_url(postgresql_folder: Path) -> Iterator[str]:
    """SQLAlchemy's address of a PostgreSQL database without tables."""
    with _fresh_postgresql(postgresql_folder) as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy's address of a SQLite file that does not exist yet."""
    return _sqlite_url(tmp_path / "empty.sqlite3")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with today's schema, whose migration was paid once per process; the test runs on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A database as a new centre finds it, for tests of how it comes up; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database for all tests of a module, which keep out of one another's way; they run once on each kind."""
    template = request.getfixturevalue(f"migrated_{request.param}")
    if request.param == "sqlite":
        yield _sqlite_url(Path(shutil.copyfile(template, tmp_path_factory.mktemp("shared") / "centre.sqlite3")))
        return
    with _fresh_postgresql(request.getfixturevalue("postgresql_folder"), template) as url:
        yield url
