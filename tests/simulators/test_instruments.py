"""Instruments: what they say of a parked car, and what a break makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from messages import site as sites
from messages.readings import FixQuality
from simulators.driver.plan import DrivePlan
from simulators.instruments import Instruments
from simulators.scenario import Fault
from simulators.truth import Drive

SITE = sites.load(Path("sites/sarytau"))
NINE_NS = 1_776_135_600_000_000_000
SAMPLE = Drive(SITE, "car-1", DrivePlan(), start_signal_after_s=None).step().sample


def test_the_same_seed_gives_the_same_readings() -> None:
    one, other = (Instruments(SITE, "car-1", "healthy", 3).fix(NINE_NS, SAMPLE) for _ in range(2))
    assert one == other
    assert Instruments(SITE, "car-1", "healthy", 4).fix(NINE_NS, SAMPLE) != one


def test_without_noise_the_epoch_carries_its_own_instant() -> None:
    (fix,) = Instruments(SITE, "car-1", "perfect", 3).fix(NINE_NS, SAMPLE)
    assert fix.source_time_ns == NINE_NS
    assert fix.body.heading_deg == pytest.approx(90.0, abs=1e-6)
    assert Instruments(SITE, "car-1", "perfect", 3).state(NINE_NS, SAMPLE).body.speed_mps == 0.0


@pytest.mark.parametrize(
    ("fault", "field", "value"),
    [
        (Fault.FLOAT, "fix_quality", FixQuality.RTK_FLOAT),
        (Fault.NO_HEADING, "heading_deg", None),
        (Fault.STALE, "correction_age_s", 60.0),
    ],
)
def test_a_break_shows_in_the_reading(fault: Fault, field: str, value: object) -> None:
    (fix,) = Instruments(SITE, "car-1", "healthy", 3).fix(NINE_NS, SAMPLE, fault)
    assert getattr(fix.body, field) == value


def test_a_clock_that_is_wrong_shifts_the_instant_and_not_the_arrival() -> None:
    (fix,) = Instruments(SITE, "car-1", "perfect", 3).fix(NINE_NS, SAMPLE, Fault.CLOCK)
    assert fix.source_time_ns == NINE_NS + 1_000_000_000
    assert fix.arrival_ns < fix.source_time_ns
