"""A scenario staged: its exam's instants, and how the truth is held against the expectation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from messages import site as sites
from simulators import scenario
from simulators.oracle.rules import read_pack
from simulators.scenario import BadScenario, Expectation, Expected, SafetyStop, Verdict
from simulators.staging import START_AFTER_S, disagreements, judge_truth, stage

SITE = sites.load(Path("sites/sarytau"))
PACK = read_pack(Path("center/driving_track/rulesets/kz.yaml").read_bytes(), date(2026, 4, 14))
ONE = scenario.load("finish_no_neutral")


def test_an_exam_runs_from_the_start_signal_to_the_drivers_last_act() -> None:
    staged = stage(ONE, SITE)
    assert (staged.start_s, staged.end_s) == (START_AFTER_S, staged.record.samples[-1].time_s)
    assert not staged.stopped_by_officer


def test_a_safety_stop_ends_the_exam_earlier() -> None:
    staged = stage(msgspec.structs.replace(ONE, safety_stop=SafetyStop(5.0, "snow")), SITE)
    assert (staged.end_s, staged.stopped_by_officer) == (START_AFTER_S + 5.0, True)


def test_a_stop_after_the_end_of_the_drive_is_refused() -> None:
    with pytest.raises(BadScenario, match="is over before"):
        stage(msgspec.structs.replace(ONE, stop_after_s=500.0), SITE)


@pytest.mark.parametrize(
    ("expect", "count"),
    [
        (ONE.expect, 0),
        (Expectation(Verdict.PASS), 1),
        (Expectation(Verdict.PASS, may_be_charged=("finish_neutral",)), 0),
        (Expectation(Verdict.PASS, faults=(Expected("finish_neutral", "box"),)), 2),
        (Expectation(Verdict.PASS, faults=(Expected("finish_neutral"),)), 0),
        (Expectation(Verdict.PASS, faults=(Expected("finish_neutral", times=2),)), 1),
        (Expectation(Verdict.PASS, faults=(*ONE.expect.faults, Expected("belt"))), 1),
    ],
)
def test_what_is_expected_is_held_against_what_is_true(expect: Expectation, count: int) -> None:
    sheet = judge_truth(stage(ONE, SITE), PACK)
    assert len(disagreements(expect, sheet, PACK)) == count
