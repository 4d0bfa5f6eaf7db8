"""The sensors at a line are asked only where there is no doubt, and then agree or contradict."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from center.driving_track.scoring.elements import ElementHistory
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.witnesses import NOTHING_SAID, Witnesses, Word
from messages.site import ElementKind
from tests.center.driving_track.scoring.scripted_car import CAR, FRONT_M, SITE, TAIL_M

S = 1_000_000_000
START_X = 8.05
"""The start line's reference edge; the beam stands at 8.0."""
SPEED = 2.0
CROSSED_NS = 20 * S


def _point(time_ns: int, sigma_m: float = 0.005) -> PathPoint:
    """Eastwards at 2 m/s over the start line, which the front crosses at 20 s."""
    east = START_X - FRONT_M + SPEED * (time_ns - CROSSED_NS) / S
    variance = sigma_m * sigma_m
    return PathPoint(
        time_ns, east, 0.0, 1.0, 0.0, 0.0, 1.0, SPEED, 0.02, variance, 0.0, 2.5e-5, 0.0, 0.0, 1e-6, exam_grade=True
    )  # fmt: skip


def _path(sigma_m: float = 0.005) -> list[PathPoint]:
    return [_point(CROSSED_NS + number * S // 20, sigma_m) for number in range(-160, 161)]


BEAM_ON_NS = CROSSED_NS - round(0.05 / SPEED * S)
BEAM_OFF_NS = BEAM_ON_NS + round((FRONT_M - TAIL_M) / SPEED * S)


def _witnesses(failed: str = "", **said: list[tuple[float, Any]]) -> Witnesses:
    """What elements said, as (ns, state); a controller may tell that one of them has failed."""
    histories = {one.id: ElementHistory(one.device) for one in SITE.elements}
    for name, words in said.items():
        for time_ns, state in words:
            histories[name.replace("_", "-")].say(int(time_ns), state)
    return Witnesses(SITE, CAR, histories, 5.0, lambda name, _: name == failed)


def _announced(*changes: tuple[float, bool], until_ns: int = 30 * S) -> list[tuple[float, bool]]:
    """Changes, and the state of the time anew every 5 s."""
    found = []
    for time_ns in sorted({*range(0, until_ns, 5 * S), *(int(at) for at, _ in changes)}):
        state = [value for at, value in ((0, False), *changes) if at <= time_ns][-1]
        found.append((time_ns, state))
    return found


GOOD = _announced((BEAM_ON_NS, True), (BEAM_OFF_NS, False))


def test_a_beam_that_is_interrupted_as_the_front_crosses_agrees_and_tells_the_instant() -> None:
    word = _witnesses(beam_start=GOOD).at_crossing("start-line", CROSSED_NS, _path())
    assert word == Word(agree=("beam-start",), edge_ns=BEAM_ON_NS)


@pytest.mark.parametrize(
    "said",
    [
        _announced(),
        _announced((0, True)),
        _announced((BEAM_ON_NS - 1.5 * S, True), (BEAM_OFF_NS, False)),
        _announced((BEAM_ON_NS + 1.5 * S, True), (BEAM_OFF_NS, False)),
    ],
    ids=["blind", "blocked", "too early", "too late"],
)
def test_a_beam_that_says_otherwise_contradicts(said: list[tuple[float, bool]]) -> None:
    word = _witnesses(beam_start=said).at_crossing("start-line", CROSSED_NS, _path())
    assert word == Word(disagree=("beam-start",))


def test_a_beam_that_was_not_heard_of_lately_has_no_say() -> None:
    silent = _witnesses(beam_start=_announced(until_ns=11 * S))
    assert silent.at_crossing("start-line", CROSSED_NS, _path()) == NOTHING_SAID


def test_a_beam_of_which_it_is_told_that_it_failed_has_no_say() -> None:
    failed = _witnesses("beam-start", beam_start=_announced())
    assert failed.at_crossing("start-line", CROSSED_NS, _path()) == NOTHING_SAID


def test_within_the_uncertainty_nothing_contradicts() -> None:
    """Half a second early, while the receiver knows the place to half a metre only."""
    said = _announced((BEAM_ON_NS - 0.5 * S, True), (BEAM_OFF_NS - 0.5 * S, False))
    word = _witnesses(beam_start=said).at_crossing("start-line", CROSSED_NS, _path(sigma_m=0.5))
    assert word == Word(agree=("beam-start",), edge_ns=BEAM_ON_NS - S // 2)


def test_a_beam_that_was_interrupted_twice_meanwhile_tells_no_instant() -> None:
    said = _announced((BEAM_ON_NS - 1.5 * S, True), (BEAM_ON_NS - S, False), (BEAM_ON_NS, True), (BEAM_OFF_NS, False))
    word = _witnesses(beam_start=said).at_crossing("start-line", CROSSED_NS, _path(sigma_m=0.9))
    assert word == NOTHING_SAID


def test_a_path_that_leaves_everything_in_doubt_asks_nobody() -> None:
    word = _witnesses(beam_start=_announced()).at_crossing("start-line", CROSSED_NS, _path(sigma_m=5.0))
    assert word == NOTHING_SAID


def test_a_loop_before_a_stop_line_is_asked_of_a_car_that_stands_there() -> None:
    point = replace(_point(CROSSED_NS), east_m=45.5 - FRONT_M, speed_mps=0.0)
    assert _witnesses(loop_hill=_announced((0, True))).at_place("hill-stop", point) == Word(agree=("loop-hill",))
    assert _witnesses(loop_hill=_announced()).at_place("hill-stop", point) == Word(disagree=("loop-hill",))
    assert _witnesses(loop_hill=_announced()).at_place("hill-stop", _point(CROSSED_NS)) == NOTHING_SAID


def test_a_kerb_strip_is_asked_of_a_wheel_that_stands_on_it() -> None:
    strip = SITE.element("strip-parking")
    assert strip.kind is ElementKind.KERB_STRIP
    rear_left = CAR.tyres[2]
    on_it = replace(
        _point(CROSSED_NS), east_m=138.0 - rear_left[0], north_m=strip.points[0][1] - rear_left[1], speed_mps=0.0,
        var_east_m2=1.6e-5, var_north_m2=1.6e-5, var_heading_rad2=1e-7,
    )  # fmt: skip
    pressed = _witnesses(strip_parking=_announced((0, True)))
    assert pressed.at_place("parking-kerb", on_it) == Word(agree=("strip-parking",))
    assert _witnesses(strip_parking=_announced()).at_place("parking-kerb", on_it) == Word(disagree=("strip-parking",))
    beside = replace(on_it, north_m=on_it.north_m - 1.0)
    assert pressed.at_place("parking-kerb", beside) == Word(disagree=("strip-parking",))
