"""Whether an exam may start: pure; the answer is a list of reasons why not, each a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from center.driving_track.scoring.health import CAR_BUS, SATELLITE
from center.driving_track.scoring.rules import Edition
from messages.envelope import Envelope
from messages.readings import CarState, FixQuality, Heartbeat, SatellitePose
from messages.site import Car, Site

_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Fitness:
    """What counts as fit, in seconds of the centre's time."""

    fresh_within_s: float
    corrections_within_s: float
    demo: bool


@dataclass(slots=True)
class LastHeard:
    """The newest that came of each device, by source time and by arrival."""

    pose: SatellitePose | None = None
    pose_ns: int = 0
    car_state: CarState | None = None
    car_state_ns: int = 0
    heard_ns: int = 0
    faults: tuple[str, ...] = ()
    """Those that the last heartbeat told."""

    def note(self, envelope: Envelope, arrival_ns: int) -> None:
        """Take in a message that may be scored."""
        body = envelope.body
        self.heard_ns = arrival_ns
        if isinstance(body, SatellitePose):
            if envelope.source_time_ns >= self.pose_ns:
                self.pose, self.pose_ns = body, envelope.source_time_ns
        elif isinstance(body, CarState) and envelope.source_time_ns >= self.car_state_ns:
            self.car_state, self.car_state_ns = body, envelope.source_time_ns
        elif isinstance(body, Heartbeat):
            self.faults = body.faults


def reasons_against(
    site: Site,
    car: Car,
    edition: Edition,
    heard: Mapping[str, LastHeard],
    simulated: Mapping[str, bool],
    fitness: Fitness,
    now_ns: int,
) -> tuple[str, ...]:
    """Why an exam with this car cannot start now; empty when it can. ``simulated`` names every enrolled device."""
    devices = exam_devices(site, car)
    reasons = [f"Device {device} is not enrolled." for device in devices if device not in simulated]
    if not fitness.demo:
        reasons += [f"Device {device} is a simulated one." for device in devices if simulated.get(device)]
        reasons += _provisional(edition)
    reasons += _satellite_reasons(car, heard.get(car.satellite_device), fitness, now_ns)
    reasons += _bus_reasons(car, heard.get(car.bus_device), fitness, now_ns)
    reasons += _fault_reasons(car, edition, heard)
    for device in devices[2:]:
        last = heard.get(device)
        if last is None or now_ns - last.heard_ns > 2 * fitness.fresh_within_s * _S:
            reasons.append(f"Track device {device} is silent.")
    return tuple(reasons)


def _fault_reasons(car: Car, edition: Edition, heard: Mapping[str, LastHeard]) -> Iterable[str]:
    """Faults of the car's own devices that would void the exam as soon as it runs."""
    devices = {SATELLITE: car.satellite_device, CAR_BUS: car.bus_device}
    for rule in edition.void:
        last = heard.get(devices.get(rule.source, ""))
        if rule.verdict == "void" and last is not None:
            for fault in last.faults:
                if fault.partition(":")[0] in rule.faults:
                    yield f"Device {devices[rule.source]} tells the fault {fault}, with which no exam counts."


def exam_devices(site: Site, car: Car) -> tuple[str, ...]:
    """Satellite receiver and bus of the car, then every device that an element of the track hangs on."""
    track = sorted({element.device for element in site.elements})
    return (car.satellite_device, car.bus_device, *track)


def _provisional(edition: Edition) -> Iterable[str]:
    rules = [rule.id for rule in edition.rules if rule.provisional]
    if rules or edition.scheme.provisional:
        named = ", ".join(rules[:5]) + (", …" if len(rules) > 5 else "")
        yield f"Rules {edition.name} hold {len(rules)} provisional rules that can decide ({named})."


def _satellite_reasons(car: Car, last: LastHeard | None, fitness: Fitness, now_ns: int) -> Iterable[str]:
    device = car.satellite_device
    if last is None or last.pose is None or now_ns - last.pose_ns > fitness.fresh_within_s * _S:
        yield f"Satellite receiver {device} gives no position."
        return
    pose = last.pose
    if pose.fix_quality is not FixQuality.RTK_FIXED:
        yield f"Satellite receiver {device} is not fixed (quality {int(pose.fix_quality)}, {pose.fix_quality.name})."
    if pose.heading_deg is None:
        yield f"Satellite receiver {device} gives no heading: it has one antenna, or the second sees no sky."
    if pose.correction_age_s is not None and pose.correction_age_s > fitness.corrections_within_s:
        yield f"Satellite receiver {device} has corrections {pose.correction_age_s:.1f} s old."


def _bus_reasons(car: Car, last: LastHeard | None, fitness: Fitness, now_ns: int) -> Iterable[str]:
    if last is None or last.car_state is None or now_ns - last.car_state_ns > fitness.fresh_within_s * _S:
        yield f"Car bus {car.bus_device} is silent."
