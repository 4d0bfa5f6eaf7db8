"""The exam car's bus: its state as CAN frames laid out by a DBC, as timestamped slcan lines of a LAWICEL adapter.

``tIIILDD…TTTT`` and CR: identifier, length and data in hex, then the adapter's milliseconds, again from 0 at 60000.
The DBC is read once by cantools into plain shifts, since its own ``encode`` takes ten times as long as a frame may.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import cantools
from cantools.database.can import Database, Message

from messages.readings import CarState

_MS: Final = 1_000_000
_WRAP_MS: Final = 60_000
MOTION_PERIOD_MS: Final = 20
SLOW_PERIOD_MS: Final = 40


class _Field(NamedTuple):
    """One signal: where its number comes from, its scale, where it goes, and what is written when it is not known."""

    name: str
    start: int
    mask: int
    scale: float
    lowest: float
    highest: float
    unknown: int


_FLAGS: Final = {
    "BrakePressed": "brake_pressed",
    "ClutchPressed": "clutch_pressed",
    "HandbrakeOn": "handbrake_on",
    "BeltFastened": "belt_fastened",
    "DoorsClosed": "doors_closed",
    "LeftIndicatorOn": "left_indicator_on",
    "RightIndicatorOn": "right_indicator_on",
    "DippedBeamOn": "dipped_beam_on",
}
_OF_STATE: Final[dict[str, str]] = {
    "WheelSpeed": "speed_mps",
    "SteeringWheelAngle": "steering_wheel_deg",
    "EngineSpeed": "engine_speed_rpm",
    "Gear": "gear",
    "EngineRunning": "engine_running",
    **_FLAGS,
}
_UNKNOWN_OF_SIZE: Final = {(2, False): 3, (8, True): 127, (16, False): 0xFFFF, (16, True): 0x8000}


class _Frame:
    """One message of the DBC, ready to be packed: counter in bits 48–51, checksum in the last byte."""

    def __init__(self, message: Message) -> None:
        self.identifier = message.frame_id
        self._head = f"t{message.frame_id:03X}{message.length}"
        self._fields = [_field_of(signal) for signal in message.signals if signal.name in _OF_STATE]
        self._counter = 0

    def line(self, state: CarState, stamp_ms: int) -> str:
        """The next slcan line of this message."""
        number = self._counter << 48
        self._counter = (self._counter + 1) & 15
        for name, start, mask, scale, lowest, highest, unknown in self._fields:
            value = getattr(state, name)
            if value is None or not lowest <= value <= highest:
                number |= unknown << start
            else:
                number |= (round(value / scale) & mask) << start
        data = number.to_bytes(7, "little")
        check = self.identifier & 0xFF
        for byte in data:
            check ^= byte
        return f"{self._head}{data.hex().upper()}{check:02X}{stamp_ms % _WRAP_MS:04X}\r"


def _field_of(signal: cantools.database.can.Signal) -> _Field:
    return _Field(
        name=_OF_STATE[signal.name],
        start=signal.start,
        mask=(1 << signal.length) - 1,
        scale=float(signal.scale),
        lowest=float("-inf") if signal.minimum is None else float(signal.minimum),
        highest=float("inf") if signal.maximum is None else float(signal.maximum),
        unknown=_UNKNOWN_OF_SIZE[signal.length, signal.is_signed],
    )


class CarBus:
    """The twin of one car's bus and adapter; its clock counts milliseconds from ``epoch_ns``."""

    def __init__(self, dbc: Path, *, epoch_ns: int = 0) -> None:
        database = cantools.database.load_file(dbc)
        if not isinstance(database, Database):
            raise ValueError(f"{dbc} is not a CAN database")
        self._motion, self._engine, self._body = (
            _Frame(database.get_message_by_name(name)) for name in ("Motion", "Engine", "Body")
        )
        self._epoch_ns = epoch_ns

    def lines_at(self, time_ns: int, state: CarState) -> bytes:
        """What the adapter writes at a multiple of 20 ms: engine and body every second time, then the motion frame."""
        stamp_ms = (time_ns - self._epoch_ns) // _MS
        slow = (time_ns // _MS) % SLOW_PERIOD_MS == 0
        lines = self._engine.line(state, stamp_ms) + self._body.line(state, stamp_ms) if slow else ""
        return (lines + self._motion.line(state, stamp_ms)).encode("ascii")


class BusReading:
    """What a reader of the frames knows after each motion frame: quantised, slow signals as old as their frame."""

    def __init__(self) -> None:
        self._slow: CarState | None = None

    def after(self, time_ns: int, state: CarState) -> CarState | None:
        """The state as read at a multiple of 20 ms; None before the first engine and body frames."""
        if (time_ns // _MS) % SLOW_PERIOD_MS == 0:
            self._slow = state
        slow = self._slow
        if slow is None:
            return None
        return CarState(
            speed_mps=_rounded(state.speed_mps, 500.0),
            engine_speed_rpm=_rounded(slow.engine_speed_rpm, 4.0),
            gear=slow.gear,
            steering_wheel_deg=_rounded(state.steering_wheel_deg, 10.0),
            brake_pressed=slow.brake_pressed,
            clutch_pressed=slow.clutch_pressed,
            handbrake_on=slow.handbrake_on,
            belt_fastened=slow.belt_fastened,
            doors_closed=slow.doors_closed,
            left_indicator_on=slow.left_indicator_on,
            right_indicator_on=slow.right_indicator_on,
            dipped_beam_on=slow.dipped_beam_on,
            engine_running=slow.engine_running,
        )


def _rounded(value: float | None, per_unit: float) -> float | None:
    # Divided by the scale as a frame's value is, so that what lies between two values goes the same way.
    return None if value is None else round(value / (1.0 / per_unit)) / per_unit
