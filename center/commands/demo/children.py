"""The programs that a demo runs, as child processes: started, waited for, and gone with it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from center.errors import StorageFault
from center.processes import die_with_parent

_UP_WITHIN_S = 60.0
_DOWN_WITHIN_S = 1.2
"""Nothing of a demo is kept: who has not ended by then is ended."""


class Children:
    """All of them write their logs into one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[subprocess.Popen[bytes]] = []

    def __iter__(self) -> Iterator[subprocess.Popen[bytes]]:
        return iter(self._children)

    def spawn(
        self, name: str, command: list[str], *, environment: dict[str, str] | None = None, piped: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start one of our programs; its log is named for it, and a piped one is spoken to."""
        with (self._folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", *command],
                stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
                stdout=subprocess.PIPE if piped else log,
                stderr=log,
                env=environment,
                preexec_fn=die_with_parent,
                start_new_session=True,
            )
        self._children.append(child)
        return child

    def wait_for(self, what: str, is_up: Callable[[], bool]) -> None:
        """Until it is up; raises :class:`StorageFault` with the logs if a child ends before, or it takes too long."""
        deadline = time.monotonic() + _UP_WITHIN_S
        while time.monotonic() < deadline:
            for child in self._children:
                if child.poll() is not None:
                    raise StorageFault(f"{child.args!r} ended with status {child.returncode}: {self.logs()}")
            if is_up():
                return
            time.sleep(0.05)
        raise StorageFault(f"Within {_UP_WITHIN_S:.0f} s {what} did not come up: {self.logs()}")

    def end(self) -> None:
        """Ask each to end, then see that it has."""
        for child in self._children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _DOWN_WITHIN_S
        for child in reversed(self._children):
            try:
                child.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def logs(self) -> str:
        """The end of every child's log."""
        told = [(path.name, path.read_text(errors="replace")[-1500:]) for path in sorted(self._folder.glob("*.log"))]
        return json.dumps({name: text for name, text in told if text}, ensure_ascii=False, indent=1)
