"""What a twin writes, written apart from the drivers, is what the driver of the same name reads."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.readings import CarState, FixQuality, SatellitePose
from sensors.device import Chunk, Timed
from sensors.devices.exam_car_can import ExamCarCan
from sensors.devices.nmea_gnss import NmeaGnss
from sensors.sources.slcan import SlcanReader
from sensors.stamps import RecordedStamps
from simulators.devices import exam_car_can, nmea_gnss
from tests.sensors.lines import DBC, MIDNIGHT_NS

BEGIN_NS = MIDNIGHT_NS - 200_000_000
maybe_bool = st.none() | st.booleans()
deviation = st.floats(0.001, 10.0).map(lambda sigma: sigma * sigma)

poses = st.builds(
    SatellitePose,
    latitude_deg=st.floats(-90, 90),
    longitude_deg=st.floats(-180, 180),
    height_m=st.floats(-100, 5000),
    fix_quality=st.sampled_from([quality for quality in FixQuality if quality is not FixQuality.NONE]),
    heading_deg=st.floats(0, 360),
    speed_mps=st.floats(0, 60),
    course_deg=st.none() | st.floats(0, 359.9),
    east_variance_m2=deviation,
    north_variance_m2=deviation,
    height_variance_m2=deviation,
    correction_age_s=st.none() | st.floats(0, 1000),
    satellites=st.integers(0, 60),
    hdop=st.none() | st.floats(0, 50),
)
states = st.builds(
    CarState,
    speed_mps=st.none() | st.floats(-60, 60),
    engine_speed_rpm=st.none() | st.floats(0, 10_000),
    gear=st.none() | st.integers(-1, 8),
    steering_wheel_deg=st.none() | st.floats(-900, 900),
    brake_pressed=maybe_bool,
    clutch_pressed=maybe_bool,
    handbrake_on=maybe_bool,
    belt_fastened=maybe_bool,
    doors_closed=maybe_bool,
    left_indicator_on=maybe_bool,
    right_indicator_on=maybe_bool,
    dipped_beam_on=maybe_bool,
    engine_running=maybe_bool,
)
TOLERANCES = {"speed_mps": 2e-3, "height_m": 1e-4, "course_deg": 1e-3, "hdop": 0.01, "correction_age_s": 0.06}


def assert_same(read: SatellitePose | CarState, written: SatellitePose | CarState) -> None:
    """Every field as written, within its digits (variances: of deviations rounded to 0.1 mm)."""
    for name, expected in msgspec.structs.asdict(written).items():
        value = getattr(read, name)
        if expected is None:
            assert value is None or name == "east_north_covariance_m2", name
        elif name.endswith("_m2"):
            assert value == pytest.approx(expected, rel=0.11, abs=1e-6), name
        else:
            assert value == pytest.approx(expected, abs=TOLERANCES.get(name, 1e-4)), name


@given(written=st.lists(poses, min_size=1, max_size=8), end=st.sampled_from(["\r\n", "\n"]))
def test_a_receivers_epochs_are_read_as_they_were_written(written: list[SatellitePose], end: str):
    twin, driver = nmea_gnss.NmeaReceiver(line_end=end), NmeaGnss()
    data = b"".join(twin.epoch(BEGIN_NS + number * 50_000_000, pose) for number, pose in enumerate(written))

    readings = [*driver.read(Chunk(data, None, BEGIN_NS)), *driver.finish()]

    assert driver.counts.rejected_in_all == 0
    assert [timed.source_time_ns for timed in readings] == [BEGIN_NS + n * 50_000_000 for n in range(len(written))]
    for timed, pose in zip(readings, written, strict=True):
        assert isinstance(timed.reading, SatellitePose)
        assert_same(timed.reading, nmea_gnss.as_written(pose))


def test_a_receiver_without_a_fix_is_heard_and_gives_nothing():
    twin, driver = nmea_gnss.NmeaReceiver(), NmeaGnss()
    nothing = SatellitePose(0.0, 0.0, 0.0, FixQuality.NONE, satellites=3)
    data = b"".join(twin.epoch(BEGIN_NS + number * 50_000_000, nothing) for number in range(5))

    assert [*driver.read(Chunk(data, None, BEGIN_NS)), *driver.finish()] == []
    assert driver.counts.rejected_in_all == 0
    assert driver.faults == ("no_fix",)


@given(written=st.lists(states, min_size=1, max_size=40))
def test_a_cars_states_are_read_as_they_were_written(written: list[CarState]):
    twin, expected, driver = exam_car_can.CarBus(DBC), exam_car_can.BusReading(), ExamCarCan(DBC.read_text())
    slcan = SlcanReader(RecordedStamps(BEGIN_NS))
    readings: list[Timed] = []
    predicted = []
    for number, state in enumerate(written):
        time_ns = BEGIN_NS + number * 20_000_000
        predicted.append(expected.after(time_ns, state))
        for frame in slcan.feed(twin.lines_at(time_ns, state), time_ns):
            readings += driver.read(frame)

    assert driver.counts.rejected_in_all == driver.counts.gaps == 0
    assert [timed.source_time_ns for timed in readings] == [BEGIN_NS + n * 20_000_000 for n in range(len(written))]
    for timed, known in zip(readings, predicted, strict=True):
        assert isinstance(timed.reading, CarState)
        assert known is not None
        for name, value in msgspec.structs.asdict(known).items():
            assert getattr(timed.reading, name) == (None if value is None else pytest.approx(value, abs=1e-9)), name
