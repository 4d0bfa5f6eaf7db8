"""The demo's socket: a page asks what can be broken, and to break or mend it; the simulators do it."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from center.commands.demo.cable import Cable
from center.commands.demo.simulators import Simulators
from center.driving_track.demo_faults import short_address
from center.errors import CenterError
from messages.site import ElementKind, Site

_log = logging.getLogger(__name__)
_LONGEST = 1 << 16
CUT = "cut"
CUT_FOR_S = 15.0
"""Of the machine's time: a cut link is mended by itself, so that what waited arrives before the exam is closed."""


@dataclass(frozen=True, slots=True)
class Breakage:
    """What is broken how; ``{car}`` stands for the car that drives."""

    target: str
    fault: str


def breakages_of(site: Site) -> dict[str, tuple[Breakage, ...]]:
    """Name on the page → everything that breaks."""
    return {
        "beam_silent": (Breakage("beam-zebra", "silent"),),
        "cones_unplugged": _all(site, ElementKind.CONE_TILT),
        "kerb_strips_unplugged": _all(site, ElementKind.KERB_STRIP),
        "satellite_float": (Breakage("{car}-gnss", "float"),),
        "heading_lost": (Breakage("{car}-gnss", "no_heading"),),
        "stale_corrections": (Breakage("{car}-gnss", "stale"),),
        "clock_offset": (Breakage("{car}-gnss", "clock"),),
        "satellite_lost": (Breakage("{car}-gnss", "silent"),),
        "car_bus_lost": (Breakage("{car}-can", "silent"),),
        "gateway_link_cut": (Breakage("{car}", CUT),),
    }


class Breakages:
    """Answers on the socket until the demo ends."""

    def __init__(
        self,
        path: Path,
        site: Site,
        simulators: Simulators,
        cables: Mapping[str, Cable],
        driving_car: Callable[[], str],
    ) -> None:
        self._known = breakages_of(site)
        self._simulators = simulators
        self._cables = cables
        self._driving_car = driving_car
        self._lock = threading.Lock()
        self._active: dict[str, list[Breakage]] = {}
        """What is broken now, with the car that it was broken for."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with short_address(path) as address:
            self._socket.bind(address)
        path.chmod(0o600)
        self._socket.listen()
        threading.Thread(target=self._serve, name="breakages", daemon=True).start()

    def mend_all(self) -> None:
        """Before the next exam everything works again."""
        for fault in list(self._active):
            self._mend(fault)

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
            return {"faults": [{"fault": name, "active": name in self._active} for name in self._known]}
        fault = question["fault"]
        if fault not in self._known:
            return {"error": f"There is no fault {fault!r} to set."}
        try:
            if question["ask"] == "break":
                self._break(fault)
            else:
                self._mend(fault)
        except CenterError as error:
            return {"error": str(error)}
        return {"done": fault}

    def _break(self, fault: str) -> None:
        car = self._driving_car()
        with self._lock:
            if fault in self._active:
                return
            broken = [Breakage(one.target.format(car=car), one.fault) for one in self._known[fault]]
            # A device has one fault at a time: the newest.
            targets = {one.target for one in broken}
            for other, before in list(self._active.items()):
                if targets & {one.target for one in before}:
                    del self._active[other]
            self._active[fault] = broken
            for one in broken:
                if one.fault == CUT:
                    self._cables[one.target].cut()
                    mending = threading.Timer(CUT_FOR_S, self._mend_late, (fault,))
                    mending.daemon = True
                    mending.start()
                else:
                    self._simulators.break_(one.target, one.fault)

    def _mend(self, fault: str) -> None:
        with self._lock:
            for one in self._active.pop(fault, ()):
                if one.fault == CUT:
                    self._cables[one.target].mend()
                else:
                    self._simulators.mend(one.target)

    def _mend_late(self, fault: str) -> None:
        try:
            self._mend(fault)
        except CenterError as error:
            _log.info("Nothing is left to mend: %s", error)


def _all(site: Site, kind: ElementKind) -> tuple[Breakage, ...]:
    return tuple(Breakage(one.id, "silent") for one in site.elements if one.kind is kind)
