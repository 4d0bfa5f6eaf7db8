"""An intake under test: a real broker, enrolled devices that speak, and the centre's intake as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from center.commands.exam import await_answer, leave_order, place_call
from center.database import Database
from center.driving_track import queries
from center.driving_track.actions import devices
from center.driving_track.actions.devices import NewDevice
from center.driving_track.actions.requests import Order
from center.driving_track.queries import ExamFacts
from center.settings import Settings, load_settings
from messages import keys
from messages import site as survey
from messages.broker import BrokerAddress
from messages.geodesy import LocalFrame
from messages.readings import Aspect, CarState, FixQuality, Reading, SatellitePose, TrafficLight
from messages.site import Site
from messages.transmitter import Identity, Transmitter
from tests.services.mosquitto import Mosquitto
from tests.services.steered_time import SteeredTime

ROOT = Path(__file__).parents[4]
SITE_FOLDER = ROOT / "sites" / "sarytau"
RATE = 10.0
START_NS = 1_776_135_600_000_000_000
_LAG_NS = 1_000_000_000
"""Devices' readings come at most so long after their heartbeats, so that on a slow machine none counts as lost."""


def wait_for(what: Callable[[], Any], within_s: float = 60.0) -> Any:
    """The first true answer; fails when none comes."""
    deadline = time.monotonic() + within_s
    while not (answer := what()):
        assert time.monotonic() < deadline, f"{what} did not come true within {within_s} s"
        time.sleep(0.02)
    return answer


