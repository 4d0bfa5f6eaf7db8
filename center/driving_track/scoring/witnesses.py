"""What the track's own sensors at a line say of the car: beams and loops at stop lines and gates, strips at kerbs.

A sensor is only asked where the receiver's word, with its uncertainty, leaves no doubt of what it must feel
(docs/observations.md). Where the two contradict one another, one of them is wrong, and nobody knows which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import sqrt

from msgspec.structs import replace

from center.driving_track.scoring.elements import ELEMENT_SIGMA_S, ElementHistory
from center.driving_track.scoring.geometry.areas import has_left, touches
from center.driving_track.scoring.geometry.outline import (
    front_middle,
    placed,
    survey_variance,
    tyre_patches,
    variance_towards,
)
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.zones import distance_m
from messages.site import Car, Element, ElementKind, Line, LineKind, Point, Site

AT_LINE_M = 0.75
"""A sensor so near to a line is there for it."""
_LOOK_NS = 6_000_000_000
"""So far before and after a crossing the receiver's word must be without doubt, else the sensor is not asked."""
_HEARD_WITHIN_NS = 6_000_000_000
"""A controller says each element's state anew every 5 s; an older word is none."""
_BLUR_M = {ElementKind.BEAM: 0.02, ElementKind.INDUCTION_LOOP: 0.3, ElementKind.KERB_STRIP: 0.0}
"""How far beside its surveyed place a sensor may still feel a car, or not yet."""
_FINEST_M = {ElementKind.BEAM: 1.6, ElementKind.INDUCTION_LOOP: 1.6, ElementKind.KERB_STRIP: 0.08}
"""What is felt so far apart leaves nothing out between: a tyre is 0.16 m long and wide, a car at least 1.6 m wide."""
_KINDS = {
    LineKind.STOP: (ElementKind.BEAM, ElementKind.INDUCTION_LOOP),
    LineKind.GATE: (ElementKind.BEAM, ElementKind.INDUCTION_LOOP),
    LineKind.EDGE: (ElementKind.KERB_STRIP,),
    LineKind.KERB: (ElementKind.KERB_STRIP,),
}


HasFailed = Callable[[str, int], bool]
"""Whether an element's controller told at an instant (UTC ns) that the element has failed."""


@dataclass(frozen=True, slots=True)
class Word:
    """The sensors at a line that say the same as the receiver, and those that contradict it."""

    agree: tuple[str, ...] = ()
    disagree: tuple[str, ...] = ()
    edge_ns: int | None = None
    """When a beam that agrees was interrupted: the crossing's instant by its own word."""

    def __add__(self, other: Word) -> Word:
        """Both words together."""
        edge_ns = other.edge_ns if self.edge_ns is None else self.edge_ns
        return Word(self.agree + other.agree, self.disagree + other.disagree, edge_ns)


NOTHING_SAID = Word()


class Witness:
    """One sensor at a line, and what it must feel of one car."""

    def __init__(self, element: Element, car: Car, history: ElementHistory, k: float, has_failed: HasFailed) -> None:
        self.id = element.id
        self.is_beam = element.kind is ElementKind.BEAM
        self._element = element
        self._car = car
        self._history = history
        self._has_failed = has_failed
        self._k = k
        self._tyres = tyre_patches(car)
        self._front_m = front_middle(car)[0]
        self._length_m = self._front_m - min(x for x, _ in car.outline)
        self._survey_m2 = survey_variance(car) + element.survey_sigma_m * element.survey_sigma_m

    def expected(self, point: PathPoint) -> bool | None:
        """What the sensor must feel where the car is; None if that is in doubt."""
        kind = self._element.kind
        late_m = abs(point.speed_mps) * ELEMENT_SIGMA_S
        along = self._doubt_m(point, (point.forward_east, point.forward_north), late_m)
        across = self._doubt_m(point, (point.left_east, point.left_north), 0.0)
        if across > _FINEST_M[kind]:
            return None
        spacing_m = _FINEST_M[kind] if kind is ElementKind.KERB_STRIP else self._length_m
        places = product(_offsets(along, spacing_m), _offsets(across, across))
        felt = {self._feels(_moved(point, *place)) for place in places}
        return felt.pop() if len(felt) == 1 else None

    def said(self, time_ns: int) -> bool | None:
        """What the sensor said of an instant; None if not heard of lately, or its controller told that it failed."""
        heard_ns = self._history.heard_before(time_ns)
        state = self._history.at(time_ns)
        if heard_ns is None or time_ns - heard_ns > _HEARD_WITHIN_NS or not isinstance(state, bool):
            return None
        return None if self._has_failed(self.id, time_ns) else state

    def edge_ns(self, since_ns: int, until_ns: int) -> int | None:
        """The only instant between two at which it began to feel something."""
        begun = [since for state, since, _ in self._history.pieces(since_ns, until_ns) if state is True]
        return begun[0] if len(begun) == 1 and begun[0] > since_ns else None

    def _doubt_m(self, point: PathPoint, axis: Point, late_m: float) -> float:
        """How far the car may be from where it seems to be, along an axis of its body on the plan."""
        length = sqrt(axis[0] * axis[0] + axis[1] * axis[1])
        normal = axis[0] / length, axis[1] / length
        variance = variance_towards(point, normal, (self._front_m, 0.0)) + self._survey_m2 + late_m * late_m
        return self._k * sqrt(variance) + _BLUR_M[self._element.kind]

    def _feels(self, point: PathPoint) -> bool:
        if self._element.kind is not ElementKind.KERB_STRIP:
            return not has_left(point, self._car, self._element.points)
        return any(touches(placed(point, patch), self._element.points) for patch in self._tyres)


