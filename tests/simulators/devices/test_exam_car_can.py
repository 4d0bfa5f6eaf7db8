"""The bus twin's frames against cantools, which lays them out by the DBC in its own way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cantools
import pytest
from cantools.database.can import Database
from hypothesis import example, given
from hypothesis import strategies as st

from messages.readings import CarState
from simulators.devices.exam_car_can import BusReading, CarBus

DBC = Path("sites/vehicles/exam_car.dbc")
DATABASE = cantools.database.load_file(DBC)

NS_PER_MS = 1_000_000

STATE = CarState(
    speed_mps=-1.23,
    engine_speed_rpm=1234.5,
    gear=-1,
    steering_wheel_deg=-123.4,
    brake_pressed=True,
    clutch_pressed=False,
    handbrake_on=False,
    belt_fastened=True,
    doors_closed=True,
    left_indicator_on=False,
    right_indicator_on=True,
    dipped_beam_on=True,
    engine_running=True,
)


def frames(data: bytes):
    for line in data.decode("ascii").split("\r")[:-1]:
        assert line[0] == "t"
        payload = bytes.fromhex(line[5:21])
        yield int(line[1:4], 16), payload, int(line[21:25], 16)


def fields_of(identifier: int, payload: bytes) -> dict[str, Any]:
    assert isinstance(DATABASE, Database)
    fields = DATABASE.decode_message(identifier, payload, decode_choices=False)
    assert isinstance(fields, dict)
    return fields


def decoded(data: bytes) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for identifier, payload, _ in frames(data):
        values |= fields_of(identifier, payload)
    return values


def test_cantools_finds_the_values() -> None:
    values = decoded(CarBus(DBC).lines_at(0, STATE))
    assert values["WheelSpeed"] == pytest.approx(-1.23)
    assert values["SteeringWheelAngle"] == pytest.approx(-123.4)
    assert (values["EngineSpeed"], values["Gear"], values["EngineRunning"]) == (1234.5, -1, 1)
    assert (values["BrakePressed"], values["RightIndicatorOn"], values["LeftIndicatorOn"]) == (1, 1, 0)


@given(st.floats(-60, 60), st.floats(-900, 900), st.floats(0, 10_000), st.integers(-1, 8))
@example(0.0, 0.15, 0.0, 0)
def test_what_a_reader_gets_is_what_bus_reading_says(speed: float, steering: float, rpm: float, gear: int) -> None:
    state = CarState(speed_mps=speed, steering_wheel_deg=steering, engine_speed_rpm=rpm, gear=gear)
    values = decoded(CarBus(DBC).lines_at(0, state))
    read = BusReading().after(0, state)
    assert read is not None
    assert values["WheelSpeed"] == pytest.approx(read.speed_mps, abs=1e-9)
    assert values["SteeringWheelAngle"] == pytest.approx(read.steering_wheel_deg, abs=1e-9)
    assert values["EngineSpeed"] == pytest.approx(read.engine_speed_rpm, abs=1e-9)
    assert values["Gear"] == read.gear


def test_what_is_not_known_is_written_outside_the_signals_range() -> None:
    values = decoded(CarBus(DBC).lines_at(0, CarState()))
    assert values["WheelSpeed"] == pytest.approx(-32768 * 0.002)
    assert values["EngineSpeed"] == 65535 * 0.25
    assert values["Gear"] == 127
    assert values["BeltFastened"] == 3


def test_motion_comes_every_20_ms_and_the_rest_every_40() -> None:
    bus = CarBus(DBC)
    seen = [identifier for at in range(0, 200, 20) for identifier, _, _ in frames(bus.lines_at(at * NS_PER_MS, STATE))]
    assert (seen.count(288), seen.count(289), seen.count(290)) == (10, 5, 5)


def test_counter_and_checksum_are_as_the_dbc_says() -> None:
    bus = CarBus(DBC)
    counters = []
    for at in range(0, 400, 20):
        for identifier, payload, _ in frames(bus.lines_at(at * NS_PER_MS, STATE)):
            check = identifier & 0xFF
            for byte in payload[:7]:
                check ^= byte
            assert check == payload[7]
            if identifier == 288:
                counters.append(fields_of(288, payload)["MotionCounter"])
    assert counters == [number % 16 for number in range(20)]


def test_the_adapters_clock_begins_again_after_a_minute() -> None:
    bus = CarBus(DBC, epoch_ns=5 * NS_PER_MS)
    stamps = [list(frames(bus.lines_at(at * NS_PER_MS, STATE)))[-1][2] for at in (20, 60_000, 60_020)]
    assert stamps == [15, 59_995, 15]


def test_slow_signals_are_as_old_as_their_frame() -> None:
    reading = BusReading()
    assert reading.after(20 * NS_PER_MS, STATE) is None
    assert reading.after(40 * NS_PER_MS, STATE) is not None
    released = reading.after(60 * NS_PER_MS, CarState(brake_pressed=False, speed_mps=1.0))
    assert released is not None
    assert (released.brake_pressed, released.speed_mps) == (True, 1.0)
