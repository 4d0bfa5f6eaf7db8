"""A made-up drive along the reference route, its recording and its sheet, for the tests of the pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from center.driving_track import rule_packs
from center.driving_track.scoring.faults import judge
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.points import VoidEvent, tally
from center.driving_track.scoring.score_sheet import DeviceTally, ExerciseSpan, ScoreSheet, SheetFacts, build
from center.driving_track.views import Pose
from messages import site as survey
from messages.codec import encode
from messages.envelope import SCHEMA, Envelope
from messages.geodesy import LocalFrame
from messages.intake_log import RecordedMessage
from messages.readings import CarState, FixQuality, SatellitePose
from messages.recording import EnrolledDevice, RecordingHeader, write_recording
from messages.site import Point, Site
from messages.topics import device_topic
from tests.architecture.tree import ROOT

SITE: Site = survey.load(ROOT / "sites/sarytau")
CAR = SITE.car("car-1")
EDITION = rule_packs.load("kz")
BEGAN_NS = 1_776_139_200_000_000_000
"""09:00 at Almaty on 14 April 2026."""
SPEED_MPS = 4.0
_S = 1_000_000_000
_BOOT = "0192f0c1-aaaa-7bbb-8ccc-123456789abc"


def pose_after(seconds: float) -> Pose:
    """Where the car stands so long after the start: on the guide, but for a swerve in the snake."""
    ahead, behind = _place(seconds + 0.05), _place(seconds - 0.05)
    length = math.dist(ahead, behind) or 1.0
    forward = ((ahead[0] - behind[0]) / length, (ahead[1] - behind[1]) / length)
    place = _place(seconds)
    return Pose((BEGAN_NS + round(seconds * _S)) // 1_000_000, *place, forward, (-forward[1], forward[0]))


def _place(seconds: float) -> Point:
    """The rear axle's middle; the swerve takes it 2.76 m to the right, half a metre short of the snake's middle."""
    distance, guide = max(0.0, seconds) * SPEED_MPS, SITE.route.guide
    for one, other in pairwise(guide):
        length = math.dist(one, other)
        if distance <= length:
            break
        distance -= length
    forward = ((other[0] - one[0]) / length, (other[1] - one[1]) / length)
    along = min(distance, length)
    east, north = one[0] + along * forward[0], one[1] + along * forward[1]
    swerve = 2.76 * math.exp(-(((north - 48.5) / 11) ** 2)) if abs(east - 112) < 1 else 0.0
    return east + swerve, north


def when_at(place: Point) -> float:
    """Seconds after the start at which the guide comes nearest to a place."""
    tenths = range(int(10 * 600 / SPEED_MPS))
    return min(tenths, key=lambda tenth: math.dist(_place(tenth / 10), place)) / 10


def observation(
    rule_id: str, exercise_id: str | None, value: float, sigma: float, at_s: float, **more: object
) -> Observation:
    """One measured value, half a second long."""
    at_ns = BEGAN_NS + round(at_s * _S)
    seen = Observation(rule_id, exercise_id, None, value, sigma, at_ns - _S // 4, at_ns + _S // 4, at_ns)
    return replace(seen, **more)  # type: ignore[arg-type]


def snake_observation(value: float = 0.063, sigma: float = 0.008) -> Observation:
    """A wheel beyond the snake's right line."""
    edge = SITE.line("snake-right").points[0][0] + 0.05
    return observation(
        "snake_line", "snake", value, sigma, when_at((114.76, 48.5)), subject="snake-right", part="front_right",
        place=(edge + value, 51.0), agree=("car-1-gnss", "car-1-can"),
    )  # fmt: skip


def failed_sheet() -> ScoreSheet:
    """A fail by several kinds of faults, with an open finding."""
    seen = [
        observation("start_indicator", "start", 0.8, 0.02, 1.5, subject="left_indicator_on", agree=("car-1-can",)),
        observation(
            "hill_stop_distance", "hill", 1.312, 0.01, when_at((41.0, 0.0)), subject="hill-stop", place=(44.48, 0.0)
        ),
        snake_observation(),
        observation("snake_cone", "snake", 34.2, 0.5, when_at((112.0, 55.0)), subject="cone-3", agree=("cone-3",)),
        observation(
            "parallel_parking_line", "parallel-parking", 0.036, 0.009, when_at((138.0, 103.5)), subject="parking-kerb",
            part="12", place=(138.0, 107.871),
        ),
        observation("speed", "speed-section", 6.9, 0.05, when_at((60.0, 25.0))),
        observation(
            "crossroads_red", "crossroads", 0.42, 0.012, when_at((103.0, 0.0)), subject="crossroads-stop",
            place=(103.72, 0.0),
        ),
    ]  # fmt: skip
    return _sheet(seen, ())


def passed_sheet() -> ScoreSheet:
    """A clean drive."""
    return _sheet([], ())


