"""Servers as children of the tests: unprivileged, in a folder of their own, gone when the tests are."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def find_program(name: str, *, also_in: Sequence[str] = ()) -> Path | None:
    """A program on the PATH or in one of the folders, given as patterns below / (the newest version last)."""
    on_path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if on_path:
        return Path(on_path)
    found = sorted(path for folder in also_in for path in Path("/").glob(f"{folder}/{name}"))
    return found[-1] if found else None


def free_port() -> int:
    """A loopback TCP port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def unprivileged() -> dict[str, Any]:
    """Arguments that make subprocess start a child as ``nobody`` when we are root: the servers refuse root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def hand_over(*paths: Path) -> None:
    """Give files and folders to the user whom the servers run as."""
    owner = unprivileged()
    for path in paths:
        if owner:
            os.chown(path, owner["user"], owner["group"])


@contextmanager
def private_folder(name: str, parent: Path = Path("/tmp")) -> Iterator[Path]:
    """A folder for one server, with a short path (sockets allow 107 bytes) that ``nobody`` may enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"speccenter-{name}-", dir=parent))
    hand_over(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_server(command: Sequence[str | Path], *, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a server in its folder, its output appended to the log; the kernel ends it if the tests die."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,
            **unprivileged(),
        )


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def wait_until(
    ready: Callable[[], bool], server: subprocess.Popen[bytes], log: Path, *, within_s: float = 20.0
) -> None:
    """Wait for a server to answer; if it ends or is late instead, raise with the end of its log."""
    deadline = time.monotonic() + within_s
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{server.args!r} did not come up:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.01)


def answers_on(port: int) -> bool:
    """Whether somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stop_server(
    server: subprocess.Popen[bytes], *, how: signal.Signals = signal.SIGTERM, within_s: float = 10.0
) -> None:
    """End a server by a signal; by force if it takes too long."""
    if server.poll() is not None:
        return
    server.send_signal(how)
    try:
        server.wait(within_s)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(within_s)
