"""A satellite receiver that writes NMEA 0183: GGA, RMC, VTG, HDT or THS, and GST; one pose for each epoch.

The sentences of an epoch carry one UTC time of day; those without a time (VTG, HDT, THS) belong to the last that had
one. A pose is given with the sentence that was the last of an epoch so far, or else when the next epoch begins: so a
pose waits for nothing, and a receiver that is set up otherwise is learned within a few epochs. The date is RMC's;
before the first RMC it is the one that brings the time of day nearest to the arrival.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Final

from messages.readings import Gap
from sensors import nmea_sentences as sentences
from sensors.device import Chunk, Counts, Timed
from sensors.nmea import NmeaFramer
from sensors.nmea_epoch import Cycle, Epoch
from sensors.nmea_sentences import NS_PER_S, BadSentence

_DAY_NS: Final = 86_400 * NS_PER_S
_REORDERED_NS: Final = 10 * NS_PER_S
"""A time that lies back by less is a late sentence; one that lies back by more is a receiver that was set right."""
_TIMED: Final = {"GGA": 1, "RMC": 1, "GST": 1}
"""Which field holds the time of day."""
_EPOCH_DAY: Final = dt.date(1970, 1, 1).toordinal()


class NmeaGnss:
    """The driver; see the module."""

    model = "nmea_gnss"
    kinds = ("satellite_pose",)

    def __init__(self) -> None:
        self.counts = Counts()
        self.fix_qualities: Counter[int] = Counter()
        self.quality_changes = 0
        self._framer = NmeaFramer()
        self.counts.rejected = self._framer.rejected
        self._arrival_ns = 0
        self._epoch: Epoch | None = None
        self._cycle = Cycle()
        self._quality: int | None = None
        self._period_ns = 0
        self._step_ns = 0
        self._given: list[Timed] = []
        self._readers: dict[str, Callable[[Epoch, list[str]], None]] = {
            "GGA": self._take_gga,
            "RMC": self._take_rmc,
            "VTG": self._take_vtg,
            "HDT": self._take_hdt,
            "THS": self._take_ths,
            "GST": self._take_gst,
        }

    @property
    def faults(self) -> tuple[str, ...]:
        """``no_fix`` while the receiver says that it has no position."""
        return ("no_fix",) if self._quality == 0 else ()

    def read(self, chunk: Chunk) -> list[Timed]:
        """The poses, and the gaps between them, that are complete with these bytes."""
        self._arrival_ns = chunk.arrival_ns
        for body in self._framer.feed(chunk.data):
            self._take(body)
        return self._hand_over()

    def restart(self) -> None:
        """Give up the epoch that is half read, and look for no hole before the next."""
        self._framer.restart()
        self._epoch = None
        self._step_ns = self._period_ns = 0

    def finish(self) -> list[Timed]:
        """The last epoch, which no other has followed."""
        for body in self._framer.finish():
            self._take(body)
        if self._epoch is not None and not self._epoch.is_given:
            self._give(self._epoch)
        return self._hand_over()

    def summary(self) -> dict[str, object]:
        """Counts of GGA by fix quality, and how often the quality changed from one GGA to the next."""
        return {
            "fix_qualities": {str(quality): count for quality, count in sorted(self.fix_qualities.items())},
            "quality_changes": self.quality_changes,
            "ubx_frames": self._framer.ubx_frames,
        }

    def _hand_over(self) -> list[Timed]:
        given, self._given = self._given, []
        return given

    def _take(self, body: str) -> None:
        address = body.partition(",")[0]
        kind = address[2:] if len(address) == 5 and address[0] != "P" else address
        read = self._readers.get(kind)
        try:
            if not address.isalnum():
                raise BadSentence("unreadable")
            if read is not None:
                self._take_known(kind, body.split(","), read)
        except BadSentence as refusal:
            self.counts.rejected[refusal.reason] += 1
        else:
            self.counts.accepted[kind] += 1

    def _take_known(self, kind: str, fields: list[str], read: Callable[[Epoch, list[str]], None]) -> None:
        """A sentence is read into its epoch; one that is refused has opened none."""
        epoch = self._epoch
        if kind in _TIMED:
            epoch = self._epoch_of(fields)
        if epoch is None:
            if kind in _TIMED:
                raise BadSentence("no_time")
            return
        read(epoch, fields)
        if epoch is not self._epoch:
            self._change_epoch(epoch)
        epoch.seen.add(kind)
        epoch.last = kind
        if kind == self._cycle.end and not epoch.is_given:
            self._give(epoch)

    def _epoch_of(self, fields: list[str]) -> Epoch | None:
        if len(fields) < 2 or not fields[1]:
            return None
        time_of_day_ns = sentences.parse_time_of_day(fields[1])
        epoch = self._epoch
        if epoch is None:
            return Epoch(_nearest_day(time_of_day_ns, self._arrival_ns))
        time_ns = _nearest_day(time_of_day_ns, epoch.time_ns)
        if time_ns == epoch.time_ns:
            return epoch
        if -_REORDERED_NS < time_ns - epoch.time_ns < 0:
            raise BadSentence("out_of_order")
        return Epoch(time_ns)

    def _change_epoch(self, new: Epoch) -> None:
        old = self._epoch
        self._epoch = new
        if old is None:
            return
        if not old.is_given:
            self._give(old)
        self._cycle.learn(old.seen, old.last)
        self._look_for_hole(old.time_ns, new.time_ns)

    def _look_for_hole(self, before_ns: int, now_ns: int) -> None:
        step_ns = now_ns - before_ns
        if self._period_ns and 1.5 * self._period_ns < step_ns < _DAY_NS // 2:
            self.counts.gaps += 1
            self._given.append(Timed(now_ns, Gap(before_ns, now_ns, "missing_epochs")))
        # Two equal steps are the receiver's rate; one longer step is a hole.
        if step_ns == self._step_ns or not self._period_ns:
            self._period_ns = max(step_ns, 0)
        self._step_ns = step_ns

    def _give(self, epoch: Epoch) -> None:
        epoch.is_given = True
        pose = epoch.pose()
        if pose is not None and epoch.time_ns >= 0:
            self._given.append(Timed(epoch.time_ns, pose))

    def _take_gga(self, epoch: Epoch, fields: list[str]) -> None:
        position = sentences.parse_gga(fields)
        self.fix_qualities[position.quality] += 1
        if self._quality is not None and self._quality != position.quality:
            self.quality_changes += 1
        self._quality = position.quality
        epoch.position = position

    def _take_rmc(self, epoch: Epoch, fields: list[str]) -> None:
        movement = sentences.parse_rmc(fields)
        date = sentences.parse_rmc_date(fields)
        if date is not None and not epoch.is_given:
            try:
                day = dt.date(*date).toordinal() - _EPOCH_DAY
            except ValueError:
                raise BadSentence("bad_date") from None
            epoch.time_ns = day * _DAY_NS + epoch.time_ns % _DAY_NS
        if epoch.movement is None:
            epoch.movement = movement

    def _take_vtg(self, epoch: Epoch, fields: list[str]) -> None:
        epoch.movement = sentences.parse_vtg(fields)

    def _take_hdt(self, epoch: Epoch, fields: list[str]) -> None:
        epoch.heading_deg = sentences.parse_hdt(fields)

    def _take_ths(self, epoch: Epoch, fields: list[str]) -> None:
        epoch.heading_deg = sentences.parse_ths(fields)

    def _take_gst(self, epoch: Epoch, fields: list[str]) -> None:
        epoch.spread = sentences.parse_gst(fields)


def _nearest_day(time_of_day_ns: int, near_ns: int) -> int:
    """The instant with this time of day that is nearest to another instant."""
    days = (near_ns - time_of_day_ns + _DAY_NS // 2) // _DAY_NS
    return days * _DAY_NS + time_of_day_ns
