"""A PNG walked chunk by chunk to its IEND, each checked by its CRC (W3C PNG, third edition). Pure."""

from __future__ import annotations

import zlib
from typing import Final

from center.casework.documents.refusal import MARKUP, BadScan
from center.casework.fields import N_

MAGIC: Final = b"\x89PNG\r\n\x1a\n"
_BINARY: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"iCCP"})
_COMPRESSED: Final = frozenset({b"zTXt", b"iTXt"})
_MOST_TEXT: Final = 1_000_000


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height in pixels; raises :class:`BadScan` for a broken picture, or one with something beside it."""
    place, size = len(MAGIC), None
    while True:
        name, body, place = _chunk(data, place)
        if size is None:
            if name != b"IHDR" or len(body) != 13:
                raise _broken()
            size = (int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"))
        if name not in _BINARY and MARKUP.search(body + _unpacked(name, body)):
            raise BadScan(N_("A script or page is hidden in the picture."))
        if name == b"IEND":
            break
    if data[place:]:
        raise BadScan(N_("After the picture's end come %(bytes)s more bytes."), bytes=len(data) - place)
    return size


def _chunk(data: bytes, place: int) -> tuple[bytes, bytes, int]:
    length = int.from_bytes(data[place : place + 4], "big")
    end = place + 12 + length
    name, body = data[place + 4 : place + 8], data[place + 8 : end - 4]
    if end > len(data) or zlib.crc32(name + body) != int.from_bytes(data[end - 4 : end], "big"):
        raise _broken()
    return name, body, end


def _unpacked(name: bytes, body: bytes) -> bytes:
    """The text of a compressed note, as far as anybody would write one."""
    start = body.find(b"\x78") if name in _COMPRESSED else -1
    while start != -1:
        try:
            return zlib.decompressobj().decompress(body[start:], _MOST_TEXT)
        except zlib.error:
            start = body.find(b"\x78", start + 1)
    return b""


def _broken() -> BadScan:
    return BadScan(N_("The picture is broken or cut off."))
