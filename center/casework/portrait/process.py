"""The process that measures a portrait: bytes in; the measures (their length, then JSON) and a fresh JPEG out."""

from __future__ import annotations

import sys
from typing import Final

import cv2
import msgspec
import numpy as np

from center.casework.confinement import give_up_rights
from center.casework.portrait.measuring import FaceFinder, Picture, measure

_LONGEST_SIDE: Final = 1200
_QUALITY: Final = 92


def main() -> None:
    """Measure what comes on standard input."""
    data = sys.stdin.buffer.read()
    finder = FaceFinder()
    give_up_rights()
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        raise SystemExit("the picture cannot be decoded")
    picture: Picture = decoded.astype(np.uint8, copy=False)
    measures = msgspec.json.encode(measure(picture, finder))
    scale = min(1.0, _LONGEST_SIDE / max(picture.shape[:2]))
    kept = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    done, jpeg = cv2.imencode(".jpg", kept, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise SystemExit("the picture cannot be encoded")
    sys.stdout.buffer.write(len(measures).to_bytes(4, "big") + measures + jpeg.tobytes())


if __name__ == "__main__":
    main()
