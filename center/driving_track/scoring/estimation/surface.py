"""The surveyed ground: its height anywhere, and how it tilts a car that stands on four wheels."""

from __future__ import annotations

from center.driving_track.scoring.estimation.angles import forward_of
from messages.site import GradeProfile, Point, Surface


class SurfaceModel:
    """A plane through the anchor, and ramps with vertical curves on it."""

    def __init__(self, surface: Surface) -> None:
        self._grade_east = surface.grade_east
        self._grade_north = surface.grade_north
        self._ramps = tuple(_Ramp(profile) for profile in surface.ramps)

    def height(self, east_m: float, north_m: float) -> float:
        """Height above the anchor, in metres."""
        height = self._grade_east * east_m + self._grade_north * north_m
        for ramp in self._ramps:
            if ramp.is_near(east_m, north_m, 0.0):
                height += ramp.height(east_m, north_m)
        return height

    def tilt(
        self, east_m: float, north_m: float, forward: Point, wheelbase_m: float, half_track_m: float
    ) -> tuple[float, float, float]:
        """Grade along a car and across it (rise per metre in the plan, forwards and to the left), as its wheels stand.

        The third is how far the grades across at front and rear differ from their mean. ``forward`` is the horizontal
        unit vector of the heading at the rear axle's middle.
        """
        c, s = forward
        margin_m = wheelbase_m + half_track_m
        for ramp in self._ramps:
            if ramp.is_near(east_m, north_m, margin_m):
                break
        else:
            return self._grade_east * c + self._grade_north * s, self._grade_north * c - self._grade_east * s, 0.0
        front_e, front_n = east_m + wheelbase_m * c, north_m + wheelbase_m * s
        left_e, left_n = -half_track_m * s, half_track_m * c
        rear_left = self.height(east_m + left_e, north_m + left_n)
        rear_right = self.height(east_m - left_e, north_m - left_n)
        front_left = self.height(front_e + left_e, front_n + left_n)
        front_right = self.height(front_e - left_e, front_n - left_n)
        along = (front_left + front_right - rear_left - rear_right) / (2.0 * wheelbase_m)
        across = (front_left + rear_left - front_right - rear_right) / (4.0 * half_track_m)
        twist = abs(front_left - front_right - rear_left + rear_right) / (4.0 * half_track_m)
        return along, across, twist


class _Ramp:
    def __init__(self, profile: GradeProfile) -> None:
        self._polygon = profile.polygon
        self._origin = profile.origin
        self._direction = forward_of(profile.direction_deg)
        self._knots = profile.knots
        heights = [0.0]
        for (since, grade), (until, next_grade) in zip(profile.knots, profile.knots[1:], strict=False):
            heights.append(heights[-1] + (until - since) * (grade + next_grade) / 2.0)
        self._heights = heights
        self._box = (
            min(e for e, _ in profile.polygon),
            min(n for _, n in profile.polygon),
            max(e for e, _ in profile.polygon),
            max(n for _, n in profile.polygon),
        )

    def is_near(self, east_m: float, north_m: float, margin_m: float) -> bool:
        west, south, east, north = self._box
        return west - margin_m <= east_m <= east + margin_m and south - margin_m <= north_m <= north + margin_m

    def height(self, east_m: float, north_m: float) -> float:
        if not holds(self._polygon, east_m, north_m):
            return 0.0
        (e0, n0), (de, dn) = self._origin, self._direction
        distance = (east_m - e0) * de + (north_m - n0) * dn
        knots, heights = self._knots, self._heights
        if not knots or distance <= knots[0][0]:
            return 0.0
        for at in range(1, len(knots)):
            since, grade = knots[at - 1]
            until, next_grade = knots[at]
            if distance < until:
                along = distance - since
                return heights[at - 1] + along * (grade + along * (next_grade - grade) / (2.0 * (until - since)))
        return heights[-1]


def holds(polygon: tuple[Point, ...], east_m: float, north_m: float) -> bool:
    """Whether a point lies in a polygon (even-odd rule)."""
    inside = False
    e0, n0 = polygon[-1]
    for e1, n1 in polygon:
        if (n0 > north_m) != (n1 > north_m) and east_m < e0 + (north_m - n0) * (e1 - e0) / (n1 - n0):
            inside = not inside
        e0, n0 = e1, n1
    return inside