@dataclass
class Rig:
    """Everything around the intake; ``start`` the intake, ``drive`` the devices."""

    broker: Mosquitto
    folder: Path
    database_url: str = ""
    demo: bool = True
    rate: float = RATE
    start_ns: int = START_NS
    lead_s: float = 0.0
    """Of the machine's time, until the clock shows ``start_ns``."""
    site_folder: Path = SITE_FOLDER
    ca_file: Path | None = None
    """The authority of a broker that is spoken to by TLS; None: unencrypted, on loopback."""
    port: int = 0
    """Of the pages, for ``start("serve")``."""
    site: Site = field(init=False)
    process: subprocess.Popen[bytes] | None = None
    said: list[tuple[str, int, Reading]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site = survey.load(self.site_folder)
        lead_ns = round(self.lead_s * self.rate * 1e9)
        self.time = SteeredTime(self.folder / "clock", self.start_ns - lead_ns, self.rate)
        self.scale = self.time.scale
        self.settings: Settings = load_settings(**{name: one for name, one in self.values().items() if one != ""})
        self.database = Database(self.settings.main_database, self.site.centre_id)
        self.database.upgrade()
        self.keys: dict[str, Ed25519PrivateKey] = {one.id: keys.make() for one in self.site.devices}
        self._transmitters: dict[str, Transmitter] = {}
        self._silent: set[str] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def values(self) -> dict[str, Any]:
        """The intake's settings."""
        return {
            "site": self.site_folder,
            "data": self.folder / "data",
            "vault": self.folder / "vault",
            "control_key": self.folder / "vault" / "control.pem",
            "database_url": self.database_url,
            "broker_url": self.broker.url() if self.ca_file is None else self.broker.tls_url(),
            "broker_ca": self.ca_file or "",
            "port": self.port,
            "demo": self.demo,
            "time_scale": str(self.scale) if self.demo else "",
        }

    def enrol(self, *device_ids: str, simulated: bool = True) -> None:
        """Let devices in (by default all of the survey)."""
        with self.database.writing() as transaction:
            for device in self.site.devices:
                if not device_ids or device.id in device_ids:
                    new = NewDevice(device.id, keys.public_hex(self.keys[device.id]), simulated, device.gateway)
                    devices.enrol(transaction, new, actor="test", now=self.settings.clock.now())

    def environment(self) -> dict[str, str]:
        """The intake's settings as environment."""
        return {f"SPECCENTER_{name.upper()}": str(value) for name, value in self.values().items() if value != ""}

    def start(self, word: str = "ingest", **limits: Any) -> None:
        """Start the intake's process, or with ``serve`` the pages too."""
        with (self.folder / "intake.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "center", word],
                cwd=ROOT,
                env={**os.environ, **self.environment()},
                stderr=log,
                **limits,
            )

    def kill(self) -> None:
        """End the intake as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def drive(self) -> None:
        """Let the devices of car-1 and the track speak: the car stands at the start, fixed and well."""
        for gateway in ("car-1", "track-west", "track-east", "track-north"):
            identities = [
                Identity(one.id, one.model, one.kinds, self.keys[one.id])
                for one in self.site.devices
                if one.gateway == gateway
            ]
            self._transmitters[gateway] = Transmitter(
                self._address(gateway),
                self.site.centre_id,
                gateway,
                identities,
                self.folder / "outbox" / gateway,
                machine_ns=self.time.now_ns,
                time_scale=self.scale,
            )
            (self.folder / "outbox" / gateway).mkdir(parents=True, exist_ok=True)
            self._transmitters[gateway].start()
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def _address(self, gateway: str) -> BrokerAddress:
        if self.ca_file is None:
            return BrokerAddress.parse(self.broker.url(gateway))
        return BrokerAddress.parse(self.broker.tls_url(gateway), ca_file=str(self.ca_file))

    def silence(self, device_id: str) -> None:
        """From now on that device gives no readings."""
        self._silent.add(device_id)

    def stop(self) -> None:
        """End devices and intake."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        for transmitter in self._transmitters.values():
            transmitter.stop(drain_s=0.0)
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.time.stop()
        self.database.close()

    def call(self, name: str = "Айгерім Сәрсенова", **order: Any) -> str:
        """Call an exam of car-1; its id."""
        request = place_call(
            self.settings, self.site, self.database, Order("call", car_id="car-1", **order), name, "test"
        )  # fmt: skip
        assert await_answer(self.database, request, 60.0) == []
        return request

    def order(self, action: str, exam_id: str) -> list[str]:
        """Order something; the refusals."""
        request = leave_order(self.settings, self.database, Order(action, exam_id=exam_id), "test")
        return await_answer(self.database, request, 60.0)

    def start_exam(self, exam_id: str) -> None:
        """Give the start signal as soon as car and track are fit."""
        wait_for(lambda: not self.order("start", exam_id))

    def exam(self, exam_id: str) -> ExamFacts:
        """What the database says of it."""
        with self.database.reading() as transaction:
            return queries.exam(transaction, exam_id)

    def closed(self, exam_id: str, within_s: float = 90.0) -> ExamFacts:
        """The exam once it is closed."""
        wait_for(lambda: self.exam(exam_id).state == "closed", within_s)
        return self.exam(exam_id)

    def counters(self) -> dict[tuple[str, str], int]:
        """What went wrong with messages, by device and reason."""
        with self.database.reading() as transaction:
            return {(device, reason): count for device, reason, count, _ in queries.counters(transaction)}

    def _speak(self) -> None:
        frame = LocalFrame(self.site.anchor)
        latitude, longitude, height = frame.geodetic(2.0 + 1.28, 0.02, 1.47)
        pose = SatellitePose(
            latitude, longitude, height, FixQuality.RTK_FIXED, heading_deg=90.0, speed_mps=0.0, course_deg=90.0,
            east_variance_m2=6.4e-5, north_variance_m2=6.4e-5, height_variance_m2=2e-4, heading_sigma_deg=0.12,
            correction_age_s=1.0, satellites=20,
        )  # fmt: skip
        state = CarState(
            speed_mps=0.0, engine_speed_rpm=800.0, gear=0, steering_wheel_deg=0.0, brake_pressed=True,
            clutch_pressed=False, handbrake_on=True, belt_fastened=True, doors_closed=True, left_indicator_on=False,
            right_indicator_on=False, dipped_beam_on=True, engine_running=True,
        )  # fmt: skip
        tick = 0
        next_ns = self.time.now_ns()
        while not self._stopping.is_set():
            next_ns += 50_000_000
            self._say("car-1", "car-1-gnss", next_ns, pose)
            for part in range(2):
                self._say("car-1", "car-1-can", next_ns + part * 20_000_000, state)
            if tick % 100 == 0:
                for light in ("light-crossroads", "start-lamp"):
                    device = self.site.element(light).device
                    self._say(self.site.device(device).gateway, device, next_ns, TrafficLight(light, Aspect.RED))
            tick += 1
            self.time.not_beyond_ns = next_ns + _LAG_NS
            self.time.wait_until(next_ns, self._stopping)
        self.time.not_beyond_ns = None

    def _say(self, gateway: str, device_id: str, time_ns: int, body: Reading) -> None:
        if device_id in self._silent:
            return
        self.said.append((device_id, time_ns, body))
        self._transmitters[gateway].publish(device_id, time_ns, body)
