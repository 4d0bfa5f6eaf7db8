"""What a driver does one after another: drive along a path, do something with hands or feet, wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulators.car import Controls
from simulators.driver.path import Path

Act = Callable[[Controls], None]
"""Changes a switch or pedal."""


@dataclass(frozen=True, slots=True)
class Cue:
    """An act at a station of the path, and what undoes it after a time."""

    station_m: float
    act: Act
    undo: Act | None = None
    undo_after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Hold:
    """A place to stop at, and what is done there before the leg goes on.

    With ``may_pass`` the stop is left out when what the driver sees answers yes to that question on the way.
    """

    station_m: float
    tasks: tuple[Task, ...] = ()
    may_pass: str | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """Brake hard when the question is answered yes, after a reaction time; then do the tasks and go on."""

    when: str
    reaction_s: float
    braking_mps2: float
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class MoveOff:
    """How a leg is begun from standing."""

    rollback_m: float = 0.0
    """Distance after which a driver who lets the car roll back catches it."""
    stalls: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """Driving along one path in one direction, from standing or rolling to standing (``exit_mps`` 0) or rolling."""

    path: Path
    speed_mps: float
    direction: int = 1
    exit_mps: float = 0.0
    limits: tuple[tuple[float, float, float], ...] = ()
    """(from station, to station, highest speed)."""
    cues: tuple[Cue, ...] = ()
    holds: tuple[Hold, ...] = ()
    emergency: Emergency | None = None
    move_off: MoveOff = MoveOff()
    after_hold: MoveOff = MoveOff()
    acceleration_mps2: float = 1.2
    braking_mps2: float = 1.4


@dataclass(frozen=True, slots=True)
class Do:
    """One act and then a pause."""

    act: Act | None = None
    pause_s: float = 0.3


@dataclass(frozen=True, slots=True)
class Wait:
    """Stand until what the driver sees answers yes, then the pause."""

    until: str
    pause_s: float = 0.5


Task = Leg | Do | Wait
