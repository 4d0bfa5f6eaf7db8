"""Excess over lines and out of bays, by shapely, with more places between the samples than the truth has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from messages.site import Car, Line, Side
from simulators.oracle.ride import MIDDLE_M, Floats, Ride, Stretch

DEEPEST_M = 1.5
PATCH_LENGTH_M = 0.16
LOOK_WITHIN_M = 0.6
"""Beyond so much clearance it is told only roughly, and the places between samples do not matter."""
FINE_STEP_M = 0.01
PASSAGES_APART_S = 1.0


@dataclass(frozen=True, slots=True)
class Passage:
    """The largest excess (m, negative: clearance) of one passage."""

    excess_m: float
    first: int
    last: int
    at: int


def wheel_patches(car: Car) -> list[Floats]:
    """The four contact patches in the body frame."""
    half_long, half_wide = PATCH_LENGTH_M / 2, car.tyre_width_m / 2
    corners = np.array(
        [[half_long, -half_wide], [half_long, half_wide], [-half_long, half_wide], [-half_long, -half_wide]]
    )
    return [corners + np.array(tyre) for tyre in car.tyres]


def passages(ride: Ride, line: Line, part: str, first: int, last: int) -> list[Passage]:
    """Every passage with an excess in [first, last], or the one nearest approach."""
    shapes = wheel_patches(ride.car) if part == "wheel" else [ride.outline]
    edge, forbidden = _edge_and_forbidden(line)
    among = np.arange(first, last + 1)
    gap = _gaps(ride, shapes, forbidden, among)
    excess = -gap
    near = np.flatnonzero(gap < LOOK_WITHIN_M)
    if not len(near):
        at = int(among[int(gap.argmin())])
        return [Passage(-float(gap.min()), first, last, at)]
    touching = np.flatnonzero(gap <= _reach_between_samples(ride, among))
    for place in touching:
        excess[place] = _finest_excess(ride, shapes, edge, forbidden, int(among[place]), last)
    beyond = np.concatenate((np.zeros(first, dtype=np.bool_), excess > 0.0))
    found = [
        _passage(excess, Stretch(one.first - first, one.last - first), first)
        for one in ride.joined(beyond, PASSAGES_APART_S, first, last)
    ]
    if found:
        return found
    return [_passage(excess, Stretch(0, len(excess) - 1), first)]


def outside_bay(ride: Ride, bay: tuple[tuple[float, float], ...], sample: int) -> float:
    """How far the outline reaches out of the bay at that sample; negative: its clearance inside."""
    area = shapely.Polygon(bay)
    corners = shapely.points(ride.points(ride.outline, np.array([sample]))[0])
    outside = shapely.distance(area, corners)
    if outside.max() > 0.0:
        return float(outside.max())
    return -float(shapely.distance(area.exterior, corners).min())


def _edge_and_forbidden(line: Line) -> tuple[shapely.Geometry, shapely.Geometry]:
    """The reference edge, and the area beyond it that an excess is measured in."""
    middle = shapely.LineString(line.points)
    half = line.width_m / 2
    edge = shapely.offset_curve(middle, half if line.reference_edge is Side.LEFT else -half, join_style="mitre")
    depth = DEEPEST_M if line.forbidden_side is Side.LEFT else -DEEPEST_M
    return edge, shapely.buffer(edge, depth, cap_style="flat", join_style="mitre", single_sided=True)


def _gaps(ride: Ride, shapes: list[Floats], area: shapely.Geometry, among: npt.NDArray[np.int64]) -> Floats:
    """Least distance of any of the shapes to the area, at each sample; 0 where one touches it."""
    shapely.prepare(area)
    # The bounding box first: most samples are nowhere near, and polygons cost.
    reach = max(float(np.hypot(shape[:, 0] - MIDDLE_M, shape[:, 1]).max()) for shape in shapes)
    gap: Floats = ride.middle_from_box(shapely.bounds(area))[among] - reach
    close = np.flatnonzero(gap < max(LOOK_WITHIN_M, float(gap.min()) + 0.1))
    polygons = [shapely.polygons(ride.points(shape, among[close])) for shape in shapes]
    gap[close] = np.min([shapely.distance(area, polygon) for polygon in polygons], axis=0)
    return gap


def _reach_between_samples(ride: Ride, among: npt.NDArray[np.int64]) -> Floats:
    """How far a shape may come nearer between a sample and the next one: a step along, and a bit of turning."""
    step = np.hypot(np.gradient(ride.truth.east), np.gradient(ride.truth.north))
    reach: Floats = 2.0 * step[among] + 0.001
    return reach


def _finest_excess(
    ride: Ride, shapes: list[Floats], edge: shapely.Geometry, area: shapely.Geometry, sample: int, last: int
) -> float:
    """Largest excess from this sample up to the next, at places at most 1 cm apart."""
    truth = ride.truth
    following = min(sample + 1, last)
    step = float(np.hypot(truth.east[following] - truth.east[sample], truth.north[following] - truth.north[sample]))
    count = max(1, int(np.ceil(step / FINE_STEP_M)))
    best = -np.inf
    for share in np.arange(count) / count:
        frame = [
            values[sample] * (1 - share) + values[following] * share
            for values in (
                truth.east, truth.north, truth.forward_east, truth.forward_north, truth.left_east, truth.left_north,
            )
        ]  # fmt: skip
        for shape in shapes:
            best = max(best, _excess_of(_placed(shape, frame), edge, area))
    return float(best)


def _placed(shape: Floats, frame: list[float]) -> shapely.Polygon:
    east, north, forward_east, forward_north, left_east, left_north = frame
    return shapely.Polygon(
        np.column_stack(
            (
                east + shape[:, 0] * forward_east + shape[:, 1] * left_east,
                north + shape[:, 0] * forward_north + shape[:, 1] * left_north,
            )
        )
    )


def _excess_of(polygon: shapely.Polygon, edge: shapely.Geometry, area: shapely.Geometry) -> float:
    inside = polygon.intersection(area)
    if inside.is_empty:
        return -float(polygon.distance(area))
    corners = shapely.points(shapely.get_coordinates(inside))
    return float(shapely.distance(edge, corners).max())


def _passage(excess: Floats, stretch: Stretch, offset: int) -> Passage:
    at = stretch.first + int(excess[stretch.first : stretch.last + 1].argmax())
    return Passage(float(excess[at]), offset + stretch.first, offset + stretch.last, offset + at)
