"""The centre's word to the outboxes: up to where a device's boot is on the disk."""

from __future__ import annotations

import time
from collections.abc import Callable

from center.driving_track.ingest.intake import Intake
from messages import codec, topics
from messages.readings import Acknowledgement

_SETTLE_AFTER_S = 12.0
"""Longer than an outbox waits before it sends everything again: what has not come by then is not there any more."""

Publish = Callable[[str, bytes], bool]


class Acknowledgements:
    """Tells each device its newest boot's highest contiguous fsynced number, not more often than every so often."""

    def __init__(self, intake: Intake, centre_id: str, every_s: float, count: Callable[[str, str, int], None]) -> None:
        self._intake = intake
        self._centre_id = centre_id
        self._every_s = every_s
        self._count = count
        self._touched: set[tuple[str, str]] = set()
        self._told: dict[tuple[str, str], int] = {}
        self._told_at: dict[tuple[str, str], float] = {}
        self._held_since: dict[tuple[str, str], float] = {}

    def touch(self, device_id: str, boot_id: str, *, came_again: bool) -> None:
        """Messages of that boot are on the disk; ``came_again``: the sender has not heard so, and is told once more."""
        key = (device_id, boot_id)
        self._touched.add(key)
        if came_again:
            self._told.pop(key, None)

    def publish(self, publish: Publish) -> None:
        """Tell what is due."""
        now = time.monotonic()
        due = [key for key in self._touched if now - self._told_at.get(key, 0.0) >= self._every_s]
        for key in due:
            waits = self._settle(key, now)
            if self._tell(key, now, publish) and not waits:
                self._touched.discard(key)

    def _tell(self, key: tuple[str, str], now: float, publish: Publish) -> bool:
        """Publish how far this boot has come, if that is news; False if it could not be."""
        device_id, boot_id = key
        device = self._intake.enrolled.get(device_id)
        through = self._intake.boot(device_id, boot_id).received.through
        if device is None or through is None or through == self._told.get(key):
            return True
        topic = topics.device_topic(self._centre_id, device.gateway_id, device_id, "ack")
        if not publish(topic, codec.encode(Acknowledgement(device_id, boot_id, through))):
            return False
        self._told[key], self._told_at[key] = through, now
        return True

    def _settle(self, key: tuple[str, str], now: float) -> bool:
        """Give a hole up once the sender has offered all that it still holds; whether one is waited for."""
        received = self._intake.boot(*key).received
        if not received.has_hole:
            self._held_since.pop(key, None)
            return False
        if now - self._held_since.setdefault(key, now) > _SETTLE_AFTER_S:
            del self._held_since[key]
            lost = received.settle()
            if lost is not None:
                self._count(key[0], "missing", lost[1] - lost[0] + 1)
        return True
