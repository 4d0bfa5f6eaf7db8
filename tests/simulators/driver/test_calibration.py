"""Mistakes of chosen size: each is truly as large as the plan says, by shapely or by the clock."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from messages.readings import Aspect
from messages.site import Car, Line, Side, Site, load
from simulators.driver.calibration import solve
from simulators.driver.plan import BadPlan, DrivePlan, Mistake, MistakeKind, Part, plan_from
from simulators.noise_spec import load_noise
from simulators.samples import DriveRecord, TruthSample
from simulators.survey_error import perturbed
from simulators.truth import Drive
from tests.sampling import sample

NOMINAL = load(Path(__file__).parents[3] / "sites" / "sarytau")
SITE = perturbed(NOMINAL, load_noise("healthy"), 11)
SIZE_M = 0.001
SIZE_S = 0.020

LINES = [
    ("snake", "snake-left", Part.WHEEL),
    ("snake", "snake-right", Part.WHEEL),
    ("snake", "corner-kerb", Part.WHEEL),
    ("parallel-parking", "parking-rear", Part.BODY),
    ("parallel-parking", "parking-kerb", Part.BODY),
    ("parallel-parking", "parking-front", Part.BODY),
    ("box", "box-east", Part.BODY),
    ("box", "box-end", Part.BODY),
    ("box", "box-west", Part.BODY),
    ("limited-turn", "limited-south", Part.BODY),
    ("limited-turn", "limited-north", Part.BODY),
    ("limited-turn", "limited-east", Part.BODY),
    ("hill", "a-right", Part.BODY),
    ("crossroads", "b-right-south", Part.BODY),
    ("level-crossing", "d-right", Part.WHEEL),
    ("pedestrian-crossing", "d-centre", Part.BODY),
    ("emergency-braking", "e-right", Part.BODY),
    ("speed-section", "f-centre", Part.WHEEL),
]
CASES = [(car, *line, size) for car in ("car-1", "car-2") for line in LINES for size in (0.06, 0.0, -0.03)]


def _drive(car_id: str, mistake: Mistake, seed: int = 5) -> tuple[DriveRecord, list[TruthSample]]:
    plan = DrivePlan(seed=seed, mistakes=(mistake,), first_exercise=mistake.exercise, last_exercise=mistake.exercise)
    record = Drive(SITE, car_id, plan).run()
    return record, record.samples


def _shapes(car: Car, part: Part) -> list[np.ndarray]:
    if part is Part.BODY:
        return [np.array(car.outline)]
    half = car.tyre_width_m / 2
    patch = np.array([(0.08, -half), (0.08, half), (-0.08, half), (-0.08, -half)])
    return [np.array(tyre) + patch for tyre in car.tyres]


def _true_excess(site: Site, car: Car, line: Line, part: Part, samples: list[TruthSample]) -> float:
    """By shapely: the deepest point beyond the reference edge, or the least distance to what lies beyond it."""
    side = 1.0 if line.forbidden_side is Side.LEFT else -1.0
    edge = shapely.offset_curve(shapely.LineString(line.points), side * line.width_m / 2, join_style="mitre")
    area = shapely.buffer(edge, side * 1.5, cap_style="flat", join_style="mitre", single_sided=True)
    deepest, nearest = -math.inf, math.inf
    for shape in _shapes(car, part):
        rows = []
        for one in samples:
            c, s = math.cos(one.heading_rad), math.sin(one.heading_rad)
            x, y = shape[:, 0] * math.cos(one.ground_pitch_rad), shape[:, 1] * math.cos(one.ground_roll_rad)
            rows.append(np.stack([one.east_m + x * c - y * s, one.north_m + x * s + y * c], axis=1))
        polygons: Any = shapely.polygons(np.array(rows))
        gaps = shapely.distance(polygons, area)
        nearest = min(nearest, float(gaps.min()))
        overlaps: Any = shapely.intersection(polygons[gaps == 0.0], area)
        for overlap in overlaps:
            corners = shapely.points(shapely.get_coordinates(overlap))
            deepest = max(deepest, float(shapely.distance(corners, edge).max()))
    return deepest if deepest > -math.inf else -nearest


@pytest.mark.parametrize(
    ("car_id", "exercise", "line_id", "part", "size"), sample(CASES, 7, name="lines crossed by a chosen size")
)
def test_a_line_is_crossed_by_the_chosen_size(
    car_id: str, exercise: str, line_id: str, part: Part, size: float
) -> None:
    mistake = Mistake(MistakeKind.LINE_EXCESS, exercise, size, part, line_id)
    _, samples = _drive(car_id, mistake)
    truth = _true_excess(SITE, SITE.car(car_id), SITE.line(line_id), part, samples)
    assert truth == pytest.approx(size, abs=SIZE_M)


@pytest.mark.parametrize(
    ("exercise", "size"),
    sample(
        [("hill", 0.42), ("hill", 0.0), ("hill", -0.1), ("level-crossing", -0.08), ("crossroads", 0.5)],
        3,
        name="stops at a chosen distance",
    ),
)
def test_the_car_stops_at_the_chosen_distance(exercise: str, size: float) -> None:
    car = SITE.car("car-1")
    line = SITE.line(str(SITE.exercise(exercise).stop_line))
    _, samples = _drive("car-1", Mistake(MistakeKind.STOP_DISTANCE, exercise, size))
    gaps = []
    for before, one in itertools.pairwise(samples):
        if before.speed_mps != 0.0 == one.speed_mps:
            c, s = math.cos(one.heading_rad), math.sin(one.heading_rad)
            (ax, ay), (bx, by) = line.points
            reach = [
                (
                    (one.north_m + x * math.cos(one.ground_pitch_rad) * s + y * c - ay) * (bx - ax)
                    - (one.east_m + x * math.cos(one.ground_pitch_rad) * c - y * s - ax) * (by - ay)
                )
                / math.dist(*line.points)
                for x, y in car.outline
            ]
            gaps.append(-(max(reach) + line.width_m / 2))
    assert min(gaps, key=lambda gap: abs(gap - size)) == pytest.approx(size, abs=SIZE_M)


@pytest.mark.parametrize("size", [0.15, 0.4])
def test_the_car_rolls_back_by_the_chosen_distance(size: float) -> None:
    _, samples = _drive("car-1", Mistake(MistakeKind.ROLLBACK, "hill", size))
    east = np.array([one.east_m for one in samples])
    assert float((np.maximum.accumulate(east) - east).max()) == pytest.approx(size, abs=SIZE_M)


def test_the_cone_that_is_named_is_knocked_and_no_other() -> None:
    record, _ = _drive("car-1", Mistake(MistakeKind.CONE_KNOCK, "snake", 0.0, line="cone-3"))
    assert {one.element_id for _, one in record.changes if one.element_id.startswith("cone") and one.value} == {
        "cone-3"
    }


def test_a_late_start_is_as_late_as_chosen() -> None:
    record, samples = _drive("car-1", Mistake(MistakeKind.LATE_MOVE_OFF, "start", 23.0))
    green = next(t for t, one in record.changes if one.element_id == "start-lamp" and one.value is Aspect.GREEN)
    moving = next(one.time_s for one in samples if one.speed_mps > 0.1)
    assert moving - green == pytest.approx(23.0, abs=SIZE_S)


def test_a_late_stop_is_as_late_as_chosen() -> None:
    record, samples = _drive("car-2", Mistake(MistakeKind.LATE_STOP, "emergency-braking", 2.6))
    red = next(t for t, one in record.changes if one.element_id == "lamp-emergency" and one.value is Aspect.RED)
    stopped = next(one.time_s for one in samples if one.time_s > red and one.speed_mps < 0.05)
    assert stopped - red == pytest.approx(2.6, abs=SIZE_S)


@pytest.mark.parametrize("size", [5.0, 12.0])
def test_the_speed_section_is_driven_at_the_chosen_top_speed(size: float) -> None:
    _, samples = _drive("car-1", Mistake(MistakeKind.TOP_SPEED, "speed-section", size))
    assert max(one.speed_mps for one in samples) == pytest.approx(size, abs=0.002)


def test_the_engine_is_over_revved_for_the_chosen_time() -> None:
    _, samples = _drive("car-1", Mistake(MistakeKind.OVER_REVVING, "limited-turn", 2.0))
    over = sum(one.engine_rpm > SITE.car("car-1").max_engine_speed_rpm for one in samples)
    assert over * 0.01 == pytest.approx(2.0, abs=SIZE_S)


@pytest.mark.parametrize(
    ("kind", "size", "wrong"),
    [
        (MistakeKind.DOOR_OPENS, 3.0, lambda one: not one.doors_closed),
        (MistakeKind.BELT_OFF, 2.0, lambda one: not one.belt_fastened),
        (MistakeKind.HANDBRAKE_LEFT_ON, 3.0, lambda one: one.handbrake_on and one.speed_mps > 0.0),
    ],
)
def test_a_switch_is_wrong_for_the_chosen_time(kind: MistakeKind, size: float, wrong: object) -> None:
    _, samples = _drive("car-1", Mistake(kind, "speed-section", size))
    assert callable(wrong)
    assert sum(bool(wrong(one)) for one in samples) * 0.01 == pytest.approx(size, abs=SIZE_S)


@pytest.mark.parametrize(
    ("kind", "exercise", "seen"),
    [
        (MistakeKind.NO_BELT, "start", lambda samples: not any(one.belt_fastened for one in samples)),
        (MistakeKind.LIGHTS_OFF, "start", lambda samples: not any(one.dipped_beam_on for one in samples)),
        (MistakeKind.NO_INDICATOR, "start", lambda samples: not any(one.left_indicator_on for one in samples)),
        (MistakeKind.NO_HANDBRAKE, "box", lambda samples: not any(one.handbrake_on for one in samples[1200:])),
        (
            MistakeKind.NO_HAZARDS,
            "emergency-braking",
            lambda samples: not any(one.left_indicator_on for one in samples),
        ),
        (MistakeKind.ENGINE_LEFT_ON, "finish", lambda samples: samples[-1].engine_running),
        (MistakeKind.NO_STOP, "hill", lambda samples: min(one.speed_mps for one in samples[1500:-200]) > 1.0),
    ],
)
def test_what_is_left_out_never_happens(kind: MistakeKind, exercise: str, seen: object) -> None:
    _, samples = _drive("car-1", Mistake(kind, exercise))
    assert callable(seen)
    assert seen(samples)


@pytest.mark.parametrize(("exercise", "times"), [("box", 2), ("limited-turn", 1), ("parallel-parking", 1)])
def test_reverse_is_engaged_once_more_for_each_time_chosen(exercise: str, times: int) -> None:
    _, samples = _drive("car-2", Mistake(MistakeKind.EXTRA_REVERSE, exercise, times))
    gears = [one.gear for one in samples if one.gear != 0]
    assert sum(b == -1 != a for a, b in itertools.pairwise(gears)) == times + 1


def test_the_engine_stalls_as_often_as_chosen() -> None:
    _, samples = _drive("car-1", Mistake(MistakeKind.STALL, "hill", 2))
    assert sum(a.engine_running and not b.engine_running for a, b in itertools.pairwise(samples)) == 2


def test_knobs_found_beforehand_are_used_in_the_drive() -> None:
    mistake = Mistake(MistakeKind.LINE_EXCESS, "box", 0.05, Part.BODY, "box-west")
    plan = DrivePlan(mistakes=(mistake,), first_exercise="box", last_exercise="box")
    prepared = Drive(SITE, "car-1", plan)
    prepared.prepare()
    assert prepared.run().samples == Drive(SITE, "car-1", plan).run().samples


def test_a_size_that_cannot_be_is_refused() -> None:
    with pytest.raises(BadPlan, match="cannot be made"):
        solve(Mistake(MistakeKind.ROLLBACK, "hill", 0.2), lambda _: 0.7)


def test_an_unknown_field_of_a_plan_is_named() -> None:
    with pytest.raises(BadPlan, match="loudness"):
        plan_from({"mistakes": [{"kind": "stall", "exercise": "hill", "loudness": 3}]})
