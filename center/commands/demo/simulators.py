"""Talking to the simulators, one JSON object a line: drives, breakages, and what they tell of themselves."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from typing import Any

from center.errors import StorageFault


class Simulators:
    """The running simulators' two pipes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._told: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, name="simulators", daemon=True).start()

    def ask(self, **request: Any) -> None:
        """Send one request."""
        line = json.dumps(request, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            stream = self._process.stdin
            assert stream is not None
            try:
                stream.write(line)
                stream.flush()
            except OSError as error:
                raise StorageFault(f"The simulators have ended: {error}.") from error

    def told(self, within_s: float) -> dict[str, Any]:
        """The next line that they tell; raises :class:`StorageFault` when none comes."""
        try:
            line = self._told.get(timeout=within_s)
        except queue.Empty:
            raise StorageFault(f"The simulators have told nothing for {within_s:.0f} s.") from None
        if line is None:
            raise StorageFault("The simulators have ended.")
        return line

    def told_now(self) -> dict[str, Any] | None:
        """The next line if there is one."""
        try:
            line = self._told.get_nowait()
        except queue.Empty:
            return None
        if line is None:
            raise StorageFault("The simulators have ended.")
        return line

    def break_(self, device: str, fault: str) -> None:
        """Break a device or an element."""
        self.ask(**{"break": {"device": device, "fault": fault}})

    def mend(self, device: str) -> None:
        """Mend it."""
        self.ask(mend={"device": device})

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        for line in stream:
            try:
                self._told.put(json.loads(line))
            except ValueError:
                continue
        self._told.put(None)
