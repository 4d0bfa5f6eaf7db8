"""Excess over lines and out of bays, on cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from messages.site import Line, LineKind, Side
from simulators.oracle.shapes import outside_bay, passages
from tests.simulators.oracle.ridden import CAR, SITE, ride, truth_along

HALF_WIDTH_M = 0.8675
WHEEL_OUT_M = 0.755 + 0.185 / 2


@pytest.mark.parametrize(("part", "reach"), [("body", HALF_WIDTH_M), ("wheel", WHEEL_OUT_M)])
@pytest.mark.parametrize("excess", [-0.2, -0.010, 0.0005, 0.063, 0.4])
def test_excess_beyond_a_straight_line_is_the_reach_beyond_its_edge(part: str, reach: float, excess: float) -> None:
    north = -1.80 + reach - excess
    one = ride(truth_along(np.arange(10.0, 20.0, 0.02), north, 0.0))
    found = passages(one, SITE.line("a-right"), part, 0, len(one.t) - 1)
    assert [passage.excess_m for passage in found] == [pytest.approx(excess, abs=1e-6)]


def test_excess_that_comes_back_after_a_second_is_another_passage() -> None:
    seconds = np.arange(0.0, 11.5, 0.01)
    sway = 0.2 * np.sin(2 * np.pi * seconds / 4.0)
    one = ride(truth_along(10.0 + seconds, -1.80 + WHEEL_OUT_M - 0.05 - sway, 0.0))
    found = passages(one, SITE.line("a-right"), "wheel", 0, len(one.t) - 1)
    assert [passage.excess_m for passage in found] == [pytest.approx(0.25, abs=1e-4)] * 3


def test_beyond_its_ends_a_line_forbids_nothing() -> None:
    one = ride(truth_along(np.arange(110.0, 118.0, 0.02), -2.5, 0.0))
    (passage,) = passages(one, SITE.line("a-right"), "body", 0, len(one.t) - 1)
    assert passage.excess_m < -4.0


def test_a_lines_end_is_met_between_two_samples() -> None:
    # At 20 m/s a sample stands 0.2 m from the next: the corner that dips over the line's end is seen at neither.
    short = Line("short", LineKind.EDGE, ((0.0, 0.0), (0.05, 0.0)), 0.1, 0.0, Side.RIGHT, Side.RIGHT)
    shape = np.array([[0.02, 0.0], [0.0, 0.02], [-0.02, 0.0], [0.0, -0.02]])
    one = ride(truth_along(np.array([-0.1, 0.1, 0.3]), 0.0, 0.0))
    one.__dict__["outline"] = shape
    (passage,) = passages(one, short, "body", 0, 2)
    assert passage.excess_m == pytest.approx(-0.03, abs=1e-6)


def test_outside_a_bay_is_the_farthest_reach_and_inside_the_nearest_side() -> None:
    bay = SITE.exercise("box").bay
    assert bay is not None
    (west, south), (_, north) = bay[0], bay[2]
    # Nose south: the rear bumper 0.959 north of the axle, the front 3.52 south of it, beyond the open side.
    inside = ride(truth_along([west + 1.168] * 2, south + 1.25, -90.0))
    assert outside_bay(inside, bay, 0) == pytest.approx(3.52 - 1.25, abs=1e-6)
    parked = ride(truth_along([west + 1.168] * 2, north - 1.1, -90.0))
    assert outside_bay(parked, bay, 0) == pytest.approx(-(1.1 - 0.959), abs=1e-6)
    assert CAR.outline[4] == (3.52, 0.0)
