"""Whole drives: clean ones keep clear of everything, and the same plan gives the same truth."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from messages.readings import Aspect
from messages.site import LineKind, Side, Site, load
from simulators.driver.plan import BadPlan, DrivePlan, Mistake, MistakeKind, Style
from simulators.noise_spec import load_noise
from simulators.samples import DriveRecord
from simulators.survey_error import perturbed
from simulators.truth import Drive
from tests.sampling import sample

SITE = load(Path(__file__).parents[2] / "sites" / "sarytau")
CLEAR_M = 0.06
DRIVES = [(car, seed) for car in ("car-1", "car-2") for seed in (1, 2, 3)]


@cache
def driven(car_id: str, seed: int) -> tuple[Site, DriveRecord]:
    site = perturbed(SITE, load_noise("healthy"), seed)
    return site, Drive(site, car_id, DrivePlan(seed=seed, style=Style.drawn(seed))).run()


@cache
def outlines(car_id: str, seed: int) -> Any:
    site, record = driven(car_id, seed)
    shape = np.array(site.car(car_id).outline)
    rows = []
    for one in record.samples[::4]:
        c, s = np.cos(one.heading_rad), np.sin(one.heading_rad)
        x, y = shape[:, 0] * np.cos(one.ground_pitch_rad), shape[:, 1] * np.cos(one.ground_roll_rad)
        rows.append(np.stack([one.east_m + x * c - y * s, one.north_m + x * s + y * c], axis=1))
    return shapely.polygons(np.array(rows))


@pytest.mark.parametrize(("car_id", "seed"), sample(DRIVES, 2, name="clean drives and their lines"))
def test_a_clean_drive_keeps_clear_of_every_line(car_id: str, seed: int) -> None:
    site, _ = driven(car_id, seed)
    for line in site.lines:
        if line.kind in (LineKind.EDGE, LineKind.KERB):
            side = 1.0 if line.forbidden_side is Side.LEFT else -1.0
            edge = shapely.offset_curve(shapely.LineString(line.points), side * line.width_m / 2, join_style="mitre")
            area = shapely.buffer(edge, side * 1.5, cap_style="flat", join_style="mitre", single_sided=True)
            assert shapely.distance(outlines(car_id, seed), area).min() > CLEAR_M, line.id


@pytest.mark.parametrize(("car_id", "seed"), sample(DRIVES, 2, name="clean drives and their conduct"))
def test_a_clean_drive_breaks_no_rule_of_conduct(car_id: str, seed: int) -> None:
    _site, record = driven(car_id, seed)
    moving = [one for one in record.samples if abs(one.speed_mps) > 0.1]
    assert record.samples[-1].time_s < 480.0
    assert all(one.belt_fastened and one.doors_closed and one.dipped_beam_on for one in moving)
    assert all(one.engine_running and not one.handbrake_on for one in moving)
    assert all(one.speed_mps >= 0.0 for one in record.samples if one.gear >= 0)
    section = [one for one in record.samples if 30.5 < one.east_m < 76.0 and 21.5 < one.north_m < 28.5]
    assert max(one.speed_mps for one in section) * 3.6 > 22.0
    others = [one.speed_mps for one in record.samples if one.north_m > 28.5]
    assert max(others) * 3.6 <= 18.0
    engagements = sum(b.gear == -1 != a.gear for a, b in zip(record.samples, record.samples[1:], strict=False))
    assert engagements == 3
    assert not any(change.element_id.startswith("cone") and change.value for _, change in record.changes)
    last = record.samples[-1]
    assert last.handbrake_on
    assert not last.engine_running
    assert last.gear == 0


@pytest.mark.parametrize(("car_id", "seed"), sample(DRIVES, 2, name="clean drives and their stop lines"))
def test_a_clean_drive_stops_shortly_before_every_stop_line(car_id: str, seed: int) -> None:
    site, record = driven(car_id, seed)
    fronts = _front_when_stopped(site, car_id, record)
    for line in site.lines:
        if line.kind is LineKind.STOP:
            gaps = [-_past(line.points, line.width_m, front) for front in fronts]
            assert any(0.10 <= gap <= 0.25 for gap in gaps), line.id
            assert not any(-1.0 < gap < 0.10 for gap in gaps), line.id


def _front_when_stopped(site: Site, car_id: str, record: DriveRecord) -> list[tuple[float, float]]:
    reach = max(x for x, _ in site.car(car_id).outline)
    stops = [b for a, b in zip(record.samples, record.samples[1:], strict=False) if a.speed_mps != 0.0 == b.speed_mps]
    fronts = []
    for one in stops:
        ahead = reach * np.cos(one.ground_pitch_rad)
        fronts.append((one.east_m + ahead * np.cos(one.heading_rad), one.north_m + ahead * np.sin(one.heading_rad)))
    return fronts


def _past(points: tuple[tuple[float, float], ...], width_m: float, front: tuple[float, float]) -> float:
    (ax, ay), (bx, by) = points[0], points[-1]
    length = np.hypot(bx - ax, by - ay)
    along = ((front[0] - ax) * (bx - ax) + (front[1] - ay) * (by - ay)) / length
    if not -1.0 < along < length + 1.0:
        return -np.inf
    return float(((front[1] - ay) * (bx - ax) - (front[0] - ax) * (by - ay)) / length + width_m / 2)


def test_the_lamp_is_obeyed_within_two_seconds() -> None:
    _, record = driven("car-1", 1)
    red = next(t for t, one in record.changes if one.element_id == "lamp-emergency" and one.value is Aspect.RED)
    stopped = next(one.time_s for one in record.samples if one.time_s > red and one.speed_mps == 0.0)
    assert stopped - red < 2.0
    hazards = next(
        one.time_s for one in record.samples if one.time_s > red and one.left_indicator_on and one.right_indicator_on
    )
    assert hazards - stopped < 3.0


def test_the_same_plan_gives_the_same_samples() -> None:
    plan = DrivePlan(seed=4, style=Style.drawn(4), first_exercise="box", last_exercise="level-crossing")
    one, two = Drive(SITE, "car-1", plan).run(), Drive(SITE, "car-1", plan).run()
    assert one.samples == two.samples
    assert one.changes == two.changes


def test_a_later_start_signal_changes_nothing_but_the_time() -> None:
    plan = DrivePlan(seed=4, first_exercise="snake", last_exercise="snake")
    early = Drive(SITE, "car-1", plan, start_signal_after_s=5.0).run()
    late = Drive(SITE, "car-1", plan, start_signal_after_s=8.0).run()
    shift = len(late.samples) - len(early.samples)
    assert shift == 300
    assert [(one.east_m, one.speed_mps) for one in late.samples[shift:]] == [
        (one.east_m, one.speed_mps) for one in early.samples
    ]


def test_without_a_start_signal_nobody_moves() -> None:
    drive = Drive(SITE, "car-1", DrivePlan(first_exercise="hill", last_exercise="hill"), start_signal_after_s=None)
    assert all(drive.step().sample.speed_mps == 0.0 for _ in range(2000))
    drive.give_start_signal()
    assert any(drive.step().sample.speed_mps > 1.0 for _ in range(1000))


@pytest.mark.parametrize("first", [exercise.id for exercise in SITE.route.exercises])
def test_a_drive_may_begin_with_any_exercise(first: str) -> None:
    record = Drive(SITE, "car-2", DrivePlan(seed=2, first_exercise=first, last_exercise=first)).run()
    assert [name for _, name in record.sections] == [first]
    assert max(abs(one.speed_mps) for one in record.samples) > 1.0
    assert record.samples[-1].speed_mps == 0.0


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (DrivePlan(first_exercise="loop"), "exercise 'loop' is not on the route"),
        (DrivePlan(first_exercise="box", last_exercise="snake"), "comes before the first"),
        (DrivePlan(mistakes=(Mistake(MistakeKind.SKIPS_EXERCISE, "hill"),)), "cannot be skipped"),
        (DrivePlan(mistakes=(Mistake(MistakeKind.LINE_EXCESS, "box", line="f-right"),)), "not one of exercise 'box'"),
    ],
)
def test_a_plan_that_cannot_be_driven_says_why(plan: DrivePlan, says: str) -> None:
    with pytest.raises(BadPlan, match=says):
        Drive(SITE, "car-1", plan).run()
