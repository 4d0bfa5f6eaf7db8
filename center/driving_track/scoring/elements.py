"""What the track's sensors and signals said, as changes: lights, barriers, beams, loops, kerb strips and cones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from messages.readings import (
    Aspect,
    BarrierPosition,
    Beam,
    ConeTilt,
    InductionLoop,
    KerbStrip,
    LevelCrossingBarrier,
    TrafficLight,
)
from messages.site import ElementKind, Site

ElementReading = Beam | InductionLoop | KerbStrip | ConeTilt | TrafficLight | LevelCrossingBarrier
ElementState = bool | float | Aspect | BarrierPosition

_STATE_OF: dict[type, Callable[[ElementReading], ElementState]] = {
    Beam: lambda body: body.interrupted,  # type: ignore[union-attr]
    InductionLoop: lambda body: body.occupied,  # type: ignore[union-attr]
    KerbStrip: lambda body: body.pressed,  # type: ignore[union-attr]
    ConeTilt: lambda body: body.tilt_deg,  # type: ignore[union-attr]
    TrafficLight: lambda body: body.aspect,  # type: ignore[union-attr]
    LevelCrossingBarrier: lambda body: body.position,  # type: ignore[union-attr]
}
_KIND_OF: dict[type, ElementKind] = {
    Beam: ElementKind.BEAM,
    InductionLoop: ElementKind.INDUCTION_LOOP,
    KerbStrip: ElementKind.KERB_STRIP,
    ConeTilt: ElementKind.CONE_TILT,
    TrafficLight: ElementKind.TRAFFIC_LIGHT,
    LevelCrossingBarrier: ElementKind.LEVEL_CROSSING_BARRIER,
}


ELEMENT_SIGMA_S = 0.05
"""Of the instant at which an element changed: how late a track controller may hear of it."""


class ElementHistory:
    """The changes of one element's state; a state that is announced again is no change."""

    def __init__(self, device_id: str) -> None:
        self.device_id = device_id
        self._times: list[int] = []
        self._states: list[ElementState] = []
        self._heard: list[int] = []

    def say(self, time_ns: int, state: ElementState) -> None:
        """Take in what the element says; instants do not go back."""
        self._heard.append(time_ns)
        if not self._states or self._states[-1] != state:
            self._times.append(time_ns)
            self._states.append(state)

    def at(self, time_ns: int) -> ElementState | None:
        """The state at an instant; None before the element was first heard."""
        index = bisect_right(self._times, time_ns) - 1
        return self._states[index] if index >= 0 else None

    def heard_before(self, time_ns: int) -> int | None:
        """When the element was last heard up to an instant, changed or not; None if never."""
        index = bisect_right(self._heard, time_ns) - 1
        return self._heard[index] if index >= 0 else None

    def pieces(self, since_ns: int, until_ns: int) -> Iterator[tuple[ElementState | None, int, int]]:
        """The states between two instants, in order, each with its time (since, until)."""
        index = bisect_right(self._times, since_ns) - 1
        since = since_ns
        while since < until_ns:
            state = self._states[index] if index >= 0 else None
            index += 1
            until = min(self._times[index], until_ns) if index < len(self._times) else until_ns
            yield state, since, until
            since = until

    def since(self, time_ns: int, wanted: Callable[[ElementState], bool]) -> int | None:
        """From when on, up to an instant, the state has been one that is wanted; None if at that instant it is not."""
        index = bisect_right(self._times, time_ns) - 1
        began: int | None = None
        while index >= 0 and wanted(self._states[index]):
            began = self._times[index]
            index -= 1
        return began

    def first(self, since_ns: int, until_ns: int, wanted: Callable[[ElementState], bool]) -> int | None:
        """The first instant between two at which the state is one that is wanted."""
        for state, since, _ in self.pieces(since_ns, until_ns):
            if state is not None and wanted(state):
                return since
        return None


class Elements:
    """The histories of all elements of a site."""

    def __init__(self, site: Site) -> None:
        self._kinds = {element.id: element.kind for element in site.elements}
        self.named = {element.id: ElementHistory(element.device) for element in site.elements}

    def feed(self, device_id: str, time_ns: int, body: ElementReading) -> bool:
        """Take in a reading; False (and nothing kept) if that device does not carry that element of that kind."""
        history = self.named.get(body.element_id)
        kind = type(body)
        if history is None or history.device_id != device_id or self._kinds[body.element_id] is not _KIND_OF[kind]:
            return False
        history.say(time_ns, _STATE_OF[kind](body))
        return True
