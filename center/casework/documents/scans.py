"""What a scan is, by its content alone: a JPEG, a PNG or a PDF and nothing beside it; anything else is refused by name.

A file's name and declared type are never looked at. A picture is walked to its end, so that nothing can hide behind or
beside it (a script, a page, an archive that begins at its end). Pure.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from center.casework.documents import jpeg, pdf, png
from center.casework.documents.refusal import BadScan
from center.casework.fields import N_
from center.errors import Text

LARGEST_BYTES: Final = 12_000_000
"""Three colour pages of A4 at 300 dpi as JPEG, or some forty as a black-and-white PDF."""
MOST_PIXELS: Final = 60_000_000
SHORTEST_SIDE: Final = 200
_ARCHIVE_END: Final = b"PK\x05\x06"
_ARCHIVE_TAIL: Final = 65_557

_BEFORE_MARKUP: Final = rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
_PAGE: Final = rb"<(?:!doctype html|html|head|body|script|iframe|meta|title|img|a|p|div)\b"
_ANY_CASE: Final = re.IGNORECASE | re.DOTALL
_KNOWN_STRANGERS: Final = (
    (re.compile(_BEFORE_MARKUP + rb"(?:<!doctype svg[^>]*>\s*)?<svg[\s>]", _ANY_CASE), N_("an SVG drawing")),
    (re.compile(_BEFORE_MARKUP + _PAGE, _ANY_CASE), N_("a web page")),
    (re.compile(rb"\s*<\?php", re.IGNORECASE), N_("a program")),
    (re.compile(rb"\s*<\?xml", re.IGNORECASE), N_("an XML file")),
    (re.compile(rb"#!|MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe"), N_("a program")),
    (re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ"), N_("an archive or an office file")),
    (re.compile(rb"\xd0\xcf\x11\xe0"), N_("an office file")),
    (re.compile(rb"GIF8[79]a"), N_("a GIF picture")),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), N_("a WebP picture")),
    (re.compile(rb"(II\*\x00|MM\x00\*)", re.DOTALL), N_("a TIFF picture")),
    (re.compile(rb"BM.{8}", re.DOTALL), N_("a BMP picture")),
    (re.compile(rb"....ftyp(heic|heix|mif1|avif)", re.DOTALL), N_("a HEIC or AVIF picture")),
    (re.compile(rb"%!PS|.{0,32}\{\\rtf", re.DOTALL), N_("a PostScript or RTF file")),
)


class Media(StrEnum):
    """What a scan may be."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that was let in; ``width`` and ``height`` in pixels are 0 for a PDF."""

    media: Media
    size_bytes: int
    width: int
    height: int


def examine(data: bytes) -> Scan:
    """What the bytes are; raises :class:`BadScan` with what is wrong."""
    if not data:
        raise BadScan(N_("The file is empty."))
    if len(data) > LARGEST_BYTES:
        raise BadScan(N_("The file is larger than %(most)s MB."), most=LARGEST_BYTES // 1_000_000)
    if _is_archive_too(data):
        raise BadScan(N_("An archive is hidden in the file."))
    if data.startswith(jpeg.MAGIC):
        return _picture(Media.JPEG, data, *jpeg.size_of(data))
    if data.startswith(png.MAGIC):
        return _picture(Media.PNG, data, *png.size_of(data))
    if data.startswith(pdf.MAGIC):
        pdf.check(data)
        return Scan(Media.PDF, len(data), 0, 0)
    raise BadScan(N_("This is %(what)s; a scan is a JPEG, a PNG or a PDF."), what=Text(_what(data)))


def _picture(media: Media, data: bytes, width: int, height: int) -> Scan:
    if width * height > MOST_PIXELS:
        raise BadScan(
            N_("The picture has %(width)s × %(height)s pixels; that is too many."), width=width, height=height
        )
    if min(width, height) < SHORTEST_SIDE:
        text = N_("The picture has %(width)s × %(height)s pixels; nobody can read that.")
        raise BadScan(text, width=width, height=height)
    return Scan(media, len(data), width, height)


def _what(data: bytes) -> str:
    head = data[:2048].removeprefix(b"\xef\xbb\xbf")
    return next((name for pattern, name in _KNOWN_STRANGERS if pattern.match(head)), N_("something else"))


def _is_archive_too(data: bytes) -> bool:
    """Whether a ZIP reader, which begins at a file's end, would find an archive that ends just there."""
    start = max(0, len(data) - _ARCHIVE_TAIL)
    place = data.find(_ARCHIVE_END, start)
    while place != -1:
        tail = data[place : place + 22]
        if len(tail) == 22 and place + 22 + struct.unpack("<H", tail[20:22])[0] == len(data):
            return True
        place = data.find(_ARCHIVE_END, place + 1)
    return False
