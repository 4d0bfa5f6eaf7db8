"""Expected findings held against seen ones: nothing is left out."""

from __future__ import annotations

import math

import pytest

from benchmarks.timing import Timing, figure, timing

_MS = 1_000_000


def test_each_finding_is_timed_from_when_it_could_be_made() -> None:
    found = timing({"a": 10 * _MS, "b": 20 * _MS}, {"a": 15 * _MS, "b": 50 * _MS})
    assert found.waits_ms == (5.0, 30.0)
    assert (found.missing, found.early, found.unexpected) == (0, 0, 0)
    assert found.p99_ms == 30.0


def test_what_never_came_is_counted_told_and_a_wait_without_end() -> None:
    found = timing({"a": 0, "b": 0, "c": 0}, {"a": 5 * _MS})
    assert found.missing == 2
    assert found.expected == 3
    assert found.p99_ms == math.inf
    assert "1 of 3 findings timed, median 5 ms; 2 never came" in found.note


def test_what_was_there_before_or_came_unexpectedly_is_told() -> None:
    found = timing({"a": 10 * _MS, "b": 10 * _MS}, {"a": 9 * _MS, "b": 11 * _MS, "c": 12 * _MS})
    assert found.waits_ms == (1.0,)
    assert found.note == (
        "1 of 2 findings timed, median 1 ms; 0 never came, 1 were there before they could be final, 1 came unexpectedly"
    )


def test_one_in_a_hundred_may_be_slower_than_the_figure() -> None:
    quick = Timing(tuple(float(one) for one in range(1, 200)))
    assert quick.p99_ms == 198.0
    assert figure("stored", quick, 198.0, "16 cars").verdict == "met"


def test_a_single_finding_that_never_came_among_few_misses_the_target() -> None:
    found = figure("stored", Timing((1.0, 2.0), missing=1), 50.0, "16 cars")
    assert found.verdict == "NOT MET"
    assert found.shown == "inf ms"
    assert found.note == "16 cars: 2 of 3 findings timed, median 2 ms; 1 never came"


def test_there_is_no_figure_of_nothing() -> None:
    with pytest.raises(RuntimeError, match="nothing was to be waited for"):
        figure("stored", Timing((), early=3), 50.0, "16 cars")
