"""Stops at a line, signals, times, speeds and rolling back, on hand-made truths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulators.oracle import manoeuvres
from simulators.oracle.ride import Ride
from tests.simulators.oracle.ridden import FRONT_M, ride, rule, stop_and_go, truth_along

HILL_EDGE_M = 45.8


def on_the_hill(front_at: list[tuple[float, float]], **changes: Any) -> Ride:
    """Fronts at these eastings for so many seconds, from 23 m through the hill's zone to 72 m."""
    east = stop_and_go([(20.0 - FRONT_M, 0.1), *[(at - FRONT_M, wait) for at, wait in front_at], (72.0, 0.1)])
    return ride(truth_along(east, 0.0, 0.0, **changes), "hill")


def values(observe: Any, one: Ride, the_rule: Any) -> list[float]:
    return [value.value for value in observe(one, the_rule, one.attempts[0])]


def test_a_stop_half_a_metre_before_the_line() -> None:
    one = on_the_hill([(HILL_EDGE_M - 0.5, 4.0)])
    assert values(manoeuvres.stop_distance, one, rule("stop_distance", 1.0)) == [pytest.approx(0.5, abs=1e-6)]
    assert values(manoeuvres.beyond_stop_line, one, rule("beyond_stop_line")) == [pytest.approx(-0.5, abs=1e-6)]
    assert values(manoeuvres.hold_duration, one, rule("hold_duration")) == [pytest.approx(4.0, abs=0.03)]
    assert values(manoeuvres.move_off_delay, one, rule("move_off_delay")) == [pytest.approx(3.0, abs=0.03)]
    assert values(manoeuvres.no_stop, one, rule("no_stop", within_m=3.0)) == [0.0]


def test_a_stop_63_mm_beyond_the_line_is_a_stop() -> None:
    one = on_the_hill([(HILL_EDGE_M + 0.063, 4.0)])
    assert values(manoeuvres.beyond_stop_line, one, rule("beyond_stop_line")) == [pytest.approx(0.063, abs=1e-6)]
    assert values(manoeuvres.no_stop, one, rule("no_stop", within_m=3.0)) == [0.0]


@pytest.mark.parametrize("stops", [[], [(HILL_EDGE_M - 3.5, 2.0)], [(HILL_EDGE_M - 1.0, 0.3)]])
def test_no_stop_too_far_away_or_too_short(stops: list[tuple[float, float]]) -> None:
    assert values(manoeuvres.no_stop, on_the_hill(stops), rule("no_stop", within_m=3.0)) == [1.0]


def test_of_two_stops_the_last_counts_for_the_distance() -> None:
    one = on_the_hill([(HILL_EDGE_M - 2.5, 2.0), (HILL_EDGE_M - 0.2, 2.0)])
    assert values(manoeuvres.stop_distance, one, rule("stop_distance", 1.0)) == [pytest.approx(0.2, abs=1e-6)]


def test_rolling_back_is_measured_from_the_foremost_place() -> None:
    out = stop_and_go([(30.0, 0.5), (40.0, 3.0), (39.85, 0.2)], 1.0)
    east = np.concatenate([out, stop_and_go([(39.85, 0.0), (60.0, 0.1)], 2.0)])
    truth = truth_along(east, 0.0, 0.0, gear=np.ones(len(east), dtype=np.int64))
    found = [value.value for value in manoeuvres.rollback(ride(truth, "hill"), rule("rollback"), None)]
    assert max(found) == pytest.approx(0.15, abs=0.015)


def test_reversing_in_reverse_gear_is_no_rolling_back() -> None:
    east = stop_and_go([(30.0, 0.5), (40.0, 1.0), (35.0, 1.0), (60.0, 0.1)], 1.0)
    found = [
        value.value for value in manoeuvres.rollback(ride(truth_along(east, 0.0, 0.0), "hill"), rule("rollback"), None)
    ]
    assert max(found) == pytest.approx(0.0, abs=0.02)


def crossroads(red_until_s: float, stop_s: float = 0.0) -> Ride:
    east = stop_and_go([(88.0, 0.1), (103.3 - FRONT_M - 0.5, stop_s), (120.0, 0.1)], 5.0)
    seconds = np.arange(len(east)) * 0.01
    truth = truth_along(east, 0.0, 0.0)
    truth.shown["light-crossroads"] = np.where(seconds < red_until_s, "red", "green")
    return ride(truth, "crossroads")


def test_driving_through_red_is_measured_until_it_ends() -> None:
    light = rule("against_signal", signal="light", grace_s=0.5)
    assert values(manoeuvres.against_signal, crossroads(0.0), light) == [0.0]
    crossed_s = 0.1 + (103.3 - FRONT_M - 88.0) / 5.0
    assert values(manoeuvres.against_signal, crossroads(crossed_s + 0.5), light) == [pytest.approx(2.5, abs=0.1)]
    assert values(manoeuvres.against_signal, crossroads(10.0, stop_s=12.0), light) == [0.0]


