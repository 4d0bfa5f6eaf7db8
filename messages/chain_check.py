"""Which of a device's messages a valid signature covers, whatever order they came in and however often."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from messages import keys
from messages.codec import Head
from messages.envelope import Envelope, digest_bytes
from messages.readings import Digest

_HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class CoveredRanges:
    """What of one boot of a device its signatures cover. A reading outside is recorded and never charged."""

    ranges: tuple[tuple[int, int], ...] = ()
    """First and last sequence number of each covered stretch, ascending, both included."""
    forked: Mapping[int, str] = field(default_factory=dict)
    """Where several payloads claim a covered sequence number: the SHA-256 (hex) of the one that is covered."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How often each of ``missing``, ``fork``, ``broken_chain``, ``forged_digest``, ``wrong_digest`` and
    ``uncovered`` was found; what was not found is left out."""

    def covers(self, seq: int) -> bool:
        """Whether a signature covers this sequence number (of forked ones: the payload named in ``forked``)."""
        ranges = self.ranges
        if len(ranges) == 1:
            return ranges[0][0] <= seq <= ranges[0][1]
        place = bisect_right(ranges, seq, key=lambda stretch: stretch[0])
        return place > 0 and seq <= ranges[place - 1][1]

    def uncovered(self, seqs: Sequence[int]) -> int:
        """How many of some sequence numbers no signature covers; the quick answer is that one stretch covers all."""
        if len(self.ranges) == 1 and self.ranges[0][0] <= min(seqs) and max(seqs) <= self.ranges[0][1]:
            return 0
        return sum(not self.covers(seq) for seq in seqs)

    def covers_payload(self, seq: int, payload: bytes) -> bool:
        """Whether a signature covers these very bytes, given that they were fed to the check."""
        return self.covers(seq) and (seq not in self.forked or self.forked[seq] == sha256(payload).hexdigest())


class ChainCheck:
    """Follows the chains of a centre's devices and boots; the first message seen of a boot anchors it."""

    def __init__(self, centre_id: str) -> None:
        self._centre_id = centre_id
        self._boots: dict[tuple[str, str], BootCheck] = {}

    def feed(self, head: Envelope | Head, payload: bytes) -> None:
        """Take one message in: what was decoded of it, and the bytes that it came as."""
        key = head.device_id, head.boot_id
        boot = self._boots.get(key)
        if boot is None:
            boot = self._boots[key] = BootCheck(self._centre_id, *key)
        boot.feed(head, payload)

    def boots(self) -> list[BootCheck]:
        """Every boot of every device seen, by device and boot id."""
        return [self._boots[key] for key in sorted(self._boots)]

    def covered(self, public_keys: Mapping[str, Ed25519PublicKey]) -> dict[tuple[str, str], CoveredRanges]:
        """What is covered of each (device, boot); of a device without a key, nothing is."""
        return {key: boot.covered(public_keys.get(key[0])) for key, boot in sorted(self._boots.items())}


