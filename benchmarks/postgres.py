"""A PostgreSQL of the benchmark's own, with the settings that it ships with: what it acknowledges is on the disk."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_USER = "speccenter"


@contextmanager
def running_postgresql() -> Iterator[str | None]:
    """SQLAlchemy's address of an empty database; None where PostgreSQL is not installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="speccenter-bench-", dir="/tmp"))
    owner = _unprivileged()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    initdb = [
        programs[-1] / "initdb",
        "-D",
        folder / "data",
        "-U",
        _USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run([str(part) for part in initdb], check=True, capture_output=True, cwd=folder, **owner)
    command = [programs[-1] / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses="]
    log = (folder / "log").open("wb")
    server = subprocess.Popen([str(part) for part in command], cwd=folder, stdout=log, stderr=log, **owner)
    try:
        _await(folder)
        yield f"postgresql+psycopg://{_USER}@/postgres?host={folder}"
    finally:
        server.terminate()
        server.wait(30)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _await(folder: Path) -> None:
    for _ in range(300):
        try:
            psycopg.connect(host=str(folder), user=_USER, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not come up; see {folder / 'log'}.")


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
