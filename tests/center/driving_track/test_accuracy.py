"""Hand-made sheets against hand-made truths: what is wrong, what is missed, and what is the same happening."""

from __future__ import annotations

from dataclasses import replace

import pytest

from center.driving_track.accuracy import Difference, Judged, Kind, TrueJudgement, Truth, differences
from center.driving_track.scoring.faults import Finding, Outcome
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.points import Verdict
from center.driving_track.scoring.rules import Limit, Rule

BEGAN_NS = 1_776_135_606_000_000_000
LIMIT = Limit(0.0, "m", 0.05, False, False)


def found(
    outcome: Outcome = Outcome.FAULT,
    *,
    rule: str = "snake_line",
    exercise: str = "snake",
    subject: str | None = "snake-left",
    between_s: tuple[float, float] = (60.0, 62.0),
    excess: float = 0.06,
    repeats: str = "each",
) -> Finding:
    since_ns, until_ns = (BEGAN_NS + round(at_s * 1e9) for at_s in between_s)
    seen = Observation(rule, exercise, subject, excess, 0.006, since_ns, until_ns, since_ns)
    told = Rule(rule, exercise, {}, "line_excess", {}, LIMIT, 25, False, False, repeats, (), "", "")
    return Finding(told, seen, outcome, excess, 10)


def true(
    excess: float = 0.06,
    *,
    rule: str = "snake_line",
    exercise: str = "snake",
    subject: str | None = "snake-left",
    between_s: tuple[float, float] = (60.0, 62.0),
) -> TrueJudgement:
    return TrueJudgement(rule, exercise, subject, excess, excess >= 0.05, *between_s)


def compared(
    findings: list[Finding],
    judgements: list[TrueJudgement],
    verdict: Verdict = Verdict.PASS,
    *,
    may_fail: bool = False,
    must_fail: bool = False,
) -> list[Difference]:
    return differences(Judged(verdict, BEGAN_NS, tuple(findings)), Truth(tuple(judgements), may_fail, must_fail))


def kinds(told: list[Difference]) -> list[Kind]:
    return [one.kind for one in told]


def test_a_fault_that_happened_is_right() -> None:
    assert compared([found()], [true()]) == []
    assert compared([found(excess=0.03)], [true(0.001)]) == []


def test_a_fault_at_an_excess_of_0_or_less_is_false_and_told_with_what_was_true() -> None:
    for excess in (0.0, -0.004):
        (one,) = compared([found()], [true(excess)])
        assert (one.kind, one.judged_excess, one.true_excess) == (Kind.FALSE_FAULT, 0.06, excess)
        assert (one.rule, one.exercise, one.subject) == ("snake_line", "snake", "snake-left")


@pytest.mark.parametrize(
    "happened",
    [
        true(rule="edge_line"),
        true(exercise="box"),
        true(subject="snake-right"),
        true(subject=None),
        true(between_s=(63.1, 64.0)),
        true(between_s=(50.0, 59.4)),
    ],
    ids=["another rule", "another exercise", "another line", "no line", "later", "earlier"],
)
def test_what_happened_elsewhere_proves_nothing_here(happened: TrueJudgement) -> None:
    assert kinds(compared([found()], [happened])) == [Kind.FALSE_FAULT, Kind.MISSED_FAULT]


def test_the_ends_of_a_happening_may_be_seen_a_little_apart() -> None:
    assert compared([found(between_s=(62.4, 62.6))], [true()]) == []


def test_one_happening_is_not_charged_twice() -> None:
    twice = [found(between_s=(60.0, 60.5)), found(between_s=(61.6, 62.0))]
    assert kinds(compared(twice, [true()])) == [Kind.FALSE_FAULT]
    assert (
        compared([replace(one, rule=replace(one.rule, repeats="once_per_exercise")) for one in twice], [true()]) == []
    )
    assert compared(twice, [true(between_s=(60.0, 60.4)), true(between_s=(61.5, 62.0))]) == []


def test_each_finding_takes_the_happening_that_leaves_one_for_the_other() -> None:
    both, early = found(between_s=(60.0, 62.0)), found(between_s=(60.0, 60.3))
    happened = [true(between_s=(60.0, 60.3)), true(between_s=(61.5, 62.0))]
    assert compared([both, early], happened) == []
    assert compared([both, early], happened[::-1]) == []


def test_what_is_beyond_its_tolerance_must_not_be_judged_ok() -> None:
    (one,) = compared([found(Outcome.OK, excess=0.03)], [true(0.05)])
    assert (one.kind, one.judged_excess, one.true_excess) == (Kind.MISSED_FAULT, 0.03, 0.05)
    assert compared([found(Outcome.OK, excess=0.03)], [true(0.049)]) == []


def test_what_was_not_looked_at_is_missed_too() -> None:
    (one,) = compared([], [true()])
    assert (one.kind, one.judged_excess) == (Kind.MISSED_FAULT, None)


def test_what_is_left_open_is_told_and_not_missed() -> None:
    assert kinds(compared([found(Outcome.UNDETERMINED)], [true()])) == [Kind.UNDETERMINED]


@pytest.mark.parametrize(
    ("verdict", "may_fail", "must_fail", "wrong"),
    [
        (Verdict.FAIL, False, False, [Kind.WRONG_FAIL]),
        (Verdict.FAIL, True, False, []),
        (Verdict.PASS, True, False, []),
        (Verdict.PASS, True, True, [Kind.WRONG_PASS]),
        (Verdict.UNDETERMINED, True, True, []),
        (Verdict.VOID, False, False, []),
    ],
)
def test_a_definite_verdict_is_wrong_only_outside_the_tolerance(
    verdict: Verdict, may_fail: bool, must_fail: bool, wrong: list[Kind]
) -> None:
    assert kinds(compared([], [], verdict, may_fail=may_fail, must_fail=must_fail)) == wrong


def test_a_truth_is_read_from_the_simulators_json() -> None:
    fields = {
        "rule": "snake_line", "exercise": "snake", "subject": "snake-left", "value": 0.06, "limit": 0.0,
        "far_tolerance": 0.05, "excess": 0.06, "since_s": 60.0, "until_s": 62.0, "fault": True,
        "beyond_tolerance": True,
    }  # fmt: skip
    truth = Truth.from_fields({"may_fail": False, "must_fail": False, "judgements": [fields]})
    assert truth == Truth((true(),), False, False)
