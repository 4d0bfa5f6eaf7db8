"""What runs beside the pages until it is stopped: one turn after another in a thread of its own."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod

_log = logging.getLogger(__name__)


class Worker(ABC):
    """A thread that takes turns. A turn that fails, however, is logged and taken again: no worker ends unseen."""

    def __init__(self, name: str, every_s: float, *, at_once: bool = False, finishes: bool = False) -> None:
        """``every_s``: between turns, unless a turn says otherwise; ``finishes``: takes one more when stopped."""
        self._name = name
        self._every_s = every_s
        self._at_once = at_once
        self._finishes = finishes
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, once the turn that is under way is done."""
        self._stopping.set()
        self._thread.join()

    @abstractmethod
    def turn(self) -> float | None:
        """Do what is due; how many seconds to wait for the next turn, None: as long as usual."""

    def _run(self) -> None:
        pause_s = 0.0 if self._at_once else self._every_s
        while not self._stopping.wait(pause_s):
            pause_s = self._take_turn()
        if self._finishes:
            self._take_turn()

    def _take_turn(self) -> float:
        try:
            pause_s = self.turn()
        except Exception:  # noqa: BLE001
            _log.exception("A turn of %s failed; what was due waits for the next.", self._name)
            return self._every_s
        return self._every_s if pause_s is None else pause_s
