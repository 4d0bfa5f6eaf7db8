"""A whole judgement of a hand-made ride: limits, debounce, at-least rules, and whose exercise it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from simulators.oracle.judge import judge
from simulators.oracle.rules import read_pack
from tests.simulators.oracle.ridden import FRONT_M, ride, stop_and_go, truth_along

PACK = read_pack(Path("center/driving_track/rulesets/kz.yaml").read_bytes(), date(2026, 4, 14))


def test_a_stop_on_the_hill_is_judged_by_every_rule_of_the_hill() -> None:
    east = stop_and_go([(20.0 - FRONT_M, 0.1), (45.8 - FRONT_M + 0.063, 4.0), (72.0, 0.1)])
    sheet = judge(ride(truth_along(east, 0.0, 0.0), "hill"), PACK)
    faults = {one.rule: one for one in sheet.judgements if one.is_fault}
    assert set(faults) == {"hill_beyond_line"}
    found = faults["hill_beyond_line"]
    assert (found.exercise, found.beyond_tolerance) == ("hill", True)
    assert found.excess == pytest.approx(0.063, abs=1e-6)
    assert (sheet.points_over_limit, sheet.may_fail) == (10, False)
    assert {one.exercise for one in sheet.judgements if one.rule.startswith("hill_")} == {"hill"}


def test_m_is_what_is_left_beyond_the_debounce() -> None:
    truth = truth_along(stop_and_go([(20.0, 0.1), (40.0, 0.1)]), 0.0, 0.0)
    truth.signals["belt_fastened"] = (truth.seconds < 2.0) | (truth.seconds > 3.2)
    sheet = judge(ride(truth, "hill"), PACK)
    (belt,) = [one for one in sheet.judgements if one.rule == "belt"]
    assert belt.value == pytest.approx(1.2, abs=0.02)
    assert belt.excess == pytest.approx(0.2, abs=0.02)


def test_of_a_rule_with_a_lower_limit_m_is_what_is_missing() -> None:
    east = stop_and_go([(95.0, 0.1), (85.8 + FRONT_M + 0.6, 2.0), (70.0, 0.1)])
    truth = truth_along(east, 103.5, 180.0)
    sheet = judge(ride(truth, "level-crossing"), PACK)
    (hold,) = [one for one in sheet.judgements if one.rule == "rail_hold"]
    assert hold.excess == pytest.approx(1.0, abs=0.03)


def test_an_observation_names_its_subject_as_the_words_of_the_page_say() -> None:
    hill = stop_and_go([(20.0 - FRONT_M, 0.1), (45.8 - FRONT_M, 4.0), (72.0, 0.1)])
    crossroads = stop_and_go([(88.0, 0.1), (103.3 - FRONT_M - 0.5, 2.0), (120.0, 0.1)], 5.0)
    judgements = [
        one
        for east, first in ((hill, "hill"), (crossroads, "crossroads"))
        for one in judge(ride(truth_along(east, 0.0, 0.0), first), PACK).judgements
    ]
    subjects = {one.rule: one.subject for one in judgements}
    named = {
        "hill_no_stop": "hill-stop",
        "hill_beyond_line": "hill-stop",
        "hill_stop_distance": "hill-stop",
        "crossroads_red": "light-crossroads",
        "speed": "outside_speed_section",
        "hill_move_off": None,
    }
    assert {rule: subjects[rule] for rule in named} == named