class Witnesses:
    """The sensors at the lines of a site, for one car."""

    def __init__(
        self, site: Site, car: Car, histories: dict[str, ElementHistory], k: float, has_failed: HasFailed
    ) -> None:
        self._at = {
            line.id: [Witness(one, car, histories[one.id], k, has_failed) for one in _beside(line, site.elements)]
            for line in site.lines
        }

    def at_crossing(self, line_id: str, crossed_ns: int, path: Sequence[PathPoint]) -> Word:
        """Of the front's crossing of a line: a sensor at it must feel what it must before it, and after it too."""
        before = [point for point in reversed(path) if crossed_ns - _LOOK_NS <= point.time_ns < crossed_ns]
        after = [point for point in path if crossed_ns < point.time_ns <= crossed_ns + _LOOK_NS]
        word = NOTHING_SAID
        for witness in self._at[line_id]:
            word += _word_of(witness, _asked(witness, before), _asked(witness, after))
        return word

    def at_place(self, line_id: str, point: PathPoint) -> Word:
        """Of the car at one place; sensors that feel nothing, and must not, say nothing."""
        word = NOTHING_SAID
        for witness in self._at[line_id]:
            expected, said = witness.expected(point), witness.said(point.time_ns)
            if expected is None or said is None:
                continue
            if expected is not said:
                word += Word(disagree=(witness.id,))
            elif said:
                word += Word(agree=(witness.id,))
        return word


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a sensor said at an instant at which there was no doubt of what it must feel."""

    time_ns: int
    expected: bool
    said: bool


def _word_of(witness: Witness, before: _Answer | None, after: _Answer | None) -> Word:
    if any(one is not None and one.said is not one.expected for one in (before, after)):
        return Word(disagree=(witness.id,))
    if after is None:
        return NOTHING_SAID
    edge_ns = None
    if before is not None and witness.is_beam:
        edge_ns = witness.edge_ns(before.time_ns, after.time_ns)
    # Where it must feel nothing any more either, only that it felt something in between says anything.
    return Word(agree=(witness.id,), edge_ns=edge_ns) if after.expected or edge_ns is not None else NOTHING_SAID


def _asked(witness: Witness, points: Iterable[PathPoint]) -> _Answer | None:
    """At the first of some points at which there is no doubt."""
    for point in points:
        expected = witness.expected(point)
        if expected is not None:
            said = witness.said(point.time_ns)
            return None if said is None else _Answer(point.time_ns, expected, said)
    return None


def _beside(line: Line, elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        if element.kind in _KINDS.get(line.kind, ()) and _gap_m(line, element) <= AT_LINE_M:
            yield element


def _gap_m(line: Line, element: Element) -> float:
    from_element = min(distance_m(east, north, line.points) for east, north in element.points)
    return min(from_element, *(distance_m(east, north, element.points) for east, north in line.points))


def _offsets(doubt_m: float, spacing_m: float) -> list[float]:
    """Places from one end of a doubt to the other, no farther apart than the spacing."""
    steps = max(int(doubt_m / spacing_m + 0.999), 1)
    return [doubt_m * step / steps for step in range(-steps, steps + 1)]


def _moved(point: PathPoint, along_m: float, across_m: float) -> PathPoint:
    forward = sqrt(point.forward_east * point.forward_east + point.forward_north * point.forward_north)
    u, v = point.forward_east / forward, point.forward_north / forward
    return replace(
        point,
        east_m=point.east_m + along_m * u - across_m * v,
        north_m=point.north_m + along_m * v + across_m * u,
    )
