"""The track's signals: each follows where the car is, whoever drives and whenever."""

from __future__ import annotations

from pathlib import Path

import pytest

from messages.readings import Aspect, BarrierPosition
from messages.site import ExerciseKind, load
from simulators.approach import Approach
from simulators.track_logic import Timing, TrackLogic

SITE = load(Path(__file__).parents[2] / "sites" / "sarytau")
TIMING = Timing(red_s=5.0, red_amber_s=1.5, barrier_closed_s=8.0, pedestrian_s=7.0, emergency_red_s=4.0)


def _after(logic: TrackLogic, near: set[ExerciseKind], seconds: float, speed: float = 0.0, loop: bool = False) -> None:
    for _ in range(round(seconds * 100)):
        logic.advance(frozenset(near), speed, loop)


def _shows(logic: TrackLogic, element_id: str) -> Aspect:
    return logic.aspects[element_id]


def _walks(logic: TrackLogic) -> bool:
    return logic.pedestrian_walks


def test_the_start_lamp_is_red_until_the_signal() -> None:
    logic = TrackLogic(SITE, TIMING)
    assert _shows(logic, "start-lamp") is Aspect.RED
    logic.give_start_signal()
    assert _shows(logic, "start-lamp") is Aspect.GREEN


def test_the_light_goes_green_for_a_car_that_waits_and_red_when_it_has_gone() -> None:
    logic = TrackLogic(SITE, TIMING)
    shown = []
    for near, seconds in (({ExerciseKind.CROSSROADS}, 4.9), ({ExerciseKind.CROSSROADS}, 1.0)):
        _after(logic, near, seconds)
        shown.append(logic.aspects["light-crossroads"])
    _after(logic, {ExerciseKind.CROSSROADS}, 60.0)
    shown.append(logic.aspects["light-crossroads"])
    for seconds in (2.5, 4.0):
        _after(logic, set(), seconds)
        shown.append(logic.aspects["light-crossroads"])
    assert shown == [Aspect.RED, Aspect.RED_AMBER, Aspect.GREEN, Aspect.AMBER, Aspect.RED]


def test_the_crossing_s_light_is_off_only_once_the_barrier_is_up() -> None:
    logic = TrackLogic(SITE, TIMING)
    seen: list[tuple[Aspect, BarrierPosition]] = []
    for _ in range(2000):
        logic.advance(frozenset({ExerciseKind.LEVEL_CROSSING}), 0.0, False)
        state = (logic.aspects["light-rail"], logic.barriers["barrier-rail"])
        if not seen or seen[-1] != state:
            seen.append(state)
    flashing = Aspect.FLASHING_RED
    assert seen == [
        (flashing, BarrierPosition.UP),
        (flashing, BarrierPosition.MOVING),
        (flashing, BarrierPosition.DOWN),
        (flashing, BarrierPosition.MOVING),
        (Aspect.OFF, BarrierPosition.UP),
    ]


def test_somebody_walks_for_a_time_when_the_car_comes() -> None:
    logic = TrackLogic(SITE, TIMING)
    assert not _walks(logic)
    _after(logic, {ExerciseKind.PEDESTRIAN_CROSSING}, 6.9)
    assert _walks(logic)
    _after(logic, {ExerciseKind.PEDESTRIAN_CROSSING}, 0.2)
    assert not _walks(logic)


@pytest.mark.parametrize(("speed", "lit"), [(4.0, Aspect.RED), (1.0, Aspect.OFF)])
def test_the_emergency_lamp_lights_for_a_car_at_speed_only(speed: float, lit: Aspect) -> None:
    logic = TrackLogic(SITE, TIMING)
    _after(logic, set(), 0.1, speed, loop=True)
    assert _shows(logic, "lamp-emergency") is lit


def test_the_emergency_lamp_goes_out_some_time_after_the_car_stands_and_stays_out() -> None:
    logic = TrackLogic(SITE, TIMING)
    _after(logic, set(), 1.5, 4.0, loop=True)
    _after(logic, set(), 3.9, 0.0, loop=True)
    assert _shows(logic, "lamp-emergency") is Aspect.RED
    _after(logic, set(), 0.2, 0.0, loop=True)
    _after(logic, set(), 1.0, 4.0, loop=True)
    assert _shows(logic, "lamp-emergency") is Aspect.OFF


def test_a_fork_goes_its_own_way() -> None:
    logic = TrackLogic(SITE, TIMING)
    twin = logic.fork()
    _after(twin, {ExerciseKind.CROSSROADS}, 10.0)
    assert _shows(twin, "light-crossroads") is Aspect.GREEN
    assert _shows(logic, "light-crossroads") is Aspect.RED


def test_the_same_seed_draws_the_same_timing() -> None:
    assert Timing.drawn(4) == Timing.drawn(4) != Timing.drawn(5)


def test_an_exercise_is_near_from_before_its_stop_line_until_the_car_is_through() -> None:
    approach = Approach(SITE, 4.5)
    near = []
    for east, north in ((97.0, 0.0), (100.0, 0.0), (106.0, 0.5), (112.0, 12.0), (112.0, 15.0), (100.0, 0.0)):
        approach.observe(east, north)
        near.append(ExerciseKind.CROSSROADS in approach.near)
    assert near == [False, True, True, True, False, False]


def test_the_lane_beside_does_not_count_as_near() -> None:
    approach = Approach(SITE, 4.5)
    approach.observe(66.0, 112.0)
    assert approach.near == frozenset()
