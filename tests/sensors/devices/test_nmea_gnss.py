"""What the receiver's driver makes of the sentences of an epoch, and what it refuses."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from messages.readings import FixQuality, Gap, SatellitePose
from sensors.device import Chunk, Timed
from sensors.devices.nmea_gnss import NmeaGnss
from tests.sensors.lines import DAY_NS, MIDNIGHT_NS, epoch, gga, receiver_lines, rmc, sentence, time_of_day

NOON_NS = MIDNIGHT_NS + DAY_NS // 2
CAPTURE = Path(__file__).parents[4] / "shared" / "data" / "gnss" / "kamalnath26_rtk_open_stationary.ubx"


def read(*bodies: str, device: NmeaGnss | None = None, arrival_ns: int = NOON_NS) -> list[Timed]:
    """The readings of these sentences and of the end."""
    driver = device or NmeaGnss()
    data = b"".join(sentence(body) for body in bodies)
    return driver.read(Chunk(data, None, arrival_ns)) + driver.finish()


def only_pose(*bodies: str) -> SatellitePose:
    """The one pose of these sentences."""
    ((_, pose),) = read(*bodies)
    assert isinstance(pose, SatellitePose)
    return pose


def ubx(payload: bytes) -> bytes:
    """A u-blox binary frame."""
    covered = b"\x01\x07" + struct.pack("<H", len(payload)) + payload
    first = second = 0
    for byte in covered:
        first = (first + byte) & 0xFF
        second = (second + first) & 0xFF
    return b"\xb5\x62" + covered + bytes((first, second))


def test_an_epoch_becomes_one_pose():
    ((time_ns, pose),) = read(*epoch(0, begin_ns=NOON_NS))

    assert time_ns == NOON_NS
    assert isinstance(pose, SatellitePose)
    assert (pose.latitude_deg, pose.longitude_deg) == (43.2, 76.9)
    assert pose.fix_quality is FixQuality.RTK_FIXED
    assert (pose.satellites, pose.hdop, pose.correction_age_s) == (17, 0.7, 1.0)
    assert (pose.heading_deg, pose.course_deg, pose.speed_mps) == (0.0, 90.0, 0.0)


def test_height_is_above_the_ellipsoid():
    assert only_pose(gga(NOON_NS, altitude="780.25", separation="-38.25")).height_m == 742.0


@pytest.mark.parametrize(("ns", "ew", "signs"), [("N", "E", (1, 1)), ("S", "E", (-1, 1)), ("N", "W", (1, -1))])
def test_hemispheres_give_the_sign(ns: str, ew: str, signs: tuple[int, int]):
    pose = only_pose(gga(NOON_NS, ns=ns, ew=ew))

    assert (pose.latitude_deg, pose.longitude_deg) == (signs[0] * 43.2, signs[1] * 76.9)


@pytest.mark.parametrize("talker", ["GP", "GN", "GL", "GA", "GB", "BD", "GQ"])
def test_any_talker_is_read(talker: str):
    assert only_pose(talker + gga(NOON_NS)[2:]).satellites == 17


def test_speed_is_taken_from_vtg_and_else_from_rmc():
    vtg = "GNVTG,91.5,T,,M,10.000,N,18.520,K,R"

    assert only_pose(rmc(NOON_NS, knots="9.0"), vtg, gga(NOON_NS)).speed_mps == pytest.approx(18.52 / 3.6)
    assert only_pose(rmc(NOON_NS, knots="9.0"), gga(NOON_NS)).speed_mps == pytest.approx(9 * 1852 / 3600)
    assert only_pose(rmc(NOON_NS, status="V"), gga(NOON_NS)).speed_mps is None
    assert only_pose(gga(NOON_NS)).speed_mps is None


@pytest.mark.parametrize(
    ("body", "heading_deg"),
    [
        ("GNHDT,123.45,T", 123.45),
        ("GNHDT,360.00,T", 0.0),
        ("GNHDT,,T", None),
        ("GNTHS,123.45,A", 123.45),
        ("GNTHS,123.45,V", None),
        ("GNTHS,123.45,E", None),
        ("GNTHS,,V", None),
    ],
)
def test_heading_is_told_only_when_the_receiver_has_one(body: str, heading_deg: float | None):
    assert only_pose(gga(NOON_NS), body).heading_deg == heading_deg


def test_the_error_ellipse_becomes_a_covariance():
    pose = only_pose(gga(NOON_NS), f"GNGST,{time_of_day(NOON_NS)},,0.030,0.010,35.0,0.9,0.9,0.04")

    along = np.array([np.sin(np.radians(35.0)), np.cos(np.radians(35.0))])
    across = np.array([along[1], -along[0]])
    expected = 0.030**2 * np.outer(along, along) + 0.010**2 * np.outer(across, across)
    assert pose.east_variance_m2 == pytest.approx(expected[0, 0])
    assert pose.north_variance_m2 == pytest.approx(expected[1, 1])
    assert pose.east_north_covariance_m2 == pytest.approx(expected[0, 1])
    assert pose.height_variance_m2 == pytest.approx(0.0016)


def test_deviations_without_an_ellipse_tell_no_covariance():
    pose = only_pose(gga(NOON_NS), f"GNGST,{time_of_day(NOON_NS)},,,,,0.02,0.03,0.04")

    assert pose.east_variance_m2 == pytest.approx(0.0009)
    assert pose.north_variance_m2 == pytest.approx(0.0004)
    assert pose.east_north_covariance_m2 is None


def test_a_deviation_of_nothing_is_no_word():
    pose = only_pose(gga(NOON_NS), f"GNGST,{time_of_day(NOON_NS)},,,,,0.00,0.00,0.00")

    assert (pose.east_variance_m2, pose.north_variance_m2, pose.height_variance_m2) == (None, None, None)


def test_the_date_is_the_receivers_not_the_arrivals():
    ((time_ns, _),) = read(rmc(NOON_NS, date="151024"), gga(NOON_NS))

    assert time_ns == 1_728_993_600_000_000_000  # 2024-10-15 12:00 UTC


def test_without_a_date_the_day_is_that_of_the_arrival():
    ((time_ns, _),) = read(gga(NOON_NS), arrival_ns=NOON_NS + 700_000_000)

    assert time_ns == NOON_NS


@pytest.mark.parametrize("late_ns", [-1_000_000_000, 1_000_000_000])
def test_the_nearest_day_is_taken_around_midnight(late_ns: int):
    ((time_ns, _),) = read(gga(MIDNIGHT_NS), arrival_ns=MIDNIGHT_NS + late_ns)

    assert time_ns == MIDNIGHT_NS


@pytest.mark.parametrize("has_date", [True, False])
def test_midnight_is_passed_without_a_jump(has_date: bool):
    bodies = []
    for number in range(8):
        time_ns = MIDNIGHT_NS - 200_000_000 + number * 50_000_000
        date = "260526" if time_ns < MIDNIGHT_NS else "270526"
        bodies += [gga(time_ns)] + ([rmc(time_ns, date=date)] if has_date else [])

    readings = read(*bodies, arrival_ns=MIDNIGHT_NS - 100_000_000)

    assert [timed.source_time_ns for timed in readings] == [
        MIDNIGHT_NS - 200_000_000 + number * 50_000_000 for number in range(8)
    ]


def test_a_learned_cycle_is_given_with_its_last_sentence():
    device = NmeaGnss()
    for body in receiver_lines(3):
        device.read(Chunk(sentence(body), None, NOON_NS))

    readings = [device.read(Chunk(sentence(body), None, NOON_NS)) for body in epoch(3)]

    assert [len(given) for given in readings] == [0, 0, 0, 0, 1]


def test_a_receiver_that_stops_writing_headings_is_learned_again():
    device = NmeaGnss()
    for body in receiver_lines(3):
        device.read(Chunk(sentence(body), None, NOON_NS))
    for number in range(3, 8):
        for body in epoch(number)[:-1]:
            device.read(Chunk(sentence(body), None, NOON_NS))

    readings = [device.read(Chunk(sentence(body), None, NOON_NS)) for body in epoch(8)[:-1]]

    assert [len(given) for given in readings] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lat": "4362.0"}, "out_of_range"),
        ({"lat": "9900.0"}, "out_of_range"),
        ({"lon": "18100.0"}, "out_of_range"),
        ({"lat": "nan"}, "unreadable"),
        ({"lat": "43nan."}, "unreadable"),
        ({"lat": "4359.9nan"}, "unreadable"),
        ({"lat": ""}, "empty_field"),
        ({"ns": "X"}, "unreadable"),
        ({"ns": ""}, "empty_field"),
        ({"quality": "9"}, "out_of_range"),
        ({"quality": ""}, "empty_field"),
        ({"quality": "-1"}, "unreadable"),
        ({"altitude": "nan"}, "out_of_range"),
        ({"altitude": "inf"}, "out_of_range"),
        ({"altitude": "1e9"}, "out_of_range"),
        ({"altitude": ""}, "empty_field"),
        ({"separation": ""}, "empty_field"),
        ({"separation": "9999"}, "out_of_range"),
        ({"hdop": "-1"}, "out_of_range"),
        ({"satellites": "1000"}, "out_of_range"),
        ({"age": "nan"}, "out_of_range"),
        ({"time": "250000.00"}, "bad_time"),
        ({"time": "126000.00"}, "bad_time"),
        ({"time": "12"}, "bad_time"),
        ({"time": "120000.0x"}, "bad_time"),
        ({"time": ""}, "no_time"),
        ({"m2": "M*00"}, "unreadable"),
    ],
)
def test_what_cannot_be_is_refused_by_reason(changes: dict[str, str], reason: str):
    device = NmeaGnss()

    assert read(gga(NOON_NS, **changes), device=device) == []
    assert device.counts.rejected == {reason: 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("GNGGA,120000.00", "too_few_fields"),
        ("GNVTG,90.0,T,,M,nan,N,nan,K,R", "out_of_range"),
        ("GNVTG,400.0,T,,M,1.0,N,1.8,K,R", "out_of_range"),
        ("GNHDT,-5.0,T", "out_of_range"),
        ("GNHDT,5.0,M", "unreadable"),
        ("GNTHS,inf,A", "out_of_range"),
        ("GNGST,120000.000,0.01,nan,0.01,30.0,0.018,0.013,0.03", "out_of_range"),
        (rmc(NOON_NS, date="310226"), "bad_date"),
        (rmc(NOON_NS, date="27052"), "bad_date"),
        (rmc(NOON_NS, knots="9999"), "out_of_range"),
        ("G?GGA,1", "unreadable"),
    ],
)
def test_a_refused_sentence_leaves_the_rest_of_the_epoch(body: str, reason: str):
    device = NmeaGnss()

    readings = read(gga(NOON_NS), body, device=device)

    assert len(readings) == 1
    assert device.counts.rejected == {reason: 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"$GNHDT,1.0,T\r\n", "no_checksum"),
        (b"$GNHDT,1.0,T*G1\r\n", "unreadable"),
        (b"$GNHDT,1.0,T*0\r\n", "unreadable"),
        (b"$GNHDT,1.0,T*00\r\n", "bad_checksum"),
        (b"$GNHDT,1.0", "truncated"),
        (b"$GNHDT,1\x00.0,T*00\r\n", "truncated"),
        (b"$" + b"A" * 500 + b"\r\n", "too_long"),
        (b"\xb5\x62\x01\x07\xff\xff", "ubx_length"),
        (b"\xb5\x62\x01\x07\x01\x00\x00\x00\x00", "ubx_checksum"),
        (b"\xb5\x62\x01\x07\x40\x00", "truncated"),
    ],
)
def test_bytes_that_are_no_sentence_are_counted_by_reason(data: bytes, reason: str):
    device = NmeaGnss()

    device.read(Chunk(data, None, NOON_NS))
    device.finish()

    assert device.counts.rejected == {reason: 1}


def test_binary_frames_between_sentences_are_passed_over_whole():
    device = NmeaGnss()
    hidden = sentence(gga(NOON_NS + 50_000_000))
    data = sentence(gga(NOON_NS)) + ubx(hidden) + ubx(b"") + sentence("GNHDT,7.0,T")

    readings = [*device.read(Chunk(data, None, NOON_NS)), *device.finish()]

    assert [timed.source_time_ns for timed in readings] == [NOON_NS]
    assert device.summary()["ubx_frames"] == 2
    assert device.counts.rejected_in_all == 0


def test_without_a_fix_nothing_is_made_up_and_the_fault_is_told():
    device = NmeaGnss()

    readings = read(gga(NOON_NS, quality="0", lat="", ns="", lon="", ew="", altitude="", separation=""), device=device)

    assert readings == []
    assert device.faults == ("no_fix",)
    assert device.summary()["fix_qualities"] == {"0": 1}


def test_a_sentence_from_before_the_epoch_is_refused():
    device = NmeaGnss()

    readings = read(*epoch(0), *epoch(1), *epoch(0), device=device)

    assert len(readings) == 2
    assert device.counts.rejected["out_of_order"] == 3


def test_a_missing_epoch_is_told_between_its_neighbours():
    readings = read(*epoch(0), *epoch(1), *epoch(2), *epoch(5))

    gap = readings[3].reading
    assert isinstance(gap, Gap)
    assert (gap.since_ns, gap.until_ns) == (readings[2].source_time_ns, readings[4].source_time_ns)


def test_a_real_receiver_is_read():
    """One antenna standing still, 1 Hz, LF line ends; without it, the same shape made here."""
    if CAPTURE.exists():
        data, epochs = CAPTURE.read_bytes(), 714
        qualities, changes = {"2": 39, "4": 669, "5": 6}, 60
    else:
        times = [NOON_NS + number * 1_000_000_000 for number in range(90)]
        bodies = [(rmc(one), gga(one, quality="2" if number % 9 == 0 else "4")) for number, one in enumerate(times)]
        data = b"".join(sentence(body, "\n") for pair in bodies for body in pair)
        epochs, qualities, changes = 90, {"2": 10, "4": 80}, 19
    device = NmeaGnss()

    readings = [*device.read(Chunk(data, None, NOON_NS)), *device.finish()]

    assert device.counts.accepted["GGA"] == len(readings) == epochs
    assert device.counts.rejected_in_all == 0
    assert device.summary() == {"fix_qualities": qualities, "quality_changes": changes, "ubx_frames": 0}
