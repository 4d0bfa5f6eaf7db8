"""The exam car's bus as ``sites/vehicles/exam_car.dbc`` describes it: a car state with every motion frame.

A frame whose checksum is wrong is counted and not used; a counter that jumps is a gap. A signal that the car does not
know, or whose message has not come for half a second, is ``None``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Final

from messages.readings import CarState, Gap
from sensors.can_frame import unpack
from sensors.dbc import BadDbc, BadFrame, FrameReader, MessagePlan, Value
from sensors.device import Chunk, Counts, Timed

_STALE_NS: Final = 500_000_000
_CLOCK_SET_NS: Final = 1_000_000_000
"""A frame that is older than the last by more is not late: the source's clock was set."""
_COUNTER_VALUES: Final = 16
_CLOCKED: Final = "Motion"

_FIELDS: Final[dict[str, dict[str, str]]] = {
    "Motion": {"speed_mps": "WheelSpeed", "steering_wheel_deg": "SteeringWheelAngle"},
    "Engine": {"engine_speed_rpm": "EngineSpeed", "gear": "Gear", "engine_running": "EngineRunning"},
    "Body": {
        "brake_pressed": "BrakePressed",
        "clutch_pressed": "ClutchPressed",
        "handbrake_on": "HandbrakeOn",
        "belt_fastened": "BeltFastened",
        "doors_closed": "DoorsClosed",
        "left_indicator_on": "LeftIndicatorOn",
        "right_indicator_on": "RightIndicatorOn",
        "dipped_beam_on": "DippedBeamOn",
    },
}
"""Which signal of which message each field of the car state is."""

_NUMBERS: Final[dict[str, Callable[[int | float], int | float]]] = {
    "speed_mps": float,
    "steering_wheel_deg": float,
    "engine_speed_rpm": float,
    "gear": int,
}
"""What a field is made of its value; all others are switches."""


class _Heard:
    """The last frame of one message."""

    __slots__ = ("counter", "data", "fields", "plan", "time_ns")

    def __init__(self, plan: MessagePlan) -> None:
        self.plan = plan
        self.counter: Value = None
        self.data = b""
        self.time_ns = 0
        self.fields: dict[str, float | int | bool | None] = {}


class ExamCarCan:
    """The driver; see the module."""

    model = "exam_car_can"
    kinds = ("car_state",)

    def __init__(self, dbc_text: str) -> None:
        """``dbc_text`` is the content of the DBC file; raises :class:`sensors.dbc.BadDbc` if it is another car's."""
        self.counts = Counts()
        plans = FrameReader(dbc_text).plans
        self._heard = {identifier: _Heard(plan) for identifier, plan in plans.items() if plan.name in _FIELDS}
        self._by_name = {heard.plan.name: heard for heard in self._heard.values()}
        _check(self._by_name)
        self._gap_until_ns = 0

    @property
    def faults(self) -> tuple[str, ...]:
        """None that the bus itself tells."""
        return ()

    def read(self, chunk: Chunk) -> list[Timed]:
        """The car state of a motion frame, before it the gap that its counter shows; other frames give nothing."""
        identifier, payload = unpack(chunk.data)
        heard = self._heard.get(identifier)
        if heard is None:
            self.counts.accepted["other"] += 1
            return []
        time_ns = chunk.arrival_ns if chunk.source_time_ns is None else chunk.source_time_ns
        try:
            gaps = self._take(heard, identifier, payload, time_ns)
        except BadFrame as refusal:
            self.counts.rejected[refusal.reason] += 1
            return []
        self.counts.accepted[heard.plan.name] += 1
        if heard.plan.name != _CLOCKED:
            return gaps
        return [*gaps, Timed(time_ns, self._state(time_ns))]

    def restart(self) -> None:
        """Expect no counter, and believe no signal that was heard before."""
        for heard in self._heard.values():
            heard.counter = None
            heard.fields = {}

    def finish(self) -> list[Timed]:
        """Every frame was complete in itself."""
        return []

    def summary(self) -> dict[str, object]:
        """Nothing beyond the counts."""
        return {}

    def _take(self, heard: _Heard, identifier: int, payload: bytes, time_ns: int) -> list[Timed]:
        plan = heard.plan
        values = plan.read(payload)
        if reduce(xor, payload[: plan.length - 1]) ^ (identifier & 0xFF) != payload[plan.length - 1]:
            raise BadFrame("bad_checksum")
        counter = values[plan.name + "Counter"]
        gaps = self._gaps_before(heard, counter, payload, time_ns)
        heard.counter, heard.data, heard.time_ns = counter, payload, time_ns
        heard.fields = {name: _value(name, values[signal]) for name, signal in _FIELDS[plan.name].items()}
        return gaps

    def _gaps_before(self, heard: _Heard, counter: Value, payload: bytes, time_ns: int) -> list[Timed]:
        if heard.counter is None or counter is None:
            return []
        steps = int(counter - heard.counter) % _COUNTER_VALUES
        elapsed_ns = time_ns - heard.time_ns
        is_soon = -_CLOCK_SET_NS < elapsed_ns < _COUNTER_VALUES // 2 * heard.plan.cycle_ns
        if steps == 1 and is_soon:
            return []
        if is_soon and payload == heard.data:
            raise BadFrame("duplicate")
        if -_CLOCK_SET_NS < elapsed_ns < 0 or (is_soon and steps > _COUNTER_VALUES // 2):
            raise BadFrame("out_of_order")
        if heard.time_ns < self._gap_until_ns:
            return []
        self.counts.gaps += 1
        self._gap_until_ns = time_ns
        return [Timed(time_ns, Gap(heard.time_ns, time_ns, "missing_frames"))]

    def _state(self, time_ns: int) -> CarState:
        fields: dict[str, float | int | bool | None] = {}
        for heard in self._heard.values():
            if time_ns - heard.time_ns <= _STALE_NS:
                fields |= heard.fields
        return CarState(**fields)  # type: ignore[arg-type]


def _value(field: str, value: Value) -> float | int | bool | None:
    if value is None:
        return None
    return _NUMBERS.get(field, bool)(value)


def _check(by_name: dict[str, _Heard]) -> None:
    for message, fields in _FIELDS.items():
        if message not in by_name:
            raise BadDbc(f"the DBC file has no message {message!r}, which an exam car's has")
        plan = by_name[message].plan
        known = {signal[0] for signal in plan.signals}
        for signal in (*fields.values(), f"{message}Counter", f"{message}Checksum"):
            if signal not in known:
                raise BadDbc(f"message {message!r} of the DBC file has no plain signal {signal!r}")
