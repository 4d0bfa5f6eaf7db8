"""What the health page says of the devices' chains while messages come in; the verdict looks at the whole recording."""

from __future__ import annotations

from enum import Enum
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from messages.chain_check import is_signed
from messages.codec import Head
from messages.envelope import Envelope
from messages.readings import Digest

_KEPT = 1 << 10
"""Hashes of a boot that a later message or digest is held against; a digest comes every second."""
_BOOTS_KEPT = 4
LATE_NS = 4_000_000_000
"""Source time without a digest, of which one is due every second."""


class Trust(Enum):
    """What may be made of a message before the recording as a whole is looked at."""

    SOUND = "sound"
    """Chained and signed in time."""
    DOUBTFUL = "doubtful"
    """The device's own boot, whose chain is broken or whose signatures are overdue."""
    STRANGE = "strange"
    """Of a boot that has signed nothing, under the name of a device that has signed in another one."""


class _BootWatch:
    """One boot's chain as far as it is remembered."""

    def __init__(self, due_since_ns: int) -> None:
        self.hashes: dict[int, bytes] = {}
        self.due_since_ns = due_since_ns
        self.is_late = False
        self.is_broken = False
        self.is_signed = False

    def remember(self, seq: int, payload: bytes) -> None:
        self.hashes[seq] = sha256(payload).digest()
        if len(self.hashes) > 2 * _KEPT:
            self.hashes = {number: one for number, one in self.hashes.items() if number > seq - _KEPT}


class ChainWatch:
    """Follows one device's chains: counts faults by reason, and knows up to when its signatures reach."""

    def __init__(self, centre_id: str, device_id: str, public_key: Ed25519PublicKey, *, late_ns: int = LATE_NS) -> None:
        self._centre_id = centre_id
        self._device_id = device_id
        self._public_key = public_key
        self._late_ns = late_ns
        self._boots: dict[str, _BootWatch] = {}
        self.signed_ns = 0
        """Source time of the newest good digest; 0: none yet."""

    def trust(self, boot_id: str) -> Trust:
        """What may be made of what comes of that boot, as far as can be told now.

        A device that was started again is a stranger until its first digest, which it gives within a second.
        """
        boot = self._boots.get(boot_id)
        if (boot is None or not boot.is_signed) and self.signed_ns:
            return Trust.STRANGE
        return Trust.SOUND if boot is not None and not boot.is_late and not boot.is_broken else Trust.DOUBTFUL

    def has_signed(self, boot_id: str) -> bool:
        """Whether that boot is the device's own: a digest of it held. Anybody else may begin one under its name."""
        boot = self._boots.get(boot_id)
        return boot is not None and boot.is_signed

    def note(self, head: Envelope | Head, payload: bytes) -> str | None:
        """Take a recorded message in; the reason to count, if it shows a fault of the chain."""
        boot = self._boots.get(head.boot_id)
        if boot is None:
            boot = self._boots[head.boot_id] = _BootWatch(head.source_time_ns)
            if len(self._boots) > _BOOTS_KEPT:
                self._forget_one(head.boot_id)
        before = boot.hashes.get(head.seq - 1)
        boot.remember(head.seq, payload)
        digest = head.body if isinstance(head, Envelope) and isinstance(head.body, Digest) else None
        if digest is not None and not self._is_signed(head.boot_id, digest):
            return "forged_digest"
        if before is not None and before.hex() != head.previous_sha256:
            boot.is_broken = True
            return "broken_chain"
        if digest is None:
            return self._missing(boot, head.source_time_ns)
        return self._extend(boot, digest, head.source_time_ns)

    def _forget_one(self, newest: str) -> None:
        """The oldest boot, of a stranger if there is one: it cannot make us forget the device's own."""
        older = [boot_id for boot_id in self._boots if boot_id != newest]
        del self._boots[next((one for one in older if not self._boots[one].is_signed), older[0])]

    def _is_signed(self, boot_id: str, digest: Digest) -> bool:
        named = self._centre_id, self._device_id, boot_id
        return is_signed(self._public_key, *named, digest.through_seq, digest.head_sha256, digest.signature)

    def _extend(self, boot: _BootWatch, digest: Digest, source_time_ns: int) -> str | None:
        known = boot.hashes.get(digest.through_seq)
        if known is not None and known.hex() != digest.head_sha256:
            return "wrong_digest"
        boot.due_since_ns = max(boot.due_since_ns, source_time_ns)
        boot.is_late = boot.is_broken = False
        boot.is_signed = True
        self.signed_ns = max(self.signed_ns, source_time_ns)
        return None

    def _missing(self, boot: _BootWatch, source_time_ns: int) -> str | None:
        """A digest is due every second; a stretch without one is counted once."""
        if boot.is_late or source_time_ns - boot.due_since_ns < self._late_ns:
            return None
        boot.is_late = True
        return "missing_digest"
