"""A car's instruments in one exam: what receiver and bus say of the truth, when, and how they break on request."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec

from messages.readings import CarState, FixQuality, SatellitePose
from messages.site import Site
from simulators.noise import NoiseSource
from simulators.noise_spec import load_noise
from simulators.samples import TruthSample
from simulators.scenario import Fault
from simulators.survey_error import perturbed

FIX_PERIOD_NS: Final = 50_000_000
CAN_PERIOD_NS: Final = 20_000_000
_MS: Final = 1_000_000
_FLOAT_SIGMA_M: Final = 0.3
_STALE_AGE_S: Final = 60.0
_CLOCK_ERROR_NS: Final = 1_000_000_000

_Body = TypeVar("_Body", SatellitePose, CarState)


@dataclass(frozen=True, slots=True)
class Stamped(Generic[_Body]):
    """A reading, the instant that its source gives it, and when its bytes arrive at the gateway."""

    source_time_ns: int
    arrival_ns: int
    body: _Body


class Instruments:
    """Drawn anew for each exam by its seed, with the site as it truly is under the survey's errors."""

    def __init__(self, site: Site, car_id: str, noise: str, seed: int) -> None:
        """``noise`` is a description's name or file; raises BadNoise."""
        spec = load_noise(noise)
        self.true_site = perturbed(site, spec, seed)
        self._source = NoiseSource(self.true_site, car_id, spec, seed)
        self._breaking = random.Random(f"{seed}:breaking")

    def fix(self, time_ns: int, sample: TruthSample, fault: Fault | None = None) -> list[Stamped[SatellitePose]]:
        """What the receiver gives for the epoch at ``time_ns``: none, one, or the same one twice."""
        given = []
        for delivery in self._source.satellite(sample):
            source_ns = time_ns + round((delivery.stamp_s - sample.time_s) * 1000) * _MS
            arrival_ns = time_ns + round(delivery.delay_s * 1e9)
            pose = delivery.reading
            if fault is not None:
                pose = self._broken(pose, fault)
            if fault is Fault.CLOCK:
                source_ns += _CLOCK_ERROR_NS
            given.append(Stamped(source_ns, arrival_ns, pose))
        return given

    def state(self, time_ns: int, sample: TruthSample) -> Stamped[CarState]:
        """What the bus says at ``time_ns``."""
        delivery = self._source.car_state(sample)
        return Stamped(time_ns, time_ns + round(delivery.delay_s * 1e9), delivery.reading)

    def track_delay_ns(self) -> int:
        """From a change of a track sensor to its message."""
        return round(self._source.track_delay_s() * 1e9)

    def _broken(self, pose: SatellitePose, fault: Fault) -> SatellitePose:
        if fault is Fault.NO_HEADING:
            return msgspec.structs.replace(pose, heading_deg=None, heading_sigma_deg=None)
        if fault is Fault.STALE:
            return msgspec.structs.replace(pose, correction_age_s=_STALE_AGE_S)
        if fault is not Fault.FLOAT:
            return pose
        draw, variance = self._breaking.gauss, _FLOAT_SIGMA_M**2
        return msgspec.structs.replace(
            pose,
            fix_quality=FixQuality.RTK_FLOAT,
            latitude_deg=pose.latitude_deg + draw(0.0, _FLOAT_SIGMA_M) / 111_000.0,
            longitude_deg=pose.longitude_deg + draw(0.0, _FLOAT_SIGMA_M) / 81_000.0,
            east_variance_m2=variance,
            north_variance_m2=variance,
        )
