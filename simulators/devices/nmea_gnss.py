"""A dual-antenna RTK receiver: one epoch becomes GGA, RMC, VTG, GST and HDT sentences (NMEA 0183).

Like receivers of its class it writes minutes with 8 decimals (19 µm), heights with 4 and headings with 4. GGA splits
the ellipsoidal height into one above mean sea level and the geoid's separation; GST gives standard deviations of white
noise. HDT carries no time and stands last in its epoch.

>>> checksum("GPGLL,5057.970,N,00146.110,E,142451,A")
39
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from messages.readings import FixQuality, SatellitePose

_KNOTS_PER_MPS = 3600 / 1852
_MS = 1_000_000
_MODE_OF_QUALITY = {0: "N", 1: "A", 2: "D", 3: "P", 4: "R", 5: "F", 6: "E", 7: "M", 8: "S"}
GEOID_SEPARATION_M = -42.3
"""Near Almaty; any value serves, since the reader adds the two heights up again."""


def checksum(text: str) -> int:
    """XOR of the bytes between ``$`` and ``*``."""
    value = 0
    for byte in text.encode("ascii"):
        value ^= byte
    return value


class NmeaReceiver:
    """Writes the sentences of one receiver; ``line_end`` is CR LF as the standard says, or LF as some set-ups do."""

    def __init__(self, *, line_end: str = "\r\n", talker: str = "GN") -> None:
        self._line_end = line_end
        self._talker = talker

    def epoch(self, time_ns: int, pose: SatellitePose) -> bytes:
        """The bytes of one epoch; an epoch without a heading has no HDT, one without a fix has empty places."""
        time_of_day, date = _clock_of(time_ns // _MS)
        sentences = [self._gga(time_of_day, pose), self._rmc(time_of_day, date, pose), self._vtg(pose)]
        sentences.append(self._gst(time_of_day, pose))
        if pose.heading_deg is not None:
            sentences.append(f"HDT,{round(pose.heading_deg % 360.0, 4) % 360.0:.4f},T")
        return self._framed(sentences)

    def _framed(self, sentences: Iterable[str]) -> bytes:
        talker, end = self._talker, self._line_end
        return "".join(f"${talker}{text}*{checksum(talker + text):02X}{end}" for text in sentences).encode("ascii")

    def _gga(self, time_of_day: str, pose: SatellitePose) -> str:
        quality = int(pose.fix_quality)
        if quality == FixQuality.NONE:
            return f"GGA,{time_of_day},,,,,0,{pose.satellites or 0:02d},,,M,,M,,"
        above_sea = pose.height_m - GEOID_SEPARATION_M
        age = "" if pose.correction_age_s is None else f"{pose.correction_age_s:.1f}"
        station = "" if pose.correction_age_s is None else "0001"
        return (
            f"GGA,{time_of_day},{_place(pose)},{quality},{pose.satellites or 0:02d},{_number(pose.hdop, 2)},"
            f"{above_sea:.4f},M,{GEOID_SEPARATION_M:.4f},M,{age},{station}"
        )

    def _rmc(self, time_of_day: str, date: str, pose: SatellitePose) -> str:
        mode = _MODE_OF_QUALITY[int(pose.fix_quality)]
        if pose.fix_quality == FixQuality.NONE:
            return f"RMC,{time_of_day},V,,,,,,,{date},,,{mode}"
        speed = _number(pose.speed_mps, 4, _KNOTS_PER_MPS)
        return f"RMC,{time_of_day},A,{_place(pose)},{speed},{_number(pose.course_deg, 3)},{date},,,{mode}"

    def _vtg(self, pose: SatellitePose) -> str:
        mode = _MODE_OF_QUALITY[int(pose.fix_quality)]
        knots, kmh = _number(pose.speed_mps, 4, _KNOTS_PER_MPS), _number(pose.speed_mps, 4, 3.6)
        return f"VTG,{_number(pose.course_deg, 3)},T,,M,{knots},N,{kmh},K,{mode}"

    def _gst(self, time_of_day: str, pose: SatellitePose) -> str:
        if pose.east_variance_m2 is None or pose.north_variance_m2 is None:
            return f"GST,{time_of_day},,,,,,,"
        east, north = math.sqrt(pose.east_variance_m2), math.sqrt(pose.north_variance_m2)
        major, minor, orientation = _ellipse(
            pose.east_variance_m2, pose.north_variance_m2, pose.east_north_covariance_m2 or 0.0
        )
        up = math.sqrt(pose.height_variance_m2 or 4 * (pose.east_variance_m2 + pose.north_variance_m2))
        rms = math.hypot(east, north)
        return f"GST,{time_of_day},{rms:.4f},{major:.4f},{minor:.4f},{orientation:.4f},{north:.4f},{east:.4f},{up:.4f}"


def _number(value: float | None, decimals: int, factor: float = 1.0) -> str:
    return "" if value is None else f"{value * factor:.{decimals}f}"


def _place(pose: SatellitePose) -> str:
    latitude, longitude = _minutes(pose.latitude_deg, 2), _minutes(pose.longitude_deg, 3)
    return f"{latitude},{'S' if pose.latitude_deg < 0 else 'N'},{longitude},{'W' if pose.longitude_deg < 0 else 'E'}"


def _minutes(angle_deg: float, digits: int) -> str:
    """Degrees and minutes as NMEA writes them; rounded once, so that 60 minutes never appear."""
    units = round(abs(angle_deg) * 60 * 10**8)
    degrees, rest = divmod(units, 60 * 10**8)
    minutes, fraction = divmod(rest, 10**8)
    return f"{degrees:0{digits}d}{minutes:02d}.{fraction:08d}"


def _ellipse(east: float, north: float, covariance: float) -> tuple[float, float, float]:
    """Standard deviations along the axes of the error ellipse and the major one's bearing, in degrees from north."""
    middle, half = (east + north) / 2, math.hypot((east - north) / 2, covariance)
    bearing = math.degrees(math.atan2(2 * covariance, north - east) / 2) % 180.0
    return math.sqrt(middle + half), math.sqrt(max(middle - half, 0.0)), bearing


