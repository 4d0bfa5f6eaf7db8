"""The demo as a newcomer starts and ends it: one address, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest

from center.commands.demo.ports import free_port

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]


@contextmanager
def _demo(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running demo whose temporary files lie in a folder, and its address."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "center", "demo", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=(folder / "stderr").open("w"),
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    try:
        assert demo.stdout is not None
        line = demo.stdout.readline()
        found = re.fullmatch(r"The demo is at (http://localhost:\d+) \(Ctrl\+C ends it\)\n", line)
        assert found, (line, (folder / "stderr").read_text())
        yield demo, found[1]
    finally:
        demo.kill()
        demo.wait()


def _descendants(pid: int) -> set[int]:
    """Every process that a process started, or that those started."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def _alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}/stat").exists() and not _is_zombie(pid)}


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _watch(address: str) -> None:
    """Keep a stream of the live page open, as a browser does."""

    def read() -> None:
        try:
            with urllib.request.urlopen(f"{address}/track/events") as stream:
                while stream.read(64):
                    pass
        except (OSError, HTTPException):
            return

    threading.Thread(target=read, daemon=True).start()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["interrupted", "terminated"])
def test_it_ends_within_seconds_and_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    with _demo(tmp_path, free_port()) as (demo, address):
        _watch(address)
        time.sleep(1.0)
        children = _descendants(demo.pid)
        assert len(children) >= 6
        demo.send_signal(how)
        # It takes at most 3 s on a machine that does nothing else; the tests share theirs.
        assert demo.wait(10.0) == 0
        assert _alive(children) == set()
        assert [one.name for one in tmp_path.iterdir()] == ["stderr"]
        assert demo.stdout is not None
        assert demo.stdout.read() == ""


def test_killed_it_leaves_no_process(tmp_path: Path) -> None:
    with _demo(tmp_path, free_port()) as (demo, _):
        children = _descendants(demo.pid)
        demo.kill()
        demo.wait()
        deadline = time.monotonic() + 5.0
        while _alive(children):
            assert time.monotonic() < deadline, _alive(children)
            time.sleep(0.05)


def test_a_port_that_is_taken_is_named_and_another_one_is_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _demo(tmp_path, port) as (_, address):
            assert address != f"http://localhost:{port}"
            assert f"Port {port} is taken" in (tmp_path / "stderr").read_text()
