"""Scans made for tests: honest ones, and files that pretend to be one or hide something in one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import cv2
import numpy as np

from center.casework.documents.store import ScanStore

PAYLOAD = b"<script>alert(document.cookie)</script>"


def picture(extension: str = ".jpg", *, width: int = 300, height: int = 400, channels: int = 3) -> bytes:
    """A grey page with a dark line on it."""
    page = np.full((height, width, channels) if channels > 1 else (height, width), 230, np.uint8)
    cv2.line(page, (40, 60), (width - 40, 60), (20,) * channels, 3)
    done, data = cv2.imencode(extension, page)
    assert done
    return data.tobytes()


JPEG = picture(".jpg")
PNG = picture(".png")


def pdf(body: bytes = b"", *, catalog: bytes = b"", pages: int = 1, page: bytes = b"") -> bytes:
    """A PDF of pages with a line each, with what a test adds to it; its cross-reference table is right."""
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents %d 0 R %s >>" % (3 + pages, page)] * pages,
        stream(b"2 w 20 350 m 280 350 l S"),
    ]
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    data += body
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(data))
    )


def stream(content: bytes, description: bytes = b"") -> bytes:
    """A stream object's text."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), description, content)


def object_stream(content: bytes) -> bytes:
    """An object that packs others."""
    return b"9 0 obj\n%s\nendobj\n" % stream(
        zlib.compress(b"10 0 " + content), b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode"
    )


def jpeg_with(marker: int, content: bytes) -> bytes:
    """The honest JPEG with one more segment after its start."""
    return JPEG[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + JPEG[2:]


def chunk(name: bytes, content: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_with(name: bytes, content: bytes) -> bytes:
    """The honest PNG with one more chunk after its first."""
    return PNG[:33] + chunk(name, content) + PNG[33:]


def archive() -> bytes:
    """A ZIP with a page in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("index.html", PAYLOAD)
    return packed.getvalue()


def png_that_is_an_archive() -> bytes:
    """A ZIP in a PNG's note, whose own comment swallows the rest of the picture."""
    packed = archive()
    after = PNG[33:]
    ending = packed[:-2] + struct.pack("<H", 4 + len(after))
    return PNG[:33] + chunk(b"teSt", ending) + after


def pdf_that_is_an_archive() -> bytes:
    """A PDF like any other, in whose stream a ZIP begins whose comment swallows the rest of the file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("notes", b"nothing bad to see " * 10)
    data = pdf(b"9 0 obj\n%s\nendobj\n" % stream(packed.getvalue()))
    told = data.index(b"PK\x05\x06") + 20
    return data[:told] + struct.pack("<H", len(data) - told - 2) + data[told + 2 :]


def jpeg_that_is_a_script() -> bytes:
    """The known polyglot: the first segment's length reads as the beginning of a comment."""
    first = b"\xff\xe0/*" + b"JFIF\x00".ljust(0x2F2A - 2, b"\x00")
    return JPEG[:2] + first + b"\xff\xfe\x00\x1c" + b'*/=alert("Burp rocks.")/*  '[:26] + JPEG[2:]


def bomb_png(width: int, height: int) -> bytes:
    """A small file that unpacks to a picture of so many black pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    rows = b"".join(packer.compress(row * 1000) for _ in range(height // 1000)) + packer.flush()
    return PNG[:8] + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def stored(store: ScanStore) -> list[str]:
    """The addresses of all files that lie in a store."""
    return sorted(path.name for path in store._folder.glob("??/*"))
