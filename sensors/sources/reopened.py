"""The one loop of every live source: a thread that opens its line, reads it, and opens it again when it is lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, Generic, TypeVar

from sensors.sources.source import Link, Sink

_log = logging.getLogger(__name__)

POLL_S: Final = 0.2
"""How long a read may wait at most: so soon the thread sees that it is to stop."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 2.0

Line = TypeVar("Line")


class Reopened(Generic[Line]):
    """Tells the sink when the line is up, and once when it is lost; what is read, ``read_once`` tells it itself."""

    def __init__(
        self,
        name: str,
        open_line: Callable[[], AbstractContextManager[Line]],
        read_once: Callable[[Line], None],
        sink: Sink,
        *,
        lost_by: tuple[type[Exception], ...],
    ) -> None:
        """``read_once`` waits at most ``POLL_S``; ``lost_by`` are the errors that mean a line that cannot be read."""
        self._name = name
        self._open_line = open_line
        self._read_once = read_once
        self._sink = sink
        self._lost_by = lost_by
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        is_told = False
        while not self._stopping.is_set():
            try:
                with self._open_line() as line:
                    self._sink(Link.UP)
                    is_told = False
                    pause_s = _FIRST_PAUSE_S
                    while not self._stopping.is_set():
                        self._read_once(line)
            except self._lost_by as error:
                if not is_told:
                    _log.warning("%s is lost: %s", self._name, error)
                    self._sink(Link.LOST)
                    is_told = True
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
