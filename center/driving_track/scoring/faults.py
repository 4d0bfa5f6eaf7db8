"""The three-valued judgement of one observation: fault, ok or undetermined (JCGM 106; docs/observations.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Decision, Rule


class Outcome(StrEnum):
    """What a check found."""

    FAULT = "fault"
    OK = "ok"
    UNDETERMINED = "undetermined"


# One-sided normal quantiles: beyond k standard uncertainties the chance is at most one in so many.
_ONE_IN = (
    (6.00, 1_000_000_000),
    (5.62, 100_000_000),
    (5.20, 10_000_000),
    (4.76, 1_000_000),
    (4.27, 100_000),
    (3.72, 10_000),
    (3.10, 1_000),
    (2.33, 100),
    (1.29, 10),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """An observation that was judged."""

    rule: Rule
    observation: Observation
    outcome: Outcome
    excess: float
    """m: how far beyond the limit, in the rule's unit."""
    false_at_most_one_in: int
    """The chance that the true excess is 0 or less is at most one in so many (1: nothing is claimed)."""


def judge(rule: Rule, observation: Observation, decision: Decision) -> Finding:
    """Decide one observation of one rule."""
    excess = excess_of(rule, observation.value)
    sigma = observation.sigma
    outcome = Outcome.UNDETERMINED
    if observation.supports_fault and excess > decision.k_f * sigma:
        outcome = Outcome.FAULT
    elif observation.supports_ok and excess < rule.limit.far_tolerance - decision.k_p * sigma:
        outcome = Outcome.OK
    return Finding(rule, observation, outcome, excess, _one_in(excess, sigma) if outcome is Outcome.FAULT else 1)


def excess_of(rule: Rule, value: float) -> float:
    """m: the value less the limit, or the limit less the value where at least the limit is wanted."""
    return rule.limit.value - value if rule.limit.at_least else value - rule.limit.value


def _one_in(excess: float, sigma: float) -> int:
    for factor, one_in in _ONE_IN:
        if excess >= factor * sigma:
            return one_in
    return 1
