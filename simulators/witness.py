"""What a simulated drive was in truth, as arrays for the oracle."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from messages.site import ElementKind, Site
from simulators.oracle.ride import Truth
from simulators.samples import DriveRecord

_SWITCHES = (
    "belt_fastened",
    "doors_closed",
    "dipped_beam_on",
    "handbrake_on",
    "left_indicator_on",
    "right_indicator_on",
    "engine_running",
    "brake_pressed",
    "clutch_pressed",
)
_NUMBERS = (
    "time_s",
    "east_m",
    "north_m",
    "heading_rad",
    "speed_mps",
    "ground_pitch_rad",
    "ground_roll_rad",
    "gear",
    "engine_rpm",
)


def truth_of(record: DriveRecord, site: Site, start_s: float, end_s: float) -> Truth:
    """The drive from the start signal to the end of the exam, both in seconds of the drive."""
    samples = [one for one in record.samples if start_s - 1e-6 <= one.time_s <= end_s + 1e-6]
    numbers = np.array([attrgetter(*_NUMBERS)(one) for one in samples], dtype=np.float64).T
    time, east, north, heading, speed, pitch, roll, gear, rpm = numbers
    switches = np.array([attrgetter(*_SWITCHES)(one) for one in samples], dtype=np.bool_).T
    ahead, aside = np.cos(pitch), np.cos(roll)
    cos, sin = np.cos(heading), np.sin(heading)
    return Truth(
        seconds=time - start_s,
        east=east,
        north=north,
        forward_east=ahead * cos,
        forward_north=ahead * sin,
        left_east=-aside * sin,
        left_north=aside * cos,
        speed=speed,
        gear=gear.astype(np.int64),
        rpm=rpm,
        signals=dict(zip(_SWITCHES, switches, strict=True)),
        shown=_shown(record, site, time),
    )


def _shown(record: DriveRecord, site: Site, time: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[Any]]:
    """What each element showed at each sample: its last change up to then."""
    shown: dict[str, npt.NDArray[Any]] = {}
    for element in site.elements:
        changes = [(at, change.value) for at, change in record.changes if change.element_id == element.id]
        if element.kind in (ElementKind.TRAFFIC_LIGHT, ElementKind.LEVEL_CROSSING_BARRIER):
            values = np.array([str(value) for _, value in changes] or ["off"])
        else:
            values = np.array([float(value) for _, value in changes] or [0.0])
        at = np.array([at for at, _ in changes] or [0.0])
        place = np.searchsorted(at, time + 1e-6, side="right") - 1
        shown[element.id] = values[np.maximum(place, 0)]
    return shown


def write_truth(record: DriveRecord, path: Path) -> None:
    """Every sample and every change of an element as JSON lines."""
    with path.open("wb") as file:
        for sample in record.samples:
            file.write(msgspec.json.encode(sample) + b"\n")
        for at, change in record.changes:
            file.write(msgspec.json.encode({"time_s": at, "element_id": change.element_id, "value": change.value}))
            file.write(b"\n")
