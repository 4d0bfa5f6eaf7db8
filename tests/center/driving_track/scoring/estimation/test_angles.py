"""Our own polynomials agree with the library's functions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.scoring.estimation import angles


@given(st.floats(-1000.0, 1000.0))
def test_cosine_and_sine_agree_with_the_library(angle: float) -> None:
    cosine, sine = angles.cos_sin(angle)
    assert cosine == pytest.approx(math.cos(angle), abs=3e-15 + 1e-18 * abs(angle))
    assert sine == pytest.approx(math.sin(angle), abs=3e-15 + 1e-18 * abs(angle))


@given(st.floats(-0.7, 0.7))
def test_the_tangent_of_a_steering_angle_is_true_to_a_hundred_millionth(angle: float) -> None:
    assert angles.tangent(angle) == pytest.approx(math.tan(angle), abs=1e-8)


@pytest.mark.parametrize(
    ("heading_deg", "forward"),
    [(0, (0, 1)), (90, (1, 0)), (180, (0, -1)), (270, (-1, 0)), (360, (0, 1)), (-90, (-1, 0))],
)
def test_a_heading_runs_clockwise_from_north(heading_deg: float, forward: tuple[float, float]) -> None:
    assert angles.forward_of(heading_deg) == pytest.approx(forward, abs=1e-14)


@given(st.floats(-3.1, 3.1), st.floats(-0.35, 0.35))
def test_a_turn_is_measured_as_it_was_made(heading: float, turn: float) -> None:
    c, s = math.cos(heading), math.sin(heading)
    turned = angles.rotated(c, s, turn)
    assert turned == pytest.approx((math.cos(heading + turn), math.sin(heading + turn)), abs=1e-8)
    assert angles.turn_between(c, s, *turned) == pytest.approx(turn, abs=2e-6)


def test_opposite_headings_are_far_apart() -> None:
    assert abs(angles.turn_between(1.0, 0.0, -1.0, 0.01)) > 1.0
