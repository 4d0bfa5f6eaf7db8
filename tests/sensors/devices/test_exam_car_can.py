"""What the exam car's driver makes of its frames, and when it stops believing a signal."""

from __future__ import annotations

import pytest

from messages.readings import CarState, Gap
from sensors.can_frame import pack
from sensors.dbc import BadDbc
from sensors.device import Chunk, Timed
from sensors.devices.exam_car_can import ExamCarCan
from tests.sensors.lines import DBC, MIDNIGHT_NS, car_frame, car_frames

MS = 1_000_000


def feed(device: ExamCarCan, ms: float, identifier: int, payload: bytes) -> list[Timed]:
    """What one frame gives."""
    time_ns = MIDNIGHT_NS + round(ms * MS)
    return device.read(Chunk(pack(identifier, payload), time_ns, time_ns + 7))


def new_device() -> ExamCarCan:
    """A driver with the exam car's own DBC file."""
    return ExamCarCan(DBC.read_text())


def last_state(device: ExamCarCan, ms: float, count: int, **values: float) -> CarState:
    """The car state that a motion frame gives."""
    state = feed(device, ms, *car_frame("Motion", count, **values))[-1].reading
    assert isinstance(state, CarState)
    return state


def test_every_field_of_a_car_state_comes_from_its_signal():
    device = new_device()
    feed(device, 0, *car_frame("Engine", 0, EngineSpeed=2345.25, Gear=-1, EngineRunning=1))
    switches = dict.fromkeys(("BrakePressed", "HandbrakeOn", "DoorsClosed", "RightIndicatorOn"), 1)
    feed(device, 0, *car_frame("Body", 0, **switches))

    assert last_state(device, 0, 0, WheelSpeed=-1.234, SteeringWheelAngle=123.4) == CarState(
        speed_mps=-1.234,
        engine_speed_rpm=2345.25,
        gear=-1,
        steering_wheel_deg=1234 * 0.1,
        brake_pressed=True,
        clutch_pressed=False,
        handbrake_on=True,
        belt_fastened=False,
        doors_closed=True,
        left_indicator_on=False,
        right_indicator_on=True,
        dipped_beam_on=False,
        engine_running=True,
    )


def test_the_instant_is_the_sources_and_else_the_arrivals():
    device = new_device()
    identifier, payload = car_frame("Motion", 0)

    assert feed(device, 5, identifier, payload)[0].source_time_ns == MIDNIGHT_NS + 5 * MS
    identifier, payload = car_frame("Motion", 1)
    late = Chunk(pack(identifier, payload), None, MIDNIGHT_NS + 25 * MS)
    assert device.read(late)[0].source_time_ns == MIDNIGHT_NS + 25 * MS


@pytest.mark.parametrize(
    ("message", "signal", "raw_value", "field"),
    [
        ("Motion", "WheelSpeed", -32768 * 0.002, "speed_mps"),
        ("Motion", "SteeringWheelAngle", -32768 * 0.1, "steering_wheel_deg"),
        ("Engine", "EngineSpeed", 65535 * 0.25, "engine_speed_rpm"),
        ("Engine", "Gear", 127, "gear"),
        ("Engine", "EngineRunning", 3, "engine_running"),
        ("Body", "BeltFastened", 2, "belt_fastened"),
        ("Body", "DippedBeamOn", 3, "dipped_beam_on"),
    ],
)
def test_what_the_car_does_not_know_is_none(message: str, signal: str, raw_value: float, field: str):
    device = new_device()
    for name in ("Engine", "Body"):
        feed(device, 0, *car_frame(name, 0, **({signal: raw_value} if name == message else {})))

    state = last_state(device, 0, 0, **({signal: raw_value} if message == "Motion" else {}))

    unknown = [name for name in state.__struct_fields__ if getattr(state, name) is None]
    assert unknown == [field]


def test_a_signal_that_is_not_refreshed_becomes_none_after_half_a_second():
    device = new_device()
    feed(device, 0, *car_frame("Engine", 0, Gear=2))

    gears = {ms: last_state(device, ms, ms // 20).gear for ms in range(0, 600, 20)}

    assert all((gear == 2) is (ms <= 500) for ms, gear in gears.items())
    assert gears[520] is None


def test_frames_of_other_controllers_give_nothing():
    device = new_device()

    assert feed(device, 0, 0x430, b"12345678") == []
    assert device.counts.accepted == {"other": 1}


def test_one_hole_in_three_counters_is_one_gap():
    device = new_device()
    frames = car_frames(40)
    readings = []
    for ms, identifier, payload in frames:
        if not 200 <= ms < 300:
            readings += feed(device, ms, identifier, payload)

    gaps = [timed.reading for timed in readings if isinstance(timed.reading, Gap)]
    assert device.counts.gaps == 1
    assert gaps == [Gap(MIDNIGHT_NS + 180 * MS, MIDNIGHT_NS + 300 * MS, "missing_frames")]


def test_a_hole_of_exactly_one_turn_of_the_counter_is_seen_by_its_length():
    device = new_device()
    feed(device, 0, *car_frame("Motion", 0))

    gap = feed(device, 17 * 20, *car_frame("Motion", 17))[0].reading

    assert gap == Gap(MIDNIGHT_NS, MIDNIGHT_NS + 340 * MS, "missing_frames")


def test_a_frame_that_comes_late_is_refused():
    device = new_device()
    for count in (0, 1, 2):
        feed(device, 20 * count, *car_frame("Motion", count))

    assert feed(device, 41, *car_frame("Motion", 1, WheelSpeed=9.0)) == []
    assert device.counts.rejected == {"out_of_order": 1}


def test_a_clock_that_was_set_back_does_not_silence_the_car():
    device = new_device()
    feed(device, 100_000, *car_frame("Motion", 0))

    assert feed(device, 20, *car_frame("Motion", 1)) != []


@pytest.mark.parametrize("missing", ["Motion", "Engine", "Body"])
def test_another_cars_dbc_is_refused(missing: str):
    with pytest.raises(BadDbc, match=missing):
        ExamCarCan(DBC.read_text().replace(f" {missing}:", " Something:"))


def test_a_dbc_without_a_signal_is_refused():
    with pytest.raises(BadDbc, match="Gear"):
        ExamCarCan(DBC.read_text().replace(" Gear ", " Cog "))
