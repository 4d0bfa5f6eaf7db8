"""The car's on/off signals as timelines of their changes, and how long one contradicted what it must be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from operator import attrgetter

from messages.readings import CarState
from messages.topics import TOPICS

NS_PER_S = 1_000_000_000
STALE_NS = int((TOPICS["car_state"].silent_after_s or 0.5) * NS_PER_S)
"""After so long without a word of the bus, what it last said is no longer known."""
_LATE_NS = 100_000_000
"""A reading of the bus is due every 20 to 40 ms."""
EDGE_SIGMA_S = 0.02
"""Of the instant of a change: a signal is sampled every 20 to 40 ms and comes up to as much late."""

_FIELDS = (
    "gear",
    "handbrake_on",
    "belt_fastened",
    "doors_closed",
    "left_indicator_on",
    "right_indicator_on",
    "dipped_beam_on",
    "engine_running",
    "brake_pressed",
    "clutch_pressed",
)
_read = attrgetter(*_FIELDS)

State = bool | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time on end, with the standard uncertainty of its two ends."""

    since_ns: int
    until_ns: int
    since_sigma_s: float = 0.0
    until_sigma_s: float = 0.0

    @property
    def length_s(self) -> float:
        """Its length."""
        return (self.until_ns - self.since_ns) / NS_PER_S

    @property
    def sigma_s(self) -> float:
        """Standard uncertainty of the length."""
        return sqrt(self.since_sigma_s * self.since_sigma_s + self.until_sigma_s * self.until_sigma_s)

    def cut(self, since_ns: int, until_ns: int) -> Stretch | None:
        """What of it lies within two exact instants, or None."""
        if self.since_ns >= until_ns or self.until_ns <= since_ns:
            return None
        return Stretch(
            max(self.since_ns, since_ns),
            min(self.until_ns, until_ns),
            self.since_sigma_s if self.since_ns >= since_ns else 0.0,
            self.until_sigma_s if self.until_ns <= until_ns else 0.0,
        )


