"""The page of the documentation that the benchmarks write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from benchmarks import report
from benchmarks.figures import Figure, at_least


def test_a_page_holds_what_was_measured_and_on_what(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    run = report.Run("python -m benchmarks", "abc1234", datetime(2026, 4, 14, 9, tzinfo=UTC), 0.25)
    targets = [at_least("speed", 0.4, 0.5, "a note")]
    report.write(path, run, targets, [Figure("decode", 0.4, "µs")], {"live": 61.2, "kernels": 9.0})
    text = path.read_text("utf-8")
    assert "| speed | 0.40 × | ≥ 0.50 | NOT MET | a note |" in text
    assert "| decode | 0.40 µs |" in text
    assert "- commit: abc1234\n- date: 2026-04-14 09:00 UTC\n" in text
    assert "load average before measuring 0.2" in text
    assert "- took: live 61 s, kernels 9 s" in text
    assert "- Python 3." in text
    assert "cores" in text
