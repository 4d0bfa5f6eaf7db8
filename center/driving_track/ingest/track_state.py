"""What lights, barriers, beams, loops, strips and cones last said, as the live page shows it."""

from __future__ import annotations

from messages.envelope import Envelope
from messages.readings import Beam, ConeTilt, InductionLoop, KerbStrip, LevelCrossingBarrier, TrafficLight

_KNOCKED_DEG = 20.0


class TrackState:
    """The track's elements at the newest instant heard of each."""

    def __init__(self) -> None:
        self.signals: dict[str, str] = {}
        self.elements: dict[str, bool] = {}
        self._told_ns: dict[str, int] = {}

    def note(self, envelope: Envelope) -> None:
        """Take in a message that may be scored."""
        body = envelope.body
        if not isinstance(body, TrafficLight | LevelCrossingBarrier | Beam | InductionLoop | KerbStrip | ConeTilt):
            return
        if envelope.source_time_ns < self._told_ns.get(body.element_id, 0):
            return
        self._told_ns[body.element_id] = envelope.source_time_ns
        if isinstance(body, TrafficLight):
            self.signals[body.element_id] = body.aspect.value
        elif isinstance(body, LevelCrossingBarrier):
            self.signals[body.element_id] = body.position.value
        else:
            self.elements[body.element_id] = _is_on(body)


def _is_on(body: Beam | InductionLoop | KerbStrip | ConeTilt) -> bool:
    if isinstance(body, Beam):
        return body.interrupted
    if isinstance(body, InductionLoop):
        return body.occupied
    if isinstance(body, KerbStrip):
        return body.pressed
    return body.tilt_deg > _KNOCKED_DEG
