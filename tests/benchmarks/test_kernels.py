"""The parts of the way are measured, on the smallest size."""

from __future__ import annotations

from pathlib import Path

from benchmarks import kernels
from benchmarks.recordings import script_of


def test_every_part_has_a_price(recording: Path) -> None:
    figures = kernels.measure(recording, script_of(recording))
    assert all(figure.value > 0.0 for figure in figures)
    assert {"decode", "chain check", "smoothing"} <= {figure.name for figure in figures}
