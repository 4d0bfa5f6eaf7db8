"""How often one address may try: a moving window, counted in this process's memory and nowhere else."""

from __future__ import annotations

import os
from hashlib import blake2b
from math import ceil
from time import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from center.errors import N_, TooOften


class Attempts:
    """A limit such as ``10/5minutes`` for each address; each process of the centre counts for itself."""

    def __init__(self, limit: str) -> None:
        self._limit = parse(limit)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._salt = os.urandom(16)

    def count(self, address: str) -> None:
        """Count one try; raises :class:`TooOften` once there were too many."""
        name = self._name(address)
        if not self._limiter.hit(self._limit, name):
            wait_s = max(1, ceil(self._limiter.get_window_stats(self._limit, name).reset_time - time()))
            raise TooOften(
                N_("There were too many tries from here; try again in %(wait_s)s seconds."), wait_s, wait_s=wait_s
            )

    def _name(self, address: str) -> str:
        """No address lies in memory as it is."""
        return blake2b(address.encode(errors="replace"), key=self._salt, digest_size=16).hexdigest()
