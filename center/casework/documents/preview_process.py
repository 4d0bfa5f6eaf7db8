"""The process that draws a scan: ``python -m … MEDIA``, bytes in, length-prefixed JPEGs out, hardly any rights."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
import pypdfium2

from center.casework.confinement import give_up_rights
from center.casework.documents.preview import MOST_PAGES
from center.casework.documents.scans import MOST_PIXELS, Media

_LONGEST_SIDE: Final = 1600
_QUALITY: Final = 80
_POINTS_PER_INCH: Final = 72
_DPI: Final = 150

Picture = np.ndarray[Any, np.dtype[np.uint8]]


def main() -> None:
    """Draw what comes on standard input."""
    data = sys.stdin.buffer.read()
    give_up_rights()
    for picture in _pages(data, Media(sys.argv[1])):
        page = _encoded(_shrunk(picture))
        sys.stdout.buffer.write(len(page).to_bytes(4, "big") + page)


def _pages(data: bytes, media: Media) -> Iterator[Picture]:
    if media is not Media.PDF:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            raise SystemExit("the picture cannot be decoded")
        yield picture.astype(np.uint8, copy=False)
        return
    document = pypdfium2.PdfDocument(data)
    if not 1 <= len(document) <= MOST_PAGES or document.count_attachments():
        raise SystemExit(f"{len(document)} pages")
    for page in document:
        yield _drawn(page)


def _drawn(page: Any) -> Picture:
    width, height = page.get_size()
    scale = _DPI / _POINTS_PER_INCH
    if width * height * scale * scale > MOST_PIXELS:
        scale = (MOST_PIXELS / (width * height)) ** 0.5
    bitmap = page.render(scale=scale, may_draw_forms=False)
    picture: Picture = bitmap.to_numpy()
    return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR).astype(np.uint8) if bitmap.n_channels == 1 else picture[:, :, :3]


def _shrunk(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    scale = _LONGEST_SIDE / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _encoded(picture: Picture) -> bytes:
    done, page = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise SystemExit("the page cannot be encoded")
    return page.tobytes()


if __name__ == "__main__":
    main()
