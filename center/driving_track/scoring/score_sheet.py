"""The score sheet: what was decided and why, as RFC 8785 JSON whose numbers are all whole.

Lengths are in 0.1 mm, times and durations in ms, angles in 0.01°, speeds in mm/s, so that no last bit of a processor
can show. Nothing in a sheet depends on arrival, on file hashes or on ids drawn at random: two recordings of the same
readings give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import rfc8785

from center.driving_track.scoring.faults import Finding, Outcome
from center.driving_track.scoring.points import Tally, Verdict, VoidEvent, in_order
from center.driving_track.scoring.rules import Edition

SCORER_VERSION = "1.1"
"""Raised whenever the same recording could give another sheet."""
FORMAT = "speccenter score sheet 1"
_NS_PER_MS = 1_000_000
_SCALES = {
    "m": ("0.1 mm", 10_000),
    "s": ("ms", 1000),
    "deg": ("0.01 deg", 100),
    "mps": ("mm/s", 1000),
    "count": ("1", 1),
}

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None


@dataclass(frozen=True, slots=True)
class ExerciseSpan:
    """When an exercise was driven (UTC ns); ``ended_ns`` is None where the drive broke off."""

    exercise_id: str
    began_ns: int
    ended_ns: int | None


@dataclass(frozen=True, slots=True)
class DeviceTally:
    """What came from a device in an exam."""

    device_id: str
    simulated: bool
    readings: int
    uncovered: int
    """Not covered by a signed digest: recorded, never charged."""
    missing: int
    """Sequence numbers that never came."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Everything a sheet is made of."""

    centre_id: str
    car_id: str
    site_sha256: str
    edition: Edition
    began_ns: int
    ended_ns: int
    exercises: Sequence[ExerciseSpan]
    findings: Sequence[Finding]
    tally: Tally
    voids: Sequence[VoidEvent]
    notes: Sequence[str]
    devices: Sequence[DeviceTally]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A sheet as it is stored, shown and hashed."""

    content: dict[str, Json]
    data: bytes
    sha256: str

    @property
    def verdict(self) -> Verdict:
        """How the exam ended."""
        return Verdict(str(self.content["verdict"]))

    @property
    def points(self) -> int:
        """The points, in the scheme's own direction."""
        points = self.content["points"]
        assert isinstance(points, int)
        return points


def build(facts: SheetFacts) -> ScoreSheet:
    """Write the sheet; the same facts give the same bytes."""
    content = _content(facts)
    data = rfc8785.dumps(content)
    return ScoreSheet(content, data, hashlib.sha256(data).hexdigest())


def scaled(value: float, unit: str) -> int:
    """A value in the whole units of a sheet (half away from zero)."""
    scaled_value = value * _SCALES[unit][1]
    return int(scaled_value + 0.5) if scaled_value >= 0 else -int(0.5 - scaled_value)


def sheet_unit(unit: str) -> str:
    """What a sheet's whole numbers of a unit count."""
    return _SCALES[unit][0]


def _content(facts: SheetFacts) -> dict[str, Json]:
    edition, tally = facts.edition, facts.tally
    charged = {id(one) for one in tally.charged}
    told = [one for one in facts.findings if one.outcome is not Outcome.OK]
    return {
        "format": FORMAT,
        "scorer": SCORER_VERSION,
        "centre": facts.centre_id,
        "car": facts.car_id,
        "site_sha256": facts.site_sha256,
        "rules": {"pack": edition.pack, "edition": edition.valid_from.isoformat(), "sha256": edition.sha256},
        "provisional_rules": any(rule.provisional for rule in edition.rules),
        "simulated": any(one.simulated for one in facts.devices),
        "began_ms": facts.began_ns // _NS_PER_MS,
        "ended_ms": facts.ended_ns // _NS_PER_MS,
        "verdict": tally.verdict.value,
        "reason": tally.reason,
        "points": tally.points,
        "worst_points": tally.worst_points,
        "limit": edition.scheme.fails_over if edition.scheme.fails_over is not None else edition.scheme.passes_at,
        "exercises": [_exercise(one) for one in facts.exercises],
        "findings": [finding_content(one, charged=id(one) in charged) for one in sorted(told, key=in_order)],
        "checks": _checks(facts.findings),
        "voids": [_void(one) for one in facts.voids],
        "notes": list(facts.notes),
        "devices": [_device(one) for one in sorted(facts.devices, key=lambda one: one.device_id)],
    }


def _exercise(span: ExerciseSpan) -> Json:
    ended_ms = None if span.ended_ns is None else span.ended_ns // _NS_PER_MS
    return {"id": span.exercise_id, "began_ms": span.began_ns // _NS_PER_MS, "ended_ms": ended_ms}


def finding_content(finding: Finding, *, charged: bool) -> dict[str, Json]:
    """A finding as a sheet holds it."""
    rule, seen = finding.rule, finding.observation
    unit = rule.limit.unit
    place: Json = None if seen.place is None else [scaled(seen.place[0], "m"), scaled(seen.place[1], "m")]
    return {
        "rule": rule.id,
        "clause": rule.clause,
        "provisional": rule.provisional,
        "outcome": finding.outcome.value,
        "charged": charged,
        "points": rule.points if charged else 0,
        "disqualifies": charged and rule.disqualifies,
        "exercise": seen.exercise_id,
        "subject": seen.subject,
        "part": seen.part,
        "unit": sheet_unit(unit),
        "value": scaled(seen.value, unit),
        "uncertainty": scaled(seen.sigma, unit),
        "limit": scaled(rule.limit.value, unit),
        "excess": scaled(finding.excess, unit),
        "far_tolerance": scaled(rule.limit.far_tolerance, unit),
        "false_at_most_one_in": finding.false_at_most_one_in,
        "since_ms": seen.since_ns // _NS_PER_MS,
        "until_ms": seen.until_ns // _NS_PER_MS,
        "at_ms": seen.at_ns // _NS_PER_MS,
        "place": place,
        "agree": list(seen.agree),
        "disagree": list(seen.disagree),
    }


def _checks(findings: Sequence[Finding]) -> Json:
    counted: dict[str, Json] = {}
    for finding in findings:
        row = counted.setdefault(finding.rule.id, {"fault": 0, "ok": 0, "undetermined": 0})
        assert isinstance(row, dict)
        number = row[finding.outcome.value]
        assert isinstance(number, int)
        row[finding.outcome.value] = number + 1
    return counted


def _void(event: VoidEvent) -> Json:
    return {
        "source": event.source,
        "fault": event.fault,
        "exercise": event.exercise_id,
        "verdict": event.verdict,
        "since_ms": event.since_ns // _NS_PER_MS,
        "until_ms": event.until_ns // _NS_PER_MS,
    }


def _device(tally: DeviceTally) -> Json:
    return {
        "id": tally.device_id,
        "simulated": tally.simulated,
        "readings": tally.readings,
        "uncovered": tally.uncovered,
        "missing": tally.missing,
    }
