"""Reads the signals of CAN frames by a DBC file, fast: each signal is a shift, a mask and a scale made beforehand.

The file itself is read by cantools; messages that this cannot do (multiplexed, floating point) are left to it as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import cantools
from cantools.database.can import Database, Message, Signal
from cantools.database.errors import Error as CantoolsError

from sensors.can_frame import EXTENDED

Value: TypeAlias = int | float | None
"""None: the raw value lies outside the range that the DBC file gives, by which a car says that it does not know."""

_Plan: TypeAlias = tuple[str, bool, int, int, int, float, float, float | None, float | None]
"""Name, big-endian, shift, mask, sign bit (0: unsigned), scale, offset, lowest, highest."""


class BadDbc(ValueError):
    """A DBC file that cannot be used; the text says why."""


class BadFrame(ValueError):
    """A frame that cannot be read; ``reason`` is a short code to count by."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MessagePlan:
    """How one message is read."""

    name: str
    length: int
    cycle_ns: int
    signals: tuple[_Plan, ...]
    left_to_cantools: Message | None

    def read(self, payload: bytes) -> dict[str, Value]:
        """Every signal by name, in the DBC's units; raises :class:`BadFrame` where the payload is too short."""
        if len(payload) < self.length:
            raise BadFrame("short_frame")
        if self.left_to_cantools is not None:
            return _read_slowly(self.left_to_cantools, payload)
        payload = payload[: self.length]
        little, big = int.from_bytes(payload, "little"), int.from_bytes(payload, "big")
        values: dict[str, Value] = {}
        for name, is_big_endian, shift, mask, sign, scale, offset, lowest, highest in self.signals:
            raw = ((big if is_big_endian else little) >> shift) & mask
            if raw & sign:
                raw -= mask + 1
            value = raw * scale + offset
            is_known = (lowest is None or value >= lowest) and (highest is None or value <= highest)
            values[name] = value if is_known else None
        return values


class FrameReader:
    """All messages of one DBC file, by identifier (``can_frame.EXTENDED`` set for extended ones)."""

    def __init__(self, dbc_text: str) -> None:
        """Raises :class:`BadDbc`."""
        try:
            database = cantools.database.load_string(dbc_text, database_format="dbc")
        except (CantoolsError, ValueError) as error:
            raise BadDbc(f"the DBC file cannot be read: {error}") from error
        if not isinstance(database, Database) or not database.messages:
            raise BadDbc("the DBC file holds no message")
        self.plans: Final = {
            message.frame_id | (EXTENDED if message.is_extended_frame else 0): _plan(message)
            for message in database.messages
        }


def _plan(message: Message) -> MessagePlan:
    is_plain = not message.is_multiplexed() and not any(signal.conversion.is_float for signal in message.signals)
    signals = tuple(_plan_signal(signal, message.length) for signal in message.signals) if is_plain else ()
    return MessagePlan(
        name=message.name,
        length=message.length,
        cycle_ns=(message.cycle_time or 0) * 1_000_000,
        signals=signals,
        left_to_cantools=None if is_plain else message,
    )


def _plan_signal(signal: Signal, message_length: int) -> _Plan:
    is_big_endian = signal.byte_order == "big_endian"
    shift = signal.start
    if is_big_endian:
        # A Motorola signal starts at its highest bit, numbered from the right within its byte.
        from_left = signal.start // 8 * 8 + 7 - signal.start % 8
        shift = message_length * 8 - from_left - signal.length
    return (
        signal.name,
        is_big_endian,
        shift,
        (1 << signal.length) - 1,
        1 << (signal.length - 1) if signal.is_signed else 0,
        signal.scale,
        signal.offset,
        signal.minimum,
        signal.maximum,
    )


def _read_slowly(message: Message, payload: bytes) -> dict[str, Value]:
    try:
        decoded = message.decode_simple(payload[: message.length], decode_choices=False)
    except (CantoolsError, ValueError, KeyError) as error:
        raise BadFrame("unreadable") from error
    return {name: value for name, value in decoded.items() if isinstance(value, int | float)}
