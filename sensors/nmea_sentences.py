"""NMEA 0183 sentence bodies → values with units, each checked against what is possible.

An empty field is ``None`` where the sentence makes sense without it. A sentence with a value that cannot be (NaN among
them: it lies in no range) is refused as a whole, by reason, for whoever wrote one absurd field wrote the rest as well.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

NS_PER_S: Final = 1_000_000_000
_MPS_PER_KNOT: Final = 1852 / 3600
_MPS_PER_KMH: Final = 1 / 3.6
_MAX_SPEED_MPS: Final = 150.0


class BadSentence(ValueError):
    """A sentence with a right checksum that cannot be used; ``reason`` is a short code to count by."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Position(NamedTuple):
    """GGA. ``latitude_deg`` is None while there is no fix."""

    quality: int
    latitude_deg: float | None
    longitude_deg: float
    height_m: float
    """Ellipsoidal: altitude above mean sea level plus the geoid's separation."""
    satellites: int | None
    hdop: float | None
    correction_age_s: float | None


class Movement(NamedTuple):
    """RMC or VTG."""

    speed_mps: float | None
    course_deg: float | None


class Spread(NamedTuple):
    """GST, as variances in m²; the covariance is None where the receiver gives no error ellipse."""

    east_variance_m2: float | None
    north_variance_m2: float | None
    east_north_covariance_m2: float | None
    height_variance_m2: float | None


def parse_time_of_day(text: str) -> int:
    """``hhmmss[.s…]`` as ns since midnight UTC; exact, for epochs are compared by it."""
    whole, _, fraction = text.partition(".")
    if len(whole) != 6 or not whole.isdecimal() or (fraction and not fraction.isdecimal()):
        raise BadSentence("bad_time")
    hour, minute, second = int(whole[:2]), int(whole[2:4]), int(whole[4:])
    if hour > 23 or minute > 59 or second > 59:
        raise BadSentence("bad_time")
    return ((hour * 60 + minute) * 60 + second) * NS_PER_S + (int(fraction[:9].ljust(9, "0")) if fraction else 0)


def parse_gga(fields: list[str]) -> Position:
    """GGA: time, position, quality, satellites, HDOP, altitude, geoid separation, age of corrections."""
    _need(fields, 15)
    quality = _whole(fields[6], 0, 8)
    if quality is None:
        raise BadSentence("empty_field")
    satellites, hdop = _whole(fields[7], 0, 255), _number(fields[8], 0.0, 1000.0)
    age = _number(fields[13], 0.0, 1e6)
    if quality == 0 and not fields[2]:
        return Position(quality, None, 0.0, 0.0, satellites, hdop, age)
    latitude = _angle(fields[2], fields[3], "NS", 90)
    longitude = _angle(fields[4], fields[5], "EW", 180)
    altitude, separation = _number(fields[9], -1000.0, 20_000.0), _number(fields[11], -200.0, 200.0)
    if altitude is None or separation is None:
        raise BadSentence("empty_field")
    return Position(quality, latitude, longitude, altitude + separation, satellites, hdop, age)


def parse_rmc_date(fields: list[str]) -> tuple[int, int, int] | None:
    """Year, month and day of an RMC whose status is A; None without."""
    _need(fields, 10)
    text = fields[9]
    if fields[2] != "A" or not text:
        return None
    if len(text) != 6 or not text.isdecimal():
        raise BadSentence("bad_date")
    return 2000 + int(text[4:]), int(text[2:4]), int(text[:2])


def parse_rmc(fields: list[str]) -> Movement:
    """RMC: speed and course, if its status is A."""
    _need(fields, 10)
    if fields[2] != "A":
        return Movement(None, None)
    knots = _number(fields[7], 0.0, _MAX_SPEED_MPS / _MPS_PER_KNOT)
    return Movement(None if knots is None else knots * _MPS_PER_KNOT, _bearing(fields[8]))


def parse_vtg(fields: list[str]) -> Movement:
    """VTG: course and speed; the one in km/h has the finer last digit."""
    _need(fields, 9)
    if len(fields) > 9 and fields[9] == "N":
        return Movement(None, None)
    kmh = _number(fields[7], 0.0, _MAX_SPEED_MPS / _MPS_PER_KMH)
    knots = _number(fields[5], 0.0, _MAX_SPEED_MPS / _MPS_PER_KNOT)
    if kmh is not None:
        return Movement(kmh * _MPS_PER_KMH, _bearing(fields[1]))
    return Movement(None if knots is None else knots * _MPS_PER_KNOT, _bearing(fields[1]))


def parse_hdt(fields: list[str]) -> float | None:
    """HDT: true heading; empty while the receiver has none."""
    _need(fields, 3)
    if fields[2] != "T":
        raise BadSentence("unreadable")
    return _bearing(fields[1])


def parse_ths(fields: list[str]) -> float | None:
    """THS: true heading, only in mode A; E is dead reckoning, M and S are made up, V is not valid."""
    _need(fields, 3)
    return _bearing(fields[1]) if fields[2] == "A" else None


def parse_gst(fields: list[str]) -> Spread:
    """GST: the error ellipse if it is there, else the deviations in latitude and longitude; one of 0 is no word."""
    _need(fields, 9)
    major, minor, along, north, east, up = (
        _number(fields[3], 0.0, 1e6),
        _number(fields[4], 0.0, 1e6),
        _number(fields[5], -180.0, 360.0),
        _number(fields[6], 0.0, 1e6),
        _number(fields[7], 0.0, 1e6),
        _number(fields[8], 0.0, 1e6),
    )
    height = up * up if up else None
    if major and minor and along is not None:
        sine, cosine = math.sin(math.radians(along)), math.cos(math.radians(along))
        long_axis, short_axis = major * major, minor * minor
        return Spread(
            long_axis * sine * sine + short_axis * cosine * cosine,
            long_axis * cosine * cosine + short_axis * sine * sine,
            (long_axis - short_axis) * sine * cosine,
            height,
        )
    return Spread(east * east if east else None, north * north if north else None, None, height)


def _need(fields: list[str], count: int) -> None:
    if len(fields) < count:
        raise BadSentence("too_few_fields")


def _number(text: str, lowest: float, highest: float) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise BadSentence("unreadable") from None
    if not lowest <= value <= highest:
        raise BadSentence("out_of_range")
    return value


def _whole(text: str, lowest: int, highest: int) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise BadSentence("unreadable")
    value = int(text)
    if not lowest <= value <= highest:
        raise BadSentence("out_of_range")
    return value


def _bearing(text: str) -> float | None:
    value = _number(text, 0.0, 360.0)
    return 0.0 if value == 360.0 else value


def _angle(text: str, hemisphere: str, letters: str, highest_deg: int) -> float:
    """``dddmm.mmm`` and a letter as signed degrees."""
    if not text or not hemisphere:
        raise BadSentence("empty_field")
    point = text.find(".")
    minutes_at = (point if point >= 0 else len(text)) - 2
    if minutes_at < 1 or not text[:minutes_at].isdecimal() or hemisphere not in letters or len(hemisphere) != 1:
        raise BadSentence("unreadable")
    minutes = _number(text[minutes_at:], 0.0, 60.0)
    if minutes is None or minutes == 60.0:
        raise BadSentence("out_of_range")
    degrees = int(text[:minutes_at]) + minutes / 60.0
    if degrees > highest_deg:
        raise BadSentence("out_of_range")
    return -degrees if hemisphere == letters[1] else degrees