class BootCheck:
    """The chain of one device's boot.

    ``_main`` holds the hashes of one unbroken, linked stretch, 32 bytes each; what does not continue it waits in
    ``_loose`` as hash → previous hash by sequence number. Which of the two holds a message depends on the order of
    arrival, what is found in the end does not.
    """

    def __init__(self, centre_id: str, device_id: str, boot_id: str) -> None:
        self.device_id = device_id
        self.boot_id = boot_id
        self._centre_id = centre_id
        self._main = bytearray()
        self._first_seq = 0
        self._first_previous = ""
        self._next_seq = -1
        self._head = ""
        self._loose: dict[int, dict[str, str]] = {}
        self._digests: set[tuple[int, str, str]] = set()
        self._verified: dict[tuple[bytes, int, str, str], bool] = {}

    @property
    def last_seq(self) -> int:
        """The highest sequence number seen."""
        return max(self._next_seq - 1, max(self._loose, default=-1))

    def feed(self, head: Envelope | Head, payload: bytes) -> None:
        """Take one message in."""
        hashed = sha256(payload).digest()
        sha = hashed.hex()
        if head.seq == self._next_seq and head.previous_sha256 == self._head:
            self._main += hashed
            self._head = sha
            self._next_seq += 1
            if self._loose:
                self._absorb()
        else:
            self._set_aside(head, sha)
        if type(head) is Envelope and type(head.body) is Digest:
            self._digests.add((head.body.through_seq, head.body.head_sha256, head.body.signature))

    def covered(self, public_key: Ed25519PublicKey | None) -> CoveredRanges:
        """What the device's signatures cover; only the last digest of each unbroken stretch is verified."""
        counts = self._structure()
        ranges: list[tuple[int, int]] = []
        choice: dict[int, str] = {}
        lowest = self.last_seq + 1
        for digest in sorted(self._digests, reverse=True):
            through, head, _ = digest
            if through >= lowest or public_key is None:
                continue
            if not self._holds(through, head):
                _count(counts, "wrong_digest", int(self._is_known(through)))
                continue
            if not self._verifies(digest, public_key):
                _count(counts, "forged_digest")
                continue
            lowest = self._walk(through, head, choice)
            ranges.append((lowest, through))
        ranges.reverse()
        covered = sum(last - first + 1 for first, last in ranges)
        _count(
            counts, "uncovered", len(self._main) // _HASH_BYTES + sum(map(self._is_only_loose, self._loose)) - covered
        )
        return CoveredRanges(tuple(ranges), choice, counts)

    def _absorb(self) -> None:
        while (variants := self._loose.get(self._next_seq)) is not None:
            following = min((sha for sha, previous in variants.items() if previous == self._head), default=None)
            if following is None:
                return
            del variants[following]
            if not variants:
                del self._loose[self._next_seq]
            self._main += bytes.fromhex(following)
            self._head = following
            self._next_seq += 1

    def _set_aside(self, head: Envelope | Head, sha: str) -> None:
        if self._next_seq < 0:
            self._first_seq, self._first_previous = head.seq, head.previous_sha256
            self._main += bytes.fromhex(sha)
            self._next_seq, self._head = head.seq + 1, sha
        elif self._main_hash(head.seq) != sha:
            self._loose.setdefault(head.seq, {})[sha] = head.previous_sha256

    def _main_hash(self, seq: int) -> str | None:
        if not self._first_seq <= seq < self._next_seq:
            return None
        start = (seq - self._first_seq) * _HASH_BYTES
        return self._main[start : start + _HASH_BYTES].hex()

    def _is_known(self, seq: int) -> bool:
        return self._first_seq <= seq < self._next_seq or seq in self._loose

    def _is_only_loose(self, seq: int) -> bool:
        return not self._first_seq <= seq < self._next_seq

    def _holds(self, seq: int, sha: str) -> bool:
        return self._main_hash(seq) == sha or sha in self._loose.get(seq, ())

    def _previous(self, seq: int, sha: str) -> str:
        """The hash that the message before must have."""
        if self._main_hash(seq) == sha:
            return (self._main_hash(seq - 1) or "") if seq > self._first_seq else self._first_previous
        return self._loose[seq][sha]

    def _walk(self, seq: int, sha: str, choice: dict[int, str]) -> int:
        """Follow the chain back from a signed head; the lowest sequence number reached. Notes the forks passed."""
        while True:
            if self._main_hash(seq) == sha:
                for forked in self._loose:
                    if self._first_seq <= forked <= seq:
                        choice[forked] = self._main_hash(forked) or ""
                seq, sha = self._first_seq, self._first_previous
            else:
                if len(self._loose[seq]) > 1 or not self._is_only_loose(seq):
                    choice[seq] = sha
                sha = self._loose[seq][sha]
            if not self._holds(seq - 1, sha):
                return seq
            seq -= 1

    def _verifies(self, digest: tuple[int, str, str], public_key: Ed25519PublicKey) -> bool:
        key = (public_key.public_bytes_raw(), *digest)
        if key not in self._verified:
            through, head, signature = digest
            named = self._centre_id, self.device_id, self.boot_id
            self._verified[key] = is_signed(public_key, *named, through, head, signature)
        return self._verified[key]

    def _structure(self) -> dict[str, int]:
        """What is wrong with the chain by itself, from the set of messages alone."""
        counts: dict[str, int] = {}
        seqs = sorted(self._loose)
        spans = _merged([(self._first_seq, self._next_seq - 1), *((seq, seq) for seq in seqs)])
        _count(counts, "missing", sum(later[0] - earlier[1] - 1 for earlier, later in pairwise(spans)))
        forks = (seq for seq in seqs if len(self._loose[seq]) > 1 or not self._is_only_loose(seq))
        _count(counts, "fork", sum(1 for _ in forks))
        _count(counts, "broken_chain", sum(map(self._is_broken, {*seqs, *(seq + 1 for seq in seqs), self._first_seq})))
        return counts

    def _is_broken(self, seq: int) -> bool:
        """Whether both this message and the one before are there in some form, and no form of them links."""
        if not (self._is_known(seq) and self._is_known(seq - 1)):
            return False
        return not any(self._holds(seq - 1, self._previous(seq, sha)) for sha in self._variants(seq))

    def _variants(self, seq: int) -> Iterator[str]:
        main = self._main_hash(seq)
        if main is not None:
            yield main
        yield from self._loose.get(seq, ())


def is_signed(
    public_key: Ed25519PublicKey,
    centre_id: str,
    device_id: str,
    boot_id: str,
    through_seq: int,
    head: str,
    signature: str,
) -> bool:
    """Whether a digest's signature is that of the device, for its boot up to a sequence number with that head."""
    return keys.is_signed(public_key, signature, digest_bytes(centre_id, device_id, boot_id, through_seq, head))


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _count(counts: dict[str, int], reason: str, by: int = 1) -> None:
    if by:
        counts[reason] = counts.get(reason, 0) + by
