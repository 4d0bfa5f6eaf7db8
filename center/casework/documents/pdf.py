"""A PDF looked through for what does more than show a page: scripts, attachments, forms (ISO 32000). Pure.

Names may be written with #xx, and objects may lie in compressed object streams; both are undone before looking. The
pages themselves are drawn by PDFium in a process of its own (``preview``), never by a browser.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

from center.casework.documents.refusal import MARKUP, BadScan
from center.casework.fields import N_

MAGIC: Final = b"%PDF-"
_HEADER: Final = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n\t ]")
_TAIL: Final = re.compile(rb"%%EOF[\r\n\t \x00]*\Z")
_ACTING: Final = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|Movie|Sound|Rendition|GoToE|GoToR)(?![A-Za-z0-9])"
    rb"|/(XFA)\s*[\[(<\d]|/Subtype\s*/(3D)(?![A-Za-z0-9])"
)
"""Long enough not to turn up by chance among compressed bytes; a script's action always names JavaScript."""
_ENCRYPTED: Final = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT_STREAM: Final = b"/ObjStm"
_MOST_OBJECTS_BYTES: Final = 32_000_000


def check(data: bytes) -> None:
    """Raises :class:`BadScan` unless it is a whole PDF that only shows pages."""
    if not _HEADER.match(data):
        raise BadScan(N_("The PDF's first line is broken."))
    if not _TAIL.search(data[-1024:]):
        raise BadScan(N_("The PDF is cut off, or something comes after its end."))
    if MARKUP.search(data[:1024]):
        raise BadScan(N_("A script or page is hidden in the PDF."))
    for part in (_unescaped(data), _unescaped(_packed_objects(data))):
        if _ENCRYPTED.search(part):
            raise BadScan(N_("The PDF is locked with a password or by its maker."))
        if found := _ACTING.search(part):
            what = next(group for group in found.groups() if group)
            raise BadScan(N_("The PDF does more than show pages (%(what)s)."), what=what.decode())


def _packed_objects(data: bytes) -> bytes:
    """What the object streams unpack to; every one of them, or the file is refused."""
    objects, read = bytearray(), 0
    for found in _STREAM.finditer(data):
        start = found.start()
        description = _unescaped(data[max(0, data.rfind(b"obj", 0, start)) : start])
        if _OBJECT_STREAM not in description:
            continue
        read += description.count(_OBJECT_STREAM)
        end = data.find(b"endstream", found.end())
        objects += _unpack(data[found.end() : end], _MOST_OBJECTS_BYTES - len(objects))
    if read != _unescaped(data).count(_OBJECT_STREAM):
        raise BadScan(N_("The PDF is packed in a way that is not read here."))
    return bytes(objects)


def _unpack(packed: bytes, at_most: int) -> bytes:
    try:
        objects = zlib.decompressobj().decompress(packed, at_most + 1)
    except zlib.error as error:
        raise BadScan(N_("The PDF is packed in a way that is not read here.")) from error
    if len(objects) > at_most:
        raise BadScan(N_("The PDF unpacks to far more than pages need."))
    return objects


def _unescaped(data: bytes) -> bytes:
    """With the #xx of names undone."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)
