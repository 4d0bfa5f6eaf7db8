"""Switches, the engine, kerbs and cones, on hand-made truths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulators.oracle import signals
from simulators.oracle.ride import Ride
from tests.simulators.oracle.ridden import FRONT_M, ride, rule, stop_and_go, truth_along


def driven(**signals_: Any) -> Ride:
    """East along the first straight at 2 m/s for 20 s, with these switches given as functions of the seconds."""
    truth = truth_along(np.arange(0.0, 40.0, 0.02), 0.0, 0.0)
    for name, of in signals_.items():
        truth.signals[name] = of(truth.seconds)
    return ride(truth)


def found(observe: Any, one: Ride, the_rule: Any, attempt: Any = None) -> list[float]:
    return [value.value for value in observe(one, the_rule, attempt)]


def test_the_longest_time_on_end_counts() -> None:
    one = driven(belt_fastened=lambda s: ~(((s > 2) & (s < 3)) | ((s > 5) & (s < 8.5))))
    belt = rule(
        "signal", repeats="once_per_exam", signal="belt_fastened", must_be=True, during="moving", debounce_s=1.0
    )
    assert found(signals.signal, one, belt) == [pytest.approx(3.5, abs=0.02)]


def test_each_stretch_is_one_where_the_rule_counts_each() -> None:
    one = driven(handbrake_on=lambda s: ((s > 2) & (s < 3)) | ((s > 5) & (s < 8.5)))
    brake = rule("signal", signal="handbrake_on", must_be=False, during="moving", debounce_s=2.0)
    assert found(signals.signal, one, brake) == [pytest.approx(1.0, abs=0.02), pytest.approx(3.5, abs=0.02)]


def test_the_beginning_of_an_exercise_ends_the_stretch_of_a_rule_for_each_exercise_only() -> None:
    one = driven()
    begins_s = one.t[one.attempts[1].first]
    one.truth.signals["handbrake_on"] = np.abs(one.t - begins_s) < 1.5
    brake = rule("signal", signal="handbrake_on", must_be=False, during="moving", debounce_s=2.0)
    (whole,) = signals.signal(one, brake, None)
    assert whole.value == pytest.approx(3.0, abs=0.03)
    assert whole.exercise == one.attempts[0].exercise
    cut = rule(
        "signal", repeats="once_per_exercise", signal="handbrake_on", must_be=False, during="moving", debounce_s=2.0
    )
    assert found(signals.signal, one, cut) == [pytest.approx(1.5, abs=0.03)] * 2


def test_standing_ends_the_stretch() -> None:
    east = stop_and_go([(0.0, 0.0), (6.0, 2.0), (12.0, 0.1)])
    truth = truth_along(east, 0.0, 0.0)
    truth.signals["doors_closed"] = np.zeros(len(east), dtype=np.bool_)
    doors = rule("signal", signal="doors_closed", must_be=True, during="moving", debounce_s=1.0)
    assert found(signals.signal, ride(truth), doors) == [pytest.approx(3.0, abs=0.03)] * 2


def test_the_second_before_a_line_counts() -> None:
    crossed_s = (7.95 - FRONT_M) / 2.0
    left = rule("signal", signal="left_indicator_on", must_be=True, during="crossing_exit_line", debounce_s=0.5)
    one = driven(left_indicator_on=lambda s: s > crossed_s - 0.3)
    assert found(signals.signal, one, left, one.attempts[0]) == [pytest.approx(0.7, abs=0.03)]
    one = driven(left_indicator_on=lambda s: s > crossed_s - 2.0)
    assert found(signals.signal, one, left, one.attempts[0]) == [0.0]


def test_a_turn_ends_after_30_degrees() -> None:
    angle = np.concatenate([np.zeros(300), np.linspace(0.0, 90.0, 600)])
    east = 100.0 - FRONT_M + np.minimum(np.arange(900) * 0.02, 9.0)
    truth = truth_along(east, 0.0, angle)
    turn = rule("signal", signal="indicator_for_turn", must_be=True, during="turn", debounce_s=0.5)
    entered_s, turned_s = 5.0 / 2.0, 3.0 + 2.0
    values = found(signals.signal, ride(truth, "crossroads"), turn)
    assert values == [pytest.approx(turned_s - entered_s, abs=0.05)]
    truth.signals["left_indicator_on"] = truth.seconds > entered_s + 0.4
    assert found(signals.signal, ride(truth, "crossroads"), turn) == [pytest.approx(0.4, abs=0.05)]


@pytest.mark.parametrize(("held_s", "value"), [(5.0, -3.0), (2.0, 0.0), (0.5, 1.5), (0.0, 2.0)])
def test_parked_asks_for_two_seconds_on_end(held_s: float, value: float) -> None:
    east = stop_and_go([(85.0, 0.1), (95.0, 6.0)])
    truth = truth_along(east, 25.0, 0.0)
    since = truth.seconds[-1] - 5.5
    truth.signals["handbrake_on"] = (truth.seconds >= since) & (truth.seconds < since + held_s)
    brake = rule("signal", exercise="finish", signal="handbrake_on", must_be=True, during="parked", debounce_s=0.0)
    one = ride(truth, "finish")
    assert found(signals.signal, one, brake, one.attempts[0]) == [pytest.approx(value, abs=0.03)]


def test_every_stall_before_the_finish_counts() -> None:
    one = driven(engine_running=lambda s: ~(((s > 3) & (s < 4)) | (s > 15)))
    assert found(signals.stall, one, rule("stall")) == [pytest.approx(1.0, abs=0.02), pytest.approx(5.0, abs=0.03)]


def test_over_revving_is_counted_by_stretch() -> None:
    rpm = np.full(2000, 2000.0)
    rpm[100:180] = 4500.0
    one = ride(truth_along(np.arange(0.0, 40.0, 0.02), 0.0, 0.0, rpm=rpm))
    assert found(signals.over_revving, one, rule("over_revving", rpm=4000)) == [pytest.approx(0.8, abs=0.02)]


def test_a_kerb_pressed_by_somebody_else_is_not_this_cars() -> None:
    truth = truth_along(np.arange(0.0, 40.0, 0.02), 0.0, 0.0)
    truth.shown["strip-corner"] = ((truth.seconds > 3) & (truth.seconds < 4)).astype(np.float64)
    assert found(signals.kerb_pressed, ride(truth), rule("kerb_pressed", debounce_s=0.05)) == []


def test_a_kerb_pressed_by_a_wheel_counts_from_press_to_release() -> None:
    north = np.arange(90.0, 96.0, 0.02)
    truth = truth_along(np.full(len(north), 113.0), north, 90.0)
    pressed = (truth.seconds > 1.0) & (truth.seconds < 1.3)
    truth.shown["strip-corner"] = pressed.astype(np.float64)
    one = ride(truth, "snake")
    assert found(signals.kerb_pressed, one, rule("kerb_pressed", debounce_s=0.05)) == [pytest.approx(0.3, abs=0.02)]


def test_a_cone_counts_while_the_car_is_near_it() -> None:
    north = np.arange(24.0, 60.0, 0.05)
    truth = truth_along(np.full(len(north), 110.9), north, 90.0)
    near = (north > 30.0) & (north < 34.0)
    truth.shown["cone-1"] = np.where(near, 75.0, 0.0)
    truth.shown["cone-2"] = np.full(len(north), 30.0)
    one = ride(truth, "snake")
    cone = rule("cone_knocked", 20.0, exercise="snake")
    assert found(signals.cone_knocked, one, cone, one.attempts[0])[:2] == [75.0, 30.0]
