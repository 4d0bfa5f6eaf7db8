"""What the plots and the map of a report draw: an exam's path and the car's signals, read once from its recording."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from center.driving_track.drawing import at_pose
from center.driving_track.finding_drawing import edge_of
from center.driving_track.finding_view import line_beside
from center.driving_track.scoring.estimation.estimator import PathEstimator
from center.driving_track.scoring.estimation.noise import HEALTHY
from center.driving_track.scoring.estimation.surface import SurfaceModel
from center.driving_track.scoring.ordering import in_source_order
from center.driving_track.scoring.path import PathPoint
from center.driving_track.views import Pose
from center.driving_track.words import PARTS
from messages import site as survey
from messages.codec import BadMessage, decode
from messages.envelope import Envelope
from messages.geodesy import LocalFrame
from messages.readings import CarState, SatellitePose
from messages.recording import read_payloads
from messages.site import Car, Line, Point, Site

AROUND_MS = 10_000
_NS_PER_MS = 1_000_000
_STALE_MS = 500
_DEEPEST_M = 1.5
_TYRE_LENGTH_M = 0.16
_KEPT = 4
"""Recordings whose traces stay in memory: about 2 MB for one exam."""

Series = list[float | None]


class Distance(msgspec.Struct, frozen=True):
    """How far the car reached beyond a finding's line (mm, negative: clearance), from ``first`` of the path on."""

    finding: int
    line: str
    edge: tuple[Point, Point]
    """Two points of the reference edge beside the finding, for the close-up."""
    first: int
    beyond_mm: Series


class Traces(msgspec.Struct, frozen=True):
    """The drive, a value for each point of the path; times in ms since ``origin_ms``, places in the local frame (m)."""

    origin_ms: int
    time_ms: list[int]
    east_m: list[float]
    north_m: list[float]
    forward: list[Point]
    left: list[Point]
    exam_grade: list[bool]
    speed_kmh: Series
    gear: Series
    steering_deg: Series
    outline: tuple[Point, ...]
    tyres: tuple[tuple[Point, ...], ...]
    """Corners of the contact patches, in the body frame."""
    distances: list[Distance]


@dataclass(frozen=True, slots=True)
class _Drive:
    site: Site
    car: Car
    path: list[PathPoint]
    bus_ms: list[int]
    bus: list[CarState]


