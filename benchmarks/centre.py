"""A centre under measurement: broker, database with enrolled devices, and the centre's own processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from benchmarks.fleet import SEED, Fleet
from benchmarks.recordings import ROOT
from center.commands.broker import EmbeddedBroker, embed
from center.commands.exam import await_answer, leave_order, place_call
from center.database import Database
from center.driving_track import queries
from center.driving_track.actions import devices
from center.driving_track.actions.devices import NewDevice
from center.driving_track.actions.requests import Order
from center.driving_track.tables import ExamState
from center.settings import Settings, load_settings
from messages import keys
from messages.clock import TimeScale
from messages.steered_clock import Hand, lay_out
from simulators.recorder import key_of

_ACTOR = "benchmark"
_UP_WITHIN_S = 30.0


class Bench:
    """Use as a context. The broker is up at once; ``start`` starts ``center ingest`` or ``center serve``."""

    def __init__(self, folder: Path, fleet: Fleet) -> None:
        self.folder = folder
        self.fleet = fleet
        folder.mkdir(parents=True, exist_ok=True)
        self.broker: EmbeddedBroker = embed(folder / "broker", fleet.site.centre_id, _gateways(fleet))
        self.port = _free_port()
        self.scale = TimeScale()
        self.process: subprocess.Popen[bytes] | None = None
        self.database: Database | None = None

    def __enter__(self) -> Bench:
        self.broker.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()
        if self.database is not None:
            self.database.close()
        self.broker.stop()

    @property
    def settings(self) -> Settings:
        """What the centre runs with."""
        return load_settings(**self._values())

    def start(self, word: str, start_ns: int, lead_s: float) -> None:
        """Enrol the fleet and start the centre; its clock shows ``start_ns`` in ``lead_s`` seconds from now."""
        self._start(word, TimeScale(start_ns, time.time_ns() + round(lead_s * 1e9)))

    def start_steered(self, word: str, start_ns: int, rate: float) -> Hand:
        """The same, with a clock that only the hand moves on, at most about ``rate`` times as fast as the machine's."""
        clock = self.folder / "clock"
        lay_out(clock, start_ns)
        self._start(word, TimeScale(start_ns, 0, rate, str(clock)))
        return Hand(clock)

    def stop(self) -> None:
        """Stop the centre; its broker goes on. Does nothing if it is stopped."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def call(self, car_id: str, exercise: str | None, last_exercise: str | None = None) -> str:
        """Call a candidate to a car; the exam's id. Raises RuntimeError if the centre refuses."""
        order = Order("call", car_id=car_id, first_exercise=exercise, last_exercise=last_exercise)
        assert self.database is not None
        exam_id = place_call(self.settings, self.fleet.site, self.database, order, "Candidate", _ACTOR)
        self._await([exam_id])
        return exam_id

    def start_exams(self, exam_ids: Iterable[str]) -> None:
        """Give the start signals."""
        assert self.database is not None
        orders = [Order("start", exam_id=exam_id) for exam_id in exam_ids]
        self._await([leave_order(self.settings, self.database, order, _ACTOR) for order in orders])

    def stop_exam(self, exam_id: str) -> None:
        """End an exam, if it has not ended by itself."""
        assert self.database is not None
        order = Order("stop", exam_id=exam_id)
        with self.database.reading() as transaction:
            if queries.exam(transaction, exam_id).state != ExamState.RUNNING:
                return
        # Refused if it has ended meanwhile, which is as well.
        await_answer(self.database, leave_order(self.settings, self.database, order, _ACTOR), _UP_WITHIN_S)

    def await_time(self, time_ns: int) -> None:
        """Sleep until the centre's clock shows an instant."""
        time.sleep(max(0.0, (self.scale.machine_ns_at(time_ns) - time.time_ns()) / 1e9))

    def await_pages(self) -> None:
        """Wait until the pages are served; raises TimeoutError."""
        deadline = time.monotonic() + _UP_WITHIN_S
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("the pages did not come up")

    def _start(self, word: str, scale: TimeScale) -> None:
        self.scale = scale
        settings = self.settings
        self.database = Database(settings.main_database, self.fleet.site.centre_id)
        self.database.upgrade()
        with self.database.writing() as transaction:
            for one in self.fleet.site.devices:
                new = NewDevice(one.id, keys.public_hex(key_of(one.id, SEED)), True, one.gateway)
                devices.enrol(transaction, new, actor=_ACTOR, now=settings.clock.now())
        own = {f"SPECCENTER_{name.upper()}": str(value) for name, value in self._values().items()}
        with (self.folder / "centre.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "center", word], cwd=ROOT, env={**os.environ, **own}, stderr=log, stdout=log
            )

    def _await(self, request_ids: list[str]) -> None:
        assert self.database is not None
        for request_id in request_ids:
            refusals = await_answer(self.database, request_id, _UP_WITHIN_S)
            if refusals:
                raise RuntimeError(f"The centre refuses: {'; '.join(refusals)}")

    def _values(self) -> dict[str, object]:
        return {
            "site": self.fleet.folder,
            "data": self.folder / "data",
            "vault": self.folder / "vault",
            "control_key": self.folder / "vault" / "exam-control.pem",
            "broker_url": self.broker.url(),
            "port": self.port,
            "demo": True,
            "time_scale": str(self.scale) if not self.scale.is_real else "",
            # What is played faster than the clock is ahead of it, and is scored all the same.
            "future_tolerance_s": 1e6,
            # A machine that is busy with other things may deliver late, and an exam is started all the same.
            "fresh_within_s": 600.0,
        }


def _gateways(fleet: Fleet) -> list[str]:
    return sorted({device.gateway for device in fleet.site.devices})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
