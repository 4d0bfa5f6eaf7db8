"""Re-scoring is measured: on the smallest size, and without looking at how fast it is."""

from __future__ import annotations

from pathlib import Path

from benchmarks import rescoring


def test_a_recording_is_scored_and_read(recording: Path) -> None:
    (figure,) = rescoring.measure([recording], rounds=1)
    assert figure.value > 0.0
    assert figure.target == "≥ 1.00"
