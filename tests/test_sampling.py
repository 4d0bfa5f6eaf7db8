"""A sample is the same in every process, keeps the order and never exceeds the range."""

from __future__ import annotations

import pytest

from tests import sampling


@pytest.fixture(autouse=True)
def _own_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "_drawn", {})
    monkeypatch.setattr(sampling, "SOAK", False)


def test_the_same_name_draws_the_same_sample_in_order() -> None:
    first = sampling.sample(range(1000), 10, name="moments")
    assert len(first) == 10
    assert first == sorted(first)
    assert first == sampling.sample(range(1000), 10, name="moments")
    assert first != sampling.sample(range(1000), 10, name="others")


def test_a_short_range_and_a_soak_run_are_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sampling.sample("abc", 5, name="letters") == ["a", "b", "c"]
    monkeypatch.setattr(sampling, "SOAK", True)
    assert sampling.sample(range(100), 5, name="numbers") == list(range(100))
