"""What is true at one instant, and what a whole drive leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

from messages.readings import Aspect, BarrierPosition

ElementValue = bool | float | Aspect | BarrierPosition
"""Beam interrupted, loop occupied, strip pressed; tilt in degrees; aspect; position."""


@dataclass(frozen=True, slots=True)
class TruthSample:
    """The car at one instant.

    The place is that of the rear axle's middle on the ground. A body point (x forward, y left) lies in plan at
    x·cos(ground_pitch) along the heading and y·cos(ground_roll) to its left: body roll and pitch move what is above
    the ground, not the wheels and not the outline, which is that of the car as it stands on its wheels.
    """

    time_s: float
    east_m: float
    north_m: float
    ground_height_m: float
    heading_rad: float
    """Anticlockwise from east, not wrapped."""
    speed_mps: float
    """Along the body and the ground; negative backwards."""
    accel_mps2: float
    yaw_rate_rad_s: float
    front_wheel_rad: float
    steering_wheel_deg: float
    """Positive to the left; by the true ratio, with no offset of the sensor."""
    ground_pitch_rad: float
    """Nose up: of the ground under the wheels."""
    ground_roll_rad: float
    """Left side up: of the ground under the wheels."""
    body_pitch_rad: float
    """Nose up: of the body on its springs, against the ground."""
    body_roll_rad: float
    """Left side up: of the body on its springs, against the ground."""
    gear: int
    engine_rpm: float
    engine_running: bool
    clutch_pressed: bool
    brake_pressed: bool
    handbrake_on: bool
    belt_fastened: bool
    doors_closed: bool
    left_indicator_on: bool
    right_indicator_on: bool
    dipped_beam_on: bool


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element's new state; the first step tells every element's."""

    element_id: str
    value: ElementValue


@dataclass(frozen=True, slots=True)
class Step:
    """One step of 10 ms."""

    sample: TruthSample
    changes: tuple[ElementChange, ...]


@dataclass(frozen=True, slots=True)
class DriveRecord:
    """A whole drive: its samples at 100 Hz and the changes of the elements with their times (s)."""

    samples: list[TruthSample]
    changes: list[tuple[float, ElementChange]]
    sections: list[tuple[float, str]]
    """When the driver turned to each exercise."""
