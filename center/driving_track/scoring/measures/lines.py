"""Lines and kerbs: the largest excess of each passage over one, of the wheels or of the whole body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from center.driving_track.scoring.geometry.outline import WHEELS
from center.driving_track.scoring.logbook import Logbook, Passage
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S
from center.driving_track.scoring.watched_line import NEAR_M, WatchedLine

APART_NS = NS_PER_S
"""Stretches with an excess less than this apart are one passage (docs/observations.md)."""


@dataclass(frozen=True, slots=True)
class LinePassage:
    """One passage (or the nearest approach, if nothing reached beyond): first and last point of the path in it."""

    first: int
    last: int
    is_apart: bool
    """Whether it is surely another passage than the one before it."""
    is_excess: bool


def line_excess(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """The passages over each of the exercise's own lines (``general``: over the route's lines that are near)."""
    log = passage.log
    path = passage.drive.within(passage.since_ns, passage.until_ns)
    near = log.line_grid.along(path)
    names = passage.exercise.lines if rule.parameters["lines"] == "exercise" else log.site.route.general_lines
    for name in names:
        watched = watched_line(log, name, str(rule.parameters["part"]))
        for one in passages(watched, path, near.get(name, ()), passage.k_f):
            found = observed(log, rule, watched, path, one, passage.exercise.id)
            if found is not None:
                yield found


def watched_line(log: Logbook, name: str, part: str) -> WatchedLine:
    """A line of the site for one part of the exam's car, made once an exam."""
    kept = log.watched_lines.get((name, part))
    if kept is None:
        kept = log.watched_lines[name, part] = WatchedLine(log.site.line(name), log.car, part)
    return kept


def passages(watched: WatchedLine, path: Sequence[PathPoint], indexes: Iterable[int], k_f: float) -> list[LinePassage]:
    """The passages with an excess in order, or else the one nearest approach; empty if the line was never near.

    ``indexes`` are those of the path's points at which the line may be near.
    """
    near: list[tuple[int, float, float]] = []
    for index in indexes:
        point = path[index]
        edges = watched.near_edges(point)
        beyond = watched.beyond_m(point, edges) if edges else None
        if beyond is not None:
            near.append((index, beyond, sqrt(point.var_east_m2 + point.var_north_m2)))
    over = [(index, sigma) for index, beyond, sigma in near if beyond > 0.0]
    if not over:
        nearest = max(near, key=lambda one: one[1], default=None)
        return [] if nearest is None else [LinePassage(nearest[0], nearest[0], True, False)]
    clearance = {index: -beyond for index, beyond, _ in near}
    found: list[LinePassage] = []
    for index, sigma in over:
        before = found[-1] if found else None
        if before is not None and path[index].time_ns - path[before.last].time_ns < APART_NS:
            found[-1] = LinePassage(before.first, index, before.is_apart, True)
            continue
        is_apart = before is None or _came_off(range(before.last + 1, index), clearance) > k_f * sigma
        found.append(LinePassage(index, index, is_apart, True))
    return found


def _came_off(between: range, clearance: Mapping[int, float]) -> float:
    """How far off the line the car came at any of some points (m); 0 if it was not seen meanwhile."""
    return max((clearance.get(index, NEAR_M) for index in between), default=0.0)


def observed(
    log: Logbook, rule: Rule, watched: WatchedLine, path: Sequence[PathPoint], one: LinePassage, exercise_id: str | None
) -> Observation | None:
    """One passage as an observation, its excess searched for between the epochs too."""
    piece = path[max(one.first - 2, 0) : one.last + 3]
    found = watched.largest(piece)
    if found is None:
        return None
    return log.observe(
        rule,
        found.excess_m,
        found.sigma_m,
        (path[one.first].time_ns, path[one.last].time_ns),
        found.time_ns,
        exercise_id=exercise_id,
        subject=watched.line.id,
        part=WHEELS[found.place] if watched.part == "wheel" else str(found.place + 1),
        place=(found.east_m, found.north_m),
        supports_fault=found.exam_grade and one.is_apart,
        supports_ok=found.whole_exam_grade or found.excess_m <= 0.0,
        sources=(log.satellite, log.bus),
        word=log.witnesses.at_place(watched.line.id, min(piece, key=lambda one: abs(one.time_ns - found.time_ns))),
    )
