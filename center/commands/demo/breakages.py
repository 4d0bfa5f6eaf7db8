"""The demo's socket: a page asks what can be broken, and to break or mend it; the simulators do it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from center.commands.demo.simulators import Simulators
from center.errors import CenterError

# Name on the page → what is broken how. The car is the one that drives.
BREAKAGES = {
    "beam_silent": ("beam-zebra", "silent"),
    "satellite_float": ("{car}-gnss", "float"),
    "satellite_lost": ("{car}-gnss", "silent"),
    "car_bus_lost": ("{car}-can", "silent"),
}
_LONGEST = 1 << 16


class Breakages:
    """Answers on the socket until the demo ends."""

    def __init__(self, path: Path, simulators: Simulators, driving_car: Callable[[], str]) -> None:
        self._simulators = simulators
        self._driving_car = driving_car
        self._active: dict[str, str] = {}
        """What is broken now, and which device that was."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        path.chmod(0o600)
        self._socket.listen()
        threading.Thread(target=self._serve, name="breakages", daemon=True).start()

    def mend_all(self) -> None:
        """Before the next exam everything works again."""
        for fault in list(self._active):
            self._answer({"ask": "mend", "fault": fault})

    def _serve(self) -> None:
        while True:
            line, _ = self._socket.accept()
            with line, line.makefile("rwb") as stream:
                line.settimeout(2.0)
                try:
                    answer = self._answer(json.loads(stream.readline(_LONGEST)))
                    stream.write(json.dumps(answer).encode() + b"\n")
                    stream.flush()
                except (OSError, ValueError, KeyError):
                    continue

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        if question["ask"] == "faults":
            return {"faults": [{"fault": name, "active": name in self._active} for name in BREAKAGES]}
        fault = question["fault"]
        if fault not in BREAKAGES:
            return {"error": f"There is no fault {fault!r} to set."}
        try:
            if question["ask"] == "break":
                device, how = BREAKAGES[fault]
                device = device.format(car=self._driving_car())
                self._simulators.break_(device, how)
                self._active[fault] = device
            elif fault in self._active:
                self._simulators.mend(self._active.pop(fault))
        except CenterError as error:
            return {"error": str(error)}
        return {"done": fault}
