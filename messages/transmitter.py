"""A process's whole way out: chain, outbox and link of each of its devices, with birth, heartbeat, digest and death.

A gateway and a track controller differ only in where their readings come from; both publish through this.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from uuid_utils import uuid7

from messages import topics
from messages.broker import BrokerAddress
from messages.chain import Chain
from messages.clock import TimeScale
from messages.envelope import Envelope
from messages.lane import Pace
from messages.link import Link
from messages.outbox import Outbox, OutboxFull
from messages.readings import Birth, Death, Gap, Heartbeat, Reading

_log = logging.getLogger(__name__)

_SECOND_NS: Final = 1_000_000_000
_SYNC_S: Final = 0.1
_QUICKEST_SYNC_S: Final = 0.01
_LEAST_QUIET_S: Final = 0.1
"""Of the machine's time: when simulated time runs fast, nobody says more often that it lives."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a device is, as its birth tells."""

    device_id: str
    model: str
    kinds: tuple[str, ...]
    private_key: Ed25519PrivateKey = field(repr=False)
    software: str = "speccenter"


@dataclass(slots=True)
class Health:
    """What a device's heartbeat tells; its driver changes it at any time."""

    faults: set[str] = field(default_factory=set)
    rejected: int = 0
    gaps: int = 0


class _Device:
    def __init__(self, identity: Identity, centre_id: str, boot_id: str, folder: Path) -> None:
        self.identity = identity
        self.outbox = Outbox(folder / identity.device_id, boot_id)
        self.chain = Chain(centre_id, identity.device_id, boot_id, identity.private_key)
        self.lock = threading.Lock()
        self.health = Health()
        self.full_since_ns: int | None = None
        self.spoke_ns = 0
        self.may_be_quiet = topics.speaks_on_change(identity.kinds)


class Transmitter:
    """``start``, then ``publish`` from any thread, then ``stop``. Nothing here ever waits for the network.

    Messages are synced to disk about every 0.1 s of ``time_scale`` (at least every 0.01 s of the machine's) and then
    published; those that a killed predecessor left are published first, and the stretch it missed is told as a gap.
    """

    def __init__(
        self,
        broker: BrokerAddress,
        centre_id: str,
        gateway_id: str,
        devices: Sequence[Identity],
        folder: Path,
        *,
        machine_ns: Callable[[], int],
        time_scale: TimeScale | None = None,
        on_control: Callable[[Envelope], None] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.boot_id = str(uuid7())
        self._machine_ns = machine_ns
        self._time_scale = time_scale or TimeScale()
        self._devices = {one.device_id: _Device(one, centre_id, self.boot_id, folder) for one in devices}
        outboxes = {device_id: device.outbox for device_id, device in self._devices.items()}
        self.link = Link(broker, centre_id, gateway_id, self.boot_id, outboxes, on_control=on_control, pace=pace)
        self._ticker = threading.Thread(target=self._tick, name=f"outbox-{gateway_id}", daemon=True)
        self._stopping = threading.Event()

    def now_ns(self) -> int:
        """The time, by the time scale."""
        return self._time_scale.at(self._machine_ns())

    def health(self, device_id: str) -> Health:
        """What that device's heartbeats tell, to be changed by its driver."""
        return self._devices[device_id].health

    def start(self) -> None:
        """Publish each device's birth, and a gap since its last boot's last message; begin to connect."""
        now_ns = self.now_ns()
        for device_id, device in self._devices.items():
            identity = device.identity
            self.publish(device_id, now_ns, Birth(identity.model, identity.software, identity.kinds))
            last = device.outbox.last
            if last is not None and last.source_time_ns < now_ns:
                self.publish(device_id, now_ns, Gap(last.source_time_ns, now_ns, "restarted"))
            for damage in device.outbox.damages:
                _log.warning("%s: outbox: %s", device_id, damage)
        self._sync()
        self.link.start()
        self._ticker.start()

    def publish(self, device_id: str, source_time_ns: int, body: Reading) -> bool:
        """Take a reading in; False if the outbox takes none (its disk is full): a gap is told when it does again."""
        device = self._devices[device_id]
        with device.lock:
            if not device.outbox.has_room:
                if device.full_since_ns is None:
                    device.full_since_ns = source_time_ns
                    device.health.gaps += 1
                return False
            if device.full_since_ns is not None:
                gap = Gap(device.full_since_ns, source_time_ns, "outbox_full")
                device.full_since_ns = None
                _append(device, source_time_ns, gap)
            _append(device, source_time_ns, body)
            device.spoke_ns = max(device.spoke_ns, source_time_ns)
        return True

    def stop(self, reason: str = "stopped", *, drain_s: float = 2.0) -> bool:
        """Publish each device's death and its last digest, wait a while for the centre's word, and end.

        Whether the centre has acknowledged everything; what it has not stays in the outbox for the next start.
        """
        self._stopping.set()
        self._ticker.join()
        now_ns = self.now_ns()
        for device_id, device in self._devices.items():
            self.publish(device_id, now_ns, Death(reason))
            self._sign(device, now_ns)
        self._sync()
        drained = self.link.drain(drain_s)
        self.link.stop()
        for device in self._devices.values():
            device.outbox.close()
        return drained

    def _tick(self) -> None:
        period_s = max(_QUICKEST_SYNC_S, _SYNC_S / self._time_scale.rate)
        beat_ns = self.now_ns()
        quiet_ns = round(max(topics.QUIET_AFTER_S, _LEAST_QUIET_S * self._time_scale.rate) * _SECOND_NS)
        while not self._stopping.wait(period_s):
            now_ns = self.now_ns()
            if now_ns - beat_ns >= _SECOND_NS:
                beat_ns = max(beat_ns + _SECOND_NS, now_ns - _SECOND_NS)
                for device in self._devices.values():
                    self._beat(device, now_ns)
            for device in self._devices.values():
                if device.may_be_quiet and now_ns - device.spoke_ns >= quiet_ns:
                    self._say_alive(device, now_ns)
            self._sync()

    def _beat(self, device: _Device, now_ns: int) -> None:
        if self._say_alive(device, now_ns):
            self._sign(device, now_ns)

    def _say_alive(self, device: _Device, now_ns: int) -> bool:
        health = device.health
        beat = Heartbeat(tuple(sorted(health.faults)), health.rejected, health.gaps, device.outbox.waiting)
        return self.publish(device.identity.device_id, now_ns, beat)

    def _sign(self, device: _Device, now_ns: int) -> None:
        with device.lock:
            if device.outbox.has_room and (stamped := device.chain.digest(now_ns)) is not None:
                seq, payload = stamped
                device.outbox.append(seq, "digest", now_ns, payload)

    def _sync(self) -> None:
        for device in self._devices.values():
            try:
                if device.outbox.sync():
                    self.link.wake()
                device.health.faults.discard("outbox_full")
            except OutboxFull:
                device.health.faults.add("outbox_full")


def _append(device: _Device, source_time_ns: int, body: Reading) -> None:
    seq, payload = device.chain.stamp(source_time_ns, body)
    device.outbox.append(seq, str(body.__struct_config__.tag), source_time_ns, payload)
