"""Whether a loss that the live scorer sees is one for good, so that the attempt need not be driven to its end.

A source that is not heard of may only wait in an outbox behind a dead link. It is lost when its own device went on
speaking for longer than the pack allows and had nothing of it to say: an outbox sends in order.
"""

from __future__ import annotations

from collections.abc import Iterable

from center.driving_track.scoring.health import CAR_BUS, GROUPS, SATELLITE
from center.driving_track.scoring.points import VoidEvent
from center.driving_track.scoring.rules import Edition
from messages.envelope import Envelope
from messages.readings import Birth, Death, Digest, Gap, Heartbeat
from messages.site import Car, Site

_S = 1_000_000_000
_MARGIN_NS = _S
"""A device's heartbeat may overtake by so much a reading that is still being made of bytes."""
_ONE_TIME_NS = 2 * _S
"""Readings that were passed over within so much of one another are one time without any."""
_OF_ITSELF = (Birth, Heartbeat, Digest, Death, Gap)
"""What a device says of itself: it lives, and has nothing of its source."""


class Losses:
    """What the devices of one exam were heard to say, whether the live scorer took it or not."""

    def __init__(self, site: Site, car: Car, edition: Edition) -> None:
        self._allowed_ns = {rule.source: round(rule.longer_than_s * _S) for rule in edition.void}
        self._devices = {rule.source: _devices_of(rule.source, site, car) for rule in edition.void}
        self._heard_ns: dict[str, int] = {}
        self._passed_over: list[tuple[int, int]] = []
        """From when to when readings of any device came that the live scorer did not take."""

    def note(self, envelope: Envelope, *, taken: bool) -> None:
        """A reading came; ``taken`` False: too late for the live scorer, or of a chain that is in doubt."""
        device, time_ns = envelope.device_id, envelope.source_time_ns
        self._heard_ns[device] = max(self._heard_ns.get(device, 0), time_ns)
        if not taken:
            self.doubt(envelope)

    def doubt(self, envelope: Envelope) -> None:
        """A reading came of which nobody knows yet whose it is: it is no sign of life, and was not taken."""
        time_ns = envelope.source_time_ns
        if not isinstance(envelope.body, _OF_ITSELF):
            first, last = self._passed_over.pop() if self._passed_over else (time_ns, time_ns)
            if first - _ONE_TIME_NS <= time_ns <= last + _ONE_TIME_NS:
                self._passed_over.append((min(first, time_ns), max(last, time_ns)))
            else:
                self._passed_over += [(first, last), (time_ns, time_ns)]

    def made_good(self) -> None:
        """The live scorer has what was passed over."""
        self._passed_over.clear()

    def for_good(self, events: Iterable[VoidEvent]) -> list[VoidEvent]:
        """Those of the live scorer's losses that nothing to come can undo."""
        return [one for one in events if self._is_for_good(one)]

    def _is_for_good(self, event: VoidEvent) -> bool:
        devices = self._devices.get(event.source, ())
        over_ns = event.since_ns + self._allowed_ns.get(event.source, 0) + _MARGIN_NS
        told = bool(devices) and all(self._heard_ns.get(device, 0) >= over_ns for device in devices)
        return told and not self._may_be_blind(event)

    def _may_be_blind(self, event: VoidEvent) -> bool:
        """Whether the live scorer lacks readings of that time: without the car's speed it loses the position too."""
        since_ns = event.since_ns - _ONE_TIME_NS
        return any(first <= event.until_ns and last >= since_ns for first, last in self._passed_over)


def _devices_of(source: str, site: Site, car: Car) -> tuple[str, ...]:
    if source == SATELLITE:
        return (car.satellite_device,)
    if source == CAR_BUS:
        return (car.bus_device,)
    kind = GROUPS.get(source)
    return tuple(sorted({one.device for one in site.elements if one.id == source or (kind and one.kind is kind)}))
