"""One device's way through the gateway: chunks → driver → readings; every stretch that nobody read is told as a gap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messages.readings import Gap
from messages.transmitter import Health
from sensors.device import Chunk, Device, Timed
from sensors.sources.slcan import SlcanReader
from sensors.sources.source import Link

_SILENT_NS: Final = 3_000_000_000
_SLOW_MACHINE_NS: Final = 1_000_000_000
"""How long a busy machine may keep a thread waiting: with a fast clock that is no silence of the device."""


class Lane:
    """One device's way from chunks to published readings. Everything runs in the gateway's one thread."""

    def __init__(
        self,
        device: Device,
        publish: Callable[[Timed], bool],
        health: Health,
        *,
        began_ns: int,
        link_fault: str,
        slcan: SlcanReader | None = None,
        rate: float = 1.0,
    ) -> None:
        """``began_ns``: from then on it is known that nothing has been read. ``slcan``: the chunks are its text.

        ``rate`` is how fast the chunks' clock runs against the machine's.
        """
        self.device = device
        self._publish = publish
        self._health = health
        self._link_fault = link_fault
        self._slcan = slcan
        self._silent_ns = round(_SILENT_NS + _SLOW_MACHINE_NS * (rate - 1.0))
        self._gap: tuple[int, str] | None = (began_ns, "starting")
        self._last_ns: int | None = None
        self._heard_ns = began_ns
        self._driver_faults: set[str] = set()
        self._told_rejected = 0
        self._told_gaps = 0

    def take(self, item: Chunk | Link) -> None:
        """A chunk is read and its readings are published; a change of the link is told."""
        if isinstance(item, Chunk):
            self._heard_ns = item.arrival_ns
            chunks = [item] if self._slcan is None else self._slcan.feed(item.data, item.arrival_ns)
            for chunk in chunks:
                self._publish_all(self.device.read(chunk))
            self._tell_counts()
        elif item is Link.LOST:
            self._lose_link()
        else:
            self._health.faults.discard(self._link_fault)

    def recover(self) -> None:
        """A driver has failed on its bytes: go on behind them; the fault is over with the next readings."""
        self._health.faults.add("driver_failed")
        self._break_off("driver_failed")

    def look_round(self, now_ns: int) -> None:
        """Tell whether anything is heard at all, and what the device itself complains of."""
        faults = set(self.device.faults)
        if now_ns - self._heard_ns > self._silent_ns:
            faults.add("silent")
        self._health.faults.difference_update(self._driver_faults - faults)
        self._health.faults.update(faults)
        self._driver_faults = faults

    def finish(self) -> None:
        """Publish what only waited for more bytes."""
        self._publish_all(self.device.finish())
        self._tell_counts()

    def _lose_link(self) -> None:
        self._health.faults.add(self._link_fault)
        self._break_off(self._link_fault)

    def _break_off(self, reason: str) -> None:
        if self._last_ns is not None and self._gap is None:
            self._gap = (self._last_ns, reason)
        self.device.restart()
        if self._slcan is not None:
            self._slcan.restart()

    def _publish_all(self, readings: list[Timed]) -> None:
        if readings:
            self._health.faults.discard("driver_failed")
        for timed in readings:
            if self._gap is not None:
                self._close_gap(timed.source_time_ns)
            self._publish(timed)
            self._last_ns = timed.source_time_ns

    def _close_gap(self, until_ns: int) -> None:
        if self._gap is None:
            return
        since_ns, reason = self._gap
        self._gap = None
        if since_ns < until_ns:
            self._publish(Timed(until_ns, Gap(since_ns, until_ns, reason)))
            self._health.gaps += reason != "starting"

    def _tell_counts(self) -> None:
        rejected = self.device.counts.rejected_in_all + (self._slcan.rejected.total() if self._slcan else 0)
        self._health.rejected += rejected - self._told_rejected
        self._told_rejected = rejected
        self._health.gaps += self.device.counts.gaps - self._told_gaps
        self._told_gaps = self.device.counts.gaps