def void_sheet() -> ScoreSheet:
    """A lost satellite receiver in the snake."""
    at_ns = BEGAN_NS + round(when_at((112.0, 60.0)) * _S)
    voids = (
        VoidEvent("satellite", at_ns, at_ns + 5 * _S, "snake", "void"),
        VoidEvent("cones", at_ns, at_ns + 9 * _S, "snake", "continue", fault="element_failed:cone-2"),
    )
    return _sheet([], voids, ("gap:car-1-gnss:5000ms", "device_fault:track-east:element_failed:cone-2:9000ms"))


def undetermined_sheet() -> ScoreSheet:
    """Everything but one finding is definite, and that one could change the verdict."""
    seen = [observation(rule, None, 0.3, 0.2, 40.0, subject=rule) for rule in ("belt", "doors")]
    return _sheet(seen, ())


def _sheet(seen: list[Observation], voids: tuple[VoidEvent, ...], notes: tuple[str, ...] = ()) -> ScoreSheet:
    findings = [judge(EDITION.by_id[one.rule_id], one, EDITION.decision) for one in seen]
    ends = [when_at(_middle(exercise.zone)) for exercise in SITE.route.exercises]
    spans = [
        ExerciseSpan(exercise.id, BEGAN_NS + round((end - 3) * _S), BEGAN_NS + round((end + 4) * _S))
        for exercise, end in zip(SITE.route.exercises, ends, strict=True)
    ]
    facts = SheetFacts(
        centre_id=SITE.centre_id, car_id=CAR.id, site_sha256="5" * 64, edition=EDITION, began_ns=BEGAN_NS,
        ended_ns=BEGAN_NS + 145 * _S, exercises=spans, findings=findings,
        tally=tally(EDITION, findings, voids, finished=True), voids=voids, notes=notes,
        devices=[
            DeviceTally("car-1-gnss", True, 2900, 0, 0),
            DeviceTally("car-1-can", True, 7250, 3, 0),
            DeviceTally("track-west", True, 61, 0, 2),
        ],
    )  # fmt: skip
    return build(facts)


def _middle(zone: tuple[Point, ...]) -> Point:
    return sum(one[0] for one in zone) / len(zone), sum(one[1] for one in zone) / len(zone)


def record(path: Path) -> None:
    """Write the drive's recording: 20 poses and 50 bus states a second for 145 s."""
    devices = tuple(EnrolledDevice(one, "car-1", "0" * 64, True) for one in (CAR.satellite_device, CAR.bus_device))
    header = RecordingHeader(
        exam_id="sample", centre_id=SITE.centre_id, car_id=CAR.id, first_exercise=None, pack="kz",
        pack_edition=EDITION.valid_from.isoformat(), called_at_ns=BEGAN_NS, simulated_time=False, devices=devices,
        site_sha256="5" * 64,
    )  # fmt: skip
    pack = (rule_packs.FOLDER / "kz.yaml").read_bytes()
    write_recording(path, header, survey.to_bytes(SITE), pack, sorted(_messages(), key=lambda one: one.arrival_ns))


def _messages() -> Iterator[RecordedMessage]:
    frame = LocalFrame(SITE.anchor)
    for number in range(20 * 145):
        pose = pose_after(number / 20)
        arm = CAR.antenna
        east = pose.east_m + arm.forward_m * pose.forward[0] + arm.left_m * pose.left[0]
        north = pose.north_m + arm.forward_m * pose.forward[1] + arm.left_m * pose.left[1]
        place = frame.geodetic(east, north, arm.up_m)
        heading = math.degrees(math.atan2(pose.forward[0], pose.forward[1])) % 360
        body = SatellitePose(
            *place, FixQuality.RTK_FIXED, heading_deg=heading, speed_mps=SPEED_MPS, east_variance_m2=6e-5,
            north_variance_m2=6e-5, east_north_covariance_m2=0.0, heading_sigma_deg=0.12, correction_age_s=1.0,
        )  # fmt: skip
        yield _message(CAR.satellite_device, number, BEGAN_NS + number * _S // 20, body)
    for number in range(50 * 145):
        seconds = number / 50
        state = CarState(
            speed_mps=SPEED_MPS, engine_speed_rpm=1500.0, gear=1 + int(seconds // 50),
            belt_fastened=True,
        )  # fmt: skip
        yield _message(CAR.bus_device, number, BEGAN_NS + number * _S // 50, state)


def _message(device: str, number: int, time_ns: int, body: SatellitePose | CarState) -> RecordedMessage:
    envelope = Envelope(
        schema=SCHEMA, centre_id=SITE.centre_id, device_id=device, boot_id=_BOOT, seq=number,
        source_time_ns=time_ns, body=body, previous_sha256="0" * 64,
    )  # fmt: skip
    topic = device_topic(SITE.centre_id, "car-1", device, str(body.__struct_config__.tag))
    return RecordedMessage(time_ns + 20_000_000, time_ns, topic, encode(envelope))