def test_a_light_that_has_only_just_turned_red_is_within_grace() -> None:
    one = crossroads(0.0)
    crossed = one.crossing("crossroads-stop", 0, len(one.t) - 1)
    assert crossed is not None
    for before_s, expected in ((0.3, 0.0), (0.7, 1.0)):
        shown = np.full(len(one.t), "green", dtype="<U9")
        shown[crossed - round(before_s / 0.01) :] = "red"
        one.truth.shown["light-crossroads"] = shown
        (found,) = values(manoeuvres.against_signal, one, rule("against_signal", signal="light", grace_s=0.5))
        assert (found > 0.0) == (expected > 0.0)


def test_clearing_runs_from_green_where_the_car_stood_and_else_from_the_line() -> None:
    stood, drove = crossroads(10.0, stop_s=12.0), crossroads(0.0)
    for one, since_s in ((stood, 10.0), (drove, None)):
        one.site.line("crossroads-exit")
        # The exit of the crossroads is to the north; here the car goes straight on and never clears it.
        assert values(manoeuvres.clearing_time, one, rule("clearing_time", 20.0)) == []
        assert since_s is None or one.t[-1] > since_s


def test_speed_held_is_the_lowest_of_the_best_stretch() -> None:
    speed = np.full(1000, 3.0)
    speed[400:480] = 8.0
    one = ride(truth_along(np.linspace(20.0, 60.0, 1000), 0.0, 0.0, speed=speed), "hill")
    outside = rule("speed_over", 5.5556, where="outside_speed_section", held_s=1.0)
    assert [value.value for value in manoeuvres.speed_over(one, outside, None)] == [3.0]
    speed[400:520] = 8.0
    assert [value.value for value in manoeuvres.speed_over(one, outside, None)] == [8.0]


def test_the_speed_section_is_between_its_lines() -> None:
    east = np.linspace(25.0, 90.0, 3000)
    speed = np.where((east > 32.45) & (east < 70.43), 9.0, 5.0)
    one = ride(truth_along(east, 25.0, 0.0, speed=speed), "speed-section")
    assert values(manoeuvres.speed_reached, one, rule("speed_reached", 5.5556)) == [9.0]
    inside = rule("speed_over", 11.1, where="inside_speed_section", held_s=0.5)
    assert [value.value for value in manoeuvres.speed_over(one, inside, one.attempts[0])] == [9.0]
    outside = rule("speed_over", 5.5556, where="outside_speed_section", held_s=1.0)
    assert max(value.value for value in manoeuvres.speed_over(one, outside, None)) == 5.0


def test_leaving_an_exercise_out_is_wrong_once() -> None:
    # From the start straight on past the crossroads' turn: the hill is driven over, the snake is met from beside.
    path = [(112.0, 5.0), (112.0, 80.0)]
    north = np.linspace(path[0][1], path[1][1], 2000)
    one = ride(truth_along(np.full(2000, 112.0), north, 90.0), "hill")
    assert [attempt.exercise.id for attempt in one.attempts] == ["hill", "snake"]
    assert [value.value for value in manoeuvres.wrong_order(one, rule("wrong_order"), None)] == [1.0]


def test_reverse_counts_when_driven_in() -> None:
    east = np.concatenate(
        [np.linspace(155, 165, 300), np.full(100, 165.0), np.linspace(165, 160, 300), np.full(200, 160)]
    )
    gear = np.ones(len(east), dtype=np.int64)
    gear[300:720] = -1
    gear[800:850] = -1
    one = ride(truth_along(east, 100.0, 0.0, gear=gear), "limited-turn")
    assert values(manoeuvres.reverse_engagements, one, rule("reverse_engagements", 1.0)) == [1.0]


def test_reaction_and_hazards_after_the_lamp() -> None:
    north = 90.0 - (stop_and_go([(0.0, 0.1), (25.0, 6.0), (60.0, 0.1)], 5.0))
    truth = truth_along(np.full(len(north), 20.0), north, -90.0)
    seconds = truth.seconds
    truth.shown["lamp-emergency"] = np.where((seconds > 4.0) & (seconds < 9.0), "red", "off")
    hazards = (seconds > 6.6) & (seconds < 12.0)
    truth.signals["left_indicator_on"] = hazards
    truth.signals["right_indicator_on"] = hazards
    one = ride(truth, "emergency-braking")
    assert values(manoeuvres.reaction_time, one, rule("reaction_time", 3.0)) == [pytest.approx(1.1, abs=0.03)]
    assert values(manoeuvres.hazard_delay, one, rule("hazard_delay", 3.0)) == [pytest.approx(1.5, abs=0.03)]
    assert values(manoeuvres.not_attempted, one, rule("not_attempted")) == [0.0]


def test_beyond_the_finish_limit() -> None:
    east = stop_and_go([(80.0, 0.1), (102.3 - FRONT_M, 7.0)])
    one = ride(truth_along(east, 25.0, 0.0), "finish")
    assert values(manoeuvres.stopped_beyond, one, rule("stopped_beyond")) == [pytest.approx(0.35, abs=1e-6)]
    (total,) = manoeuvres.route_time(one, rule("route_time", 1200.0), None)
    assert total.value == pytest.approx(0.1 + (91.95 - FRONT_M - 80.0) / 2.0, abs=0.03)
