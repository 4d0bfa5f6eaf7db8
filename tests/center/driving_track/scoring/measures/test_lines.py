"""When two stretches over a line are two passages: only where the car was surely off the line in between."""

from __future__ import annotations

import pytest

from center.driving_track.scoring.measures.lines import passages
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.watched_line import WatchedLine
from messages.site import Line, LineKind, Side
from tests.center.driving_track.scoring.drives import CAR

K_F = 6.0
S = 1_000_000_000
LINE = Line("line", LineKind.EDGE, ((-50.0, 0.0), (50.0, 0.0)), 0.1, 0.0025, Side.LEFT, Side.LEFT)
HALF_WIDTH_M = max(y for _, y in CAR.outline)
OVER_M, NEAR_M, FAR_M = 0.1, -0.1, -2.0


def _point(at_s: float, beyond_m: float) -> PathPoint:
    """The car eastbound, its left side so far beyond the line's left edge, known to 4 mm."""
    north = 0.05 + beyond_m - HALF_WIDTH_M
    variances = (1.6e-5, 0.0, 1.6e-5, 0.0, 0.0, 0.0)
    return PathPoint(round(at_s * S), at_s, north, 1.0, 0.0, 0.0, 1.0, 1.0, 0.01, *variances, True)


@pytest.mark.parametrize(
    ("seen", "passed"),
    [
        ([(0.0, OVER_M), (0.1, OVER_M)], [True]),
        ([(0.0, OVER_M), (0.5, NEAR_M), (0.9, OVER_M)], [True]),
        ([(0.0, OVER_M), (0.8, NEAR_M), (1.6, OVER_M)], [True, True]),
        ([(0.0, OVER_M), (0.8, FAR_M), (1.6, OVER_M)], [True, True]),
        ([(0.0, OVER_M), (0.8, -0.001), (1.6, OVER_M)], [True, False]),
        ([(0.0, OVER_M), (1.6, OVER_M)], [True, False]),
    ],
    ids=["on end", "soon again", "off in between", "far off in between", "perhaps off", "not seen in between"],
)
def test_each_stretch_over_the_line_that_is_surely_another_one_counts(
    seen: list[tuple[float, float]], passed: list[bool]
) -> None:
    path = [_point(*one) for one in seen]
    found = passages(WatchedLine(LINE, CAR, "body"), path, range(len(path)), K_F)
    assert [one.is_apart for one in found] == passed
    assert all(one.is_excess for one in found)


def test_where_nothing_came_over_the_nearest_approach_is_told() -> None:
    path = [_point(0.0, FAR_M), _point(1.0, NEAR_M), _point(2.0, -0.2)]
    (one,) = passages(WatchedLine(LINE, CAR, "body"), path, range(3), K_F)
    assert (one.first, one.last, one.is_excess) == (1, 1, False)
