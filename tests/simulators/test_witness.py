"""A drive's samples as arrays, and what the elements showed at each."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from messages import site as sites
from messages.readings import Aspect
from simulators.driver.plan import DrivePlan
from simulators.samples import DriveRecord, ElementChange
from simulators.truth import Drive
from simulators.witness import truth_of

SITE = sites.load(Path("sites/sarytau"))
SAMPLE = Drive(SITE, "car-1", DrivePlan(), start_signal_after_s=None).step().sample


def test_an_element_shows_its_last_change() -> None:
    samples = [replace(SAMPLE, time_s=step / 100) for step in range(1, 301)]
    changes = [
        (0.01, ElementChange("light-rail", Aspect.OFF)),
        (2.0, ElementChange("light-rail", Aspect.FLASHING_RED)),
        (0.01, ElementChange("beam-zebra", False)),
        (1.5, ElementChange("beam-zebra", True)),
    ]
    truth = truth_of(DriveRecord(samples, changes, []), SITE, 1.0, 2.5)
    assert (truth.seconds[0], truth.seconds[-1]) == (pytest.approx(0.0), pytest.approx(1.5))
    assert truth.shown["light-rail"][[0, 99, 100]].tolist() == ["off", "off", "flashing_red"]
    assert truth.shown["beam-zebra"][[0, 49, 50]].tolist() == [0.0, 0.0, 1.0]


def test_on_a_grade_the_bodys_axes_are_shorter_in_plan() -> None:
    tilted = replace(SAMPLE, heading_rad=math.pi / 2, ground_pitch_rad=0.1, ground_roll_rad=-0.2, time_s=1.0)
    truth = truth_of(DriveRecord([tilted], [], []), SITE, 1.0, 1.0)
    assert math.hypot(truth.forward_east[0], truth.forward_north[0]) == pytest.approx(math.cos(0.1))
    assert truth.left_east[0] == pytest.approx(-math.cos(0.2))
