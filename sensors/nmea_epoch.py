"""The sentences of one epoch put together, and which of them is the last that a receiver writes."""

from __future__ import annotations

from typing import Final

from messages.readings import FixQuality, SatellitePose
from sensors.nmea_sentences import Movement, Position, Spread

_EPOCHS_TO_FORGET: Final = 3
_QUALITIES: Final = {int(quality): quality for quality in FixQuality}


class Epoch:
    """What has come of one epoch so far."""

    __slots__ = ("heading_deg", "is_given", "last", "movement", "position", "seen", "spread", "time_ns")

    def __init__(self, time_ns: int) -> None:
        self.time_ns = time_ns
        self.position: Position | None = None
        self.movement: Movement | None = None
        self.spread: Spread | None = None
        self.heading_deg: float | None = None
        self.seen: set[str] = set()
        self.last = ""
        self.is_given = False

    def pose(self) -> SatellitePose | None:
        """The epoch as a reading; None without a position."""
        position = self.position
        if position is None or position.latitude_deg is None:
            return None
        movement = self.movement or Movement(None, None)
        spread = self.spread or Spread(None, None, None, None)
        return SatellitePose(
            latitude_deg=position.latitude_deg,
            longitude_deg=position.longitude_deg,
            height_m=position.height_m,
            fix_quality=_QUALITIES[position.quality],
            heading_deg=self.heading_deg,
            speed_mps=movement.speed_mps,
            course_deg=movement.course_deg,
            east_variance_m2=spread.east_variance_m2,
            north_variance_m2=spread.north_variance_m2,
            east_north_covariance_m2=spread.east_north_covariance_m2,
            height_variance_m2=spread.height_variance_m2,
            correction_age_s=position.correction_age_s,
            satellites=position.satellites,
            hdop=position.hdop,
        )


class Cycle:
    """Learns which kind of sentence ends a receiver's epochs, so that a pose need not wait for the next epoch."""

    def __init__(self) -> None:
        self.end = ""
        self._epochs_without_it = 0

    def learn(self, seen: set[str], last: str) -> None:
        """An epoch is over, in which these kinds came. One lost sentence is not taken for a change of the set-up."""
        if self.end and self.end not in seen:
            self._epochs_without_it += 1
            if self._epochs_without_it < _EPOCHS_TO_FORGET:
                return
        self.end = last
        self._epochs_without_it = 0
