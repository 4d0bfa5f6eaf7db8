"""What is shown of a scan is drawn anew, in a process that a bad file cannot get out of."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from center.casework.documents import preview
from center.casework.documents.refusal import BadScan
from center.casework.documents.scans import examine
from tests.center.casework.documents import sample_scans as samples
from tests.center.casework.documents.sample_scans import JPEG, PNG, jpeg_with, pdf, picture


def _decoded(page: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


@pytest.mark.parametrize(("data", "pages"), [(JPEG, 1), (PNG, 1), (pdf(pages=2), 2)], ids=["JPEG", "PNG", "PDF"])
def test_each_page_becomes_a_fresh_picture_with_what_is_on_it(data: bytes, pages: int) -> None:
    drawn = preview.draw(data, examine(data).media)
    assert len(drawn) == pages
    for page in drawn:
        assert page.startswith(b"\xff\xd8\xff")
        assert b"Exif" not in page
        assert _decoded(page).min() < 90 < 200 < _decoded(page).max()


def test_nothing_of_a_pictures_notes_comes_through() -> None:
    (page,) = preview.draw(jpeg_with(0xE1, b"Exif\x00\x00 secret place"), "image/jpeg")
    assert b"secret" not in page


def test_a_large_picture_is_shown_smaller() -> None:
    (page,) = preview.draw(picture(width=3000, height=2000), "image/jpeg")
    assert _decoded(page).shape == (1067, 1600, 3)


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (JPEG[:400] + JPEG[500:], "application/pdf"),
        (b"\xff\xd8\xff" + bytes(100), "image/jpeg"),
        (pdf(pages=41), "application/pdf"),
        (pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"), "application/pdf"),
    ],
    ids=["not what it says", "broken", "too many pages", "pages in a circle"],
)
def test_what_cannot_be_drawn_is_refused(data: bytes, media: str) -> None:
    with pytest.raises(BadScan, match="cannot be drawn"):
        preview.draw(data, media)


def test_a_picture_beyond_the_processs_memory_ends_only_the_process() -> None:
    with pytest.raises(BadScan, match="cannot be drawn"):
        preview.draw(samples.bomb_png(30_000, 30_000), "image/png")
