"""Where things lie on the plan: a grid to ask only for what is near, and distances to areas and polylines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from math import sqrt
from typing import Generic, TypeVar

from messages.site import Point

_CELL_M = 4.0

Thing = TypeVar("Thing")


class Grid(Generic[Thing]):
    """Things by the cells that their bounding boxes, widened by a reach, touch."""

    def __init__(self, things: Iterable[tuple[Thing, Sequence[Point]]], reach_m: float) -> None:
        cells: dict[tuple[int, int], list[Thing]] = {}
        for thing, points in things:
            easts = [east for east, _ in points]
            norths = [north for _, north in points]
            columns = range(_cell(min(easts) - reach_m), _cell(max(easts) + reach_m) + 1)
            rows = range(_cell(min(norths) - reach_m), _cell(max(norths) + reach_m) + 1)
            for cell in product(columns, rows):
                inside = cells.setdefault(cell, [])
                if thing not in inside:
                    inside.append(thing)
        self._cells = {cell: tuple(inside) for cell, inside in cells.items()}

    def near(self, east_m: float, north_m: float) -> tuple[Thing, ...]:
        """The things that may be within reach of a point."""
        return self._cells.get((int(east_m // _CELL_M), int(north_m // _CELL_M)), ())


def depth_m(polygon: Sequence[Point], east_m: float, north_m: float) -> float:
    """How deep a point that is inside lies: its distance to the nearest side's line; for a convex polygon."""
    deepest = float("inf")
    east_before, north_before = polygon[-1]
    for east, north in polygon:
        along_east, along_north = east - east_before, north - north_before
        cross = along_east * (north_m - north_before) - along_north * (east_m - east_before)
        square = along_east * along_east + along_north * along_north
        deepest = min(deepest, sqrt(cross * cross / square))
        east_before, north_before = east, north
    return deepest


def distance_m(east_m: float, north_m: float, polyline: Sequence[Point]) -> float:
    """Distance of a point from a polyline (or from a single point)."""
    if len(polyline) == 1:
        east, north = polyline[0]
        return sqrt((east_m - east) * (east_m - east) + (north_m - north) * (north_m - north))
    best = float("inf")
    for (e0, n0), (e1, n1) in pairwise(polyline):
        along_east, along_north = e1 - e0, n1 - n0
        square = along_east * along_east + along_north * along_north
        share = ((east_m - e0) * along_east + (north_m - n0) * along_north) / square if square else 0.0
        share = min(max(share, 0.0), 1.0)
        east, north = east_m - e0 - share * along_east, north_m - n0 - share * along_north
        best = min(best, east * east + north * north)
    return sqrt(best)


def _cell(metres: float) -> int:
    return int(metres // _CELL_M)
