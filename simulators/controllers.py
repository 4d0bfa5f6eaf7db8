"""The site's track controllers as MQTT clients: each with its outbox, keys and memory of what its elements show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from messages import keys
from messages.broker import BrokerAddress
from messages.clock import TimeScale
from messages.envelope import Envelope
from messages.site import Device, Site
from messages.steered_clock import machine_clock
from messages.transmitter import Identity, Transmitter
from simulators.devices.track_controller import State, TrackController
from simulators.scenario import Fault

MODEL = "track_controller"


@dataclass(frozen=True, slots=True)
class Station:
    """Where the controllers find broker, keys and passwords, and keep what is not acknowledged yet."""

    broker: str
    """``mqtt://[user:password@]host[:port]``; each controller goes by its own name if ``keys`` holds its password."""
    keys: Path
    """``<device>.pem``, made if missing, and ``<gateway>.password`` where the broker asks for one."""
    state: Path
    scale: TimeScale

    def address_of(self, gateway_id: str) -> BrokerAddress:
        """The broker as that gateway logs in."""
        plain = BrokerAddress.parse(self.broker)
        secret = self.keys / f"{gateway_id}.password"
        if not secret.exists():
            return plain
        password = secret.read_text("utf-8").strip()
        return BrokerAddress(plain.host, plain.port, gateway_id, password, plain.tls, plain.ca_file)


class Controllers:
    """All track controllers of a site. Broken ones say nothing but that they live."""

    def __init__(self, site: Site, station: Station, on_order: Callable[[Envelope], None]) -> None:
        devices = [device for device in site.devices if device.model == MODEL]
        self._twins = {device.id: TrackController(device.id, site.elements) for device in devices}
        self._home = {element: twin for twin in self._twins.values() for element in twin.element_ids}
        self._silent: set[str] = set()
        self._complaints: dict[str, str] = {}
        # Every controller hears every order; one of them passes them on.
        self._transmitters = {
            device.id: _transmitter(site, device, station, on_order if number == 0 else None)
            for number, device in enumerate(devices)
        }

    def start(self) -> None:
        """Births, and the first connection."""
        for transmitter in self._transmitters.values():
            transmitter.start()

    def stop(self) -> None:
        """Deaths, and a while for the centre to acknowledge."""
        for transmitter in self._transmitters.values():
            transmitter.stop(drain_s=1.0)

    def announce(self) -> None:
        """Every element is said again: an exam has been called."""
        for twin in self._twins.values():
            twin.announce()

    def look(self, time_ns: int, states: Mapping[str, State]) -> None:
        """Publish what is to be said at this instant."""
        for device_id, twin in self._twins.items():
            for body in twin.look(time_ns, states):
                if device_id not in self._silent:
                    self._transmitters[device_id].publish(device_id, time_ns, body)

    def knows(self, name: str) -> bool:
        """Whether it is a controller or an element of one."""
        return name in self._twins or name in self._home

    def break_(self, name: str, fault: Fault, tells: str | None = None) -> None:
        """Break a controller or an element; raises ValueError for a fault that they cannot have.

        ``tells`` is the code that the controller's heartbeats tell meanwhile.
        """
        if tells is not None:
            self._complaints[name] = tells
            self._faults_of(name).add(tells)
        if name in self._twins and fault is Fault.SILENT:
            self._silent.add(name)
            self._transmitters[name].health(name).faults.add("elements_silent")
            return
        if fault is Fault.TOLD:
            return
        for element in self._twins[name].element_ids if name in self._twins else (name,):
            self._home[element].fail(element, fault)

    def mend(self, name: str) -> None:
        """The controller or element works again, and says what it shows."""
        self._faults_of(name).discard(self._complaints.pop(name, ""))
        if name in self._twins:
            self._silent.discard(name)
            self._transmitters[name].health(name).faults.discard("elements_silent")
        twin = self._twins[name] if name in self._twins else self._home[name]
        for element in twin.element_ids if name in self._twins else (name,):
            twin.mend(element)
        twin.announce()

    def _faults_of(self, name: str) -> set[str]:
        """What the heartbeats of a controller, or of an element's, tell."""
        device_id = name if name in self._twins else self._home[name].device_id
        return self._transmitters[device_id].health(device_id).faults


def _transmitter(
    site: Site, device: Device, station: Station, on_order: Callable[[Envelope], None] | None
) -> Transmitter:
    identity = Identity(device.id, MODEL, device.kinds, keys.load_or_make(station.keys / f"{device.id}.pem"))
    return Transmitter(
        station.address_of(device.gateway),
        site.centre_id,
        device.gateway,
        [identity],
        station.state / device.gateway,
        machine_ns=machine_clock(station.scale),
        time_scale=station.scale,
        on_control=on_order,
    )
