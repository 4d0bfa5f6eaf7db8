"""Speed outside and inside the speed section: the highest that was held for so long."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from center.driving_track.scoring.legs import Leg
from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.measures import section
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S
from center.driving_track.scoring.witnesses import NOTHING_SAID, Word

_GAP_NS = 300_000_000
_TINY_SIGMA_MPS = 0.02
"""What a speed of the forward filter leaves out: its delay while the car accelerates."""


@dataclass(frozen=True, slots=True)
class HeldSpeed:
    """A speed that was never fallen short of in a stretch of time."""

    mps: float
    sigma_mps: float
    since_ns: int
    until_ns: int
    place: tuple[float, float]


def speed_over(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """The highest speed of a leg that was held for ``held_s``, inside or outside the speed section."""
    inside = rule.parameters["where"] == "inside_speed_section"
    held_ns = int(float(rule.parameters["held_s"]) * NS_PER_S)
    best: HeldSpeed | None = None
    for since_ns, until_ns in _stretches(log, leg, inside=inside):
        found = highest_held(log.speeds_between(since_ns, until_ns), held_ns)
        if found is not None and (best is None or found.mps > best.mps):
            best = found
    if best is None:
        return
    yield log.observe(
        rule,
        best.mps,
        max(best.sigma_mps, _TINY_SIGMA_MPS),
        (best.since_ns, best.until_ns),
        best.since_ns,
        exercise_id=leg.exercise_id,
        subject=str(rule.parameters["where"]),
        place=best.place,
        sources=(log.satellite, log.bus),
        word=_word_of(log, leg),
    )


def _word_of(log: Logbook, leg: Leg) -> Word:
    """Where the section begins or ends in the leg, which limit held rests on the crossings of its lines."""
    driven = log.section
    if driven is None or not leg.since_ns <= driven.since_ns < leg.until_ns:
        return NOTHING_SAID
    return section.word_of(log, log.speeds_between(leg.since_ns, leg.until_ns))


def highest_held(points: list[PathPoint], held_ns: int) -> HeldSpeed | None:
    """The highest speed never fallen short of for ``held_ns``, by a running minimum over windows of that length."""
    best: HeldSpeed | None = None
    lowest: deque[PathPoint] = deque()
    first = 0
    for index, point in enumerate(points):
        if index and point.time_ns - points[index - 1].time_ns > _GAP_NS:
            lowest.clear()
            first = index
        while lowest and abs(lowest[-1].speed_mps) >= abs(point.speed_mps):
            lowest.pop()
        lowest.append(point)
        while first < index and point.time_ns - points[first + 1].time_ns >= held_ns:
            first += 1
        while lowest[0].time_ns < points[first].time_ns:
            lowest.popleft()
        least = lowest[0]
        if point.time_ns - points[first].time_ns >= held_ns and (best is None or abs(least.speed_mps) > best.mps):
            place = (point.east_m, point.north_m)
            best = HeldSpeed(abs(least.speed_mps), least.speed_sigma_mps, points[first].time_ns, point.time_ns, place)
    return best


def _stretches(log: Logbook, leg: Leg, *, inside: bool) -> list[tuple[int, int]]:
    section = log.section
    if section is None:
        return [] if inside else [(leg.since_ns, leg.until_ns)]
    if inside:
        parts = [(max(leg.since_ns, section.since_ns), min(leg.until_ns, section.until_ns))]
    else:
        parts = [
            (leg.since_ns, min(leg.until_ns, section.since_ns)),
            (max(leg.since_ns, section.until_ns), leg.until_ns),
        ]
    return [(since, until) for since, until in parts if since < until]