@lru_cache(maxsize=4)
def _day_of(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%d%m%y")


def _clock_of(time_ms: int) -> tuple[str, str]:
    day, of_day = divmod(time_ms, 86_400_000)
    minutes, milliseconds = divmod(of_day, 60_000)
    seconds, fraction = divmod(milliseconds, 1000)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}{minute:02d}{seconds:02d}.{fraction:03d}", _day_of(day)


def as_written(pose: SatellitePose) -> SatellitePose:
    """The pose as a careful reader gets it out of ``epoch``'s bytes: every number as many decimals as are written."""
    speed = None if pose.speed_mps is None else round(pose.speed_mps * _KNOTS_PER_MPS, 4) / _KNOTS_PER_MPS
    return SatellitePose(
        latitude_deg=_rounded_angle(pose.latitude_deg),
        longitude_deg=_rounded_angle(pose.longitude_deg),
        height_m=round(pose.height_m - GEOID_SEPARATION_M, 4) + GEOID_SEPARATION_M,
        fix_quality=pose.fix_quality,
        heading_deg=None if pose.heading_deg is None else round(pose.heading_deg % 360.0, 4) % 360.0,
        speed_mps=speed,
        course_deg=None if pose.course_deg is None else round(pose.course_deg, 3),
        east_variance_m2=_rounded_variance(pose.east_variance_m2),
        north_variance_m2=_rounded_variance(pose.north_variance_m2),
        east_north_covariance_m2=pose.east_north_covariance_m2,
        height_variance_m2=_rounded_variance(pose.height_variance_m2),
        heading_sigma_deg=None,
        correction_age_s=None if pose.correction_age_s is None else round(pose.correction_age_s, 1),
        satellites=pose.satellites,
        hdop=None if pose.hdop is None else round(pose.hdop, 2),
    )


def _rounded_angle(angle_deg: float) -> float:
    return round(angle_deg * 60 * 10**8) / (60 * 10**8)


def _rounded_variance(variance: float | None) -> float | None:
    return None if variance is None else round(math.sqrt(variance), 4) ** 2
