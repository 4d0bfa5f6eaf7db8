"""What the oracle hands on: the true value of each observation, and what the faults among them cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from simulators.oracle.rules import Pack, Rule


@dataclass(frozen=True, slots=True)
class Judgement:
    """The true value of one observation of one rule; ``excess`` is m: what the value is beyond limit and debounce."""

    rule: str
    exercise: str | None
    subject: str | None
    value: float
    limit: float
    far_tolerance: float
    excess: float
    since_s: float
    until_s: float
    """Seconds from the start signal."""

    @property
    def is_fault(self) -> bool:
        """Whether the rule was broken at all."""
        return self.excess > 0.0

    @property
    def beyond_tolerance(self) -> bool:
        """Whether it was broken by so much (a count: by one) that it must never be judged ok."""
        return self.excess >= self.far_tolerance

    def as_fields(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "fault": self.is_fault, "beyond_tolerance": self.beyond_tolerance}


@dataclass(frozen=True, slots=True)
class TrueSheet:
    """Every judgement of an exam, and the points of those over 0 and of those beyond their far tolerance."""

    judgements: tuple[Judgement, ...]
    points_over_limit: int
    points_beyond_tolerance: int
    may_fail: bool
    """Whether the faults with a true excess over 0 add up to a fail: if not, a definite fail is wrong."""
    must_fail: bool
    """Whether those beyond their far tolerance add up to a fail: if so, a definite pass is wrong."""

    def as_fields(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "points_over_limit": self.points_over_limit,
            "points_beyond_tolerance": self.points_beyond_tolerance,
            "may_fail": self.may_fail,
            "must_fail": self.must_fail,
            "judgements": [one.as_fields() for one in self.judgements],
        }


def sum_up(pack: Pack, judgements: Sequence[Judgement]) -> TrueSheet:
    """Add the points up twice."""
    may = _points(pack, judgements, lambda one: one.is_fault)
    must = _points(pack, judgements, lambda one: one.beyond_tolerance)
    return TrueSheet(tuple(judgements), may, must, _fails(pack, may), _fails(pack, must))


def charged(pack: Pack, judgements: Iterable[Judgement]) -> list[Judgement]:
    """Those that cost points: nested limits once, the higher; repeats as each rule says."""
    rules = {rule.id: rule for rule in pack.rules}
    faults = sorted(judgements, key=lambda one: (one.since_s, one.rule))
    kept: dict[object, Judgement] = {}
    for number, one in enumerate(faults):
        rule = rules[one.rule]
        if any(_replaces(rules[other.rule], other, one) for other in faults):
            continue
        key: object = (rule.id, number)
        if rule.repeats == "once_per_exam":
            key = rule.id
        elif rule.repeats == "once_per_exercise":
            key = (rule.id, one.exercise)
        kept.setdefault(key, one)
    return list(kept.values())


def _replaces(rule: Rule, higher: Judgement, lower: Judgement) -> bool:
    same = (higher.exercise, higher.subject) == (lower.exercise, lower.subject)
    overlap = higher.since_s <= lower.until_s and lower.since_s <= higher.until_s
    return lower.rule in rule.supersedes and same and overlap


def _points(pack: Pack, judgements: Sequence[Judgement], counts: Callable[[Judgement], bool]) -> int:
    cost = {rule.id: rule.points for rule in pack.rules}
    total = sum(cost[one.rule] for one in charged(pack, filter(counts, judgements)))
    return pack.start + total if pack.adds else pack.start - total


def _fails(pack: Pack, points: int) -> bool:
    return points > pack.threshold if pack.adds else points < pack.threshold
