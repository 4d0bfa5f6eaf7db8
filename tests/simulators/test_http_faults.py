"""Faults on demand: which request they spoil, how often, and what cannot be ordered."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.http_faults import BadFault, Faults


def test_a_fault_spoils_the_requests_it_names_as_often_as_it_says() -> None:
    faults = Faults()
    faults.order({"path": "/v1/tax", "kind": "error", "times": 2})
    assert faults.take("/v1/persons/query") is None
    assert [faults.take("/v1/tax/query") is not None for _ in range(3)] == [True, True, False]


def test_without_a_number_it_lasts_until_it_is_mended() -> None:
    faults = Faults()
    faults.order({"kind": "hang"})
    assert all(faults.take("/anything") for _ in range(5))
    assert not faults.mended.is_set()
    faults.mend()
    assert faults.take("/anything") is None
    assert faults.mended.is_set()
    assert faults.as_fields() == []


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, "'None' is no fault; there are delay, hang"),
        ({"kind": "fire"}, "'fire' is no fault"),
        ({"kind": "error", "when": "sometimes"}, "neither before nor after"),
        ({"kind": "delay", "seconds": -1}, "-1 is not between"),
        ({"kind": "delay", "seconds": "long"}, "'long' is not between"),
        ({"kind": "error", "times": 0}, "0 is no number of times"),
        ({"kind": "error", "colour": "red"}, "colour: not known here"),
    ],
)
def test_what_cannot_be_ordered_is_named(told: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadFault, match=sentence):
        Faults().order(told)
