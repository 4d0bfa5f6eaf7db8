"""One car of the running simulators: its two serial lines, its instruments, and what it does: parked, or driving."""

from __future__ import annotations

import heapq
from dataclasses import replace
from pathlib import Path

from messages.site import Site
from simulators.devices.exam_car_can import CarBus
from simulators.devices.nmea_gnss import NmeaReceiver
from simulators.instruments import CAN_PERIOD_NS, FIX_PERIOD_NS, Instruments
from simulators.samples import ElementChange, TruthSample
from simulators.scenario import Fault
from simulators.terminals import SerialLine
from simulators.truth import Drive

STEP_NS = 10_000_000


class LiveCar:
    """Steps by 10 ms of demo time and writes what its devices would, when they would."""

    def __init__(
        self, site: Site, car_id: str, folder: Path, dbc: Path, drive: Drive, instruments: Instruments
    ) -> None:
        """``drive`` is where the car is parked first: its first sample."""
        car = site.car(car_id)
        self.car_id = car_id
        self.receiver_line = SerialLine(folder / car.satellite_device)
        self.bus_line = SerialLine(folder / car.bus_device)
        self._devices = {car.satellite_device: "satellite", car.bus_device: "bus"}
        self._broken: dict[str, Fault] = {}
        self._receiver = NmeaReceiver()
        self._bus = CarBus(dbc)
        self._due: list[tuple[int, int, SerialLine, bytes]] = []
        self._number = 0
        self._instruments = instruments
        self.drive: Drive | None = None
        self._parked_ns: int | None = None
        first = drive.step()
        self.sample: TruthSample = first.sample
        self.resting: tuple[ElementChange, ...] = first.changes

    @property
    def lines(self) -> tuple[SerialLine, SerialLine]:
        """Of the receiver and of the bus."""
        return self.receiver_line, self.bus_line

    @property
    def dropped_bytes(self) -> int:
        """Bytes that nobody read in time."""
        return sum(line.dropped_bytes for line in self.lines)

    def begin(self, drive: Drive, instruments: Instruments) -> None:
        """Stand where a drive begins, with sensors drawn anew; it moves off after its start signal."""
        self.drive = drive
        self._instruments = instruments

    def park(self) -> None:
        """Stay where the car is."""
        self.drive = None
        self._parked_ns = None
        self.sample = replace(self.sample, speed_mps=0.0, accel_mps2=0.0, yaw_rate_rad_s=0.0)

    def step(self, time_ns: int) -> tuple[ElementChange, ...]:
        """Ten milliseconds; what changed on the track."""
        changes: tuple[ElementChange, ...] = ()
        if self.drive is not None:
            step = self.drive.step()
            self.sample, changes = step.sample, step.changes
        if time_ns % CAN_PERIOD_NS == 0:
            self._say_state(time_ns)
        if time_ns % FIX_PERIOD_NS == 0:
            self._say_fix(time_ns)
        return changes

    def write_due(self, time_ns: int) -> None:
        """Write the bytes that have come to the end of their cables by now."""
        while self._due and self._due[0][0] <= time_ns:
            _, _, line, data = heapq.heappop(self._due)
            line.write(data)

    def knows(self, name: str) -> bool:
        """Whether it is one of this car's devices."""
        return name in self._devices

    def break_(self, name: str, fault: Fault) -> None:
        """Break a device from now on; raises ValueError for a fault that it cannot have."""
        if self._devices[name] == "bus" and fault is not Fault.SILENT:
            raise ValueError(f"{name} cannot have the fault {fault.value!r}; silent is possible")
        if fault in (Fault.STUCK, Fault.BLIND, Fault.BLOCKED, Fault.TOLD):
            raise ValueError(
                f"{name} cannot have the fault {fault.value!r}; silent, float, no_heading, stale and clock are possible"
            )
        self._broken[self._devices[name]] = fault

    def mend(self, name: str) -> None:
        """The device works again."""
        self._broken.pop(self._devices[name], None)

    def close(self) -> None:
        """Take the lines away."""
        self.receiver_line.close()
        self.bus_line.close()

    def _sample_at(self, time_ns: int) -> TruthSample:
        """The truth now: a parked car's clock goes on."""
        if self.drive is not None:
            return self.sample
        if self._parked_ns is None:
            self._parked_ns = time_ns
        return replace(self.sample, time_s=self.sample.time_s + (time_ns - self._parked_ns) / 1e9)

    def _say_state(self, time_ns: int) -> None:
        if "bus" in self._broken:
            return
        stamped = self._instruments.state(time_ns, self._sample_at(time_ns))
        self._post(stamped.arrival_ns, self.bus_line, self._bus.lines_at(time_ns, stamped.body))

    def _say_fix(self, time_ns: int) -> None:
        fault = self._broken.get("satellite")
        if fault is Fault.SILENT:
            return
        for stamped in self._instruments.fix(time_ns, self._sample_at(time_ns), fault):
            self._post(
                stamped.arrival_ns, self.receiver_line, self._receiver.epoch(stamped.source_time_ns, stamped.body)
            )

    def _post(self, arrival_ns: int, line: SerialLine, data: bytes) -> None:
        self._number += 1
        heapq.heappush(self._due, (arrival_ns, self._number, line, data))
