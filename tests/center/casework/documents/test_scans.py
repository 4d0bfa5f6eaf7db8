"""A scan is what its bytes are; whatever pretends, hides or acts is refused, and told by name."""

from __future__ import annotations

import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework.documents.refusal import BadScan
from center.casework.documents.scans import LARGEST_BYTES, Media, examine
from tests.center.casework.documents import sample_scans as samples
from tests.center.casework.documents.sample_scans import JPEG, PAYLOAD, PNG, jpeg_with, pdf, picture, png_with

HONEST = {
    "a JPEG": (JPEG, Media.JPEG),
    "a PNG": (PNG, Media.PNG),
    "a grey PNG": (picture(".png", channels=1), Media.PNG),
    "a PNG with alpha": (picture(".png", channels=4), Media.PNG),
    "a PDF": (pdf(), Media.PDF),
    "a PDF of several pages": (pdf(pages=3), Media.PDF),
    "a PDF that opens at its first page": (pdf(catalog=b"/OpenAction [3 0 R /Fit]"), Media.PDF),
    "a PDF with packed objects": (pdf(samples.object_stream(b"<< /Author (Orlov) >>")), Media.PDF),
    "a JPEG with a camera's note": (jpeg_with(0xE1, b"Exif\x00\x00MM\x00*" + bytes(40)), Media.JPEG),
    "a JPEG with editing data": (jpeg_with(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta/>"), Media.JPEG),
    "a JPEG with a comment": (jpeg_with(0xFE, "Сканер № 2".encode()), Media.JPEG),
    "a JPEG that is filled up": (JPEG + bytes(12), Media.JPEG),
}

STRANGERS = {
    "a page": (b"<!DOCTYPE html><html><body>" + PAYLOAD, "a web page"),
    "a page after a comment": (b"\n<!-- x -->\n<HTML>" + PAYLOAD, "a web page"),
    "a page with a mark before": (b"\xef\xbb\xbf<html>", "a web page"),
    "a script": (b"#!/bin/sh\nrm -rf /", "a program"),
    "a script in a page": (PAYLOAD, "a web page"),
    "PHP": (b"<?php system($_GET[0]);", "a program"),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "an SVG drawing"),
    "a drawing in XML": (
        b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "x">\n<svg onload="alert(1)">',
        "an SVG drawing",
    ),
    "XML": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>', "an XML file"),
    "an archive": (samples.archive(), "archive"),
    "a Windows program": (b"MZ" + bytes(100), "a program"),
    "a Linux program": (b"\x7fELF" + bytes(100), "a program"),
    "a GIF": (b"GIF89a" + bytes(100), "a GIF picture"),
    "a WebP": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a WebP picture"),
    "a TIFF": (b"II*\x00" + bytes(100), "a TIFF picture"),
    "a HEIC": (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
    "a text": ("Сәлем".encode(), "something else"),
    "PostScript": (b"%!PS-Adobe-3.0\n", "PostScript"),
}

HIDDEN = {
    "a page after a JPEG": JPEG + PAYLOAD,
    "a JPEG after a JPEG": JPEG + JPEG,
    "a page after a PNG": PNG + PAYLOAD,
    "an archive after a JPEG": JPEG + samples.archive(),
    "an archive in a PNG's note": samples.png_that_is_an_archive(),
    "a script that is a JPEG": samples.jpeg_that_is_a_script(),
    "a script in a JPEG's comment": jpeg_with(0xFE, b"*/alert(1)/*"),
    "a page in a JPEG's comment": jpeg_with(0xFE, PAYLOAD),
    "a page in a camera's note": jpeg_with(0xE1, b"Exif\x00\x00" + PAYLOAD),
    "PHP in a camera's note": jpeg_with(0xE1, b"Exif\x00\x00<?php system(1)"),
    "a page in a PNG's note": png_with(b"tEXt", b"Comment\x00" + PAYLOAD),
    "a page in a PNG's packed note": png_with(b"zTXt", b"Comment\x00\x00" + zlib.compress(PAYLOAD)),
    "a drawing in a PNG's own chunk": png_with(b"teSt", b"<svg onload=alert(1)>"),
    "a page before a PDF": PAYLOAD + pdf(),
    "a page in a PDF's first lines": pdf().replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + PAYLOAD + b"\n", 1),
    "a page after a PDF": pdf() + PAYLOAD,
    "an archive after a PDF": pdf() + samples.archive(),
    "an archive in a PDF": samples.pdf_that_is_an_archive(),
    "a script in a PDF": pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "a script with a hidden name": pdf(catalog=b"/OpenAction << /S /J#61vaScript /JS (app.alert(1)) >>"),
    "a script in packed objects": pdf(samples.object_stream(b"<< /S /JavaScript /JS (app.alert(1)) >>")),
    "packed objects with a hidden name": pdf(
        samples.object_stream(b"<< /S /JavaScript >>").replace(b"/ObjStm", b"/O#62jStm")
    ),
    "packed objects behind a comment": pdf(
        samples.object_stream(b"<< /S /JavaScript >>").replace(b"/ObjStm", b"/ObjStm % endobj\n")
    ),
    "packed objects in another packing": pdf(
        b"9 0 obj\n" + samples.stream(b"<~87cURD]j~>", b"/Type /ObjStm /Filter /ASCII85Decode") + b"\nendobj\n"
    ),
    "a program to start": pdf(page=b"/AA << /O << /S /Launch /F (cmd.exe) >> >>"),
    "an attachment": pdf(catalog=b"/Names << /EmbeddedFiles << /Names [] >> >>"),
    "a form that is sent": pdf(page=b"/A << /S /SubmitForm /F (http://x.example) >>"),
    "an XFA form": pdf(catalog=b"/AcroForm << /XFA 9 0 R >>"),
    "a locked PDF": pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"),
    "a PDF bomb": pdf(samples.object_stream(bytes(40_000_000))),
}


@pytest.mark.parametrize(("data", "media"), HONEST.values(), ids=HONEST.keys())
def test_an_honest_scan_is_taken(data: bytes, media: Media) -> None:
    scan = examine(data)
    assert (scan.media, scan.size_bytes) == (media, len(data))


def test_a_pictures_size_is_known_before_anything_decodes_it() -> None:
    assert (examine(JPEG).width, examine(JPEG).height) == (300, 400)
    assert (examine(PNG).width, examine(PNG).height) == (300, 400)


@pytest.mark.parametrize(("data", "told"), STRANGERS.values(), ids=STRANGERS.keys())
def test_another_kind_of_file_is_refused_by_name(data: bytes, told: str) -> None:
    with pytest.raises(BadScan, match=told):
        examine(data)


@pytest.mark.parametrize("data", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_hides_something_is_refused(data: bytes) -> None:
    with pytest.raises(BadScan):
        examine(data)


@pytest.mark.parametrize("data", [JPEG, PNG, pdf()], ids=["JPEG", "PNG", "PDF"])
def test_a_scan_cut_off_anywhere_is_refused(data: bytes) -> None:
    for length in range(0, len(data) - 6, max(1, len(data) // 60)):
        with pytest.raises(BadScan):
            examine(data[:length])


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    filled = JPEG + bytes(LARGEST_BYTES - len(JPEG))
    assert examine(filled).size_bytes == LARGEST_BYTES
    with pytest.raises(BadScan, match="larger than 12 MB"):
        examine(filled + b"\x00")


@pytest.mark.parametrize("size", [(20_000, 20_000), (100_000, 1000)])
def test_a_picture_that_unpacks_to_too_much_is_refused_unopened(size: tuple[int, int]) -> None:
    data = samples.bomb_png(*size)
    assert len(data) < 200_000
    with pytest.raises(BadScan, match="too many"):
        examine(data)


def test_a_stamp_of_a_picture_is_refused() -> None:
    with pytest.raises(BadScan, match="nobody can read"):
        examine(picture(width=199, height=2000))


def test_lossless_jpeg_is_refused_for_what_it_is() -> None:
    lossless = JPEG.replace(b"\xff\xc0", b"\xff\xc3", 1)
    with pytest.raises(BadScan, match="rare kind"):
        examine(lossless)


def _answer(data: bytes) -> str:
    try:
        return examine(data).media
    except BadScan as refused:
        return str(refused)


@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    for head in (b"", JPEG[:2], JPEG[:200], PNG[:8], PNG[:33], b"%PDF-1.7\n"):
        assert _answer(head + data)


@given(st.integers(0, len(JPEG) - 1), st.integers(1, 255))
def test_a_changed_byte_is_a_scan_or_a_refusal(place: int, change: int) -> None:
    for data in (JPEG, PNG, pdf()):
        changed = bytearray(data)
        changed[place % len(data)] ^= change
        assert _answer(bytes(changed))


def test_noise_as_a_scan_is_not_mistaken_for_something_hidden() -> None:
    noise = np.random.default_rng(20260414).integers(0, 256, (900, 900, 3), np.uint8)
    for extension in (".jpg", ".png"):
        assert examine(cv2.imencode(extension, noise)[1].tobytes()).width == 900
