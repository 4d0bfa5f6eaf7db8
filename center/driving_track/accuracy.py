"""One sheet against the truth of its drive: which verdicts and findings are wrong (docs/accuracy.md). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from center.driving_track.scoring.faults import Finding, Outcome
from center.driving_track.scoring.points import Verdict, charge

_NS_PER_S = 1e9
EDGES_S = 0.5
"""The ends of one happening may be seen so much apart: less than what keeps two happenings of one rule apart (1 s)."""


class Kind(StrEnum):
    """What is told of an exam."""

    WRONG_FAIL = "wrong_fail"
    WRONG_PASS = "wrong_pass"
    FALSE_FAULT = "false_fault"
    MISSED_FAULT = "missed_fault"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class TrueJudgement:
    """What was true of one happening of one rule; times in seconds from the start signal."""

    rule: str
    exercise: str | None
    subject: str | None
    excess: float
    beyond_tolerance: bool
    since_s: float
    until_s: float

    @property
    def is_fault(self) -> bool:
        """Whether the rule was broken at all."""
        return self.excess > 0.0


@dataclass(frozen=True, slots=True)
class Truth:
    """The judgement of a drive from what was true, without a sensor."""

    judgements: tuple[TrueJudgement, ...]
    may_fail: bool
    """Whether the faults over 0 add up to a fail."""
    must_fail: bool
    """Whether those beyond their far tolerance do."""

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Self:
        """From the simulators' JSON; raises KeyError for a field that is missing."""
        names = TrueJudgement.__slots__
        judgements = (TrueJudgement(**{name: one[name] for name in names}) for one in fields["judgements"])
        return cls(tuple(judgements), fields["may_fail"], fields["must_fail"])


@dataclass(frozen=True, slots=True)
class Judged:
    """What the scorer made of the recording: every finding, those that are ok too."""

    verdict: Verdict
    began_ns: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing to look at; excesses in the rule's unit, None where that side has nothing to compare."""

    kind: Kind
    rule: str | None = None
    exercise: str | None = None
    subject: str | None = None
    judged_excess: float | None = None
    uncertainty: float | None = None
    true_excess: float | None = None


def differences(judged: Judged, truth: Truth) -> list[Difference]:
    """Everything in which a sheet is wrong or left open; empty when each check was decided, and rightly."""
    found = [*_wrong_verdict(judged, truth)]
    found += [
        _told(Kind.FALSE_FAULT, one, _nearest(one, truth.judgements, judged.began_ns))
        for one in false_faults(judged, truth)
    ]
    found += [_missed(one, judged) for one in missed_faults(judged, truth)]
    found += [
        _told(Kind.UNDETERMINED, one, _nearest(one, truth.judgements, judged.began_ns))
        for one in judged.findings
        if one.outcome is Outcome.UNDETERMINED
    ]
    return found


def false_faults(judged: Judged, truth: Truth) -> list[Finding]:
    """Faults without a true excess over 0, and those that are charged once more than it truly happened."""
    true = [one for one in truth.judgements if one.is_fault]
    faults = [one for one in judged.findings if one.outcome is Outcome.FAULT]
    none = [one for one in faults if not _matching(one, true, judged.began_ns)]
    charged = [one for one in charge(faults) if one not in none]
    return none + _left_over(charged, true, judged.began_ns)


def missed_faults(judged: Judged, truth: Truth) -> list[TrueJudgement]:
    """What was beyond its far tolerance and neither charged nor left open: judged ok, or not looked at."""
    told = [one for one in judged.findings if one.outcome is not Outcome.OK]
    seen = [true for one in told for true in _matching(one, truth.judgements, judged.began_ns)]
    return [one for one in truth.judgements if one.beyond_tolerance and one not in seen]


def _wrong_verdict(judged: Judged, truth: Truth) -> list[Difference]:
    if judged.verdict is Verdict.FAIL and not truth.may_fail:
        return [Difference(Kind.WRONG_FAIL)]
    if judged.verdict is Verdict.PASS and truth.must_fail:
        return [Difference(Kind.WRONG_PASS)]
    return []


def _matching(finding: Finding, among: Iterable[TrueJudgement], began_ns: int) -> list[TrueJudgement]:
    """The same rule, exercise and subject at overlapping times."""
    seen = finding.observation
    key = finding.rule.id, seen.exercise_id, seen.subject
    since_s, until_s = (seen.since_ns - began_ns) / _NS_PER_S, (seen.until_ns - began_ns) / _NS_PER_S
    return [
        one
        for one in among
        if (one.rule, one.exercise, one.subject) == key
        and since_s <= one.until_s + EDGES_S
        and one.since_s <= until_s + EDGES_S
    ]


def _left_over(charged: Sequence[Finding], true: Sequence[TrueJudgement], began_ns: int) -> list[Finding]:
    """Findings that no true fault is left for when each takes one, taken so that as few as possible are left over."""
    taken: dict[TrueJudgement, Finding] = {}

    def takes_one(finding: Finding, tried: set[TrueJudgement]) -> bool:
        for one in _matching(finding, true, began_ns):
            if one in tried:
                continue
            tried.add(one)
            if one not in taken or takes_one(taken[one], tried):
                taken[one] = finding
                return True
        return False

    return [one for one in charged if not takes_one(one, set())]


def _nearest(finding: Finding, among: Iterable[TrueJudgement], began_ns: int) -> TrueJudgement | None:
    """Of what matches, the one whose excess is most like the finding's."""
    return min(
        _matching(finding, among, began_ns), key=lambda one: abs(one.excess - finding.excess), default=None
    )  # fmt: skip


def _told(kind: Kind, finding: Finding, true: TrueJudgement | None) -> Difference:
    seen = finding.observation
    return Difference(
        kind,
        finding.rule.id,
        seen.exercise_id,
        seen.subject,
        finding.excess,
        seen.sigma,
        None if true is None else true.excess,
    )


def _missed(true: TrueJudgement, judged: Judged) -> Difference:
    ok = next((one for one in judged.findings if _matching(one, (true,), judged.began_ns)), None)
    if ok is None:
        return Difference(Kind.MISSED_FAULT, true.rule, true.exercise, true.subject, true_excess=true.excess)
    return _told(Kind.MISSED_FAULT, ok, true)
