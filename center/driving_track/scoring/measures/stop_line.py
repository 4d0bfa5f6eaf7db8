"""Stops at a stop line: whether there was one, how far before or beyond the edge, and how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from center.driving_track.scoring.drive import Reach
from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.motion import STOP_FROM_S, Stop
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.witnesses import NOTHING_SAID, Word

AT_MOST_BEYOND_M = 1.0
"""A stop with the front further beyond the edge is no stop at the line (docs/observations.md)."""
_FIRST_SECOND_S = 1.0


@dataclass(frozen=True, slots=True)
class LineStop:
    """A stop and where the front stood in it."""

    stop: Stop
    front: Reach


def no_stop(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """1 if there was no stop with the front within ``within_m`` before the edge, once it is crossed or left behind."""
    line = passage.stop_line
    if line is None:
        return
    crossing = passage.drive.front_crossing(line, passage.since_ns, passage.until_ns)
    if crossing is None and not passage.is_over:
        return
    until_ns = passage.until_ns if crossing is None else crossing.time_ns
    is_seen = not passage.drive.has_gap(passage.since_ns, until_ns) if crossing is None else crossing.exam_grade
    within_m = float(rule.parameters["within_m"])
    judged = [(one, min(one.front.metres + within_m, AT_MOST_BEYOND_M - one.front.metres)) for one in _near(passage)]
    is_there = any(_lasted(one.stop) and margin >= 0.0 for one, margin in judged)
    k_p, k_f = passage.k_p, passage.k_f
    is_sure = any(one.stop.is_definite(k_p) and margin > k_p * one.front.sigma_m for one, margin in judged)
    may_be = any(one.stop.is_possible(k_f) and margin > -k_f * one.front.sigma_m for one, margin in judged)
    blind = passage.log.motion.is_blind(passage.since_ns, until_ns)
    yield passage.observe(
        rule,
        0.0 if is_there else 1.0,
        0.0,
        (passage.since_ns, until_ns),
        subject=line.id,
        supports_fault=not may_be and not blind and is_seen,
        supports_ok=is_sure,
    )


def stop_distance(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From the front back to the edge, at the last stop at the line."""
    stops = at_line(passage)
    if not stops:
        return
    last = stops[-1]
    doubtful = _doubtful_after(passage, last)
    is_sure = last.stop.is_definite(passage.k_p) and not doubtful
    is_ok = last.stop.is_definite(passage.k_p) and all(_is_near_enough(passage, rule, one) for one in doubtful)
    yield _placed(passage, rule, last, -last.front.metres, last.front, sure=is_sure, is_ok=is_ok)


def beyond_stop_line(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """How far beyond the edge the front stood at the end of the first stop at the line."""
    stops = at_line(passage)
    line = passage.stop_line
    if not stops or line is None:
        return
    first = stops[0]
    point = passage.drive.at(min(first.stop.stretch.until_ns, passage.drive.points[-1].time_ns))
    reach = first.front if point is None else passage.drive.front(line, point)
    doubtful = [one for one in _near(passage) if one.stop.middle_ns < first.stop.middle_ns and _may_count(passage, one)]
    yield _placed(passage, rule, first, reach.metres, reach, sure=first.stop.is_definite(passage.k_p) and not doubtful)


def hold_duration(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """Length of the last stop at the line, once it is over."""
    stops = at_line(passage)
    if not stops or not stops[-1].stop.is_over:
        return
    last = stops[-1]
    stretch = last.stop.stretch
    yield passage.observe(
        rule,
        stretch.length_s,
        stretch.sigma_s,
        (stretch.since_ns, stretch.until_ns),
        place=last.front.place,
        supports_fault=_is_last_sure(passage, last) and last.front.exam_grade,
        supports_ok=_is_last_sure(passage, last),
    )


def move_off_after_stop(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From the end of the first second of the longest stop at the line to moving (or to the end of the exam)."""
    stops = at_line(passage)
    if not stops:
        return
    held = max(stops, key=lambda one: one.stop.stretch.length_s)
    stretch = held.stop.stretch
    yield passage.observe(
        rule,
        stretch.length_s - _FIRST_SECOND_S,
        stretch.sigma_s,
        (stretch.since_ns, stretch.until_ns),
        place=held.front.place,
        supports_fault=held.front.exam_grade,
    )


def at_line(passage: Passage) -> list[LineStop]:
    """The stops at the line, in order."""
    return [one for one in _near(passage) if _lasted(one.stop) and one.front.metres <= AT_MOST_BEYOND_M]


def _near(passage: Passage) -> list[LineStop]:
    """Standstills of the exercise, of any length, until the front has gone definitely beyond the line."""
    line = passage.stop_line
    found: list[LineStop] = []
    for stop in passage.stops() if line is not None else ():
        point = passage.drive.at(stop.middle_ns)
        if point is None or line is None or stop.stretch.since_ns < passage.since_ns:
            continue
        reach = passage.drive.front(line, point)
        if reach.metres > AT_MOST_BEYOND_M + passage.k_f * reach.sigma_m:
            break
        found.append(LineStop(stop, reach))
    return found


def _lasted(stop: Stop) -> bool:
    return stop.stretch.length_s >= STOP_FROM_S


def _may_count(passage: Passage, one: LineStop) -> bool:
    return one.stop.is_possible(passage.k_f) and not one.stop.is_definite(passage.k_p)


def _is_last_sure(passage: Passage, last: LineStop) -> bool:
    """Whether it surely was a stop, and no doubtful one came after it."""
    return last.stop.is_definite(passage.k_p) and not _doubtful_after(passage, last)


def _doubtful_after(passage: Passage, last: LineStop) -> list[LineStop]:
    return [one for one in _near(passage) if one.stop.middle_ns > last.stop.middle_ns and _may_count(passage, one)]


def _is_near_enough(passage: Passage, rule: Rule, one: LineStop) -> bool:
    """Whether a stop of which it is doubtful that it counts would be judged ok if it did."""
    far_m = rule.limit.value + rule.limit.far_tolerance
    return -one.front.metres < far_m - passage.k_p * one.front.sigma_m


def _placed(
    passage: Passage,
    rule: Rule,
    at: LineStop,
    value: float,
    reach: Reach,
    *,
    sure: bool,
    is_ok: bool | None = None,
) -> Observation:
    stretch = at.stop.stretch
    line = passage.stop_line
    return passage.observe(
        rule,
        value,
        reach.sigma_m,
        (stretch.since_ns, stretch.until_ns),
        at.stop.middle_ns,
        subject=None if line is None else line.id,
        place=reach.place,
        supports_fault=sure and reach.exam_grade,
        supports_ok=sure if is_ok is None else is_ok,
        word=_word_of(passage, at),
    )


def _word_of(passage: Passage, at: LineStop) -> Word:
    line, point = passage.stop_line, passage.drive.at(at.stop.middle_ns)
    return NOTHING_SAID if line is None or point is None else passage.log.witnesses.at_place(line.id, point)
