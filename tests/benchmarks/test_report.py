"""The page of the documentation that the benchmarks write."""

from __future__ import annotations

from pathlib import Path

from benchmarks import report
from benchmarks.figures import Figure, at_least


def test_a_page_holds_what_was_measured_and_on_what(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    report.write(path, [at_least("speed", 0.4, 0.5, "a note")], [Figure("decode", 0.4, "µs")], "python -m benchmarks")
    text = path.read_text("utf-8")
    assert "| speed | 0.40 × | ≥ 0.50 | NOT MET | a note |" in text
    assert "| decode | 0.40 µs |" in text
    assert "- Python 3." in text
    assert "cores" in text
