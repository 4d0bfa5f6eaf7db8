"""Figures and their targets."""

from __future__ import annotations

import pytest

from benchmarks.figures import Figure, at_least, at_most, quantile, table


def test_a_figure_says_whether_its_target_is_met() -> None:
    assert at_least("ratio", 0.6, 0.5, "").verdict == "met"
    assert at_most("latency", 60.0, "ms", 50.0, "").verdict == "NOT MET"
    assert Figure("decode", 0.4, "µs").verdict == ""
    assert "| latency | 60.0 ms | ≤ 50 ms | NOT MET |  |" in table([at_most("latency", 60.0, "ms", 50.0, "")])


def test_a_quantile_is_a_value_that_was_seen() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([1.0, 2.0], 0.99) == 2.0
    with pytest.raises(ValueError, match="no values"):
        quantile([], 0.5)
