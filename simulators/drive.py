"""One exam without broker or gateway: readings as the bytes would give them, in real chains, written as a recording."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from messages import orders, topics
from messages import site as sites
from messages.intake_log import RecordedMessage
from messages.readings import ExamAction, ExamControl
from messages.recording import RecordingHeader, write_recording
from messages.site import Device, Site
from simulators.devices.exam_car_can import BusReading
from simulators.devices.nmea_gnss import as_written
from simulators.devices.track_controller import State, TrackController
from simulators.instruments import CAN_PERIOD_NS, FIX_PERIOD_NS, Instruments
from simulators.live_car import STEP_NS
from simulators.oracle.judgement import TrueSheet
from simulators.oracle.rules import read_pack
from simulators.recorder import Post, Sent, boot_id_of, chained, enrolment, key_of
from simulators.scenario import Breakage, Fault, Scenario
from simulators.staging import Staged, judge_truth, stage

EXAM_DAY: Final = date(2026, 4, 14)
FIRST_SAMPLE_NS: Final = 1_776_135_600_000_000_000
"""Tuesday 14 April 2026, 09:00 in Almaty."""
CALLED_AFTER_S: Final = 2.0
DEFAULT_PACK: Final = Path("center/driving_track/rulesets/kz.yaml")
_CONTROLLER: Final = "track_controller"
_TAIL_S: Final = 2.0
"""Messages go on for so long after the exam's end."""


@dataclass(frozen=True, slots=True)
class Driven:
    """A drive with its sensors, ready to be recorded or judged."""

    staged: Staged
    seed: int
    instruments: Instruments
    pack: bytes

    @property
    def exam_id(self) -> str:
        """The same for the same scenario and seed."""
        return boot_id_of(f"exam {self.staged.scenario.name}", self.seed, self.called_ns)

    @property
    def called_ns(self) -> int:
        """When the exam was called."""
        return _ns(CALLED_AFTER_S)


def drive(scenario: Scenario, site: Site, pack: bytes, seed: int | None = None) -> Driven:
    """Drive a scenario over the site as it truly is, with this seed's noise."""
    chosen = scenario.seed if seed is None else seed
    instruments = Instruments(site, scenario.car, scenario.noise, chosen)
    return Driven(stage(scenario, instruments.true_site, chosen), chosen, instruments, pack)


def true_sheet(driven: Driven) -> TrueSheet:
    """The oracle's judgement of the drive by the recording's rule pack."""
    return judge_truth(driven.staged, read_pack(driven.pack, EXAM_DAY))


def record(driven: Driven, site: Site, path: Path) -> None:
    """Write the exam's recording: the messages in order of arrival, and what was enrolled."""
    posts = _posts(driven, site)
    born_ns, until_ns = _ns(0.0), _ns(driven.staged.end_s + _TAIL_S)
    messages: list[RecordedMessage] = []
    for post in posts:
        messages += chained(post, site.centre_id, driven.seed, born_ns, until_ns)
    messages.sort(key=lambda message: message.arrival_ns)
    survey = sites.to_bytes(site)
    write_recording(path, _header(driven, site, posts, survey), survey, driven.pack, messages)


def _header(driven: Driven, site: Site, posts: list[Post], survey: bytes) -> RecordingHeader:
    scenario = driven.staged.scenario
    document = yaml.load(driven.pack, Loader=yaml.CSafeLoader)
    editions = [edition["valid_from"] for edition in document["editions"] if edition["valid_from"] <= EXAM_DAY]
    return RecordingHeader(
        exam_id=driven.exam_id,
        centre_id=site.centre_id,
        car_id=scenario.car,
        first_exercise=scenario.exam_from or scenario.first_exercise,
        pack=document["pack"],
        pack_edition=max(editions).isoformat(),
        called_at_ns=driven.called_ns,
        simulated_time=True,
        devices=tuple(enrolment(post, driven.seed) for post in posts),
        site_sha256=hashlib.sha256(survey).hexdigest(),
        last_exercise=scenario.last_exercise,
    )


def _posts(driven: Driven, site: Site) -> list[Post]:
    """Every device that has to do with the exam, with all that it says."""
    car = site.car(driven.staged.scenario.car)
    source = random.Random(f"{driven.seed}:gateways")
    posts = {
        device.id: Post(device.id, device.gateway, device.model, device.kinds, source.randint(2, 8) * 1_000_000)
        for device in site.devices
        if device.model == _CONTROLLER or device.id in (car.satellite_device, car.bus_device)
    }
    homes = {element.id: element.device for element in site.elements}
    for one in driven.staged.scenario.breakages:
        if one.tells is not None:
            posts[homes.get(one.device, one.device)].complaints.append(_told(driven.staged, one, one.tells))
    _take_car(driven, posts[car.satellite_device], posts[car.bus_device])
    for device in site.devices:
        if device.model == _CONTROLLER:
            _take_controller(driven, site, device, posts[device.id])
    return [*posts.values(), _orders(driven, site.centre_id)]


def _ns(seconds: float) -> int:
    return FIRST_SAMPLE_NS + round(seconds * 1e9)


