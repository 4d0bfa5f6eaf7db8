"""The three-valued judgement, at the edges of its bands."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.scoring.faults import Outcome, judge
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Decision, Limit, Rule

DECISION = Decision(k_f=5.0, k_p=3.1, independent_looks=35)
LINE = Rule(
    id="line", exercise="snake", title={}, observation="line_excess", parameters={},
    limit=Limit(value=0.0, unit="m", far_tolerance=0.05, at_least=False, provisional=False),
    points=25, disqualifies=False, points_provisional=False, repeats="each", supersedes=(), clause="", source="",
)  # fmt: skip
HOLD = replace(LINE, limit=Limit(value=3.0, unit="s", far_tolerance=0.5, at_least=True, provisional=False))
SEEN = Observation("line", "snake", "left", value=0.0, sigma=0.006, since_ns=0, until_ns=2, at_ns=1)


def outcome(value: float, sigma: float, rule: Rule = LINE, **changes: bool) -> Outcome:
    return judge(rule, replace(SEEN, value=value, sigma=sigma, **changes), DECISION).outcome  # type: ignore[arg-type]


def test_a_fault_needs_more_than_k_f_uncertainties() -> None:
    assert outcome(0.0301, 0.006) is Outcome.FAULT
    assert outcome(0.0299, 0.006) is Outcome.OK


def test_what_may_lie_beyond_the_tolerance_is_not_ok() -> None:
    assert outcome(0.05 - 3.1 * 0.012 - 0.0001, 0.012) is Outcome.OK
    assert outcome(0.05 - 3.1 * 0.012 + 0.0001, 0.012) is Outcome.UNDETERMINED


def test_with_good_sensors_every_finding_is_definite() -> None:
    """estimation.md: definite when U is at most 6.2 mm (50 mm = (5 + 3.1) · 6.17)."""
    assert all(outcome(mm / 1000, 0.0061) is not Outcome.UNDETERMINED for mm in range(-100, 200))


def test_nothing_at_the_limit_or_less_is_charged() -> None:
    assert outcome(0.0, 0.0) is Outcome.OK
    assert outcome(-0.01, 0.0) is Outcome.OK


def test_where_at_least_is_asked_the_lack_is_the_excess() -> None:
    assert outcome(2.0, 0.03, HOLD) is Outcome.FAULT
    assert outcome(3.0, 0.03, HOLD) is Outcome.OK
    assert outcome(4.0, 0.03, HOLD) is Outcome.OK


def test_what_no_exam_grade_sensor_saw_is_never_a_fault() -> None:
    assert outcome(1.0, 0.001, supports_fault=False) is Outcome.UNDETERMINED
    assert outcome(-1.0, 0.001, supports_fault=False) is Outcome.OK
    assert outcome(-1.0, 0.001, supports_ok=False) is Outcome.UNDETERMINED


def test_the_chance_of_a_false_fault_is_told_by_decades() -> None:
    assert judge(LINE, replace(SEEN, value=0.0313), DECISION).false_at_most_one_in == 10_000_000
    assert judge(LINE, replace(SEEN, value=0.2), DECISION).false_at_most_one_in == 1_000_000_000
    assert judge(LINE, SEEN, DECISION).false_at_most_one_in == 1


@given(st.floats(-1, 1), st.floats(0, 1))
def test_no_excess_of_zero_or_less_is_ever_a_fault(value: float, sigma: float) -> None:
    if value <= 0:
        assert outcome(value, sigma) is not Outcome.FAULT


@given(st.floats(-1, 1), st.floats(0, 0.5), st.floats(0, 0.5))
def test_worse_sensors_never_make_a_fault(value: float, sigma: float, worse: float) -> None:
    if outcome(value, sigma) is not Outcome.FAULT:
        assert outcome(value, sigma + worse) is not Outcome.FAULT