def traces_of(recording: Path, sheet: Mapping[str, Any]) -> bytes:
    """The traces of an exam as JSON. Raises OSError, ``BadRecording`` or ``BadSite``."""
    drive = _drive(recording, recording.stat().st_mtime_ns)
    began_ms, ended_ms = sheet.get("began_ms", 0), sheet.get("ended_ms", 1 << 62)
    path = [one for one in drive.path if began_ms <= one.time_ns // _NS_PER_MS <= ended_ms]
    poses = [_pose(one) for one in path]
    states = [_state_at(drive, one.time_ms) for one in poses]
    origin_ms = began_ms or (poses[0].time_ms if poses else 0)
    traces = Traces(
        origin_ms=origin_ms,
        time_ms=[one.time_ms - origin_ms for one in poses],
        east_m=[round(one.east_m, 3) for one in poses],
        north_m=[round(one.north_m, 3) for one in poses],
        forward=[_rounded(one.forward) for one in poses],
        left=[_rounded(one.left) for one in poses],
        exam_grade=[one.exam_grade for one in poses],
        speed_kmh=[round(one.speed_mps * 3.6, 2) for one in path],
        gear=[one.gear if one else None for one in states],
        steering_deg=[one.steering_wheel_deg if one else None for one in states],
        outline=drive.car.outline,
        tyres=tuple(tyre_corners(drive.car)),
        distances=_distances(sheet, drive, poses),
    )
    return msgspec.json.encode(traces)


def pose_at(recording: Path, time_ms: int) -> Pose | None:
    """Where the car stood at an instant, by the nearest point of its path within half a second."""
    path = _drive(recording, recording.stat().st_mtime_ns).path
    near = [path[index] for index in _beside(path, time_ms * _NS_PER_MS)]
    best = min(near, key=lambda one: abs(one.time_ns - time_ms * _NS_PER_MS), default=None)
    if best is None or abs(best.time_ns // _NS_PER_MS - time_ms) > _STALE_MS:
        return None
    return _pose(best)


def tyre_corners(car: Car) -> list[tuple[Point, ...]]:
    """The corners of each tyre's contact patch (forward, left in m)."""
    long, wide = _TYRE_LENGTH_M / 2, car.tyre_width_m / 2
    corners = ((-long, -wide), (long, -wide), (long, wide), (-long, wide))
    return [tuple((forward + x, left + y) for x, y in corners) for forward, left in car.tyres]


def beyond_m(line: Line, places: Sequence[Point]) -> float | None:
    """How far the outermost of some places lies beyond a line's reference edge; None where none is beside the line."""
    reaches = [reach for place in places if (reach := _reach(line, place)) is not None]
    return max(reaches) if reaches else None


@lru_cache(maxsize=_KEPT)
def _drive(recording: Path, _mtime_ns: int) -> _Drive:
    read, payloads = read_payloads(recording)
    site = survey.from_bytes(read.site)
    car = site.car(read.header.car_id)
    frame = LocalFrame(site.anchor)
    estimator = PathEstimator(car, SurfaceModel(site.surface), HEALTHY)
    bus_ms: list[int] = []
    bus: list[CarState] = []
    first_ns = last_ns = 0
    for envelope in in_source_order(_readable(payloads)):
        body, time_ns = envelope.body, envelope.source_time_ns
        if isinstance(body, CarState) and envelope.device_id == car.bus_device:
            estimator.on_car_state(time_ns, body)
            bus_ms.append(time_ns // _NS_PER_MS)
            bus.append(body)
        elif isinstance(body, SatellitePose) and envelope.device_id == car.satellite_device:
            east, north, _ = frame.enu(body.latitude_deg, body.longitude_deg, body.height_m)
            estimator.on_pose(time_ns, east, north, body)
            first_ns, last_ns = first_ns or time_ns, time_ns
    return _Drive(site, car, estimator.smoothed(first_ns, last_ns), bus_ms, bus)


def _readable(payloads: Sequence[tuple[int, bytes]]) -> list[Envelope]:
    """What can be read; the sheet says what could not."""
    envelopes = []
    for _, payload in payloads:
        try:
            envelopes.append(decode(payload))
        except BadMessage:
            continue
    return envelopes


def _distances(sheet: Mapping[str, Any], drive: _Drive, poses: Sequence[Pose]) -> list[Distance]:
    times = [one.time_ms for one in poses]
    found = []
    for number, content in enumerate(sheet.get("findings", ()), 1):
        line = line_beside(content, drive.site)
        if line is None:
            continue
        shape = _shape(drive.car, line, content["part"])
        first, end = (bisect_left(times, content["at_ms"] + shift) for shift in (-AROUND_MS, AROUND_MS))
        values = [beyond_m(line, [at_pose(pose, point) for point in shape]) for pose in poses[first:end]]
        beyond_mm = [None if value is None else round(value * 1000, 1) for value in values]
        place = (content["place"][0] / 10_000, content["place"][1] / 10_000)
        found.append(Distance(number, line.id, _edge(line, place), first, beyond_mm))
    return found


def _shape(car: Car, line: Line, part: str | None) -> list[Point]:
    """The points of the body that count: the front at a line across the road, else the wheels or the whole outline."""
    if line.kind.value in ("stop", "gate"):
        return [max(car.outline)]
    if part in PARTS:
        return [corner for tyre in tyre_corners(car) for corner in tyre]
    return list(car.outline)


def _edge(line: Line, place: Point) -> tuple[Point, Point]:
    nearest, along, _ = edge_of(line, place)
    return (
        (nearest[0] - 3 * along[0], nearest[1] - 3 * along[1]),
        (nearest[0] + 3 * along[0], nearest[1] + 3 * along[1]),
    )


def _reach(line: Line, place: Point) -> float | None:
    nearest, along, across = edge_of(line, place)
    reach = (place[0] - nearest[0]) * across[0] + (place[1] - nearest[1]) * across[1]
    if abs(reach) > _DEEPEST_M:
        return None
    start, end = line.points[0], line.points[-1]
    after_start = (nearest[0] - start[0]) * along[0] + (nearest[1] - start[1]) * along[1]
    before_end = (end[0] - nearest[0]) * along[0] + (end[1] - nearest[1]) * along[1]
    inside = len(line.points) > 2 or (after_start >= 0 and before_end >= 0)
    return reach if inside else None


def _state_at(drive: _Drive, time_ms: int) -> CarState | None:
    index = bisect_left(drive.bus_ms, time_ms + 1) - 1
    if index < 0 or time_ms - drive.bus_ms[index] > _STALE_MS:
        return None
    return drive.bus[index]


def _beside(path: Sequence[PathPoint], time_ns: int) -> list[int]:
    index = bisect_left(path, time_ns, key=lambda one: one.time_ns)
    return [one for one in (index - 1, index) if 0 <= one < len(path)]


def _pose(point: PathPoint) -> Pose:
    return Pose(
        point.time_ns // _NS_PER_MS,
        point.east_m,
        point.north_m,
        (point.forward_east, point.forward_north),
        (point.left_east, point.left_north),
        point.exam_grade,
    )


def _rounded(vector: Point) -> Point:
    return round(vector[0], 5), round(vector[1], 5)
