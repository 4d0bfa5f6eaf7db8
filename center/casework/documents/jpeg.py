"""A JPEG walked from its first marker to its last (ITU-T T.81, annex B). Pure."""

from __future__ import annotations

from typing import Final

from center.casework.documents.refusal import MARKUP, BadScan
from center.casework.fields import N_

MAGIC: Final = b"\xff\xd8\xff"
_END: Final = 0xD9
_SCAN: Final = 0xDA
_COMMENT: Final = 0xFE
_APP0: Final = 0xE0
_APP2_ICC: Final = 0xE2
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_UNUSUAL_FRAMES: Final = frozenset({0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_SCRIPT_LENGTH: Final = b"/*"
"""A first segment of this length makes the file a script that begins with a comment."""


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height in pixels; raises :class:`BadScan` for a broken picture, or one with something beside it."""
    place, size = 2, None
    while True:
        marker, place = _marker(data, place)
        if marker == _END:
            break
        if marker in _STANDALONE:
            continue
        body, following = _segment(data, place)
        _check_notes(marker, data[place : place + 2], body)
        if marker in _UNUSUAL_FRAMES:
            raise BadScan(N_("The picture is of a rare kind of JPEG; save it in the usual one."))
        if marker in _FRAMES and size is None and len(body) >= 5:
            size = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        place = _after_entropy(data, following) if marker == _SCAN else following
    if data[place:].strip(b"\x00\r\n"):
        raise BadScan(N_("After the picture's end come %(bytes)s more bytes."), bytes=len(data) - place)
    if size is None:
        raise _broken()
    return size


def _marker(data: bytes, place: int) -> tuple[int, int]:
    """The next marker and the place after it; a marker may be filled up with 0xFF before it."""
    if data[place : place + 1] != b"\xff":
        raise _broken()
    while data[place : place + 1] == b"\xff":
        place += 1
    if place >= len(data) or data[place] == 0:
        raise _broken()
    return data[place], place + 1


def _segment(data: bytes, place: int) -> tuple[bytes, int]:
    length = int.from_bytes(data[place : place + 2], "big")
    if length < 2 or place + length > len(data):
        raise _broken()
    return data[place + 2 : place + length], place + length


def _check_notes(marker: int, length: bytes, body: bytes) -> None:
    is_note = marker == _COMMENT or (0xE0 <= marker <= 0xEF and marker != _APP2_ICC)
    script = marker == _COMMENT and (b"*/" in body or b"/*" in body)
    if script or (marker == _APP0 and length == _SCRIPT_LENGTH) or (is_note and MARKUP.search(body)):
        raise BadScan(N_("A script or page is hidden in the picture."))


def _after_entropy(data: bytes, place: int) -> int:
    """Where the next marker begins after a scan's coded data: 0xFF followed by no zero and no restart mark."""
    while True:
        place = data.find(b"\xff", place)
        if place == -1 or place + 1 >= len(data):
            raise _broken()
        following = data[place + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return place
        place += 2


def _broken() -> BadScan:
    return BadScan(N_("The picture is broken or cut off."))
