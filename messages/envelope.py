"""What stands around every message body: who says it, in which boot, as the how-manieth, when, and after which message.

A device's messages of one boot form a chain: each carries the SHA-256 of the bytes of the one before. A signed digest
over the head therefore covers every earlier message of the boot, and one missing or changed byte breaks the chain.
"""

from __future__ import annotations

import hashlib

import msgspec

from messages.readings import Reading

SCHEMA_MAJOR = 1
SCHEMA_MINOR = 0
SCHEMA = f"{SCHEMA_MAJOR}.{SCHEMA_MINOR}"
FIRST_PREVIOUS = "0" * 64
"""``previous_sha256`` of the first message of a boot."""


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """One message of a device.

    ``boot_id`` is a UUIDv7 made at each start of the device's program; ``seq`` counts from 0 without a hole within a
    boot, over every kind of body; ``source_time_ns`` is the UTC instant of what the body tells, in ns since 1970.
    """

    schema: str
    centre_id: str
    device_id: str
    boot_id: str
    seq: int
    source_time_ns: int
    previous_sha256: str
    body: Reading


def sha256_hex(payload: bytes) -> str:
    """SHA-256 of a message's bytes, in hex: what the next message of the boot carries."""
    return hashlib.sha256(payload).hexdigest()


def digest_bytes(centre_id: str, device_id: str, boot_id: str, through_seq: int, head_sha256: str) -> bytes:
    """The bytes a device signs: a fixed text, one field a line, none of which may hold a line feed."""
    return f"speccenter digest v1\n{centre_id}\n{device_id}\n{boot_id}\n{through_seq}\n{head_sha256}\n".encode()
