"""How the ground and the suspension tilt the car, and what that does to its axes and its antenna in the plan."""

from __future__ import annotations

from math import sqrt

from center.driving_track.scoring.estimation.angles import radians
from messages.site import Car


class Antenna:
    """Where a car's main antenna stands over the plan, seen from the rear axle's middle on the ground."""

    def __init__(self, car: Car) -> None:
        self._forward_m = car.antenna.forward_m
        self._left_m = car.antenna.left_m
        self.up_m = car.antenna.up_m
        self._roll = radians(car.roll_deg_per_mps2)
        self._pitch = radians(car.pitch_deg_per_mps2)
        self.sway_along_m = car.antenna.up_m * self._pitch
        """Shift backwards per forward acceleration (s²)."""
        self.sway_across_m = car.antenna.up_m * self._roll
        """Shift to the right per acceleration to the left (s²)."""

    def offset(
        self, grade_along: float, grade_across: float, forward_mps2: float, left_mps2: float
    ) -> tuple[float, float]:
        """Metres ahead and to the left in the plan, with the body pitched and rolled by its accelerations."""
        pitch = self._pitch * forward_mps2
        roll = self._roll * left_mps2
        x = self._forward_m - self.up_m * pitch
        y = self._left_m - self.up_m * roll
        z = self.up_m + self._forward_m * pitch + self._left_m * roll
        length, left_along, left_across = ground_axes(grade_along, grade_across)
        normal = 1.0 / sqrt(1.0 + grade_along * grade_along + grade_across * grade_across)
        return (
            x * length + y * left_along - z * grade_along * normal,
            y * left_across - z * grade_across * normal,
        )


def ground_axes(grade_along: float, grade_across: float) -> tuple[float, float, float]:
    """The contact plane's axes in the plan: length of forward; left's parts along the heading and across it.

    With f = (1, 0, a) and n = (-a, -b, 1) for grades a along and b across, left is n × f, all of unit length.
    """
    square = 1.0 + grade_along * grade_along
    length = 1.0 / sqrt(square)
    left = length / sqrt(square + grade_across * grade_across)
    return length, -grade_along * grade_across * left, square * left
