"""Scoring a recording again, against the plain time-ordered read of it by the ``mcap`` library."""

from __future__ import annotations

import time
from pathlib import Path

from mcap.reader import make_reader

from benchmarks.figures import Figure, at_least
from center.driving_track.rescore import score_file


def measure(paths: list[Path], rounds: int) -> list[Figure]:
    """The best of some rounds of each, in turn, over all recordings."""
    reads, scores = [], []
    count = 0
    for _ in range(rounds):
        began = time.process_time()
        count = sum(_read(path) for path in paths)
        middle = time.process_time()
        for path in paths:
            score_file(path)
        reads.append(middle - began)
        scores.append(time.process_time() - middle)
    read_us, score_us = min(reads) / count * 1e6, min(scores) / count * 1e6
    note = f"{score_us:.1f} µs a message against {read_us:.1f}, {count:,} messages, best of {rounds}"
    return [at_least("re-scoring against mcap’s time-ordered read", read_us / score_us, 1.0, note)]


def _read(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in make_reader(file).iter_messages(log_time_order=True))
