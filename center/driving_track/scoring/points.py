"""Findings → what is charged and the verdict: repeats, nested limits, open findings and void attempts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from center.driving_track.scoring.faults import Finding, Outcome
from center.driving_track.scoring.rules import Edition, Rule, Scheme


class Verdict(StrEnum):
    """How an exam ends; only pass and fail are results."""

    PASS = "pass"
    FAIL = "fail"
    UNDETERMINED = "undetermined"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class VoidEvent:
    """A loss that the pack says something about, or a safety stop (source ``safety_stop``)."""

    source: str
    since_ns: int
    until_ns: int
    exercise_id: str | None
    verdict: str
    """``void`` or ``continue``."""
    fault: str | None = None
    """The code by which the device itself told of it; None: nothing was heard."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The points of an exam and what they rest on."""

    verdict: Verdict
    points: int
    """Charged for definite faults, in the scheme's own direction."""
    worst_points: int
    """What the points would be if every open finding were a fault."""
    charged: tuple[Finding, ...]
    open: tuple[Finding, ...]
    reason: str
    """A short code: ``complete``, ``definite_fail``, ``open_findings``, ``not_finished``, or ``void:<source>``."""


def tally(edition: Edition, findings: Sequence[Finding], voids: Sequence[VoidEvent], finished: bool) -> Tally:
    """Fold findings into points and a verdict.

    A fail that was definite before a loss stands; otherwise a loss that voids makes the attempt void. Open findings
    leave the verdict open when they could change it, and so does a route that was not finished.
    """
    charged = charge([one for one in findings if one.outcome is Outcome.FAULT])
    open_ones = [one for one in findings if one.outcome is Outcome.UNDETERMINED]
    worst = charge([*charged, *open_ones])
    scheme = edition.scheme
    points, worst_points = _points(scheme, charged), _points(scheme, worst)
    verdict, reason = _verdict(scheme, charged, worst, voids, finished)
    return Tally(verdict, points, worst_points, tuple(charged), tuple(open_ones), reason)


def charge(faults: Iterable[Finding]) -> list[Finding]:
    """Those of the faults that cost points: repeats as the rule says, nested limits once, the higher."""
    ordered = sorted(faults, key=in_order)
    superseded = [one for one in ordered if any(_supersedes(other, one) for other in ordered)]
    kept: list[Finding] = []
    seen: set[tuple[str, str | None]] = set()
    for one in ordered:
        if one in superseded:
            continue
        key = _repeat_key(one)
        if key is not None and key in seen:
            continue
        if key is not None:
            seen.add(key)
        kept.append(one)
    return kept


def in_order(finding: Finding) -> tuple[int, str, str, int]:
    """The order of findings on a sheet: by instant, rule, subject."""
    observation = finding.observation
    return observation.at_ns, finding.rule.id, observation.subject or "", observation.since_ns


def _supersedes(higher: Finding, lower: Finding) -> bool:
    """Whether both tell of the same happening and the higher limit's rule replaces the lower's."""
    one, other = higher.observation, lower.observation
    return (
        lower.rule.id in higher.rule.supersedes
        and one.exercise_id == other.exercise_id
        and one.subject == other.subject
        and one.since_ns <= other.until_ns
        and other.since_ns <= one.until_ns
    )


def _repeat_key(finding: Finding) -> tuple[str, str | None] | None:
    rule: Rule = finding.rule
    if rule.repeats == "once_per_exam":
        return rule.id, None
    if rule.repeats == "once_per_exercise":
        return rule.id, finding.observation.exercise_id
    return None  # each, and latched: an observation is one passage, over when the cause is clear


def _points(scheme: Scheme, charged: Iterable[Finding]) -> int:
    total = sum(one.rule.points for one in charged)
    return scheme.start + total if scheme.direction == "add" else scheme.start - total


def _fails(scheme: Scheme, charged: Sequence[Finding]) -> bool:
    if any(one.rule.disqualifies for one in charged):
        return True
    points = _points(scheme, charged)
    if scheme.fails_over is not None:
        return points > scheme.fails_over
    assert scheme.passes_at is not None, "the loader asks for one of the two"
    return points < scheme.passes_at


def _verdict(
    scheme: Scheme, charged: list[Finding], worst: list[Finding], voids: Sequence[VoidEvent], finished: bool
) -> tuple[Verdict, str]:
    voiding = sorted((one for one in voids if one.verdict == "void"), key=lambda one: (one.since_ns, one.source))
    if voiding:
        before = [one for one in charged if one.observation.until_ns <= voiding[0].since_ns]
        if not _fails(scheme, before):
            return Verdict.VOID, f"void:{voiding[0].source}"
        return Verdict.FAIL, "definite_fail"
    if _fails(scheme, charged):
        return Verdict.FAIL, "definite_fail"
    if not finished:
        return Verdict.UNDETERMINED, "not_finished"
    if _fails(scheme, worst):
        return Verdict.UNDETERMINED, "open_findings"
    return Verdict.PASS, "complete"
