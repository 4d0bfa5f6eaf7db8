"""A scan's pages as fresh JPEGs: what a browser gets to see are these only, never the bytes that somebody sent in."""

from __future__ import annotations

from typing import Final

from center.casework import confinement
from center.casework.documents.refusal import BadScan
from center.casework.fields import N_

MOST_PAGES: Final = 40
_LENGTH_BYTES: Final = 4


def draw(data: bytes, media: str) -> list[bytes]:
    """The pages of an examined scan as JPEGs; raises :class:`BadScan` where they cannot be drawn."""
    pages = _pages(confinement.run("center.casework.documents.preview_process", data, media) or b"")
    if not pages:
        raise BadScan(N_("The scan cannot be drawn: it is broken, or has more than %(most)s pages."), most=MOST_PAGES)
    return pages


def _pages(output: bytes) -> list[bytes]:
    pages, place = [], 0
    while place < len(output):
        length = int.from_bytes(output[place : place + _LENGTH_BYTES], "big")
        place += _LENGTH_BYTES
        pages.append(output[place : place + length])
        place += length
    return pages
