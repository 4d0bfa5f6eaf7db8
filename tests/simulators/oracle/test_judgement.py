"""How true faults add up: repeats, nested limits, and the two sums between which a verdict may lie."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulators.oracle.judgement import Judgement, sum_up
from simulators.oracle.rules import Pack, Rule

HIGHER = Rule("over_300", "any", "rollback", {}, 0.3, 0.05, False, 25, "each", ("over_100",))
LOWER = Rule("over_100", "any", "rollback", {}, 0.1, 0.05, False, 10, "each", ())
RED = Rule("red", "crossroads", "against_signal", {}, 0.0, 0.05, False, 100, "once_per_exam", ())
LIGHTS = Rule("lights", "any", "signal", {}, 0.0, 0.5, False, 5, "once_per_exercise", ())
PACK = Pack("xx", (HIGHER, LOWER, RED, LIGHTS), True, 0, 100)


def judged(rule: Rule, excess: float, *, exercise: str = "hill", since_s: float = 10.0) -> Judgement:
    limit, tolerance = rule.limit, rule.far_tolerance
    return Judgement(rule.id, exercise, None, limit + excess, limit, tolerance, excess, since_s, since_s + 2)


def test_nested_limits_charge_once_the_higher() -> None:
    sheet = sum_up(PACK, [judged(HIGHER, 0.1), judged(LOWER, 0.3)])
    assert (sheet.points_over_limit, sheet.points_beyond_tolerance) == (25, 25)


def test_another_happening_of_the_lower_limit_counts_beside_the_higher() -> None:
    assert (
        sum_up(PACK, [judged(HIGHER, 0.1), judged(LOWER, 0.3), judged(LOWER, 0.1, since_s=50)]).points_over_limit == 35
    )


def test_between_limit_and_tolerance_only_one_of_the_sums_counts() -> None:
    sheet = sum_up(PACK, [judged(LOWER, 0.03), judged(LOWER, 0.0, since_s=30)])
    assert (sheet.points_over_limit, sheet.points_beyond_tolerance) == (10, 0)


@pytest.mark.parametrize(("exercises", "points"), [(["a", "a"], 5), (["a", "b"], 10)])
def test_once_per_exercise(exercises: list[str], points: int) -> None:
    judgements = [judged(LIGHTS, 1.0, exercise=name, since_s=10.0 * n) for n, name in enumerate(exercises)]
    assert sum_up(PACK, judgements).points_over_limit == points


def test_once_per_exam() -> None:
    sheet = sum_up(PACK, [judged(RED, 1.0), judged(RED, 1.0, since_s=90)])
    assert (sheet.points_over_limit, sheet.may_fail) == (100, False)


def test_a_fail_is_more_than_the_threshold() -> None:
    sheet = sum_up(PACK, [judged(RED, 1.0), judged(LOWER, 0.03)])
    assert (sheet.may_fail, sheet.must_fail) == (True, False)


def test_points_may_be_taken_off_instead() -> None:
    pack = replace(PACK, adds=False, start=100, threshold=80)
    assert sum_up(pack, [judged(HIGHER, 0.1)]).may_fail
    assert not sum_up(pack, [judged(LOWER, 0.1)]).may_fail
