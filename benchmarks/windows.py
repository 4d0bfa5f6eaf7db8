"""The stretch of a recorded exam in which the most is found: a whole route takes too long to play live."""

from __future__ import annotations

import msgspec

from benchmarks.fleet import SITE
from benchmarks.recordings import Script
from center.driving_track import rule_packs
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.faults import Outcome, judge
from center.driving_track.scoring.rules import Edition
from center.driving_track.scoring.score_sheet import ExerciseSpan
from messages import site as survey
from messages.geodesy import LocalFrame
from messages.readings import ExamAction, ExamControl
from messages.topics import CENTRE_DEVICE

_S = 1_000_000_000
_AHEAD_S = 8.0
"""The filter settles before the start signal."""


def richest(script: Script, car_id: str, window_s: float) -> tuple[int, Script]:
    """The exam from the beginning of that exercise on from which the most is found within a time, and how much."""
    site = survey.load(SITE)
    editions = rule_packs.parse((rule_packs.FOLDER / "kz.yaml").read_bytes(), "kz.yaml")
    scorer = ExamScorer(site, site.car(car_id), editions[-1], LocalFrame(site.anchor), script.header.exam_id)
    found_ns = _found(scorer, script, car_id, editions[-1])
    window_ns = round(window_s * _S)

    def count(span: ExerciseSpan) -> int:
        return sum(span.began_ns <= one < span.began_ns + window_ns for one in found_ns)

    best = max(scorer.spans(), key=count)
    since_ns, until_ns = best.began_ns - round(_AHEAD_S * _S), best.began_ns + window_ns
    stretch = Script(
        msgspec.structs.replace(script.header, first_exercise=best.exercise_id),
        tuple(one for one in script.told if since_ns <= one.source_time_ns <= until_ns),
        since_ns,
        best.began_ns,
        min(script.stopped_ns, until_ns),
    )
    return count(best), stretch


def _found(scorer: ExamScorer, script: Script, car_id: str, edition: Edition) -> list[int]:
    """The source times of the readings with which something was found that is not all right."""
    found_ns: list[int] = []
    is_started = False
    for one in script.told:
        if not is_started and one.source_time_ns >= script.started_ns:
            is_started = True
            order = ExamControl(script.header.exam_id, ExamAction.START, car_id)
            scorer.feed(CENTRE_DEVICE, one.source_time_ns, order)
        before = len(scorer.seen)
        scorer.feed(one.device_id, one.source_time_ns, one.body)
        findings = [judge(edition.by_id[seen.rule_id], seen, edition.decision) for seen in scorer.seen[before:]]
        found_ns += [one.source_time_ns for finding in findings if finding.outcome is not Outcome.OK]
    return found_ns
