"""The rules as sentences: what a car does (cases/*.yaml), and what must come of it for one rule."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from center.driving_track.scoring.faults import Outcome, judge
from tests.center.driving_track.scoring.scripted_car import KZ, SITE, ScriptedCar, scored

ALL = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
CASES = [
    pytest.param(case, noisy, id=f"{case['rule']}: {case['name']}{', healthy noise' if noisy else ''}")
    for case in ALL
    for noisy in (False, True)
]
STEPS = {
    "stands",
    "drives",
    "drives_until_front_is",
    "reverses",
    "rolls_back",
    "sets",
    "track",
    "mutes",
    "unmutes",
    "quality",
}


def drive(case: Mapping[str, Any], noise: random.Random | None) -> ScriptedCar:
    """Do what a case says."""
    east, north, heading = case["place"]
    if "from" in case:
        corner = (SITE.exercise(case["from"]).bay or ())[0]
        east, north = east + corner[0], north + corner[1]
    car = ScriptedCar(east, north, heading, case["exercise"], noise=noise)
    for step in case["does"]:
        ((word, said),) = step.items()
        assert word in STEPS, f"{word} is no step; a case may say {', '.join(sorted(STEPS))}"
        if word in ("sets", "track"):
            for name, value in said.items():
                car.sets(**{name: value}) if word == "sets" else car.track(name, value)
        elif word in ("mutes", "unmutes"):
            (car.mute.add if word == "mutes" else car.mute.discard)(said)
        elif word == "quality":
            car.pose_quality = said
        elif isinstance(said, Mapping):
            getattr(car, word)(**said)
        else:
            getattr(car, word)(said)
    car.stops_exam()
    return car


def outcome_of(case: Mapping[str, Any], car: ScriptedCar) -> str:
    """The worst outcome of the case's rule: fault before undetermined before ok; ``nothing`` if it was not observed."""
    seen = [one for one in scored(car.in_order()).finish().observations if one.rule_id == case["rule"]]
    outcomes = {judge(KZ.by_id[one.rule_id], one, KZ.decision).outcome for one in seen}
    for outcome in (Outcome.FAULT, Outcome.UNDETERMINED, Outcome.OK):
        if outcome in outcomes:
            return outcome.value
    return "nothing"


@pytest.mark.parametrize(("case", "noisy"), CASES)
def test_a_case_comes_out_as_it_says(case: Mapping[str, Any], noisy: bool) -> None:
    assert case["rule"] in KZ.by_id
    SITE.exercise(case["exercise"])
    car = drive(case, random.Random(case["name"]) if noisy else None)
    assert outcome_of(case, car) == case["comes_out"]


def test_every_rule_of_the_pack_has_a_fault_and_an_ok_among_the_cases() -> None:
    told = {(case["rule"], case["comes_out"].replace("nothing", "ok")) for case in ALL}
    missing = [(rule.id, which) for rule in KZ.rules for which in ("fault", "ok") if (rule.id, which) not in told]
    assert missing == []
