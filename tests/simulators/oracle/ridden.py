"""Hand-made truths for the oracle's tests: a car laid along given places, with nothing else happening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from messages import site as sites
from simulators.oracle.ride import Ride, Truth
from simulators.oracle.rules import Rule

SITE = sites.load(Path("sites/sarytau"))
CAR = SITE.car("car-1")
FRONT_M = 3.52
STEP_S = 0.01

Path_ = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


def truth_along(east: Any, north: Any, heading_deg: Any, **changes: Any) -> Truth:
    """A truth of the rear axle's places; heading anticlockwise from east; speed along the body from the places."""
    east = np.asarray(east, dtype=np.float64)
    count = len(east)
    north = np.broadcast_to(np.asarray(north, dtype=np.float64), count).copy()
    heading = np.radians(np.broadcast_to(np.asarray(heading_deg, dtype=np.float64), count))
    seconds = np.arange(count, dtype=np.float64) * STEP_S
    cos, sin = np.cos(heading), np.sin(heading)
    speed = (np.gradient(east) * cos + np.gradient(north) * sin) / STEP_S
    on, off = np.ones(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    truth = Truth(
        seconds=seconds,
        east=east,
        north=north,
        forward_east=cos,
        forward_north=sin,
        left_east=-sin,
        left_north=cos,
        speed=speed,
        gear=np.where(speed < -0.01, -1, 1).astype(np.int64),
        rpm=np.full(count, 1500.0),
        signals={
            "belt_fastened": on,
            "doors_closed": on,
            "dipped_beam_on": on,
            "engine_running": on,
            "handbrake_on": off,
            "left_indicator_on": off,
            "right_indicator_on": off,
        },
        shown={element.id: np.zeros(count) for element in SITE.elements}
        | {
            name: np.full(count, "off", dtype="<U16")
            for name in ("start-lamp", "light-crossroads", "light-rail", "lamp-emergency")
        }
        | {"barrier-rail": np.full(count, "up", dtype="<U16")},
    )
    return replace(truth, **changes)


def ride(truth: Truth, first_exercise: str | None = None) -> Ride:
    """A ride of car-1 on the surveyed site."""
    return Ride(truth, SITE, CAR, first_exercise)


def rule(
    observation: str, limit: float = 0.0, *, exercise: str = "any", repeats: str = "each", **parameters: Any
) -> Rule:
    """A rule of one observation."""
    return Rule(f"the_{observation}", exercise, observation, parameters, limit, 0.05, False, 10, repeats, ())


def stop_and_go(stations: list[tuple[float, float]], speed_mps: float = 2.0) -> np.ndarray:
    """Stations along a line: drive from one to the next at constant speed and stand there for so many seconds."""
    pieces: list[np.ndarray] = []
    here = stations[0][0]
    for station, wait_s in stations:
        steps = max(0, round(abs(station - here) / speed_mps / STEP_S))
        if steps:
            pieces.append(np.linspace(here, station, steps + 1)[1:])
        pieces.append(np.full(round(wait_s / STEP_S), station))
        here = station
    return np.concatenate(pieces)
