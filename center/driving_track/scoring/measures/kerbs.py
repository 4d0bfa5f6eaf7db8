"""Kerb strips: how long one was pressed while a wheel of this car was near."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from center.driving_track.scoring.logbook import Logbook, Passage
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S

_EDGE_SIGMA_S = 0.01
ONE_PRESS_NS = NS_PER_S
"""Presses less than this apart are one (docs/observations.md)."""

Press = list[tuple[int, int]]
"""Its parts: since and until (ns)."""


def kerb_pressed(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """The presses of the exercise's own strips that began in it."""
    for strip in passage.exercise.kerb_strips:
        for press in presses(passage.log, strip, passage.drive.points[-1].time_ns):
            if passage.since_ns <= press[0][0] < passage.until_ns:
                yield observed(passage.log, rule, strip, press, passage.exercise.id)


def presses(log: Logbook, strip: str, until_ns: int) -> list[Press]:
    """The presses of a strip by this car since the exam began; the last one may go on."""
    pieces = log.elements.named[strip].pieces(log.began_ns, until_ns)
    groups: list[Press] = []
    for state, since, until in pieces:
        if state is not True or not log.nearness.was_near(strip, since, until):
            continue
        if groups and since - groups[-1][-1][1] < ONE_PRESS_NS:
            groups[-1].append((since, until))
        else:
            groups.append([(since, until)])
    return groups


def observed(log: Logbook, rule: Rule, strip: str, press: Press, exercise_id: str | None) -> Observation:
    """One press: as long as its longest part on end."""
    longest = max(until - since for since, until in press) / NS_PER_S
    return log.observe(
        rule,
        longest - float(rule.parameters["debounce_s"]),
        sqrt(2.0) * _EDGE_SIGMA_S,
        (press[0][0], press[-1][1]),
        press[0][0],
        exercise_id=exercise_id,
        subject=strip,
        sources=(log.elements.named[strip].device_id, log.satellite),
    )
