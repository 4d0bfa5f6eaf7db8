"""A light, a barrier or a pedestrian before the car: driving on against it, and clearing the junction on green."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt

from center.driving_track.scoring.drive import StopLine
from center.driving_track.scoring.elements import ELEMENT_SIGMA_S, ElementHistory, ElementState
from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.measures.witnessed import Witnessed, witnessed
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S
from messages.readings import Aspect, BarrierPosition

_CLEAR_M = 0.05
"""So far back before the edge, another crossing may begin."""
_FORBIDDING = (Aspect.RED, Aspect.RED_AMBER, Aspect.FLASHING_RED)
_FORBIDS: dict[str, Callable[[ElementState], bool]] = {
    "light": lambda state: state in _FORBIDDING,
    "barrier": lambda state: state is not BarrierPosition.UP,
    "occupancy": lambda state: state is True,
}


def against_signal(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """How far the front went beyond the edge while the signal forbade it; 0 if it crossed when that was allowed."""
    line, kind = passage.stop_line, str(rule.parameters["signal"])
    exercise = passage.exercise
    element_id = {"light": exercise.signal, "barrier": exercise.barrier, "occupancy": exercise.occupancy}[kind]
    if line is None or element_id is None:
        return
    since_ns = passage.since_ns
    while crossing := passage.drive.front_crossing(line, since_ns, passage.until_ns):
        yield _one_crossing(passage, rule, line, element_id, witnessed(passage, line, crossing))
        since_ns = crossing.time_ns + 1
        clear = (
            point.time_ns
            for point in passage.drive.within(since_ns, passage.until_ns)
            if line.metres(point, passage.drive.front_m) < -_CLEAR_M
        )
        since_ns = next(clear, passage.until_ns)


def clearing_time(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From green, if the car then stood, else from crossing the edge, until the tail has passed the exit line."""
    line, exit_line, light = passage.stop_line, passage.exit_line, passage.exercise.signal
    if line is None or exit_line is None or light is None:
        return
    crossing = passage.drive.front_crossing(line, passage.since_ns, passage.until_ns)
    cleared = passage.drive.tail_crossing(exit_line, passage.since_ns, passage.drive.points[-1].time_ns)
    if crossing is None or cleared is None:
        return
    seen = witnessed(passage, line, crossing)
    crossing = seen.crossing
    history = passage.log.elements.named[light]
    green_ns = history.since(crossing.time_ns, lambda state: state is Aspect.GREEN)
    begin_ns, sigma_s = crossing.time_ns, crossing.sigma_s
    if green_ns is not None and _stood(passage, green_ns):
        begin_ns, sigma_s = green_ns, ELEMENT_SIGMA_S
    yield passage.observe(
        rule,
        (cleared.time_ns - begin_ns) / NS_PER_S,
        sqrt(sigma_s * sigma_s + cleared.sigma_s * cleared.sigma_s),
        (begin_ns, cleared.time_ns),
        subject=light,
        supports_fault=crossing.exam_grade and cleared.exam_grade,
        sources=(*seen.sources, history.device_id),
        word=seen.word,
    )


def _one_crossing(passage: Passage, rule: Rule, line: StopLine, element_id: str, seen: Witnessed) -> Observation:
    crossing = seen.crossing
    history = passage.log.elements.named[element_id]
    forbids = _FORBIDS[str(rule.parameters["signal"])]
    grace_ns = int(float(rule.parameters["grace_s"]) * NS_PER_S)
    sigma_s = sqrt(crossing.sigma_s * crossing.sigma_s + ELEMENT_SIGMA_S * ELEMENT_SIGMA_S)
    probe_ns = crossing.time_ns + int(passage.k_p * sigma_s * NS_PER_S)
    forbade_ns = history.since(crossing.time_ns, forbids)
    if forbade_ns is None:
        forbade_ns = history.since(probe_ns, forbids)
    is_known = _is_known(passage, element_id, history, crossing.time_ns)
    late_s = -float("inf") if forbade_ns is None else (crossing.time_ns - forbade_ns - grace_ns) / NS_PER_S
    until_ns, value, reach_sigma, place = crossing.time_ns, 0.0, 0.0, None
    if late_s >= 0.0 and forbade_ns is not None:
        until_ns = _allowed_again_ns(history, forbids, crossing.time_ns, passage.until_ns)
        furthest = passage.drive.furthest_front(line, crossing.time_ns, until_ns)
        if furthest is not None:
            value, reach_sigma, place = max(furthest.metres, 0.0), furthest.sigma_m, furthest.place
    return passage.observe(
        rule,
        value,
        reach_sigma,
        (crossing.time_ns if forbade_ns is None else min(forbade_ns, crossing.time_ns), until_ns),
        crossing.time_ns,
        subject=element_id,
        place=place,
        supports_fault=is_known and crossing.exam_grade and late_s > passage.k_f * sigma_s,
        supports_ok=is_known and (late_s >= 0.0 or late_s < -passage.k_p * sigma_s),
        sources=(*seen.sources, history.device_id),
        word=seen.word,
    )


def _is_known(passage: Passage, element_id: str, history: ElementHistory, time_ns: int) -> bool:
    if history.at(time_ns) is None:
        return False
    losses = passage.log.health.element_losses(element_id, passage.log.until_ns)
    return not any(loss.since_ns <= time_ns <= loss.until_ns for loss in losses)


def _allowed_again_ns(
    history: ElementHistory, forbids: Callable[[ElementState], bool], since_ns: int, until_ns: int
) -> int:
    allowed = history.first(since_ns, until_ns, lambda state: not forbids(state))
    return until_ns if allowed is None else allowed


def _stood(passage: Passage, time_ns: int) -> bool:
    return any(stop.stretch.since_ns <= time_ns <= stop.stretch.until_ns for stop in passage.stops())
