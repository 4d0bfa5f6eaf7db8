"""Why a scan or portrait is not taken, in words that can be translated, and what no picture's notes may hold."""

from __future__ import annotations

import re
from typing import Final

from center.errors import CenterError

MARKUP: Final = re.compile(
    rb"<\s*(script|svg|html|iframe|object|embed|img|!doctype\s+html|!entity|\?php)|javascript:|data:text/html",
    re.IGNORECASE,
)
"""What would do something if a browser or server took the file for another kind."""


class BadScan(CenterError):
    """A file that is not taken as a scan."""

    status = 415
