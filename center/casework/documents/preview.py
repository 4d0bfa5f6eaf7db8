"""A scan's pages as fresh JPEGs, drawn in a process of its own that can open nothing and is ended if it takes too much.

What a visitor's browser gets to see are these pictures only, never the bytes that somebody sent in. A decoder that a
broken file brings down, or sends round in circles, takes this process with it and nothing else.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from center.casework.documents.refusal import BadScan
from center.casework.fields import N_

MOST_PAGES: Final = 40
_WALL_TIME_S: Final = 40
_LENGTH_BYTES: Final = 4


def draw(data: bytes, media: str) -> list[bytes]:
    """The pages of an examined scan as JPEGs; raises :class:`BadScan` where they cannot be drawn."""
    command = [sys.executable, "-I", "-m", "center.casework.documents.preview_process", media]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_WALL_TIME_S, check=False, env={})
    except subprocess.TimeoutExpired as error:
        raise BadScan(N_("The scan takes too long to draw.")) from error
    pages = _pages(done.stdout) if done.returncode == 0 else []
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
