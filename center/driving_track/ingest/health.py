"""Counters and last words of the devices, gathered in memory; the counters go to the database every few seconds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from center.database import Transaction, new_id
from center.driving_track.tables import HealthCounter
from messages.envelope import Envelope
from messages.readings import Death, Heartbeat

_MOST_KEYS = 2000
_WEIGHT = 0.02


@dataclass(slots=True)
class DeviceState:
    """What is known of a device since this process began."""

    heard_ns: int = 0
    latency_ms: float | None = None
    beat: Heartbeat = field(default_factory=Heartbeat)
    lost: bool = False
    """Its link went down or it said it stops."""


class HealthBook:
    """The health of all devices; one thread writes it."""

    def __init__(self) -> None:
        self.devices: dict[str, DeviceState] = {}
        self._unwritten: Counter[tuple[str, str]] = Counter()

    def count(self, device_id: str, reason: str, by: int = 1) -> None:
        """Count something that went wrong with a device's messages (``?``: nobody's)."""
        key = (device_id, reason)
        if key in self._unwritten or len(self._unwritten) < _MOST_KEYS:
            self._unwritten[key] += by

    def note(self, envelope: Envelope, arrival_ns: int) -> None:
        """Take in a message that may be scored."""
        device = self.devices.setdefault(envelope.device_id, DeviceState())
        device.heard_ns = max(device.heard_ns, arrival_ns)
        latency_ms = (arrival_ns - envelope.source_time_ns) / 1e6
        before = device.latency_ms
        device.latency_ms = latency_ms if before is None else before + _WEIGHT * (latency_ms - before)
        if isinstance(envelope.body, Heartbeat):
            device.beat = envelope.body
        device.lost = isinstance(envelope.body, Death)

    def lose(self, device_ids: list[str]) -> None:
        """A gateway's link went down."""
        for device_id in device_ids:
            if device_id in self.devices:
                self.devices[device_id].lost = True

    def write(self, transaction: Transaction, now: datetime) -> None:
        """Add what was gathered to the database; ``written`` afterwards, once the transaction is committed."""
        for (device_id, reason), count in self._unwritten.items():
            row = transaction.scalar(
                select(HealthCounter).where(
                    HealthCounter.centre_id == transaction.centre_id,
                    HealthCounter.device_id == device_id,
                    HealthCounter.reason == reason,
                )
            )
            if row is None:
                row = HealthCounter(
                    id=new_id(),
                    centre_id=transaction.centre_id,
                    device_id=device_id,
                    reason=reason,
                    count=0,
                    last_at=now,
                )
                transaction.add(row)
            row.count += count
            row.last_at = now

    def written(self) -> None:
        """What ``write`` wrote is safe."""
        self._unwritten.clear()
