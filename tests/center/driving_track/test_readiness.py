"""An exam starts only when its car and track are fit, and a refusal says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from center.driving_track import rule_packs
from center.driving_track.readiness import Fitness, LastHeard, exam_devices, reasons_against
from messages import site as survey
from messages.readings import CarState, FixQuality, SatellitePose

SITE = survey.load(Path(__file__).parents[3] / "sites" / "sarytau")
CAR = SITE.car("car-1")
EDITION = rule_packs.load("kz")
NOW = 1_776_000_000_000_000_000
POSE = SatellitePose(43.2, 76.9, 742.0, FixQuality.RTK_FIXED, heading_deg=90.0, correction_age_s=1.0)
DEMO = Fitness(2.0, 5.0, demo=True)


def _heard(**changes: Any) -> dict[str, LastHeard]:
    pose = msgspec.structs.replace(POSE, **changes)
    heard = {name: LastHeard(heard_ns=NOW) for name in exam_devices(SITE, CAR)}
    heard[CAR.satellite_device] = LastHeard(pose=pose, pose_ns=NOW, heard_ns=NOW)
    heard[CAR.bus_device] = LastHeard(car_state=CarState(speed_mps=0.0), car_state_ns=NOW, heard_ns=NOW)
    return heard


def _reasons(
    heard: dict[str, LastHeard], *, fitness: Fitness = DEMO, simulated: bool = True, later_s: float = 0.1
) -> str:
    enrolled = dict.fromkeys(exam_devices(SITE, CAR), simulated)
    return " ".join(reasons_against(SITE, CAR, EDITION, heard, enrolled, fitness, NOW + round(later_s * 1e9)))


def test_a_fit_car_on_a_fit_track_starts() -> None:
    assert _reasons(_heard()) == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"heading_deg": None}, "gives no heading: it has one antenna"),
        ({"fix_quality": FixQuality.RTK_FLOAT}, "is not fixed (quality 5, RTK_FLOAT)"),
        ({"fix_quality": FixQuality.SINGLE}, "is not fixed (quality 1, SINGLE)"),
        ({"correction_age_s": 12.0}, "has corrections 12.0 s old"),
    ],
)
def test_a_receiver_that_is_not_of_exam_grade_is_refused(change: dict[str, Any], reason: str) -> None:
    assert reason in _reasons(_heard(**change))


@pytest.mark.parametrize(
    ("device", "reason"),
    [
        ("car-1-gnss", "car-1-gnss gives no position"),
        ("car-1-can", "Car bus car-1-can is silent"),
        ("track-north", "Track device track-north is silent"),
    ],
)
def test_a_silent_device_is_named(device: str, reason: str) -> None:
    heard = _heard()
    del heard[device]
    assert reason in _reasons(heard)


def test_a_fault_that_would_void_the_exam_is_named_and_another_is_not() -> None:
    heard = _heard()
    heard[CAR.bus_device].faults = ("can_link_lost", "outbox_full")
    assert _reasons(heard) == "Device car-1-can tells the fault can_link_lost, with which no exam counts."


def test_what_was_heard_long_ago_does_not_count() -> None:
    reasons = _reasons(_heard(), later_s=60.0)
    for device in exam_devices(SITE, CAR):
        assert device in reasons


def test_outside_the_demo_simulated_devices_and_provisional_rules_are_refused() -> None:
    strict = replace(DEMO, demo=False)
    reasons = _reasons(_heard(), fitness=strict)
    assert "car-1-gnss is a simulated one" in reasons
    assert "provisional rules that can decide" in reasons
    assert "is a simulated one" not in _reasons(_heard(), fitness=strict, simulated=False)


def test_a_device_that_is_not_enrolled_is_named() -> None:
    reasons = reasons_against(SITE, CAR, EDITION, _heard(), {}, DEMO, NOW)
    assert "Device car-1-gnss is not enrolled." in reasons
