"""The simulators as one process for a demo: cars on pseudo-terminals, track controllers on MQTT, orders on stdin.

Prints one JSON object a line: ``ready``; ``driving`` with ``expected`` when a drive stands ready at its beginning;
``finished`` when the driver has done all; ``stop_due`` when the scenario wants the centre's stop order, and ``stopped``
when that came first; ``refused`` with the reason for what cannot be done.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import msgspec

from messages import site as sites
from messages.clock import TimeScale
from messages.envelope import Envelope
from messages.readings import ExamAction, ExamControl
from messages.site import Site
from simulators.controllers import Controllers, Station
from simulators.devices.track_controller import State
from simulators.driver.plan import BadPlan, DrivePlan
from simulators.instruments import Instruments
from simulators.live_car import STEP_NS, LiveCar
from simulators.pacing import Pace, Pacing, Steering
from simulators.requests import BadRequest, Request, parse
from simulators.scenario import BadScenario, Breakage, Scenario, load
from simulators.truth import Drive

_CAR_DBC = Path(__file__).parent.parent / "sites" / "vehicles" / "exam_car.dbc"


@dataclass(slots=True)
class _Errand:
    """The drive under way: only one at a time, since the track's signals are one car's."""

    scenario: Scenario
    car: LiveCar
    exam_id: str | None
    called_id: str | None = None
    """The exam that was called to the car while it stood ready."""
    started_ns: int | None = None
    breakages: tuple[Breakage, ...] = ()
    mends: tuple[tuple[float, str], ...] = ()
    broken: list[str] = field(default_factory=list)
    """What the scenario broke; it works again for the next drive."""
    announcement: dict[str, Any] | None = None
    """To be told when the clock has moved on."""
    stop_asked: bool = False
    signalled: bool = False


class Simulators:
    """Everything of one site that is simulated."""

    def __init__(
        self,
        site: Site,
        station: Station,
        cars: list[str],
        tty_folder: Path,
        *,
        lock_step: bool = False,
        out: TextIO = sys.stdout,
    ) -> None:
        """``lock_step``: the demo's clock waits for the readers of the serial lines."""
        self._site = site
        self._out = out
        self._orders: queue.SimpleQueue[Envelope] = queue.SimpleQueue()
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._controllers = Controllers(site, station, self._hear)
        self._states: dict[str, State] = {}
        self._cars = {car_id: self._parked(car_id, number, tty_folder) for number, car_id in enumerate(cars)}
        self._pacing = self._pace(station.scale, lock_step)
        self._errand: _Errand | None = None
        self._stopping = False

    def run(self, requests: TextIO) -> None:
        """Until the request to stop, or the end of the requests."""
        threading.Thread(target=self._read, args=(requests,), name="requests", daemon=True).start()
        self._controllers.start()
        self._say({"ready": True})
        time_ns = (self._pacing.now_ns() // 100_000_000 + 1) * 100_000_000
        try:
            while not self._stopping:
                self._move(time_ns)
                self._pacing.wait_until(time_ns)
                self._speak(time_ns)
                self._answer()
                time_ns += STEP_NS
        finally:
            self._controllers.stop()
            for car in self._cars.values():
                car.close()

    def _move(self, time_ns: int) -> None:
        """What is true at an instant is computed before it comes, and told when it has."""
        for car in self._cars.values():
            for change in car.step(time_ns):
                self._states[change.element_id] = change.value

    def _speak(self, time_ns: int) -> None:
        for car in self._cars.values():
            car.write_due(time_ns)
        self._controllers.look(time_ns, self._states)
        if self._errand is not None:
            self._mind(self._errand, time_ns)

    def _mind(self, errand: _Errand, time_ns: int) -> None:
        """Break and mend what the scenario says, and see whether the driver has done."""
        if errand.announcement is not None:
            # A step after the car was put there: no exam is called at an instant at which it still stood elsewhere.
            self._say(errand.announcement)
            errand.announcement = None
        if errand.started_ns is not None and time_ns >= errand.started_ns:
            if not errand.signalled and errand.car.drive is not None:
                # Not before the order's own instant: late on a busy machine, these steps lie behind the centre's clock.
                errand.car.drive.give_start_signal()
                errand.signalled = True
            since_start_s = (time_ns - errand.started_ns) / 1e9
            self._break_by_plan(errand, since_start_s)
            self._ask_for_stop(errand, since_start_s)
        drive = errand.car.drive
        if drive is not None and drive.finished:
            self._end(errand, "finished")

    def _break_by_plan(self, errand: _Errand, since_start_s: float) -> None:
        for one in [one for one in errand.breakages if one.after_s <= since_start_s]:
            errand.breakages = tuple(other for other in errand.breakages if other is not one)
            if self._controllers.knows(one.device):
                self._controllers.break_(one.device, one.fault, one.tells)
            else:
                self._home_of(one.device).break_(one.device, one.fault)
            errand.broken.append(one.device)
            if one.for_s is not None:
                errand.mends += ((one.after_s + one.for_s, one.device),)
        for due in [due for due in errand.mends if due[0] <= since_start_s]:
            errand.mends = tuple(other for other in errand.mends if other is not due)
            self._home_of(due[1]).mend(due[1])

    def _ask_for_stop(self, errand: _Errand, since_start_s: float) -> None:
        """Say once that the scenario's stop order is due; it comes from the centre."""
        scenario = errand.scenario
        after_s = scenario.stop_after_s if scenario.safety_stop is None else scenario.safety_stop.after_s
        if after_s is None or errand.stop_asked or since_start_s < after_s:
            return
        errand.stop_asked = True
        action = ExamAction.STOP if scenario.safety_stop is None else ExamAction.SAFETY_STOP
        reason = None if scenario.safety_stop is None else scenario.safety_stop.reason
        self._say({"stop_due": action.value, "reason": reason, "car": errand.car.car_id, "exam_id": errand.exam_id})

    def _end(self, errand: _Errand, how: str) -> None:
        errand.car.park()
        for device in errand.broken:
            self._home_of(device).mend(device)
        self._errand = None
        self._say(
            {
                how: errand.scenario.name,
                "car": errand.car.car_id,
                "exam_id": errand.exam_id,
                "dropped_bytes": errand.car.dropped_bytes,
                "late_ms": self._pacing.latest_ns // 1_000_000,
            }
        )

    # --- what comes in --------------------------------------------------------------------------------------------

    def _hear(self, envelope: Envelope) -> None:
        if isinstance(envelope.body, ExamControl):
            self._orders.put(envelope)

    def _read(self, requests: TextIO) -> None:
        for line in requests:
            if line.strip():
                self._lines.put(line)
        self._lines.put(None)

    def _answer(self) -> None:
        while not self._orders.empty():
            self._obey(self._orders.get())
        while not self._lines.empty():
            line = self._lines.get()
            if line is None:
                self._stopping = True
                return
            try:
                self._do(parse(line))
            except (BadRequest, BadScenario, BadPlan, ValueError, KeyError) as refusal:
                self._say({"refused": str(refusal)})

    def _obey(self, envelope: Envelope) -> None:
        order, errand = envelope.body, self._errand
        assert isinstance(order, ExamControl), "only orders are put into the queue"
        if order.action is ExamAction.CALL:
            self._controllers.announce()
            if errand is not None and _is_for(errand, order):
                errand.called_id = order.exam_id
        elif order.action is ExamAction.START:
            if errand is not None and _is_for(errand, order) and errand.car.drive is not None:
                errand.started_ns = envelope.source_time_ns
        elif errand is not None and _is_for(errand, order) and (errand.started_ns or errand.called_id == order.exam_id):
            self._end(errand, "stopped")

    def _do(self, request: Request) -> None:
        if request.stop:
            self._stopping = True
        elif request.drive is not None:
            self._prepare(request.drive, request)
        elif request.break_ is not None:
            self._home_of(request.break_.device).break_(request.break_.device, request.break_.fault)
            self._say({"broken": request.break_.device, "fault": request.break_.fault.value})
        elif request.mend is not None:
            self._home_of(request.mend.device).mend(request.mend.device)
            self._say({"mended": request.mend.device})

    def _home_of(self, name: str) -> Controllers | LiveCar:
        if self._controllers.knows(name):
            return self._controllers
        for car in self._cars.values():
            if car.knows(name):
                return car
        raise ValueError(f"there is no device or element {name!r} here")

    def _prepare(self, name: str, request: Request) -> None:
        if self._errand is not None:
            raise ValueError(f"the track is taken by {self._errand.car.car_id} with {self._errand.scenario.name}")
        scenario = load(name)
        car_id = request.car or scenario.car
        for one in scenario.breakages:
            if one.tells is not None and not self._controllers.knows(one.device):
                raise ValueError(f"{one.device} speaks through a gateway, which tells only what it finds itself")
        if car_id not in self._cars:
            raise ValueError(f"car {car_id!r} is not simulated here; {', '.join(self._cars)} are")
        seed = scenario.seed if request.seed is None else request.seed
        instruments = Instruments(self._site, car_id, scenario.noise, seed)
        drive = Drive(instruments.true_site, car_id, scenario.plan(seed), start_signal_after_s=None)
        car = self._cars[car_id]
        car.begin(drive, instruments)
        self._errand = _Errand(scenario, car, request.exam_id, breakages=scenario.breakages)
        self._errand.announcement = {
            "driving": scenario.name,
            "car": car_id,
            "seed": seed,
            "exam_id": request.exam_id,
            "first_exercise": scenario.exam_from or scenario.first_exercise,
            "last_exercise": scenario.last_exercise,
            "stop_after_s": scenario.stop_after_s,
            "safety_stop": msgspec.to_builtins(scenario.safety_stop),
            "expected": msgspec.to_builtins(scenario.expect),
        }

    def _pace(self, scale: TimeScale, lock_step: bool) -> Pace:
        """Nobody moves the real clock, nor one that other processes follow on the machine's."""
        if not scale.clock_file:
            return Pacing(scale)
        return Steering(scale, [line for car in self._cars.values() for line in car.lines] if lock_step else ())

    def _parked(self, car_id: str, number: int, tty_folder: Path) -> LiveCar:
        """Cars wait apart: the first at the start, the others where later exercises begin."""
        exercises = self._site.route.exercises
        first = None if number == 0 else exercises[-number].id
        instruments = Instruments(self._site, car_id, "healthy", number)
        drive = Drive(instruments.true_site, car_id, DrivePlan(seed=0, first_exercise=first), start_signal_after_s=None)
        car = LiveCar(self._site, car_id, tty_folder, _CAR_DBC, drive, instruments)
        self._states.update({change.element_id: change.value for change in car.resting})
        return car

    def _say(self, fields: dict[str, Any]) -> None:
        print(json.dumps(fields, ensure_ascii=False), file=self._out, flush=True)


def _is_for(errand: _Errand, order: ExamControl) -> bool:
    """Whether an order is about this drive; after a restart the centre says an order of an earlier one again."""
    return errand.car.car_id == order.car_id and errand.exam_id in (None, order.exam_id)


def load_site(folder: Path) -> Site:
    """The survey that is simulated."""
    return sites.load(folder)
