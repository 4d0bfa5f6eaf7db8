"""What every live source is: a thread that reads all the time, and tells what it read and what became of its link."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol, TypeAlias

from sensors.device import Chunk


class Link(Enum):
    """What a source tells of its link besides bytes."""

    UP = "up"
    LOST = "lost"


Sink: TypeAlias = Callable[[Chunk | Link], None]
"""Takes what a source delivers, from the source's own thread; must not block."""


class Source(Protocol):
    """A thread that reads all the time, so that the kernel's small buffers never run over while others work."""

    def start(self) -> None:
        """Begin to read."""

    def stop(self) -> None:
        """End the thread and wait for it."""
