"""A device's chain of messages, stamped and signed by its gateway; ``chain_check`` reads it.

Every message carries the SHA-256 of the one before, and once a second a digest, itself a message, signs the chain's
head. Walking back from a signed head along matching hashes reaches exactly the bytes that the device vouches for.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from messages import codec
from messages.envelope import FIRST_PREVIOUS, SCHEMA, Envelope, digest_bytes, sha256_hex
from messages.readings import Digest, Reading


class Chain:
    """Stamps the messages of one device in one boot. Not thread-safe: its owner calls it under a lock."""

    def __init__(
        self,
        centre_id: str,
        device_id: str,
        boot_id: str,
        private_key: Ed25519PrivateKey,
        *,
        start_seq: int = 0,
        previous: str = FIRST_PREVIOUS,
    ) -> None:
        self._centre_id = centre_id
        self._device_id = device_id
        self._boot_id = boot_id
        self._private_key = private_key
        self._next_seq = start_seq
        self._head = previous
        self._digested_before = start_seq

    @property
    def next_seq(self) -> int:
        """The sequence number that the next message gets."""
        return self._next_seq

    def stamp(self, source_time_ns: int, body: Reading) -> tuple[int, bytes]:
        """The next message's sequence number and bytes."""
        seq = self._next_seq
        payload = codec.encode(
            Envelope(SCHEMA, self._centre_id, self._device_id, self._boot_id, seq, source_time_ns, self._head, body)
        )
        self._head = sha256_hex(payload)
        self._next_seq = seq + 1
        return seq, payload

    def digest(self, source_time_ns: int) -> tuple[int, bytes] | None:
        """The next message: a signature over everything before it. None if nothing came since the last digest."""
        if self._next_seq == self._digested_before:
            return None
        through = self._next_seq - 1
        signed = digest_bytes(self._centre_id, self._device_id, self._boot_id, through, self._head)
        stamped = self.stamp(source_time_ns, Digest(through, self._head, self._private_key.sign(signed).hex()))
        self._digested_before = self._next_seq
        return stamped