def _take_car(driven: Driven, receiver: Post, bus: Post) -> None:
    """The car's readings, from the first sample to the end, as their bytes would give them."""
    staged, instruments = driven.staged, driven.instruments
    broken = [one for one in staged.scenario.breakages if one.device in (receiver.device_id, bus.device_id)]
    reading = BusReading()
    fix_steps, can_steps = FIX_PERIOD_NS // STEP_NS, CAN_PERIOD_NS // STEP_NS
    last = round((staged.end_s + _TAIL_S) * 1e9) // STEP_NS
    for sample in staged.record.samples:
        step = round(sample.time_s * 1e9) // STEP_NS
        if step > last:
            break
        if step % can_steps and step % fix_steps:
            continue
        time_ns = FIRST_SAMPLE_NS + step * STEP_NS
        if step % can_steps == 0 and _fault(broken, bus.device_id, staged, sample.time_s) is None:
            state = instruments.state(time_ns, sample)
            read = reading.after(time_ns, state.body)
            if read is not None:
                bus.sent.append(Sent(state.source_time_ns, state.arrival_ns + bus.latency_ns, read))
        if step % fix_steps == 0:
            fault = _fault(broken, receiver.device_id, staged, sample.time_s)
            if fault is not Fault.SILENT:
                fixes = instruments.fix(time_ns, sample, fault)
                for fix in fixes[:1]:
                    arrival_ns = fix.arrival_ns + receiver.latency_ns
                    receiver.sent.append(Sent(fix.source_time_ns, arrival_ns, as_written(fix.body), len(fixes)))


def _fault(breakages: list[Breakage], device_id: str, staged: Staged, time_s: float) -> Fault | None:
    """What is wrong with a device at that second of the drive."""
    for one in breakages:
        since = staged.start_s + one.after_s
        if one.device != device_id or one.fault is Fault.TOLD:
            continue
        if since <= time_s and (one.for_s is None or time_s < since + one.for_s):
            return one.fault
    return None


def _told(staged: Staged, breakage: Breakage, code: str) -> tuple[int, int, str]:
    """From when to when a fault is told."""
    since_s = staged.start_s + breakage.after_s
    until_s = staged.end_s + _TAIL_S if breakage.for_s is None else since_s + breakage.for_s
    return _ns(since_s), _ns(until_s), code


def _take_controller(driven: Driven, site: Site, device: Device, post: Post) -> None:
    """What a track controller says: looked at at every change, and at least every tenth of a second."""
    staged = driven.staged
    twin = TrackController(device.id, site.elements)
    own = set(twin.element_ids)
    events: list[tuple[float, int, str, Any]] = [
        (at, 0, change.element_id, change.value) for at, change in staged.record.changes if change.element_id in own
    ]
    events += [(at, 2, "", None) for at, _, _, _ in events]
    events += [(time_s, 1, kind, what) for time_s, kind, what in _breaking(staged, device.id, own)]
    events += [(step / 10, 2, "", None) for step in range(int((staged.end_s + _TAIL_S) * 10))]
    events.append((CALLED_AFTER_S, 1, "announce", None))
    states: dict[str, State] = {}
    for at, kind, name, value in sorted(events, key=lambda event: event[:2]):
        if at > staged.end_s + _TAIL_S:
            break
        if kind == 0:
            states[name] = value
            continue
        if kind == 1:
            _tamper(twin, name, value)
        time_ns = _ns(round(at, 2))
        arrival_ns = time_ns + post.latency_ns + driven.instruments.track_delay_ns()
        post.sent += [Sent(time_ns, arrival_ns, body) for body in twin.look(time_ns, states)]


def _breaking(staged: Staged, device_id: str, own: set[str]) -> Iterator[tuple[float, str, Any]]:
    """Instants at which elements of a controller break and are mended."""
    for one in staged.scenario.breakages:
        names = set() if one.fault is Fault.TOLD else own if one.device == device_id else {one.device} & own
        for name in sorted(names):
            since = staged.start_s + one.after_s
            yield since, one.fault.value, name
            if one.for_s is not None:
                yield since + one.for_s, "mend", name


def _tamper(twin: TrackController, what: str, element: Any) -> None:
    if what == "announce":
        twin.announce()
    elif what == "mend":
        twin.mend(element)
    else:
        twin.fail(element, Fault(what))


def _orders(driven: Driven, centre_id: str) -> Post:
    """The centre's orders of this exam."""
    staged = driven.staged
    scenario = staged.scenario
    post = Post(topics.CENTRE_DEVICE, topics.CENTRE_GATEWAY, "center", ("exam_control",), 1_000_000)
    last = ExamAction.SAFETY_STOP if staged.stopped_by_officer else ExamAction.STOP
    reason = scenario.safety_stop.reason if scenario.safety_stop is not None else None
    for seconds, action in (
        (CALLED_AFTER_S, ExamAction.CALL),
        (staged.start_s, ExamAction.START),
        (staged.end_s, last),
    ):
        order = ExamControl(
            driven.exam_id,
            action,
            scenario.car,
            first_exercise=scenario.exam_from or scenario.first_exercise,
            reason=reason if action is last else None,
            last_exercise=scenario.last_exercise,
        )
        order = orders.signed(order, centre_id, _ns(seconds), key_of(post.device_id, driven.seed))
        post.sent.append(Sent(_ns(seconds), _ns(seconds) + post.latency_ns, order))
    return post


def expectation(driven: Driven) -> dict[str, Any]:
    """What must come of the drive, as JSON."""
    scenario = driven.staged.scenario
    return {
        "scenario": scenario.name,
        "exam_id": driven.exam_id,
        "car": scenario.car,
        "seed": driven.seed,
        "noise": scenario.noise,
        "seconds": round(driven.staged.end_s - driven.staged.start_s, 2),
        "expected": msgspec.to_builtins(scenario.expect),
    }
