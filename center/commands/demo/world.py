"""Everything that the demo runs: a broker, gateways, simulators and a centre, all children, all gone with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from zoneinfo import ZoneInfo

from center.clock import nanoseconds
from center.commands.broker import EmbeddedBroker, embed
from center.commands.demo import founding, gateway_files
from center.commands.demo.cable import Cable
from center.commands.demo.children import Children
from center.commands.demo.outside import OutsideSystems
from center.commands.demo.ports import free_port
from center.settings import Settings, load_settings
from messages import site as survey
from messages.clock import TimeScale
from messages.site import Device, Site
from messages.steered_clock import lay_out

ROOT = Path(__file__).parents[3]
SITE = ROOT / "sites" / "sarytau"


def opening(site: Site) -> datetime:
    """When the demo's day begins."""
    return datetime(2026, 4, 14, 9, 0, tzinfo=ZoneInfo(site.timezone))


class World:
    """Use as a context: ``with World(rate) as world``."""

    def __init__(
        self,
        rate: float,
        *,
        port: int | None = None,
        site_folder: Path = SITE,
        database_url: str = "",
        with_cables: bool = False,
        with_outside: bool = False,
        lock_step: bool = True,
        cars: Collection[str] = (),
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``with_cables``: the cars' gateways reach the broker over cables that can be cut; ``with_outside``: with a
        payment gateway and state registers; ``cars``: only these are switched on (none named: all).

        Time runs at most ``rate`` times as fast as the machine's and stands still while the simulators are starved;
        with ``lock_step`` also while the gateways are, whose unread bytes would be lost otherwise.
        """
        self.site = survey.load(site_folder)
        self.folder = Path(tempfile.mkdtemp(prefix="speccenter-demo-"))
        clock_file, opening_ns = self.folder / "clock", nanoseconds(opening(self.site))
        lay_out(clock_file, opening_ns)
        self.scale = TimeScale(opening_ns, 0, rate, str(clock_file))
        self._lock_step = lock_step
        self._cars = [one.id for one in self.site.cars if not cars or one.id in cars]
        self.port = port or free_port()
        self._site_folder = site_folder
        self._database_url = database_url
        self.children = Children(self.folder)
        self.broker: EmbeddedBroker | None = None
        self.simulators: subprocess.Popen[bytes] | None = None
        self.centre: subprocess.Popen[bytes] | None = None
        self.cables: dict[str, Cable] = {}
        """By gateway."""
        self._with_cables = with_cables
        self.outside = OutsideSystems(self.folder, self.scale) if with_outside else None
        self._progress = progress

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://localhost:{self.port}"

    @property
    def settings(self) -> Settings:
        """The settings that the demo's centre runs with."""
        return load_settings(**self._values())

    def __enter__(self) -> World:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.children.end()
        if self.broker is not None:
            self.broker.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self, recording: Path, into: Path) -> Path:
        """Copy a recording out of the demo's folder, which goes when the demo ends."""
        into.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy2(recording, into / recording.name))

    def _start(self) -> None:
        gateways = sorted({device.gateway for device in self.site.devices})
        self._progress("starting the broker …")
        self.broker = embed(self.folder / "broker", self.site.centre_id, gateways)
        self.broker.start()
        if self.outside is not None:
            self._progress("starting the payment gateway and the state registers …")
            for name, command in self.outside.commands().items():
                self.children.spawn(name, command)
            self.children.wait_for("the payment gateway and the state registers", self.outside.listen)
        founding.found(self.settings, self.site, self.folder / "keys", with_vehicle=self.outside is not None)
        (self.folder / "keys").chmod(0o700)
        for gateway in gateways:
            _write_secret(self.folder / "keys" / f"{gateway}.password", self.broker.passwords[gateway])
        self._progress("starting the centre …")
        self.centre = self.children.spawn("centre", ["center", "serve"], environment=self._environment())
        # A broker gives nobody what was published before its subscriber first came: all of it would be sent twice.
        self.children.wait_for("the centre", self._is_listening)
        self._progress("starting cars, track and gateways …")
        self.simulators = self._start_simulators()
        for gateway in gateways:
            on_lines = [one for one in self._devices_on_lines() if one.gateway == gateway]
            if on_lines:
                path = self._write_gateway(gateway, on_lines)
                self.children.spawn(gateway, ["sensors", "run", str(path)])

    def _devices_on_lines(self) -> list[Device]:
        """Receivers and buses of the cars that are switched on."""
        cars = [self.site.car(one) for one in self._cars]
        names = {name for car in cars for name in (car.satellite_device, car.bus_device)}
        return [one for one in self.site.devices if one.id in names]

    def _start_simulators(self) -> subprocess.Popen[bytes]:
        assert self.broker is not None
        command = ["simulators", "run", "--site", str(self._site_folder)]
        command += ["--broker", f"mqtt://127.0.0.1:{self.broker.port}", "--keys", str(self.folder / "keys")]
        command += ["--tty-dir", str(self.folder / "lines"), "--state", str(self.folder / "track")]
        command += ["--cars", ",".join(self._cars)]
        command += ["--time-scale", str(self.scale), *(["--lock-step"] if self._lock_step else [])]
        return self.children.spawn("simulators", command, piped=True)

    def _write_gateway(self, gateway: str, on_lines: list[Device]) -> Path:
        assert self.broker is not None
        port = self.broker.port
        if self._with_cables:
            cable = self.cables[gateway] = Cable(port)
            port = cable.port
        return gateway_files.write(self.folder, self.site, gateway, on_lines, port, self.scale)

    def _values(self) -> dict[str, object]:
        values: dict[str, object] = {
            "site": self._site_folder,
            "data": self.folder / "data",
            "vault": self.folder / "vault",
            "control_key": self.folder / "vault" / "exam-control.pem",
            "database_url": self._database_url,
            "port": self.port,
            "demo": True,
            "demo_socket": self.folder / "demo.socket",
            "time_scale": str(self.scale),
        }
        if self.broker is not None:
            values["broker_url"] = self.broker.url()
        if self.outside is not None:
            values |= self.outside.settings()
        return values

    def _environment(self) -> dict[str, str]:
        own = {f"SPECCENTER_{name.upper()}": str(value) for name, value in self._values().items() if value != ""}
        return {**os.environ, **own}

    def _is_listening(self) -> bool:
        """Whether the pages are there and the intake hears the broker."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=2.0)
        try:
            line.request("GET", "/api/health")
            return bool(json.loads(line.getresponse().read())["broker_connected"])
        except (OSError, HTTPException, ValueError):
            return False
        finally:
            line.close()

    def logs(self) -> str:
        """The end of every child's log."""
        return self.children.logs()


def _write_secret(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
