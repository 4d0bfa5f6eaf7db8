"""The demo's own clock: eight bytes of a file that one process moves on and all others read.

On a machine that stalls, the twins of the hardware stop and the clock with them: what starves the test machine is no
silence of a sensor. Whoever moves the hand decides when time stands still (``simulators/pacing.py``).
"""

from __future__ import annotations

import mmap
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from messages.clock import TimeScale

_BYTES: Final = 8


def machine_clock(scale: TimeScale) -> Callable[[], int]:
    """What a scale is read with (ns): the machine's clock, or the steered one it names; ValueError if there is none."""
    return _reader(scale.clock_file) if scale.clock_file else time.time_ns


def lay_out(path: Path, time_ns: int) -> None:
    """Make a clock that stands at an instant."""
    path.write_bytes(bytes(_BYTES))
    Hand(path).move_to(time_ns)


class Hand:
    """Moves a clock; there is one for each."""

    def __init__(self, path: Path) -> None:
        """Raises OSError or ValueError if there is no clock."""
        with path.open("r+b") as file:
            # One aligned machine word: no reader ever sees half of a change.
            self._word = memoryview(mmap.mmap(file.fileno(), _BYTES)).cast("q")

    def move_to(self, time_ns: int) -> None:
        """Show this instant."""
        self._word[0] = time_ns


@lru_cache(maxsize=64)
def _reader(name: str) -> Callable[[], int]:
    try:
        with Path(name).open("rb") as file:
            word = memoryview(mmap.mmap(file.fileno(), _BYTES, access=mmap.ACCESS_READ)).cast("q")
    except (OSError, ValueError) as error:
        raise ValueError(f"clock file {name!r} cannot be read: {error}") from error
    return lambda: word[0]
