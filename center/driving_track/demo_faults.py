"""Breaking and mending the demo's simulated hardware: asked for here, done by the demo that started the centre."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from center.driving_track.views import DemoFault
from center.errors import N_, NotFound, StorageFault

_TIMEOUT_S = 5.0
_LONGEST = 1 << 16


@contextmanager
def short_address(path: Path) -> Iterator[str]:
    """An address of a socket's file that is short enough however deep its folder lies (the limit is 107 bytes)."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class DemoFaults:
    """Talks to the demo over its socket, one JSON line a question."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def all(self) -> Sequence[DemoFault]:
        """What may be broken, and whether it is broken now."""
        told = self._ask({"ask": "faults"})
        return [DemoFault(one["fault"], one["active"]) for one in told["faults"]]

    def set(self, fault_id: str, active: bool) -> None:
        """Break or mend; raises :class:`NotFound`."""
        told = self._ask({"ask": "break" if active else "mend", "fault": fault_id})
        if "error" in told:
            raise NotFound(str(told["error"]))

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        with self._lock, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(_TIMEOUT_S)
            try:
                with short_address(self._path) as address:
                    line.connect(address)
                line.sendall(msgspec.json.encode(question) + b"\n")
                answer = line.makefile("rb").readline(_LONGEST)
                told: dict[str, Any] = msgspec.json.decode(answer, type=dict[str, Any])
            except (OSError, msgspec.MsgspecError) as error:
                raise StorageFault(N_("The demo's simulators do not answer: %(error)s."), error=str(error)) from error
        return told
