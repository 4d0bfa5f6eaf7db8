"""Several recorded exams on one track."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.recordings import Script, Told, script_of
from benchmarks.shared_track import together
from messages.readings import Aspect, Beam, ConeTilt, TrafficLight


def _script(*told: tuple[int, Any]) -> Script:
    return Script(None, tuple(Told(at, "track-west", body) for at, body in told), 0, 0, 100)  # type: ignore[arg-type]


def _bodies(*scripts: Script) -> list[tuple[int, Any]]:
    return [(one.source_time_ns, one.body) for one in together(scripts, [0] * len(scripts))]


def test_a_beam_is_interrupted_while_any_car_stands_in_it() -> None:
    first = _script((0, Beam("b", False)), (10, Beam("b", True)), (20, Beam("b", False)))
    second = _script((1, Beam("b", False)), (15, Beam("b", True)), (30, Beam("b", False)))
    told = _bodies(first, second)
    assert told == [
        (0, Beam("b", False)),
        (10, Beam("b", True)),
        (20, Beam("b", True)),
        (30, Beam("b", False)),
    ]


def test_a_cone_is_tilted_as_far_as_the_worst_car_tilts_it() -> None:
    first = _script((0, ConeTilt("c", 0.0)), (20, ConeTilt("c", 1.0)))
    assert _bodies(first, _script((10, ConeTilt("c", 45.0)))) == [
        (0, ConeTilt("c", 0.0)),
        (10, ConeTilt("c", 45.0)),
        (20, ConeTilt("c", 45.0)),
    ]


def test_lights_show_what_they_showed_the_first_car() -> None:
    first, second = _script((0, TrafficLight("l", Aspect.RED))), _script((5, TrafficLight("l", Aspect.GREEN)))
    assert _bodies(first, second) == [(0, TrafficLight("l", Aspect.RED))]


def test_each_recorded_car_keeps_its_own_readings_and_takes_the_number_of_its_place(recording: Path) -> None:
    script = script_of(recording)
    told = together([script, script], [0, 7])
    assert [one.source_time_ns for one in told] == sorted(one.source_time_ns for one in told)
    for number, shift_ns in ((1, 0), (2, 7)):
        own = [(one.source_time_ns - shift_ns, one.body) for one in told if one.device_id == f"car-{number}-gnss"]
        assert own == [(one.source_time_ns, one.body) for one in script.told if one.device_id == "car-1-gnss"]
