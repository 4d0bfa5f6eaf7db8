"""The receiver's twin against an independent reader of NMEA."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynmeagps import NMEAReader

from messages.readings import FixQuality, SatellitePose
from simulators.devices.nmea_gnss import NmeaReceiver, as_written, checksum

NINE_O_CLOCK_NS = 1_776_135_600_000_000_000

POSE = SatellitePose(
    43.2000123456,
    76.9000543211,
    743.1234,
    FixQuality.RTK_FIXED,
    heading_deg=271.2345,
    speed_mps=1.234,
    course_deg=270.9,
    east_variance_m2=64e-6,
    north_variance_m2=49e-6,
    correction_age_s=1.0,
    satellites=22,
    hdop=0.6,
)


def sentences(data: bytes):
    # The reader refuses a wrong checksum by itself.
    return [NMEAReader.parse(line, validate=1) for line in data.splitlines(keepends=True)]


def test_an_epoch_has_the_five_sentences_in_order() -> None:
    assert [one.msgID for one in sentences(NmeaReceiver().epoch(NINE_O_CLOCK_NS, POSE))] == [
        "GGA",
        "RMC",
        "VTG",
        "GST",
        "HDT",
    ]


def test_lines_end_as_asked() -> None:
    assert NmeaReceiver().epoch(NINE_O_CLOCK_NS, POSE).count(b"\r\n") == 5
    plain = NmeaReceiver(line_end="\n").epoch(NINE_O_CLOCK_NS, POSE)
    assert plain.count(b"\n") == 5
    assert b"\r" not in plain


def test_an_independent_reader_finds_the_values() -> None:
    gga, rmc, vtg, gst, hdt = sentences(NmeaReceiver().epoch(NINE_O_CLOCK_NS + 50_000_000, POSE))
    assert (gga.quality, gga.numSV, gga.HDOP, gga.diffAge) == (4, 22, 0.6, 1.0)
    assert gga.alt + gga.sep == pytest.approx(743.1234, abs=1e-4)
    assert gga.time.isoformat() == "03:00:00.050000"
    assert rmc.date.isoformat() == "2026-04-14"
    assert vtg.sogk == pytest.approx(1.234 * 3.6, abs=1e-4)
    assert (gst.stdLat, gst.stdLong) == (0.007, 0.008)
    assert hdt.headingT == 271.2345


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_a_place_is_written_to_a_fiftieth_of_a_millimetre(latitude: float, longitude: float) -> None:
    pose = SatellitePose(latitude, longitude, 700.0, FixQuality.SINGLE)
    line = NmeaReceiver().epoch(NINE_O_CLOCK_NS, pose).splitlines()[0].decode()
    fields = line.split(",")
    for value, text, hemisphere, digits in ((latitude, fields[2], fields[3], 2), (longitude, fields[4], fields[5], 3)):
        read = (int(text[:digits]) + float(text[digits:]) / 60) * (-1 if hemisphere in "SW" else 1)
        assert abs(read - value) * 111_320 < 2e-5
        assert float(text[digits:]) < 60


def test_what_a_reader_gets_is_what_as_written_says() -> None:
    gga = sentences(NmeaReceiver().epoch(NINE_O_CLOCK_NS, POSE))[0]
    read = as_written(POSE)
    assert math.isclose(read.height_m, gga.alt + gga.sep, abs_tol=1e-9)
    assert abs(read.latitude_deg - POSE.latitude_deg) < 1e-10
    assert read.heading_deg == 271.2345


@pytest.mark.parametrize("heading", [-0.00001, 359.99999, 360.0])
def test_a_heading_of_360_is_written_as_0(heading: float) -> None:
    pose = SatellitePose(43.2, 76.9, 700.0, FixQuality.RTK_FIXED, heading_deg=heading)
    assert b"HDT,0.0000,T" in NmeaReceiver().epoch(NINE_O_CLOCK_NS, pose)
    assert as_written(pose).heading_deg == 0.0


def test_without_a_heading_there_is_no_hdt() -> None:
    pose = SatellitePose(43.2, 76.9, 700.0, FixQuality.RTK_FLOAT)
    assert b"HDT" not in NmeaReceiver().epoch(NINE_O_CLOCK_NS, pose)


def test_without_a_fix_there_is_no_place() -> None:
    gga, rmc, *_ = sentences(
        NmeaReceiver().epoch(NINE_O_CLOCK_NS, SatellitePose(0.0, 0.0, 0.0, FixQuality.NONE, satellites=3))
    )
    assert (gga.quality, gga.lat, gga.numSV) == (0, "", 3)
    assert rmc.status == "V"


def test_the_checksum_is_the_xor_of_the_text() -> None:
    assert checksum("GPGLL,5057.970,N,00146.110,E,142451,A") == 0x27
