"""One CAN frame as bytes: four bytes of identifier, big-endian, the top bit set for an extended one, then the payload.

>>> pack(0x2B0, b"\\x9c\\xf2"), unpack(pack(0x2B0, b"\\x9c\\xf2"))
(b'\\x00\\x00\\x02\\xb0\\x9c\\xf2', (688, b'\\x9c\\xf2'))
"""

from __future__ import annotations

from typing import Final

EXTENDED: Final = 0x8000_0000
MAX_STANDARD_ID: Final = 0x7FF
MAX_EXTENDED_ID: Final = 0x1FFF_FFFF


def pack(identifier: int, payload: bytes) -> bytes:
    """The bytes of a frame; the identifier of an extended one carries ``EXTENDED``."""
    return identifier.to_bytes(4, "big") + payload


def unpack(frame: bytes) -> tuple[int, bytes]:
    """Identifier and payload."""
    return int.from_bytes(frame[:4], "big"), frame[4:]
