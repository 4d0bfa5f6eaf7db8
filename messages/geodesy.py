"""Latitude, longitude and height to the site's local frame: fast, and the same to the last bit on every processor."""

from __future__ import annotations

from typing import Final

from pymap3d import geodetic2enu

from messages.site import Anchor

_STEP_DEG: Final = 0.004
_STEP_M: Final = 50.0
_PLACES: Final = 10
"""Significant digits kept of a first-order coefficient."""


class LocalFrame:
    """East, north and up (m) from a site's anchor on the WGS84 ellipsoid, within 500 m of it.

    A second-order polynomial in the differences of latitude, longitude and height stands for the exact transformation;
    what it leaves out grows with the cube of the distance and is 0.01 mm at 500 m. Its coefficients are taken once from
    pymap3d, whose last bits depend on the processor's sine, by central differences, and rounded to far more than they
    are needed for and far less than those bits; after that only sums and products remain.
    """

    def __init__(self, anchor: Anchor) -> None:
        self.anchor = anchor
        by_latitude, by_latitude_2 = self._along(_STEP_DEG, 0.0)
        by_longitude, by_longitude_2 = self._along(0.0, _STEP_DEG)
        both = self._exact(_STEP_DEG, _STEP_DEG, 0.0)[0] - self._exact(-_STEP_DEG, _STEP_DEG, 0.0)[0]
        higher_east = self._exact(0.0, _STEP_DEG, _STEP_M)[0] - self._exact(0.0, _STEP_DEG, -_STEP_M)[0]
        higher_north = self._exact(_STEP_DEG, 0.0, _STEP_M)[1] - self._exact(_STEP_DEG, 0.0, -_STEP_M)[1]
        self._east_lon = _rounded(by_longitude[0])
        self._east_lat_lon = round(both / (2.0 * _STEP_DEG**2), 2)
        self._east_lon_height = round(higher_east / (2.0 * _STEP_DEG * _STEP_M), 5)
        self._north_lat = _rounded(by_latitude[1])
        self._north_lat_2 = round(by_latitude_2[1], 2)
        self._north_lon_2 = round(by_longitude_2[1], 2)
        self._north_lat_height = round(higher_north / (2.0 * _STEP_DEG * _STEP_M), 5)
        self._up_lat_2 = round(by_latitude_2[2], 2)
        self._up_lon_2 = round(by_longitude_2[2], 2)

    def enu(self, latitude_deg: float, longitude_deg: float, height_m: float) -> tuple[float, float, float]:
        """East, north, up in metres; the height is ellipsoidal."""
        x = latitude_deg - self.anchor.latitude_deg
        y = longitude_deg - self.anchor.longitude_deg
        h = height_m - self.anchor.height_m
        east = y * (self._east_lon + self._east_lat_lon * x + self._east_lon_height * h)
        north = x * (self._north_lat + self._north_lat_2 * x + self._north_lat_height * h) + self._north_lon_2 * y * y
        up = h + self._up_lat_2 * x * x + self._up_lon_2 * y * y
        return east, north, up

    def geodetic(self, east_m: float, north_m: float, up_m: float) -> tuple[float, float, float]:
        """Latitude, longitude (degrees) and ellipsoidal height (m) of a place in the local frame: ``enu``'s inverse."""
        x = north_m / self._north_lat
        y = east_m / self._east_lon
        h = up_m
        for _ in range(6):
            east, north, up = self.enu(
                self.anchor.latitude_deg + x, self.anchor.longitude_deg + y, self.anchor.height_m + h
            )
            x += (north_m - north) / self._north_lat
            y += (east_m - east) / self._east_lon
            h += up_m - up
        return self.anchor.latitude_deg + x, self.anchor.longitude_deg + y, self.anchor.height_m + h

    def _exact(self, latitude: float, longitude: float, height: float) -> tuple[float, float, float]:
        anchor = self.anchor
        east, north, up = geodetic2enu(
            anchor.latitude_deg + latitude,
            anchor.longitude_deg + longitude,
            anchor.height_m + height,
            anchor.latitude_deg,
            anchor.longitude_deg,
            anchor.height_m,
        )
        return float(east), float(north), float(up)

    def _along(self, latitude: float, longitude: float) -> tuple[list[float], list[float]]:
        """First derivatives, and halves of the second, of east, north and up along one of the two angles."""
        step = latitude + longitude
        ahead, behind = self._exact(latitude, longitude, 0.0), self._exact(-latitude, -longitude, 0.0)
        first = [(one - other) / (2.0 * step) for one, other in zip(ahead, behind, strict=True)]
        second = [(one + other) / (2.0 * step**2) for one, other in zip(ahead, behind, strict=True)]
        return first, second


def _rounded(value: float) -> float:
    return float(f"{value:.{_PLACES - 1}e}")
