"""An exam's recording without a broker: readings stamped into real chains, and each message's time of arrival."""

from __future__ import annotations

import hashlib
import random
import uuid
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from messages import keys, topics
from messages.chain import Chain
from messages.intake_log import RecordedMessage
from messages.readings import Birth, Heartbeat, Reading
from messages.recording import EnrolledDevice

_BEAT_NS = 1_000_000_000
_AGAIN_AFTER_NS = 5_000_000
_SOFTWARE = "speccenter-simulators"


@dataclass(frozen=True, slots=True)
class Sent:
    """A reading as a device's gateway passes it on."""

    source_time_ns: int
    arrival_ns: int
    body: Reading
    copies: int = 1
    """More than one: the message comes again, as MQTT's QoS 1 allows."""


@dataclass(slots=True)
class Post:
    """One device on the way to the centre."""

    device_id: str
    gateway_id: str
    model: str
    kinds: tuple[str, ...]
    latency_ns: int
    """Of what the gateway says by itself: births, heartbeats, digests."""
    simulated: bool = True
    sent: list[Sent] = field(default_factory=list)
    complaints: list[tuple[int, int, str]] = field(default_factory=list)
    """From when to when (UTC ns) its heartbeats tell a fault, by its code."""


def key_of(device_id: str, seed: int) -> Ed25519PrivateKey:
    """A key for a recording, the same for the same seed: recordings are for tests, and protect nothing."""
    secret = hashlib.sha256(f"speccenter recording key {device_id} {seed}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(secret)


def enrolment(post: Post, seed: int) -> EnrolledDevice:
    """The device as the recording's header names it."""
    return EnrolledDevice(
        post.device_id, post.gateway_id, keys.public_hex(key_of(post.device_id, seed)), post.simulated
    )


def boot_id_of(device_id: str, seed: int, born_ns: int) -> str:
    """A version 7 UUID that depends on nothing but its arguments."""
    rest = random.Random(f"{seed}:{device_id}:boot").getrandbits(74)
    number = (born_ns // 1_000_000) << 80 | 0x7 << 76 | (rest >> 62) << 64 | 0b10 << 62 | rest & (1 << 62) - 1
    return str(uuid.UUID(int=number))


def chained(
    post: Post, centre_id: str, seed: int, born_ns: int, until_ns: int, *, quiet_ns: int | None = None
) -> list[RecordedMessage]:
    """The device's messages in order of sequence: birth, readings, and each second heartbeat and digest.

    ``quiet_ns``: a device that speaks only on a change also says that it lives when it has said nothing for so long,
    as a transmitter does; a recording, which is whole when it is scored, is the same without.
    """
    chain = Chain(centre_id, post.device_id, boot_id_of(post.device_id, seed, born_ns), key_of(post.device_id, seed))
    messages: list[RecordedMessage] = []

    quiet = quiet_ns if topics.speaks_on_change(post.kinds) else None
    next_beat_ns = born_ns + _BEAT_NS

    def say(kind: str, source_time_ns: int, arrival_ns: int, payload: bytes) -> None:
        topic = topics.device_topic(centre_id, post.gateway_id, post.device_id, kind)
        messages.append(RecordedMessage(arrival_ns, source_time_ns, topic, payload))

    def beat(at_ns: int) -> None:
        faults = sorted(code for since_ns, until_ns, code in post.complaints if since_ns <= at_ns < until_ns)
        say("heartbeat", at_ns, at_ns + post.latency_ns, chain.stamp(at_ns, Heartbeat(tuple(faults)))[1])
        digest = chain.digest(at_ns)
        if digest is not None:
            say("digest", at_ns, at_ns + post.latency_ns, digest[1])

    def fill(since_ns: int, until_ns: int) -> None:
        """Heartbeats, with each second a digest, between two instants."""
        nonlocal next_beat_ns
        spoke_ns = since_ns
        while True:
            fill_ns = until_ns if quiet is None else spoke_ns + quiet
            spoke_ns = min(fill_ns, next_beat_ns)
            if spoke_ns >= until_ns:
                return
            if spoke_ns == next_beat_ns:
                beat(spoke_ns)
                next_beat_ns += _BEAT_NS
            else:
                say("heartbeat", spoke_ns, spoke_ns + post.latency_ns, chain.stamp(spoke_ns, Heartbeat())[1])

    birth = Birth(post.model, _SOFTWARE, post.kinds)
    say("birth", born_ns, born_ns + post.latency_ns, chain.stamp(born_ns, birth)[1])
    spoke_ns = born_ns
    for one in post.sent:
        fill(spoke_ns, one.source_time_ns)
        spoke_ns = max(spoke_ns, one.source_time_ns)
        kind = str(one.body.__struct_config__.tag)
        payload = chain.stamp(one.source_time_ns, one.body)[1]
        for copy in range(one.copies):
            say(kind, one.source_time_ns, one.arrival_ns + copy * _AGAIN_AFTER_NS, payload)
    fill(spoke_ns, until_ns + 1)
    return messages
