"""The file of appeal times: one bad file for each mistake."""

from __future__ import annotations

import pytest

from center.casework.retention_file import load, parse
from center.errors import BadRuleData

GOOD = "pack: retention\nappeal:\n  - {from: 2021-07-01, days: 92, clause: c, source: recalled, provisional: true}\n"


def test_what_ships_is_read_and_says_that_it_is_only_recalled() -> None:
    assert all(one.provisional for one in load())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("pack: retention", "pack: fees", "retention.yaml:1: 'fees' is not allowed"),
        ("days: 92", "days: 0", "retention.yaml:3: 0 is not between 1 and"),
        ("days: 92", "months: 3", "retention.yaml:3: 'months' is not known here"),
        ("source: recalled, ", "", "retention.yaml:3: 'source' is missing"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, sentence: str) -> None:
    with pytest.raises(BadRuleData, match=sentence):
        parse(GOOD.replace(old, new).encode(), "retention.yaml")
