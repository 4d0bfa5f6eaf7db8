"""What the health page says of the devices' chains while messages come in; the verdict looks at the whole recording."""

from __future__ import annotations

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from messages.codec import Head
from messages.envelope import Envelope, digest_bytes
from messages.readings import Digest

_KEPT = 1 << 13
_LATE_NS = 4_000_000_000


class ChainWatch:
    """Follows one device's chain: counts faults by reason, and knows up to when its signatures reach."""

    def __init__(self, centre_id: str, device_id: str, public_key: Ed25519PublicKey) -> None:
        self._centre_id = centre_id
        self._device_id = device_id
        self._public_key = public_key
        self._boot_id = ""
        self._hashes: dict[int, bytes] = {}
        self._due_since_ns = 0
        self._is_late = False
        self._is_broken = False
        self.signed_ns = 0
        """Source time of the newest good digest; 0: none yet in this boot."""

    @property
    def is_sound(self) -> bool:
        """Whether what comes is chained and signed in time, as far as can be told now."""
        return not self._is_late and not self._is_broken

    def note(self, head: Envelope | Head, payload: bytes) -> str | None:
        """Take a recorded message in; the reason to count, if it shows a fault of the chain."""
        if head.boot_id != self._boot_id:
            if head.boot_id < self._boot_id:
                return None
            self._boot_id = head.boot_id
            self._hashes.clear()
            self.signed_ns = 0
            self._due_since_ns = head.source_time_ns
            self._is_broken = False
        before = self._hashes.get(head.seq - 1)
        self._hashes[head.seq] = sha256(payload).digest()
        if len(self._hashes) > 2 * _KEPT:
            self._forget(head.seq)
        if before is not None and before.hex() != head.previous_sha256:
            self._is_broken = True
            return "broken_chain"
        if isinstance(head, Envelope) and isinstance(head.body, Digest):
            return self._check(head, head.body)
        return self._missing(head.source_time_ns)

    def _check(self, envelope: Envelope, digest: Digest) -> str | None:
        signed = digest_bytes(
            self._centre_id, self._device_id, envelope.boot_id, digest.through_seq, digest.head_sha256
        )  # fmt: skip
        try:
            self._public_key.verify(bytes.fromhex(digest.signature), signed)
        except (InvalidSignature, ValueError):
            return "forged_digest"
        known = self._hashes.get(digest.through_seq)
        if known is not None and known.hex() != digest.head_sha256:
            return "wrong_digest"
        self.signed_ns = self._due_since_ns = max(self.signed_ns, envelope.source_time_ns)
        self._is_late = self._is_broken = False
        return None

    def _missing(self, source_time_ns: int) -> str | None:
        """A digest is due every second; a stretch without one is counted once."""
        if self._is_late or source_time_ns - self._due_since_ns < _LATE_NS:
            return None
        self._is_late = True
        return "missing_digest"

    def _forget(self, newest_seq: int) -> None:
        self._hashes = {seq: one for seq, one in self._hashes.items() if seq > newest_seq - _KEPT}
