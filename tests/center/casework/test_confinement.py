"""Work in confinement can open nothing, take no more than its share, and harm nobody but itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from center.casework import confinement

ESCAPES = {
    "a file": "open('/etc/passwd').read()",
    "a file to write": "open('/tmp/x', 'w')",
    "a socket": "socket.socket()",
    "a program": "subprocess.run(['true'])",
    "memory": "bytearray(2_000_000_000)",
}


@pytest.mark.parametrize("code", ESCAPES.values(), ids=ESCAPES.keys())
def test_what_gave_up_its_rights_has_none(code: str) -> None:
    imports = "import socket, subprocess; from center.casework import confinement; confinement.give_up_rights()"
    done = subprocess.run([sys.executable, "-c", f"{imports}\n{code}"], capture_output=True, check=False)
    assert done.returncode != 0


def test_a_process_that_fails_gives_nothing() -> None:
    assert confinement.run("center.casework.documents.preview_process", b"", "image/jpeg") is None


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_WALL_TIME_S", 0.01)
    assert confinement.run("center.casework.documents.preview_process", b"", "image/jpeg") is None
