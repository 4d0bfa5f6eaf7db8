"""How far a shape reaches beyond a line, on hand-made cases."""

from __future__ import annotations

import numpy as np
import pytest

from messages.site import Line, LineKind, Point, Side
from simulators.driver.excess import dense, in_plan, largest_excess

SQUARE: tuple[Point, ...] = ((1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0))


def _line(points: tuple[Point, ...], side: Side = Side.RIGHT) -> Line:
    return Line("one", LineKind.EDGE, points, 0.1, 0.0, side, side)


def _excess(line: Line, east: float, north: float, heading: float = 0.0) -> float:
    one = np.array([1.0])
    return largest_excess(line, *in_plan(SQUARE, east * one, north * one, heading * one, 0 * one, 0 * one))


@pytest.mark.parametrize(("north", "excess"), [(0.0, -0.05), (-0.05, 0.0), (-0.11, 0.06), (1.0, -1.05)])
def test_the_excess_counts_from_the_reference_edge(north: float, excess: float) -> None:
    assert _excess(_line(((-5.0, -1.0), (5.0, -1.0))), 0.0, north) == pytest.approx(excess)


def test_the_left_side_can_be_forbidden_too() -> None:
    assert _excess(_line(((-5.0, 1.0), (5.0, 1.0)), Side.LEFT), 0.0, 0.2) == pytest.approx(0.15)


def test_only_what_lies_beside_the_line_counts() -> None:
    line = _line(((0.5, -1.0), (5.0, -1.0)))
    # Beside it, with the line's end as what is nearest.
    assert _excess(line, -3.0, 0.0) == pytest.approx(-np.hypot(2.5, 0.05))
    corner = np.sqrt(2)
    # Turned by 45°, the lowest corner hangs lower than the line before its beginning, and is not over it.
    assert _excess(line, -0.2, 0.3, np.pi / 4) < 0.0
    assert _excess(line, 0.6, 0.0, np.pi / 4) == pytest.approx(corner - 1.05)


def test_a_shape_far_beyond_is_on_another_lane() -> None:
    assert _excess(_line(((-5.0, 9.0), (5.0, 9.0))), 0.0, 0.0) < -5.0


def test_a_kerb_of_several_pieces_is_measured_at_the_nearest() -> None:
    kerb = _line(((-5.0, -1.0), (0.0, -1.0), (4.0, -4.0)))
    assert _excess(kerb, 0.0, 0.0) == pytest.approx(-0.05, abs=1e-6)


@pytest.mark.parametrize(("east", "north"), [(2.97, 0.02), (3.5, 0.5), (2.951, 1.0)])
def test_outside_a_bend_the_edges_corner_is_what_is_nearest(east: float, north: float) -> None:
    kerb = _line(((-5.0, -1.0), (2.0, -1.0), (2.0, -6.0)))
    assert _excess(kerb, east, north) == pytest.approx(-np.hypot(east - 1.0 - 1.95, north - 1.0 + 1.05))


def test_within_a_bend_no_edge_goes_on_past_the_other() -> None:
    kerb = _line(((-5.0, -1.0), (2.0, -1.0), (2.0, 6.0)))
    # Its edge runs outside the bend, round the corner at (2.05, -1.05).
    assert _excess(kerb, 1.03, -0.03) == pytest.approx(-0.02)


def test_a_dense_shape_keeps_its_corners() -> None:
    points = dense(SQUARE)
    assert set(SQUARE) <= set(points)
    assert len(points) == 80
