"""Findings → points and verdict: repeats, nested limits, open findings, void attempts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.scoring.faults import Finding, Outcome
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.points import Tally, Verdict, VoidEvent, tally
from center.driving_track.scoring.rules import Decision, Edition, Limit, Rule, Scheme

LIMIT = Limit(0.0, "s", 0.5, False, False)


def rule(rule_id: str, points: int = 25, repeats: str = "each", supersedes: tuple[str, ...] = ()) -> Rule:
    return Rule(rule_id, "any", {}, "stall", {}, LIMIT, points, False, False, repeats, supersedes, "", "")


RULES = {
    one.id: one
    for one in (
        rule("stall", 5),
        rule("line", 25),
        rule("late_30", 25, "once_per_exam", ("late_20",)),
        rule("late_20", 5, "once_per_exam"),
        rule("doors", 25, "once_per_exercise"),
        rule("red", 101, "once_per_exam"),
        replace(rule("crash"), points=0, disqualifies=True),
    )
}
ADD = Scheme("add", 0, 100, None, "", False)
SUBTRACT = Scheme("subtract", 100, None, 80, "", False)


def edition(scheme: Scheme = ADD) -> Edition:
    return Edition("t", date(2020, 1, 1), {}, scheme, Decision(5, 3.1, 35), (), tuple(RULES.values()), "", RULES)


def seen(rule_id: str, at_s: int = 10, outcome: Outcome = Outcome.FAULT, exercise: str = "hill") -> Finding:
    at_ns = at_s * 10**9
    observation = Observation(rule_id, exercise, None, 1.0, 0.01, at_ns - 10**8, at_ns + 10**8, at_ns)
    return Finding(RULES[rule_id], observation, outcome, 1.0, 10)


def verdict(
    *findings: Finding, voids: tuple[VoidEvent, ...] = (), scheme: Scheme = ADD, finished: bool = True
) -> Tally:
    return tally(edition(scheme), findings, voids, finished)


def test_a_clean_finished_drive_passes() -> None:
    assert verdict().verdict is Verdict.PASS


def test_points_add_up_and_fail_only_over_the_limit() -> None:
    exactly = verdict(*(seen("line", at) for at in (1, 2, 3, 4)))
    assert (exactly.points, exactly.verdict) == (100, Verdict.PASS)
    over = verdict(*(seen("line", at) for at in (1, 2, 3, 4)), seen("stall", 9))
    assert (over.points, over.verdict) == (105, Verdict.FAIL)


def test_points_are_taken_from_a_hundred_and_fail_below_the_pass_mark() -> None:
    assert verdict(*(seen("stall", at) for at in (1, 2, 3, 4)), scheme=SUBTRACT).verdict is Verdict.PASS
    failed = verdict(seen("line"), scheme=SUBTRACT)
    assert (failed.points, failed.verdict) == (75, Verdict.FAIL)


def test_a_disqualification_fails_whatever_the_points() -> None:
    assert verdict(seen("crash")).verdict is Verdict.FAIL


def test_nested_limits_charge_once_and_the_higher() -> None:
    assert verdict(seen("late_20"), seen("late_30")).points == 25


def test_a_nested_limit_of_another_happening_is_charged_too() -> None:
    assert verdict(seen("late_20", 10), seen("late_30", 99)).points == 30


def test_an_open_higher_limit_leaves_the_lower_one_charged() -> None:
    counted = verdict(seen("late_20"), seen("late_30", outcome=Outcome.UNDETERMINED))
    assert (counted.points, counted.worst_points) == (5, 25)


def test_one_deduction_never_hides_another_in_the_same_instant() -> None:
    assert verdict(seen("stall"), seen("line"), seen("doors")).points == 55


def test_repeats_are_charged_each_time_or_once_an_exercise_or_once_an_exam() -> None:
    assert verdict(seen("stall", 1), seen("stall", 2)).points == 10
    assert verdict(seen("doors", 1), seen("doors", 2), seen("doors", 3, exercise="box")).points == 50
    assert verdict(seen("late_20", 1), seen("late_20", 5, exercise="box")).points == 5


def test_an_open_finding_that_could_change_the_result_leaves_it_open() -> None:
    assert verdict(seen("red", outcome=Outcome.UNDETERMINED)).verdict is Verdict.UNDETERMINED
    assert verdict(seen("line", outcome=Outcome.UNDETERMINED)).verdict is Verdict.PASS


def test_a_definite_fail_does_not_wait_for_open_findings() -> None:
    assert verdict(seen("red"), seen("line", outcome=Outcome.UNDETERMINED)).verdict is Verdict.FAIL


def test_an_unfinished_route_is_no_result() -> None:
    assert verdict(finished=False).verdict is Verdict.UNDETERMINED


LOSS = VoidEvent("satellite", 60 * 10**9, 70 * 10**9, "snake", "void")


def test_a_loss_that_voids_makes_the_attempt_void() -> None:
    counted = verdict(seen("line", 10), voids=(LOSS,))
    assert (counted.verdict, counted.reason) == (Verdict.VOID, "void:satellite")


def test_a_fail_that_was_definite_before_the_loss_stands() -> None:
    assert verdict(seen("red", 59), voids=(LOSS,)).verdict is Verdict.FAIL


def test_a_fail_after_the_loss_does_not_count() -> None:
    assert verdict(seen("red", 61), voids=(LOSS,)).verdict is Verdict.VOID


def test_a_loss_the_exam_continues_on_does_not_void() -> None:
    assert verdict(voids=(replace(LOSS, verdict="continue"),)).verdict is Verdict.PASS


FINDINGS = st.lists(
    st.builds(seen, st.sampled_from(sorted(RULES)), st.integers(1, 50), st.sampled_from(list(Outcome))), max_size=12
)


@given(FINDINGS, st.sampled_from(["stall", "line", "red", "crash"]), st.integers(51, 60))
def test_one_more_fault_never_improves_the_result(findings: list[Finding], more: str, at_s: int) -> None:
    before, after = verdict(*findings), verdict(*findings, seen(more, at_s))
    assert after.points >= before.points
    if before.verdict is Verdict.FAIL:
        assert after.verdict is Verdict.FAIL


@given(FINDINGS, st.randoms())
def test_the_order_of_findings_does_not_matter(findings: list[Finding], random: object) -> None:
    shuffled = sorted(findings, key=lambda one: hash((one.rule.id, one.observation.at_ns)) % 7)
    assert verdict(*findings).points == verdict(*shuffled).points
    assert verdict(*findings).verdict is verdict(*shuffled).verdict
