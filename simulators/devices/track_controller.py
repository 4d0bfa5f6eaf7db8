"""A track controller: tells what beams, loops, strips, cones, lights and barrier show, at a change and every 5 s."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from messages.readings import (
    Aspect,
    BarrierPosition,
    Beam,
    ConeTilt,
    InductionLoop,
    KerbStrip,
    LevelCrossingBarrier,
    Reading,
    TrafficLight,
)
from messages.site import Element, ElementKind
from simulators.scenario import Fault

State = bool | float | Aspect | BarrierPosition
"""What an element shows: interrupted, occupied or pressed; a tilt in degrees; an aspect; a barrier's position."""

ANNOUNCE_EVERY_NS: Final = 5_000_000_000
_TILT_STEP_DEG: Final = 0.5


def body_of(element: Element, state: State) -> Reading:
    """The message body that says ``state`` of ``element``; raises ValueError where the two do not fit."""
    kind = element.kind
    if kind is ElementKind.TRAFFIC_LIGHT and isinstance(state, Aspect):
        return TrafficLight(element.id, state)
    if kind is ElementKind.LEVEL_CROSSING_BARRIER and isinstance(state, BarrierPosition):
        return LevelCrossingBarrier(element.id, state)
    if kind is ElementKind.CONE_TILT and not isinstance(state, str):
        return ConeTilt(element.id, round(float(state), 1))
    if isinstance(state, bool):
        if kind is ElementKind.BEAM:
            return Beam(element.id, state)
        if kind is ElementKind.INDUCTION_LOOP:
            return InductionLoop(element.id, state)
        if kind is ElementKind.KERB_STRIP:
            return KerbStrip(element.id, state)
    raise ValueError(f"{kind} {element.id!r} cannot show {state!r}")


class TrackController:
    """One controller's memory of what it last said; broken elements are silent, or stuck at what they showed."""

    def __init__(self, device_id: str, elements: Iterable[Element]) -> None:
        self.device_id = device_id
        self._elements = {element.id: element for element in elements if element.device == device_id}
        self._said: dict[str, State] = {}
        self._announced_ns: int | None = None
        self._silent: set[str] = set()
        self._stuck: dict[str, State | None] = {}

    @property
    def element_ids(self) -> tuple[str, ...]:
        """The elements that hang on this controller."""
        return tuple(self._elements)

    def silence(self, element_id: str) -> None:
        """The element says nothing from now on; raises KeyError if it does not hang here."""
        self._silent.add(self._elements[element_id].id)

    def stick(self, element_id: str, state: State | None = None) -> None:
        """The element shows this (None: what it showed last) from now on; raises KeyError or ValueError."""
        if state is not None:
            body_of(self._elements[element_id], state)
        self._stuck[self._elements[element_id].id] = state

    def fail(self, element_id: str, fault: Fault) -> None:
        """The element fails in that way; raises KeyError, or ValueError for a fault that it cannot have."""
        if fault is Fault.SILENT:
            self.silence(element_id)
        elif fault is Fault.STUCK:
            self.stick(element_id)
        elif fault in (Fault.BLIND, Fault.BLOCKED):
            self.stick(element_id, fault is Fault.BLOCKED)
        else:
            raise ValueError(
                f"{element_id} cannot have the fault {fault.value!r}; silent, stuck, blind and blocked are possible"
            )

    def mend(self, element_id: str) -> None:
        """The element works again."""
        self._silent.discard(element_id)
        self._stuck.pop(element_id, None)

    def announce(self) -> None:
        """Say everything again at the next look: after a birth and when an exam is called."""
        self._announced_ns = None

    def look(self, time_ns: int, states: Mapping[str, State]) -> list[Reading]:
        """What is said at this instant: everything when it is due, else what has changed."""
        due = self._announced_ns is None or time_ns - self._announced_ns >= ANNOUNCE_EVERY_NS
        if due:
            self._announced_ns = time_ns
        said: list[Reading] = []
        for element_id, element in self._elements.items():
            state = self._shown(element_id, states)
            if state is None or element_id in self._silent:
                continue
            if due or self._differs(element_id, state):
                self._said[element_id] = state
                said.append(body_of(element, state))
        return said

    def _shown(self, element_id: str, states: Mapping[str, State]) -> State | None:
        if element_id in self._stuck:
            stuck = self._stuck[element_id]
            return self._said.get(element_id) if stuck is None else stuck
        return states.get(element_id)

    def _differs(self, element_id: str, state: State) -> bool:
        before = self._said.get(element_id)
        if isinstance(before, float) and isinstance(state, float):
            return abs(before - state) >= _TILT_STEP_DEG
        return before != state
