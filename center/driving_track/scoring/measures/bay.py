"""Parking in a bay: the stop that counts, and how far the outline reached out of the bay in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from center.driving_track.scoring.geometry.areas import has_left, outside_polygon
from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.measures import held, reverse
from center.driving_track.scoring.motion import STOP_FROM_S, Stop
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.rules import Rule

_UNSURE_M = 0.1
"""A place that is less sure than this may have touched the bay."""


@dataclass(frozen=True, slots=True)
class BayStop:
    """A stop that touches the bay, after reversing, and where the car stood in it."""

    stop: Stop
    point: PathPoint
    exam_grade: bool


def outside_bay(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """How far the outline reaches out of the bay at the longest stop in it after reversing."""
    parked, bay = parked_stop(passage), passage.exercise.bay
    if parked is None or bay is None or not passage.is_over:
        return
    car = passage.log.car
    out_m, sigma_m = outside_polygon(parked.point, car.outline, bay, car)
    stretch = parked.stop.stretch
    yield passage.observe(
        rule,
        out_m,
        sigma_m,
        (stretch.since_ns, stretch.until_ns),
        parked.stop.middle_ns,
        subject="bay",
        place=(parked.point.east_m, parked.point.north_m),
        supports_fault=parked.exam_grade and parked.stop.is_definite(passage.k_p),
        supports_ok=parked.stop.is_definite(passage.k_p),
    )


def not_parked(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """1 if the exercise was left without a stop, after reversing, that touches the bay."""
    if not passage.is_over:
        return
    parked = parked_stop(passage)
    possible = _bay_stops(passage, sure=False)
    whole = (passage.since_ns, passage.until_ns)
    path = passage.drive.within(*whole)
    seen = bool(path) and path[0].exam_grade and path[-1].exam_grade
    blind = not seen or passage.log.motion.is_blind(*whole) or passage.drive.has_gap(*whole)
    yield passage.observe(
        rule,
        1.0 if parked is None else 0.0,
        0.0,
        whole,
        supports_fault=not possible and not blind,
        supports_ok=parked is not None and parked.stop.is_definite(passage.k_p),
    )


def parked_signal(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """A signal in the stop in the bay."""
    parked = parked_stop(passage)
    if parked is None:
        return
    timeline = passage.log.signals.named[str(rule.parameters["signal"])]
    yield held.held_while_parked(
        passage.log,
        rule,
        timeline,
        parked.stop.stretch,
        passage.exercise.id,
        is_whole=parked.stop.is_over and passage.is_over,
    )


def parked_stop(passage: Passage) -> BayStop | None:
    """The longest stop that touches the bay, after reversing."""
    stops = _bay_stops(passage, sure=True)
    return max(stops, key=lambda one: one.stop.stretch.length_s, default=None)


def _bay_stops(passage: Passage, *, sure: bool) -> list[BayStop]:
    bay = passage.exercise.bay
    reversed_ = reverse.driven(passage.log, passage.since_ns, passage.until_ns)
    if bay is None or (sure and not reversed_):
        return []
    found: list[BayStop] = []
    for stop in passage.stops():
        point = passage.drive.at(stop.middle_ns)
        if point is None:
            continue
        late = any(one.since_ns < stop.stretch.since_ns for one in reversed_)
        lasted = stop.stretch.length_s >= STOP_FROM_S if sure else stop.is_possible(passage.k_f)
        touching = not has_left(point, passage.log.car, bay)
        if not sure and (not point.exam_grade or point.var_east_m2 + point.var_north_m2 > _UNSURE_M * _UNSURE_M):
            touching = True
        if lasted and touching and (late or not sure):
            found.append(BayStop(stop, point, point.exam_grade))
    return found
