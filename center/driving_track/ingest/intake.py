"""Whether a message that arrived is one of ours: pure, and every way in which it is not has a reason to count by."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from center.driving_track.queries import DeviceFacts
from messages import codec, keys, orders, topics
from messages.codec import BadMessage, Head
from messages.envelope import Envelope
from messages.readings import ExamControl
from messages.received import Received

_REMEMBERED = 1 << 14
"""Payloads of a boot that are known again when they come twice; older ones are written twice, which does no harm."""
_NOTHING = array("q", [0]) * _REMEMBERED
_TOPICS_KEPT = 4096
_BOOTS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: ``record`` it, ``score`` it, and by which ``reason`` it is counted if not."""

    device_id: str
    head: Envelope | Head | None
    record: bool
    reason: str | None = None

    @property
    def envelope(self) -> Envelope | None:
        """The message, if it may be scored."""
        return self.head if self.reason is None and isinstance(self.head, Envelope) else None


class Boot:
    """What has arrived of one boot of a device."""

    def __init__(self, through: int | None = None) -> None:
        self.received = Received(through)
        self._payloads = _NOTHING[:]

    def take(self, seq: int, payload: bytes) -> bool:
        """Note a message; False if these very bytes came before, as far as remembered."""
        place = seq % _REMEMBERED
        mark = hash(payload)
        is_new = self.received.add(seq)
        if not is_new and self._payloads[place] == mark:
            return False
        self._payloads[place] = mark
        return True


class Intake:
    """Judges what arrives by the enrolments of the moment; remembers what has arrived."""

    def __init__(self, centre_id: str, enrolled: Mapping[str, DeviceFacts], future_tolerance_ns: int) -> None:
        self._centre_id = centre_id
        self._future_tolerance_ns = future_tolerance_ns
        self.enrolled = dict(enrolled)
        self.boots: dict[str, dict[str, Boot]] = {}
        self._parts: dict[str, tuple[str, str, str, str] | None] = {}

    def take(self, topic: str, payload: bytes, arrival_ns: int) -> Taken:
        """Judge one message and note that it came."""
        parts = self._parts_of(topic)
        if parts is None:
            return Taken("?", None, False, "wrong_topic")
        centre_id, gateway_id, device_id, kind = parts
        stranger = self._stranger(centre_id, gateway_id, device_id)
        if stranger is not None:
            return stranger
        try:
            head: Envelope | Head = codec.decode(payload)
            reason = None if head.body.__struct_config__.tag == kind else "wrong_topic"  # type: ignore[union-attr]
        except BadMessage as refusal:
            reason = refusal.reason
            try:
                head = codec.decode_head(payload)
            except BadMessage:
                return Taken(device_id, None, False, reason)
        return self._attributed(device_id, head, payload, arrival_ns, reason)

    def restore(self, device_id: str, boot_id: str, through: int) -> None:
        """Up to there a boot's messages arrived in an earlier life of this process."""
        self.boots.setdefault(device_id, {})[boot_id] = Boot(through)

    def has_hole(self, device_id: str, is_own: Callable[[str], bool]) -> bool:
        """Whether a message of one of that device's own boots is known to be missing that may still come."""
        boots = self.boots.get(device_id, {})
        return any(boot.received.has_hole and is_own(boot_id) for boot_id, boot in boots.items())

    def positions(self) -> list[tuple[str, str, int]]:
        """Device, boot and sequence number up to which all has arrived."""
        return [
            (device_id, boot_id, boot.received.through)
            for device_id, boots in self.boots.items()
            for boot_id, boot in boots.items()
            if boot.received.through is not None
        ]

    def boot(self, device_id: str, boot_id: str) -> Boot:
        """What has arrived of that boot; the oldest of a device's boots are forgotten."""
        boots = self.boots.setdefault(device_id, {})
        boot = boots.get(boot_id)
        if boot is None:
            boot = boots[boot_id] = Boot()
            while len(boots) > _BOOTS_KEPT:
                del boots[min(boots)]
        return boot

    def _parts_of(self, topic: str) -> tuple[str, str, str, str] | None:
        """A topic taken apart; there are few of them, and each comes again and again."""
        if topic not in self._parts:
            if len(self._parts) >= _TOPICS_KEPT:
                self._parts.clear()
            self._parts[topic] = topics.parts_of(topic)
        return self._parts[topic]

    def _stranger(self, centre_id: str, gateway_id: str, device_id: str) -> Taken | None:
        if centre_id != self._centre_id:
            return Taken("?", None, False, "wrong_topic")
        device = self.enrolled.get(device_id)
        if device is None:
            return Taken("?", None, False, "unenrolled")
        if device.revoked_at is not None:
            return Taken(device_id, None, False, "revoked")
        if device.gateway_id != gateway_id:
            return Taken(device_id, None, False, "wrong_topic")
        return None

    def _attributed(
        self, device_id: str, head: Envelope | Head, payload: bytes, arrival_ns: int, reason: str | None
    ) -> Taken:
        if head.centre_id != self._centre_id:
            return Taken(device_id, None, False, "wrong_topic")
        if head.device_id != device_id:
            return Taken(device_id, None, False, "wrong_topic")
        if not self.boot(device_id, head.boot_id).take(head.seq, payload):
            return Taken(device_id, head, False, "duplicate")
        if reason is None and head.source_time_ns > arrival_ns + self._future_tolerance_ns:
            reason = "future"
        if reason is None and isinstance(head, Envelope):
            reason = against_order(head, self.enrolled[device_id].public_key)
        return Taken(device_id, head, True, reason)


def against_order(head: Envelope, public_key: str) -> str | None:
    """Why an order is recorded and not obeyed: it is not the centre's own word. None for what is no order."""
    order = head.body
    if type(order) is not ExamControl:
        return None
    if head.device_id != topics.CENTRE_DEVICE:
        return "wrong_topic"
    key = keys.public_from_hex(public_key)
    return None if orders.is_signed(order, head.centre_id, head.source_time_ns, key) else "unsigned_order"
