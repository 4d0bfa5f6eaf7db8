"""Which findings must come of what was published, and from which instant on the ordering watermark let each through.

A finding is held back until every live device has told of as much; its latency counts from the instant at which the
last message was published that lets the watermark pass the reading that makes it. Which reading that is, a fold over
the very same messages tells afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.fleet import Fleet
from center.driving_track.ingest.running import steady_devices
from center.driving_track.readiness import exam_devices
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.faults import Outcome, judge
from center.driving_track.scoring.ordering import is_of_exam, told_until_ns
from center.driving_track.scoring.rules import Edition
from center.driving_track.scoring.score_sheet import finding_content
from messages import topics
from messages.envelope import Envelope
from messages.geodesy import LocalFrame
from messages.readings import ExamControl

_SAME_WITHIN_MS = 20_000

Key = tuple[Any, ...]
Published = tuple[int, Envelope]
"""A message, and when it was published by the machine's clock (ns)."""


def key_of(content: Mapping[str, Any]) -> Key:
    """What a finding is about, as the centre tells its findings apart while an exam runs."""
    happened = content["since_ms"] // _SAME_WITHIN_MS
    return content["rule"], content["exercise"], content["subject"], content["part"], happened


def expected(
    fleet: Fleet, edition: Edition, number: int, exam_id: str, published: Sequence[Published]
) -> dict[Key, int]:
    """For each finding of the exam of that car the instant (machine's ns) from which its reading may be scored."""
    car = fleet.car(number)
    devices = {*exam_devices(fleet.site, car), topics.CENTRE_DEVICE}
    own = [each for each in published if each[1].device_id in devices]
    called_ns = _called_ns(own, exam_id)
    own = [each for each in own if is_of_exam(each[1], called_ns)]
    own.sort(key=lambda each: (each[1].source_time_ns, each[1].device_id, each[1].seq))
    scorer = ExamScorer(fleet.site, car, edition, LocalFrame(fleet.site.anchor), exam_id=exam_id)
    steady = steady_devices(fleet.site)
    found: dict[Key, int] = {}
    for index, (_, one) in enumerate(own):
        if isinstance(one.body, ExamControl) and one.body.exam_id != exam_id:
            continue
        before = len(scorer.seen)
        scorer.feed(one.device_id, one.source_time_ns, one.body)
        for observation in scorer.seen[before:]:
            finding = judge(edition.by_id[observation.rule_id], observation, edition.decision)
            if finding.outcome is not Outcome.OK:
                content = finding_content(finding, charged=finding.outcome is Outcome.FAULT)
                found.setdefault(key_of(content), released_ns(own, index, devices, steady))
    return found


def released_ns(own: Sequence[Published], index: int, devices: set[str], steady: frozenset[str]) -> int:
    """When the last device had published something at least as new as the reading at a place in source order."""
    time_ns = own[index][1].source_time_ns
    at = index
    while at > 0 and own[at - 1][1].source_time_ns == time_ns:
        at -= 1
    waited = set(devices)
    released = 0
    while at < len(own) and waited:
        published_ns, one = own[at]
        tells_ns = told_until_ns(one, speaks_steadily=one.device_id in steady)
        if one.device_id in waited and tells_ns >= time_ns:
            waited.discard(one.device_id)
            released = max(released, published_ns)
        at += 1
    return released


def _called_ns(told: Sequence[Published], exam_id: str) -> int:
    orders = [(one.source_time_ns, one.body) for _, one in told if isinstance(one.body, ExamControl)]
    return min(time_ns for time_ns, order in orders if order.exam_id == exam_id)