class Timeline:
    """One signal's state through an exam; None where it is not known. States are kept as changes only."""

    def __init__(self) -> None:
        self._times: list[int] = []
        self._states: list[State] = []

    def change(self, time_ns: int, state: State) -> None:
        """Take in the state from an instant on; instants do not go back."""
        if self._states and self._states[-1] is state:
            return
        if self._times and time_ns <= self._times[-1]:
            self._states[-1] = state
            return
        self._times.append(time_ns)
        self._states.append(state)

    def at(self, time_ns: int) -> State:
        """The state at an instant."""
        index = bisect_right(self._times, time_ns) - 1
        return self._states[index] if index >= 0 else None

    def pieces(self, stretch: Stretch) -> Iterator[tuple[State, Stretch]]:
        """The states within a stretch, in order, each with its time."""
        index = bisect_right(self._times, stretch.since_ns) - 1
        since, sigma = stretch.since_ns, stretch.since_sigma_s
        while since < stretch.until_ns:
            state = self._states[index] if index >= 0 else None
            index += 1
            if index >= len(self._times) or self._times[index] >= stretch.until_ns:
                yield state, Stretch(since, stretch.until_ns, sigma, stretch.until_sigma_s)
                return
            yield state, Stretch(since, self._times[index], sigma, EDGE_SIGMA_S)
            since, sigma = self._times[index], EDGE_SIGMA_S

    def runs(self, stretch: Stretch, wanted: frozenset[State]) -> list[Stretch]:
        """The maximal times on end within a stretch in which the state was one of those wanted."""
        found: list[Stretch] = []
        for state, piece in self.pieces(stretch):
            if state not in wanted:
                continue
            if found and found[-1].until_ns == piece.since_ns:
                before = found.pop()
                piece = Stretch(before.since_ns, piece.until_ns, before.since_sigma_s, piece.until_sigma_s)
            found.append(piece)
        return found


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest time on end of a state: what is known, and what it could be where the state is not known."""

    definite: Stretch | None
    possible: Stretch | None

    @property
    def is_known(self) -> bool:
        """Whether nothing unknown could have made it longer."""
        return self.definite == self.possible


def longest(timeline: Timeline, stretches: Iterable[Stretch], state: bool) -> Longest:
    """The longest time on end of a state within any of some stretches."""
    definite: Stretch | None = None
    possible: Stretch | None = None
    for stretch in stretches:
        definite = _longer(definite, timeline.runs(stretch, frozenset({state})))
        possible = _longer(possible, timeline.runs(stretch, frozenset({state, None})))
    return Longest(definite, possible)


def _longer(best: Stretch | None, runs: list[Stretch]) -> Stretch | None:
    for run in runs:
        if best is None or run.length_s > best.length_s:
            best = run
    return best


class CarSignals:
    """All timelines of one car's bus, fed reading by reading."""

    def __init__(self, rpm_limits: Iterable[float] = ()) -> None:
        self.named: dict[str, Timeline] = {name: Timeline() for name in (*_FIELDS[1:], "hazards_on", "neutral")}
        self.named["reverse"] = Timeline()
        self.above_rpm: dict[float, Timeline] = {limit: Timeline() for limit in rpm_limits}
        self._above: dict[float, State] = dict.fromkeys(self.above_rpm)
        self._last: tuple[object, ...] | None = None
        self._last_ns = 0
        self._is_lost = False
        self._reverse: State = None

    def feed(self, time_ns: int, state: CarState) -> None:
        """Take in one reading; readings come in order."""
        last_ns, self._last_ns = self._last_ns, time_ns
        if time_ns - last_ns > STALE_NS and last_ns:
            self._lose(last_ns)
        self._is_lost = False
        said = _read(state)
        if said != self._last:
            self._last = said
            self._change(time_ns if last_ns == 0 else max((last_ns + time_ns) // 2, time_ns - STALE_NS), said)
        for limit, was in self._above.items():
            rpm = state.engine_speed_rpm
            above = None if rpm is None else rpm > limit
            if above is not was:
                self._above[limit] = above
                self.above_rpm[limit].change((last_ns + time_ns) // 2 if last_ns else time_ns, above)

    @property
    def newest_ns(self) -> int:
        """When the bus was heard last; 0 if never."""
        return self._last_ns

    @property
    def reverse_now(self) -> State:
        """Whether reverse gear is engaged now."""
        return self._reverse

    def close(self, time_ns: int) -> None:
        """Say that nothing more comes before an instant: of a bus silent for too long by then nothing is known."""
        if not self._is_lost and self._last_ns and time_ns - self._last_ns > STALE_NS:
            self._lose(self._last_ns)

    def may_come(self, time_ns: int) -> bool:
        """Whether the bus is silent at an instant, but not for so long yet that nothing is known any more."""
        return self._last_ns > 0 and not self._is_lost and time_ns - self._last_ns > _LATE_NS

    def _lose(self, since_ns: int) -> None:
        self._is_lost = True
        for timeline in (*self.named.values(), *self.above_rpm.values()):
            timeline.change(since_ns + 1, None)
        self._last = self._reverse = None
        self._above = dict.fromkeys(self._above)

    def _change(self, time_ns: int, said: tuple[object, ...]) -> None:
        gear = said[0]
        named = self.named
        for name, value in zip(_FIELDS[1:], said[1:], strict=True):
            named[name].change(time_ns, value if isinstance(value, bool) else None)
        left, right = said[4], said[5]
        unknown = left is None or right is None
        named["hazards_on"].change(time_ns, None if unknown else bool(left and right))
        named["neutral"].change(time_ns, None if gear is None else gear == 0)
        self._reverse = None if gear is None else gear == -1
        named["reverse"].change(time_ns, self._reverse)
