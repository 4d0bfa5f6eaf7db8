"""What a receiver and a car write, made apart from the drivers: NMEA by hand, CAN frames by cantools."""

from __future__ import annotations

from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any

import cantools
from cantools.database.can import Database

DBC = Path(__file__).parents[2] / "sites" / "vehicles" / "exam_car.dbc"
_car = cantools.database.load_file(DBC)

DAY_NS = 86_400_000_000_000
MIDNIGHT_NS = 20_600 * DAY_NS
"""2026-05-27."""
DATE = "270526"


def sentence(body: str, end: str = "\r\n") -> bytes:
    """A sentence with the right checksum."""
    return f"${body}*{reduce(xor, body.encode(), 0):02X}{end}".encode()


def time_of_day(time_ns: int) -> str:
    """``hhmmss.sss``."""
    ms = time_ns % DAY_NS // 1_000_000
    return f"{ms // 3_600_000:02}{ms // 60_000 % 60:02}{ms // 1000 % 60:02}.{ms % 1000:03}"


def gga(time_ns: int, **changes: str) -> str:
    """A GGA body; a field is changed by its name."""
    fields = {
        "time": time_of_day(time_ns), "lat": "4312.00000", "ns": "N", "lon": "07654.00000", "ew": "E", "quality": "4",
        "satellites": "17", "hdop": "0.70", "altitude": "780.25", "m": "M", "separation": "-38.25", "m2": "M",
        "age": "1.0", "station": "0001",
    }  # fmt: skip
    return "GNGGA," + ",".join((fields | changes).values())


def rmc(time_ns: int, date: str = DATE, knots: str = "9.719", status: str = "A") -> str:
    """An RMC body."""
    return f"GNRMC,{time_of_day(time_ns)},{status},4312.00000,N,07654.00000,E,{knots},90.0,{date},,,R,V"


def epoch(number: int, *, begin_ns: int = MIDNIGHT_NS + 36_000_000_000_000) -> list[str]:
    """The bodies of one epoch of a 20 Hz receiver; speed and heading tell its number."""
    time_ns = begin_ns + number * 50_000_000
    kmh = number % 100
    return [
        rmc(time_ns, knots=f"{kmh / 1.852:.3f}"),
        f"GNVTG,90.0,T,,M,{kmh / 1.852:.3f},N,{kmh:.3f},K,D",
        gga(time_ns),
        f"GNGST,{time_of_day(time_ns)},0.01,0.02,0.01,30.0,0.018,0.013,0.03",
        f"GNHDT,{number % 360:.2f},T",
    ]


def receiver_lines(epochs: int) -> list[str]:
    """The sentences of consecutive epochs."""
    return [body for number in range(epochs) for body in epoch(number)]


def car_frame(message: str, count: int, **values: Any) -> tuple[int, bytes]:
    """Identifier and payload of one frame of the exam car."""
    assert isinstance(_car, Database)
    definition = _car.get_message_by_name(message)
    signals = {signal.name: 0 for signal in definition.signals} | values
    signals[f"{message}Counter"] = count % 16
    payload = bytearray(definition.encode(signals, strict=False))
    payload[7] = reduce(xor, payload[:7]) ^ (definition.frame_id & 0xFF)
    return definition.frame_id, bytes(payload)


def car_frames(motions: int) -> list[tuple[int, int, bytes]]:
    """(ms, identifier, payload) of a car: motion every 20 ms, the others every 40 ms; the speed tells the number."""
    frames = []
    for number in range(motions):
        ms = 20 * number
        if number % 2 == 0:
            frames.append((ms, *car_frame("Engine", number // 2, EngineSpeed=900.25, Gear=-1, EngineRunning=1)))
            frames.append((ms, *car_frame("Body", number // 2, BrakePressed=1, DoorsClosed=1, BeltFastened=3)))
        speed_mps = number % 5000 * 0.002
        frames.append((ms, *car_frame("Motion", number, WheelSpeed=speed_mps, SteeringWheelAngle=-543.2)))
    return frames


def slcan(ms: int, identifier: int, payload: bytes) -> str:
    """One stamped line of an adapter, without its end."""
    return f"t{identifier:03X}{len(payload)}{payload.hex().upper()}{ms % 60_000:04X}"


def car_lines(motions: int) -> list[str]:
    """The adapter's lines of a car."""
    return [slcan(*frame) for frame in car_frames(motions)]
