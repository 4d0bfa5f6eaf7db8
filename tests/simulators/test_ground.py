"""The ground under the simulated car."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

from messages.site import load
from simulators.ground import Ground

SITE = load(Path(__file__).parents[2] / "sites" / "sarytau")
GROUND = Ground(SITE.surface)


def test_the_plane_falls_to_the_south_and_the_east() -> None:
    assert GROUND.height_at(200.0, 50.0) == pytest.approx(-0.004 * 200 + 0.015 * 50)


def test_the_ramp_climbs_eleven_per_cent_and_comes_down_again() -> None:
    slope = (GROUND.height_at(45.0, 0.0) - GROUND.height_at(35.0, 0.0)) / 10.0
    assert slope == pytest.approx(0.11 - 0.004)
    top = GROUND.height_at(56.0, 0.0) + 0.004 * 56.0
    assert top == pytest.approx(0.11 * 21.0)
    assert GROUND.height_at(85.0, 0.0) == pytest.approx(-0.004 * 85.0)


def test_heights_have_no_step_along_the_lane() -> None:
    heights = [GROUND.height_at(20.0 + i * 0.01, 0.0) for i in range(8000)]
    assert max(abs(b - a) for a, b in itertools.pairwise(heights)) < 0.0012


def test_a_car_bridges_the_vertical_curve_between_its_axles() -> None:
    _, pitch, roll = GROUND.tilt_under(29.0, 0.0, 0.0, 2.62, 1.5)
    chord = (GROUND.height_at(31.62, 0.0) - GROUND.height_at(29.0, 0.0)) / 2.62
    assert pitch == pytest.approx(math.atan(chord))
    assert roll == pytest.approx(math.atan(0.015), abs=1e-6)


def test_a_car_on_the_plane_tilts_by_its_heading() -> None:
    _, pitch, roll = GROUND.tilt_under(112.0, 50.0, math.pi / 2, 2.62, 1.5)
    assert pitch == pytest.approx(math.atan(0.015))
    assert roll == pytest.approx(math.atan(0.004))
